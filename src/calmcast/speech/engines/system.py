"""The voices of Windows (SAPI 5) and macOS (NSSpeechSynthesizer), through pyttsx3's own drivers.

These drivers speak one file reliably and the next one not, so each phrase has a fresh process. The macOS driver
writes AIFF whatever the name, and may hang on other endings.
"""

import platform
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.packages import version
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, rate, words
from calmcast.speech.engines.synchronous import Pyttsx3Speaker
from calmcast.text import suggestion

_NEEDS = {"win32": ("comtypes", "pythoncom"), "darwin": ("objc", "AppKit", "Foundation")}
"""What pyttsx3's drivers import, by `sys.platform`."""
_SETTLE_S = 0.05
_LONGEST_WAIT_S = 5.0


class System:
    """The engine."""

    name = "system"
    title = "the system's voice"
    alphabet: str | None = None
    isolation: Isolation = "fresh"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("", "the name of a voice that is installed, or nothing for the system's own choice"),
            "rate": rate(165, 80, 400),
        }

    def trouble(self) -> Trouble | None:
        needs = _NEEDS.get(sys.platform)
        if needs is None:
            return "the engine `system` is for Windows and macOS", "use the engine `pico` or `espeak`"
        if any(find_spec(name) is None for name in ("pyttsx3", *needs)):
            return "what pyttsx3 needs on this system is not installed", "pip install --force-reinstall pyttsx3"
        return None

    def version(self) -> str:
        return f"pyttsx3 {version('pyttsx3')}, {platform.platform()}"

    def markup(self, phrase: Phrase) -> str:
        return clean(words(phrase))

    def open(self, settings: Mapping[str, str]) -> Speaker:
        speaker = Pyttsx3Speaker(None, {})
        if settings["voice"]:
            # The voice first: with a new voice, both drivers set the rate anew.
            speaker.set("voice", _voice_id(settings["voice"], speaker.voices()))
        speaker.set("rate", int(settings["rate"]))
        return _SystemSpeaker(speaker)


ENGINE = System()


class _SystemSpeaker:
    def __init__(self, speaker: Pyttsx3Speaker) -> None:
        self._speaker = speaker

    def speak(self, text: str, path: Path) -> None:
        written = path.with_suffix(".aiff" if sys.platform == "darwin" else ".wav")
        self._speaker.speak(text, written)
        _wait_until_written(written)
        if written != path:
            written.replace(path)


def _voice_id(name: str, voices: tuple[tuple[str, str], ...]) -> str:
    """Return the id of the voice that `name` names: by id, by name, or by the beginning of its name."""
    wanted = name.casefold()
    for found in (
        [voice_id for voice_id, _ in voices if voice_id.casefold() == wanted],
        [voice_id for voice_id, voice_name in voices if voice_name.casefold() == wanted],
        [voice_id for voice_id, voice_name in voices if voice_name.casefold().startswith(wanted)],
    ):
        if found:
            return found[0]
    names = sorted({voice_name for _, voice_name in voices})
    hint = suggestion(name, names) or f"there are: {', '.join(names[:12])}"
    raise SpeechError(f"this system has no voice `{name}`", hint)


def _wait_until_written(path: Path) -> None:
    """Return when the file is there and has stopped growing: `runAndWait` may return before."""
    size, end = -1, time.monotonic() + _LONGEST_WAIT_S
    while time.monotonic() < end:
        now = path.stat().st_size if path.exists() else -1
        if now > 0 and now == size:
            return
        size = now
        time.sleep(_SETTLE_S)
