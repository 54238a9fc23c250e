"""An engine `piper` of a few lines, for the tests of adding voices: it speaks where calmcast has none of that name."""

import wave
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.speech.engine import Isolation, Setting, Trouble, words
from calmcast.speech.models.installed import find
from tests.speech.speaking import install

if TYPE_CHECKING:
    import pytest


class PiperStub:
    """Speaks the model that is named, by the library alone."""

    name = "piper"
    alphabet: str | None = None
    isolation: Isolation = "shared"
    settings: Mapping[str, Setting] = {"voice": Setting("", "the name of a voice")}

    def trouble(self) -> Trouble | None:
        return None

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        return None

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        return settings

    def identity(self, settings: Mapping[str, str]) -> str:
        model = find(settings.get("voice", ""))
        return model.digest if model else ""

    def version(self) -> str:
        return "0"

    def markup(self, phrase: Phrase) -> str:
        return words(phrase)

    def open(self, settings: Mapping[str, str]) -> "StubSpeaker":
        from piper import PiperVoice

        model = find(settings["voice"])
        if model is None:
            raise SpeechError("there is no such voice", None)
        return StubSpeaker(PiperVoice.load(next(model.folder.glob("*.onnx"))))


class StubSpeaker:
    def __init__(self, voice: Any) -> None:
        self._voice = voice

    def speak(self, text: str, path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            self._voice.synthesize_wav(text, file)


ENGINE = PiperStub()


def install_piper(monkeypatch: "pytest.MonkeyPatch", folder: Path) -> None:
    """Install the engine as another package's; one that calmcast has goes before it."""
    install(monkeypatch, folder, "piper-stub", {"piper": "tests.speech.piper_stub:ENGINE"})
