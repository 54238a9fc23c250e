"""A microphone, listened to until somebody says stop (the extra `record`: PortAudio through sounddevice)."""

from collections.abc import Callable
from importlib.util import find_spec
from threading import Event, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calmcast.errors import SoundError
from calmcast.units import SAMPLE_RATE

LONGEST_S = 180
"""A line that is read longer than this has been forgotten about."""
_BLOCK = SAMPLE_RATE // 20


def trouble() -> SoundError | None:
    """Return why nothing can be recorded here, with the fix, or None where it can."""
    try:
        _device()
    except SoundError as error:
        return error
    return None


class Listening:
    """A recording in progress: `stop` ends it and gives what was heard."""

    def __init__(self, on_level: Callable[[float], None]) -> None:
        """Begin. `on_level` is called, in another thread, with the peak of each 50 ms, full scale = 1."""
        self._sounddevice = _device()
        self._on_level = on_level
        self._blocks: list[NDArray[np.int16]] = []
        self._over = Event()
        self._fault: Exception | None = None
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> NDArray[np.int16]:
        """End it; return what was heard, mono at 44 100 Hz. Raises SoundError where the microphone failed."""
        self._over.set()
        self._thread.join()
        if self._fault is not None:
            raise SoundError(f"the microphone stopped working: {self._fault}", "plug it in again, and go on")
        return np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.int16)

    def _listen(self) -> None:
        try:
            with self._sounddevice.InputStream(samplerate=SAMPLE_RATE, channels=1, dtype="int16") as stream:
                while not self._over.is_set() and len(self._blocks) * _BLOCK < LONGEST_S * SAMPLE_RATE:
                    block, _ = stream.read(_BLOCK)
                    self._blocks.append(np.array(block[:, 0]))
                    self._on_level(float(np.abs(block.astype(np.int32)).max()) / 32_768)
        except (self._sounddevice.PortAudioError, OSError) as error:
            self._fault = error


def _device() -> Any:
    """Return sounddevice where it has a microphone to listen to. Raises SoundError with the fix where it has not."""
    if find_spec("sounddevice") is None:
        raise SoundError("recording here needs one more package", "pip install 'calmcast[record]'")
    try:
        import sounddevice
    except OSError as error:
        raise SoundError("the system's library for microphones is missing", "apt install libportaudio2") from error
    try:
        sounddevice.check_input_settings(samplerate=SAMPLE_RATE, channels=1, dtype="int16")
    except (sounddevice.PortAudioError, ValueError) as error:
        hint = "plug one in, or record with a phone: calmcast record sheet SCRIPT"
        raise SoundError("there is no microphone here", hint) from error
    return sounddevice
