"""`calmcast store`: what is kept, how much of it, and that nothing is done twice."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from calmcast.store.folder import FolderStore
from calmcast.store.store import KEY, content_key
from calmcast.workspace.settings import user_settings
from tests.conftest import Calmcast
from tests.soundfiles import noise, write
from tests.track.test_killed import files_in

SCRIPT = """\
title: Rest
voice: calm
bed: {file: rain.wav}
segments:
- title: Rest
  steps:
  - Let your shoulders soften.
  - bell: soft
  - Rest here.
  - Let your shoulders soften.
  - rest: 30s
"""


@pytest.fixture
def own(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own, and a script `rest` with two lines, a bell and a bed from a file."""
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    write(workspace / "rain.wav", noise(5.0), 44_100)
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "own"))
    return tmp_path / "own"


def kinds(calmcast: Calmcast) -> dict[str, int]:
    return {each["kind"]: each["number"] for each in calmcast("store", "info", "--json").json["kinds"]}


def grow_old(own: Path) -> None:
    with closing(sqlite3.connect(own / "kept-1" / "index.sqlite3", isolation_level=None)) as index:
        index.execute("UPDATE kept SET used = 1000")
    for path in own.rglob("*-*"):
        if path.is_file() and len(path.name) > 64:  # a key
            os.utime(path, (1000, 1000))


def test_info_of_nothing(own: Path, calmcast: Calmcast) -> None:
    run = calmcast("store", "info")
    assert (run.code, run.out) == (0, f"{own}: 0 MB, at most 4 GB\n")
    assert calmcast("store", "info", "--json").json == {
        "folder": str(own),
        "recordings": 0,
        "beds": 0,
        "bytes": 0,
        "most_bytes": 4_000_000_000,
        "kinds": [],
        "former": {"kind": "former", "number": 0, "size_bytes": 0},
    }
    assert not own.exists()


def test_a_track_is_kept_with_all_that_takes_time(own: Path, calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("render", "rest", "-l", "1").code == 0
    assert kinds(calmcast) == {"bed": 1, "bell": 1, "cover": 1, "findings": 1, "recording": 2}
    track = next((workspace / "output").glob("*.mp3"))
    first = track.read_bytes()
    before = {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()}
    assert calmcast("render", "rest", "-l", "1", "--json").json["tracks"][0]["spoken"] == 0
    assert track.read_bytes() == first
    assert {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()} == before, "nothing made again"
    shown = calmcast("store", "info")
    assert "  2 recordings, " in shown.out
    assert "  1 bed, " in shown.out


def test_what_is_damaged_is_made_again(own: Path, calmcast: Calmcast) -> None:
    assert calmcast("render", "rest", "-l", "1").code == 0
    damaged = next(own.rglob("recording-*"))
    damaged.write_bytes(damaged.read_bytes()[:-100])
    run = calmcast("store", "verify")
    assert (run.code, run.out) == (
        1,
        f"{damaged}\n1 bed, 1 bell, 1 cover, 1 checked text, 1 recording; 1 damaged and removed\n",
    )
    assert calmcast("render", "rest", "-l", "1", "--json").json["tracks"][0]["spoken"] == 1
    assert calmcast("store", "verify", "--json").json == {"recordings": 2, "damaged": []}


@pytest.mark.parametrize("kind", ["bell", "cover", "bed", "findings", "recording"])
def test_each_kind_that_is_damaged_is_made_again_by_the_run_that_finds_it(
    own: Path, calmcast: Calmcast, workspace: Path, kind: str
) -> None:
    assert calmcast("render", "rest", "-l", "1").code == 0
    track = next((workspace / "output").glob("*.mp3"))
    first, path = track.read_bytes(), next(own.rglob(f"{kind}-*"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    track.unlink()
    assert calmcast("render", "rest", "-l", "1").code == 0
    assert (track.read_bytes(), path.read_bytes()) == (first, whole)


@pytest.mark.parametrize(
    ("script", "kinds"),
    [
        ("rest", {"recording", "bell", "cover", "findings", "bed"}),
        ("bare", {"recording", "bell", "cover", "findings", "frames"}),
        pytest.param("wind", {"recording", "bell", "cover", "findings", "ground"}, marks=pytest.mark.long),
    ],
)
def test_flipped_bits_are_mended_by_the_run_that_reads_them(
    own: Path, calmcast: Calmcast, workspace: Path, script: str, kinds: set[str]
) -> None:
    """Each file is as long as ever, and what is known of it is sound: only who reads all of it can tell."""
    write_scripts(workspace)
    render, track = ("render", script, "-l", "45 s"), workspace / "output" / f"{script}_45s.mp3"
    assert calmcast(*render).code == 0
    first, whole = track.read_bytes(), kept_in(own)
    assert {path.name.partition("-")[0] for path in whole} == kinds
    for path, data in whole.items():
        flipped = bytearray(data)
        flipped[len(data) // 3 + 1] ^= 0x40
        path.write_bytes(flipped)
    track.unlink()
    run = calmcast(*render)
    assert (run.code, track.read_bytes() == first) == (0, True), run.err
    assert kept_in(own) == whole
    assert calmcast("store", "verify", "--json").json["damaged"] == []


def kept_in(own: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in own.rglob("*-*") if KEY.fullmatch(path.name)}


def write_scripts(workspace: Path) -> None:
    """Write the same as `rest` without a bed, `bare`, and over one that is made here, `wind`."""
    bare = SCRIPT.replace("bed: {file: rain.wav}", "bed: none")
    for name, text in (("bare", bare), ("wind", bare.replace("none", "wind"))):
        (workspace / "scripts" / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.long
def test_whatever_is_flipped_or_cut_off_the_next_render_is_right(
    own: Path, calmcast: Calmcast, workspace: Path, tmp_path: Path
) -> None:
    """Of everything that is kept, at any place in it; the length stays where bits are flipped."""
    write_scripts(workspace)
    render, output = ("render", "rest", "bare", "wind", "-l", "45 s"), workspace / "output"
    assert calmcast(*render).code == 0
    tracks, backup = files_in(output), tmp_path / "backup"
    shutil.copytree(own, backup)
    patterns = [f"{kind}-*" for kind in ("bed", "bell", "cover", "findings", "frames", "ground", "recording")] + [
        "index.sqlite3"
    ]
    for case in range(60):
        for folder in (output, own):
            shutil.rmtree(folder)
        shutil.copytree(backup, own)
        chance, pattern = random.Random(case), patterns[case % len(patterns)]
        path = chance.choice(sorted(own.rglob(pattern)))
        damage(path, chance, cut=case // len(patterns) % 3 == 2)
        run = calmcast(*render)
        assert run.code == 0, (case, pattern, run.err)
        assert files_in(output) == tracks, (case, pattern)
        calmcast("store", "verify")
        assert calmcast("store", "verify").code == 0


def damage(path: Path, chance: random.Random, *, cut: bool) -> None:
    data = bytearray(path.read_bytes())
    place = chance.randrange(len(data))
    if cut:
        del data[place:]
    else:
        data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def test_clear(own: Path, calmcast: Calmcast) -> None:
    assert calmcast("render", "rest", "-l", "1").code == 0
    (own / f"{'ab' * 32}.recording").write_bytes(b"of an earlier version")
    refused = calmcast("store", "clear")
    assert (refused.code, "--yes" in refused.err) == (2, True), "nobody can be asked"
    run = calmcast("store", "clear", "--yes")
    told = "1 bed, 1 bell, 1 cover, 1 checked text, 2 recordings, 1 file of an earlier calmcast removed\n"
    assert (run.code, run.out) == (0, told)
    assert calmcast("store", "info", "--json").json["bytes"] == 0
    assert calmcast("store", "clear", "--yes").out == "nothing removed\n"


def test_trim(own: Path, calmcast: Calmcast) -> None:
    assert calmcast("render", "rest", "-l", "1").code == 0
    kept = calmcast("store", "trim").out
    assert (kept.startswith("Nothing was removed; "), "ten minutes" in kept) == (True, False)
    assert "what was used in the last ten minutes stays" in calmcast("store", "trim", "--to", "0 MB").out
    grow_old(own)
    run = calmcast("store", "trim", "--to", "0.1MB", "--json").json
    assert (run["removed"] > 0, run["left_bytes"] <= 100_000) == (True, True)
    grow_old(own)
    run_out = calmcast("store", "trim", "--to", "0 MB")
    assert (run_out.code, "0 MB are left" in run_out.out, "ten minutes" in run_out.out) == (0, True, False)
    for wrong in ("0", "much", "-1 GB"):
        run_out = calmcast("store", "trim", "--to", wrong)
        assert run_out.code == 2
        assert "MB" in run_out.err


def test_a_command_that_puts_something_keeps_the_store_as_small_as_the_settings_say(
    own: Path, calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CALMCAST_STORE")
    settings = user_settings().path
    settings.parent.mkdir(parents=True)
    settings.write_text(f"store: {{folder: {own.as_posix()}, size: 100 MB}}\n", encoding="utf-8")
    store = FolderStore(own)
    for number in range(12):
        store.put(content_key("thing", number), bytes(10_000_000))
    store.heads([])
    grow_old(own)
    del store
    (own / f"{'ab' * 32}.recording").write_bytes(b"of an earlier version")
    assert calmcast("say", "Rest now.").code == 0
    info = calmcast("store", "info", "--json").json
    assert (info["most_bytes"], info["bytes"] <= 100_000_000, info["recordings"]) == (100_000_000, True, 1)
    assert (kinds(calmcast)["thing"], info["former"]["number"]) == (9, 0)
