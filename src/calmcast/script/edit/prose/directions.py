"""Words that tell a reader how, or somebody else what to sound, and nobody who rests anything: stage directions."""

import re

from calmcast.script.edit.prose.vocabulary import vocabulary

_BELL_ALONE = re.compile(
    r"(?:(?:ring|sound|strike|play|chime) )?(?:the |a |one )?(?:\w+ )?(?:bells?|gong|chimes?|tingsha)"
    r"(?: (?:rings?|sounds?|chimes?|once|twice|three times|\d+ ?x))*\.?",
    re.IGNORECASE,
)
_BELL = re.compile(
    r"\b(?:bells?|gong|chimes?|singing bowl|bowl|ding|tingsha|klangschalen?|glocken?|zimbeln?)\b", re.IGNORECASE
)
_STAGE = vocabulary(
    "music fade fades fading faded narrator speaker reader students student participants participant listeners clients",
    "whisper whispers whispered whispering volume sfx script recording soundtrack audio softly quietly",
    "optional note cue",
    "laughter laughs applause ambient repeat repeats repeated slower louder softer quieter sound sounds",
    "teacher instructor",
    "wiederholen wiederhole wiederholt wiederholung sprecher sprecherin teilnehmer flüstern flüsternd",
    "warmly tenderly spoken aloud instrumental inaudible murmurs continues voiceover demonstrate demonstrates cont",
)
_SOUNDS = vocabulary("music sfx soundtrack applause laughter instrumental")
_ADVERBS = vocabulary(
    "slowly gently softly quietly calmly warmly tenderly soothingly lovingly kindly smiling smile smiles whispering",
    "langsam langsamer leise leiser sanft",
    "reassuringly steadily lower higher slower softer quieter louder brightly evenly sleepily deeply lightly firmly",
)
_TO_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_TIMES_OVER = re.compile(
    r"(?:repeat\b.*|[x×]\s?\d+|\d+\s?[x×]|\d+ (?:times|mal)|(?:zwei|drei|vier|fünf)mal|"
    r".*\b(?:other side|andere seite)\b.*|both sides|beide seiten|seitenwechsel)"
)
BREATH_S, _MOST_BREATHS = 4, 20
_BREATHS = re.compile(
    r"(?:(?:take )?(?:a |one )?(?:deep |slow |long |audible )*)?(?:inhales?|exhales?|breaths?|breathes?|"
    r"breathing|sighs?|"
    r"in-?breath|out-?breath|breathe? (?:in|out)|inhalation|exhalation)(?: (?:deeply|slowly|in|out|here))*"
)
_TIMES = re.compile(r"\s*[x×]\s?(\d{1,2})$")


def is_direction(content: str) -> bool:
    """Return whether words in brackets tell a reader how, and nobody who rests what."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", content.casefold())
    if not words or _TO_YOU.search(content):
        return bool(_TIMES_OVER.fullmatch(content.casefold().strip(" .")))
    if len(words) <= 3 and any(word in _ADVERBS | _STAGE for word in words):
        return True
    return any(word in _STAGE for word in words) or bool(_TIMES_OVER.fullmatch(content.casefold().strip(" .")))


def is_manner(content: str) -> bool:
    """Return whether words say how to read what follows: `softly`, `very slowly`."""
    words = content.casefold().split()
    return 1 <= len(words) <= 3 and all(word.strip(",") in _ADVERBS | _STAGE | {"and", "very"} for word in words)


def is_sound(text: str) -> bool:
    """Return whether a short line without a stop tells what sounds: `Intro music`."""
    words = text.casefold().split()
    return len(words) <= 4 and text[-1:].isalnum() and any(word in _SOUNDS for word in words)


def is_bell(content: str, most_words: int = 4) -> bool:
    """Return whether a few words in brackets ask for a bell."""
    return _BELL.search(content) is not None and len(content.split()) <= most_words


def is_bell_alone(text: str) -> bool:
    """Return whether a line does nothing but ask for a bell: `Ring the bell.`"""
    return _BELL_ALONE.fullmatch(text) is not None


def breaths(content: str) -> int:
    """Return how many breaths a bracket names: `inhale`, `breath x3`, `inhale, exhale`; 0 where it names none."""
    words, times = content.lower().strip(" ."), 1
    if counted := _TIMES.search(words):
        words, times = words[: counted.start()], int(counted[1])
    parts = re.split(r"\s*(?:[,/&+]|\band\b)\s*", words)
    if not all(_BREATHS.fullmatch(part) for part in parts):
        return 0
    return min(times * len(parts), _MOST_BREATHS)
