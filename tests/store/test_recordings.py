"""Recordings kept by content: what is read is what was written, or nothing."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording
from calmcast.store.recordings import Store, StoreInfo

KEY = "ab" * 32
PCM = bytes(range(200)) * 5
RECORDING = Recording(KEY, 500, ((10, 44_100), (60_000, 50_000)), (0.1, 1 / 3, 1e-12), 0.7071067811865476)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store with one recording."""
    made = Store(tmp_path / "deep" / "store")
    made.put(RECORDING, PCM)
    return made


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "store" / f"{KEY}.recording"


def test_what_is_kept_comes_back_to_the_last_digit(store: Store, tmp_path: Path) -> None:
    assert store.get(KEY) == RECORDING
    assert store.pcm(RECORDING) == PCM
    assert store.info() == StoreInfo(1, file_of(tmp_path).stat().st_size)
    assert store.verify() == ()


def test_what_was_never_kept_is_not_there(store: Store, tmp_path: Path) -> None:
    assert store.get("cd" * 32) is None
    assert Store(tmp_path / "nowhere").get(KEY) is None
    assert Store(tmp_path / "nowhere").info() == StoreInfo(0, 0)
    assert Store(tmp_path / "nowhere").verify() == ()
    assert Store(tmp_path / "nowhere").clear() == 0


@pytest.mark.parametrize("position", [0, 5, 40, 120, 200, 260, -1, -500])
def test_one_changed_byte_is_noticed(store: Store, tmp_path: Path, position: int) -> None:
    data = bytearray(file_of(tmp_path).read_bytes())
    data[position] ^= 1
    file_of(tmp_path).write_bytes(data)
    assert store.get(KEY) is None
    assert store.verify() == (file_of(tmp_path),)
    with pytest.raises(SpeechError, match="gone or damaged"):
        store.pcm(RECORDING)
    store.put(RECORDING, PCM)
    assert store.get(KEY) == RECORDING


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}\n",
        b"null\n",
        b"[1]\n",
        b"RIFF....WAVE",
        b"\xff\xfe\n",
        b"[" * 100_000,
        b'{"calmcast": 1, "key": "x", "samples": "many"}\n',
        b'{"calmcast": 999}\n',
        b"9" * 5_000 + b"\n",
    ],
)
def test_a_foreign_file_is_noticed(store: Store, tmp_path: Path, data: bytes) -> None:
    file_of(tmp_path).write_bytes(data)
    assert store.get(KEY) is None
    assert store.verify() == (file_of(tmp_path),)


def test_a_recording_under_another_name_is_noticed(store: Store, tmp_path: Path) -> None:
    other = file_of(tmp_path).with_name(f"{'cd' * 32}.recording")
    file_of(tmp_path).rename(other)
    assert store.get("cd" * 32) is None
    assert store.verify() == (other,)


def test_a_file_cut_short_or_too_long_is_noticed(store: Store, tmp_path: Path) -> None:
    data = file_of(tmp_path).read_bytes()
    for changed in (data[:-2], data + b"ab", data[:100]):
        file_of(tmp_path).write_bytes(changed)
        assert store.get(KEY) is None


def test_clearing_removes_recordings_and_nothing_else(store: Store, tmp_path: Path) -> None:
    note = file_of(tmp_path).with_name("note.txt")
    note.write_text("mine")
    assert store.clear() == 1
    assert store.info().recordings == 0
    assert note.read_text() == "mine"


def test_samples_that_do_not_fit_are_a_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="are not"):
        store.put(RECORDING, PCM[:-2])


def test_only_old_drafts_are_removed(tmp_path: Path) -> None:
    old, new = (tmp_path / f".{KEY}.{'0' * 15}{i}.part" for i in (1, 2))
    mine = tmp_path / ".mine.part"
    for path in (old, new, mine):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - 7_200,) * 2)
    os.utime(new)
    Store(tmp_path).put(RECORDING, PCM)
    assert not old.exists()
    assert new.exists()
    assert mine.exists()


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError, match="recordings cannot be kept in") as caught:
        Store(tmp_path / "file" / "store").put(RECORDING, PCM)
    assert caught.value.hint


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SpeechError, match="No space left"):
        Store(tmp_path).put(RECORDING, PCM)
    assert not [*tmp_path.iterdir()]


WRITER = """
    import sys
    from pathlib import Path
    from calmcast.model.voice import Recording
    from calmcast.store.recordings import Store

    store = Store(Path(sys.argv[1]))
    print("ready", flush=True)
    while True:
        for i in range(20):
            key = f"{i:064x}"
            store.put(Recording(key, 50_000, (), (0.5,), 0.5), bytes([i]) * 100_000)
            found = store.get(key)
            assert found is not None, key
            assert store.pcm(found) == bytes([i]) * 100_000
"""


def test_two_processes_that_are_killed_leave_only_whole_recordings(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for writer in writers:
        assert writer.stdout
        writer.stdout.readline()
    time.sleep(1)
    for writer in writers:
        assert writer.poll() is None, "it noticed nothing wrong"
        writer.kill()
        writer.communicate()
    assert Store(tmp_path).info().recordings > 0
    assert Store(tmp_path).verify() == ()
