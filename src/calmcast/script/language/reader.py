"""YAML text -> nodes. The only module that knows YAML.

It reads parser events, not constructed values: what a person wrote stays text (`1:30` is never 90, `no`
never false), and every text knows its line and column. Anchors, aliases, merges, tags and second documents
are refused: nobody writes them in prose on purpose, and they make a small file enormous.
"""

import re
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from calmcast.diagnostics import Problem, SourceRef
from calmcast.invisible import FORBIDDEN
from calmcast.script.language.characters import escaped, forbidden_at, standing, without_forbidden
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.slips import Line, broken_structure, find_slip, taken_apart

MOST_BYTES = 1 << 20
"""Larger files are refused."""
DEEPEST = 32
"""Deeper nesting is refused."""
MOST_SLIPS = 100
"""So many are shown at once: after each, the file is read from its beginning."""
_CONFLICT = re.compile(r"(?:<{7}|>{7})(?: |$)|={7}$")

_ODD = re.compile(rf"^[^\S\n]*\t|^(?:<{{7}}|>{{7}}|={{7}})|{FORBIDDEN}", re.MULTILINE)
"""What most files have nowhere: a tab that indents, a mark of a merge, a control character."""

LONG_NUMBER = re.compile(r"(?<!\d)\d{1000}")
"""Digits that are no number of anything, and more than Python reads."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What looks like a space, or ends a line for YAML but not for an editor, becomes a plain space: columns stay true.
_AS_SPACE = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\u2028\u2029\u0085\u000b\u000c", " "))


def read(data: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the document in a YAML file's bytes, and every problem found in its form.

    The node is None where the file is too broken to go on, or holds nothing. `file` is the name shown in problems.
    """
    if len(data) > MOST_BYTES:
        problem = Problem("file-too-large", "this file is larger than 1 MiB", SourceRef(file, 1, 1), "split it in two")
        return None, (problem,)
    if data.startswith((b"{\\rtf", b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        hint = "save it as plain text (in TextEdit: Format, Make Plain Text), with the ending .yaml"
        return None, (Problem("not-plain-text", "this is a word processor's file", SourceRef(file, 1, 1), hint),)
    text, problems = _decode(data, file)
    if text is None:
        return None, problems
    lines = text.split("\n")
    problems = _forbidden_characters(lines, file) if _ODD.search(text) or LONG_NUMBER.search(text) else ()
    return (None, problems) if problems else _parse_with_recovery(lines, file)


def _decode(data: bytes, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data[:4]:
        encoding = "utf-16-be" if data[0] == 0 else "utf-16-le"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = _plain_ends(error.object[: error.start].decode(encoding, "replace"))
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        source = SourceRef(file, line, column)
        hint = "save it as UTF-8: most editors offer this under Save As, Encoding"
        return None, (Problem("not-utf-8", "this file is not written in UTF-8", source, hint),)
    return _plain_ends(text).translate(_AS_SPACE).replace("\ufeff", " "), ()


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _forbidden_characters(lines: list[str], file: str) -> tuple[Problem, ...]:
    problems = []
    for number, line in enumerate(lines, 1):
        if _CONFLICT.match(line):
            source = SourceRef(file, number, 1, 7, line)
            hint = "two versions of this file were merged: keep one of them, and delete the marks"
            problems.append(Problem("merge-conflict", "a mark of an unsettled merge stands here", source, hint))
            continue
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip():
            source = SourceRef(file, number, indent.index("\t") + 1, 1, line)
            problems.append(Problem("tab", "a tab indents this line", source, "use spaces, two for each step inwards"))
            continue
        if number_found := LONG_NUMBER.search(line):
            source = SourceRef(file, number, number_found.start() + 1, 1, line)
            problems.append(Problem("long-number", "this number has a thousand digits", source, "nobody can say it"))
            continue
        column = forbidden_at(line)
        if column is not None:
            problems.append(standing(SourceRef(file, number, column + 1, 1, line), line[column]))
    return tuple(problems)


def _parse_with_recovery(lines: list[str], file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Parse; where a list item breaks YAML, report it, put an empty text in its place and parse again.

    So a file with ten such slips shows all ten, and whatever else is wrong with it, in one go.
    """
    shown, slips = lines, dict[int, Problem]()
    taken = list[Line]()
    while (error := _stumbles(shown)) is not None:
        row, context_row = _rows(error, len(lines))
        if _LIBRARY_TOO_DEEP in str(getattr(error, "problem", "")):
            place = SourceRef(file, row + 1, 1, 1, lines[row])
            return None, (*slips.values(), _too_deep(place))
        taken = taken or [*map(taken_apart, lines)]
        slip = find_slip(shown, taken, row, context_row, file)
        if slip is None or slip.row in slips:
            said = str(getattr(error, "problem", ""))
            structure = broken_structure(said, shown, row, context_row, file)
            # where something stands in for a slip, YAML stumbles over what the user never wrote
            rest = () if structure.source.line - 1 in slips else (_as_written(structure, lines),)
            return None, (*slips.values(), *_problems_before(shown, lines, slips, file), *rest)
        if len(slips) >= MOST_SLIPS:
            rest = (_unseen(slip.problem.source),)
            return None, (*slips.values(), *_problems_before(shown, lines, slips, file), *rest)
        slips[slip.row] = slip.problem
        end = slip.row + len(slip.stand_in)
        shown = [*shown[: slip.row], *slip.stand_in, *shown[end:]]
        taken[slip.row : end] = map(taken_apart, slip.stand_in)
    parser = _Parser(file, lines, slips)
    return parser.document("\n".join(shown)), (*slips.values(), *parser.problems)


def _stumbles(lines: list[str]) -> yaml.YAMLError | None:
    """Return what YAML first stumbles over; no nodes are made, so that a large file is soon read again."""
    try:
        deque(yaml.parse("\n".join(lines), Loader=_LOADER), maxlen=0)
    except yaml.YAMLError as error:
        return error
    return None


def _problems_before(shown: list[str], lines: list[str], slips: dict[int, Problem], file: str) -> list[Problem]:
    """Return the problems of what stands before the place where YAML breaks off."""
    parser = _Parser(file, lines, slips)
    with suppress(yaml.YAMLError):
        parser.document("\n".join(shown))
    return parser.problems


def _unseen(place: SourceRef) -> Problem:
    text = f"{MOST_SLIPS} lines above break the file, and so does this one: what follows was not looked at"
    return Problem("more-slips", text, place, "mend those above, and check again: then the next are shown")


def _as_written(problem: Problem, lines: list[str]) -> Problem:
    return replace(problem, source=replace(problem.source, excerpt=lines[problem.source.line - 1]))


def _rows(error: yaml.YAMLError, count: int) -> tuple[int, int]:
    """Return the row where YAML broke off, and where what it was reading began, from 0."""
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    problem, context = (min(mark.line, count - 1) if mark else 0 for mark in marks)
    return problem, context if marks[1] else problem


class _TooDeepError(Exception):
    pass


_LIBRARY_TOO_DEEP = "nesting depth"
"""In what libyaml says from 1 000 levels on, which it looks ahead to before we count them."""


def _too_deep(place: SourceRef) -> Problem:
    return Problem("too-deep", f"this is nested more than {DEEPEST} deep", place, "make it flatter")


@dataclass(slots=True)
class _Parser:
    """One pass over the events of one text."""

    file: str
    lines: list[str]
    """The file as the user wrote it, shown in problems."""
    slips: dict[int, Problem]
    """Lines, counted from 0, already reported and standing empty."""
    problems: list[Problem] = field(default_factory=list)
    _events: Any = None

    def document(self, text: str) -> Node | None:
        self._events = iter(yaml.parse(text, Loader=_LOADER))
        root, documents = None, 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self.problem("second-document", "a second document begins here", event, "remove the line ---")
            elif isinstance(event, yaml.NodeEvent):
                try:
                    node = self.node(event, 0)
                except _TooDeepError:
                    return None
                root = node if documents == 1 else root
        return root

    def node(self, event: Any, depth: int) -> Node:
        if depth > DEEPEST:
            self.problems.append(_too_deep(self.source(event)))
            raise _TooDeepError
        source = self.source(event)
        if isinstance(event, yaml.AliasEvent):
            hint = "in a spoken line, put the words in quotes; to play a segment's steps again, write use:"
            self.problem("alias", f"`*{event.anchor}` is a YAML alias, which scripts do not have", event, hint)
            return Scalar("", source, faulty=True)
        if event.anchor is not None:
            hint = "in a spoken line, put the words in quotes"
            self.problem("anchor", f"`&{event.anchor}` is a YAML anchor, which scripts do not have", event, hint)
        if event.tag is not None:
            hint = "in a spoken line, put the words in quotes"
            self.problem("tag", f"`{event.tag}` is a YAML tag, which scripts do not have", event, hint)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self.sequence_items(depth)), source)
        if isinstance(event, yaml.MappingStartEvent):
            return Mapping(tuple(self.mapping_entries(depth)), source)
        return self.scalar(event, source)

    def scalar(self, event: Any, source: SourceRef) -> Scalar:
        first, last = event.start_mark.line, event.end_mark.line
        text = event.value
        quoted = event.style in ("'", '"')
        if not quoted and len(text) > 1 and text[0] == "“" and text[-1] == "”" and not set(text[1:-1]) & {"“", "”"}:
            text = text[1:-1]
        if event.style in ("|", ">"):  # YAML ends a block of text where the next thing begins
            margin = _indentation(self.lines[first])
            while last > first and (last >= len(self.lines) or _indentation(self.lines[last]) <= margin):
                last -= 1
        raw = tuple(self.lines[first : last + 1])
        faulty = first in self.slips or event.anchor is not None or event.tag is not None
        if event.style == '"' and (problem := escaped(text, source, raw)):
            self.problems.append(problem)
            text, faulty = without_forbidden(text), True
        return Scalar(text, source, raw, quoted, faulty)

    def sequence_items(self, depth: int) -> Any:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def mapping_entries(self, depth: int) -> Any:
        seen: dict[str, SourceRef] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, value = self.node(event, depth + 1), self.node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                text = "a key is a word, not a list or a mapping"
                self.problems.append(
                    Problem("complex-key", text, key.source, "put a line that has [ or { in it in quotes")
                )
            elif key.text == "<<":
                text = "`<<` merges are not part of scripts"
                self.problems.append(Problem("merge", text, key.source, "write the fields out"))
            elif key.text in seen:
                text = f"`{key.text}` stands here a second time (first in line {seen[key.text].line})"
                self.problems.append(Problem("duplicate-key", text, key.source, "keep one of the two"))
            else:
                seen[key.text] = key.source
                yield key, value

    def source(self, event: Any) -> SourceRef:
        start, end = event.start_mark, event.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        scalar = isinstance(event, yaml.ScalarEvent) and event.style not in ("|", ">")
        last = end.column if end.line == start.line else len(line)
        width = max(1, last - start.column) if scalar else 1
        return SourceRef(self.file, start.line + 1, start.column + 1, width, line)

    def problem(self, code: str, message: str, event: Any, hint: str) -> None:
        self.problems.append(Problem(code, message, self.source(event), hint))


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
