"""What the engines of neural voices have in common: which model their settings come to, and how quick it is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from calmcast.errors import SpeechError
from calmcast.packages import version
from calmcast.speech.engine import Isolation, Setting
from calmcast.speech.models.bundled import BundledModel
from calmcast.speech.models.installed import InstalledModel
from calmcast.speech.models.source import GENDERS
from calmcast.speech.words.pace import NEURAL, SpeakingRate

Model = InstalledModel | BundledModel

WHICH = {
    "language": Setting("", "a language such as en or de-DE, where no voice is named"),
    "gender": Setting("", "woman or man, where no voice is named", choices=lambda: ("", *GENDERS)),
    "speaker": Setting("0", "which of the voice's speakers, the first is 0", low=0, high=9_999),
}
"""The settings that choose among neural voices, besides `voice`."""


class NeuralVoices(ABC):
    """An engine whose voices are models on this machine."""

    name: str
    title: str
    isolation: Isolation = "shared"
    whole_sentences = True
    made_of: tuple[str, ...]
    """The packages that decide how it sounds."""

    @abstractmethod
    def model(self, settings: Mapping[str, str]) -> Model | None:
        """Return the model of these settings: the one they name, else the first of their language; None: none."""

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        model = self.model(settings)
        return {**settings, "voice": model.name} if model else settings

    def identity(self, settings: Mapping[str, str]) -> str:
        model = self.model(settings)
        return model.digest if model else ""

    def pace(self, settings: Mapping[str, str]) -> SpeakingRate:
        model = self.model(settings)
        return NEURAL.slower((model.pace if model else 1.0) * 100 / int(settings["speed"]))

    def version(self) -> str:
        return ", ".join(f"{name} {version(name)}" for name in self.made_of)


def check_speaker(voice: str, speaker: int, speakers: int) -> None:
    """Raise SpeechError where a voice, as people call it, has no speaker of this number."""
    if speaker and speaker >= speakers:
        have = f"{speakers} speakers" if speakers > 1 else "one speaker"
        hint = f"set `speaker` to a number from 0 to {speakers - 1}" if speakers > 1 else "set `speaker: 0`"
        raise SpeechError(f"{voice} has {have}, but no speaker {speaker}", hint)
