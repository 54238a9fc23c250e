"""How long lines last before they are spoken: a rate model, for `plan --estimate`."""

import re

from calmcast.model.script import Line
from calmcast.model.voice import Recording
from calmcast.units import SAMPLE_RATE

WORDS_PER_MINUTE = 150
"""Of the syllables alone; the silences at commas and full stops come on top."""
_COMMA, _SENTENCE = SAMPLE_RATE * 45 // 100, SAMPLE_RATE * 95 // 100


def estimated(line: Line) -> Recording:
    """Return a recording of no sound with the length that this line will have, more or less."""
    text = line.text
    words = len(re.findall(r"[\w'’-]+", text))
    inside = sum(piece for piece in line.pieces if isinstance(piece, int))
    stops = len(re.findall(r"[.!?…]+\s", text)) * _SENTENCE + len(re.findall(r"[,;:–—]\s", text)) * _COMMA
    samples = words * SAMPLE_RATE * 60 // WORDS_PER_MINUTE + SAMPLE_RATE // 10 + stops + inside
    return Recording("", samples, (), (), 0.0)
