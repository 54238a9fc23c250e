"""A folder from a stranger who means harm: whatever is done in it, nothing of it runs or reaches out of it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.cli.failure import BUG
from calmcast.cli.main import _COMMANDS, cli
from tests.conftest import Calmcast
from tests.soundfiles import write_pcm
from tests.speech.speaking import no_home_but

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and programs are made as on POSIX")

BAD = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
SCRIPT = f"""\
title: {json.dumps(BAD)}
about: {json.dumps("See javascript:alert(1) and https://example.org/" + BAD)}
length: 1 min
bed: {{file: bell.wav}}
segments:
  - settle
  - title: {json.dumps("../../" + BAD)}
    role: exit
    steps: [Rest now., bell: {{file: bell.wav}}, rest: 20s, Come back in your own time.]
"""
REACHING = """\
title: Reaching out
segments:
  - title: Out
    role: exit
    steps: [Rest now., {}, Come back in your own time.]
"""
CLASS = f"""\
title: {json.dumps("../../../outside/" + BAD)}
teacher: {json.dumps(BAD)}
about: {json.dumps("javascript:alert(1) " + BAD)}
tracks:
  - script: evil
    title: {json.dumps("../../outside/" + BAD)}
    note: {json.dumps(BAD)}
for:
  "../../../outside/mara": {{note: {json.dumps(BAD)}}}
"""
PROGRAMS = (
    *("c++", "cc", "espeak-ng", "ffmpeg", "ffplay", "ffprobe", "festival", "flite", "gcc", "ld", "ldconfig", "mpv"),
    *("paplay", "say", "text2wave", "xdg-open"),
)
MODULES = ("calmcast_voice", "numpy", "sitecustomize", "usercustomize", "yaml")

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("render", "evil", "psoas-release", "--length", "3 min"),
    ("render", "out-bell", "--length", "1 min"),
    ("plan", "evil", "--svg", "plan.svg"),
    ("preview", "evil", "--for", "2s"),
    ("verify", "output/evil_1min.mp3"),
    ("check",),
    ("check", "evil", "--length", "1 min"),
    ("exit", "evil"),
    ("compose", "settle", "--length", "30s", "--save", "saved", "--force"),
    ("playlist", "evil", "--zip", "--prune"),
    ("playlist", "evil", "--pdf", "--prune"),
    ("serve", "evil", "--port", "0"),
    ("serve", "evil", "--client", "mara", "--port", "0"),
    ("classes",),
    ("scripts",),
    ("segments",),
    ("voices",),
    ("voices", "try", "--text", "Rest."),
    ("voices", "compare", "calm", "plain", "--html"),
    ("voices", "add"),
    ("voices", "remove", "../../outside"),
    ("voices", "forbid", "calm"),
    ("sounds",),
    ("sounds", "try", "bell.wav", "--for", "2s"),
    ("sounds", "try", "linked.wav", "--for", "2s"),
    ("record", "sheet", "evil", "--voice", "mine"),
    ("record", "import", "bell.wav", "--voice", "mine"),
    ("record", "review", "--voice", "mine"),
    ("record", "accept", "1", "--voice", "mine"),
    ("record", "mend", "1", "--from", "0", "--to", "1s", "--voice", "mine"),
    ("record", "live", "evil", "--voice", "mine"),
    ("lexicon",),
    ("lexicon", "list"),
    ("lexicon", "try", "psoas"),
    ("lexicon", "affected", "rest"),
    ("lexicon", "import", "voices/lexicon/en.yaml"),
    ("options", "evil"),
    ("say", "Rest now."),
    ("speak", "evil", "--all"),
    ("new", "other", "--from", "evil"),
    ("new", "copied", "--from", "evil", "--copy"),
    ("new", "../outside/other"),
    ("new", "other", "--class"),
    ("diff", "psoas-release"),
    ("init", "."),
    ("doctor",),
    ("store", "info"),
    ("store", "verify"),
    ("store", "trim", "--to", "1 GB"),
    ("store", "clear", "--yes"),
)
BEFORE: dict[str, tuple[tuple[str, ...], ...]] = {
    "record import": (("record", "sheet", "evil", "--voice", "mine"),),
    "record accept": (("record", "sheet", "evil", "--voice", "mine"),),
    "record mend": (("record", "sheet", "evil", "--voice", "mine"),),
    "record review": (("record", "sheet", "evil", "--voice", "mine"),),
    "serve evil": (("playlist", "evil"),),
    "verify output/evil_1min.mp3": (("render", "evil", "--length", "1 min"),),
}
"""What is done before a command has anything to do."""
PAGES = frozenset({".html", ".svg", ".xml", ".xspf"})
HARMLESS = {("voices", "allow")}
"""Commands that are there to let something run."""
TAKE_LONG = frozenset({
    *("check", "doctor", "exit", "playlist", "record import", "render", "serve", "verify"),
    *("voices compare", "voices try"),
})  # fmt: skip
READ_ALONE = frozenset({
    *("classes", "diff", "lexicon affected", "lexicon list", "options", "scripts", "segments", "sounds"),
    *("store clear", "store info", "store trim", "store verify"),
    *("voices", "voices add", "voices forbid", "voices remove"),
})  # fmt: skip
"""Commands that write nothing into a workspace: links change nothing for them."""

_started: list[str] | None = None
"""The programs that are started, while somebody listens."""


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _started is not None and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _started.append(str(arguments[0] or arguments[1][0]))


sys.addaudithook(_hear)


@pytest.fixture
def started() -> Iterator[list[str]]:
    """The programs that are started meanwhile."""
    global _started  # noqa: PLW0603
    _started = []
    yield _started
    _started = None


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Folders of the user that are none of calmcast's business."""
    folder = tmp_path / "outside"
    for name in ("output", "recordings", "voices", "scripts", "classes", "clients", "segments", "lexicon"):
        (folder / name).mkdir(parents=True)
    (folder / "lexicon" / "en.yaml").write_text("- {word: psoas, say: so-as}\n", encoding="utf-8")
    (folder / "segments" / "settle.yaml").write_text("title: S\nsteps: [Rest here.]\n", encoding="utf-8")
    (folder / "secret").write_text("the user's own", encoding="utf-8")
    (folder / "output" / "01-rest-1min.mp3").write_bytes(b"the user's own")
    (folder / "output" / "index.html").write_text("the user's own", encoding="utf-8")
    write_pcm(folder / "secret.wav", _ring())
    return folder


@pytest.fixture
def evil(tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stranger's folder, unpacked; the current one."""
    home, folder = tmp_path / "home", tmp_path / "evil"
    home.mkdir()
    no_home_but(home, monkeypatch)
    monkeypatch.setenv("CALMCAST_STORE", str(home / "store"))
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", os.environ["PATH"])))  # some have it so
    for part in ("scripts/classes", "scripts/segments", "voices/lexicon", "output/evil"):
        (folder / part).mkdir(parents=True)
    _voices(folder, outside / "ran")
    (folder / "scripts" / "evil.yaml").write_text(SCRIPT, encoding="utf-8")
    (folder / "scripts" / "psoas-release.yaml").write_text(SCRIPT, encoding="utf-8")
    for name, step in (("bell", "bell: {file: X}"), ("bed", "rest: 20s")):
        for number, file in enumerate((f"{outside}/secret.wav", "../outside/secret.wav", "linked.wav")):
            text = REACHING.format(step.replace("X", file)) + (f"bed: {{file: {file}}}\n" if name == "bed" else "")
            (folder / "scripts" / f"out-{name}{number or ''}.yaml").write_text(text, encoding="utf-8")
    (folder / "scripts" / "classes" / "evil.yaml").write_text(CLASS, encoding="utf-8")
    (folder / "calmcast.yaml").write_text(f"name: {json.dumps(BAD)}\n", encoding="utf-8")
    write_pcm(folder / "bell.wav", _ring())
    (folder / "linked.wav").symlink_to(outside / "secret.wav")
    listed = {"format": 1, "published": "2026-01-01", "files": ["../../../outside/secret", "..", "/etc/passwd", "x"]}
    (folder / "output" / "evil" / "playlist.json").write_text(json.dumps(listed), encoding="utf-8")
    _programs(folder, outside / "ran")
    monkeypatch.chdir(folder)
    return folder


def _ring() -> NDArray[np.int16]:
    return (8_000 * np.sin(np.arange(3 * 44_100) / 20)).astype(np.int16)


def _voices(folder: Path, mark: Path) -> None:
    """Write voices of every name that ships, each of which would run a program that leaves a mark."""
    runs = ([sys.executable, "-c", f"open({str(mark)!r}, 'w')"], ["./run.sh"], ["flite", "{text}"], ["sh", "run.sh"])
    names = [path.stem for path in (Path(__file__).parents[1] / "voices").glob("*.yaml")]
    for number, name in enumerate(sorted({*names, "mine"})):
        engines = [
            f"- {{engine: command, run: {json.dumps(run)}}}\n" for run in runs[number % 4 :] + runs[: number % 4]
        ]
        own = "recordings: mine\nfallback: calm\n" if name == "mine" else "fallback: mine\n" * (name == "slow")
        text = f"about: {json.dumps(BAD)}\nprefer:\n{''.join(engines)}- {{engine: tone}}\n{own}"
        (folder / "voices" / f"{name}.yaml").write_text(text, encoding="utf-8")


def _programs(folder: Path, mark: Path) -> None:
    """Write programs and modules under names that calmcast looks for."""
    for name in (*PROGRAMS, "run.sh"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho ran >> '{mark}'\n", encoding="utf-8")
        program.chmod(0o755)
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    info = folder / "calmcast_voice-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: calmcast-voice\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[calmcast.engines]\nvoice = calmcast_voice:ENGINE\n", encoding="utf-8")


def _link(place: Path, target: Path) -> None:
    if place.is_dir():
        for file in place.iterdir():
            file.unlink()
        place.rmdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target, target_is_directory=True)


def plain(folder: Path, outside: Path) -> None:
    """Leave the folder without links to folders."""


def links_to_parts(folder: Path, outside: Path) -> None:
    """Let every part of the folder that may be a link be one."""
    (folder / "output" / "evil" / "playlist.json").unlink()
    (folder / "output" / "evil").rmdir()
    _link(folder / "output", outside / "output")
    _link(folder / "recordings", outside / "recordings")
    _link(folder / "scripts" / "segments", outside / "segments")
    _link(folder / "voices" / "lexicon", outside / "lexicon")


def links_inside_parts(folder: Path, outside: Path) -> None:
    """Let every folder into which something is written be a link."""
    for name in ("evil", "sounds", "voices"):
        _link(folder / "output" / name, outside / "output")
    _link(folder / "recordings" / "mine", outside / "recordings")
    (folder / "scripts" / "saved.yaml").symlink_to(outside / "secret")
    (folder / "output" / "say.mp3").symlink_to(outside / "secret")
    (folder / "output" / "evil_1min.mp3").symlink_to(outside / "secret")


def state(folder: Path) -> dict[str, str]:
    """Return everything in a folder, with its content."""
    found = (path for path in folder.rglob("*") if not path.is_symlink())
    return {str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in found}


def every_command() -> set[tuple[str, ...]]:
    context, found = click.Context(cli), set[tuple[str, ...]]()
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        found |= {(name, each) for each in command.commands} if isinstance(command, click.Group) else {(name,)}
    return found


def test_every_command_is_tried() -> None:
    tried = {command[:length] for command in COMMANDS for length in (1, 2)}
    assert every_command() <= tried | HARMLESS


def _tries() -> Iterator[Any]:
    for command in COMMANDS:
        called = {command[0], " ".join(command[:2])}
        marks = [pytest.mark.long] * bool(called & TAKE_LONG)
        alone = " ".join(command[:2]) in READ_ALONE or command[0] in READ_ALONE - {"voices", "sounds"}
        for layout in (plain,) if alone else (plain, links_to_parts, links_inside_parts):
            yield pytest.param(command, layout, id=f"{' '.join(command)}-{layout.__name__}", marks=marks)


@pytest.mark.parametrize(("command", "layout"), [*_tries()])
def test_nothing_runs_and_nothing_is_written_elsewhere(
    command: tuple[str, ...],
    layout: Callable[[Path, Path], None],
    calmcast: Calmcast,
    evil: Path,
    outside: Path,
    started: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layout(evil, outside)
    _watch(monkeypatch)
    before = state(outside)
    for earlier in BEFORE.get(" ".join(command[:2]), ()):
        calmcast(*earlier)
    done = calmcast(*command)
    assert done.code != BUG, done.err
    assert state(outside) == before, done.err
    assert {path.name for path in tmp_path.iterdir()} == {"evil", "outside", "home"}
    assert not [program for program in started if program.startswith((".", str(tmp_path)))]
    home = {path.relative_to(tmp_path / "home").parts for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert all("calmcast" in parts or parts[0] == "store" for parts in home)
    pages = (path for path in evil.rglob("*") if path.suffix in PAGES)
    for text in (page.read_text(encoding="utf-8") for page in pages):
        assert not any(harm in text for harm in ("<script>document", "<img src=x", 'href="javascript'))


def _watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be fetched, no browser open, and whatever serves end at once."""

    def refuse(*arguments: Any) -> None:
        raise AssertionError(f"something was fetched: {arguments}")

    def stop(ended: "Future[None]") -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("webbrowser.open", refuse)
    monkeypatch.setattr("calmcast.web.server.until_ended", stop)


@pytest.mark.long
@pytest.mark.usefixtures("evil")
def test_the_installed_program_imports_nothing_of_it(outside: Path) -> None:
    before = state(outside)
    run = "import sys; sys.argv[0] = 'calmcast'; from calmcast.cli.entry import main; main()"
    command = [sys.executable, "-P", "-c", run, "say", "Rest now."]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, text=True)
    assert done.returncode == 0, done.stderr
    assert state(outside) == before
