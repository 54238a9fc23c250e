"""A store stays as small as it is told to: what was not used for longest goes first, and never what is in use."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmcast.store.folder import FolderStore
from calmcast.store.index import Index
from calmcast.store.store import Holding, content_key

KEYS = [content_key("thing", number) for number in range(20)]
SIZE = 1_068
"""Bytes of each file."""
LONG_AGO = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with twenty things of 1 kB that nobody uses, the first of which was not used for longest."""
    store = FolderStore(tmp_path / "kept")
    for key in KEYS:
        store.put(key, bytes(1_000))
    store.heads([])  # whoever asks has noted what was put
    grow_old(store.folder)
    return store.folder


def grow_old(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "kept-1" / "index.sqlite3", isolation_level=None)) as index:
        for number, key in enumerate(KEYS):
            index.execute("UPDATE kept SET used = ? WHERE key = ?", (LONG_AGO + number, key))
            for path in folder.rglob(key):
                os.utime(path, (LONG_AGO, LONG_AGO))


def there(folder: Path) -> list[int]:
    return [number for number, key in enumerate(KEYS) if [*folder.rglob(key)]]


def test_the_least_recently_used_go_first(folder: Path) -> None:
    assert FolderStore(folder).trim(20 * SIZE) == Holding("removed", 0, 0)
    assert FolderStore(folder).trim(20 * SIZE - 1) == Holding("removed", 1, SIZE)
    assert FolderStore(folder).trim(12 * SIZE) == Holding("removed", 7, 7 * SIZE)
    assert there(folder) == [*range(8, 20)]
    assert FolderStore(folder).info().holdings == (Holding("thing", 12, 12 * SIZE),)
    assert FolderStore(folder).trim(0).number == 12
    assert there(folder) == []


@settings(max_examples=10)
@given(used=st.lists(st.integers(0, 19), max_size=30), most=st.integers(0, 20))
def test_whatever_was_used_the_others_go(tmp_path_factory: pytest.TempPathFactory, used: list[int], most: int) -> None:
    folder = tmp_path_factory.mktemp("kept")
    store = FolderStore(folder)
    for key in KEYS:
        store.put(key, bytes(1_000))
    store.heads([])
    grow_old(folder)
    with closing(sqlite3.connect(folder / "kept-1" / "index.sqlite3", isolation_level=None)) as index:
        for when, number in enumerate(used):
            index.execute("UPDATE kept SET used = ? WHERE key = ?", (LONG_AGO + 100 + when, KEYS[number]))
    order = [number for number in range(20) if number not in used]
    order += sorted({*used}, key=lambda number: len(used) - used[::-1].index(number))
    store.trim(most * SIZE)
    assert there(folder) == sorted(order[20 - most :] if most else [])


@pytest.mark.parametrize("use", ["heads", "path", "get", "put"])
def test_what_was_used_last_stays_longest(folder: Path, use: str) -> None:
    store = FolderStore(folder)
    if use == "heads":
        store.heads([KEYS[0]])
    elif use == "put":
        store.put(KEYS[0], bytes(1_000))
    else:
        getattr(store, use)(KEYS[0])
    store.settle(20 * SIZE)
    assert FolderStore(folder).trim(SIZE).number == 19
    assert there(folder) == [0]


@pytest.mark.parametrize("listed", [True, False])
def test_use_is_noted_of_what_the_index_did_not_know(folder: Path, listed: bool) -> None:
    (folder / "kept-1" / "index.sqlite3").unlink()
    for path in folder.rglob("thing-*"):
        if path.is_file():
            os.utime(path, (LONG_AGO,) * 2)
    store = FolderStore(folder)
    if listed:
        store.info()
    store.get(KEYS[7])
    store.settle(20 * SIZE)
    assert FolderStore(folder).trim(SIZE).number == 19
    assert there(folder) == [7]


def test_what_this_process_uses_stays_however_little_is_allowed(folder: Path) -> None:
    store = FolderStore(folder)
    store.heads(KEYS[3:6])
    store.path(KEYS[9])
    store.put(content_key("other"), b"")
    assert store.trim(0).number == 16
    assert there(folder) == [3, 4, 5, 9]
    assert store.info().number("other") == 1


@contextmanager
def user_of(folder: Path, *keys: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that uses some keys until it is told to end."""
    program = (
        "import sys; from pathlib import Path; from calmcast.store.folder import FolderStore\n"
        "store = FolderStore(Path(sys.argv[1]))\n"
        "print(len(store.heads(sys.argv[2:])), flush=True)\n"
        "sys.stdin.read(1)\n"
        "print(sum(store.get(key) is not None for key in sys.argv[2:]))"
    )
    command = [sys.executable, "-c", program, str(folder), *keys]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == f"{len(keys)}\n"
        try:
            yield process
        finally:
            process.kill()


def test_what_another_process_uses_stays_while_it_runs(folder: Path) -> None:
    with user_of(folder, *KEYS[3:6]) as other:
        assert FolderStore(folder).trim(0).number == 17
        assert there(folder) == [3, 4, 5]
        assert other.communicate("x")[0] == "3\n"
    grow_old(folder)
    assert FolderStore(folder).trim(0).number == 3


def test_what_a_killed_process_used_goes(folder: Path) -> None:
    with user_of(folder, *KEYS[3:6]) as other:
        other.kill()
        other.wait()
    assert [*(folder / "kept-1" / "_leases").iterdir()], "it could not say that it has ended"
    grow_old(folder)
    assert FolderStore(folder).trim(0).number == 20
    assert not [*(folder / "kept-1" / "_leases").iterdir()]


PUT_AND_KILLED = """
import os, signal, sys
from pathlib import Path
from calmcast.store.folder import FolderStore
from calmcast.store.store import content_key
store = FolderStore(Path(sys.argv[1]))
for number in range(5):
    store.put(content_key("thing", "new", number), bytes(1_000))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there nobody is asked whether a process runs")
@pytest.mark.parametrize("ask", ["info", "trim", "settle"])
def test_what_a_killed_process_put_counts_though_it_had_not_noted_it(folder: Path, ask: str) -> None:
    assert FolderStore(folder).info().number("thing") == 20, "by now every folder is listed"
    done = subprocess.run([sys.executable, "-c", PUT_AND_KILLED, str(folder)], check=False)
    assert done.returncode < 0
    match ask:
        case "trim":
            assert FolderStore(folder).trim(24 * SIZE).number == 1
        case "settle":
            store = FolderStore(folder)
            store.get(content_key("thing", "missing"))
            store.settle(10**9)
    assert FolderStore(folder).info().number("thing") == (24 if ask == "trim" else 25)


def test_what_an_interrupted_process_put_is_noted_when_it_ends(folder: Path) -> None:
    assert FolderStore(folder).info().number("thing") == 20, "by now every folder is listed"
    program = PUT_AND_KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "raise KeyboardInterrupt")
    done = subprocess.run([sys.executable, "-c", program, str(folder)], check=False, capture_output=True)
    assert b"KeyboardInterrupt" in done.stderr
    assert FolderStore(folder).info().number("thing") == 25


def test_what_could_not_be_noted_for_an_interruption_is_noted_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    assert FolderStore(folder).info().number("thing") == 20
    store = FolderStore(folder)
    store.put(content_key("thing", "new"), bytes(1_000))
    with monkeypatch.context() as patched:
        patched.setattr(Index, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.heads(KEYS)
    del store
    assert FolderStore(folder).info().number("thing") == 21


def test_who_looked_before_there_was_a_store_has_a_lease_of_what_it_puts(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "kept")
    assert not store.heads(KEYS)
    assert not (tmp_path / "kept").exists()
    store.put(KEYS[0], bytes(1_000))
    assert len([*(tmp_path / "kept" / "kept-1" / "_leases").iterdir()]) == 1


def test_a_process_that_ends_leaves_no_lease(folder: Path) -> None:
    with user_of(folder, *KEYS[3:6]) as other:
        assert len([*(folder / "kept-1" / "_leases").iterdir()]) == 1
        other.communicate("x")
    assert not [*(folder / "kept-1" / "_leases").iterdir()]


def test_what_goes_before_it_is_noted_was_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(folder / "kept-1" / "index.sqlite3")) as index, index:
        index.execute("DELETE FROM kept WHERE key = ?", (KEYS[0],))
    store, add = FolderStore(folder), Index.add

    def trimmed_first(index: Index, seals: Mapping[str, tuple[int, bytes]], now: int) -> bool:
        if seals:
            monkeypatch.undo()
            assert FolderStore(folder).trim(0).number == 20
        return add(index, seals, now)

    monkeypatch.setattr(Index, "add", trimmed_first)
    assert store.heads(KEYS[:1]) == {}
    assert store.get(KEYS[0]) is None
    assert FolderStore(folder).info().number("thing") == 0


def test_a_lease_of_another_machine_counts_for_a_day(folder: Path) -> None:
    leases = folder / "kept-1" / "_leases"
    now = int(time.time())
    grow_old(folder)
    with closing(sqlite3.connect(folder / "kept-1" / "index.sqlite3", isolation_level=None)) as index:
        index.execute("UPDATE kept SET used = ?", (now - 3_600,))
    (leases / f"{'0' * 8}-1-{now - 7_200}-{'0' * 16}").touch()
    assert FolderStore(folder).trim(0).number == 0
    (leases / f"{'0' * 8}-1-{now - 90_000}-{'0' * 16}").touch()
    (leases / f"{'0' * 8}-1-{now - 7_200}-{'0' * 16}").unlink()
    assert FolderStore(folder).trim(0).number == 20


def test_a_command_that_found_everything_trims_nothing(folder: Path) -> None:
    store = FolderStore(folder)
    store.heads(KEYS)
    store.get(KEYS[0])
    store.settle(0)
    assert there(folder) == [*range(20)]
    store = FolderStore(folder)
    store.heads([content_key("missing")])
    grow_old(folder)
    store.settle(5 * SIZE)
    assert there(folder) == [15, 16, 17, 18, 19]


def test_what_is_found_again_and_again_is_seldom_written(folder: Path) -> None:
    store = FolderStore(folder)
    store.heads(KEYS)
    store.get(KEYS[1])
    store.settle(0)
    index = folder / "kept-1" / "index.sqlite3"
    before = index.stat().st_mtime_ns, index.read_bytes()
    for _ in range(3):
        again = FolderStore(folder)
        again.heads(KEYS)
        again.get(KEYS[1])
        again.settle(0)
    assert (index.stat().st_mtime_ns, index.read_bytes()) == before


def test_what_cannot_be_removed_is_left_and_nobody_waits(folder: Path) -> None:
    for key in KEYS[:4]:
        path = next(folder.rglob(key))
        path.unlink()
        path.mkdir()
    assert FolderStore(folder).trim(0).number == 16


def test_drafts_of_killed_processes_are_swept(folder: Path) -> None:
    drafts = folder / "kept-1" / "_drafts"
    with user_of(folder, KEYS[0]) as alive, user_of(folder, KEYS[0]) as killed:
        killed.kill()
        killed.wait()
        names = {who: next((folder / "kept-1" / "_leases").glob(f"*-{who.pid}-*")).name for who in (alive, killed)}
        marks = {who: "-".join(name.split("-")[:2]) for who, name in names.items()}
        for mark in marks.values():
            (drafts / f"{mark}-{'0' * 16}").write_bytes(b"half")
        (drafts / "mine").write_bytes(b"mine")
        FolderStore(folder).trim(10**9)
        assert sorted(path.name for path in drafts.iterdir()) == sorted([f"{marks[alive]}-{'0' * 16}", "mine"])


def test_old_drafts_of_other_machines_are_swept(folder: Path) -> None:
    drafts = folder / "kept-1" / "_drafts"
    old, new = (drafts / f"{'0' * 8}-1-{digit * 16}" for digit in "ab")
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    FolderStore(folder).trim(10**9)
    assert [*drafts.iterdir()] == [new]
