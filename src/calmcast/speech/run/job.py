"""What there is to speak."""

from collections.abc import Mapping
from dataclasses import dataclass

from calmcast.model.voice import UNSHAPED, Tone, Utterance
from calmcast.speech.engine import SpeechEngine


@dataclass(frozen=True, slots=True)
class SpeechJob:
    """An utterance and who says it."""

    utterance: Utterance
    engine: SpeechEngine
    settings: Mapping[str, str]
    """As the voice profile has them: checked by `engine.check_settings`, defaults left out."""
    tone: Tone = UNSHAPED
