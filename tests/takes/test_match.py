"""Lines are found where they were read, however they were read; what is not sure is said."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.takes.cut import islands
from calmcast.takes.envelope import envelope
from calmcast.takes.match import Match, Matching, match
from calmcast.takes.reading import listen
from calmcast.units import SAMPLE_RATE
from tests.conftest import needs

from .sounds import prompts, read, spoken, write

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

LENGTHS = [2.1, 4.0, 1.3, 3.1, 5.2, 2.4, 3.6, 1.8, 4.5, 2.9, 2.2, 3.9]
LINES = prompts(f"Line {i}." for i in range(len(LENGTHS)))
EXPECTED = [length * 0.8 for length in LENGTHS]
"""The reader is slower than the stand-in."""


def line(i: int, seconds: float | None = None) -> "Sound":
    return spoken(i, seconds or LENGTHS[i])


def stand_in(i: int) -> "Sound":
    return spoken(i, LENGTHS[i], pitch=1.06)


def take(order: Sequence[int], gap: float = 2.0) -> "Sound":
    return read([1.0, *(piece for i in order for piece in (line(i), gap))])


def matched(sound: "Sound", references: "Callable[[int], Sound | None] | None" = None) -> Matching:
    heard = envelope([sound])
    return match(heard, islands(heard), LINES, EXPECTED, references)


def starts(matching: Matching) -> list[float | None]:
    return [round(each.start / SAMPLE_RATE + 0.08, 1) if each else None for each in matching.lines]


def places(order: Sequence[int], gap: float = 2.0) -> list[float]:
    ends = np.cumsum([1.0, *(LENGTHS[i] + gap for i in order)])
    return [round(float(end), 1) for end in ends[:-1]]


def doubts(matching: Matching) -> list[str]:
    return [doubt for each in matching.lines if each for doubt in each.doubts]


@pytest.mark.parametrize("references", [None, stand_in])
@pytest.mark.parametrize("gap", [2.0, 0.7])
def test_lines_read_in_order_are_found_without_a_doubt(references: "Callable[[int], Sound] | None", gap: float) -> None:
    matching = matched(take(range(12), gap), references)
    assert starts(matching) == pytest.approx(places(range(12), gap), abs=0.1)
    assert doubts(matching) == []
    assert matching.left == ()


def test_a_line_keeps_a_little_silence_and_no_other_sound() -> None:
    lines = [each for each in matched(take(range(12), 0.4)).lines if each]
    assert len(lines) == 12
    assert all(one.end <= other.start for one, other in pairwise(lines))


def test_lines_that_were_not_read_are_missing() -> None:
    order = [0, 1, 3, 4, 5, 8, 9, 10, 11]
    matching = matched(take(order), stand_in)
    assert [i for i, each in enumerate(matching.lines) if each] == order
    assert [s for s in starts(matching) if s] == pytest.approx(places(order), abs=0.1)


def test_the_later_of_two_readings_is_taken_and_said() -> None:
    order = [0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 8, 8, 9, 10, 11]
    matching = matched(take(order), stand_in)
    wanted = [place for i, place in enumerate(places(order)) if order[i + 1 : i + 2] != [order[i]]]
    assert starts(matching) == pytest.approx(wanted, abs=0.1)
    twice = matching.lines[3]
    assert isinstance(twice, Match)
    assert twice.doubts == ("at 0:19 the line seems to be read again after 0:14, and the later reading is taken",)


@pytest.mark.parametrize("references", [None, stand_in])
def test_a_cough_belongs_to_no_line_and_is_said(references: "Callable[[int], Sound] | None") -> None:
    cough = np.random.default_rng(7).normal(0, 0.1, SAMPLE_RATE * 4 // 10).astype(np.float32)
    pieces: list[Sound | float] = [1.0]
    for i in range(12):
        pieces += [line(i), 1.0, cough, 1.0] if i == 4 else [line(i), 2.0]
    sound = read(pieces)
    matching = matched(sound, references)
    assert all(matching.lines)
    assert [round(island.samples / SAMPLE_RATE, 1) for island in matching.left] == [0.4]
    assert any("a sound before the line belongs to no line" in doubt for doubt in doubts(matching))


def test_pauses_inside_lines_do_not_divide_them() -> None:
    pieces: list[Sound | float] = [1.0]
    for i in range(12):
        whole = line(i)
        pieces += [whole[: len(whole) // 2], 0.5, whole[len(whole) // 2 :], 1.5]
    matching = matched(read(pieces), stand_in)
    lengths = [(each.end - each.start) / SAMPLE_RATE - 0.16 for each in matching.lines if each]
    assert lengths == pytest.approx([length + 0.5 for length in LENGTHS], abs=0.1)


def test_a_fixed_silence_inside_a_line_does_not_divide_it() -> None:
    with_silence = list(LINES)
    with_silence[4] = prompts(["In, [3s] and out."])[0]
    half = line(4)[: 2 * SAMPLE_RATE]
    expected = [*EXPECTED]
    expected[4] = 3.0 + 4.0 * 0.8
    heard = envelope(
        [read([1.0, *(p for i in range(12) for p in ((half, 3.1, half, 2.0) if i == 4 else (line(i), 2.0)))])]
    )
    matching = match(heard, islands(heard), with_silence, expected)
    assert all(matching.lines)
    held = matching.lines[4]
    assert held
    assert (held.end - held.start) / SAMPLE_RATE == pytest.approx(7.26, abs=0.1)
    assert held.doubts == ()


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (lambda x: x * 0.1, "the line is very quiet"),
        (lambda x: np.clip(x * 40, -1, 1), "the sound is clipped"),
        (lambda x: x[: round(0.72 * len(x))], "much shorter than"),
    ],
)
def test_a_line_that_is_not_well_recorded_is_doubted(change: "Callable[[Sound], Sound]", doubt: str) -> None:
    sound = read([1.0, *(p for i in range(12) for p in (change(line(i)) if i == 6 else line(i), 2.0))])
    line_7 = matched(sound).lines[6]
    assert line_7
    assert any(doubt in said and said.startswith("at 0:") for said in line_7.doubts)


def test_words_that_are_not_the_line_are_missing_or_doubted() -> None:
    sound = read([1.0, *(p for i in range(12) for p in (line(i) if i != 6 else line(99, LENGTHS[6]), 2.0))])
    wrong = matched(sound, stand_in).lines[6]
    assert wrong is None or any("do not sound like this line" in doubt for doubt in wrong.doubts)


def test_nothing_heard_and_nothing_asked() -> None:
    assert matched(read([3.0])).lines == (None,) * 12
    heard = envelope([take([0, 1])])
    assert len(match(heard, islands(heard), (), ()).left) == 2
    one = match(heard, islands(heard)[:1], LINES[:1], EXPECTED[:1])
    assert one.lines[0] is not None


SAID = (Path(__file__).parent / "lines.txt").read_text(encoding="utf-8").splitlines()


@cache
def flite(voice: str, text: str) -> "Sound":
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run([shutil.which("flite") or "", "-voice", voice, "-t", text, "-o", path], check=True)
        heard = listen(path)
        from calmcast.takes.reading import samples_between

        found = islands(heard)
        return samples_between(path, found[0].start, found[-1].end)


def _in_halves(sound: "Sound", gap: float) -> "list[Sound | float]":
    """Return a reading with a pause where it is softest around its middle; a short one as it is."""
    if len(sound) < 2 * SAMPLE_RATE:
        return [sound]
    third = len(sound) // 3
    soft = np.convolve(sound[third : 2 * third] ** 2, np.ones(2000), "same")
    at = third + int(np.argmin(soft))
    return [sound[:at], gap, sound[at:]]


@pytest.mark.real
@pytest.mark.long
@needs("flite")
@pytest.mark.parametrize(
    ("gap", "left_out", "twice", "noise", "extension"),
    [
        (2.0, (), (), 1e-4, ".m4a"),
        (1.0, (3, 4, 17, 30), (), 1e-4, ".mp3"),
        (0.7, (), (8, 9, 21), 3e-3, ".m4a"),
    ],
    ids=["as the sheet asks", "lines missing", "short silences, lines again, noise"],
)
def test_a_script_that_was_read_aloud(
    tmp_path: Path, gap: float, left_out: tuple[int, ...], twice: tuple[int, ...], noise: float, extension: str
) -> None:
    order = [i for i in range(len(SAID)) for _ in range(1 + (i in twice)) if i not in left_out]
    pieces: list[Sound | float] = [1.0]
    wanted: dict[int, float] = {}
    for i in order:
        reading = _in_halves(flite("slt", SAID[i]), 0.4)
        wanted[i] = sum(piece if isinstance(piece, float) else len(piece) / SAMPLE_RATE for piece in pieces)
        pieces += [*reading, gap]
    heard = listen(write(tmp_path / f"take{extension}", read(pieces, noise)))
    expected = [len(flite("rms", text)) / SAMPLE_RATE for text in SAID]
    matching = match(heard, islands(heard), prompts(SAID), expected, lambda i: flite("rms", SAID[i]))
    found = {i: each.start / SAMPLE_RATE for i, each in enumerate(matching.lines) if each}
    assert [*found] == [*wanted]
    assert [*found.values()] == pytest.approx([*wanted.values()], abs=0.2)
    assert sum(bool(each and each.doubts) for each in matching.lines) <= 20


def test_a_line_at_the_very_edge_is_doubted() -> None:
    """The recorder was started, or stopped, in the middle of it."""
    sound = take(range(len(LENGTHS)))
    cut = matched(sound[round(1.2 * SAMPLE_RATE) :])
    assert cut.lines[0] is None or any("begins in the middle" in doubt for doubt in cut.lines[0].doubts)
    end = round((places(range(len(LENGTHS)))[-1] + LENGTHS[-1] - 0.3) * SAMPLE_RATE)
    cut = matched(sound[:end])
    assert cut.lines[-1] is None or any("ends in the middle" in doubt for doubt in cut.lines[-1].doubts)


def test_a_line_far_from_all_others_is_doubted() -> None:
    found = matched(take([0, 7, 8, 9, 10, 11]), stand_in)
    assert found.lines[0]
    assert any("no line near it on the sheet" in doubt for doubt in found.lines[0].doubts)
    assert all(not each.doubts for each in found.lines[7:] if each)
