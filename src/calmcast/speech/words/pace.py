"""How long words take in a voice before they are spoken: by their syllables and letters, as measured once an engine.

Over 220 phrases of scripts, spoken by joe, Pico, espeak-ng and flite, a phrase is off by 0.2 s (root mean square) and a
whole script by 1 to 2 %; with the phonemes of espeak-ng in place of letters it is no better by more than a tenth.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from calmcast.model.voice import Utterance
from calmcast.speech.engine import SpeechEngine, resolve_settings, words
from calmcast.units import SAMPLE_RATE

LONGEST_PACED = 5 * SAMPLE_RATE // 2
"""A pace makes no silence longer than this, in samples: a line would fall apart."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d")
_VOWELS = re.compile(r"[aeiouyœæø]+")
_SILENT_E = re.compile(r"(?<=[^aeiouyl])(?:e|(?<![td])ed)$")
_DIGIT_LETTERS = 4
"""Of a digit's name."""


@dataclass(frozen=True, slots=True)
class SpeakingRate:
    """How long a voice takes for what it says, in seconds."""

    syllable_s: float = 0.1
    letter_s: float = 0.05
    phrase_s: float = 0.3
    """What each phrase takes besides."""

    def slower(self, factor: float) -> "SpeakingRate":
        """Return the pace at which syllables and letters take `factor` times as long."""
        return replace(self, syllable_s=self.syllable_s * factor, letter_s=self.letter_s * factor)

    def samples(self, text: str) -> int:
        """Return how long plain words of one phrase take, in samples at 44 100 Hz; 0 where there are none."""
        said = _words(text)
        count = _syllables(said)
        seconds = count * self.syllable_s + _letters(said) * self.letter_s + self.phrase_s
        return round(seconds * SAMPLE_RATE) if count else 0


@runtime_checkable
class Paced(Protocol):
    """An engine that knows how long it takes."""

    def pace(self, settings: Mapping[str, str]) -> SpeakingRate:
        """Return how long it takes with these settings, a value for each."""


NEURAL = SpeakingRate(0.080, 0.0233, 0.284)
"""Of Piper's joe at its own speed, measured; other neural voices learned from readers as quick."""
USUAL = SpeakingRate()
_USUAL_RATE = 135
"""The words a minute that engines which take a rate call the usual pace, measured with flite."""


def pace_of(engine: SpeechEngine, settings: Mapping[str, str]) -> SpeakingRate:
    """Return how long an engine takes with a profile's settings: the usual, by its rate, where it does not know."""
    resolved = resolve_settings(engine, settings)
    if isinstance(engine, Paced):
        return engine.pace(resolved)
    rate = resolved.get("rate", "")
    return USUAL.slower(_USUAL_RATE / int(rate)) if rate.isdecimal() and int(rate) else USUAL


def guessed_samples(utterance: Utterance, pace: SpeakingRate) -> int:
    """Return how long a line takes with the silences inside it, in samples."""
    total = 0
    for phrase in utterance.phrases:
        said = pace.samples(words(phrase))
        total += said + max(phrase.silence, min(phrase.lasts - said, LONGEST_PACED))
    return total


def _syllables(said: list[str]) -> int:
    """Return about how many syllables words have: runs of vowels, without English's silent e; a digit has one."""
    return sum(max(1, len(_VOWELS.findall(_SILENT_E.sub("", word)))) for word in said)


def _letters(said: list[str]) -> int:
    """Return how many letters words have; a digit has those of its name."""
    return sum(_DIGIT_LETTERS if word.isdigit() else sum(map(str.isalpha, word)) for word in said)


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return _WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c)))
