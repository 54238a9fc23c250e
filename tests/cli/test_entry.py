"""A command run again: answered where all is as it was, run where anything is not."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time_ns
from types import ModuleType

import numpy as np
import pytest

import calmcast
from calmcast.cli import entry, output
from calmcast.cli import main as cli
from calmcast.cli.output import there_already
from calmcast.publish.tagged import Digests
from calmcast.track import render, stamp
from calmcast.track.render import Planned
from calmcast.workspace.workspace import Workspace
from tests.conftest import Calmcast
from tests.soundfiles import write_pcm

SHORT = """\
title: Short
allow: {missing-exit: only for tests, missing-notice: only for tests}
segments:
  - settle
  - title: Two
    steps: [bell: soft, Rest now., rest: 20s]
"""
CLASS = "title: Tuesday\ntracks:\n  - {script: short, lengths: [1 min, 2 min]}\nfor: {Mara: {voice: plain}}\n"
RENDER = ("render", "short", "--length", "1 min")
TRACK = Path("output/short_1min.mp3")


@dataclass(frozen=True, slots=True)
class Again:
    """What a run of calmcast left behind, and whether it was answered by a stamp."""

    code: int
    out: str
    err: str
    answered: bool


Run = Callable[..., Again]


@pytest.fixture
def short(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script of a workspace whose user has kept nothing yet."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    path = workspace / "scripts" / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture
def run(short: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run calmcast in this process, by its way in."""
    ran = list[bool]()
    whole = cli.main

    def counted(arguments: list[str]) -> None:
        ran.append(True)
        whole(arguments)

    monkeypatch.setattr(cli, "main", counted)

    def run(*arguments: str | Path) -> Again:
        capsys.readouterr()
        ran.clear()
        output._said.clear()
        monkeypatch.setattr(output, "repeated", None)
        monkeypatch.setattr(sys, "argv", ["calmcast", *map(str, arguments)])
        code = entry.run()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Again(code, captured.out, captured.err, not ran)

    return run


def forget() -> None:
    shutil.rmtree(stamp.folder())


@pytest.fixture
def tuesday(short: Path) -> None:
    short.parent.joinpath("classes").mkdir()
    short.parent.joinpath("classes", "tuesday.yaml").write_text(CLASS, encoding="utf-8")


COMMANDS = [
    RENDER,
    ("render", "short", "--length", "1 min,2 min", "--json"),
    ("render", "short", "--length", "1 min", "--for", "youtube"),
    ("render", "short", "--length", "1 min", "--format", "flac"),
    ("exit", "short"),
    ("plan", "short", "--length", "1 min"),
    ("plan", "short", "--length", "1 min", "--json"),
    ("plan", "short", "--length", "1 min", "--svg", "short.svg"),
    ("plan", "tuesday"),
    ("check", "short"),
    ("check", "short", "--length", "1 min"),
    ("check", "faulty"),
    ("check", "--json"),
    ("playlist", "tuesday"),
    ("playlist", "tuesday", "--zip", "--prune"),
    ("playlist", "tuesday", "--json"),
]


@pytest.mark.usefixtures("tuesday")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_is_answered_is_what_a_second_run_says(run: Run, short: Path, command: tuple[str, ...]) -> None:
    short.with_name("faulty.yaml").write_text(SHORT.replace("Rest now.", "You must rest."), encoding="utf-8")
    short.with_name("short.yaml").write_text(SHORT.replace("[bell", "[{say: Go., role: exit}, bell"), encoding="utf-8")
    first = run(*command)
    answer = run(*command)
    assert (first.answered, answer.answered) == (False, True)
    forget()
    second = run(*command)
    assert not second.answered
    assert (answer.code, answer.out) == (second.code, second.out)
    told = f"nothing has changed: {there_already(1)}\n" if command[0] in ("render", "exit") else ""
    assert answer.err == ("" if "--json" in command else told) + second.err


def test_json_is_of_the_same_shape(run: Run) -> None:
    first, again = (json.loads(run(*RENDER, "--json").out) for _ in range(2))
    counts = [(track.pop("spoken"), track.pop("from_store")) for each in (first, again) for track in each["tracks"]]
    assert counts[1] == (0, sum(counts[0]))
    assert [track.pop("there_already") for each in (first, again) for track in each["tracks"]] == [False, True]
    assert first == again


def changed(old: str, new: str) -> Callable[[Path], None]:
    """Return what edits the script, and leaves its size and its time as they were."""

    def edit(script: Path) -> None:
        before, text = script.stat(), script.read_text(encoding="utf-8")
        script.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(script, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = script.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)

    return edit


def written(name: str, text: str) -> Callable[[Path], None]:
    """Return what writes a file of the workspace."""

    def write(script: Path) -> None:
        path = script.parents[1] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


def spoilt(name: str, spoil: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return what does something to a file beside the track."""
    return lambda script: spoil(script.parents[1] / TRACK.with_suffix(name))


def edited(path: Path) -> None:
    before, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    path.unlink()
    path.mkdir()


SETTLE = "title: Settle\nsteps: [Lie down.]\n"
USER = "../.config/calmcast/settings.yaml"
CHANGES = {
    "a word": changed("Rest", "Lie,"),
    "a script that wins": written("scripts/short.yml", SHORT),
    "a segment that wins": written("scripts/segments/settle.yaml", SETTLE),
    "a segment that wins by another ending": written("scripts/segments/settle.yml", SETTLE),
    "a voice": written("voices/calm.yaml", "about: Another.\nprefer: [{engine: tone, rate: 90}]\n"),
    "a voice that wins": written("voices/calm.yml", "prefer: [{engine: tone}]\n"),
    "a lexicon": written("voices/lexicon/en.yaml", "words: [{word: rest, say: rast}]\n"),
    "settings": written("calmcast.yaml", "name: Ada\n"),
    "settings by another ending": written("calmcast.yml", "name: Ada\n"),
    "the user's settings": written(USER, "store: ~/elsewhere\n"),
    "faulty settings": written(USER, "store: [\n"),
    "no track": spoilt(".mp3", Path.unlink),
    "a track cut short": spoilt(".mp3", lambda path: os.truncate(path, 1_000)),
    "a track with another byte": spoilt(".mp3", edited),
    "no captions": spoilt(".vtt", Path.unlink),
    "captions with another byte": spoilt(".vtt", edited),
    "no manifest": spoilt(".json", Path.unlink),
    "an empty manifest": spoilt(".json", lambda path: os.truncate(path, 0)),
    "no lyrics": spoilt(".lrc", Path.unlink),
    "a folder in place of lyrics": spoilt(".lrc", replaced),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_noticed(run: Run, short: Path, change: Callable[[Path], object]) -> None:
    assert not run(*RENDER).answered
    assert run(*RENDER).answered
    change(short)
    assert not run(*RENDER).answered


def test_what_was_noticed_is_made_right(run: Run, short: Path) -> None:
    run(*RENDER)
    before = TRACK.read_bytes()
    edited(TRACK)
    assert "nothing has changed" not in run(*RENDER).err
    assert TRACK.read_bytes() == before
    changed("Rest", "Lie,")(short)
    run(*RENDER)
    assert TRACK.read_bytes() != before
    assert run(*RENDER).answered


def test_what_is_removed_is_noticed(run: Run, short: Path) -> None:
    written("scripts/segments/settle.yaml", SETTLE)(short)
    run(*RENDER)
    assert run(*RENDER).answered
    short.with_name("segments").joinpath("settle.yaml").unlink()
    assert not run(*RENDER).answered
    shutil.rmtree("output")
    assert not run(*RENDER).answered


@pytest.mark.parametrize("days", [-400, 400])
def test_another_time_of_the_same_is_none(run: Run, short: Path, days: int) -> None:
    run(*RENDER)
    for path in (short, TRACK, TRACK.with_suffix(".json"), Path("voices/calm.yaml")):
        time = path.stat().st_mtime_ns + days * 86_400 * 10**9
        os.utime(path, ns=(time, time))
    assert run(*RENDER).answered


def test_where_the_clock_was_set_back_all_is_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "time_ns", lambda: 10**9)  # code is younger than that, and may be changing
    assert [run(*RENDER).answered for _ in range(3)] == [False] * 3


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("command", [RENDER, ("playlist", "tuesday")], ids=["render", "playlist"])
def test_what_others_changed_while_it_was_being_made_is_made_anew(
    run: Run, tuesday: None, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """As a program may that keeps folders in step, or edits tags."""
    whole, spoiled = render.write_beside, list[Path]()

    def spoiling(workspace: Workspace, track: Planned, path: Path, digests: Digests) -> None:
        whole(workspace, track, path, digests)
        if not spoiled:
            spoiled.append(path)
            program = "import os, sys; os.truncate(sys.argv[1], 5_000)"
            subprocess.run([sys.executable, "-c", program, str(path)], check=True)

    with monkeypatch.context() as while_making:
        while_making.setattr(render, "write_beside", spoiling)
        assert run(*command).code == 0
    assert spoiled[0].stat().st_size == 5_000
    again = run(*command)
    assert (again.code, again.answered) == (0, False)
    assert spoiled[0].stat().st_size > 5_000
    assert run(*command).answered


def test_what_a_clock_that_was_ahead_has_left_is_no_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as ahead:
        ahead.setattr(entry, "time_ns", lambda: time_ns() + 70 * 86_400 * 10**9)
        run(*RENDER)
    assert not run(*RENDER).answered
    assert run(*RENDER).answered


@pytest.mark.usefixtures("short")
def test_what_is_allowed_is_noticed(run: Run, calmcast: Calmcast, workspace: Path) -> None:
    program = workspace / "say.py"
    program.write_bytes((Path(__file__).parents[1] / "speech" / "engines" / "a_program.py").read_bytes())
    told = json.dumps([sys.executable, "say.py", "--out", "{file}"])
    engines = f"prefer:\n- {{engine: command, run: {told}}}\n- {{engine: tone}}\n"
    (workspace / "voices" / "calm.yaml").write_text(engines, encoding="utf-8")

    def speaker() -> str:
        first, second = run("plan", "short", "--length", "1 min"), run("plan", "short", "--length", "1 min")
        assert (first.answered, second.answered) == (False, True)
        assert (first.out, first.err) == (second.out, second.err)
        return "program" if "calm: command" in second.out else "tone"

    assert speaker() == "tone"
    calmcast("voices", "allow", "calm")
    assert speaker() == "program"
    program.write_bytes(program.read_bytes() + b"#")
    assert speaker() == "tone"
    calmcast("voices", "allow", "calm")
    assert speaker() == "program"
    calmcast("voices", "forbid", "calm")
    assert speaker() == "tone"


@pytest.mark.parametrize("when", ["again", "keep"])
def test_a_command_is_stopped_while_it_looks_or_notes_what_was_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(stamp, when, lambda *_: signal.raise_signal(signal.SIGINT))
        stopped = run(*RENDER)
    assert (stopped.code, stopped.err.splitlines()[-1][:8]) == (130, "Stopped.")
    assert TRACK.exists() == (when == "keep")
    assert not run(*RENDER).code


@pytest.mark.parametrize(
    "other",
    [
        ("render", "short", "--length", "2 min"),
        (*RENDER, "--json"),
        (*RENDER, "--quality", "small"),
        (*RENDER, "--voice", "plain"),
        (*RENDER, "--output", "elsewhere"),
        ("--workspace", ".", *RENDER),
    ],
    ids=" ".join,
)
def test_another_command_is_another(run: Run, other: tuple[str, ...]) -> None:
    run(*RENDER)
    assert not run(*other).answered
    assert run(*other).answered
    # Where both make the same file in different ways, the one before finds it changed.
    same_file = "--quality" in other or "--voice" in other
    assert run(*RENDER).answered is not same_file


def test_another_folder_is_another(run: Run, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*RENDER)
    monkeypatch.chdir(short.parent)
    assert not run(*RENDER).answered


@pytest.mark.parametrize(
    ("name", "value"), [("CALMCAST_STORE", "elsewhere"), ("NO_COLOR", "1"), ("LANG", "de_DE"), ("PATH", os.defpath)]
)
def test_other_surroundings_are_others(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    run(*RENDER)
    assert run(*RENDER).answered
    monkeypatch.setenv("EDITOR", "another")
    assert run(*RENDER).answered
    monkeypatch.setenv(name, value)
    assert not run(*RENDER).answered


READ = re.compile(r"environ(?:\.get\(|\[)\s*\"?(\w+)|envvar=\"(\w+)\"|_VARIABLE = \"(\w+)\"")
ELSEWHERE = {
    "CI": "whether a preview is played",
    "PULSE_SERVER": "whether a preview is played",
    "PIPEWIRE_REMOTE": "whether a preview is played",
    "ORT_DISABLE_TELEMETRY": "whom onnxruntime tells of its uses: set, not asked for",
    "PLACE": "the name of CALMCAST_STORE",
    "FOLDER_VARIABLE": "the name of CALMCAST_MODELS",
}


def test_every_variable_that_is_asked_for_is_among_the_surroundings() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(calmcast.__file__).parent.rglob("*.py")]
    asked = {next(filter(None, found)) for text in texts for found in READ.findall(text)}
    assert {"CALMCAST_WORKSPACE", "CALMCAST_PLAYER", "NO_COLOR", *ELSEWHERE} <= asked
    known = {name for name in asked if name in stamp._VARIABLES or name.startswith(stamp._PREFIXES)}
    assert asked - known - ELSEWHERE.keys() == set()


def test_a_voice_that_was_added_is_noticed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    profile = "prefer: [{engine: piper, language: de}, {engine: tone}]\n"
    Path("voices/calm.yaml").write_text(profile, encoding="utf-8")
    run(*RENDER)
    assert run(*RENDER).answered
    added = tmp_path / "models" / "piper-de"
    added.mkdir(parents=True)
    assert not run(*RENDER).answered
    assert run(*RENDER).answered
    note = {"name": "piper-de", "kind": "matcha", "language": "de", "licence": "CC0", "digest": "0" * 64}
    (added / "calmcast-model.json").write_text(json.dumps(note), encoding="utf-8")
    assert not run(*RENDER).answered


def test_a_package_that_was_installed_is_noticed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "packages"
    (packages / "soft_bells-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(packages))
    run(*RENDER)
    assert run(*RENDER).answered
    (packages / "soft_bells-1.0.dist-info").rename(packages / "soft_bells-1.1.dist-info")
    assert not run(*RENDER).answered
    assert run(*RENDER).answered
    (packages / "natural_voice-1.0.dist-info").mkdir()
    assert not run(*RENDER).answered


def test_other_code_is_noticed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "soft_bells.py"
    code.write_text("ROUND = 1\n", encoding="utf-8")
    os.utime(code, (0, 0))
    module = ModuleType("soft_bells")
    module.__file__ = str(code)
    monkeypatch.setitem(sys.modules, "soft_bells", module)
    run(*RENDER)
    assert run(*RENDER).answered
    code.write_text("ROUND = 12\n", encoding="utf-8")
    os.utime(code, (0, 0))
    assert not run(*RENDER).answered


@pytest.mark.long
def test_another_calmcast_is_noticed(short: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(Path(calmcast.__file__).parent, copy / "calmcast")
    for folder in ("scripts", "voices"):
        shutil.copytree(Path(calmcast.__file__).parents[2] / folder, copy / "calmcast" / "shipped" / folder)
    env = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    for path in (copy / "calmcast").rglob("*.py"):
        os.utime(path, (0, 0))

    def answered() -> bool:
        done = subprocess.run([sys.executable, "-m", "calmcast", *RENDER], capture_output=True, check=True, env=env)
        return b"nothing has changed" in done.stderr

    assert [answered(), answered()] == [False, True]
    units = copy / "calmcast" / "units.py"
    units.write_text(units.read_text(encoding="utf-8") + "# another\n", encoding="utf-8")
    os.utime(units, (0, 0))
    assert [answered(), answered()] == [False, True]
    settle = copy / "calmcast" / "shipped" / "scripts" / "segments" / "settle.yaml"
    settle.write_text(SETTLE, encoding="utf-8")
    assert [answered(), answered()] == [False, True]
    assert short.is_file()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("short", "shirt", 1),
        lambda text: resealed("[]"),
        lambda text: resealed('{"code": 0, "said": 3}'),
        lambda text: resealed('{"code": 0, "said": [[false, "all is well"]]}'),
        lambda text: resealed(text.partition("\n")[2].replace('"code": 0', '"code": "none"')),
        lambda text: resealed(text.partition("\n")[2].replace('"folders": {', '"folders": [{', 1)),
    ],
)
def test_a_damaged_stamp_is_none(run: Run, damage: Callable[[str], str]) -> None:
    run(*RENDER)
    (path,) = Path(stamp.folder()).iterdir()
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    again = run(*RENDER)
    assert (again.code, again.answered) == (0, False)
    assert run(*RENDER).answered


def resealed(body: str) -> str:
    return f"{sha256(body.encode()).hexdigest()}\n{body}"


def test_where_stamps_cannot_be_kept_all_is_done(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("no folder", encoding="utf-8")
    for _ in range(2):
        again = run(*RENDER)
        assert (again.code, again.answered) == (0, False)
        assert "short_1min.mp3" in again.out


def test_a_command_that_fails_is_not_answered(run: Run, short: Path) -> None:
    short.write_text(SHORT + "more: no\n", encoding="utf-8")
    assert [(each.code, each.answered) for each in (run(*RENDER), run(*RENDER))] == [(2, False)] * 2
    assert [run("render", "shirt").answered for _ in range(2)] == [False] * 2


def test_what_changes_while_it_is_made_is_noticed(run: Run, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from calmcast.track import render

    write = render.write_audio

    def slow(*given: object, **more: object) -> Digests:
        changed("Rest", "Lie,")(short)
        return write(*given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as during:
        during.setattr(render, "write_audio", slow)
        run(*RENDER)
    assert "Rest now." in TRACK.with_suffix(".vtt").read_text(encoding="utf-8")
    assert not run(*RENDER).answered
    assert "Rest now." not in TRACK.with_suffix(".vtt").read_text(encoding="utf-8")


def test_two_at_once_leave_one_good_stamp(short: Path, calmcast_process: Calmcast) -> None:
    codes = list[int]()

    def one() -> None:
        codes.append(calmcast_process(*RENDER).code)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0]
    assert len([*Path(stamp.folder()).iterdir()]) == 1
    assert "nothing has changed" in calmcast_process(*RENDER).err
    assert short.is_file()


def test_few_stamps_are_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp, "_MOST", 3)
    for seconds in range(40, 48):
        run("plan", "short", "--length", f"{seconds}s")
    assert 0 < len([*Path(stamp.folder()).iterdir()]) <= 4
    assert run("plan", "short", "--length", "47s").answered


def test_stamps_lie_where_the_user_s_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from platformdirs import user_cache_path

    for value in ("", str(tmp_path / "cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert Path(stamp.folder()) == user_cache_path("calmcast", appauthor=False) / "stamps"


PROBES = """
import json, os, sys
asked = set()
def told(name):
    real = getattr(os, name)
    def asking(path, *more, **other):
        if isinstance(path, (str, bytes, os.PathLike)):
            asked.add(os.path.abspath(os.fsdecode(path)))
        return real(path, *more, **other)
    setattr(os, name, asking)
for name in ("stat", "access", "readlink", "listdir", "scandir"):
    told(name)
sys.argv = ["calmcast", *sys.argv[1:]]
from calmcast.cli.entry import run
try:
    run()
finally:
    print(json.dumps(sorted(asked)), file=sys.stderr)
"""


@pytest.mark.parametrize("command", [RENDER, ("check",), ("playlist", "tuesday")], ids=" ".join)
@pytest.mark.usefixtures("tuesday")
def test_nothing_is_asked_for_that_a_stamp_does_not_have(short: Path, command: tuple[str, ...]) -> None:
    """Python does not tell when it is asked whether a file is there: every place that asks has to."""
    noise = np.random.default_rng(1).normal(0, 3_000, 44_100 * 2).astype(np.int16)
    write_pcm(short.parents[1] / "gong.wav", noise[:22_050])
    write_pcm(short.parents[1] / "sea.wav", noise)
    sounding = SHORT.replace("bell: soft", "{bell: {file: gong.wav}}") + "bed: {file: sea.wav}\n"
    short.with_name("base.yaml").write_text(sounding, encoding="utf-8")
    short.write_text("extends: base\ntitle: Short\n", encoding="utf-8")
    profile = "prefer: [{engine: piper}, {engine: pico}, {engine: flite}, {engine: espeak}, {engine: tone}]\n"
    Path("voices/calm.yaml").write_text("recordings: mine\nfallback: plain\n", encoding="utf-8")
    Path("voices/other.yaml").write_text(profile, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", PROBES, *command], capture_output=True, check=True)
    asked = {Path(path) for path in json.loads(done.stderr.decode().splitlines()[-1])}
    assert short.with_name("base.yaml") in asked
    (path,) = Path(stamp.folder()).iterdir()
    kept = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
    known = {Path(each) for kind in ("files", "folders", "looked", "code_files") for each in kept[kind]}
    listed = {Path(each) for each in kept["folders"]}
    apart = [Path(each) for each in (os.environ["CALMCAST_STORE"], stamp.folder(), sys.prefix, sys.base_prefix)]
    apart += [Path(calmcast.__file__).parent, Path("/proc"), Path("/dev")]
    unknown = {
        each
        for each in asked - known
        if each.parent not in listed and not any(each.is_relative_to(place) for place in apart)
    }
    above = {parent for each in (*known, *apart) for parent in each.parents}  # on the way to what is looked for
    unasked = {each for each in unknown if each.name in ("avconv", "ffmpeg")}  # by pydub, and never run
    assert unknown - above - unasked == set()
