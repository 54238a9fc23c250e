"""From utterances to recordings, with the tone engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Recording, Tone, Utterance
from calmcast.speech.engines.registry import find
from calmcast.speech.engines.tone import tone_samples
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.run.orders import UnspokenError, recording_key
from calmcast.speech.run.recording import MARGIN
from calmcast.speech.run.speak import speak
from calmcast.speech.words.pace import LONGEST_PACED
from calmcast.store.folder import FolderStore
from calmcast.store.recordings import Recordings
from calmcast.store.store import KEY
from tests.speech.speaking import finish, jobs, utterance

LINES = ("Let your shoulders soften.", "And rest.", "Feel the floor.")


def test_recordings_come_in_order_and_are_as_long_as_their_words(tmp_path: Path) -> None:
    recordings, new = speak(jobs("tone", *LINES), Recordings.at(tmp_path), finish)
    assert new == 3
    for line, recording in zip(LINES, recordings, strict=True):
        assert abs(recording.samples - (tone_samples(line, 150) + 2 * MARGIN)) < 441


def test_equal_lines_are_spoken_once_and_later_runs_speak_nothing(tmp_path: Path) -> None:
    spoken = jobs("tone", *LINES, *LINES, LINES[0])
    first, new = speak(spoken, Recordings.at(tmp_path), finish)
    again, none = speak(spoken, Recordings.at(tmp_path), finish)
    assert (new, none) == (3, 0)
    assert first == again
    assert first[0] == first[3] == first[6]


def test_a_damaged_recording_is_spoken_again(tmp_path: Path) -> None:
    store = Recordings.at(tmp_path)
    first, _ = speak(jobs("tone", *LINES), store, finish)
    next(tmp_path.rglob(f"recording-{first[1].key}")).write_bytes(b"damaged")
    again, new = speak(jobs("tone", *LINES), store, finish)
    assert new == 1
    assert again == first
    assert store.store.verify() == ()


def test_progress_counts_what_is_spoken(tmp_path: Path) -> None:
    speak(jobs("tone", LINES[0]), Recordings.at(tmp_path), finish)
    told: list[tuple[int, int]] = []
    speak(
        jobs("tone", *LINES, LINES[1]),
        Recordings.at(tmp_path),
        finish,
        on_progress=lambda *told_now: told.append(told_now),
    )
    assert told == [(0, 2), (1, 2), (2, 2)]
    told.clear()
    speak(jobs("tone", *LINES), Recordings.at(tmp_path), finish, on_progress=lambda *told_now: told.append(told_now))
    assert told == []


def test_several_voices_share_one_run(tmp_path: Path) -> None:
    low, high = ({"pitch": "150"}, {"pitch": "600"})
    mixed = [job for line in LINES for settings in (low, high) for job in jobs("tone", line, settings=settings)]
    recordings, new = speak(mixed, Recordings.at(tmp_path), finish)
    assert new == 6
    assert len({recording.key for recording in recordings}) == 6


def test_nothing_to_speak_is_no_work(tmp_path: Path) -> None:
    assert speak([], Recordings.at(tmp_path / "store"), finish) == ((), 0)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("empty", [Utterance(()), utterance("…"), Utterance((Phrase((), 44_100),))])
def test_a_line_with_nothing_to_say_is_told_before_anything_is_spoken(empty: Utterance, tmp_path: Path) -> None:
    lines = [*jobs("tone", *LINES), SpeechJob(empty, find("tone"), {})]
    with pytest.raises(UnspokenError, match="nothing to say") as caught:
        speak(lines, Recordings.at(tmp_path / "store"), finish)
    assert caught.value.index == 3
    assert not (tmp_path / "store").exists()


def test_a_store_that_cannot_be_written_is_no_fault_of_the_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpeechError, match="recordings cannot be kept") as caught:
        speak(jobs("tone", *LINES), Recordings.at(tmp_path / "file"), finish)
    assert not isinstance(caught.value, UnspokenError)


def broken(_samples: NDArray[np.int16], _tone: Tone) -> tuple[NDArray[np.int16], tuple[float, ...], float]:
    raise ZeroDivisionError("in the finish")


def test_a_fault_of_the_finish_is_no_fault_of_the_line(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError: in the finish"):
        speak(jobs("tone", *LINES), Recordings.at(tmp_path), broken)
    assert not FolderStore(tmp_path).info().holdings


def test_an_interrupt_ends_everything_and_keeps_what_was_spoken(tmp_path: Path) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    lines = jobs("tone", *(f"Line number {i} of many." for i in range(200)))
    with pytest.raises(KeyboardInterrupt):
        speak(lines, Recordings.at(tmp_path), finish, processes=2, on_progress=interrupt)
    assert 2 <= FolderStore(tmp_path).info().number("recording") < 200
    assert FolderStore(tmp_path).verify() == ()


def test_the_key_covers_all_that_is_heard() -> None:
    plain = ("tone", "1", [("rate", "150")], [("Let go", 10), ("now", 0)])
    changed = [
        ("tine", "1", [("rate", "150")], [("Let go", 10), ("now", 0)]),
        ("tone", "2", [("rate", "150")], [("Let go", 10), ("now", 0)]),
        ("tone", "1", [("rate", "151")], [("Let go", 10), ("now", 0)]),
        ("tone", "1", [("rate", "150")], [("Let go.", 10), ("now", 0)]),
        ("tone", "1", [("rate", "150")], [("Let go", 11), ("now", 0)]),
        ("tone", "1", [("rate", "150")], [("Let go", 10), ("now", 1)]),
        ("tone", "1", [("rate", "150")], [("Let go now", 0)]),
    ]
    assert len({recording_key(*plain), *(recording_key(*one) for one in changed)}) == 8
    assert recording_key(*plain) == recording_key(*plain)


def test_a_setting_left_out_is_its_default(tmp_path: Path) -> None:
    store = Recordings.at(tmp_path)
    speak(jobs("tone", *LINES), store, finish)
    _, new = speak(jobs("tone", *LINES, settings={"rate": "150", "pitch": "220"}), store, finish)
    assert new == 0


def test_a_pace_is_kept_by_silence(tmp_path: Path) -> None:
    """A phrase and the silence after it last as long as asked, but the silence no longer than bearable."""
    slow, slower = Phrase(("Let it go",), 4_410, 3 * 44_100), Phrase(("and rest",), 4_410, 30 * 44_100)
    phrases = (slow, slower, Phrase(("now",), 0))
    job = SpeechJob(Utterance(phrases), find("tone"), {})
    (paced,), _ = speak([job], Recordings.at(tmp_path), finish)
    plain = [tone_samples(text, 150) + 2 * MARGIN for text in ("Let it go", "and rest", "now")]
    assert abs(paced.samples - (3 * 44_100 + plain[1] + LONGEST_PACED + plain[2])) < 1_000


def toned(samples: NDArray[np.int16], tone: Tone) -> tuple[NDArray[np.int16], tuple[float, ...], float]:
    return samples, (float(tone.low_cut_hz), float(tone.room)), 0.0


def test_a_tone_is_part_of_the_key_and_reaches_the_finish(tmp_path: Path) -> None:
    shaped = [Tone(low_cut_hz=80), Tone(), Tone(room=10)]
    spoken = [replace(jobs("tone", LINES[0])[0], tone=tone) for tone in shaped]
    recordings, new = speak(spoken, Recordings.at(tmp_path), toned, processes=1)
    assert new == 3
    assert [recording.loudness for recording in recordings] == [(80.0, 0.0), (0.0, 0.0), (0.0, 10.0)]
    assert len({recording.key for recording in recordings}) == 3


def test_each_recording_is_told_of_as_soon_as_it_can_be_read(tmp_path: Path) -> None:
    store = Recordings.at(tmp_path)
    speak(jobs("tone", LINES[1]), store, finish)
    told: list[int] = []

    def listen(index: int, recording: Recording) -> None:
        assert len(store.pcm(recording)) == 2 * recording.samples
        told.append(index)

    recordings, new = speak(jobs("tone", *LINES, *LINES), store, finish, processes=1, on_recording=listen)
    assert (len(recordings), new) == (6, 2)
    assert told == [1, 4, 0, 3, 2, 5], "first what is there, then line by line in their order"


def test_lines_are_spoken_while_others_still_are(tmp_path: Path) -> None:
    """The first recordings are told of long before the last line is begun."""
    lines = jobs("tone", *(f"Line number {i} of many." for i in range(40)))
    kept: list[int] = []

    def count(_index: int, _recording: Recording) -> None:
        kept.append(sum(KEY.fullmatch(path.name) is not None for path in tmp_path.rglob("recording-*")))

    speak(lines, Recordings.at(tmp_path), finish, processes=2, on_recording=count)
    assert kept[0] < 20
    assert kept[-1] == 40
