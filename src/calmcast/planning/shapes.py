"""What `--json` says of a plan: field by field a public contract. Times in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from calmcast.model.sound import Bed
from calmcast.model.timeline import Chapter, Event, Silence, Spoken, Struck, Timeline
from calmcast.planning.clock import off_time_in_words
from calmcast.planning.report import Report, Span
from calmcast.planning.summary import beds_of, summarise
from calmcast.units import seconds

Feasible = tuple[float, float | None]
"""The least and the greatest length that a script can have; None: as long as one likes."""


@dataclass(frozen=True, slots=True)
class ChapterShape:
    title: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class MarkShape:
    role: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpanShape:
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class NoBedShape:
    """From here on nothing sounds under the voice."""

    start_s: float
    name: None = None


@dataclass(frozen=True, slots=True)
class BedShape:
    start_s: float
    name: str
    level_db: float
    dip_db: float


@dataclass(frozen=True, slots=True)
class OffTimeShape:
    sound: str
    wanted_s: float
    start_s: float | None
    why: str


@dataclass(frozen=True, slots=True)
class EventShape:
    kind: str
    segment: str
    start_s: float
    end_s: float
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class PlanShape:
    """A track of a script at one length."""

    title: str
    options: dict[str, str]
    length_s: float
    samples: int
    feasible_s: Feasible
    words: int
    silence_share: float
    longest_silence_s: float
    chapters: tuple[ChapterShape, ...]
    marks: tuple[MarkShape, ...]
    beds: tuple[BedShape | NoBedShape, ...]
    bells_off_time: tuple[OffTimeShape, ...]
    events: tuple[EventShape, ...]


@dataclass(frozen=True, slots=True)
class SetUpShape:
    silent_s: float
    needed_s: float


@dataclass(frozen=True, slots=True)
class ImpossibleShape:
    """There can be no track of this length."""

    length_s: float
    possible: bool = False


@dataclass(frozen=True, slots=True)
class FactsShape:
    """What a track of one length is like."""

    length_s: float
    possible: bool
    silence_share: float
    usual_silence_share: tuple[float, float] | None
    longest_silence: SpanShape | None
    checks: tuple[SpanShape, ...]
    late_checks: tuple[SpanShape, ...]
    without_check: tuple[SpanShape, ...]
    unannounced: tuple[SpanShape, ...]
    set_up: SetUpShape | None
    words: int
    words_a_minute: tuple[int, ...]


def feasible_shape(feasible: tuple[int, int | None]) -> Feasible:
    """Return the bounds of a length, given in samples."""
    least, most = feasible
    return seconds(least), None if most is None else seconds(most)


def chapter_shape(chapter: Chapter) -> ChapterShape:
    return ChapterShape(chapter.title, seconds(chapter.start), seconds(chapter.end))


def plan_shape(
    title: str, options: Mapping[str, str], feasible: tuple[int, int | None], timeline: Timeline
) -> PlanShape:
    """Return a plan; `options` are what was chosen, `feasible` the bounds of the script's length in samples."""
    totals = summarise(timeline)
    return PlanShape(
        title=title,
        options=dict(options),
        length_s=seconds(timeline.samples),
        samples=timeline.samples,
        feasible_s=feasible_shape(feasible),
        words=totals.words,
        silence_share=round(totals.silence_share, 4),
        longest_silence_s=seconds(totals.longest_silence),
        chapters=tuple(map(chapter_shape, timeline.chapters)),
        marks=tuple(MarkShape(m.role, seconds(m.start), seconds(m.end)) for m in timeline.marks),
        beds=tuple(_bed(start, bed) for start, bed in beds_of(timeline)),
        bells_off_time=tuple(
            OffTimeShape(
                each.strike.name,
                seconds(each.wanted),
                None if each.start is None else seconds(each.start),
                off_time_in_words(each),
            )
            for each in timeline.off_time
        ),
        events=tuple(_event(timeline, event) for event in timeline.events),
    )


def facts_shape(length: int, found: Report | None) -> FactsShape | ImpossibleShape:
    """Return what a track of `length` samples is like; None: there can be no such track."""
    if found is None:
        return ImpossibleShape(seconds(length))
    usual, time = found.usual_share, found.set_up
    return FactsShape(
        length_s=seconds(length),
        possible=True,
        silence_share=round(found.silence_share, 4),
        usual_silence_share=(round(usual[0], 4), round(usual[1], 4)) if usual else None,
        longest_silence=_span(found.longest_silence) if found.longest_silence else None,
        checks=tuple(map(_span, found.checks)),
        late_checks=tuple(map(_span, found.late_checks)),
        without_check=tuple(map(_span, found.unchecked)),
        unannounced=tuple(_span(each.span) for each in found.unannounced),
        set_up=SetUpShape(seconds(time.silent), seconds(time.needed)) if time else None,
        words=found.words,
        words_a_minute=found.words_a_minute,
    )


def _span(span: Span) -> SpanShape:
    return SpanShape(seconds(span.start), seconds(span.end))


def _bed(start: int, bed: Bed) -> BedShape | NoBedShape:
    if bed.made_of is None:
        return NoBedShape(seconds(start))
    return BedShape(seconds(start), bed.made_of.name, bed.level, bed.dip)


def _event(timeline: Timeline, event: Event) -> EventShape:
    match event:
        case Silence():
            kind, text = event.kind, ""
        case Spoken():
            kind, text = "line", event.text
        case Struck():
            kind, text = "bell", ""
        case _:
            assert_never(event)
    segment = timeline.chapters[event.segment].name
    return EventShape(kind, segment, seconds(event.start), seconds(event.end), text, str(event.source))
