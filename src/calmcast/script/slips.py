"""Prose that YAML takes for something else: the slips of people who write lines, not YAML.

Each is recognised by how its line looks, so that the problem can say what happened in a teacher's words
and show the line as it works: in quotes.
"""

import re
from dataclasses import dataclass

from calmcast.diagnostics import Problem, SourceRef

_ITEM = re.compile(r"(?P<lead>\s*-\s+(?:say:\s+)?)(?P<text>\S.*)$")
_FIELD = re.compile(r"(?P<lead>\s*(?:-\s+)?[\w][\w ]{0,30}:\s+)(?P<text>\S.*)$")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"\s*(?:#.*)?$'), "'": re.compile(r"'(?:[^']|'')*'\s*(?:#.*)?$")}
_OPENING = {
    "[": "square bracket, which YAML takes for a list",
    "{": "curly bracket, which YAML takes for a mapping",
    "*": "asterisk, which YAML takes for an alias",
    "&": "ampersand, which YAML takes for an anchor",
    "!": "exclamation mark, which YAML takes for a tag",
    "%": "percent sign, which YAML keeps for itself",
    "@": "at sign, which YAML keeps for itself",
    "`": "backtick, which YAML keeps for itself",
    "|": "bar, which YAML takes for a block of text",
    ">": "greater-than sign, which YAML takes for a block of text",
    "]": "square bracket, which YAML takes for the end of a list",
    "}": "curly bracket, which YAML takes for the end of a mapping",
    ",": "comma, which YAML takes for part of a list",
    "?": "question mark, which YAML takes for a key",
}


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that broke YAML, and how to go on without it."""

    row: int
    """Counted from 0."""
    problem: Problem
    stand_in: tuple[str, ...]
    """Lines to put in its place and in place of the lines that continue it."""


def quoted(text: str) -> str:
    """Return the text as a YAML text in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def slip_at(lines: list[str], row: int, file: str) -> Slip | None:
    """Return the slip that broke YAML at `row` (from 0), or None where no slip is known.

    Looks at the row and back from it to the nearest item that can be at fault.
    """
    for candidate in range(row, max(-1, row - 40), -1):
        match = _ITEM.match(lines[candidate]) or _FIELD.match(lines[candidate])
        if not match:
            continue
        found = _fault(match["text"])
        if found is None:
            continue
        code, message, offset = found
        column = len(match["lead"]) + offset + 1
        source = SourceRef(file, candidate + 1, column, 1, lines[candidate])
        hint = f"put the whole line in quotes: {match['lead'].strip()} {quoted(match['text'].strip())}"
        stand_in = (match["lead"] + '""', *_continuation(lines, candidate))
        return Slip(candidate, Problem(code, message, source, hint), stand_in)
    return None


def _continuation(lines: list[str], row: int) -> list[str]:
    """Return an empty line for each line after `row` that continues its text: indented deeper than its item."""
    indent, blank = _indent(lines[row]), list[str]()
    for line in lines[row + 1 :]:
        if not line.strip() or _indent(line) <= indent or _ITEM.match(line) or _FIELD.match(line):
            break
        blank.append("")
    return blank


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fault(text: str) -> tuple[str, str, int] | None:
    first = text[0]
    if first in _QUOTED:
        if _QUOTED[first].match(text):
            return None
        rest = text.find(first, 1)
        if rest > 0:
            return "text-after-quote", "something follows the closing quote", rest
        return "open-quote", "a quote opens here and does not close on this line", 0
    if first in _OPENING and not re.fullmatch(r"[\[{].*[\]}]\s*(?:#.*)?|[|>][+-]?\d?\s*(?:#.*)?", text):
        return "opening-sign", f"this line opens with a {_OPENING[first]}", 0
    colon = re.search(r":(?:\s|$)", text)
    if colon:
        return "colon-in-line", "a colon inside a line makes YAML take what stands before it for a key", colon.start()
    return None
