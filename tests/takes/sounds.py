"""Sounds for tests: lines made of tones, read with silences between them, and files of every kind that phones write."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.takes.prompts import Prompt, prompt_id
from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CODECS = {
    ".m4a": ("aac", "fltp"),
    ".mp3": ("libmp3lame", "fltp"),
    ".ogg": ("libopus", "s16"),
    ".flac": ("flac", "s16"),
    ".wav": ("pcm_s16le", "s16"),
}


def prompts(texts: Iterable[str], segment: str = "rest") -> tuple[Prompt, ...]:
    return tuple(Prompt(i, prompt_id(segment, text), text, segment, "") for i, text in enumerate(texts, 1))


def spoken(line: int, seconds: float, pitch: float = 1.0) -> "NDArray[np.float32]":
    """Return syllables: the same words of a line at any length and pitch, other words for another line."""
    import numpy as np

    rng = np.random.default_rng(line)
    count = max(2, round(5 * seconds)) if seconds > 0.3 else 1
    made = []
    tones = rng.uniform(300, 3000, (64, 3))
    for i in range(count):
        samples = round(seconds * SAMPLE_RATE / count)
        t = np.arange(samples) / SAMPLE_RATE
        tone = sum(np.sin(2 * math.pi * hz * pitch * t) for hz in tones[i])
        made.append(tone * (0.35 + 0.65 * np.sin(math.pi * np.arange(samples) / samples)) / 10)
    return np.concatenate(made).astype(np.float32)


def silence(seconds: float) -> "NDArray[np.float32]":
    import numpy as np

    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def read(pieces: Sequence["NDArray[np.float32] | float"], noise: float = 1e-4) -> "NDArray[np.float32]":
    """Return sounds and silences (seconds) one after the other, in a room with a little noise."""
    import numpy as np

    sound = np.concatenate([silence(piece) if isinstance(piece, float) else piece for piece in pieces])
    return sound + np.random.default_rng(1).normal(0, noise, len(sound)).astype(np.float32)


def write(path: Path, sound: "NDArray[np.float32]", rate_hz: int = SAMPLE_RATE, quality: int = 128_000) -> Path:
    """Write samples, (samples,) or (channels, samples), in the format that the name says; Opus takes only 48 000 Hz."""
    import av
    import numpy as np

    channels = np.atleast_2d(sound)
    codec, layout = CODECS[path.suffix][0], "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate_hz)
        stream.layout = layout
        if codec in ("aac", "libmp3lame"):
            stream.bit_rate = quality
        kind = CODECS[path.suffix][1]
        for first in range(0, channels.shape[1], 4096):
            block = np.ascontiguousarray(channels[:, first : first + 4096])
            if kind == "s16":
                scaled = np.rint(np.clip(block, -1, 1) * 32_767).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(scaled.T.reshape(1, -1), format="s16", layout=layout)
            else:
                frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = rate_hz, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
