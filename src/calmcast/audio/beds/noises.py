"""Brown and pink noise."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import Chance
from calmcast.audio.beds.colour import Colour, heard, response, white
from calmcast.audio.beds.settings import BedSettings
from calmcast.units import gain

# Over the two edges the slope is straight from 60 Hz to 10 kHz. Brown noise carries most just above its lower edge.
_BROWN = Colour(low=38.0, high=16_000.0, slope=-6.0206, low_order=8, high_order=6)
_PINK = Colour(low=34.0, high=16_000.0, slope=-3.0103, low_order=6, high_order=6)


def brown(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of brown noise, power falling by 6 dB an octave: (channels, BLOCK), middle and side."""
    return heard(white(chance, "noise", block, channels) * response(_BROWN)) * gain(-20.6)


def pink(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of pink noise, power falling by 3 dB an octave: (channels, BLOCK), middle and side."""
    return heard(white(chance, "noise", block, channels) * response(_PINK)) * gain(-23.95)
