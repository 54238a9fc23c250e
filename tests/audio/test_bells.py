from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.bells import BELLS, Partial, bell_samples, check_strike, parse_pitch
from calmcast.audio.loudness import lufs, measure
from calmcast.audio.ring import ring
from calmcast.errors import SoundError
from calmcast.model.sound import Strike
from calmcast.units import SAMPLE_RATE, UnitError

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVERY_BELL = sorted(BELLS)

CHOSEN = [
    pytest.param(name, pitch, length, id=f"{name}-{kind}")
    for name, bell in BELLS.items()
    for kind, pitch, length in (
        ("low", bell.pitches[0], None),
        ("high", bell.pitches[1], None),
        ("short", None, bell.lengths[0]),
        ("low-short", bell.pitches[0], bell.lengths[0]),
        ("high-long", bell.pitches[1], bell.lengths[1] // 2),
    )
]

SOFT = (354, -457, 193, -72, 24, -5)
BOWL = (-1371, 190, 29, 11, -4, 1)
TINGSHA = (-1465, -201, 173, -57, 12, -1)
WOOD = (-3896, -490, 44, 26, 3, 0)
"""Samples a sixth of each bell apart, from the thousandth on."""


@pytest.mark.parametrize("name", EVERY_BELL, scope="class")
class TestEveryBell:
    def test_its_length_is_known_without_ringing_it(self, name: str) -> None:
        assert len(ring(name)) == bell_samples(name)

    def test_it_begins_and_ends_in_silence(self, name: str) -> None:
        samples = ring(name).astype(int)
        assert samples[0] == samples[-1] == 0
        assert not samples[-100:].any()
        assert np.abs(np.diff(samples[: SAMPLE_RATE // 1000])).max() < 100

    def test_it_dies_away(self, name: str) -> None:
        tenths = np.abs(ring(name).astype(int)).reshape(10, -1).max(axis=1)
        assert (np.diff(tenths[1:]) <= 0).all()
        assert tenths[-1] < tenths[0] / 1000

    def test_it_is_quieter_than_the_voice(self, name: str) -> None:
        windows, peak = measure(ring(name))
        assert 20 * np.log10(peak) == pytest.approx(BELLS[name].peak, abs=0.3)
        assert lufs(max(windows)) < -20.0
        assert lufs(float(np.mean(windows[:27]))) < -25.0

    def test_it_is_the_same_each_time_and_cannot_be_changed(self, name: str) -> None:
        again = ring.__wrapped__(name)
        assert again.tobytes() == ring(name).tobytes()
        with pytest.raises(ValueError, match="read-only"):
            ring(name)[0] = 1

    def test_it_says_what_it_is_like(self, name: str) -> None:
        assert BELLS[name].about


def test_the_soft_bell_comes_up_slowly_and_lasts() -> None:
    samples = np.abs(ring("soft").astype(int))
    assert samples[: SAMPLE_RATE // 200].max() < samples.max() / 8
    assert samples[4 * SAMPLE_RATE : 5 * SAMPLE_RATE].max() > samples.max() / 200


def test_the_lowest_partial_carries_the_bell() -> None:
    spectrum = np.abs(np.fft.rfft(ring("soft").astype(float)))
    assert np.argmax(spectrum) * SAMPLE_RATE / bell_samples("soft") == pytest.approx(BELLS["soft"].frequency, abs=1.0)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("sofft", "did you mean `soft`?"),
        ("Bowl", "did you mean `bowl`?"),
        ("zwirl", f"the bells are: {', '.join(BELLS)}"),
    ],
)
def test_an_unknown_bell_is_answered_with_a_hint(written: str, hint: str) -> None:
    for call in (ring, bell_samples):
        with pytest.raises(SoundError, match=f"`{written}`") as caught:
            call(written)
        assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("name", "length", "expected"),
    [
        ("soft", 352_800, SOFT),
        ("bowl", 529_200, BOWL),
        ("tingsha", 264_600, TINGSHA),
        ("wood", 22_050, WOOD),
    ],
)
def test_a_bell_by_itself_stays_as_it_is_in_tracks_made_before(
    name: str, length: int, expected: tuple[int, ...]
) -> None:
    samples = ring(name)
    assert len(samples) == length
    assert np.abs(samples[1_000 :: length // 6] - np.array(expected)).max() <= 1


@pytest.mark.parametrize(("name", "pitch", "length"), CHOSEN, scope="class")  # few bells are kept: each rings once
class TestAChosenPitchOrLength:
    def test_it_is_as_loud_as_without(self, name: str, pitch: str | None, length: int | None) -> None:
        windows, peak = measure(ring(name, pitch, length))
        by_itself, _ = measure(ring(name))
        assert lufs(max(windows)) == pytest.approx(lufs(max(by_itself)), abs=0.05)
        assert 20 * np.log10(peak) < -4.0

    def test_it_begins_softly_and_ends_in_silence(self, name: str, pitch: str | None, length: int | None) -> None:
        samples = ring(name, pitch, length).astype(float)
        peak = np.abs(samples).max()
        touched = round(BELLS[name].strike * SAMPLE_RATE / 8)
        assert samples[0] == samples[-1] == 0
        assert np.abs(samples[:touched]).max() < 0.05 * peak
        assert np.abs(samples[-5:]).max() <= 1
        assert np.abs(samples[-len(samples) // 100 :]).max() < peak / 3_200

    def test_its_attack_is_no_click(self, name: str, pitch: str | None, length: int | None) -> None:
        """What a jump would spread over all frequencies is not there: next to nothing is above 12 kHz."""
        beginning = (
            ring(name, pitch, length)[: SAMPLE_RATE // 10] * np.cos(np.linspace(0.0, np.pi / 2, SAMPLE_RATE // 10)) ** 2
        )
        power = np.abs(np.fft.rfft(beginning, SAMPLE_RATE)) ** 2
        assert power[12_000:].sum() < 1e-7 * power.sum()

    def test_it_has_no_offset(self, name: str, pitch: str | None, length: int | None) -> None:
        samples = ring(name, pitch, length).astype(float)
        assert abs(samples.mean()) < 1e-3 * np.sqrt(np.mean(samples**2))

    def test_its_length_is_known_without_ringing_it(self, name: str, pitch: str | None, length: int | None) -> None:
        samples = bell_samples(name, pitch, length)
        assert len(ring(name, pitch, length)) == samples == (length or BELLS[name].samples)

    def test_it_is_the_same_each_time_and_cannot_be_changed(
        self, name: str, pitch: str | None, length: int | None
    ) -> None:
        again = ring.__wrapped__(name, pitch, length)
        assert again.tobytes() == ring(name, pitch, length).tobytes()
        assert not again.flags.writeable


def followed(samples: "NDArray[np.int16]", frequency: float, smooth: int) -> "NDArray[np.float64]":
    """Return how a partial's amplitude goes: brought down to 0 Hz, and averaged over so many samples."""
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(samples)) / SAMPLE_RATE)
    sums = np.cumsum(samples * turning)
    amplitudes: NDArray[np.float64] = np.abs(sums[smooth:] - sums[:-smooth]) / smooth
    return amplitudes


@pytest.mark.parametrize("name", EVERY_BELL, scope="class")
class TestHowItRings:
    @pytest.mark.parametrize("end", [0, 1])
    def test_each_partial_is_where_it_belongs(self, name: str, end: int) -> None:
        pitch = BELLS[name].pitches[end]
        samples = ring(name, pitch, BELLS[name].samples)[: 2 * SAMPLE_RATE].astype(float)
        size = 1 << 19
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
        hertz = np.arange(len(spectrum)) * SAMPLE_RATE / size
        for partial in BELLS[name].partials:
            frequency = parse_pitch(pitch) * partial.ratio
            near = np.abs(hertz - frequency) < 0.1 * frequency
            highest = hertz[near][np.argmax(spectrum[near])]
            assert highest == pytest.approx(frequency, abs=0.5 + partial.beat / 2, rel=0.002)
            beside = (np.abs(hertz - frequency) > 0.08 * frequency) & near
            assert spectrum[near].max() > 4 * spectrum[beside].max()

    @pytest.mark.parametrize("share", [0.6, 1.0])
    def test_it_falls_by_60_db_in_its_length(self, name: str, share: float) -> None:
        length = max(round(share * BELLS[name].samples), BELLS[name].lengths[0])
        samples = ring(name, None, length)
        beat = BELLS[name].partials[0].beat
        frequency = BELLS[name].frequency - beat / 2
        smooth = round(SAMPLE_RATE / beat) if beat else SAMPLE_RATE // 50
        amplitudes = followed(samples, frequency, smooth)[SAMPLE_RATE // 20 : round(0.95 * length) - smooth]
        slope, _ = np.polyfit(np.arange(len(amplitudes)), 20 * np.log10(amplitudes), 1)
        assert -60.0 / slope == pytest.approx(length, rel=0.1)

    def test_it_can_be_heard_until_then(self, name: str) -> None:
        samples = np.abs(ring(name, None, BELLS[name].samples).astype(float))
        late = samples[round(0.8 * len(samples)) : round(0.9 * len(samples))].max()
        assert -58.0 < 20 * np.log10(late / samples.max()) < -44.0


def beats_of(name: str, partial: Partial, length: int) -> float:
    """Return how often a second a partial swells, as heard in the first three fifths of its own decay."""
    sound = BELLS[name]
    smooth = SAMPLE_RATE // 25
    amplitudes = followed(ring(name, None, length), sound.frequency * partial.ratio, smooth)[SAMPLE_RATE // 10 :]
    heard = round(0.6 * length * partial.decay / sound.partials[0].decay)
    level = np.log(amplitudes[:heard:100])
    level -= np.polyval(np.polyfit(np.arange(len(level)), level, 1), np.arange(len(level)))
    size = 1 << 18
    swells = np.abs(np.fft.rfft(level * np.hanning(len(level)), size))
    return float(np.argmax(swells)) * SAMPLE_RATE / 100 / size


@pytest.mark.parametrize("name", EVERY_BELL)
def test_it_beats_as_slowly_as_it_should(name: str) -> None:
    for partial in BELLS[name].partials[:2]:
        if partial.beat:
            assert 0.5 <= partial.beat <= 8.0
            assert beats_of(name, partial, BELLS[name].lengths[1] // 2) == pytest.approx(partial.beat, rel=0.1)


def test_small_cymbals_shimmer_and_bowls_sway() -> None:
    assert all(partial.beat >= 5.0 for partial in BELLS["tingsha"].partials)
    assert all(partial.beat <= 3.0 for name in ("soft", "bowl", "small") for partial in BELLS[name].partials)


def test_the_bowl_is_near_a_bowl_that_was_measured() -> None:
    ratios = [partial.ratio for partial in BELLS["bowl"].partials]
    assert ratios == pytest.approx([1.0, 2.78, 5.18, 8.16], rel=0.08)


def test_a_bell_at_its_own_pitch_is_the_same_bell_at_another_level() -> None:
    """Within what rounding to whole numbers leaves."""
    itself, chosen = ring("bowl").astype(float), ring("bowl", 198.0).astype(float)
    level = itself @ chosen / (itself @ itself)
    assert np.abs(chosen - level * itself).max() < 1.5


@pytest.mark.parametrize(
    ("written", "hertz"),
    [
        ("A4", 440.0),
        ("A3", 220.0),
        ("C4", 261.6256),
        ("f#3", 184.9972),
        ("F♯3", 184.9972),
        ("Gb3", 184.9972),
        ("Bb2", 116.5409),
        ("bb2", 116.5409),
        ("B♭2", 116.5409),
        ("b2", 123.4708),
        ("B#3", 261.6256),
        ("Cb4", 246.9417),
        (" e5 ", 659.2551),
        ("220", 220.0),
        ("220Hz", 220.0),
        ("196.5 hz", 196.5),
    ],
)
def test_a_pitch_is_a_note_or_a_frequency(written: str, hertz: float) -> None:
    assert parse_pitch(written) == pytest.approx(hertz, abs=1e-4)


@pytest.mark.parametrize(
    "written", ["", "A", "H3", "A10", "A-1", "A##3", "Abb3", "3A", "-220", "220 kHz", "nan", "inf", "A 3"]
)
def test_anything_else_is_no_pitch(written: str) -> None:
    with pytest.raises(UnitError, match="is not a pitch") as caught:
        parse_pitch(written)
    assert "A3" in caught.value.hint


def test_a_note_and_its_frequency_are_one() -> None:
    assert ring("bowl", "A3").tobytes() == ring("bowl", 220.0).tobytes() == ring("bowl", "220 Hz").tobytes()


@pytest.mark.parametrize(
    ("pitch", "said"),
    [("G2", "G2"), ("A#4", "A#4"), (109.9, "109.9 Hz"), (0.0, "0 Hz"), (-220.0, "-220 Hz"), (float("nan"), "nan Hz")],
)
def test_a_bell_says_which_pitches_it_has(pitch: float | str, said: str) -> None:
    for call in (ring, bell_samples):
        with pytest.raises(ValueError, match=f"^the bell `bowl` cannot ring at {said}$") as caught:
            call("bowl", pitch)
        assert isinstance(caught.value, UnitError)
        assert caught.value.hint == "choose a pitch from A2 (110 Hz) to A4 (440 Hz)"


@pytest.mark.parametrize(("samples", "said"), [(61 * SAMPLE_RATE, "1 min 1 s"), (SAMPLE_RATE, "1 s"), (0, "0 s")])
def test_a_bell_says_how_long_it_can_ring(samples: int, said: str) -> None:
    for call in (ring, bell_samples):
        with pytest.raises(ValueError, match=f"^the bell `bowl` cannot ring for {said}$") as caught:
            call("bowl", None, samples)
        assert isinstance(caught.value, UnitError)
        assert caught.value.hint == "choose a length from 3 s to 1 min"


@pytest.mark.parametrize("name", EVERY_BELL)
def test_the_bounds_themselves_can_be_had(name: str) -> None:
    sound = BELLS[name]
    lowest, highest = (parse_pitch(note) for note in sound.pitches)
    assert lowest <= sound.frequency <= highest
    assert sound.lengths[0] <= sound.samples <= sound.lengths[1]
    assert all(bell_samples(name, pitch, length) for pitch in (lowest, highest) for length in sound.lengths)


def test_whether_a_bell_can_be_struck_so() -> None:
    check_strike(Strike("bowl"))
    check_strike(Strike("bowl", "A2", 60 * SAMPLE_RATE))
    check_strike(Strike("", file="bells/mine.wav"))
    with pytest.raises(SoundError, match="no bell called `bow`"):
        check_strike(Strike("bow"))
    with pytest.raises(UnitError, match="cannot ring at A9"):
        check_strike(Strike("bowl", "A9"))
    with pytest.raises(UnitError, match="cannot ring for 1 s"):
        check_strike(Strike("bowl", None, SAMPLE_RATE))
