"""espeak-ng, from the library that `espeakng-loader` carries: on Linux, with no system package.

The library is used as `speak_lib.h` of espeak-ng 1.52 describes it, in synchronous mode: it starts no thread.
"""

import ctypes
import os
import sys
from collections.abc import Mapping
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import product
from math import log2
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Pronounced
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, within
from calmcast.speech.engines.letters import fold, foreign
from calmcast.speech.engines.synchronous import Pyttsx3Speaker, register_driver
from calmcast.speech.words.pace import SpeakingRate

_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4, "word-gap": 7}
"""`espeak_PARAMETER` by setting."""
_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_UTF8, _PHONEMES = 1, 0x100
_BUFFER_MS = 200
_PACE_RATE, _PACE = 140, SpeakingRate(0.053, 0.056, 0.185)
"""How long klatt4 takes at this rate, measured."""
_LONGEST_DATA_PATH = 150
"""espeak-ng keeps the path of its data in 160 bytes (`N_PATH_HOME`)."""


class Espeak:
    """The engine."""

    name = "espeak"
    title = "espeak-ng"
    alphabet: str | None = "espeak"
    isolation: Isolation = "forked"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("en-us+klatt2", "a language, and a variant after a +", choices=voices),
            "rate": Setting("150", "how fast, in words a minute", 80, 300, from_pace=partial(within, 80, 300)),
            "pitch": Setting("50", "how high, 50 in the middle", low=0, high=99, from_pitch=pitch_setting),
            "range": Setting("50", "how lively, 0 is one pitch", low=0, high=99),
            # At 100, some voices clip (klatt4: 1 sample in 9 000), at 70 they do not.
            "volume": Setting("70", "how loud", low=10, high=100),
            "word-gap": Setting("0", "more silence between words, in hundredths of a second", low=0, high=100),
        }

    def trouble(self) -> Trouble | None:
        if sys.platform != "linux":
            return "espeak-ng comes with calmcast on Linux only", "use the engine `system`"
        if _package() is None:
            return "the library of espeak-ng is not installed", "pip install espeakng-loader"
        if not (_data() / "phontab").is_file() or not _library().is_file():
            return "the installed espeakng-loader is not whole", "pip install --force-reinstall espeakng-loader"
        return None

    def pace(self, settings: Mapping[str, str]) -> SpeakingRate:
        return _PACE.slower(_PACE_RATE / int(settings["rate"]))

    def version(self) -> str:
        return f"espeakng-loader {version('espeakng-loader')}"

    def markup(self, phrase: Phrase) -> str:
        return "".join(
            f" [[{span.phonemes}]] " if isinstance(span, Pronounced) else _plain(span) for span in phrase.spans
        ).strip()

    def open(self, settings: Mapping[str, str]) -> Speaker:
        register_driver("calmcast_espeak", EspeakLibrary)
        # The voice first: it brings its own values for the rest.
        return Pyttsx3Speaker("calmcast_espeak", {"voice": settings["voice"], **settings})


ENGINE = Espeak()


class EspeakLibrary:
    """The library, opened once in a process."""

    def __init__(self) -> None:
        self._voice = ""
        self._chunks: list[bytes] = []
        self._library = ctypes.CDLL(str(_library()), mode=ctypes.RTLD_GLOBAL)
        self._rate_hz = self._initialised()
        samples, events = ctypes.POINTER(ctypes.c_short), ctypes.c_void_p
        # Kept, because the library keeps no reference to it.
        self._callback = ctypes.CFUNCTYPE(ctypes.c_int, samples, ctypes.c_int, events)(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def set(self, name: str, value: str) -> None:
        if name == "voice":
            language, plus, variant = value.partition("+")
            known = value in voices() and f"{_languages()[language]}{plus}{variant}"
            if not known or self._library.espeak_SetVoiceByName(known.encode()) != 0:
                raise SpeechError(f"espeak-ng has no voice `{value}`", "a language, such as en-us, or en-us+klatt2")
            self._voice = value
        elif self._library.espeak_SetParameter(_PARAMETERS[name], int(value), 0) != 0:
            raise SpeechError(f"espeak-ng refused `{name}: {value}`", "try another number")

    def synthesise(self, text: str) -> tuple[bytes, int]:
        unknown = foreign(text, ("LATIN", "GREEK")) if self._voice.startswith("en") else ""
        if unknown:
            raise SpeechError(
                f"the voice {self._voice} cannot say `{unknown}`", "write it in Latin letters, as it should sound"
            )
        self._chunks.clear()
        utf8 = text.encode() + b"\0"
        status = self._library.espeak_Synth(utf8, len(utf8), 0, 1, 0, _UTF8 | _PHONEMES, None, None)
        if status != 0:
            raise RuntimeError(f"espeak-ng gave error {status}")
        return b"".join(self._chunks), self._rate_hz

    def _initialised(self) -> int:
        """Start the library and return its sample rate in Hz."""
        data = os.fsencode(_data())
        if len(data) > _LONGEST_DATA_PATH:
            os.chdir(_data().parent)
            data = os.fsencode(_data().name)
        os.environ["ESPEAK_DATA_PATH"] = os.fsdecode(data)
        rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DO_NOT_EXIT))
        if rate_hz <= 0:
            raise SpeechError("espeak-ng could not start", "pip install --force-reinstall espeakng-loader")
        return rate_hz

    def _take(self, samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, 2 * count))
        return 0


def voices() -> tuple[str, ...]:
    """Return every voice that may be set: each language of the library, alone and with each variant."""
    variants = sorted(file.name for file in (_data() / "voices" / "!v").iterdir() if " " not in file.name)
    languages = tuple(_languages())
    return (*languages, *(f"{language}+{variant}" for language, variant in product(languages, variants)))


@cache
def _languages() -> dict[str, str]:
    """Return the library's own name, a file's, for each language tag (`en-gb` is its `en`) and each file name."""
    files = {file.name.lower(): file for file in sorted((_data() / "lang").rglob("*")) if file.is_file()}
    found: list[tuple[str, int, str]] = []
    for name, file in files.items():
        for line in file.read_text("utf-8", errors="replace").splitlines():
            match line.split():
                case ["language", tag, *priority]:
                    found.append((tag.lower(), int(priority[0]) if priority else 5, name))
    best = {tag: name for tag, _, name in sorted(found, reverse=True)}
    return dict(sorted({**best, **{name: name for name in files}}.items()))


def pitch_setting(percent: int) -> str:
    # 0 is an octave lower, but for the base alone: 40 % of what is heard is the range above it, which stays (measured).
    base = max((percent / 100 - 0.4) / 0.6, 0.5)
    return str(min(round(50 + 50 * log2(base)), 99))


def _plain(text: str) -> str:
    # `[[` opens phonemes. espeak-ng spells out letters such as ṇ; those of Vietnamese, from U+1EA0, it knows.
    return fold(clean(text), lambda c: not "\u1e00" <= c < "\u1ea0").replace("[[", "[ [")


def _package() -> Path | None:
    spec = find_spec("espeakng_loader")
    return Path(spec.origin).parent if spec and spec.origin else None


def _data() -> Path:
    return (_package() or Path()) / "espeak-ng-data"


def _library() -> Path:
    return (_package() or Path()) / "libespeak-ng.so"
