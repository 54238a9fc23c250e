"""Several processes at one store, any of which may be killed at any moment."""

import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from calmcast.store.folder import FolderStore
from calmcast.store.store import content_key

BEGINNING = """
    import itertools, random, sys, time
    from pathlib import Path
    import calmcast.store.folder
    from calmcast.store.folder import FolderStore
    from calmcast.store.store import content_key

    folder, chance = Path(sys.argv[1]), random.Random(sys.argv[2])
    keys = [content_key("thing", number) for number in range(40)]

    def data(key):
        return key.encode() * 500

    print("ready", flush=True)
"""
WRITER = """
    store = FolderStore(folder)
    while True:
        key = chance.choice(keys)
        store.put(key, data(key), key.encode())
        assert store.get(key) in (data(key), None)
        for key, head in store.heads(chance.sample(keys, 20)).items():
            assert head == key.encode()
        with store.filling(content_key("bed", chance.randrange(3))) as draft:
            draft.file.write(bytes(300_000))
        store.settle(600_000)
"""
USER = """
    # As `_GRAIN_S` is ten minutes, nothing would be old enough to go while the test lasts.
    calmcast.store.folder._GRAIN_S = 0
    for turn in itertools.count():
        store = FolderStore(folder)
        mine = chance.sample(keys, 10)
        found = store.heads(mine)
        for key in mine:
            if key not in found:
                store.put(key, data(key), key.encode())
        time.sleep(chance.random() / 5)
        for key in mine:
            assert store.get(key) == data(key), (turn, key in found)
        print(len(found), flush=True)
"""
TRIMMER = """
    calmcast.store.folder._GRAIN_S = 0
    store = FolderStore(folder)
    while True:
        print(-store.trim(400_000).number, flush=True)
"""


@contextmanager
def running(program: str, folder: Path, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Run so many processes of a program, and kill them in the end."""
    code = textwrap.dedent(BEGINNING) + textwrap.dedent(program)
    commands = [[sys.executable, "-c", code, str(folder), str(index)] for index in range(number)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    try:
        for process in processes:
            assert process.stdout
            process.stdout.readline()
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def assert_sound(folder: Path) -> None:
    """Look whether all that is there is whole, and the index in step with it."""
    store = FolderStore(folder)
    keys = sorted({path.name for path in folder.rglob("*-*") if path.is_file() and len(path.name) > 64})
    keys = [key for key in keys if key.startswith(("thing-", "bed-"))]
    heads = store.heads(keys)
    assert [*heads] == keys
    assert all(head == (key.encode() if key.startswith("thing-") else b"") for key, head in heads.items())
    with closing(sqlite3.connect(folder / "kept-1" / "index.sqlite3")) as index:
        assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert store.verify() == ()
    assert sum(holding.number for holding in store.info().holdings) == len(keys)


@pytest.mark.parametrize("times", [3, pytest.param(60, marks=pytest.mark.long)])
def test_writers_that_are_killed_leave_only_what_is_whole(tmp_path: Path, times: int) -> None:
    chance = random.Random(times)
    for _ in range(times):
        with running(WRITER, tmp_path, 2) as writers:
            time.sleep(chance.random() / 2)
            for writer in writers:
                assert writer.poll() is None, "it noticed nothing wrong"
                writer.kill()
                writer.wait()
        assert_sound(tmp_path)
    assert FolderStore(tmp_path).info().number("thing") > 0
    FolderStore(tmp_path).trim(1 << 40)
    assert not [*(tmp_path / "kept-1" / "_drafts").iterdir()]


@pytest.mark.parametrize("lasts_s", [3.0, pytest.param(10.0, marks=pytest.mark.long)])
def test_nobody_loses_what_it_uses_while_others_trim(tmp_path: Path, lasts_s: float) -> None:
    with running(USER, tmp_path, 2) as users, running(TRIMMER, tmp_path, 2) as trimmers:
        time.sleep(lasts_s)
        for process in (*users, *trimmers):
            assert process.poll() is None
            process.kill()
        told = [process.communicate()[0].split() for process in (*users, *trimmers)]
    found, removed = (sum(int(word) for words in some for word in words) for some in (told[:2], told[2:]))
    assert found > 0, "some was found again"
    assert removed < 0, "some was removed"
    assert_sound(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_forked_child_may_put_and_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(content_key("thing", "parent's"), b"parent's")
    child = os.fork()
    if not child:
        try:
            store.put(content_key("thing", "child's"), b"child's")
            os._exit(0 if store.get(content_key("thing", "parent's")) == b"parent's" else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert store.heads([content_key("thing", "child's")])
    assert store.info().number("thing") == 2
    assert len([*(tmp_path / "kept-1" / "_leases").iterdir()]) == 1, "the parent's lease outlives the child"


def test_many_threads_may_put_and_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    keys = [content_key("thing", number % 30) for number in range(150)]

    def put(key: str) -> bool:
        store.put(key, key.encode())
        return store.get(key) == key.encode() and key in store.heads([key])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(put, keys))
    assert store.info().number("thing") == 30


def test_it_goes_to_other_processes_without_what_it_knows_of_this_one(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(content_key("thing"), b"1")
    other = pickle.loads(pickle.dumps(store))
    assert (other.get(content_key("thing")), other.place) == (b"1", store.place)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_process_that_stands_still_in_the_index_holds_up_nobody_for_long(tmp_path: Path) -> None:
    FolderStore(tmp_path).put(content_key("thing", 0), b"1")
    program = """
    import sqlite3
    index = sqlite3.connect(folder / "kept-1" / "index.sqlite3", isolation_level=None)
    index.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    time.sleep(100)
    """
    with running(program, tmp_path, 1) as (holder,):
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        store = FolderStore(tmp_path)
        for number in range(1, 20):
            store.put(content_key("thing", number), b"2")
            assert store.get(content_key("thing", number)) == b"2"
            assert store.heads([content_key("thing", 0)])
        assert time.monotonic() - began < 10
    assert_sound_of(tmp_path, 20)


def assert_sound_of(folder: Path, number: int) -> None:
    store = FolderStore(folder)
    assert store.verify() == ()
    assert store.info().number("thing") == number
