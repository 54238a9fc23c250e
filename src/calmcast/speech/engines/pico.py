"""SVOX Pico, from the package `ttspico` (the extra `pico`): a warmer voice, on Linux.

Its markup is read by `picotok.c`: tags as in SSML, no entities, phonemes in X-SAMPA. It skips any letter outside
Latin-1 without a word, and a text of 32 KiB or more, or one with a NUL, breaks it. A closing tag at the end of a text
leaves a faint click half a second after the last word, so speed, pitch and volume are set with tags that stay open.
"""

import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Pronounced
from calmcast.packages import version
from calmcast.seen import looked_at
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, speed, within
from calmcast.speech.engines.letters import fold, refuse_foreign
from calmcast.speech.engines.synchronous import Pyttsx3Speaker, register_driver
from calmcast.speech.words.pace import SpeakingRate

RATE_HZ = 16_000
LANGUAGES = ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT")
_KNOWN = frozenset("ŒœŠšŸŽž")
"""The letters beyond Latin-1 that Pico says."""
_NATURAL = 180
"""Words a minute at speed 100, with the silences that a line has inside."""
_PACE = SpeakingRate(0.050, 0.045, 0.37)
"""At speed 100, measured."""
_LONGEST_BYTES = 30_000
_LEVELS = ("speed", "pitch", "volume")


class Pico:
    """The engine."""

    name = "pico"
    title = "Pico"
    alphabet: str | None = "x-sampa"
    isolation: Isolation = "forked"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("en-US", "a language", choices=lambda: LANGUAGES),
            "speed": speed(_NATURAL),
            "pitch": Setting("100", "how high, 100 is natural", 50, 200, from_pitch=partial(within, 50, 200)),
            # At 100 the voice clips (0.6 % of samples at full scale), at 60 it never does.
            "volume": Setting("60", "how loud", low=10, high=100),
        }

    def trouble(self) -> Trouble | None:
        if sys.platform != "linux":
            return "SVOX Pico runs on Linux only", "use the engine `system`"
        if find_spec("ttspico") is None or find_spec("ctts") is None:
            return "SVOX Pico is not installed", "pip install 'calmcast[pico]' (needs a C compiler)"
        if _languages_folder() is None:
            return "the languages of SVOX Pico are missing", "pip install --force-reinstall 'calmcast[pico]'"
        return None

    def pace(self, settings: Mapping[str, str]) -> SpeakingRate:
        return _PACE.slower(100 / int(settings["speed"]))

    def version(self) -> str:
        return f"ttspico {version('ttspico')}"

    def markup(self, phrase: Phrase) -> str:
        return "".join(
            _phoneme(span.phonemes) if isinstance(span, Pronounced) else _plain(span) for span in phrase.spans
        ).strip()

    def open(self, settings: Mapping[str, str]) -> Speaker:
        register_driver("calmcast_pico", PicoLibrary)
        return Pyttsx3Speaker("calmcast_pico", {"voice": settings["voice"], **settings})


ENGINE = Pico()


class PicoLibrary:
    """One language of Pico, opened once in a process."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._levels: dict[str, int] = {}

    def set(self, name: str, value: str) -> None:
        if name == "voice":
            self._engine = _opened(value)
        elif name in _LEVELS:
            self._levels[name] = int(value)
        else:
            raise SpeechError(f"SVOX Pico has no `{name}`", f"there are: {', '.join(('voice', *_LEVELS))}")

    def synthesise(self, text: str) -> tuple[bytes, int]:
        refuse_foreign("SVOX Pico", text, ("LATIN",))
        if len(text.encode()) > _LONGEST_BYTES:
            raise SpeechError("SVOX Pico cannot say so long a text", "break it into sentences")
        tags = "".join(f"<{name} level='{level}'>" for name, level in self._levels.items())
        return self._engine.speak(tags + text) or b"", RATE_HZ


def _opened(language: str) -> Any:
    folder = _languages_folder()
    if language not in LANGUAGES or folder is None or not looked_at(folder / f"{language}_ta.bin").is_file():
        raise SpeechError(f"SVOX Pico has no voice `{language}`", f"there are: {', '.join(LANGUAGES)}")
    import ttspico

    return ttspico.TtsEngine(language, lang_dir=str(folder))


@cache
def _languages_folder() -> Path | None:
    """Return the folder with Pico's languages. It lies outside the package, wherever `pip` puts data files."""
    return next((folder for folder in _candidates() if looked_at(folder / "en-US_ta.bin").is_file()), None)


def _candidates() -> Iterator[Path]:
    yield Path(sys.prefix) / "languages"
    for scheme in (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")):
        yield Path(sysconfig.get_path("data", scheme)) / "languages"
    from importlib.metadata import PackageNotFoundError, files

    try:
        listed = files("ttspico") or []
    except PackageNotFoundError:
        return
    yield from (Path(str(file.locate())).parent for file in listed if file.name == "en-US_ta.bin")


def _phoneme(phonemes: str) -> str:
    # Between quotes, Pico takes what follows a backslash as it is.
    quoted = phonemes.replace("\\", r"\\").replace('"', r"\"")
    return f'<phoneme alphabet="xsampa" ph="{quoted}"/>'


def _plain(text: str) -> str:
    # A `<` that a space follows opens no tag.
    return fold(clean(text), lambda c: c <= "\u00ff" or c in _KNOWN).replace("<", "< ")
