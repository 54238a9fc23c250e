import numpy as np
import pytest

from calmcast.audio.beds.chance import BLOCK, Chance
from calmcast.audio.beds.colour import SIZE, WIDTH, Colour, heard, of_kernel, response, white

CHANCE = Chance(1, "colour")
BAND = Colour(low=300.0, high=2_000.0, slope=-3.0)


def test_coloured_noise_keeps_the_variance_of_its_source() -> None:
    sound = np.concatenate([heard(white(CHANCE, "air", block, 1) * response(BAND))[0] for block in range(4)])
    assert sound.std() == pytest.approx(1.0, abs=0.02)


def test_the_edges_are_where_they_should_be() -> None:
    answer = 20 * np.log10(np.abs(response(Colour(low=200.0, high=4_000.0, low_order=4, high_order=4))[1:]))
    at = {hertz: answer[round(hertz * SIZE / 44_100) - 1] for hertz in (100, 200, 900, 4_000, 8_000)}
    assert at[200] - at[900] == pytest.approx(-3.0, abs=0.3)
    assert at[4_000] - at[900] == pytest.approx(-3.0, abs=0.3)
    assert at[100] - at[900] < -22.0
    assert at[8_000] - at[900] < -22.0


def test_blocks_are_what_one_filter_makes_of_one_long_noise() -> None:
    noise = np.concatenate([CHANCE.white("air.middle", chunk) for chunk in range(-1, 16)]).astype(np.float64)
    kernel = np.fft.irfft(response(BAND).astype(np.complex128), SIZE)
    size = 2 * len(noise)
    whole = np.fft.irfft(np.fft.rfft(noise, size) * np.fft.rfft(kernel, size), size)[SIZE - BLOCK :][: 2 * BLOCK]
    blocks = np.concatenate([heard(white(CHANCE, "air", block, 1) * response(BAND))[0] for block in (0, 1)])
    assert np.abs(blocks - whole).max() < 1e-4


def test_the_side_is_another_noise_and_weaker() -> None:
    middle, side = heard(white(CHANCE, "air", 2, 2) * response(BAND))
    assert side.std() / middle.std() == pytest.approx(WIDTH, abs=0.02)
    assert abs(np.corrcoef(middle, side)[0, 1]) < 0.03
    assert (heard(white(CHANCE, "air", 2, 1) * response(BAND))[0] == middle).all()


def test_no_dc_passes() -> None:
    assert response(BAND)[0] == 0.0
    assert of_kernel(np.ones(10))[0] == 0.0
