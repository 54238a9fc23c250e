"""How fast calmcast is, side by side in one run.

- the whole psoas release at 10 minutes from an empty store, in `plain` and in `calm`, against the plain pipeline
  `espeak-ng -m --stdout | lame -b 96` on the same text and pauses
- the same with every line in the store, and at a second length
- with a bed, mono and stereo, against ffmpeg mixing the same voice and bed from two WAV files and encoding alike
- `calmcast --help` against an empty click program

Needs espeak-ng, lame and ffmpeg (Debian's packages) for the pipelines; what is not there is left out.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

ROUNDS = 3
CALMCAST = (sys.executable, "-m", "calmcast")
EMPTY = "import click\n@click.group()\ndef cli(): pass\n@cli.command()\ndef a(): pass\ncli()"


def run(*command: str, store: Path, folder: Path) -> bytes:
    env = os.environ | {"CALMCAST_STORE": str(store)}
    return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True).stdout


def pipeline_text(folder: Path) -> str:
    """Return the words and silences of the plan as SSML for espeak-ng."""
    plan = json.loads(
        run(
            *CALMCAST,
            "plan",
            "psoas-release",
            "-l",
            "10",
            "-v",
            "plain",
            "--json",
            store=folder / "warm",
            folder=folder,
        )
    )
    parts = ["<speak>"]
    for event in plan["events"]:
        silence = f'<break time="{round(1000 * (event["end_s"] - event["start_s"]))}ms"/>'
        parts.append(escape(event["text"]) if event["kind"] == "line" else silence)
    return "\n".join([*parts, "</speak>"])


def plain_pipeline(ssml: Path, folder: Path) -> Callable[[], None]:
    command = f"espeak-ng -m --stdout -v en-us -f {ssml} | lame --quiet -b 96 - {folder}/plain.mp3"
    return lambda: subprocess.run(command, shell=True, check=True, capture_output=True) and None


def ffmpeg_mix(folder: Path, channels: int) -> Callable[[], None]:
    """Return ffmpeg's mix of the psoas release without a bed and ten minutes of rain, as loud as calmcast makes it."""
    voice, bed = folder / "voice.wav", folder / f"bed{channels}.wav"
    if not voice.exists():
        part = ("--bed", "none", "-l", "10", "--for", "10 min", "--no-play", "-o", str(voice))
        run(*CALMCAST, "preview", "psoas-release", *part, store=folder / "warm", folder=folder)
    sound = ("--for", "10 min", ("--mono", "--stereo")[channels - 1], "--quiet", "-o", str(bed))
    run(*CALMCAST, "sounds", "try", "rain", *sound, store=folder / "warm", folder=folder)
    layout, rate = ("mono", "96k") if channels == 1 else ("stereo", "128k")
    graph = f"[0]aformat=channel_layouts={layout}[a];[a][1]amix=inputs=2:normalize=0"
    command = ["ffmpeg", "-v", "error", "-y", "-i", voice, "-i", bed, "-filter_complex", graph]
    command += ["-c:a", "libmp3lame", "-b:a", rate, folder / "ffmpeg.mp3"]
    return lambda: subprocess.run([str(part) for part in command], check=True, capture_output=True) and None


def cases(folder: Path) -> dict[str, Callable[[], None]]:
    def render(voice: str, length: str, *more: str, warm: bool) -> Callable[[], None]:
        def go() -> None:
            store = folder / "warm" if warm else folder / "cold"
            if not warm:
                shutil.rmtree(store, ignore_errors=True)
            run(*CALMCAST, "render", "psoas-release", "-v", voice, "-l", length, *more, store=store, folder=folder)

        return go

    found: dict[str, Callable[[], None]] = {}
    if shutil.which("espeak-ng") and shutil.which("lame"):
        ssml = folder / "plain.ssml"
        ssml.write_text(pipeline_text(folder), encoding="utf-8")
        found["espeak-ng -m | lame -b 96, 10 min"] = plain_pipeline(ssml, folder)
    found["render --voice plain, 10 min, empty store"] = render("plain", "10", warm=False)
    found["render --voice calm, 10 min, empty store"] = render("calm", "10", warm=False)
    found["render --voice calm, 10 min, spoken before"] = render("calm", "10", warm=True)
    found["render --voice calm, 60 min, spoken before"] = render("calm", "60", warm=True)
    for channels, flag in ((1, "--mono"), (2, "--stereo")):
        if shutil.which("ffmpeg"):
            found[f"ffmpeg amix, libmp3lame, 10 min {flag}"] = ffmpeg_mix(folder, channels)
        found[f"render --bed rain {flag}, 10 min, spoken before"] = render(
            "calm", "10", "--bed", "rain", flag, warm=True
        )
    found["an empty click program --help"] = lambda: (
        run(sys.executable, "-c", EMPTY, "--help", store=folder, folder=folder) and None
    )
    found["calmcast --help"] = lambda: run(*CALMCAST, "--help", store=folder, folder=folder) and None
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(*CALMCAST, "plan", "psoas-release", store=folder / "warm", folder=folder)
        timed: dict[str, list[float]] = {}
        every = cases(folder)
        for _ in range(ROUNDS):
            for what, go in every.items():
                began = time.perf_counter()
                go()
                timed.setdefault(what, []).append(time.perf_counter() - began)
        for what, times in timed.items():
            print(f"{min(times):8.2f} s  {what}")


if __name__ == "__main__":
    main()
