"""Texts as YAML takes them, and changes to a YAML file's text at the places of its nodes: nothing is written anew."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.wording import NO, YES

_WORDS = YES | NO | {"y", "n", "null", "none", "nan"}
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'", re.DOTALL)}
_NOTHING = "\ufeff"


def written(text: str, *, flow: bool = False) -> str:
    """Return a text on one line as any YAML reader takes it for this very text: in double quotes where it needs them.

    `flow`: between brackets, where commas and brackets end it.
    """
    flat = " ".join(text.split())
    plain = (flat[:1].isalpha() or (flat[:1].isdigit() and " " in flat)) and not (
        flat.casefold() in _WORDS
        or ": " in flat
        or flat.endswith(":")
        or " #" in flat
        or not flat.isprintable()
        or (flow and set(flat) & set(",[]{}:?"))
    )
    return flat if plain else json.dumps(flat, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a text: from a place to another, line and column counted from 1, stands this instead."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; those at one place come in the order given."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    done, position = list[str](), 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        start, end = (starts[line - 1] + column - 1 for line, column in (edit.start, edit.end))
        done += [text[position:start], edit.text]
        position = max(position, end)
    return "".join([*done, text[position:]])


def inserted(place: tuple[int, int], text: str) -> Edit:
    return Edit(place, place, text)


def start_of(node: Scalar) -> tuple[int, int]:
    return node.source.line, node.source.column


def end_of(node: Scalar, lines: list[str]) -> tuple[int, int]:
    """Return where a text ends in the lines of its file: behind its last sign, line and column counted from 1."""
    line, column = start_of(node)
    raw = lines[line - 1][column - 1 :]
    if raw[:1] in ("|", ">"):
        return _end_of_block(lines, line)
    if raw[:1] in _QUOTED and node.quoted:
        rest = "\n".join([raw, *lines[line:]])
        match = _QUOTED[raw[0]].match(rest)
        taken = match[0] if match else raw
        rows = taken.split("\n")
        return (line + len(rows) - 1, len(rows[-1]) + (column if len(rows) == 1 else 1))
    return _end_of_plain(lines, line, column, len("".join(node.text.split())) + 2 * raw.startswith("“"))


def _end_of_block(lines: list[str], line: int) -> tuple[int, int]:
    """Return the end of a block of text whose `|` or `>` stands in `line`."""
    inside = next((row for row in lines[line:] if row.strip()), "")
    indent, last = len(inside) - len(inside.lstrip()), line
    for number, row in enumerate(lines[line:], line + 1):
        if row.strip() and (len(row) - len(row.lstrip()) < indent or indent == 0):
            break
        last = number if row.strip() else last
    return last, len(lines[last - 1]) + 1


def _end_of_plain(lines: list[str], line: int, column: int, signs: int) -> tuple[int, int]:
    """Return the end of an unquoted text of so many signs that are no spaces."""
    while True:
        for index, sign in enumerate(lines[line - 1][column - 1 :], column):
            signs -= not sign.isspace() and sign != _NOTHING
            if signs <= 0:
                return line, index + 1
        if line == len(lines):
            return line, len(lines[line - 1]) + 1
        line, column = line + 1, 1


def in_flow(node: Node) -> bool:
    """Return whether a list or a mapping is written between brackets."""
    return isinstance(node, Mapping | Sequence) and node.source.excerpt[node.source.column - 1 :][:1] in ("[", "{")
