"""What `reader` makes of a YAML file: texts, lists and mappings that know where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from calmcast.diagnostics import SourceRef


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written, before any reading of numbers or yes and no."""

    text: str
    source: SourceRef
    lines: tuple[str, ...] = field(default=(), repr=False)
    """The raw lines of the file that it spans."""
    quoted: bool = False
    faulty: bool = False
    """True: stands for something that was already reported; nothing more is to be said of it."""

    def place_of(self, fragment: str, after: int = 0) -> SourceRef:
        """Return the place of `fragment` inside this text, skipping `after` earlier occurrences."""
        for row, line in enumerate(self.lines):
            column = line.find(fragment, self.source.column - 1 if row == 0 else 0)
            while column >= 0:
                if after == 0:
                    return SourceRef(self.source.file, self.source.line + row, column + 1, len(fragment), line)
                after -= 1
                column = line.find(fragment, column + len(fragment))
        return self.source


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in file order, each key once."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    source: SourceRef

    def __iter__(self) -> "Iterator[tuple[Scalar, Node]]":
        return iter(self.entries)

    def get(self, key: str) -> "Node | None":
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """A script's or a segment's file as written."""

    name: str
    text: str
    """With plain line ends."""
    node: Mapping

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")
