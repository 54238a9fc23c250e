"""What a version changes against what it extends, in words, in the order of the track."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import assert_never

from calmcast.model.script import Option, Script, Segment, SegmentRef, Version
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Quiet, Step, Use, walk
from calmcast.model.traits import Count
from calmcast.script.edit.sound_words import bed_in_words, bell_in_words, bells_in_words, tone_in_words
from calmcast.script.language.compose import Fetch
from calmcast.script.language.version import Item, Place, name_of, placed
from calmcast.units import format_length


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    kind: str
    """`title`, `about`, `language`, `voice`, `length`, `gap`, `bed`, `bells`, `way-out`, `stereo`; `replaced`,
    `inserted`, `dropped`; `option`."""
    text: str
    """In words."""
    before: str
    """As it was; empty: it was not there. For a segment its name."""
    after: str
    """As it is; empty: it is gone."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """A segment of one's own that takes the place of one that ships, and how its steps differ."""

    name: str
    title: str
    removed: tuple[str, ...]
    """Steps in words that only the one that ships has, in order."""
    added: tuple[str, ...]


def changes(version: Version, base: Script, was: Script, now: Script, fetch: Fetch) -> tuple[Change, ...]:
    """Return what a version changes.

    `base` is what it extends, its segments not fetched; `was` and `now` are base and version composed, for the
    options of their segments.
    """
    places, _ = placed(version, base)
    return (*_fields(was, now), *_segments(places, fetch), *_options(was.options, now.options))


def rewording(own: Segment, ship: Segment) -> Rewording:
    """Return how the steps of one's own segment differ from those of the one that ships."""
    before, after = tuple(_segment_in_words(ship)), tuple(_segment_in_words(own))
    removed, added = list[str](), list[str]()
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            removed += before[first:last]
            added += after[start:end]
    return Rewording(own.name, own.title, tuple(removed), tuple(added))


def _fields(was: Script, now: Script) -> Iterator[Change]:
    pairs = (
        ("title", was.title, now.title),
        ("about", was.about, now.about),
        ("teacher", was.teacher, now.teacher),
        ("picture", was.picture, now.picture),
        ("language", was.language, now.language),
        ("voice", was.voice, now.voice),
        ("length", _lengths(was.lengths), _lengths(now.lengths)),
        ("gap", format_length(was.gap.natural), format_length(now.gap.natural)),
        ("bed", bed_in_words(was.bed), bed_in_words(now.bed)),
        ("bells", bells_in_words(was.bells), bells_in_words(now.bells)),
        ("way-out", _way_out(was), _way_out(now)),
        ("stereo", "yes" if was.stereo else "no", "yes" if now.stereo else "no"),
    )
    for kind, before, after in pairs:
        if before != after:
            yield Change(kind, f"{kind}: {before or '(none)'} -> {after or '(none)'}", before, after)
    if was.gap != now.gap and was.gap.natural == now.gap.natural:
        yield Change("gap", "gap: its shortest and longest are others", "", "")


def _way_out(script: Script) -> str:
    return name_of(script.way_out) if script.way_out else ""


def _lengths(lengths: tuple[int, ...]) -> str:
    return ", ".join(map(format_length, lengths))


def _segments(places: tuple[Place, ...], fetch: Fetch) -> Iterator[Change]:
    before: Item | None = None
    for place in places:
        was, now = place.was, place.now
        if was and not now:
            yield Change("dropped", f"{_called(was, fetch)} is left out", name_of(was), "")
        elif now and not was:
            where = f"after {_title(before, fetch)} comes" if before else "first comes"
            yield Change("inserted", f"{where} {_called(now, fetch)}: {_counted(now, fetch)}", "", name_of(now))
        elif was and now and was is not now:
            lines = _counted(now, fetch)
            lines += f" instead of {_lines(was, fetch)}" if _lines(was, fetch) != _lines(now, fetch) else ", as many"
            text = f"{_called(was, fetch)} is replaced by {_called(now, fetch)}: {lines}"
            yield Change("replaced", text, name_of(was), name_of(now))
        before = now or before


def _options(was: tuple[Option, ...], now: tuple[Option, ...]) -> Iterator[Change]:
    old = {option.name: option for option in was}
    for option in now:
        before = old.pop(option.name, None)
        if before is None:
            text = f"{option.name} can be chosen now: {', '.join(option.choices)}"
            yield Change("option", text, "", option.usual)
            continue
        if option.usual != before.usual:
            text = f"{option.name}: {option.usual} unless chosen otherwise (was: {before.usual})"
            yield Change("option", text, before.usual, option.usual)
        if option.choices != before.choices:
            ways = ", ".join(before.choices), ", ".join(option.choices)
            yield Change("option", f"{option.name}: the choices are {ways[1]} (were: {ways[0]})", *ways)
        if option.ask != before.ask:
            text = f"{option.name}: asked as {option.ask or '(nothing)'} (was: {before.ask or '(nothing)'})"
            yield Change("option", text, before.ask, option.ask)
    for option in old.values():
        yield Change("option", f"{option.name} can no longer be chosen", option.usual, "")


def _title(item: Item, fetch: Fetch) -> str:
    found = fetch(item.segment) if isinstance(item, SegmentRef) else item
    return found.title if found else name_of(item)


def _called(item: Item, fetch: Fetch) -> str:
    """Return a segment's title, with its file's name where it has one: Settling (settle)."""
    title = _title(item, fetch)
    return f"{title} ({item.segment})" if isinstance(item, SegmentRef) and title != item.segment else title


def _counted(item: Item, fetch: Fetch) -> str:
    lines = _lines(item, fetch)
    return "1 line" if lines == 1 else f"{lines} lines"


def _lines(item: Item, fetch: Fetch) -> int:
    """Return how many lines a segment has, with those of the segments that it uses."""
    found = fetch(item.segment) if isinstance(item, SegmentRef) else item
    return _count(found.steps, fetch, {}) if found else 0


def _count(steps: tuple[Step, ...], fetch: Fetch, known: dict[str, int]) -> int:
    total = 0
    for step in walk(steps):
        total += isinstance(step, Line)
        if isinstance(step, Use):
            if step.segment not in known:
                # A segment that uses itself is refused elsewhere; here it counts once.
                known[step.segment] = 0
                used = fetch(step.segment)
                known[step.segment] = _count(used.steps, fetch, known) if used else 0
            total += known[step.segment]
    return total


def _segment_in_words(segment: Segment) -> Iterator[str]:
    if segment.bed:
        yield f"bed: {bed_in_words(segment.bed) or 'none'}"
    yield from _in_words(segment.steps)


def _in_words(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in walk(steps):
        match step:
            case Line():
                yield " ".join(p if isinstance(p, str) else f"[{format_length(p)}]" for p in step.pieces)
            case Quiet():
                yield f"{step.kind}: {format_length(step.natural)}"
            case Bell():
                yield f"bell: {bell_in_words(step)}"
            case Use():
                yield f"use: {step.segment}"
            case Breathe():
                sound = f", {tone_in_words(step.tone)}" if step.tone else ""
                yield f"breathe: {_rounds(step.rounds)} rounds{sound}"
            case Group() | OneOf():
                continue
            case _:
                assert_never(step)


def _rounds(count: Count) -> str:
    if count.most is None:
        return f"{count.least} or more"
    return str(count.least) if count.least == count.most else f"{count.least} to {count.most}"
