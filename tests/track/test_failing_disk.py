"""Whatever the disk refuses, whenever: a run tells it or gets by, leaves what is whole, and the next one is right."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from calmcast.files import process_mark
from calmcast.store.folder import FolderStore
from tests.cli.test_record import LINES, OWN, take
from tests.cli.test_store import grow_old
from tests.conftest import Calmcast, Run
from tests.disk import FAULTS, Disk, disk
from tests.soundfiles import noise, write
from tests.track.test_killed import assert_sound, assert_whole, files_in

pytestmark = pytest.mark.long

SCRIPT = """title: Rest
voice: calm
bed: {file: rain.wav}
segments:
  - title: One
    steps:
      - bell: soft
      - The floor can carry all of you now.
      - {rest: 8s}
      - When you are ready, come back slowly.
"""
RENDER = ("render", "rest", "-l", "20 s")
TRACK = (".mp3", ".vtt", ".lrc")
PLAYLIST = ("playlist", "evening")
_PARTS = 3
"""Tests that share the steps of one command, so that all processors are at work."""
CLASS = """title: Evening
tracks:
  - {script: rest, lengths: [20s], voice: plain}
  - {script: bare, lengths: [20s], voice: plain}
"""


@pytest.fixture
def own(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own, and a script with lines, a bell and a bed from a file."""
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    write(workspace / "rain.wav", noise(3.0), 44_100)
    bare = SCRIPT.replace("bed: {file: rain.wav}\n", "").replace("8s", "3s")
    (workspace / "scripts" / "bare.yaml").write_text(bare, encoding="utf-8")
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "classes" / "evening.yaml").write_text(CLASS, encoding="utf-8")
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture(params=["nameless", "hidden"])
def turn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the test as this system does it, and as a system without O_TMPFILE does, which take turns with the steps."""
    if request.param == "hidden":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return ("nameless", "hidden").index(request.param)


def worth_failing(steps: Sequence[str]) -> Iterator[int]:
    """Yield the number of each step; of many alike in a row the first, the second and the last."""
    for at, step in enumerate(steps, start=1):
        if {step} != {*steps[max(0, at - 3) : at + 1]} or at < 3:
            yield at


def assert_told(run: Run, failed: Disk) -> None:
    """Look whether a run got by, or told in words what went wrong."""
    where = failed.steps[: failed.fails_at], run
    assert run.code in {0, 3, 4, 5, 6}, where
    assert run.out if run.code == 0 else "error: " in run.err, where
    assert not run.code or "hint: " in run.err, where


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize(("command", "each"), [(RENDER, 3), (PLAYLIST, 8)], ids=["render", "playlist"])
def test_tracks(
    own: Path,
    workspace: Path,
    calmcast: Calmcast,
    tmp_path: Path,
    command: Sequence[str],
    each: int,
    turn: int,
    part: int,
) -> None:
    """A class does for each of its tracks what one alone does, so fewer of its steps fail.

    Its cover, its pages and its list tell of the tracks that are there; where one is not, they are others.
    """
    output = workspace / "output"
    with disk(tmp_path) as undisturbed:
        assert calmcast(*command).code == 0
    whole, codes = files_in(output), Counter[int]()
    failing_at = [*worth_failing(undisturbed.steps)][turn * each :: 2 * each][part::_PARTS]
    for at in failing_at:
        shutil.rmtree(output)
        shutil.rmtree(own)
        with disk(tmp_path, at, FAULTS[at % 3]) as failing:
            run = calmcast(*command)
        assert_told(run, failing)
        left = files_in(output)
        assert_whole({name: data for name, data in left.items() if command == RENDER or name.endswith(TRACK)}, [whole])
        assert run.code or left == whole
        assert_sound(own)
        codes[run.code] += 1
        assert calmcast(*command).code == 0
        assert files_in(output) == whole
        assert_sound(own)
    assert len(failing_at) > 2
    assert codes[0], "what is only kept, or only noted, can fail"


@pytest.fixture
def reading(workspace: Path, calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a long take of three lines, whose sheet is written; another is in the ledger."""
    monkeypatch.setenv("CALMCAST_PLAYER", "none")
    steps = "".join(f"  - {line}\n  - pause: 2s\n" for line in LINES[:3])
    script = f"title: Mine\nvoice: my-recordings\nsegments:\n- title: All\n  role: exit\n  steps:\n{steps}"
    (workspace / "scripts" / "mine.yaml").write_text(script, encoding="utf-8")
    assert calmcast("record", "sheet", "mine").code == 0
    for _ in range(2):
        assert calmcast("record", "import", take(workspace, LINES[:2], "earlier.wav")).code == 0
    return take(workspace, LINES[:3], "later.wav")


def test_what_is_read(reading: Path, workspace: Path, calmcast: Calmcast, tmp_path: Path, turn: int) -> None:
    """No recording is lost, and none is in the ledger twice."""
    kept, backup, command = workspace / OWN, tmp_path / "backup", ("record", "import", reading)
    shutil.copytree(kept, backup)
    before = files_in(kept)
    with disk(tmp_path) as undisturbed:
        assert calmcast(*command).code == 0
    after, codes = files_in(kept), Counter[int]()
    assert len(after) == len(before) + 1
    assert after["takes.json.bak"] == before["takes.json"] != after["takes.json"]
    for at in worth_failing(undisturbed.steps):
        for fault in FAULTS:
            shutil.rmtree(kept)
            shutil.copytree(backup, kept)
            with disk(tmp_path, at, fault) as failing:
                run = calmcast(*command)
            assert_told(run, failing)
            left = files_in(kept)
            assert left.keys() >= before.keys(), run
            assert_whole(left, [before, after])
            assert left["takes.json"] == (before if run.code else after)["takes.json"], run
            codes[run.code] += 1
            assert not run.code or calmcast(*command).code == 0
            assert files_in(kept) == after
    assert codes.keys() == {0, 5}


def test_trimming(own: Path, workspace: Path, calmcast: Calmcast, tmp_path: Path) -> None:
    output, backup = workspace / "output", tmp_path / "backup"
    assert calmcast(*RENDER).code == 0
    grow_old(own)
    whole, (inside,) = files_in(output), own.glob("kept-*")
    (own / f"{'ab' * 32}.recording").write_bytes(b"of an earlier calmcast")
    (inside / "_drafts" / f"{process_mark().partition('-')[0]}-{2**22 + 1}-{'0' * 16}").write_bytes(b"half")
    shutil.copytree(own, backup)
    command = ("store", "trim", "--to", "300 KB")
    with disk(tmp_path) as undisturbed:
        assert calmcast(*command).code == 0
    assert FolderStore(own).info().size_bytes <= 300_000
    for at in worth_failing(undisturbed.steps):
        for fault in FAULTS:
            shutil.rmtree(own)
            shutil.copytree(backup, own)
            with disk(tmp_path, at, fault) as failing:
                run = calmcast(*command)
            assert_told(run, failing)
            assert FolderStore(own).verify() == ()
            assert calmcast(*command).code == 0
            assert FolderStore(own).info().size_bytes <= 300_000
            assert_sound(own)
    shutil.rmtree(output)
    assert calmcast(*RENDER).code == 0
    assert files_in(output) == whole
