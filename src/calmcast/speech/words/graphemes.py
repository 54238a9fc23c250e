"""Where the words of lexicons stand in a text: whole words, the longest first, also before a possessive or plural s."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from calmcast.model.voice import Lexicon, Pronunciation

_SPACE = r"(?:\s+|-)"
"""Between the words of a grapheme: `wind down` also stands for `wind-down`."""
_BEFORE = r"(?<!\w)(?<!\w['’])"
_AFTER = r"(?!\w|['’]\w)"
_POSSESSIVE = r"['’]s"
_SHORTEST_WITH_PLURAL = 4
"""Letters. A plain s after a shorter word is too often another word: `hi` and `his`."""
_START = re.compile(rf"{_BEFORE}(?:\w+|(?=[^\w\s]))")
"""Where a grapheme can begin: at a run of letters, or at a sign."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A pronunciation and the language of its lexicon."""

    pronunciation: Pronunciation
    language: str


@dataclass(frozen=True, slots=True)
class WordMatch:
    """An entry's place in a text, in characters."""

    entry: Entry
    start: int
    end: int
    ending: str
    """What follows the grapheme within the match: a possessive, a plural s, or nothing."""


_Named = tuple[tuple[str, bool], Entry]
"""An entry with its grapheme as it is looked up, and whether that keeps its capitals."""


@lru_cache(maxsize=16)
def finder(lexicons: tuple[Lexicon, ...]) -> Callable[[str], Iterator[WordMatch]]:
    """Return a function from text in composed form (NFC) to the places where entries apply, in order.

    The longest grapheme wins, then one that keeps its capitals, then the later lexicon. An entry is tried only where
    its first word stands, so that thousands of them cost no more than a few.
    """
    by_first: dict[str, list[_Named]] = {}
    for name, entry in _entries(lexicons):
        by_first.setdefault(_first_word(name[0]), []).append((name, entry))
    patterns: dict[str, re.Pattern[str]] = {}

    def at(text: str, position: int, word: str) -> WordMatch | None:
        if word not in by_first:
            return None
        if word not in patterns:
            patterns[word] = _alternation(name for name, _ in by_first[word])
        pattern = patterns[word]
        match = pattern.match(text, position)
        if match is None:
            return None
        group = next(i for i in range(1, pattern.groups, 2) if match[i] is not None)
        return WordMatch(by_first[word][group // 2][1], position, match.end(), match[group + 1] or "")

    def find(text: str) -> Iterator[WordMatch]:
        position = 0
        while start := _START.search(text, position):
            word = start[0].lower()
            found = at(text, start.start(), word)
            if found is None and word.endswith("s"):
                found = at(text, start.start(), word[:-1])
            if found:
                yield found
            position = found.end if found else max(start.end(), start.start() + 1)

    return find


def _first_word(grapheme: str) -> str:
    """Return the run of letters that a grapheme begins with, as it is looked up; nothing where that is a sign."""
    run = re.match(r"\w*", grapheme)
    return run[0].lower() if run else ""


def _entries(lexicons: tuple[Lexicon, ...]) -> list[_Named]:
    """Return the entries, the last of equals kept, in the order in which they are tried.

    A lexicon without a language (what a line says just once) has that of the others, or English.
    """
    usual = next((lexicon.language for lexicon in lexicons if lexicon.language), "en")
    found: dict[tuple[str, bool], Entry] = {}
    for lexicon in lexicons:
        for pronunciation in lexicon.entries:
            name = _name(pronunciation.word, pronunciation.case)
            if name[0]:
                found[name] = Entry(pronunciation, lexicon.language or usual)
    return sorted(found.items(), key=lambda item: (-len(item[0][0]), not item[0][1], item[0][0]))


def _name(word: str, case: bool) -> tuple[str, bool]:
    """Return the grapheme as it is looked up."""
    plain = " ".join(unicodedata.normalize("NFC", word).replace("’", "'").replace("-", " ").split())
    return (plain if case else plain.lower(), case)


def _alternation(names: Iterable[tuple[str, bool]]) -> re.Pattern[str]:
    words = "|".join(_grapheme(word, case) for word, case in names)
    return re.compile(rf"{_BEFORE}(?:{words}){_AFTER}", re.IGNORECASE)


def _grapheme(word: str, case: bool) -> str:
    """Return the pattern of one grapheme, its match in a group, its ending in the next."""
    text = _SPACE.join(re.escape(part).replace("'", "['’]") for part in word.split())
    plural = "|s['’]?" if len(word) >= _SHORTEST_WITH_PLURAL and not word.lower().endswith("s") else ""
    return f"({'(?-i:' + text + ')' if case else text})({_POSSESSIVE}{plural})?"
