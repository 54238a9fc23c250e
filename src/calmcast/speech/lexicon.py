"""Pronunciations applied to text, as W3C PLS has it: a grapheme gives way to its phonemes or its respelling."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from calmcast.model.voice import Lexicon, Pronounced, Pronunciation

Spans = tuple[str | Pronounced, ...]
"""Text as a voice says it: plain text, and words with phonemes, in order."""

_SPACE = r"(?:\s+|-)"
"""Between the words of a grapheme: `wind down` also stands for `wind-down`."""
_BEFORE = r"(?<!\w)(?<!\w['’])"
_AFTER = r"(?!\w|['’]\w)"
_POSSESSIVE = r"['’]s"
_SHORTEST_WITH_PLURAL = 4
"""Letters. A plain s after a shorter word is too often another word: `hi` and `his`."""

_HISSING = {"espeak": ("s", "z", "S", "Z"), "x-sampa": ("s", "z", "S", "Z")}
_VOICELESS = {"espeak": ("p", "t", "k", "f", "T"), "x-sampa": ("p", "t", "k", "f", "T")}
_SYLLABIC_S = {"espeak": "I#z", "x-sampa": "Iz"}


@lru_cache(maxsize=16)
def pronouncer(lexicons: tuple[Lexicon, ...], alphabet: str | None) -> Callable[[str], Spans]:
    """Return a function from text to spans for an engine that takes phonemes in `alphabet` (None: takes none).

    The longest grapheme wins, then one that keeps its capitals, then the later lexicon. An entry matches whole
    words only, also before a possessive or a plural s. It gives Pronounced where it has phonemes in `alphabet`,
    else its respelling in place of the text, else the text as it is. No empty span comes back, and no two texts
    stand side by side. The cost is linear in the text.
    """
    entries = _entries(lexicons)
    pattern = _alternation(tuple(entries))

    def apply(text: str) -> Spans:
        plain = unicodedata.normalize("NFC", text)
        if pattern is None:
            return (plain,) if plain else ()
        return _joined(_spans(plain, pattern, entries, alphabet))

    return apply


def _entries(lexicons: tuple[Lexicon, ...]) -> dict[tuple[str, bool], Pronunciation]:
    """Return the entries by grapheme and case, the last of equals kept, in the order they are tried."""
    found = {_name(entry.word, entry.case): entry for lexicon in lexicons for entry in lexicon.entries if entry.word}
    return dict(sorted(found.items(), key=lambda item: (-len(item[0][0]), not item[0][1], item[0][0])))


def _name(word: str, case: bool) -> tuple[str, bool]:
    """Return the grapheme as it is looked up."""
    plain = " ".join(unicodedata.normalize("NFC", word).replace("’", "'").replace("-", " ").split())
    return (plain if case else plain.lower(), case)


def _alternation(names: tuple[tuple[str, bool], ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    words = "|".join(_grapheme(word, case) for word, case in names)
    return re.compile(rf"{_BEFORE}(?:{words}){_AFTER}", re.IGNORECASE)


def _grapheme(word: str, case: bool) -> str:
    """Return the pattern of one grapheme, its match in a group, its ending in the next."""
    text = _SPACE.join(re.escape(part).replace("'", "['’]") for part in word.split())
    plural = "|s['’]?" if len(word) >= _SHORTEST_WITH_PLURAL and not word.lower().endswith("s") else ""
    return f"({'(?-i:' + text + ')' if case else text})({_POSSESSIVE}{plural})?"


def _spans(
    text: str, pattern: re.Pattern[str], entries: dict[tuple[str, bool], Pronunciation], alphabet: str | None
) -> Iterator[str | Pronounced]:
    ordered = tuple(entries.values())
    position = 0
    for match in pattern.finditer(text):
        group = next(i for i in range(1, len(ordered) * 2, 2) if match[i] is not None)
        yield text[position : match.start()]
        yield _said(ordered[group // 2], match[0], match[group + 1] or "", alphabet)
        position = match.end()
    yield text[position:]


def _said(entry: Pronunciation, written: str, ending: str, alphabet: str | None) -> str | Pronounced:
    phonemes = dict(entry.phonemes).get(alphabet) if alphabet else None
    if phonemes and alphabet:
        return Pronounced(written, phonemes + (_ending_phonemes(phonemes, alphabet) if ending else ""))
    if entry.say:
        return entry.say + ending
    return written


def _ending_phonemes(phonemes: str, alphabet: str) -> str:
    """Return how an s sounds after these phonemes: `s` after p, t, k, f, th; a syllable after a hiss; else `z`."""
    if phonemes.endswith(_HISSING.get(alphabet, ())):
        return _SYLLABIC_S.get(alphabet, "z")
    return "s" if phonemes.endswith(_VOICELESS.get(alphabet, ())) else "z"


def _joined(spans: Iterator[str | Pronounced]) -> Spans:
    """Return the spans with neighbouring texts made one and empty ones left out."""
    joined: list[str | Pronounced] = []
    for span in spans:
        if isinstance(span, str) and joined and isinstance(joined[-1], str):
            joined[-1] += span
        elif span:
            joined.append(span)
    return tuple(joined)
