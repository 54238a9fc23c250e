"""Which words ask for a silence, and how long it is: `Pause`, `(two minutes of silence)`, `[pause:3s]`."""

import re
from dataclasses import dataclass

from calmcast.script.edit.prose.durations import Time, time_in
from calmcast.script.edit.prose.vocabulary import vocabulary

USUAL_S = 6
LONGEST_GUESS_S = 180
"""A silence whose length nobody wrote beside a pause word is not longer."""
_PAUSE = vocabulary(
    "pause pauses paused silence silent wait beat break pausa stille silencio silenzio slnc sprechpause atempause"
)
_IN_BRACKETS = vocabulary("hold rest quiet stillness stay space gap room sit linger halten bleiben ruhen nachspüren")
"""With a time, and in brackets, these ask for a silence, too; elsewhere they are words to somebody who rests."""
_FILLING = vocabulary(
    "a an the take make leave allow insert add give of for about around approximately approx roughly ca circa at least "
    "up to very short brief small little long longer extended slight medium quick full another more extra each and "
    "then in optional here now your own time minimum max min natural please same again quiet rest "
    "kurz kurze kurzen klein kleine lang lange langer längere etwas eine einen für etwa ungefähr"
)
_SENTENCE_ONLY = vocabulary("here now your own time please again rest quiet and then")
"""In a sentence that stands without brackets these speak to the listener: `Pause here for a moment`."""
_LENGTHS_S = {
    "long": 20, "longer": 20, "extended": 20, "short": 3, "brief": 3, "small": 3, "little": 3, "beat": 3, "slight": 3,
    "quick": 3, "medium": 8, "lang": 20, "lange": 20, "langer": 20, "längere": 20, "kurz": 3, "kurze": 3, "kurzen": 3,
    "kleine": 3,
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_ASKS = re.compile("|".join(sorted(_PAUSE | _IN_BRACKETS)), re.IGNORECASE)
"""What has none of these asks for no silence; it is soon seen."""
_ORNAMENT = " \t[](){}<>*_~.,;:!|/\\–—-=#…\"“”'"
_FEW_WORDS = 5
_MOST = 120
"""Characters; what is longer is no direction."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that the text asks for."""

    seconds: float
    guess: str = ""
    """Why its length is not the text's own; empty where it is."""


def silence(text: str, *, bracketed: bool = False) -> Silence | None:
    """Return the silence that a whole text is, in any ornament; None for words to speak.

    `bracketed`: it stands in brackets, where less is said to listeners.
    """
    if len(text) > _MOST or not _ASKS.search(text):
        return None
    words = text.strip(_ORNAMENT + "?")
    time = time_in(words)
    others = (words if time is None else f"{words[: time.start]} {words[time.end :]}").lower()
    if any(sign.isdigit() for sign in others):
        return None
    rest = _WORD.findall(others)
    asked = any(word in _PAUSE for word in rest)
    if bracketed and time and time.has_unit:
        asked = asked or any(word in _IN_BRACKETS for word in rest)
        rest = [word for word in rest if word not in _IN_BRACKETS]
    known = _FILLING if bracketed else _FILLING - _SENTENCE_ONLY
    if not asked or any(word not in _PAUSE and word not in known for word in rest):
        return None
    return _of(time, words)


def silence_inside(text: str) -> Silence | None:
    """Return the silence that a direction in brackets asks for among other words: `[pause and breathe]`."""
    words = _WORD.findall(text.lower())
    if len(text) > _MOST or not any(word in _PAUSE for word in words):
        return None
    time = time_in(text)
    return _of(time, text) if time or len(words) <= _FEW_WORDS else None


def time_alone(text: str) -> Silence | None:
    """Return the silence of a time that stands alone in its line: `[30 seconds]`, `(2 min)`."""
    if len(text) > _MOST:
        return None
    words = text.strip(_ORNAMENT + "?")
    time = time_in(words, bare=False)
    if time is None:
        return None
    others = _WORD.findall(f"{words[: time.start]} {words[time.end :]}".lower())
    if any(word not in _FILLING and word not in _IN_BRACKETS for word in others) or not time.seconds:
        return None
    return Silence(min(time.seconds, LONGEST_GUESS_S), "a time alone in its line, without a pause word")


def _of(time: Time | None, words: str) -> Silence:
    if time is None or not time.seconds:
        usual = next((_LENGTHS_S[word] for word in _WORD.findall(words.lower()) if word in _LENGTHS_S), USUAL_S)
        return Silence(usual, "a pause without a length")
    if not time.has_unit:
        return Silence(min(time.seconds, LONGEST_GUESS_S), "a number without a unit")
    return Silence(time.seconds)
