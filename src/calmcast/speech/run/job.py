"""What there is to speak, how long that may take, and that it failed."""

from collections.abc import Mapping
from dataclasses import dataclass

from calmcast.model.voice import UNSHAPED, Tone, Utterance
from calmcast.speech.engine import SpeechEngine

_CHARACTERS_A_WORD = 6


@dataclass(frozen=True, slots=True)
class SpeechJob:
    """An utterance and who says it."""

    utterance: Utterance
    engine: SpeechEngine
    settings: Mapping[str, str]
    """As the voice profile has them: checked by `engine.check_settings`, defaults left out."""
    tone: Tone = UNSHAPED


@dataclass(frozen=True, slots=True)
class Breath:
    """What an engine says in one go: a phrase, or for one that speaks whole sentences, the clauses of a sentence."""

    text: str
    """For the engine, CLAUSE between clauses."""
    words: str
    """Its plain words."""
    times: tuple[tuple[int, int], ...]
    """For each clause, the silence after it in samples, and how long both last at least."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an engine may take, and how often it is asked."""

    start_s: float = 30.0
    """To open, in seconds."""
    phrase_s: float = 10.0
    """For any phrase, in seconds."""
    word_s: float = 0.5
    """For each of its words on top, in seconds."""
    tries: int = 3

    def limit_s(self, text: str) -> float:
        """Return how many seconds `text` may take."""
        return self.phrase_s + self.word_s * max(len(text.split()), len(text) // _CHARACTERS_A_WORD)


class FaultError(Exception):
    """Speaking failed: `str(error)` says how. A fresh process may do better."""
