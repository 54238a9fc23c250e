"""Passages -> what comes and goes together: paragraphs, whole unless they are long; what undoes each other, at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from calmcast.script.edit.prose.items import Item, Said
from calmcast.script.edit.prose.passages import Paragraph, Passage, goes_on
from calmcast.script.language.pairs import links

LONGEST_WHOLE = 60
"""In words: a paragraph that is not longer is never divided."""
_SENTENCES_A_PART = 3
_LONGEST_JOINED = 400
"""In words: what lies between two halves of a pair comes and goes with them if it is not longer; else both stay."""
OPENINGS, MIDDLES, ENDS = (1, 40), (41, 70), (71, 99)
"""Ranks: paragraphs are dropped last, the ends of long ones first."""
_GOLDEN = 40_503
"""65 536 divided by the golden ratio: multiples of it, modulo 65 536, spread evenly however many are taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that come and go together, within their unit."""

    items: tuple[Item, ...]
    tier: tuple[int, int] | None
    """The ranks that it may have; None: it is there whenever its unit is."""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """Paragraphs that come and go together, each in parts of which the first is never left out alone."""

    paragraphs: tuple[tuple[Part, ...], ...]
    stays: bool
    rank: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence stands: its passage, its paragraph, counted in the passage, and its part in that."""

    passage: int
    paragraph: int
    part: int


def units(passages: Sequence[Passage]) -> list[list[Unit]]:
    """Return the units of each passage, with ranks that spread what is left out evenly over the text.

    The first and the last paragraph of the text stay, and the first of each passage, without its later parts where it
    is long. No sentence goes without one that it undoes, or stays without one that undoes it.
    """
    parted = [[_parts(paragraph) for paragraph in passage.paragraphs] for passage in passages]
    _keep_ends_whole(parted)
    sentences, places = _sentences(parted)
    staying = {(index, 0) for index in range(len(parted))} | {(len(parted) - 1, len(parted[-1]) - 1)}
    joined = set[tuple[int, int, int]]()
    for passage, each in enumerate(passages):
        follows = enumerate(pairwise(each.paragraphs))
        joined |= {(passage, number, number + 1) for number, pair in follows if goes_on(*pair)}
    for link in links(sentences):
        first, second = places[link.first], places[link.second]
        if first == second:
            continue
        for place in (first, second):
            _bind(parted, place)
        if (first.passage, first.paragraph) == (second.passage, second.paragraph):
            continue
        if first.passage == second.passage and _between(passages, first, second) <= _LONGEST_JOINED:
            joined.add((first.passage, first.paragraph, second.paragraph))
        else:
            staying |= {(first.passage, first.paragraph), (second.passage, second.paragraph)}
    return _ranked([list(_units(index, parts, joined, staying)) for index, parts in enumerate(parted)])


def _parts(paragraph: Paragraph) -> list[Part]:
    items = tuple(placed.item for placed in paragraph)
    if sum(item.words for item in items if isinstance(item, Said)) < LONGEST_WHOLE:
        return [Part(items, None)]
    opening, *chunks = _chunks(items)
    return [Part(opening, None), *(Part(chunk, ENDS if at else MIDDLES) for at, chunk in enumerate(chunks))]


def _keep_ends_whole(parted: list[list[list[Part]]]) -> None:
    for passage, paragraph in ((0, 0), (-1, -1)):
        parts = parted[passage][paragraph]
        parted[passage][paragraph] = [replace(part, tier=None) for part in parts]


def _chunks(items: tuple[Item, ...]) -> list[tuple[Item, ...]]:
    """Return the first sentence, and the others a few at a time, each with the silences that follow it."""
    sentences = list[list[Item]]([[]])
    for item in items:
        begins = isinstance(item, Said) and not item.goes_on
        if begins and any(isinstance(each, Said) for each in sentences[-1]):
            sentences.append([])
        sentences[-1].append(item)
    first, others = tuple(sentences[0]), sentences[1:]
    groups = -(-len(others) // _SENTENCES_A_PART)
    chunks = [others[g * len(others) // groups : (g + 1) * len(others) // groups] for g in range(groups)]
    return [first, *(tuple(item for sentence in chunk for item in sentence) for chunk in chunks)]


def _sentences(parted: list[list[list[Part]]]) -> tuple[list[str], list[_Place]]:
    found = [
        (item.text, _Place(passage, paragraph, number))
        for passage, paragraphs in enumerate(parted)
        for paragraph, parts in enumerate(paragraphs)
        for number, part in enumerate(parts)
        for item in part.items
        if isinstance(item, Said)
    ]
    return [text for text, _ in found], [place for _, place in found]


def _bind(parted: list[list[list[Part]]], place: _Place) -> None:
    """Have a part come whenever its paragraph does."""
    parts = parted[place.passage][place.paragraph]
    parts[place.part] = replace(parts[place.part], tier=None)


def _between(passages: Sequence[Passage], first: _Place, second: _Place) -> int:
    """Return how many words the paragraphs from one to the other have."""
    stretch = passages[first.passage].paragraphs[first.paragraph : second.paragraph + 1]
    return sum(item.words for paragraph in stretch for placed in paragraph if isinstance(item := placed.item, Said))


def _units(
    passage: int, parted: list[list[Part]], joined: set[tuple[int, int, int]], staying: set[tuple[int, int]]
) -> Iterator[Unit]:
    reach = {paragraph: paragraph for paragraph in range(len(parted))}
    for where, first, last in joined:
        if where == passage:
            reach[first] = max(reach[first], last)
    begin = 0
    while begin < len(parted):
        end = begin
        for paragraph in range(begin, len(parted)):
            if paragraph > end:
                break
            end = max(end, reach[paragraph])
        stretch = range(begin, end + 1)
        yield Unit(
            tuple(tuple(parted[paragraph]) for paragraph in stretch),
            any((passage, paragraph) in staying for paragraph in stretch),
        )
        begin = end + 1


def _ranked(segments: list[list[Unit]]) -> list[list[Unit]]:
    """Return units with ranks: those of each tier spread evenly over the text."""
    waiting = dict[tuple[int, int], list[tuple[int, ...]]]()
    for s, units_ in enumerate(segments):
        for u, unit in enumerate(units_):
            if not unit.stays:
                waiting.setdefault(OPENINGS, []).append((s, u))
            for p, parts in enumerate(unit.paragraphs):
                for n, part in enumerate(parts):
                    if part.tier:
                        waiting.setdefault(part.tier, []).append((s, u, p, n))
    ranks = dict[tuple[int, ...], int]()
    for (low, high), places in waiting.items():
        order = sorted(range(len(places)), key=lambda number: number * _GOLDEN % 65_536)
        for position, number in enumerate(order):
            ranks[places[number]] = low + position * (high - low + 1) // len(order)
    return [
        [
            Unit(
                tuple(
                    tuple(replace(part, rank=ranks.get((s, u, p, n), 0)) for n, part in enumerate(parts))
                    for p, parts in enumerate(unit.paragraphs)
                ),
                unit.stays,
                ranks.get((s, u), 0),
            )
            for u, unit in enumerate(units_)
        ]
        for s, units_ in enumerate(segments)
    ]
