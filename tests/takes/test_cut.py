"""Sound is told from silence in quiet rooms and loud ones, near microphones and far ones."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.takes.cut import SHORTEST_SILENCE, Island, islands
from calmcast.takes.envelope import BANDS, FRAME, envelope
from calmcast.units import SAMPLE_RATE

from .sounds import read, silence, spoken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

PIECES: "list[Sound | float]" = [1.0, spoken(1, 2.0), 0.7, spoken(2, 1.0), 0.3, spoken(3, 1.5), 2.0]
STARTS = [1.0, 3.7, 5.0]
ENDS = [3.0, 4.7, 6.5]


def found_in(sound: "Sound") -> tuple[Island, ...]:
    return islands(envelope([sound]))


@pytest.mark.parametrize("level", [3.0, 0.3, 0.03])
@pytest.mark.parametrize("noise_db", [-90, -60, -30])
def test_islands_are_found_where_they_are(level: float, noise_db: int) -> None:
    found = found_in(read(PIECES, noise=0.1 * 10 ** (noise_db / 20)) * np.float32(level))
    assert [i.start / SAMPLE_RATE for i in found] == pytest.approx(STARTS, abs=0.05)
    assert [i.end / SAMPLE_RATE for i in found] == pytest.approx(ENDS, abs=0.05)
    assert not any(i.faint for i in found)


def test_a_hum_and_an_offset_are_no_sound() -> None:
    sound = read(PIECES)
    hum = 0.2 * np.sin(2 * np.pi * 12 * np.arange(len(sound)) / SAMPLE_RATE) + 0.1
    assert len(found_in(sound + hum.astype(np.float32))) == 3


def test_a_room_that_grows_louder_is_followed() -> None:
    sound = read(PIECES * 10)
    noise = np.random.default_rng(3).normal(0, 1, len(sound)) * np.geomspace(5e-4, 1e-2, len(sound))
    assert len(found_in(sound + noise.astype(np.float32))) == 30


@pytest.mark.parametrize("sound", [silence(0.0), silence(0.005), silence(3.0), read([3.0], noise=0.1)])
def test_nothing_is_found_in_silence_or_noise(sound: "Sound") -> None:
    assert found_in(sound) == ()


def test_a_short_silence_joins() -> None:
    assert len(found_in(read([1.0, spoken(1, 1.0), 0.2, spoken(2, 1.0), 1.0]))) == 1
    assert len(found_in(read([1.0, spoken(1, 1.0), 0.32, spoken(2, 1.0), 1.0]))) == 2


def test_breaths_and_clicks_are_marked() -> None:
    breath = np.random.default_rng(2).normal(0, 0.008, SAMPLE_RATE // 3)
    click = spoken(9, 0.03)
    found = found_in(read([0.8, spoken(1, 2.0), 0.7, breath.astype(np.float32), 0.5, spoken(2, 2.0), 0.6, click, 0.8]))
    assert [i.faint for i in found] == [False, True, False, True]


def test_louder_is_louder() -> None:
    loud, soft = found_in(read([1.0, spoken(1, 1.0), 1.0, spoken(1, 1.0) * np.float32(0.5), 1.0]))
    assert loud.loudness - soft.loudness == pytest.approx(6.0, abs=0.2)


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=12))
def test_an_envelope_does_not_depend_on_its_blocks(cuts: list[int]) -> None:
    sound = read([0.1, spoken(1, 1.0), 0.5, spoken(2, 1.0), 0.1])
    whole = envelope([sound])
    edges = np.cumsum([0, *cuts])
    parts = envelope([*(sound[a:b] for a, b in pairwise(edges)), sound[edges[-1] :]])
    assert parts.samples == whole.samples == len(sound)
    assert np.array_equal(parts.power, whole.power)
    assert np.array_equal(parts.peak, whole.peak)
    assert np.allclose(parts.bands, whole.bands, atol=1e-4)
    assert whole.bands.shape == (-(-len(sound) // FRAME), BANDS)


@given(st.lists(st.tuples(st.floats(0.1, 1.0), st.floats(0.05, 1.0)), min_size=1, max_size=6))
def test_islands_are_in_order_and_apart(parts: list[tuple[float, float]]) -> None:
    sound = read([piece for length, gap in parts for piece in (spoken(1, length), gap)] + [0.5])
    found = found_in(sound)
    assert all(0 <= i.start < i.end <= len(sound) for i in found)
    assert all(b.start - a.end >= SHORTEST_SILENCE for a, b in pairwise(found))
