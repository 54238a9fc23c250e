"""Letters that an engine does not know, written with letters that it does."""

import unicodedata
from collections.abc import Callable

from calmcast.errors import SpeechError

_PLAIN = {
    "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ł": "l", "Ł": "L", "ŋ": "ng", "Ŋ": "Ng",
    "ŧ": "t", "Ŧ": "T", "ĸ": "k", "œ": "oe", "Œ": "Oe", "ə": "e", "ẞ": "ss", "ß": "ss",
}  # fmt: skip
"""Latin letters that Unicode does not decompose."""


def fold(text: str, known: Callable[[str], bool]) -> str:
    """Return `text` with each Latin letter that is not `known` as plain letters (`prāṇāyāma` -> `pranayama`), and
    each decimal digit as one of 0 to 9. What has no plain form stays.
    """
    return "".join(_folded(c, known) for c in text)


def foreign(text: str, scripts: tuple[str, ...]) -> str:
    """Return the letters of `text`, each once, that are of none of these scripts (Unicode names: `LATIN`)."""
    letters = dict.fromkeys(c for c in text if not c.isascii() and c.isalpha())
    return "".join(c for c in letters if not unicodedata.name(c, "").startswith((*scripts, "FEMININE", "MASCULINE")))


def refuse_foreign(who: str, text: str, scripts: tuple[str, ...] = ("LATIN", "GREEK")) -> None:
    """Raise SpeechError where a text has letters of other scripts: most voices would read out what they are called."""
    if unknown := foreign(text, scripts):
        raise SpeechError(f"{who} cannot say `{unknown}`", "write it in Latin letters, as it should sound")


def _folded(character: str, known: Callable[[str], bool]) -> str:
    if character.isascii() or known(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in _PLAIN:
        return _PLAIN[character]
    parts = [c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)]
    plain = "".join(_PLAIN.get(c, c) for c in parts if c.isalpha())
    return plain if plain.isascii() and plain else character
