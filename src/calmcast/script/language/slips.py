"""Prose that YAML takes for something else, and indentation that does not add up: what broke a file, in plain words.

A slip is recognised by how its line looks, so that the problem can say what happened in a teacher's words and
show the line as it works. What is known to be a key of the language is never taken for prose.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from calmcast.diagnostics import Problem, SourceRef
from calmcast.script.language.grammar import KEYS

_ITEM = re.compile(r"\s*-(?:\s+|$)")
_KEY = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, KEYS), key=len, reverse=True))}):(?:\s+|$)")
_NO_SPACE = re.compile(rf"(\s*(?:-\s+)?)({'|'.join(map(re.escape, sorted(KEYS)))}):(?=[^\s:])(.*)")
_QUOTED = {'"': re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'), "'": re.compile(r"'[^']*+(?:''[^']*+)*'")}
_SPECIAL = re.compile(r"\\[^0abtnvfre \"/\\N_LP]")
"""A backslash and what YAML wants more of, or does not know."""
_BACKSLASH = "a backslash in double quotes begins a special sign"
_NO_BACKSLASH = "in double quotes write two backslashes for one, or leave it out"
_FIELDS_INSIDE = re.compile(r"\{\s*\w+\s*:|\[[^\]]*,[^\]]*$")
_SIGNS = {
    "[": "YAML takes for a list", "{": "YAML takes for a mapping", "*": "YAML takes for an alias",
    "&": "YAML takes for an anchor", "!": "YAML takes for a tag", "|": "YAML takes for a block of text",
    ">": "YAML takes for a block of text", "?": "YAML takes for a key", "]": "YAML takes for the end of a list",
    "}": "YAML takes for the end of a mapping", ",": "YAML takes for part of a list",
    "%": "YAML keeps for itself", "@": "YAML keeps for itself", "`": "YAML keeps for itself",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that broke YAML, and how to go on without it."""

    row: int
    """Counted from 0."""
    problem: Problem
    stand_in: tuple[str, ...]
    """Lines to put in its place and in place of the lines that continue it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A raw line, taken apart."""

    lead: str
    """Indentation, hyphen and known key."""
    value: str

    @property
    def begins_something(self) -> bool:
        """Whether it is an item or a field, not the continuation of a text."""
        return bool(self.lead.strip())


def quoted(text: str) -> str:
    """Return the text as a YAML text in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def find_slip(lines: list[str], taken: list[Line], row: int, context_row: int, file: str) -> Slip | None:
    """Return the slip that broke YAML at `row`, or None where the break is not in one line.

    Rows count from 0. `taken`: the lines, taken apart. `context_row` is where what YAML was reading began.
    """
    opened = _open_quote(taken, row)
    if opened is not None:
        message = "a quote opens here and does not close on this line"
        return _slip(lines, taken, opened, file, ("open-quote", message, 0, _in_quotes(taken[opened])))
    begin = next((r for r in range(row, -1, -1) if taken[r].begins_something), row)
    for candidate in dict.fromkeys((row, begin, context_row, begin - 1)):
        found = _fault(taken[candidate], lines[candidate]) if candidate >= 0 else None
        if found:
            return _slip(lines, taken, candidate, file, found)
    return None


def broken_structure(problem: str, lines: list[str], row: int, context_row: int, file: str) -> Problem:
    """Return the problem of indentation that does not add up, or of a backslash. `problem` is what YAML said."""
    if ("escape" in problem or "hexdecimal" in problem) and (found := _SPECIAL.search(lines[row])):
        source = SourceRef(file, row + 1, found.start() + 1, len(found[0]), lines[row])
        return Problem("backslash", _BACKSLASH, source, f"{_NO_BACKSLASH}; a path needs no quotes")
    if "could not find expected ':'" in problem:
        row = context_row
        message = "this line belongs to nothing"
        hint = "indent it further if it goes on with the line above, or begin it with a hyphen and a space"
    elif "'-' indicator" in problem:
        message = "this line does not line up with the list that it follows"
        hint = "begin it with a hyphen and a space if it is a step of its own; else look at its indentation"
    elif "document start" in problem and lines[0][:1].isspace():
        row, message, hint = 0, "the file begins with an indented line", "begin title: and the like at the line's start"
    else:
        message = "this line is indented unlike the lines that it belongs with"
        hint = "lines that belong together begin in the same column; two spaces for each step inwards"
    while row > 0 and (row >= len(lines) or not lines[row].strip()):
        row -= 1
    column = len(lines[row]) - len(lines[row].lstrip())
    source = SourceRef(file, row + 1, column + 1, max(1, len(lines[row].strip())), lines[row])
    return Problem("indentation", message, source, hint)


def taken_apart(line: str) -> Line:
    lead = match[0] if (match := _ITEM.match(line)) else line[: len(line) - len(line.lstrip())]
    key = _KEY.match(line, len(lead))
    end = key.end() if key else len(lead)
    return Line(line[:end], line[end:].rstrip())


def _open_quote(taken: list[Line], row: int) -> int | None:
    """Return the first row whose value opens a quote that does not close before the next item or field."""
    for index, line in enumerate(taken[: row + 1]):
        mark = line.value[:1]
        if mark not in _QUOTED or not line.begins_something or _QUOTED[mark].match(line.value):
            continue
        below = (taken[number] for number in range(index + 1, len(taken)))
        goes_on = takewhile(lambda later: not later.begins_something, below)
        if not _QUOTED[mark].match("\n".join(each.value for each in (line, *goes_on))):
            return index
    return None


def _fault(line: Line, raw: str) -> tuple[str, str, int, str] | None:
    """Return what is wrong with a line by itself: code, message, offset into its value, hint."""
    text = line.value
    if match := _NO_SPACE.match(raw):
        lead, key, value = match.groups()
        offset = len(lead) + len(key) - len(line.lead)
        return "no-space", f"there is no space after `{key}:`", offset, f"write {key}: {value.strip()}"
    if not text:
        return None
    if text[0] in _QUOTED:
        return _quote_fault(text, line)
    if text[0] in "{[" and _FIELDS_INSIDE.match(text):
        return _bracket_fault(text)
    if text[0] in _SIGNS and not re.fullmatch(r"[\[{].*[\]}]\s*(?:#.*)?|[|>][+-]?\d?\s*(?:#.*)?", text):
        return "opening-sign", f"this opens with `{text[0]}`, which {_SIGNS[text[0]]}", 0, _in_quotes(line)
    if colon := re.search(r":(?:\s|$)", text):
        message = "a colon inside a line makes YAML take what stands before it for a key"
        return "colon-in-line", message, colon.start(), _in_quotes(line)
    return None


def _quote_fault(text: str, line: Line) -> tuple[str, str, int, str] | None:
    match = _QUOTED[text[0]].match(text)
    if match is None:
        return None
    if not re.fullmatch(r"\s*(?:#.*)?", text[match.end() :]):
        return "text-after-quote", "something follows the closing quote", match.end() - 1, _in_quotes(line)
    escape = re.search(r"\\[^0abtnvfre \"/\\N_LPxuU]", match[0]) if text[0] == '"' else None
    if escape:
        return "backslash", _BACKSLASH, escape.start(), _NO_BACKSLASH
    return None


def _bracket_fault(text: str) -> tuple[str, str, int, str] | None:
    closing = {"{": "}", "[": "]"}[text[0]]
    if closing not in text:
        return "open-bracket", f"this bracket is never closed with {closing}", 0, f"write {text.rstrip(',')}{closing}"
    if ";" in text:
        return "semicolon", "a semicolon stands between fields", text.index(";"), f"write {text.replace(';', ',')}"
    second = [match.start() for match in re.finditer(r"\w+:\s", text)][1:2]
    if second and "," not in text[: second[0]]:
        fixed = f"{text[: second[0]].rstrip()}, {text[second[0] :]}"
        return "no-comma", "a comma is missing between fields", second[0], f"write {fixed}"
    return None


def _in_quotes(line: Line) -> str:
    return f"put the whole text in quotes: {line.lead.strip()} {quoted(line.value.strip())}".replace(":  ", ": ")


def _slip(lines: list[str], taken: list[Line], row: int, file: str, fault: tuple[str, str, int, str]) -> Slip:
    code, message, offset, hint = fault
    source = SourceRef(file, row + 1, len(taken[row].lead) + offset + 1, 1, lines[row])
    lead = lines[row][: source.column - 1] + ": " if code == "no-space" else taken[row].lead
    blank = list[str]()
    for later in taken[row + 1 :]:
        if later.begins_something or not later.value:
            break
        blank.append("")
    return Slip(row, Problem(code, message, source, hint), (lead + '""', *blank))
