"""A text that is all in capitals, as people are used to write it: else voices spell words, or shout."""

import re

from calmcast.script.edit.prose.manuscript import Rows, speech

_SHARE = 0.7
"""Of the letters, so many at least are capitals."""
_FEWEST = 60
_OPENING = re.compile(r"(?:^|[.!?…:]\s+)[\"“‘'(\[*_-]*\s*[a-zà-ÿ]")
_I = re.compile(r"\bi\b(?=['’ ,.;!?]|$)")


def lowered(rows: Rows) -> Rows:
    """Return rows in small letters, but for the first of each sentence, where nearly all of them are capitals."""
    letters = [sign for _, row in speech(rows) if not row.text.startswith("#") for sign in row.text if sign.isalpha()]
    if len(letters) < _FEWEST or sum(map(str.isupper, letters)) < _SHARE * len(letters):
        return rows
    return tuple(row.saying(_lowered(row.text)) if row.may_be_spoken else row for row in rows)


def _lowered(text: str) -> str:
    return _I.sub("I", _OPENING.sub(lambda match: match[0].upper(), text.lower()))
