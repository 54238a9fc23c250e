"""LAME, the MP3 encoder, and what is peculiar about it."""

import re

import lameenc

from calmcast.units import FRAME, SAMPLE_RATE

QUALITY = 7
"""LAME's quality for every encode: without noise shaping, which stops where LAME's own model hears nothing and leaves
bits unused. What it keeps is 4 to 8 dB closer to the source than at 2 to 5, in half the time (decision 12)."""

MAKEUP_DB = 0.445
"""What a mix is made louder by before it is encoded: LAME scales all it encodes by 0.95, and lameenc has no way to ask
it not to."""

_MAKEUP_192_DB = 0.265
"""At 192 kbit/s it scales by 0.97."""


def makeup_db(kbps: int) -> float:
    """Return what a mix is made louder by before LAME encodes it at a bit rate, up to 192 kbit/s."""
    return _MAKEUP_192_DB if kbps >= 192 else MAKEUP_DB


def new_encoder(kbps: int, channels: int) -> lameenc.Encoder:
    """Return a fresh encoder: constant rate, 44 100 Hz in and out."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(channels)
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_quality(QUALITY)
    return encoder


def encoder_name(kbps: int, channels: int) -> str:
    """Return LAME's name and version (`LAME3.100`), which it leaves in the unused bits of a silent frame."""
    encoder = new_encoder(kbps, channels)
    data = bytes(encoder.encode(bytes(2 * channels * FRAME)) + encoder.flush())
    found = re.search(rb"LAME[0-9]+\.[0-9]+", data)
    return found[0].decode("ascii") if found else "LAME"
