import numpy as np
import pytest

from calmcast.audio.beds.chance import BLOCK, CHUNK, KNOT, Chance, between, knots
from calmcast.units import SAMPLE_RATE

CHANCE = Chance(5, "rain")

SHARES = (0.5071037598332881, 0.5240293551260812)
WHITE = (0.14125150442123413, 0.4465869665145874)


def test_white_noise_is_white() -> None:
    noise = np.concatenate([CHANCE.white("air", chunk) for chunk in range(20)]).astype(np.float64)
    assert noise.mean() == pytest.approx(0.0, abs=0.01)
    assert noise.var() == pytest.approx(1.0, abs=0.01)
    powers = np.square(np.abs(np.fft.rfft(noise.reshape(20, CHUNK)))).mean(axis=0) / CHUNK
    assert powers[1:-1].reshape(-1, 8191).mean(axis=1) == pytest.approx(1.0, abs=0.05)
    octaves = [powers[first : 2 * first].mean() for first in (64, 512, 4096)]
    assert octaves == pytest.approx([1.0] * 3, abs=0.1)


def test_chunks_layers_beds_and_seeds_know_nothing_of_each_other() -> None:
    ours = CHANCE.white("air", 3)
    others = [
        CHANCE.white("air", 4),
        CHANCE.white("drops", 3),
        Chance(5, "wind").white("air", 3),
        Chance(6, "rain").white("air", 3),
    ]
    for other in others:
        assert abs(np.corrcoef(ours, other)[0, 1]) < 0.04
    assert (CHANCE.white("air", 3) == ours).all()


def test_numbers_stay_what_they_are_from_one_version_to_the_next() -> None:
    assert CHANCE.shares("air", 7, 2) == pytest.approx(SHARES)
    assert CHANCE.white("air", -1)[:2] == pytest.approx(WHITE)


def test_shares_are_from_0_up_to_1() -> None:
    shares = CHANCE.shares("drops", 0, 1000, 3)
    assert shares.shape == (1000, 3)
    assert shares.min() >= 0.0
    assert shares.max() < 1.0
    assert shares.mean(axis=0) == pytest.approx(0.5, abs=0.05)


class TestDrift:
    def test_it_is_the_same_from_wherever_it_is_asked(self) -> None:
        whole = CHANCE.drift("gust", 2.0, np.arange(0, 60 * SAMPLE_RATE, KNOT))
        for first in (0, 1, 999, 5000):
            assert (CHANCE.drift("gust", 2.0, np.arange(0, 60 * SAMPLE_RATE, KNOT)[first:]) == whole[first:]).all()

    def test_it_moves_slowly_and_within_bounds(self) -> None:
        moved = CHANCE.drift("gust", 2.0, np.arange(0, 900 * SAMPLE_RATE, SAMPLE_RATE // 10))
        assert np.abs(moved).max() <= 1.0
        assert moved.std() > 0.25
        assert np.abs(np.diff(moved)).max() < 0.1
        assert np.abs(np.diff(moved, 2)).max() < 0.01

    def test_the_straight_lines_between_its_knots_meet_at_the_blocks_borders(self) -> None:
        curves = [between(CHANCE.drift("gust", 2.0, knots(block))) for block in (4, 5)]
        assert [len(curve) for curve in curves] == [BLOCK, BLOCK]
        assert abs(curves[1][0] - curves[0][-1]) < 1e-4


class TestRounds:
    def test_they_come_round_unevenly(self) -> None:
        turns = CHANCE.rounds("waves", 10.0, 1.0, 100.0, 0, 3600 * SAMPLE_RATE)
        numbers, whens = zip(*turns, strict=True)
        apart = np.diff(whens) / SAMPLE_RATE
        assert numbers == tuple(range(numbers[0], numbers[0] + len(numbers)))
        assert apart.mean() == pytest.approx(10.0, abs=0.1)
        assert 7.5 < apart.min() < 9.5 < 10.5 < apart.max() < 13.0

    def test_a_round_begins_at_the_same_sample_from_wherever_it_is_asked(self) -> None:
        turns = set(CHANCE.rounds("waves", 1.0, 2.5, 13.0, 0, 600 * SAMPLE_RATE))
        some = set(CHANCE.rounds("waves", 1.0, 2.5, 13.0, 300 * SAMPLE_RATE + 77, 400 * SAMPLE_RATE))
        assert some <= turns
        assert {turn for turn in turns if 300 * SAMPLE_RATE + 77 <= turn[1] <= 400 * SAMPLE_RATE} <= some
