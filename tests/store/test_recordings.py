"""Recordings in a store: what is read is what was written, or nothing."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording
from calmcast.store.recordings import Recordings

KEY = "ab" * 32
PCM = bytes(range(200)) * 5
RECORDING = Recording(KEY, 500, ((10, 44_100), (60_000, 50_000)), (0.1, 1 / 3, 1e-12), 0.7071067811865476)


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    """Return a store with one recording."""
    made = Recordings.at(tmp_path / "deep" / "store")
    made.put(RECORDING, PCM)
    return made


def file_of(tmp_path: Path) -> Path:
    return next((tmp_path / "deep" / "store").rglob("recording-ab*"))


@pytest.mark.parametrize("heard", [None, (3, 480)])
@pytest.mark.parametrize("silences", [(), RECORDING.silences])
@pytest.mark.parametrize("loudness", [(), RECORDING.loudness, (0.0,) * 3_000])
def test_what_is_kept_comes_back_to_the_last_digit(
    tmp_path: Path,
    heard: tuple[int, int] | None,
    silences: tuple[tuple[int, int], ...],
    loudness: tuple[float, ...],
) -> None:
    recording = Recording(KEY, 500, silences, loudness, 1 / 3, heard)
    Recordings.at(tmp_path).put(recording, PCM)
    assert Recordings.at(tmp_path).get(KEY) == recording
    assert Recordings.at(tmp_path).pcm(recording) == PCM


def test_what_was_never_kept_is_not_there(recordings: Recordings, tmp_path: Path) -> None:
    assert recordings.get("cd" * 32) is None
    assert recordings.several(["cd" * 32, KEY]) == {KEY: RECORDING}
    assert Recordings.at(tmp_path / "nowhere").get(KEY) is None
    assert not (tmp_path / "nowhere").exists()


def test_a_plan_reads_no_samples(recordings: Recordings, tmp_path: Path) -> None:
    data = bytearray(file_of(tmp_path).read_bytes())
    data[7] ^= 1
    file_of(tmp_path).write_bytes(data)
    assert recordings.get(KEY) == RECORDING
    with pytest.raises(SpeechError, match="gone or damaged"):
        recordings.pcm(RECORDING)
    assert recordings.get(KEY) is None, "what is damaged is dropped, so that the next run speaks it anew"
    recordings.put(RECORDING, PCM)
    assert recordings.pcm(RECORDING) == PCM


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)


def test_what_is_damaged_is_made_again_by_who_knows_how(recordings: Recordings, tmp_path: Path) -> None:
    flip(file_of(tmp_path))
    recordings.again[KEY] = lambda here: here.put(RECORDING, PCM)
    assert recordings.pcm(RECORDING) == PCM
    assert recordings.get(KEY) == RECORDING


def test_it_is_made_again_once(recordings: Recordings, tmp_path: Path) -> None:
    made = []

    def in_vain(here: Recordings) -> None:
        made.append(here)
        here.put(RECORDING, PCM)
        flip(file_of(tmp_path))

    flip(file_of(tmp_path))
    recordings.again[KEY] = in_vain
    for _ in range(2):
        with pytest.raises(SpeechError, match="gone or damaged"):
            recordings.pcm(RECORDING)
    assert len(made) == 1


def test_several_threads_that_want_it_have_it_made_once(recordings: Recordings, tmp_path: Path) -> None:
    made = []

    def slowly(here: Recordings) -> None:
        made.append(here)
        time.sleep(0.05)
        here.put(RECORDING, PCM)

    flip(file_of(tmp_path))
    recordings.again[KEY] = slowly
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(recordings.pcm, [RECORDING] * 4)] == [PCM] * 4
    assert len(made) == 1


def test_samples_that_are_gone_or_not_those_that_are_meant_are_told(recordings: Recordings, tmp_path: Path) -> None:
    other = Recording(KEY, 400, (), (), 0.5)
    with pytest.raises(SpeechError, match="gone or damaged"):
        recordings.pcm(other)
    file_of(tmp_path).unlink()
    with pytest.raises(SpeechError, match="gone or damaged") as caught:
        recordings.pcm(RECORDING)
    assert caught.value.hint
    assert recordings.get(KEY) is None


@pytest.mark.parametrize("head", [b"", b"\n", b"{}\n", b"null\n", b"[1]\n", b"9" * 5_000, b'{"samples": "many"}\n'])
def test_a_head_that_says_something_else_is_no_recording(recordings: Recordings, head: bytes) -> None:
    recordings.store.put(f"recording-{KEY}", PCM, head)
    assert recordings.get(KEY) is None


def test_samples_that_do_not_fit_are_a_mistake(recordings: Recordings) -> None:
    with pytest.raises(ValueError, match="are not"):
        recordings.put(RECORDING, PCM[:-2])


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError, match="recordings cannot be kept in") as caught:
        Recordings.at(tmp_path / "file" / "store").put(RECORDING, PCM)
    assert caught.value.hint


def test_they_go_to_other_processes(recordings: Recordings) -> None:
    assert pickle.loads(pickle.dumps(recordings)).get(KEY) == RECORDING
