"""PCM blocks -> a WAV file, for what is listened to at once and not kept."""

import wave
from collections.abc import Iterable
from typing import BinaryIO

from calmcast.model.timeline import Block
from calmcast.units import SAMPLE_RATE

_SILENCE = SAMPLE_RATE


def write_wav(out: BinaryIO, blocks: Iterable[Block], *, channels: int = 1) -> None:
    """Write `blocks` as a 16-bit WAV at 44 100 Hz, from where `out` stands; memory does not grow with length."""
    width = 2 * channels
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for block in blocks:
            if block.pcm is not None:
                file.writeframesraw(block.pcm)
                continue
            for start in range(0, block.samples, _SILENCE):
                file.writeframesraw(bytes(min(_SILENCE, block.samples - start) * width))
