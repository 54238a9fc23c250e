"""How a word is said just once, in the line itself: `{psoas|so-as}`, as SSML's `sub`, `phoneme` and `say-as`.

Each mark gives its place to a word that no lexicon has, so nothing else in the line is touched, and no lexicon's entry
reaches into the mark; what that word says is a lexicon of the line alone.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from calmcast.diagnostics import SourceRef
from calmcast.model.steps import SAID
from calmcast.model.voice import Lexicon, Pronounced, Pronunciation
from calmcast.speech.words.lexicon import Spans, pronouncer

_NOWHERE = SourceRef("(the line itself)", 1, 1)
_LETTERS = "bcdfghjklm"
_SPELLED = frozenset({"as letters", "as letter", "as digits", "as digit"})


def own_words(
    pieces: tuple[str | int, ...], lexicons: tuple[Lexicon, ...], alphabet: str | None
) -> tuple[tuple[str | int, ...], Callable[[str], Spans]]:
    """Return a line's pieces with a word for each of its marks, and what makes spans of their text.

    What is said is a respelling; between slashes, phonemes in IPA (`{psoas|/ˈsoʊæs/}`), in place of which an engine
    that takes none says what the lexicons have; or `as letters`, `as digits`.
    """
    if not any(isinstance(piece, str) and SAID.search(piece) for piece in pieces):
        return pieces, pronouncer(lexicons, alphabet)
    written: dict[str, str] = {}
    entries: list[Pronunciation] = []

    def mark(match: re.Match[str]) -> str:
        word = _word(len(written))
        written[word] = match[1]
        entries.append(_pronounced(word, match[1], match[2], lexicons))
        return word

    marked = tuple(SAID.sub(mark, piece) if isinstance(piece, str) else piece for piece in pieces)
    apply = pronouncer((*lexicons, Lexicon("line", "", tuple(entries))), alphabet)

    def spans(text: str) -> Spans:
        return tuple(
            replace(span, text=written.get(span.text, span.text)) if isinstance(span, Pronounced) else span
            for span in apply(text)
        )

    return marked, spans


def _word(number: int) -> str:
    """Return a word that stands for a mark and for nothing else: `zqbqz`."""
    return "zq" + "".join(_LETTERS[int(digit)] for digit in str(number)) + "qz"


def _pronounced(word: str, written: str, said: str, lexicons: tuple[Lexicon, ...]) -> Pronunciation:
    if len(said) > 2 and said[0] == said[-1] == "/":
        usual = "".join(span if isinstance(span, str) else span.text for span in pronouncer(lexicons, None)(written))
        return Pronunciation(word, usual, (("ipa", said[1:-1]),), True, _NOWHERE)
    if said.casefold() in _SPELLED:
        said = " ".join(character for character in written if character.isalnum())
    return Pronunciation(word, said, (), True, _NOWHERE)
