"""A copy to translate: every line named and marked as not yet translated, and every other text for people marked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from calmcast.script.edit.writing import Edit, end_of, in_flow, inserted, start_of, written
from calmcast.script.language.fields import NAME
from calmcast.script.language.nodes import Document, Mapping, Node, Scalar, Sequence

NOTE = "   # translate"
"""Stands behind a title, a question or a breath's cue that is to be translated."""
_PLAIN = frozenset({"when", "allow", "choices"})
"""Keys under which nothing is for people to read or hear."""


def translated(documents: tuple[Document, ...]) -> tuple[tuple[Edit, ...], ...]:
    """Return the edits for each document of a copy.

    A line becomes `say:` with an `id`, its own or one made of its segment's name and its number (setup-7), and
    `untranslated: yes`, by which `check` lists what is left. Titles, abouts, questions and cues get a comment.
    """
    names = _Names({scalar.text for document in documents for scalar in _ids(document.node)})
    return tuple(tuple(_Translation(document, names).edits()) for document in documents)


def slug(title: str) -> str:
    """Return a name made from a title: "Another check-in!" becomes another-check-in."""
    kept = "".join(sign if sign.isalnum() or sign in " -" else "" for sign in title.casefold())
    return "-".join(kept[:60].replace("-", " ").split()) or "segment"


@dataclass(slots=True)
class _Names:
    """Names for lines, each given once."""

    taken: set[str]
    numbers: Counter[str] = field(default_factory=Counter)

    def next(self, segment: str) -> str:
        while True:
            self.numbers[segment] += 1
            name = f"{segment}-{self.numbers[segment]}"
            if name not in self.taken:
                self.taken.add(name)
                return name


@dataclass(slots=True)
class _Translation:
    document: Document
    names: _Names
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.document.lines

    def edits(self) -> Iterator[Edit]:
        yield from self.walk(self.document.node, self.document.name)
        unsafe = {row for scalar in _scalars(self.document.node) for row in self.inner_rows(scalar)}
        rows = sorted({self.note_row(scalar) for scalar in _texts(self.document.node)} - unsafe)
        for row in rows:
            if not self.lines[row - 1].rstrip().endswith(NOTE.strip()):
                yield inserted((row, len(self.lines[row - 1]) + 1), NOTE)

    def inner_rows(self, scalar: Scalar) -> range:
        """Return the rows whose end lies inside a text, so that a comment there would be spoken."""
        if self.lines[scalar.source.line - 1][scalar.source.column - 1 :][:1] in ("|", ">"):
            return range(scalar.source.line + 1, end_of(scalar, self.lines)[0] + 1)
        return range(scalar.source.line, end_of(scalar, self.lines)[0])

    def note_row(self, scalar: Scalar) -> int:
        block = self.lines[scalar.source.line - 1][scalar.source.column - 1 :][:1] in ("|", ">")
        return scalar.source.line if block else end_of(scalar, self.lines)[0]

    def walk(self, node: Node, segment: str, *, flow: bool = False) -> Iterator[Edit]:
        """Yield the edits of every line inside a node. `flow`: it stands between brackets."""
        flow = flow or in_flow(node)
        if isinstance(node, Sequence):
            for item in node.items:
                yield from self.walk(item, segment, flow=flow)
        elif isinstance(node, Mapping):
            title = node.get("title")
            if isinstance(title, Scalar) and node is not self.document.node:
                segment = slug(title.text)
            for key, value in node:
                if key.text in ("steps", "one of") and isinstance(value, Sequence):
                    yield from self.steps(value, segment, flow=flow or in_flow(value))
                elif key.text not in (*_PLAIN, "breathe", "options"):
                    yield from self.walk(value, segment, flow=flow)

    def steps(self, node: Sequence, segment: str, *, flow: bool) -> Iterator[Edit]:
        for item in node.items:
            if isinstance(item, Scalar):
                yield from self.line(item, segment, flow=flow)
            elif isinstance(item, Mapping) and item.get("say") is not None:
                yield from self.said(item, segment, flow=flow or in_flow(item))
            else:
                yield from self.walk(item, segment, flow=flow)

    def line(self, scalar: Scalar, segment: str, *, flow: bool) -> Iterator[Edit]:
        """Make a mapping of a bare line."""
        start, end = start_of(scalar), end_of(scalar, self.lines)
        said, name = inserted(start, "{say: " if flow else "say: "), self.names.next(segment)
        if start[0] != end[0]:
            said = Edit(start, end, said.text + written(scalar.text, flow=flow))
        yield said
        if flow:
            yield inserted(end, f", id: {name}, untranslated: yes}}")
        else:
            indent = "\n" + " " * (start[1] - 1)
            yield inserted((end[0], len(self.lines[end[0] - 1]) + 1), f"{indent}id: {name}{indent}untranslated: yes")

    def said(self, node: Mapping, segment: str, *, flow: bool) -> Iterator[Edit]:
        """Add to a line that is a mapping already."""
        if node.get("untranslated") is not None:
            return
        key = next(key for key, _ in node if key.text == "say")
        between = ", " if flow else "\n" + " " * (key.source.column - 1)
        name = "" if node.get("id") is not None else f"id: {self.names.next(segment)}{between}"
        yield inserted(start_of(key), f"{name}untranslated: yes{between}")


def _ids(node: Node) -> Iterator[Scalar]:
    names = (mapping.get("id") for mapping in _mappings(node))
    return (name for name in names if isinstance(name, Scalar) and NAME.fullmatch(name.text))


def _texts(node: Node) -> Iterator[Scalar]:
    """Yield every text that people read or hear and that is no line."""
    for mapping in _mappings(node):
        named = mapping.get("title") is not None or mapping.get("extends") is not None
        for key, value in mapping:
            # A rest has an `about` too: its length.
            if isinstance(value, Scalar) and (key.text in ("title", "ask") or (key.text == "about" and named)):
                yield value
            cues = value.get("say") if key.text == "breathe" and isinstance(value, Mapping) else None
            if isinstance(cues, Mapping):
                yield from (cue for _, cue in cues if isinstance(cue, Scalar))


def _mappings(node: Node) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for key, value in node:
            if key.text not in _PLAIN:
                yield from _mappings(value)
    for item in node.items if isinstance(node, Sequence) else ():
        yield from _mappings(item)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    for part in node.items if isinstance(node, Sequence) else ():
        yield from _scalars(part)
    for _, value in node if isinstance(node, Mapping) else ():
        yield from _scalars(value)
