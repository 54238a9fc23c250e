"""Passages of prose -> a script's text: said in full where there is time, sensibly abridged where there is less."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from calmcast.script.edit.prose.items import Aside, Item, Ring, Said, WrittenSilence
from calmcast.script.edit.prose.passages import Passage
from calmcast.script.edit.prose.units import Part, Unit, units
from calmcast.script.edit.writing import written

_WORDS_A_MINUTE = 130
"""As the voices that ship speak; for what the head of the file says alone."""
_PARAGRAPH_S, _REST_S, _LEAST_REST_S, _MOST_REST_S = 8, 20, 6, 55


@dataclass(frozen=True, slots=True)
class Needs:
    """How long a script made of prose lasts, in whole minutes, roughly."""

    barest: int
    """With nothing optional and its silences as short as they can be."""
    fullest: int
    """With everything, and its silences at their natural length."""


def script_text(passages: Sequence[Passage], quiet: Sequence[str] = ()) -> tuple[str, Needs]:
    """Return the `segments:` of a script, as YAML, and roughly how long it lasts.

    A rest at the end of each segment takes up any length (in the last one before its last unit, so that the words
    end the track). The first and the last paragraph of the text and the beginning of each segment are always there;
    all else is optional by ranks that spread what is left out evenly over the text. With `quiet`, the lines of a
    list of steps, the rests stay under a minute, and a track that is longer than they are has these steps, as often
    as there is time: before the last segment, or where there is but one, before its last unit.
    """
    segments = units(passages)
    lines, alone = ["segments:"], len(passages) == 1
    for index, (passage, parts) in enumerate(zip(passages, segments, strict=True)):
        is_last = index == len(passages) - 1
        if is_last and quiet and not alone:
            lines += ["  - title: Quiet", *(f"    {line}" for line in _rounds(quiet))]
        lines += [f"  - title: {written(passage.title)}", "    steps:"]
        before = len(parts) - 1 if is_last else None
        lines += [f"      {line}" for line in _steps(parts, before, _rest(quiet, alone=alone), alone=alone)]
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


def _steps(segment: list[Unit], before: int | None, rest: list[str], *, alone: bool) -> Iterator[str]:
    """Yield the steps of a segment, with a rest `before` that unit (not the first), else at the end."""
    for number, unit in enumerate(segment):
        if number and number == before:
            yield from rest
        yield from _unit(unit, is_last=number == len(segment) - 1)
    if before is None or (alone and before == 0):
        yield from rest


def _unit(unit: Unit, *, is_last: bool) -> Iterator[str]:
    """Yield the steps of a unit, in a group where it may be left out."""
    end = len(unit.paragraphs) - 1
    lines = [
        line
        for number, parts in enumerate(unit.paragraphs)
        for line in _paragraph(parts, _PARAGRAPH_S * (number < end or not is_last))
    ]
    if unit.rank:
        lines = [f"- optional: {unit.rank}", "  steps:", *(f"    {line}" for line in lines)]
    yield from lines


def _paragraph(parts: Sequence[Part], pause_s: int) -> Iterator[str]:
    """Yield the steps of a paragraph; each part that may be left out stands in a group of its own.

    A pause that the text names at its end, else `pause_s`, stays when what comes before it is left out.
    """
    before = 0
    *others, last = parts
    comments = list[Item]()
    while len(last.items) > 1 and isinstance(end := last.items[-1], WrittenSilence | Aside):
        last = replace(last, items=last.items[:-1])
        if isinstance(end, WrittenSilence):
            pause_s = end.seconds
        else:
            comments.insert(0, end)
    for index, part in enumerate((*others, last)):
        inside = list(_items(part.items, before if index else 0))
        if index and part.rank:
            inside = [f"- optional: {part.rank}", "  steps:", *(f"    {line}" for line in inside)]
        yield from inside
        end = part.items[-1]
        before = end.pause_s if isinstance(end, Said) else 0
    yield from [f"- pause: {pause_s}s"] * (pause_s > 0)
    yield from _items(tuple(comments), 0)


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
            yield _comment(item)


def _comment(aside: Aside) -> str:
    """Return a comment on one line; a sentence with a blank stands in it as the step that it may become."""
    text = " ".join(aside.text.split())
    return f"# - {written(text)}   # fill in what stands in {{}}" if aside.blanks else f"# {text}"


def _needs(segments: list[list[Unit]]) -> Needs:
    every = [part for segment in segments for unit in segment for parts in unit.paragraphs for part in parts]
    stays = [unit for segment in segments for unit in segment if unit.stays]
    always = [part for unit in stays for parts in unit.paragraphs for part in parts if part.tier is None]
    count = sum(len(unit.paragraphs) for segment in segments for unit in segment)
    full = _seconds(every) + _REST_S * len(segments) + _PARAGRAPH_S * count
    spoken = _spoken_s(always)
    bare = spoken + (_seconds(always) - spoken) / 2 + _LEAST_REST_S * len(segments)
    return Needs(max(1, -(-int(bare) // 60)), max(1, -(-int(full) // 60)))


def _spoken_s(parts: Sequence[Part]) -> float:
    return sum(item.words for part in parts for item in part.items if isinstance(item, Said)) * 60 / _WORDS_A_MINUTE


def _seconds(parts: Sequence[Part]) -> float:
    silences = (
        item.pause_s if isinstance(item, Said) else item.seconds if isinstance(item, WrittenSilence) else 0
        for part in parts
        for item in part.items
    )
    return _spoken_s(parts) + sum(silences)
