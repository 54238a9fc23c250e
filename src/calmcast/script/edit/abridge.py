"""Passages of prose -> a script's text: said in full where there is time, sensibly abridged where there is less."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from calmcast.script.edit.passages import Passage, words
from calmcast.script.edit.prose import Aside, Item, Ring, Said, WrittenSilence
from calmcast.script.edit.writing import written

_WORDS_A_MINUTE = 130
"""As the voices that ship speak; for what the head of the file says alone."""
_PARAGRAPH_S, _REST_S, _LEAST_REST_S, _MOST_REST_S = 8, 20, 6, 55
_SENTENCES_A_PART = 3
_OPENINGS, _MIDDLES, _ENDS = (1, 40), (41, 70), (71, 99)
"""Ranks: the first sentences of paragraphs are dropped last, the ends of long paragraphs first."""
_GOLDEN = 40_503
"""65 536 divided by the golden ratio: multiples of it, modulo 65 536, spread evenly however many are taken."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Sentences that come and go together."""

    items: tuple[Item, ...]
    tier: tuple[int, int] | None
    """The ranks that it may have; None: always there."""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Needs:
    """How long a script made of prose lasts, in whole minutes, roughly."""

    barest: int
    """With nothing optional and its silences as short as they can be."""
    fullest: int
    """With everything, and its silences at their natural length."""


def script_text(passages: Sequence[Passage], quiet: Sequence[str] = ()) -> tuple[str, Needs]:
    """Return the `segments:` of a script, as YAML, and roughly how long it lasts.

    A rest at the end of each segment takes up any length (in the last one before its last paragraph, so that
    the words end the track). The first and the last paragraph and the first sentence of each segment are always
    there; all else is optional by ranks that spread what is left out evenly over the text. With `quiet`, the lines of
    a list of steps, the rests stay under a minute, and a track that is longer than they are has these steps, as often
    as there is time: before the last segment, or where there is but one, before its last paragraph.
    """
    segments = _ranked([_parts(passage, index, len(passages)) for index, passage in enumerate(passages)])
    lines, alone = ["segments:"], len(passages) == 1
    for index, (passage, paragraphs) in enumerate(zip(passages, segments, strict=True)):
        is_last = index == len(passages) - 1
        if is_last and quiet and not alone:
            lines += ["  - title: Quiet", *(f"    {line}" for line in _rounds(quiet))]
        lines += [f"  - title: {written(passage.title)}", "    steps:"]
        before = len(paragraphs) - 1 if is_last else None
        lines += [f"      {line}" for line in _steps(paragraphs, before, _rest(quiet, alone=alone), alone=alone)]
    return "\n".join(lines) + "\n", _needs(segments)


def _rounds(quiet: Sequence[str]) -> Iterator[str]:
    yield from ("repeat: 0 or more             # in a track that is longer than the text", "steps:")
    yield from (f"  {line}" for line in quiet)


def _rest(quiet: Sequence[str], *, alone: bool) -> list[str]:
    """Return the steps of the rest at the end of a segment."""
    if not quiet:
        return [f"- rest: {{about: {_REST_S}s, least: {_LEAST_REST_S}s}}"]
    rest = f"- rest: {{about: {_REST_S}s, least: {_LEAST_REST_S}s, most: {_MOST_REST_S}s}}"
    if not alone:
        return [rest]
    first, *others = _rounds(quiet)
    return [rest, f"- {first}", *(f"  {line}" for line in others)]


def _parts(passage: Passage, index: int, count: int) -> list[list[_Part]]:
    """Return each paragraph of a passage in parts."""
    divided = list[list[_Part]]()
    for number, paragraph in enumerate(passage.paragraphs):
        first = index == 0 and number == 0
        last = index == count - 1 and number == len(passage.paragraphs) - 1
        if first or last:
            divided.append([_Part(paragraph, None)])
            continue
        opening, *chunks = _chunks(paragraph)
        parts = [_Part(opening, _OPENINGS if number else None)]
        parts += [_Part(chunk, _ENDS if at else _MIDDLES) for at, chunk in enumerate(chunks)]
        divided.append(parts)
    return divided


def _chunks(paragraph: tuple[Item, ...]) -> list[tuple[Item, ...]]:
    """Return the first sentence, and the others a few at a time, each with the silences that follow it."""
    sentences = list[list[Item]]([[]])
    for item in paragraph:
        begins = isinstance(item, Said) and not item.goes_on
        if begins and any(isinstance(each, Said) for each in sentences[-1]):
            sentences.append([])
        sentences[-1].append(item)
    first, others = tuple(sentences[0]), sentences[1:]
    groups = -(-len(others) // _SENTENCES_A_PART)
    chunks = [others[g * len(others) // groups : (g + 1) * len(others) // groups] for g in range(groups)]
    return [first, *(tuple(item for sentence in chunk for item in sentence) for chunk in chunks)]


def _ranked(segments: list[list[list[_Part]]]) -> list[list[list[_Part]]]:
    every = [part for paragraphs in segments for parts in paragraphs for part in parts]
    ranks = dict[int, int]()
    for tier in (_OPENINGS, _MIDDLES, _ENDS):
        places = [place for place, part in enumerate(every) if part.tier == tier]
        order = sorted(range(len(places)), key=lambda number: number * _GOLDEN % 65_536)
        low, high = tier
        for position, number in enumerate(order):
            ranks[places[number]] = low + position * (high - low + 1) // len(order)
    numbers = iter(range(len(every)))

    def ranked(part: _Part) -> _Part:
        return _Part(part.items, part.tier, ranks.get(next(numbers), 0))

    return [[[ranked(part) for part in parts] for parts in paragraphs] for paragraphs in segments]


def _steps(paragraphs: list[list[_Part]], before: int | None, rest: list[str], *, alone: bool) -> Iterator[str]:
    """Yield the steps of a segment, with a rest `before` that paragraph (not the first), else at the end."""
    for number, parts in enumerate(paragraphs):
        if number and number == before:
            yield from rest
        yield from _paragraph(parts, _PARAGRAPH_S * (number < len(paragraphs) - 1))
    if before is None or (alone and before == 0):
        yield from rest


def _paragraph(parts: list[_Part], pause_s: int) -> Iterator[str]:
    """Yield the steps of a paragraph; each part after the first stands in a group of its own.

    A pause that the text names at its end, else `pause_s`, stays when what comes before it is left out.
    """
    lines, before = list[str](), 0
    *others, last = parts
    while len(last.items) > 1 and isinstance(end := last.items[-1], WrittenSilence):
        pause_s, last = end.seconds, replace(last, items=last.items[:-1])
    parts = [*others, last]
    for index, part in enumerate(parts):
        inside = list(_items(part.items, before if index else 0))
        if index and part.rank:
            inside = [f"- optional: {part.rank}", "  steps:", *(f"    {line}" for line in inside)]
        lines += inside
        end = part.items[-1]
        before = end.pause_s if isinstance(end, Said) else 0
    lines += [f"- pause: {pause_s}s"] * (pause_s > 0)
    if parts[0].rank:
        lines = [f"- optional: {parts[0].rank}", "  steps:", *(f"    {line}" for line in lines)]
    yield from lines


def _items(items: tuple[Item, ...], pause_s: int) -> Iterator[str]:
    """Yield the steps of sentences; `pause_s` is the silence that what stands before them asks for."""
    for item in items:
        if isinstance(item, Said):
            yield from [f"- pause: {pause_s}s"] * (pause_s > 0)
            yield from (f"- {written(line)}" for line in item.lines)
            pause_s = item.pause_s
        elif isinstance(item, WrittenSilence):
            yield f"- pause: {item.seconds}s"
            pause_s = 0
        elif isinstance(item, Ring):
            yield "- bell: soft"
            pause_s = 0
        elif isinstance(item, Aside):
            yield f"# {item.text}"


def _needs(segments: list[list[list[_Part]]]) -> Needs:
    parts = [part for paragraphs in segments for divided in paragraphs for part in divided]
    always = [part for part in parts if not part.rank]
    full = _seconds(parts) + _REST_S * len(segments) + _PARAGRAPH_S * sum(map(len, segments))
    bare = words(item for part in always for item in part.items) * 60 / _WORDS_A_MINUTE
    bare += (_seconds(always) - bare) / 2 + _LEAST_REST_S * len(segments)
    return Needs(max(1, -(-int(bare) // 60)), max(1, -(-int(full) // 60)))


def _seconds(parts: list[_Part]) -> float:
    spoken = words(item for part in parts for item in part.items) * 60 / _WORDS_A_MINUTE
    silences = (
        item.pause_s if isinstance(item, Said) else item.seconds if isinstance(item, WrittenSilence) else 0
        for part in parts
        for item in part.items
    )
    return spoken + sum(silences)
