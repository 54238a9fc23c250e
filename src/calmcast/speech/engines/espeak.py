"""espeak-ng, from the library that `espeakng-loader` carries: on Linux, with no system package."""

import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from itertools import product
from math import log2
from pathlib import Path

from calmcast.model.voice import Phrase, Pronounced
from calmcast.packages import version
from calmcast.seen import looked_at
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, rate
from calmcast.speech.engines.letters import fold
from calmcast.speech.engines.synchronous import Pyttsx3Speaker, register_driver
from calmcast.speech.words.pace import SpeakingRate

_PACE_RATE, _PACE = 140, SpeakingRate(0.053, 0.056, 0.185)
"""How long klatt4 takes at this rate, measured."""


class Espeak:
    """The engine."""

    name = "espeak"
    title = "espeak-ng"
    alphabet: str | None = "espeak"
    isolation: Isolation = "forked"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("en-us+klatt2", "a language, and a variant after a +", choices=voices, has=_has_voice),
            "rate": rate(150, 80, 300),
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
        if not looked_at(data_folder() / "phontab").is_file() or not looked_at(library_file()).is_file():
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
        from calmcast.speech.engines.espeak_library import EspeakLibrary

        register_driver("calmcast_espeak", EspeakLibrary)
        # The voice first: it brings its own values for the rest.
        return Pyttsx3Speaker("calmcast_espeak", {"voice": settings["voice"], **settings})


ENGINE = Espeak()


def voices() -> tuple[str, ...]:
    """Return every voice that may be set: each language of the library, alone and with each variant."""
    alone = tuple(_languages())
    return (*alone, *(f"{language}+{variant}" for language, variant in product(alone, _variants())))


def library_voice(voice: str) -> str | None:
    """Return the library's own name for one of `voices` (`en-gb` is its `en`), or None where it is none."""
    language, plus, variant = voice.partition("+")
    if plus and variant not in _variants():
        return None
    name = language if language in _language_files() else _languages().get(language)
    return f"{name}{plus}{variant}" if name else None


@cache
def _variants() -> tuple[str, ...]:
    return tuple(sorted(file.name for file in (data_folder() / "voices" / "!v").iterdir() if " " not in file.name))


@cache
def _language_files() -> Mapping[str, Path]:
    """Return the file of each language, by its name in lower case."""
    walked = os.walk(data_folder() / "lang")
    return {name.lower(): Path(folder, name) for folder, _, names in sorted(walked) for name in sorted(names)}


@cache
def _languages() -> Mapping[str, str]:
    """Return the library's own name, a file's, for each language tag and each file name: every file says its tags."""
    files, found = _language_files(), list[tuple[str, int, str]]()
    for name, file in files.items():
        for line in file.read_text("utf-8", errors="replace").splitlines():
            match line.split():
                case ["language", tag, *priority]:
                    found.append((tag.lower(), int(priority[0]) if priority else 5, name))
    best = {tag: name for tag, _, name in sorted(found, reverse=True)}
    return dict(sorted({**best, **{name: name for name in files}}.items()))


def _has_voice(name: str) -> bool:
    return library_voice(name) is not None


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


def data_folder() -> Path:
    return (_package() or Path()) / "espeak-ng-data"


def library_file() -> Path:
    return (_package() or Path()) / "libespeak-ng.so"
