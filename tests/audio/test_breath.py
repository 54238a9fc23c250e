from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.beds.settings import root_hz
from calmcast.audio.breath import BREATH_LUFS, breath_samples
from calmcast.audio.loudness import lufs, measure
from calmcast.errors import SoundError
from calmcast.model.sound import BREATHS
from calmcast.model.steps import PhaseName
from calmcast.units import SAMPLE_RATE, UnitError

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVERY_SOUND = list(BREATHS)
EVERY_KEY = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
SOMEWHERE = 6 * 60 * SAMPLE_RATE + 12_345
TENTH = SAMPLE_RATE // 10


def _breath(
    sound: str, parts: Sequence[tuple[PhaseName, float]], key: str = "D", start: int = SOMEWHERE
) -> "tuple[NDArray[np.float64], list[int]]":
    """Return parts of a breath one after the other, full scale = 1, and the index at which each ends."""
    made: list[NDArray[np.int16]] = []
    ends: list[int] = []
    held = 0
    for phase, seconds in parts:
        at, samples = start + (ends[-1] if ends else 0), round(seconds * SAMPLE_RATE)
        made.append(breath_samples(sound, key, phase, at, samples, held=held if phase == "out" else 0))
        held = samples if phase == "hold" else 0
        ends.append(at + samples - start)
    return np.concatenate(made) / 32_768, ends


def _levels(sound: "NDArray[np.float64]", step: int = TENTH) -> "NDArray[np.float64]":
    """Return the level in dB of each step."""
    steps = sound[: len(sound) // step * step].reshape(-1, step)
    return np.asarray(10 * np.log10(np.square(steps).mean(axis=1) + 1e-12))


def _powers(sound: "NDArray[np.float64]") -> "tuple[NDArray[np.floating], NDArray[np.floating]]":
    """Return the frequencies in Hz and the power at each."""
    powers = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE), powers


def _middle_hz(sound: "NDArray[np.float64]") -> float:
    """Return where the middle of the spectrum lies (its centroid), in Hz."""
    hertz, powers = _powers(sound)
    return float((hertz * powers).sum() / powers.sum())


@pytest.mark.parametrize("sound", EVERY_SOUND)
class TestEverySound:
    def test_an_in_breath_is_as_loud_as_a_voice_in_every_key(self, sound: str) -> None:
        loudest = []
        for key in EVERY_KEY:
            for start in (0, SOMEWHERE):
                windows, peak = measure(breath_samples(sound, key, "in", start, 4 * SAMPLE_RATE))
                loudest.append(lufs(max(windows)))
                assert 20 * np.log10(peak) < -3.0
        assert loudest == pytest.approx([BREATH_LUFS] * len(loudest), abs=0.8)
        assert max(loudest) - min(loudest) < 1.0

    @pytest.mark.parametrize("seconds", [0.5, 4.0, 9.37, 60.0])
    def test_it_rises_from_silence_through_an_in_breath(self, sound: str, seconds: float) -> None:
        made, _ = _breath(sound, [("in", seconds)])
        tenths = _levels(made, len(made) // 10)
        assert np.abs(made[:20]).max() <= 1 / 32_768
        assert tenths.argmax() == 9
        assert tenths[9] - tenths[1] > 8.0
        assert np.polyfit(np.arange(9), tenths[1:], 1)[0] > 0.7
        assert np.diff(tenths).min() > -1.2

    @pytest.mark.parametrize("seconds", [0.5, 6.0, 9.37, 60.0])
    def test_it_falls_to_silence_through_an_out_breath(self, sound: str, seconds: float) -> None:
        made, _ = _breath(sound, [("in", 4.0), ("out", seconds)])
        out = made[4 * SAMPLE_RATE :]
        tenths = _levels(out, len(out) // 10)
        assert np.abs(out[-20:]).max() <= 1 / 32_768
        assert tenths.argmax() <= 1
        assert tenths[0] - tenths[8] > 8.0
        assert np.diff(tenths).max() < 1.2

    def test_the_turn_is_where_it_is_loudest(self, sound: str) -> None:
        before, after = (
            _levels(_breath(sound, [("in", 4.0), ("out", 6.0)], start=start)[0])[20:60] for start in (0, SOMEWHERE)
        )
        smooth = np.convolve((before + after) / 2, np.ones(5) / 5, mode="same")[2:-2]
        assert smooth.argmax() + 2 == pytest.approx(20, abs=3)

    def test_nothing_sounds_in_a_rest(self, sound: str) -> None:
        assert not breath_samples(sound, "D", "rest", SOMEWHERE, SAMPLE_RATE).any()

    @pytest.mark.parametrize(
        "parts",
        [
            [("in", 4.0), ("out", 6.0), ("in", 4.0)],
            [("in", 4.0), ("hold", 3.0), ("out", 6.0), ("rest", 1.0), ("in", 4.0)],
            [("in", 0.5), ("hold", 0.5), ("out", 0.5), ("in", 0.5), ("out", 0.5)],
            [("in", 20.0), ("hold", 60.0), ("out", 60.0)],
            [("in", 3.3333), ("hold", 0.7777), ("out", 5.1111)],
        ],
    )
    def test_its_parts_join_without_a_click(self, sound: str, parts: list[tuple[PhaseName, float]]) -> None:
        made, ends = _breath(sound, parts)
        assert len(made) == ends[-1]
        # A step or a corner adds to the highest frequencies; what else is there, the neighbourhood shows.
        edges = np.abs(np.diff(made, 3))
        for end in ends[:-1]:
            near = np.concatenate([edges[end - 2_000 : end - 10], edges[end + 10 : end + 2_000]])
            assert edges[end - 6 : end + 6].max() < 1.3 * near.max() + 4 / 32_768

    def test_it_goes_on_as_it_is_from_part_to_part(self, sound: str) -> None:
        made, (turn, *_) = _breath(sound, [("in", 4.0), ("hold", 2.0), ("out", 6.0)])
        for at in (turn, turn + 2 * SAMPLE_RATE):
            before, after = made[at - 2 * TENTH : at], made[at : at + 2 * TENTH]
            assert abs(_levels(before, 2 * TENTH)[0] - _levels(after, 2 * TENTH)[0]) < 2.0

    def test_a_part_does_not_depend_on_what_was_asked_for_before(self, sound: str) -> None:
        first = breath_samples(sound, "G", "in", SOMEWHERE, 4 * SAMPLE_RATE)
        breath_samples(sound, "A", "out", 0, SAMPLE_RATE)
        assert breath_samples(sound, "G", "in", SOMEWHERE, 4 * SAMPLE_RATE).tobytes() == first.tobytes()
        assert breath_samples(sound, "G", "in", SOMEWHERE + 1, 4 * SAMPLE_RATE).tobytes() != first.tobytes()

    def test_the_sound_belongs_to_the_time_and_only_its_level_to_the_part(self, sound: str) -> None:
        long = breath_samples(sound, "D", "in", SOMEWHERE, 4 * SAMPLE_RATE).astype(float)[-4_000:]
        short = breath_samples(sound, "D", "in", SOMEWHERE + SAMPLE_RATE, 3 * SAMPLE_RATE).astype(float)[-4_000:]
        assert np.corrcoef(long, short)[0, 1] > 0.999

    def test_it_is_soft_and_warm(self, sound: str) -> None:
        for key in ("E", "Eb"):
            made, _ = _breath(sound, [("in", 4.0), ("hold", 2.0), ("out", 6.0)], key)
            hertz, powers = _powers(made)
            assert powers[hertz > 2_500].sum() < 0.01 * powers.sum()
            assert powers[hertz > 6_000].sum() < 0.0003 * powers.sum()
            assert powers[hertz < 60].sum() < 0.01 * powers.sum()
            assert 200 < _middle_hz(made) < 600

    def test_it_brightens_with_the_in_breath(self, sound: str) -> None:
        made, _ = _breath(sound, [("in", 6.0)])
        assert _middle_hz(made[-SAMPLE_RATE:]) > 1.03 * _middle_hz(made[: 2 * SAMPLE_RATE])

    def test_parts_of_no_length_and_of_one_sample(self, sound: str) -> None:
        parts: list[PhaseName] = ["in", "hold", "out", "rest"]
        for phase in parts:
            for samples in (0, 1, 2, 255, 256, 257):
                made = breath_samples(sound, "D", phase, SOMEWHERE, samples)
                assert made.shape == (samples,)
                assert made.dtype == np.int16

    def test_it_says_what_it_is_like(self, sound: str) -> None:
        assert BREATHS[sound]

    @pytest.mark.parametrize("key", ["", "H", "A3"])
    def test_what_is_no_key_is_answered_with_a_sentence(self, sound: str, key: str) -> None:
        with pytest.raises(UnitError, match="is not a key"):
            breath_samples(sound, key, "in", 0, 1000)


def test_a_held_swell_stays_as_it_is() -> None:
    made, (turn, end) = _breath("swell", [("in", 4.0), ("hold", 20.0)])
    levels = _levels(made[turn:end], SAMPLE_RATE)
    assert levels.max() - levels.min() < 1.5
    assert abs(np.polyfit(np.arange(len(levels)), levels, 1)[0]) < 0.05


def test_a_held_tone_grows_softer_and_the_next_takes_up_where_it_is() -> None:
    made, (turn, end, _) = _breath("tones", [("in", 4.0), ("hold", 10.0), ("out", 6.0)])
    levels = _levels(made[turn:end], SAMPLE_RATE)
    assert levels[0] - levels[-1] == pytest.approx(5.5, abs=1.5)
    assert np.diff(levels).max() < 0.5
    out = _levels(made[end:])
    assert out[:10].max() < levels[-1] + 1.5


def test_the_tones_are_the_fifth_and_the_root() -> None:
    for key in ("D", "Bb"):
        made, (turn, _) = _breath("tones", [("in", 4.0), ("out", 6.0)], key)
        pitches = []
        for part in (made[:turn], made[turn + SAMPLE_RATE :]):
            hertz, powers = _powers(part)
            pitches.append(float(hertz[powers.argmax()]))
        assert pitches == pytest.approx([3 * root_hz(key), 2 * root_hz(key)], abs=0.5)


def test_the_swell_has_a_tone_in_it() -> None:
    for key in ("D", "G"):
        made, _ = _breath("swell", [("in", 4.0), ("hold", 8.0), ("out", 6.0)], key)
        hertz, powers = _powers(made)
        root = 2 * root_hz(key)
        tone = powers[np.abs(hertz - root) < 1.0].mean()
        beside = powers[(np.abs(hertz - root) > 5.0) & (np.abs(hertz - root) < 40.0)].mean()
        assert 5 < tone / beside < 5_000


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Swell", "did you mean `swell`?"),
        ("tone", "did you mean `tones`?"),
        ("rain", "the breath tones are: swell, tones"),
    ],
)
def test_an_unknown_sound_is_answered_with_a_hint(written: str, hint: str) -> None:
    with pytest.raises(SoundError, match=f"no breath tone called `{written}`") as caught:
        breath_samples(written, "D", "in", 0, 10)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("phase", "start", "samples", "held", "sentence"),
    [
        ("inn", 0, 10, 0, "in, hold, out or rest, and not inn"),
        ("in", -1, 10, 0, "begins at sample 0 or later"),
        ("in", 0, -10, 0, "no fewer than 0 samples"),
        ("out", 0, 10, -1, "no fewer than 0 samples"),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence(
    phase: PhaseName, start: int, samples: int, held: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        breath_samples("swell", "D", phase, start, samples, held=held)
