"""Rows -> blocks: headings, paragraphs that were wrapped, lines that are lines, items of lists, rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from calmcast.script.edit.prose.headings import Heading, heading, is_byline
from calmcast.script.edit.prose.manuscript import Row, Rows


class Kind(Enum):
    HEADING = auto()
    PROSE = auto()
    """A paragraph: its rows are one text."""
    LINES = auto()
    """Each row is a line of its own: a poem, the items of a list."""
    RULE = auto()
    COMMENT = auto()
    """What may be speech, and may be none: it stands in the script, and is not spoken."""
    OUT = auto()


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    rows: Rows
    heading: Heading | None = None
    is_list: bool = False

    @property
    def text(self) -> str:
        return " ".join(row.text for row in self.rows)

    @property
    def level(self) -> int:
        return self.heading.level if self.heading else 0

    @property
    def is_speech(self) -> bool:
        return self.kind in (Kind.PROSE, Kind.LINES)

    @property
    def words(self) -> int:
        return len(self.text.split())

    def out(self, why: str) -> "Block":
        return Block(Kind.OUT, tuple(row.out(why) for row in self.rows))

    def doubtful(self, why: str) -> "Block":
        return Block(Kind.COMMENT, tuple(row.out(why, doubtful=True) for row in self.rows))


Blocks = tuple[Block, ...]

_HASHES = re.compile(r"\s{0,3}(#{1,6})\s+(\S.*)")
_UNDERLINE = re.compile(r"\s*(=|-){3,}\s*")
_RULE = re.compile(r"\s*(?:[-*_~=—–•.#+]\s*){3,}")
_ITEM = re.compile(r"- +(?=\S)")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s+(?=\S)")
_ENDED = re.compile(r"[.!?…。！？][\"”’')\]*_]*$|\]$|[;/]\s?\d[\w.]*$")
_NARROW, _WIDE = 40, 100
"""Characters: a text is not wrapped to less, or to more."""
_SLACK = 4
_WORDS_OF_A_NAME = 4


def blocks(rows: Rows) -> Blocks:
    """Return the blocks of a text, in order; a heading that nothing follows is a line."""
    width = _width(rows)
    loose = not any(not row.text.strip() for row in rows[1:-1])  # without an empty line, each line is a paragraph
    found = [block for part in _parts(rows, loose=loose) for block in _block(part, width)]
    return _kept_headings(_over_pages(found))


def _over_pages(found: list[Block]) -> list[Block]:
    """Return blocks in which a sentence that the foot of a page interrupts is one again."""
    made, last = list[Block](), -1
    for block in found:
        interrupted = last >= 0 and last < len(made) - 1 and block.kind is Kind.PROSE and made[last].kind is Kind.PROSE
        if interrupted and block.text[:1].islower() and made[last].text[-1:].isalnum():
            made[last] = Block(Kind.PROSE, (*made[last].rows, *block.rows))
            continue
        made.append(block)
        if block.kind is not Kind.OUT:
            last = len(made) - 1
    return made


def _parts(rows: Rows, *, loose: bool) -> Iterator[tuple[Row, ...]]:
    """Yield rows that stand together; each row that is a heading, a rule, or left out, by itself."""
    part = list[Row]()
    for index, row in enumerate(rows):
        text = row.text.strip().lstrip("> ")
        alone = (
            row.why
            or _HASHES.match(text)
            or (_RULE.fullmatch(text) and not (len(part) == 1 and _UNDERLINE.fullmatch(text)))
        )
        if not text or alone or (part and _begins(part[-1].text, text)):
            if part:
                yield tuple(part)
            part = []
        if alone:
            yield (row.saying(text),)
        elif text:
            part.append(row.saying(text))
            follows = rows[index + 1].text.strip() if index + 1 < len(rows) else ""
            closes = (loose or len(text) > _WIDE) and _ENDED.search(text) and not _UNDERLINE.fullmatch(follows)
            if closes:
                yield tuple(part)
                part = []
    if part:
        yield tuple(part)


def _begins(before: str, text: str) -> bool:
    """Return whether a list begins or ends between two rows."""
    is_item, was_item = bool(_ITEM.match(text)), bool(_ITEM.match(before))
    goes_on = was_item and not is_item and not _ENDED.search(before) and text[:1].islower()
    return is_item != was_item and not goes_on


def _width(rows: Rows) -> int:
    """Return the width to which a text was wrapped, in characters; 0 where it was not."""
    pairs = [
        (first, second) for first, second in pairwise(rows)
        if first.may_be_spoken and second.may_be_spoken and len(first.text) <= _WIDE and not _ITEM.match(second.text)
    ]  # fmt: skip
    widest = max((len(first.text.strip()) for first, _ in pairs), default=0)
    return widest if widest >= _NARROW else 0


def _block(rows: Rows, width: int) -> Iterator[Block]:
    first, *others = rows
    if first.why:
        yield Block(Kind.COMMENT if first.is_doubtful else Kind.OUT, rows)
    elif hashes := _HASHES.fullmatch(first.text):
        found = heading(hashes[2].rstrip(" #"), marked=True)
        yield Block(Kind.HEADING, rows, replace(found, level=len(hashes[1])) if found else None)
    elif not others and _RULE.fullmatch(first.text):
        yield Block(Kind.RULE, rows)
    elif others and _UNDERLINE.fullmatch(others[0].text):
        if found := heading(first.text, marked=True):
            yield Block(Kind.HEADING, (first,), replace(found, level=1 if others[0].text[0] == "=" else 2))
        if others[1:]:
            yield from _block(tuple(others[1:]), width)
    elif (found := heading(first.text, marked=False, follows=others[0].text if others else "")) is not None:
        yield Block(Kind.HEADING, (first,), found)
        if others:
            yield from _block(tuple(others), width)
    else:
        yield _paragraph(rows, width)


def _paragraph(rows: Rows, width: int) -> Block:
    if any(_ITEM.match(row.text) for row in rows):
        return Block(Kind.LINES, _items(rows, _ITEM), is_list=True)
    if len(rows) > 1 and sum(bool(_NUMBERED.match(row.text)) for row in rows) > 1:
        return Block(Kind.LINES, _items(rows, _NUMBERED), is_list=True)
    if len(rows) == 1:
        number = _NUMBERED.match(rows[0].text)
        if number is None:
            return Block(Kind.PROSE, rows)
        item = rows[0].text[number.end() :]
        return Block(Kind.PROSE, (rows[0].saying(f"{item}." if item[-1].isalnum() else item),))
    are_sentences = len(rows) > 2 and all(_ENDED.search(row.text) for row in rows[:-1])
    if width and not are_sentences and all(_is_full(a.text, b.text, width) for a, b in pairwise(rows)):
        return Block(Kind.PROSE, rows)
    number = _NUMBERED.match(rows[0].text)
    first = rows[0].saying(rows[0].text[number.end() :]) if number else rows[0]
    return Block(Kind.LINES, _lines((first, *rows[1:])))


def _is_full(text: str, follows: str, width: int) -> bool:
    """Return whether the next row's first word had no place on this one."""
    return len(text) > _WIDE or len(text) + 1 + len(follows.split(maxsplit=1)[0]) > width - _SLACK


def _items(rows: Rows, mark: re.Pattern[str]) -> Rows:
    """Return the items of a list without their marks; a row without one goes on with the item before it.

    But where that is a few words without a stop, as a name over what is said, and the row begins anew.
    """
    items = list[Row]()
    for row in rows:
        found = mark.match(row.text)
        if found or not items or _is_name(items[-1].text, row.text):
            items.append(row.saying(row.text[found.end() :] if found else row.text))
        else:
            items[-1] = items[-1].saying(f"{items[-1].text} {row.text}")
    return tuple(items)


def _is_name(item: str, follows: str) -> bool:
    return len(item.split()) <= _WORDS_OF_A_NAME and item[-1:].isalnum() and follows[:1].isupper()


def _lines(rows: Rows) -> Rows:
    """Return rows as lines; one that breaks off in the midst of a phrase goes on in the next.

    In a poem of small letters alone nobody knows where a phrase ends.
    """
    if not any(row.text[:1].isupper() for row in rows):
        return rows
    lines = [rows[0]]
    for row in rows[1:]:
        before = lines[-1]
        if row.text[:1].islower() and before.text[-1:].isalnum() and not (before.breaks or is_byline(row.text)):
            lines[-1] = replace(row, number=before.number, text=f"{before.text} {row.text}")
        else:
            lines.append(row)
    return tuple(lines)


def _kept_headings(found: list[Block]) -> Blocks:
    """Return blocks with headings that are only guessed, and that no words follow, as lines."""
    kept = list[Block]()
    for index, block in enumerate(found):
        if block.heading and block.heading.is_guess:
            follows = next((each for each in found[index + 1 :] if each.kind is not Kind.OUT), None)
            is_alone = follows is None or (follows.heading is not None and follows.heading.level >= block.level)
            is_title = index == 0 and follows is not None and not _NUMBERED.match(block.text)
            kept.append(block if is_title or not is_alone else _paragraph(block.rows, 0))
        else:
            kept.append(block)
    return tuple(kept)
