"""Text as tags, captions and pictures can carry it."""

import unicodedata


def one_line(text: str) -> str:
    """Return `text` on one line: single spaces, no control characters, nothing that no encoding can write."""
    return " ".join("".join(map(_writable, text)).split())


def _writable(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cs"} else character


def shortened(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters, cut between words where there are any, with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    words = cut.rpartition(" ")[0].rstrip(" ,;:-–—&(")
    return (words or cut[:-1]) + "…"
