"""A store in a folder: what is read is what was written, or nothing; the index is never the truth."""

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.store.folder import FolderStore
from calmcast.store.store import Holding, content_key, kept

KEY = content_key("thing", 1)
KEYS = [content_key("thing", number) for number in range(20)]
HUGE = 1 << 40


def index_of(folder: Path) -> Path:
    return folder / "kept-1" / "index.sqlite3"


def file_of(folder: Path, key: str = KEY) -> Path:
    return next(folder.rglob(key))


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Return a store with twenty things: key n has n bytes, and n as its head."""
    made = FolderStore(tmp_path / "deep")
    for number, key in enumerate(KEYS):
        made.put(key, b"x" * number, str(number).encode())
    made.heads([])  # whoever asks has noted what was put
    return made


@given(data=st.binary(max_size=300), head=st.binary(max_size=6_000))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes) -> None:
    folder = tmp_path_factory.mktemp("kept")
    FolderStore(folder).put(KEY, data, head)
    for indexed in (True, False):
        assert FolderStore(folder).heads([KEY]) == {KEY: head}, indexed
        assert FolderStore(folder).get(KEY) == data
        index_of(folder).unlink()


def test_what_was_never_kept_is_not_there(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "nowhere")
    assert (store.get(KEY), store.heads([KEY]), store.path(KEY), store.verify(), store.clear()) == (
        None,
        {},
        None,
        (),
        0,
    )
    assert store.info().size_bytes == store.trim(0).size_bytes == 0
    store.settle(0)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("key", ["", "thing", "../thing-" + "a" * 64, "thing-" + "A" * 64, "thing-" + "a" * 63, "a b"])
def test_what_is_no_key_is_a_mistake(store: FolderStore, key: str) -> None:
    for use in (store.get, store.path, lambda key: store.heads([key]), lambda key: store.put(key, b"")):
        with pytest.raises(ValueError, match="no key"):
            use(key)


def test_the_last_that_is_put_counts(store: FolderStore) -> None:
    store.put(KEY, b"other", b"head")
    assert (store.get(KEY), store.heads([KEY])) == (b"other", {KEY: b"head"})
    assert store.info().number("thing") == 20


def test_large_ones_are_filled_and_read_in_stretches(store: FolderStore, tmp_path: Path) -> None:
    with store.filling(content_key("bed")) as draft:
        draft.file.write(b"0123456789" * 100_000)
        draft.file.seek(5)
        assert draft.file.read(3) == b"567"
        draft.head = b"known at the end"
    path = store.path(content_key("bed"))
    assert path
    with path.open("rb") as file:
        assert file.read(12) == b"012345678901"
    assert store.heads([content_key("bed")]) == {content_key("bed"): b"known at the end"}
    assert store.get(content_key("bed")) == b"0123456789" * 100_000
    with pytest.raises(KeyError), store.filling(content_key("bed", 2)):
        raise KeyError
    assert store.path(content_key("bed", 2)) is None
    assert not [*(tmp_path / "deep" / "kept-1" / "_drafts").iterdir()]


@pytest.mark.parametrize("place", [0, 4_096, 3_456_789, 9_999_999])
def test_a_large_one_is_read_to_its_end_before_it_is_read_in_stretches(tmp_path: Path, place: int) -> None:
    key = content_key("bed")
    with FolderStore(tmp_path).filling(key) as draft:
        draft.file.write(bytes(10_000_000))
    with file_of(tmp_path, key).open("r+b") as file:
        file.seek(place)
        file.write(b"\x01")
    store = FolderStore(tmp_path)
    assert store.heads([key]) == {key: b""}
    assert (store.path(key), store.heads([key])) == (None, {})


def test_info_tells_of_each_kind(store: FolderStore) -> None:
    store.put(content_key("bell"), b"123")
    bell, thing = store.info().holdings
    assert (bell.kind, bell.number, thing.kind, thing.number) == ("bell", 1, "thing", 20)
    assert bell.size_bytes == file_of(store.folder, content_key("bell")).stat().st_size
    assert thing.size_bytes == sum(file_of(store.folder, key).stat().st_size for key in KEYS)


@pytest.mark.parametrize("position", [*range(0, 110, 5), -1])
def test_one_changed_byte_is_noticed(tmp_path: Path, position: int) -> None:
    store = FolderStore(tmp_path)
    store.put(KEY, bytes(20), b"head")
    data = bytearray(file_of(tmp_path).read_bytes())
    data[min(position, len(data) - 1)] ^= 1
    file_of(tmp_path).write_bytes(data)
    assert store.get(KEY) is None
    assert not [*tmp_path.rglob(KEY)], "it is dropped"
    assert (store.heads([KEY]), store.info().number("thing")) == ({}, 0)


@pytest.mark.parametrize(
    "change", [lambda d: d[:-2], lambda d: d + b"ab", lambda d: d[:5], lambda _: b"", lambda _: b"R" * 9_000]
)
def test_a_file_that_is_cut_or_foreign_is_noticed(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    store = FolderStore(tmp_path)
    store.put(KEY, bytes(20), b"head")
    file_of(tmp_path).write_bytes(change(file_of(tmp_path).read_bytes()))
    assert (store.heads([KEY]), store.path(KEY)) == ({}, None)
    assert store.verify() == (str(tmp_path / "kept-1" / "thing" / KEY[6:8] / KEY),)
    assert store.verify() == ()
    assert kept(store, KEY, lambda: b"anew") == b"anew"
    assert store.get(KEY) == b"anew"


def test_a_file_under_another_key_is_noticed(store: FolderStore) -> None:
    path = file_of(store.folder)
    other = content_key("thing", "other")
    place = path.parents[1] / other[6:8] / other
    place.parent.mkdir(exist_ok=True)
    path.rename(place)
    assert store.get(other) is None
    assert store.get(KEY) is None


def test_clearing_removes_what_is_kept_and_nothing_else(store: FolderStore) -> None:
    notes = [store.folder / "note.txt", store.folder / "kept-1" / "thing" / "note.txt", store.folder / "kept.recording"]
    for note in notes:
        note.write_text("mine")
    assert store.clear() == 20
    assert store.info().size_bytes == 0
    assert all(note.read_text() == "mine" for note in notes)


def test_what_an_earlier_calmcast_kept_is_told_and_goes(store: FolderStore) -> None:
    (store.folder / "beds").mkdir()
    (store.folder / "kept-0" / "deep").mkdir(parents=True)
    old = [f"{'ab' * 32}.recording", f"beds/{'cd' * 32}.bed", "kept-0/deep/file", f".{'ab' * 32}.{'0' * 16}.part"]
    for name in old:
        (store.folder / name).write_bytes(b"12345")
    mine = [store.folder / "beds" / "rain.bed", store.folder / "my.recording"]
    for path in mine:
        path.touch()
    assert store.info().former == Holding("former", 4, 20)
    assert store.trim(HUGE) == Holding("removed", 4, 20)
    assert store.info().former.number == 0
    assert all(path.exists() for path in mine)
    assert store.info().number("thing") == 20


def damaged(index: Path, how: str) -> None:
    """Do to an index what may happen to one."""
    whole = index.read_bytes()
    if how == "cut":
        index.write_bytes(whole[: len(whole) // 2])
    elif how == "emptied":
        index.write_bytes(b"")
    elif how == "words":
        index.write_bytes(b"What is this?\n" * 1_000)
    elif how == "gone":
        index.unlink()
    elif how == "a folder":
        index.unlink()
        index.mkdir()
    elif how == "another version":
        with closing(sqlite3.connect(index)) as db:
            db.execute("PRAGMA user_version = 99")
    elif how == "another program":
        index.unlink()
        with closing(sqlite3.connect(index)) as db:
            db.execute("CREATE TABLE kept (whatever)")
            db.commit()
    elif how == "no tables":
        with closing(sqlite3.connect(index)) as db:
            db.execute("DROP TABLE kept")
    elif how == "other types":
        with closing(sqlite3.connect(index)) as db:
            db.execute("UPDATE kept SET used = 'long ago', seal = 7, size = 'large'")
            db.commit()
    elif how == "others' heads":
        with closing(sqlite3.connect(index)) as db:
            db.execute("UPDATE kept SET seal = (SELECT seal FROM kept LIMIT 1)")
            db.commit()
    else:
        chance = random.Random(how)
        data = bytearray(whole)
        for _ in range(chance.choice([1, 20, 2_000])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        index.write_bytes(data)


DAMAGE = (
    "cut", "emptied", "words", "gone", "a folder", "another version", "another program", "no tables", "other types",
    "others' heads",
)  # fmt: skip
BY_CHANCE = tuple(f"chance {number}" for number in range(40))


@pytest.mark.parametrize("how", DAMAGE + BY_CHANCE)
def test_a_damaged_index_is_made_anew_without_a_word(store: FolderStore, how: str) -> None:
    damaged(index_of(store.folder), how)
    assert store.heads(KEYS) == {key: str(number).encode() for number, key in enumerate(KEYS)}
    assert store.get(KEYS[7]) == b"x" * 7
    store.put(content_key("thing", "new"), b"new", b"head")
    assert store.heads([content_key("thing", "new")]) == {content_key("thing", "new"): b"head"}
    if how in DAMAGE:
        assert store.info().number("thing") == 21
    store.verify()
    assert store.info().number("thing") == 21
    assert store.trim(HUGE).number == 0
    store.settle(HUGE)


def test_an_index_that_is_gone_while_others_have_it_open(store: FolderStore) -> None:
    with closing(sqlite3.connect(index_of(store.folder), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        index_of(store.folder).unlink()
        assert len(store.heads(KEYS)) == 20
        store.put(content_key("thing", "new"), b"new")
        other.execute("COMMIT")
    assert store.info().number("thing") == 21


def test_what_others_hold_is_not_waited_for_for_ever(store: FolderStore) -> None:
    with closing(sqlite3.connect(index_of(store.folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        assert len(store.heads(KEYS)) == 20
        for key in KEYS:
            store.put(key, b"anew")
        assert store.info().number("thing") == 20
        assert time.monotonic() - began < 5, "it is waited for once"
        assert store.get(KEY) == b"anew"
    store.heads(KEYS)
    assert store.info().size_bytes == sum(file_of(store.folder, key).stat().st_size for key in KEYS), "and used again"


@pytest.mark.parametrize(
    ("lock", "use"),
    [
        ("EXCLUSIVE", lambda store: store.put(KEYS[7], b"x" * 7, b"7")),
        ("EXCLUSIVE", lambda store: store.heads([KEYS[7]])),
        ("IMMEDIATE", lambda store: store.heads([KEYS[7]])),
    ],
    ids=["put", "read from the file", "read from the index"],
)
def test_what_is_used_stays_though_the_index_could_not_be_told(
    store: FolderStore, lock: str, use: Callable[[FolderStore], object]
) -> None:
    with closing(sqlite3.connect(index_of(store.folder), isolation_level=None)) as other:
        other.execute("UPDATE kept SET used = 1")  # as others had left it, long ago
        for key in KEYS:
            os.utime(file_of(store.folder, key), (1, 1))
        other.execute(f"BEGIN {lock}")
        use(store)
    assert FolderStore(store.folder).trim(0).number == 19
    assert store.get(KEYS[7]) == b"x" * 7


def test_an_index_out_of_step_is_put_right(store: FolderStore) -> None:
    assert store.info().number("thing") == 20
    gone, changed = KEYS[3], KEYS[4]
    file_of(store.folder, gone).unlink()
    path = file_of(store.folder, changed)
    path.unlink()
    FolderStore(store.folder.parent / "other").put(changed, b"longer than it was", b"other")
    shutil.copyfile(file_of(store.folder.parent / "other", changed), path)
    assert store.info().number("thing") == 20, "what is known may be out of step"
    heads = store.heads(KEYS)
    assert (gone in heads, heads[changed]) == (False, b"other")
    assert store.info().number("thing") == 19
    path.with_name(content_key("thing", "foreign")).write_bytes(b"no seal")
    store.verify()
    assert store.info().number("thing") == 19


def test_files_that_came_without_an_index_are_found(store: FolderStore, tmp_path: Path) -> None:
    shutil.copytree(store.folder / "kept-1" / "thing", tmp_path / "copy" / "kept-1" / "thing")
    copy = FolderStore(tmp_path / "copy")
    assert copy.info().number("thing") == 20
    assert copy.heads(KEYS) == store.heads(KEYS)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write in a folder while the block runs."""
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in places:
        path.chmod(0o500)
    yield
    for path in places:
        path.chmod(0o700)


@pytest.mark.usefixtures("modes_hold")
@pytest.mark.parametrize("indexed", [True, False])
def test_a_folder_that_nobody_may_write_in_is_read(store: FolderStore, indexed: bool) -> None:
    if not indexed:
        index_of(store.folder).unlink()
    with read_only(store.folder):
        reader = FolderStore(store.folder)
        assert reader.heads(KEYS) == {key: str(number).encode() for number, key in enumerate(KEYS)}
        assert reader.get(KEYS[5]) == b"x" * 5
        assert reader.path(KEYS[5])
        assert reader.info().number("thing") == 20
        assert kept(reader, content_key("thing", "new"), lambda: b"made each time") == b"made each time"
        with pytest.raises(PermissionError):
            reader.put(KEY, b"")
        reader.settle(0)
        assert reader.trim(0).number == 0
    assert store.info().number("thing") == 20
