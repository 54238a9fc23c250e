"""What the passes hand to each other: the rows of a text, and what was noticed about them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the text, or a paragraph where the file counts by these."""

    number: int
    """Counted from 1, as in the file."""
    text: str
    why: str = ""
    """Why it is not spoken; empty where it may be."""
    is_doubtful: bool = False
    """It may be speech after all: somebody should look at it."""
    breaks: bool = False
    """The text says that a line ends here."""

    def out(self, why: str, *, doubtful: bool = False) -> "Row":
        return self if self.why else replace(self, why=why, is_doubtful=doubtful)

    def saying(self, text: str) -> "Row":
        return self if text == self.text else replace(self, text=text)

    @property
    def may_be_spoken(self) -> bool:
        return not self.why and bool(self.text.strip())


Rows = tuple[Row, ...]
Pass = Callable[[Rows], Rows]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text as it was read."""

    rows: Rows
    counted_by: str = "line"
    """What its numbers count: `line`, or `paragraph` in a word processor's file."""
    notes: tuple[str, ...] = ()
    """What had to be guessed to read it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is not spoken, or was guessed: its rows, its words and why."""

    first: int
    last: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A placeholder that is to be filled in: what it is called, and where it stands."""

    name: str
    row: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What a script that was made of a text does not say, and what its maker should look at."""

    left_out: tuple[Remark, ...] = ()
    unsure: tuple[Remark, ...] = ()
    blanks: tuple[Blank, ...] = ()
    notes: tuple[str, ...] = ()
    counted_by: str = "line"


def speech(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    """Yield the rows that may be spoken, each with its index."""
    return ((index, row) for index, row in enumerate(rows) if row.may_be_spoken)


def left_out(rows: Rows, why: str, indexes: Iterable[int], *, doubtful: bool = False) -> Rows:
    """Return the rows with those at `indexes` left out."""
    chosen = set(indexes)
    return tuple(row.out(why, doubtful=doubtful) if index in chosen else row for index, row in enumerate(rows))


_NEAR = 6
"""Rows; what is left out for one reason no farther apart is told at once."""
_LONGEST = 200
_HASHES = re.compile(r"#{1,6} +")
"""How a heading begins; a reader of Word documents and plans writes them so, too."""


def gathered(rows: Iterable[Row]) -> tuple[Remark, ...]:
    """Return a remark for each stretch of rows that are left out for one reason, but for empty ones."""
    remarks, latest = list[Remark](), dict[str, int]()
    for row in rows:
        text = _HASHES.sub("", row.text.strip())
        if not text:
            continue
        last = remarks[latest[row.why]] if row.why in latest else None
        if last and 0 <= row.number - last.last <= _NEAR:
            remarks[latest[row.why]] = replace(last, last=row.number, text=f"{last.text} / {text}"[:_LONGEST])
        else:
            latest[row.why] = len(remarks)
            remarks.append(Remark(row.number, row.number, text[:_LONGEST], row.why))
    return tuple(remarks)
