"""Blocks -> a title and passages of paragraphs, each passage a segment of the script."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from calmcast.script.edit.prose.asides import Reading, alone, items
from calmcast.script.edit.prose.blocks import Block, Blocks, Kind
from calmcast.script.edit.prose.headings import Heading
from calmcast.script.edit.prose.items import Aside, Item, Said
from calmcast.script.edit.prose.manuscript import Row
from calmcast.script.edit.prose.silences import silence
from calmcast.script.language.pairs import links

MOST_PASSAGES = 15
LONGEST_TITLE = 30
"""Characters of a chapter's title that players show."""
_LONGEST_OF_ALL = 60
_WORDS_A_PASSAGE = 270
_LONGEST_PARAGRAPH = 90
"""In words; a longer one is divided between sentences."""
_NEAR = 24
"""Sentences; what is begun and undone farther apart is not done all the while."""
_WORDS_BELOW_A_TITLE = 30
_LONGEST_FIRST_LINE = 8
"""Words of a first line that may be the title."""
_INVITES = re.compile(
    r"(?i:let|lie|feel|notice|breathe|close|take|find|allow|bring|come|sit|settle|imagine|soften|begin|start|now|when|as|"
    r"if|you|place|turn|roll|open|rest) (?:[a-z'’]+ )*(?:you|your|yourself|down|the|a|it|as)\b"
    r"|(?:[Ww]elcome|[Hh]ello|[Hh]i)(?:,| to| everyone| and)\b"
)
"""How a first line begins that invites somebody, and is no title, though it has no stop."""
_DANGLING = frozenset(
    ("a", "an", "and", "at", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with", "your")
)
"""Words that a title does not end with."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, and the row on which it stands."""

    item: Item
    row: int


Paragraph = tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the text that becomes a segment."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def words(self) -> int:
        return sum(map(words, self.paragraphs))


def words(paragraph: Iterable[Placed]) -> int:
    """Return how many words are spoken."""
    return sum(placed.item.words for placed in paragraph if isinstance(placed.item, Said))


def titled(blocks: Blocks) -> Blocks:
    """Return blocks whose first is a heading above all others, where the text has a title."""
    places = [index for index, block in enumerate(blocks) if block.heading or block.is_speech]
    if len(places) < 2:
        return blocks
    first, second = blocks[places[0]], blocks[places[1]]
    if len(places) == 2 and second.words < _WORDS_BELOW_A_TITLE:
        return blocks
    if first.heading:
        levels = [block.level for block in blocks if block.heading]
        is_title = second.heading is not None or [level for level in levels if level <= first.level] == [first.level]
        made = replace(first, heading=replace(first.heading, level=0)) if is_title else first
    else:
        made = _as_title(first)
    return (*blocks[: places[0]], made, *blocks[places[0] + 1 :])


def _as_title(block: Block) -> Block:
    """Return a short first line without a stop as the title; any other as it is."""
    text = block.text.strip("*_ ")
    fits = len(block.rows) == 1 and len(text.split()) <= _LONGEST_FIRST_LINE and text[:1].isupper()
    is_words = re.search(r"[.!?]\s", text) or _INVITES.match(text) or _TIMED.search(text)
    if not fits or not text[-1:].isalnum() or is_words or silence(text) is not None:
        return block
    return Block(Kind.HEADING, block.rows, Heading(0, text))


def passages(blocks: Blocks, reading: Reading) -> tuple[str, tuple[Passage, ...]]:
    """Return a text's title, empty where it has none, and its passages in order, `MOST_PASSAGES` at most.

    Headings begin passages; a text without them, or a very long part of one, is divided evenly between paragraphs.
    Passages are titled by their headings, else by their first words, each title once.
    """
    title = next((block.heading.title for block in blocks if block.heading and block.level == 0), "")
    found = [part for passage in _headed(blocks, reading) for part in _divided(passage)]
    counts = [passage.words for passage in found]
    while len(found) > MOST_PASSAGES:
        pairs = [first + second for first, second in pairwise(counts)]
        least = pairs.index(min(pairs))
        first, second = found[least : least + 2]
        found[least : least + 2] = [replace(first, paragraphs=(*first.paragraphs, *second.paragraphs))]
        counts[least : least + 2] = [pairs[least]]
    return _short(title, _LONGEST_OF_ALL), _titled(found)


def _headed(blocks: Blocks, reading: Reading) -> list[Passage]:
    found, title, paragraphs = list[Passage](), "", list[Paragraph]()
    wordless: Paragraph = ()
    before: Block | None = None
    for block in (*blocks, None):
        if block is None or block.heading:
            if paragraphs:
                found.append(Passage(title, tuple(paragraphs)))
                paragraphs = []
            title = block.heading.title if block and block.heading and block.level else ""
            before = block
            continue
        if block.kind in (Kind.OUT, Kind.RULE):
            continue
        is_beside_heading = before is not None and before.heading is not None
        paragraph = (*wordless, *_paragraph(block, reading, is_beside_heading=is_beside_heading))
        before = block
        wordless = () if words(paragraph) else paragraph
        if not wordless:
            paragraphs += _shorter(paragraph)
        elif paragraphs:
            # A bell or a pause in a line of its own belongs to what comes before it.
            paragraphs[-1] += wordless
            wordless = ()
    if wordless and found:
        *others, last = found[-1].paragraphs
        found[-1] = replace(found[-1], paragraphs=(*others, (*last, *wordless)))
    return found


def _paragraph(block: Block, reading: Reading, *, is_beside_heading: bool) -> Iterator[Placed]:
    """Yield what a paragraph comes to."""
    if block.kind is Kind.COMMENT:
        yield from (Placed(Aside(row.text, row.why), row.number) for row in block.rows)
    elif block.kind is Kind.LINES:
        for row, follows in zip(block.rows, (*block.rows[1:], None), strict=True):
            if row.why:
                yield Placed(Aside(row.text, row.why), row.number)
                continue
            is_whole = follows is None or block.is_list or not follows.text[:1].islower()
            beside = is_beside_heading and row is block.rows[0]
            yield from _of_text(row.text, (row,), reading, is_beside_heading=beside, is_line=is_whole)
    else:
        texts = [f"[{row.text}]" if len(block.rows) > 1 and silence(row.text) else row.text for row in block.rows]
        yield from _of_text(_joined(texts), block.rows, reading, is_beside_heading=is_beside_heading)


def _joined(texts: Sequence[str]) -> str:
    """Return rows as one text; a word that was divided at the end of a row is one again."""
    return _DIVIDED.sub(r"\1", "\n".join(texts)).replace("\n", " ")


_DIVIDED = re.compile(r"([a-zà-ÿ])[-‐]\n(?=[a-zà-ÿ])")


def _as_line(text: str) -> str:
    """Return a line that is spoken by itself, with a stop."""
    return f"{text}." if text[-1:].isalnum() and silence(text) is None and not _TIMED.search(text) else text


_TIMED = re.compile(r"(?:;|/)\s?\d[\w.,]*$")


def _of_text(
    text: str, rows: Sequence[Row], reading: Reading, *, is_beside_heading: bool, is_line: bool = False
) -> Iterator[Placed]:
    if found := alone(text, is_beside_heading=is_beside_heading, reading=reading):
        yield Placed(found, rows[0].number)
        return
    for item in items(_as_line(text) if is_line else text, reading):
        yield Placed(item, _row_of(item, rows))


def _row_of(item: Item, rows: Sequence[Row]) -> int:
    """Return the row that has the beginning of what is told of an item."""
    text = "" if len(rows) == 1 else item.text if isinstance(item, Aside) else getattr(item, "written", "")
    return next((row.number for row in rows if text and text[:12] in row.text), rows[0].number)


def _shorter(paragraph: Paragraph) -> list[Paragraph]:
    """Return a paragraph, divided evenly between sentences where it is long."""
    total = words(paragraph)
    parts = -(-total // _LONGEST_PARAGRAPH)
    if parts <= 1:
        return [paragraph] if paragraph else []
    spoken, divided = 0, [list[Placed]() for _ in range(parts)]
    place = 0
    for placed in paragraph:
        if isinstance(item := placed.item, Said):
            place = max(place, min(parts - 1, (2 * spoken + item.words) * parts // (2 * total))) if spoken else 0
            spoken += item.words
        divided[place].append(placed)
    return [tuple(part) for part in divided if part]


def _divided(passage: Passage) -> list[Passage]:
    """Return a passage in parts of a usual length, divided between paragraphs."""
    total = passage.words
    parts = min(MOST_PASSAGES, round(total / _WORDS_A_PASSAGE))
    if parts <= 1 or (passage.title and total < 2 * _WORDS_A_PASSAGE):
        return [passage]
    spoken, place, divided = 0, 0, [list[Paragraph]() for _ in range(parts)]
    together = _bound(passage.paragraphs)
    for number, paragraph in enumerate(passage.paragraphs):
        count = words(paragraph)
        if number not in together:
            place = max(place, min(parts - 1, (2 * spoken + count) * parts // (2 * total)))
        divided[place].append(paragraph)
        spoken += count
    kept = [tuple(part) for part in divided if part]
    return [Passage(passage.title if index == 0 else "", part) for index, part in enumerate(kept)]


def _bound(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Return the paragraphs that no rest may part from the one before: something is begun there, and not yet undone."""
    said = [(number, item.text) for number, paragraph in enumerate(paragraphs) for item in _said(paragraph)]
    found = links([text for _, text in said])
    near = ((said[link.first][0], said[link.second][0]) for link in found if link.second - link.first <= _NEAR)
    bound = {number for first, second in near for number in range(first + 1, second + 1)}
    return frozenset(bound | {number for number, pair in enumerate(pairwise(paragraphs), 1) if goes_on(*pair)})


def goes_on(first: Paragraph, second: Paragraph) -> bool:
    """Return whether a paragraph goes on in the next: it ends with a colon, or in the midst of a sentence."""
    before, after = [*_said(first)][-1:], [*_said(second)][:1]
    if not before or not after:
        return False
    return before[0].text.endswith(":") or (before[0].text[-1].isalnum() and after[0].goes_on)


def _titled(found: list[Passage]) -> tuple[Passage, ...]:
    made, seen = list[Passage](), dict[str, int]()
    for passage in found:
        said = (item.lines[0] for paragraph in passage.paragraphs for item in _said(paragraph))
        title = _short(passage.title, LONGEST_TITLE) or _short(_opening(next(said)), LONGEST_TITLE) or "Part"
        count = seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        made.append(replace(passage, title=title if count == 1 else f"{_short(title, LONGEST_TITLE - 3)} {count}"))
    return tuple(made)


def _said(paragraph: Paragraph) -> Iterator[Said]:
    return (placed.item for placed in paragraph if isinstance(placed.item, Said))


def _opening(sentence: str) -> str:
    clause = re.split(r"[,;:.!?—–()]", sentence, maxsplit=1)[0]
    words_ = (clause if len(clause.split()) > 1 else sentence.rstrip(".!?,;:")).split()[:5]
    while len(words_) > 2 and words_[-1].casefold() in _DANGLING:
        words_.pop()
    return " ".join(words_)


def _short(text: str, most: int) -> str:
    """Return a title without brackets, cut between words."""
    flat = " ".join(re.sub(r"[\[\]{}<>]", " ", text).split()).strip(' .,:;-–—*_#"“”')
    if len(flat) <= most:
        return flat
    whole = (flat[: most + 1].rpartition(" ")[0] or flat[:most]).split()
    while len(whole) > 1 and whole[-1].casefold() in _DANGLING:
        whole.pop()
    return " ".join(whole).rstrip(" .,:;-–—")
