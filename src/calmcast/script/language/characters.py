"""Invisible characters in a file of the language: as they are, or written as an escape in double quotes."""

import re

from calmcast.diagnostics import Problem, SourceRef
from calmcast.invisible import FORBIDDEN, TURNS

_FORBIDDEN, _TURN = re.compile(FORBIDDEN), re.compile(f"[{TURNS}]")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_NAMED = {"0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", "N": "\x85"}
"""YAML's own names for some of them."""


def forbidden_at(line: str) -> int | None:
    """Return where in a line the first such character stands, or None."""
    found = _FORBIDDEN.search(line)
    return found.start() if found else None


def standing(source: SourceRef, character: str) -> Problem:
    """Return the problem of such a character at its place."""
    return _problem(source, character, "stands here", "delete it and type the place afresh")


def without_forbidden(text: str) -> str:
    """Return a text without these characters."""
    return _FORBIDDEN.sub("", text)


def escaped(text: str, source: SourceRef, raw: tuple[str, ...]) -> Problem | None:
    """Return the problem of the first such character that double quotes hold, None where their `text` has none.

    `source` is where they begin, `raw` the lines from there on, in which it is written as an escape.
    """
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    for row, line in enumerate(raw):
        for escape in _ESCAPE.finditer(line, source.column - 1 if row == 0 else 0):
            if _meant(escape) == found[0]:
                place = SourceRef(source.file, source.line + row, escape.start() + 1, len(escape[0]), line)
                return _problem(place, found[0], f"is written here as `{escape[0]}`", "leave it out")
    return _problem(source, found[0], "is written in these quotes", "leave it out")


def _meant(escape: re.Match[str]) -> str | None:
    """Return the character that an escape stands for, where it may be one of these."""
    number = escape[1] or escape[2] or escape[3]
    if number is None:
        return _NAMED.get(escape[4])
    return chr(int(number, 16)) if int(number, 16) < 0x11_0000 else None


def _problem(source: SourceRef, character: str, how: str, hint: str) -> Problem:
    what = "sign that turns the order of letters" if _TURN.match(character) else "control character"
    return Problem("control-character", f"an invisible {what} (U+{ord(character):04X}) {how}", source, hint)
