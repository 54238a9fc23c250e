"""What calmcast is held against: plain tools that make the same words, silences and sounds."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from calmcast.publish.manifest import read_manifest
from calmcast.speech.models.bundled import bundled
from tools.bench.measure import CORES, Taken, timed
from tools.bench.scene import Lab, Scene, after

Peer = Callable[[Lab], Taken]

EMPTY = "import click\n@click.group()\ndef cli(): pass\n@cli.command()\ndef a(): pass\ncli()"
"""A click program that does nothing."""


def plain_pipelines(tracks: Iterable[tuple[str, int]]) -> Peer:
    """Return espeak-ng reading the plan of each script and its minutes to lame, one track after the other."""

    def go(lab: Lab) -> Taken:
        texts = [_text(lab, script, minutes).name for script, minutes in tracks]
        commands = [f"espeak-ng -m --stdout -v en-us -f {text} | lame --quiet -b 96 - plain.mp3" for text in texts]
        return timed(lambda: [_shell(command, lab.folder) for command in commands])

    return go


def piper_alone(command: str, track: str) -> Peer:
    """Return Piper speaking the lines of a track that `command` makes, each once: on every core one process.

    `track`: its file's name without an ending. The voice is as slow as calmcast has it.
    """

    def go(lab: Lab) -> Taken:
        scene, model = after(command)(lab), bundled()
        if model is None:
            raise FileNotFoundError("the voice joe")
        made = read_manifest(scene.desk / "output" / f"{track}.json")
        (voice,) = made.voices.values()
        texts = scene.folder / "texts.json"
        texts.write_text(json.dumps([*dict.fromkeys(line.text for line in made.lines)]), encoding="utf-8")
        slower = 100 / int(voice.settings["speed"])
        alone = sys.executable, str(Path(__file__).with_name("piper_alone.py"))
        given = *alone, *map(str, (model.weights, model.notes, texts, slower, CORES))
        return timed(lambda: _side_by_side([[*given, str(share)] for share in range(CORES)], scene))

    return go


def ffmpeg_over_rain(script: str) -> Peer:
    """Return ffmpeg mixing ten minutes of a script, as calmcast speaks it, with ten of rain, and encoding that."""
    spoken = f"preview {script} --bed none -l 10 --for 10min --no-play -o voice.wav"
    rain = "sounds try rain --for 10min --mono --quiet -o rain.wav"
    graph = "[0]aformat=channel_layouts=mono[a];[a][1]amix=inputs=2:normalize=0"
    mix = f"ffmpeg -v error -y -i voice.wav -i rain.wav -filter_complex '{graph}' -c:a libmp3lame -b:a 96k mixed.mp3"

    def go(lab: Lab) -> Taken:
        scene = after(spoken, rain)(lab)
        return timed(lambda: _shell(mix, scene.desk))

    return go


def empty_program(lab: Lab) -> Taken:
    """Return what an empty click program takes to say how it is used."""
    program, surroundings = [sys.executable, "-c", EMPTY, "--help"], after("doctor")(lab).environment
    return timed(lambda: subprocess.run(program, env=surroundings, check=True, capture_output=True))


def _text(lab: Lab, script: str, minutes: int) -> Path:
    """Return a file with the words and silences of a plan, as SSML for espeak-ng."""
    path = lab.folder / f"{script}-{minutes}.ssml"
    if not path.exists():
        command = f"plan {script} -l {minutes} -v plain --json"
        plan = json.loads(after(command)(lab).run(command))
        path.write_text("\n".join(["<speak>", *map(_ssml, plan["events"]), "</speak>"]), encoding="utf-8")
    return path


def _ssml(event: dict[str, object]) -> str:
    if event["kind"] == "line":
        return escape(str(event["text"]))
    return f'<break time="{round(1000 * (float(str(event["end_s"])) - float(str(event["start_s"]))))}ms"/>'


def _shell(command: str, folder: Path) -> bytes:
    return subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True).stdout


def _side_by_side(commands: list[list[str]], scene: Scene) -> None:
    # Calmcast has onnxruntime tell nobody of its use, which takes time.
    surroundings = scene.environment | {"ORT_DISABLE_TELEMETRY": "1"}
    running = [subprocess.Popen(command, env=surroundings) for command in commands]
    for process in running:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)
