"""What a run goes by is seen whoever asks for it, as it was then."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from calmcast.files import write_bytes
from calmcast.seen import answer, aside, content, looked_at, names, presence, set_apart, watching


def read_by_pathlib(path: Path) -> None:
    path.read_text(encoding="utf-8")


def read_by_another_library(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        yaml.safe_load(file)


def read_by_its_descriptor(path: Path) -> None:
    os.close(os.open(path, os.O_RDONLY))


def read_from_its_folder(path: Path) -> None:
    os.chdir(path.parent)
    json.loads(Path(path.name).read_bytes())


def read_in_a_thread(path: Path) -> None:
    thread = threading.Thread(target=path.read_bytes)
    thread.start()
    thread.join()


READERS = [read_by_pathlib, read_by_another_library, read_by_its_descriptor, read_from_its_folder, read_in_a_thread]


@pytest.mark.parametrize("read", READERS)
def test_a_file_is_seen_whoever_opens_it(
    tmp_path: Path, read: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "words.json"
    path.write_text("[1]", encoding="utf-8")
    with watching() as seen:
        read(path)
    assert seen.read == {str(path): content(str(path))}
    read(path)
    assert len(seen.read) == 1


def test_a_file_is_seen_as_it_was_when_it_was_first_opened(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text("then", encoding="utf-8")
    before = content(str(path))
    with watching() as seen:
        path.read_text(encoding="utf-8")
        path.write_text("now.", encoding="utf-8")
        path.read_text(encoding="utf-8")
    assert seen.read == {str(path): before}
    assert content(str(path)) != before


def test_what_is_not_there_is_seen_to_be_missing(tmp_path: Path) -> None:
    with watching() as seen, pytest.raises(FileNotFoundError):
        (tmp_path / "words").read_bytes()
    assert seen.read == {str(tmp_path / "words"): None}


@pytest.mark.parametrize(
    "ask",
    [
        os.listdir,
        lambda path: os.scandir(path).close(),
        lambda path: [*Path(path).iterdir()],
        lambda path: [*Path(path).glob("*")],
    ],
)
def test_a_folder_is_seen_whoever_lists_it(tmp_path: Path, ask: Callable[[Path], object]) -> None:
    (tmp_path / "words").touch()
    (tmp_path / "inside").mkdir()
    (tmp_path / "link").symlink_to("words")
    with watching() as seen:
        ask(tmp_path)
    assert seen.listed[str(tmp_path)] == frozenset({"words", "inside/", "link@"})


def test_a_state_tells_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "words"
    assert (content(str(path)), names(str(path)), presence(str(path))) == (None, None, None)
    path.write_text("a", encoding="utf-8")
    os.utime(path, ns=(1, 2))
    assert presence(str(path)) == "1 2"
    one = content(str(path))
    path.write_text("b", encoding="utf-8")
    assert content(str(path)) != one
    path.unlink()
    path.mkdir()
    assert (content(str(path)), presence(str(path))) == ("no file", "no file")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert content(str(pipe)) == content("/dev/urandom") == "no file"
    with watching() as seen, Path("/dev/zero").open("rb") as file:
        file.read(1)
    assert seen.read == {}


def test_what_a_run_makes_is_not_what_it_goes_by(tmp_path: Path) -> None:
    draft, made = tmp_path / "draft", tmp_path / "folder" / "made"
    with watching() as seen:
        draft.write_bytes(b"1")
        write_bytes(made, draft.read_bytes())
        draft.unlink()
    assert seen.read == {}
    assert {*seen.made} == {str(made)}
    assert seen.has_left(str(made))
    os.utime(made, ns=(0, made.stat().st_mtime_ns))
    assert not seen.has_left(str(made)), "it is as large and as old, but somebody has touched it"
    assert not seen.has_left(str(draft))
    assert {str(draft), str(made.parent)} <= seen.changed
    assert seen.created == {str(made.parent)}


def test_what_is_asked_and_answered_is_told(tmp_path: Path) -> None:
    with watching() as seen:
        assert not looked_at(tmp_path / "words").exists()
        set_apart(tmp_path / "store")
        said = answer([sys.executable, "-c", "print('soft')"])
        assert answer([str(tmp_path / "nobody")]) == ""
    assert said.strip() == "soft"
    assert seen.looked == {str(tmp_path / "words"): None}
    assert seen.apart == {str(tmp_path / "store")}
    assert seen.answers == {(sys.executable, "-c", "print('soft')"): said, (str(tmp_path / "nobody"),): ""}


def test_what_is_done_aside_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / "words").touch()
    with watching() as seen:
        with aside():
            (tmp_path / "words").read_bytes()
            looked_at(tmp_path / "words")
        assert (seen.read, seen.looked) == ({}, {})
        (tmp_path / "words").read_bytes()
    assert len(seen.read) == 1


def test_a_part_of_a_run_is_seen_by_itself(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with watching() as whole:
        (tmp_path / "one").read_bytes()
        with watching() as part:
            (tmp_path / "one").read_bytes()
            (tmp_path / "two").read_bytes()
        (tmp_path / "two").read_bytes()
        with watching() as other:
            (tmp_path / "two").read_bytes()
    assert whole.read == part.read
    assert other.read == {str(tmp_path / "two"): content(str(tmp_path / "two"))}


def test_what_cannot_be_made_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with watching() as seen, pytest.raises(FileNotFoundError):
        Path("words").read_bytes()
    assert not seen.whole


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_forked_process_looks_at_nothing(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(bytes(50_000_000))
    with watching():
        began = time.process_time()
        child = os.fork()
        if not child:
            (tmp_path / "words").open("rb").close()
            os._exit(time.process_time() - began > 0.005)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
