"""Killed at any moment, with all that it has started, a run leaves what is whole, and the next one makes the rest."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from calmcast.store.folder import FolderStore
from tests.conftest import Calmcast

pytestmark = [
    pytest.mark.real,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="there are no groups of processes to kill"),
]

SCRIPT = """title: Rest
segments:
  - title: One
    steps:
      - bell: soft
      - {hold: 3s}
      - The floor can carry all of you now.
      - {rest: 20s}
      - EXTRA
      - {pause: 3s}
      - When you are ready, come back slowly.
      - {hold: 2s}
"""
NOW, BEFORE = (SCRIPT.replace("EXTRA", line) for line in ("Each breath comes by itself.", "Nothing is left to do."))
RENDER = ("render", "rest", "-l", "1 min", "-v", "plain")
CLASS = """title: Evening
bed: rain
tracks:
  - {script: rest, lengths: [40s, 45s], voice: plain}
"""

KILLED = """
import os, signal, sys, threading

ending, at, after_s, steps = sys.argv.pop(1), int(sys.argv.pop(1)), float(sys.argv.pop(1)), 0
ONE = {"open", "os.mkdir", "os.remove", "sqlite3.connect", "subprocess.Popen"}
TWO = {"os.link", "os.rename"}

def kill():
    os.killpg(0, signal.SIGKILL)

def hook(event, arguments):
    global steps
    if event not in ONE | TWO or event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
        return
    if str(arguments[event in TWO]).endswith(ending):
        steps += 1
        if steps == at:
            threading.Timer(after_s, kill).start() if after_s else kill()

sys.addaudithook(hook)
from calmcast.cli.entry import run
try:
    sys.exit(run())
finally:
    print(steps, file=sys.stderr)
"""
"""Calmcast, which kills itself and all that it has started some time after the nth of its *steps*: those that change
files, or start a process. With an ending, only what makes, names or removes a file with that ending counts."""

Files = dict[str, bytes]


@pytest.fixture
def folder(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which `plain` is the voice that ships, spoken by processes of its own."""
    (workspace / "voices" / "plain.yaml").unlink()
    (workspace / "scripts" / "rest.yaml").write_text(NOW, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))  # what is killed clears nothing away
    return workspace


@pytest.fixture
def in_empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Return a function that gives calmcast an empty store."""

    def in_empty_store() -> Path:
        shutil.rmtree(tmp_path / "cold", ignore_errors=True)
        monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "cold"))
        return tmp_path / "cold"

    return in_empty_store


def killed(arguments: Sequence[str], ending: str, at: int, after_s: float = 0.0) -> bool:
    """Run calmcast, killed so many seconds after a step; return whether it was still running."""
    done = stepping(arguments, ending, at, after_s)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


def steps_of(arguments: Sequence[str]) -> int:
    """Run calmcast, and return in how many steps it is done."""
    done = stepping(arguments, "", 0)
    assert done.returncode == 0, done.stderr
    return int(done.stderr.split()[-1])


def stepping(
    arguments: Sequence[str], ending: str, at: int, after_s: float = 0.0
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", KILLED, ending, str(at), str(after_s), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, start_new_session=True)


def files_in(output: Path) -> Files:
    """Return the bytes of all files by their path from there."""
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def assert_whole(left: Files, versions: Sequence[Files]) -> None:
    """Look whether each file is one of these versions; a hidden draft that was to replace one is whole, too."""
    for name, data in left.items():
        allowed = [version[name] for version in versions if name in version]
        if Path(name).name.startswith(".calmcast-"):
            allowed = [data for version in versions for data in version.values()]
        assert data in allowed, name


def assert_sound(store: Path) -> None:
    """Look whether all that is kept is whole, and the index knows of each file that is there, and of no other."""
    there = [path for path in store.rglob("*-*") if path.is_file() and len(path.name) > 64]
    kept = FolderStore(store)
    known = kept.heads(path.name for path in there)
    assert kept.verify() == ()
    assert len(known) == len(there) == sum(holding.number for holding in kept.info().holdings)


def test_a_cold_render_killed_at_forty_moments(
    folder: Path, calmcast: Calmcast, in_empty_store: Callable[[], Path]
) -> None:
    output = folder / "output"
    in_empty_store()
    steps = steps_of(RENDER)
    whole = files_in(output)
    assert len(whole) == 4
    times, kept = 0, set[int]()
    for moment in range(40):
        shutil.rmtree(output, ignore_errors=True)
        store = in_empty_store()
        times += killed(RENDER, "", 1 + steps * moment // 40, (0.0, 0.015, 0.05)[moment % 3])
        assert_whole(files_in(output), [whole])
        assert_sound(store)
        kept.add(sum(holding.number for holding in FolderStore(store).info().holdings))
        assert calmcast(*RENDER).code == 0
        assert files_in(output) == whole
        assert not [*(store / "kept-1" / "_drafts").iterdir()], "what the killed run had begun is cleared away"
    assert times > 35
    assert len(kept) > 7, "it was killed with more and more done"


@pytest.mark.parametrize("before", [False, True], ids=["new", "replaced"])
def test_killed_before_any_file_gets_its_name(folder: Path, calmcast: Calmcast, *, before: bool) -> None:
    """Also where an older track lies there, that is to be replaced: by a link, and then by a rename."""
    output, versions = folder / "output", list[Files]()
    for text in (NOW, BEFORE):
        (folder / "scripts" / "rest.yaml").write_text(text, encoding="utf-8")
        assert calmcast(*RENDER).code == 0
        versions.append(files_in(output))
    now, old = versions
    (folder / "scripts" / "rest.yaml").write_text(NOW, encoding="utf-8")
    times = 0
    for ending, at in [(ending, at) for ending in (".mp3", ".vtt", ".lrc", ".json") for at in (1, 2)]:
        shutil.rmtree(output)
        output.mkdir()
        for name, data in old.items() if before else ():
            (output / name).write_bytes(data)
        times += killed(RENDER, ending, at)
        assert_whole(files_in(output), versions)
        assert calmcast(*RENDER).code == 0
        assert files_in(output) == now
    assert times == (8 if before else 4)


def test_a_class_killed_at_some_moments(folder: Path, calmcast: Calmcast, in_empty_store: Callable[[], Path]) -> None:
    (folder / "scripts" / "classes").mkdir()
    (folder / "scripts" / "classes" / "evening.yaml").write_text(CLASS, encoding="utf-8")
    output, command = folder / "output", ("playlist", "evening")
    in_empty_store()
    steps = steps_of(command)
    whole = files_in(output)
    assert len([name for name in whole if name.endswith(".mp3")]) == 2
    for moment in range(4):
        shutil.rmtree(output, ignore_errors=True)
        store = in_empty_store()
        assert killed(command, "", steps * (moment + 1) // 5, 0.01)
        assert_whole(files_in(output), [whole])
        assert_sound(store)
        assert calmcast(*command).code == 0
        assert files_in(output) == whole
        assert_sound(store)


def test_killed_again_and_again_it_comes_to_an_end(folder: Path, in_empty_store: Callable[[], Path]) -> None:
    """Each run finds what those before it have left, and gets farther."""
    output = folder / "output"
    in_empty_store()
    cold = steps_of(RENDER)
    whole = files_in(output)
    shutil.rmtree(output)
    warm = steps_of(RENDER)
    shutil.rmtree(output)
    store, times = in_empty_store(), 0
    while killed(RENDER, "", warm + 4):
        times += 1
        assert times < cold
        assert_whole(files_in(output), [whole])
        assert_sound(store)
    assert times > 1
    assert files_in(output) == whole
