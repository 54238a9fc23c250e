"""Sound at another rate: exactly as many samples, each in its place, and nothing added."""

import numpy as np
import pytest

from calmcast.model.timeline import Block
from calmcast.publish.resampled import pieces, samples_at
from calmcast.units import SAMPLE_RATE


def test_ten_minutes_are_exact() -> None:
    assert samples_at(48_000, 600 * SAMPLE_RATE) == 28_800_000


@pytest.mark.parametrize("samples", [1, 2, 146, 147, 148, SAMPLE_RATE, SAMPLE_RATE * 3 + 7])
def test_there_are_as_many_samples_as_that_makes(samples: int) -> None:
    silence = [Block(samples, None)]
    sound = [Block(samples, np.full(samples, 1000, "<i2").tobytes())]
    for channels, blocks in ((1, silence), (1, sound), (2, silence)):
        assert sum(map(len, pieces(blocks, channels, 48_000))) == samples_at(48_000, samples)


def test_a_tone_stays_what_it_is_across_blocks_and_silences() -> None:
    at = np.arange(SAMPLE_RATE)
    tone = np.rint(9_000 * np.sin(2 * np.pi * 997 * at / SAMPLE_RATE)).astype("<i2")
    cut = [tone[:7_001], tone[7_001:30_000], tone[30_000:]]
    blocks = [Block(2 * SAMPLE_RATE, None), *(Block(len(part), part.tobytes()) for part in cut)]
    heard = np.concatenate([*pieces(blocks, 1, 48_000)])[:, 0]
    assert np.abs(heard[: 2 * 48_000 - 500]).max() == 0
    inside = slice(2 * 48_000 + 1_000, 3 * 48_000 - 1_000)
    wanted = 9_000 * np.sin(2 * np.pi * 997 * (np.arange(3 * 48_000) - 2 * 48_000) / 48_000)
    assert np.abs(heard[inside] - wanted[inside]).max() < 1.6  # rounded twice


def test_at_its_own_rate_nothing_is_touched() -> None:
    tone = np.arange(1_000, dtype="<i2")
    (piece,) = pieces([Block(500, tone.tobytes())], 2, SAMPLE_RATE)
    assert piece.tobytes() == tone.tobytes()
