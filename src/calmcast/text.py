"""Text as people and files take it: one line, shortened, counted, and the known word that was meant."""

import difflib
import unicodedata
from collections.abc import Collection, Iterable


def one_line(text: str) -> str:
    """Return `text` on one line: single spaces, no control characters, nothing that no encoding can write."""
    return " ".join("".join(map(_writable, text)).split())


def _writable(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cs"} else character


def cut_at_word(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters, cut between words where there are any, with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    words = cut.rpartition(" ")[0].rstrip(" ,;:-–—&(")
    return (words or cut[:-1]) + "…"


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return "did you mean `x`?" for the known word closest to this one, or None where none is close."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean `{by_folded[close[0]]}`?" if close else None


def instead_of(word: str, known: Collection[str], there_is: str = "there is") -> str:
    """Return the suggestion for a word, or where none is close all that there is."""
    return suggestion(word, known) or f"{there_is}: {', '.join(known)}"


def counted(number: int, what: str) -> str:
    """Return "1 error", "2 errors", "2 classes"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}{'es' if what.endswith('s') else 's'}"


def shorten(text: str, most: int = 40) -> str:
    """Return the text on one line, cut to `most` characters with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
