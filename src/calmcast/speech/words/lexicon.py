"""Pronunciations applied to text, as in W3C's PLS: a grapheme gives way to its phonemes or its respelling."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.model.voice import Lexicon, Pronounced, Pronunciation
from calmcast.speech.words.graphemes import Entry, finder
from calmcast.speech.words.inventories import voiced
from calmcast.speech.words.phonemes import unknown_signs

Spans = tuple[str | Pronounced, ...]
"""Text as a voice says it: plain text, and words with phonemes, in order."""

_HISSING = {"espeak": ("s", "z", "S", "Z"), "x-sampa": ("s", "z", "S", "Z"), "ipa": ("s", "z", "ʃ", "ʒ")}
_VOICELESS = {
    "espeak": ("p", "t", "k", "f", "T"),
    "x-sampa": ("p", "t", "k", "f", "T"),
    "ipa": ("p", "t", "k", "f", "θ"),
}
_SYLLABIC_S = {"espeak": "I#z", "x-sampa": "Iz", "ipa": "ᵻz"}


@lru_cache(maxsize=16)
def pronouncer(lexicons: tuple[Lexicon, ...], alphabet: str | None) -> Callable[[str], Spans]:
    """Return a function from text to spans for an engine that takes phonemes in `alphabet` (None: takes none).

    The longest grapheme wins, then one that keeps its capitals, then the later lexicon. An entry matches whole
    words only, also before a possessive or a plural s. It gives Pronounced where its phonemes can be had in
    `alphabet` (see `inventories.voiced`), else its respelling in place of the text, else the text as it is. No empty
    span comes back, and no two texts stand side by side. The cost is linear in the text.
    """
    find = finder(lexicons)

    def spans(text: str) -> Iterator[str | Pronounced]:
        position = 0
        for match in find(text):
            yield text[position : match.start]
            yield _said(match.entry, text[match.start : match.end], match.ending, alphabet)
            position = match.end
        yield text[position:]

    return lambda text: _joined(spans(unicodedata.normalize("NFC", text)))


def matches(lexicons: tuple[Lexicon, ...], text: str) -> tuple[Pronunciation, ...]:
    """Return the entries that `pronouncer` applies to a text, in the order in which they come, each as often."""
    return tuple(match.entry.pronunciation for match in finder(lexicons)(unicodedata.normalize("NFC", text)))


def check_lexicon(lexicon: Lexicon) -> tuple[Problem, ...]:
    """Return a warning for each entry with phonemes that have signs which their alphabet does not have."""
    found = []
    for entry in lexicon.entries:
        for alphabet, phonemes in entry.phonemes:
            if unknown := unknown_signs(alphabet, phonemes):
                signs = " ".join(f"`{sign}`" for sign in unknown[:8])
                message = f"the phonemes of `{entry.word}` have signs that {alphabet} does not have: {signs}"
                hint = f"`calmcast lexicon try` lets you hear it; or write say: with a respelling of `{entry.word}`"
                place = _place(entry.source, alphabet, phonemes)
                found.append(Problem("unknown-sign", message, place, hint, Severity.WARNING))
    return tuple(found)


def _place(entry: SourceRef, key: str, text: str) -> SourceRef:
    """Return where a key's text stands in the line of an entry; the entry's place where it is not there as it is."""
    start = entry.excerpt.find(text, max(0, entry.excerpt.find(f"{key}:")))
    return replace(entry, column=start + 1, width=len(text)) if start >= 0 else entry


def _said(entry: Entry, written: str, ending: str, alphabet: str | None) -> str | Pronounced:
    phonemes = voiced(entry.pronunciation.phonemes, alphabet, entry.language) if alphabet else None
    if phonemes and alphabet:
        return Pronounced(written, phonemes + (_ending_phonemes(phonemes, alphabet) if ending else ""))
    if entry.pronunciation.say:
        return entry.pronunciation.say + ending
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
