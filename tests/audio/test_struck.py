"""A recorded bell begins with its strike, rings out, and is as loud as the others."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.loudness import lufs, measure
from calmcast.audio.ring import ring
from calmcast.audio.struck import struck
from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def bell(length_s: float, falls_s: float = 0.6, amplitude: float = 0.2) -> "NDArray[np.float64]":
    """Return a tone that begins at once and falls to 1/e in `falls_s`."""
    time = np.arange(round(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(amplitude * np.cos(2 * np.pi * 523.3 * time) * np.exp(-time / falls_s))


def silence(length_s: float) -> "NDArray[np.float64]":
    return np.zeros(round(length_s * SAMPLE_RATE))


SOUNDS = {
    "loud": bell(6.0, amplitude=0.99),
    "soft": bell(6.0, amplitude=0.0005),
    "long": bell(50.0, falls_s=12.0),
    "short": bell(0.3, falls_s=0.03),
    "cut off": bell(2.0, falls_s=3.0),
    "in silence": np.concatenate([silence(1.5), bell(6.0), silence(20.0)]),
    "in a room": np.concatenate([silence(1.5), bell(6.0)]) + np.random.default_rng(1).normal(0, 1e-4, 330_750),
    "over full scale": bell(6.0, amplitude=3.0),
    "with an offset": np.concatenate([silence(0.5), bell(6.0), silence(0.5)]) + 0.02,
    "a bowl": ring("bowl") / 32_768,
}


@pytest.mark.parametrize("name", SOUNDS)
class TestEveryBell:
    def test_is_as_loud_as_the_others(self, name: str) -> None:
        windows, peak = measure(struck(SOUNDS[name]))
        assert lufs(max(windows)) == pytest.approx(-23.0, abs=0.2)
        assert 20 * np.log10(peak) <= -3.0

    def test_begins_and_ends_in_silence(self, name: str) -> None:
        made = struck(SOUNDS[name]).astype(np.int32)
        highest = np.abs(made).max()
        assert abs(made[0]) <= highest // 200
        assert abs(made[-1]) <= highest // 200
        assert np.abs(np.diff(made[-300:])).max() < highest / 40

    def test_begins_with_its_strike(self, name: str) -> None:
        made = np.abs(struck(SOUNDS[name]).astype(np.int32))
        first = int(np.argmax(made >= made.max() // 20))
        assert first <= SAMPLE_RATE // (20 if name == "a bowl" else 250)


def test_silence_before_and_after_is_cut() -> None:
    alone, within = struck(bell(6.0)), struck(SOUNDS["in silence"])
    assert len(within) == pytest.approx(len(alone), abs=SAMPLE_RATE // 50)
    before = int(np.argmax(np.abs(within) > 500))
    assert before == pytest.approx(SAMPLE_RATE // 500, abs=10)


def test_the_strike_itself_is_not_faded() -> None:
    made = struck(SOUNDS["in silence"]).astype(np.float64)
    wanted = bell(6.0)[:441]
    at = SAMPLE_RATE // 500
    assert np.corrcoef(made[at : at + 441], wanted)[0, 1] > 0.9999


def test_it_rings_as_long_as_it_did() -> None:
    made = struck(bell(6.0))
    # At 60 dB under its peak, which is 6.9 times its fall.
    assert len(made) / SAMPLE_RATE == pytest.approx(0.6 * 6.9, abs=0.25)


def test_one_that_was_cut_off_is_faded() -> None:
    made = struck(SOUNDS["cut off"]).astype(np.float64)
    assert len(made) == 2 * SAMPLE_RATE
    quarter = [np.sqrt((part**2).mean()) for part in np.array_split(made[-SAMPLE_RATE // 2 :], 5)]
    assert quarter == sorted(quarter, reverse=True)
    assert quarter[-1] < quarter[0] / 10


def test_a_bell_of_calmcast_stays_as_it_is() -> None:
    own = ring("bowl").astype(np.float64)
    made = struck(own / 32_768).astype(np.float64)
    assert 0.75 * len(own) < len(made) <= len(own)
    first = int(np.argmax(np.abs(own) >= np.abs(own).max() / 100)) - SAMPLE_RATE // 500
    assert np.corrcoef(own[first + 4_000 : first + 44_100], made[4_000:44_100])[0, 1] > 0.9999


@pytest.mark.parametrize("sound", [silence(0.0), silence(2.0), np.full(88_200, 0.3)], ids=["none", "silence", "DC"])
def test_where_there_is_nothing_to_hear_there_is_no_bell(sound: "NDArray[np.float64]") -> None:
    assert len(struck(sound)) == 0
