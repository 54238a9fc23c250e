"""A copy of a script's files under other names: comments and layout stay, references follow."""

import unicodedata
from collections.abc import Iterator, Mapping

from calmcast.script.edit.writing import Edit, end_of, in_flow, inserted, start_of, written
from calmcast.script.language.nodes import Document, Node, Scalar, Sequence
from calmcast.script.language.nodes import Mapping as Fields
from calmcast.script.language.version import folded

_WITHOUT = frozenset({"when", "options", "allow"})
"""Keys under which nothing names a segment."""


def references(node: Node) -> Iterator[Scalar]:
    """Yield every text in a script or a segment that names a segment to play, in file order."""
    return (scalar for scalar, played in _named(node) if played)


def renamed(document: Document, names: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits that give every segment which a file names its new name; `names` has it by the old one."""
    in_any_case = {folded(old): new for old, new in names.items()}
    for scalar, _ in _named(document.node):
        old = unicodedata.normalize("NFC", " ".join(scalar.text.split()))
        if new := names.get(old) or in_any_case.get(folded(old)):
            yield Edit(start_of(scalar), end_of(scalar, document.lines), written(new, flow=True))


def with_field(document: Document, name: str, value: str) -> Edit:
    """Return the edit that gives a file's field this value, in its place or in a line of its own."""
    node = document.node
    if isinstance(present := node.get(name), Scalar):
        return Edit(start_of(present), end_of(present, document.lines), written(value, flow=in_flow(node)))
    keys = [key for key, _ in node]
    title = next((index for index, key in enumerate(keys) if key.text == "title"), -1)
    follows = keys[min(title + 1, len(keys) - 1)]
    between = ", " if in_flow(node) else "\n" + " " * (follows.source.column - 1)
    return inserted(start_of(follows), f"{name}: {written(value, flow=in_flow(node))}{between}")


def _named(node: Node) -> Iterator[tuple[Scalar, bool]]:
    """Yield each text that names a segment, and whether it is to be played there; else it is only pointed at."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _named(item)
    elif isinstance(node, Fields):
        for key, value in node:
            if key.text == "replace" and isinstance(value, Fields):
                for old, new in value:
                    yield old, False
                    yield from _item(new)
            elif key.text == "insert":
                yield from _insertions(value)
            elif key.text not in _WITHOUT:
                yield from _under(key.text, value)


def _under(key: str, value: Node) -> Iterator[tuple[Scalar, bool]]:
    match key:
        case "use":
            named = value.get("segment") if isinstance(value, Fields) else value
            yield from _item(named) if named else ()
        case "rest":
            check = value.get("check") if isinstance(value, Fields) else None
            yield from _item(check) if check else ()
        case "way-out":
            yield from _item(value)
        case "segments" | "drop":
            for item in value.items if isinstance(value, Sequence) else (value,):
                yield from ((scalar, played and key == "segments") for scalar, played in _item(item))
        case _:
            yield from _named(value)


def _item(node: Node) -> Iterator[tuple[Scalar, bool]]:
    if isinstance(node, Scalar):
        yield node, True
    else:
        yield from _named(node)


def _insertions(node: Node) -> Iterator[tuple[Scalar, bool]]:
    for item in node.items if isinstance(node, Sequence) else ():
        for key, value in item if isinstance(item, Fields) else ():
            if key.text in ("after", "before") and isinstance(value, Scalar):
                yield value, False
            elif key.text == "segment":
                yield from _item(value)
