"""espeak-ng's library, as `speak_lib.h` of espeak-ng 1.52 describes it, in synchronous mode: it starts no thread."""

import ctypes
import os
from typing import Any

from calmcast.errors import SpeechError
from calmcast.speech.engines.espeak import data_folder, library_file, library_voice
from calmcast.speech.engines.espeak_data import openable
from calmcast.speech.engines.letters import refuse_foreign

_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4, "word-gap": 7}
"""`espeak_PARAMETER` by setting."""
_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_UTF8, _PHONEMES = 1, 0x100
_BUFFER_MS = 200


class EspeakLibrary:
    """The library, opened once in a process."""

    def __init__(self) -> None:
        self._voice = ""
        self._chunks: list[bytes] = []
        self._library = ctypes.CDLL(str(library_file()), mode=ctypes.RTLD_GLOBAL)
        self._rate_hz = self._initialised()
        samples, events = ctypes.POINTER(ctypes.c_short), ctypes.c_void_p
        # Kept, because the library keeps no reference to it.
        self._callback = ctypes.CFUNCTYPE(ctypes.c_int, samples, ctypes.c_int, events)(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def set(self, name: str, value: str) -> None:
        if name == "voice":
            known = library_voice(value)
            if known is None or self._library.espeak_SetVoiceByName(known.encode()) != 0:
                raise SpeechError(f"espeak-ng has no voice `{value}`", "a language, such as en-us, or en-us+klatt2")
            self._voice = value
        elif self._library.espeak_SetParameter(_PARAMETERS[name], int(value), 0) != 0:
            raise SpeechError(f"espeak-ng refused `{name}: {value}`", "try another number")

    def synthesise(self, text: str) -> tuple[bytes, int]:
        if self._voice.startswith("en"):
            refuse_foreign(f"the voice {self._voice}", text)
        self._chunks.clear()
        utf8 = text.encode() + b"\0"
        status = self._library.espeak_Synth(utf8, len(utf8), 0, 1, 0, _UTF8 | _PHONEMES, None, None)
        if status != 0:
            raise RuntimeError(f"espeak-ng gave error {status}")
        return b"".join(self._chunks), self._rate_hz

    def _initialised(self) -> int:
        """Start the library and return its sample rate in Hz."""
        data = os.fsencode(openable(data_folder()))
        os.environ["ESPEAK_DATA_PATH"] = os.fsdecode(data)
        rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DO_NOT_EXIT))
        if rate_hz <= 0:
            raise SpeechError("espeak-ng could not start", "pip install --force-reinstall espeakng-loader")
        return rate_hz

    def _take(self, samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, 2 * count))
        return 0
