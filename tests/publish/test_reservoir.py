"""Where two encoders' frames may be joined, and where not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.publish.frames import split_frames
from calmcast.publish.lame import new_encoder
from calmcast.publish.pieces import SHARED, Encoding, Frames
from calmcast.publish.reservoir import joined
from calmcast.units import FRAME

KBPS = 96
FRAMES = 120
TIME = np.arange(FRAMES * FRAME) / 44_100
TONE = 6_000 * np.sin(2 * np.pi * 330 * TIME)
CLICKS = 9_000 * np.random.default_rng(3).standard_normal(len(TIME)) * np.exp(-(np.arange(len(TIME)) % 400) / 20)


def frames_of(sound: NDArray[np.float64], channels: int) -> list[bytes]:
    encoder, pcm = new_encoder(KBPS, channels), np.repeat(sound.astype("<i2"), channels)
    return split_frames(bytes(encoder.encode(pcm.tobytes()) + encoder.flush()), KBPS)[0]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("first", "second", "may"), [(TONE, TONE, True), (CLICKS, CLICKS, True), (TONE, CLICKS, False)]
)
def test_only_where_both_have_the_same_windows(
    channels: int, first: NDArray[np.float64], second: NDArray[np.float64], may: bool
) -> None:
    """Sound that goes on is encoded in long windows, clicks in short ones: no joint, even with room for it."""
    earlier, later = Frames(0, frames_of(first, channels)), Frames(0, frames_of(second, channels))
    both = joined(earlier, later, FRAMES - SHARED - 10, Encoding(channels, KBPS, ""))
    assert (both is not None) == may
    if both is not None:
        assert both[-10:] == later.frames[-10:]
        assert list(map(len, both)) == list(map(len, later.frames))
