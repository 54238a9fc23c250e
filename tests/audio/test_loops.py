"""A loop goes on for ever, and nobody hears where."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.loops import crossfade, find_loop, looped, steady, trimmed
from calmcast.audio.loudness import STEP, measure
from calmcast.model.sound import Loop
from calmcast.store.beds import Read
from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

Make = Callable[[float], "NDArray[np.float64]"]

ROUNDS = 50


def seconds(count: float) -> "NDArray[np.float64]":
    return np.arange(round(count * SAMPLE_RATE), dtype=np.float64) / SAMPLE_RATE


def sine(hertz: float, length_s: float) -> "NDArray[np.float64]":
    return np.asarray(0.3 * np.sin(2 * np.pi * hertz * seconds(length_s)))


def noise(length_s: float, seed: int = 1) -> "NDArray[np.float64]":
    return np.random.default_rng(seed).normal(0, 0.1, round(length_s * SAMPLE_RATE))


def brown(length_s: float) -> "NDArray[np.float64]":
    """Return noise whose power falls by 6 dB an octave from 30 Hz on."""
    spectrum = np.fft.rfft(noise(length_s))
    hertz = np.fft.rfftfreq(round(length_s * SAMPLE_RATE), 1 / SAMPLE_RATE)
    sound = np.fft.irfft(spectrum * np.where(hertz > 30, 1 / np.maximum(hertz, 30), 0))
    return np.asarray(sound * 0.1 / sound.std())


@cache
def music(length_s: float) -> "NDArray[np.float64]":
    """Return a piece of soft chords, one every 2.4 s, each of which rings into the next."""
    rng = np.random.default_rng(1)
    sound = np.zeros(round((length_s + 6) * SAMPLE_RATE))
    chords = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (196.0, 246.9, 311.1))
    time = seconds(6.0)
    shape = np.minimum(time / 0.3, 1.0) * np.exp(-time / 2.0)
    for bar in range(int(length_s / 2.4) + 1):
        first = round(2.4 * bar * SAMPLE_RATE)
        for hertz in chords[bar % 4]:
            tuned = hertz * (1 + 0.001 * rng.normal())
            for nth in (1, 2, 3):
                wave = np.sin(2 * np.pi * tuned * nth * time + rng.uniform(0, 6))
                sound[first : first + len(time)] += 0.05 / nth * shape * wave
    return sound[: round(length_s * SAMPLE_RATE)]


def faded(sound: "NDArray[np.float64]", in_s: float, out_s: float) -> "NDArray[np.float64]":
    gains = np.ones(len(sound))
    comes, goes = round(in_s * SAMPLE_RATE), round(out_s * SAMPLE_RATE)
    gains[:comes] *= np.linspace(0, 1, comes)
    gains[len(sound) - goes :] *= np.linspace(1, 0, goes)
    return sound * gains


def reading(sound: "NDArray[np.float64]") -> Read:
    rows = np.atleast_2d(sound).T.astype(np.float32)
    return lambda first, last: rows[first:last].copy()


def windows(sound: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.array(measure(np.rint(sound * 32_767).astype(np.int16))[0])


def loop_of(sound: "NDArray[np.float64]") -> Loop:
    """Return the loop of a mono sound, as it is found for a file."""
    read = reading(sound)
    return find_loop(read, *trimmed(read, *steady(windows(sound), len(sound))))


@cache
def with_loop(make: "Callable[..., NDArray[np.float64]]", *settings: float) -> "tuple[NDArray[np.float64], Loop]":
    """Return a sound and its loop; each is made and found once."""
    sound = make(*settings)
    return sound, loop_of(sound)


def fading(in_s: float, out_s: float) -> "NDArray[np.float64]":
    return faded(music(75.0), in_s, out_s)


def levels(sound: "NDArray[np.floating]", width_s: float = 0.4) -> "NDArray[np.float64]":
    """Return the RMS in dB of each stretch of `width_s`, every tenth of it."""
    width = round(width_s * SAMPLE_RATE)
    sums = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    return np.asarray(10 * np.log10((sums[width :: width // 10] - sums[: -width : width // 10]) / width + 1e-12))


def round_the_joint(sound: "NDArray[np.float64]", loop: Loop, rounds: int, around_s: float) -> "NDArray[np.float32]":
    """Return the cross-fade into a round, and what is beside it."""
    beside = round(around_s * SAMPLE_RATE)
    return looped(reading(sound), loop, rounds * loop.period - beside, loop.fade + 2 * beside)[:, 0]


@pytest.mark.parametrize(("hertz", "length_s"), [(440.37, 10.0), (97.3, 7.3), (3210.7, 7.3), (443.37, 1.5), (61.1, 60)])
class TestASine:
    def test_its_level_stays_through_fifty_rounds(self, hertz: float, length_s: float) -> None:
        sound, loop = with_loop(sine, hertz, length_s)
        rounds = ((0, 3), (ROUNDS - 2, 2))  # those between are as these, and a drift would show in the last
        parts = [looped(reading(sound), loop, n * loop.period, count * loop.period)[:, 0] for n, count in rounds]
        heard = np.concatenate([levels(part, 0.1) for part in parts])
        assert heard.max() - heard.min() < 0.5
        assert heard.mean() == pytest.approx(20 * np.log10(0.3 / 2**0.5), abs=0.05)

    def test_it_has_no_click(self, hertz: float, length_s: float) -> None:
        sound, loop = with_loop(sine, hertz, length_s)
        # The second difference of a sine is its amplitude times (2 sin(pi f / rate))^2, and at a click much more.
        usual = 0.3 * (2 * np.sin(np.pi * hertz / SAMPLE_RATE)) ** 2
        for rounds in (1, 2, 3, ROUNDS):
            joint = round_the_joint(sound, loop, rounds, 0.2).astype(np.float64)
            assert np.abs(np.diff(joint, 2)).max() < 1.05 * usual + 1e-6

    def test_it_goes_on_in_phase(self, hertz: float, length_s: float) -> None:
        _, loop = with_loop(sine, hertz, length_s)
        assert loop.likeness > 0.99
        turns = hertz * loop.period / SAMPLE_RATE
        assert abs(turns - round(turns)) < 0.05


@pytest.mark.parametrize("make", [noise, brown])
class TestNoise:
    def test_its_level_stays_across_the_joint(self, make: Make) -> None:
        sound, loop = with_loop(make, 30.0)
        joint = looped(reading(sound), loop, loop.period, loop.fade)[:, 0].astype(np.float64)
        assert 20 * np.log10(joint.std() / sound.std()) == pytest.approx(0.0, abs=1.0)
        thirds = [20 * np.log10(part.std() / sound.std()) for part in np.array_split(joint, 3)]
        assert max(np.abs(thirds)) < (1.0 if make is noise else 1.5)

    def test_it_is_cross_faded_with_equal_power(self, make: Make) -> None:
        _, loop = with_loop(make, 30.0)
        assert loop.likeness < 0.15

    def test_most_of_it_is_kept(self, make: Make) -> None:
        _, loop = with_loop(make, 30.0)
        assert loop.period + loop.fade > 27 * SAMPLE_RATE

    def test_its_highs_do_not_dip(self, make: Make) -> None:
        sound, loop = with_loop(make, 30.0)
        high = np.diff(round_the_joint(sound, loop, 1, 3.0).astype(np.float64))
        heard = levels(high)
        assert heard.max() - heard.min() < 1.0


class TestMusic:
    @pytest.mark.parametrize(("in_s", "out_s"), [(0.0, 0.0), (5.0, 10.0), (2.0, 20.0)])
    def test_a_fade_leaves_no_hole(self, in_s: float, out_s: float) -> None:
        whole = music(75.0)
        sound, loop = with_loop(fading, in_s, out_s)
        usual = levels(whole[10 * SAMPLE_RATE : -10 * SAMPLE_RATE], 3.0)
        heard = levels(looped(reading(sound), loop, 0, 2 * loop.period + loop.fade)[:, 0], 3.0)
        assert heard.min() > usual.min() - 1.5
        assert heard.max() < usual.max() + 1.5

    def test_a_fade_is_left_out_and_little_else(self) -> None:
        _, loop = with_loop(fading, 5.0, 10.0)
        assert 2.5 * SAMPLE_RATE < loop.first < 10 * SAMPLE_RATE
        assert loop.period > 45 * SAMPLE_RATE
        assert loop.first + loop.period + loop.fade < 69 * SAMPLE_RATE

    def test_noise_that_fades_comes_round_without_a_hole(self) -> None:
        sound = faded(noise(60.0), 5.0, 12.0)
        loop = loop_of(sound)
        heard = levels(looped(reading(sound), loop, 0, 2 * loop.period)[:, 0])
        assert heard.min() > 20 * np.log10(0.1) - 2.0
        assert heard.max() < 20 * np.log10(0.1) + 0.5

    def test_beats_go_on_in_time(self) -> None:
        beats = noise(31.0) * 0.03
        rng = np.random.default_rng(3)
        fall = np.exp(-seconds(0.15) / 0.03)
        for at_s in np.arange(0.13, 30.7, 0.75):
            first = round(at_s * SAMPLE_RATE)
            beats[first : first + len(fall)] += 0.3 * fall * rng.normal(0, 1, len(fall))
        turns = loop_of(beats).period / SAMPLE_RATE / 0.75
        assert turns == pytest.approx(round(turns), abs=0.03)

    def test_a_pattern_goes_on_where_it_left(self) -> None:
        # Every two seconds the same: in step only after a multiple of them.
        pattern = np.tile(np.concatenate([sine(261.7, 0.5), sine(330.1, 0.5), sine(392.3, 0.5), sine(523.9, 0.5)]), 13)
        loop = loop_of(pattern[: round(25.3 * SAMPLE_RATE)])
        assert loop.period % (2 * SAMPLE_RATE) == 0
        assert loop.likeness > 0.99


class TestAnyStretch:
    @pytest.mark.parametrize("channels", [1, 2])
    def test_is_the_same_bytes_as_in_a_longer_call(self, channels: int) -> None:
        sound = np.stack([noise(3.0, seed) for seed in range(channels)])
        read = reading(sound)
        loop = find_loop(read, 0, sound.shape[1])
        whole = looped(read, loop, 0, 5 * loop.period)
        assert whole.shape == (5 * loop.period, channels)
        assert whole.dtype == np.float32
        rng = np.random.default_rng(1)
        spans = [
            (0, 1),
            (loop.period - 1, 2),
            (loop.period, loop.fade),
            (2 * loop.period - 7, loop.period + 20),
            (9, 0),
        ]
        spans += [(int(rng.integers(0, 4 * loop.period)), int(rng.integers(1, loop.period))) for _ in range(20)]
        for start, samples in spans:
            assert looped(read, loop, start, samples).tobytes() == whole[start : start + samples].tobytes()

    def test_comes_round_from_the_second_round_on(self) -> None:
        sound = noise(3.0)
        read = reading(sound)
        loop = find_loop(read, 0, len(sound))
        second, tenth = (looped(read, loop, rounds * loop.period, loop.period) for rounds in (1, 9))
        assert np.array_equal(second, tenth)
        assert np.array_equal(looped(read, loop, 0, loop.period), read(loop.first, loop.first + loop.period))


@pytest.mark.parametrize("likeness", [0.0, 0.3, 0.7, 1.0])
def test_a_cross_fade_keeps_the_power_of_its_sum(likeness: float) -> None:
    comes, goes = crossfade(1_000, likeness).astype(np.float64)
    assert np.allclose(comes**2 + goes**2 + 2 * likeness * comes * goes, 1.0, atol=1e-6)
    assert (comes[0], goes[-1]) == (pytest.approx(0.0, abs=0.001), pytest.approx(0.0, abs=0.001))
    assert (np.diff(comes) > 0).all()
    assert np.array_equal(comes, goes[::-1])


def test_equal_sounds_are_cross_faded_with_equal_gain() -> None:
    assert np.allclose(crossfade(1_000, 1.0).sum(axis=0), 1.0, atol=1e-6)


@pytest.mark.parametrize(("length_s", "fade_s"), [(1.0, 0.25), (4.0, 1.0), (10.0, 2.0), (40.0, 4.0), (90.0, 6.0)])
def test_the_fade_suits_the_length(length_s: float, fade_s: float) -> None:
    sound = noise(length_s)
    loop = find_loop(reading(sound), 0, len(sound))
    assert loop.fade == round(fade_s * SAMPLE_RATE)
    assert loop.fade <= loop.period
    assert loop.first >= 0
    assert loop.first + loop.period + loop.fade <= len(sound)


def test_silence_at_the_ends_is_left_out() -> None:
    sound = np.concatenate([np.zeros(12_345), sine(440.0, 8.0), np.zeros(100_000)])
    loop = loop_of(sound)
    assert loop.first >= 12_345
    assert loop.first + loop.period + loop.fade <= 12_345 + 8 * SAMPLE_RATE
    assert trimmed(reading(sound), 0, 12_345 + 8 * SAMPLE_RATE) == (12_346, 12_345 + 8 * SAMPLE_RATE)


def test_a_sound_at_one_level_is_taken_whole() -> None:
    for sound in (sine(440.0, 5.0), noise(60.0)):
        first, last = steady(windows(sound), len(sound))
        assert first <= 3 * STEP
        assert last >= len(sound) - 3 * STEP


def test_one_short_sound_is_not_cut_to_nothing() -> None:
    bell = sine(440.0, 3.0) * np.exp(-seconds(3.0) / 0.3)
    first, last = steady(windows(bell), len(bell))
    assert last - first >= SAMPLE_RATE
