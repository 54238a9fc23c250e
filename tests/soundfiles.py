"""Sound files for tests, in every format that a teacher may have."""

import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMATS = {
    ".m4a": ("aac", "fltp", 48_000),
    ".mp3": ("libmp3lame", "fltp", 44_100),
    ".wav": ("pcm_s16le", "s16", 48_000),
    ".flac": ("flac", "s16", 44_100),
    ".oga": ("vorbis", "fltp", 44_100),
    ".ogg": ("libopus", "flt", 48_000),
    ".opus": ("libopus", "flt", 48_000),
    ".webm": ("libopus", "flt", 48_000),
    ".aiff": ("pcm_s16be", "s16", 22_050),
    ".mka": ("pcm_f32le", "flt", 96_000),
}
"""Ending -> codec, sample format, a usual sample rate."""
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def write(path: Path, sound: "NDArray[np.floating]", rate_hz: int = 0, codec: str = "") -> Path:
    """Write samples, (samples,) or (channels, samples), full scale = 1, in the format that the name says."""
    import av
    import numpy as np

    usual, kind, usual_hz = FORMATS[path.suffix]
    rate_hz = rate_hz or usual_hz
    kind = "flt" if codec == "pcm_f32le" else kind
    channels = np.atleast_2d(sound)
    layout = LAYOUTS[len(channels)]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec or usual, rate=rate_hz)
        stream.layout = layout
        stream.codec_context.options = {"strict": "experimental"}
        if usual in {"aac", "libmp3lame"}:
            stream.bit_rate = 192_000
        for first in range(0, channels.shape[1], 4800):
            block = channels[:, first : first + 4800]
            made = np.rint(np.clip(block, -1, 1) * 32_767).astype(np.int16) if kind == "s16" else block.astype("f4")
            laid = made if kind.endswith("p") else made.T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(laid), format=kind, layout=layout)
            frame.sample_rate, frame.pts = rate_hz, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_pcm(path: Path, pcm: "NDArray[np.integer]", rate_hz: int = SAMPLE_RATE) -> Path:
    """Write 8-bit or 16-bit samples, (samples,) or (samples, channels), as a plain WAV file."""
    channels = 1 if pcm.ndim == 1 else pcm.shape[1]
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, pcm.dtype.itemsize, rate_hz, 0, "NONE", ""))
        file.writeframes(pcm.tobytes())
    return path


def sine(hertz: float, seconds: float, rate_hz: int = SAMPLE_RATE, amplitude: float = 0.3) -> "NDArray[np.float64]":
    import numpy as np

    return np.asarray(amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate_hz)) / rate_hz))


def noise(seconds: float, seed: int = 1, amplitude: float = 0.05) -> "NDArray[np.float64]":
    import numpy as np

    return np.random.default_rng(seed).normal(0, amplitude, round(seconds * SAMPLE_RATE))
