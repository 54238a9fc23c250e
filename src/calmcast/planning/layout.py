"""A script with measured sounds and a chosen length -> a Timeline, or the reason why there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import assert_never

from calmcast.errors import LengthError
from calmcast.model.script import Script, Segment
from calmcast.model.sound import Ringing, Strike
from calmcast.model.steps import Bell, Line
from calmcast.model.timeline import Chapter, Event, Mark, Silence, Spoken, Struck, Timeline
from calmcast.model.traits import Glue, Role
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Amounts, Saying
from calmcast.planning.beds import bed_spans
from calmcast.planning.clock import with_clock_bells
from calmcast.planning.fit import fit
from calmcast.planning.ladder import ENDLESS, build_ladder
from calmcast.planning.moments import Moment, moments
from calmcast.planning.parts import Parts, parts_of
from calmcast.units import LONGEST, SAMPLE_RATE, format_clock, format_length


@dataclass(frozen=True, slots=True)
class TimedScript:
    """A script whose every sound has its length: ready to be laid out at any length it can have."""

    script: Script
    segments: tuple[Segment, ...]
    parts: Parts
    amounts: Amounts
    guidance: str
    """How much is said: less, medium or more."""

    @property
    def title(self) -> str:
        return self.script.title


def measured(
    script: Script, recordings: Mapping[Saying, Recording], bells: Mapping[Strike, Ringing], guidance: str = "medium"
) -> TimedScript:
    """Return a composed and settled script with its recordings (see `amounts.sayings`) and its bells (`strikes`)."""
    segments = script.chapters
    return TimedScript(script, segments, parts_of(script), Amounts(script.gap, recordings, bells), guidance)


def lay_out(measured: TimedScript, samples: int) -> Timeline:
    """Return the timeline that lasts exactly `samples`.

    Raises LengthError where the script cannot last so long or so short; it says what can be had and what binds.
    """
    ladder = build_ladder(measured.parts, measured.amounts, samples)
    rung = ladder.choose(samples, measured.guidance)
    if rung is None:
        raise _length_error(measured, samples)
    found = moments(ladder, rung, measured.amounts)
    lengths = iter(fit([m.time for m in found if isinstance(m.time, Glue)], samples - _boxes(found)))
    times = [next(lengths) if isinstance(m.time, Glue) else m.time for m in found]
    starts = [0, *accumulate(times)]
    chapters = {chapter: index for index, chapter in enumerate(dict.fromkeys(m.chapter for m in found))}
    timeline = Timeline(
        samples,
        tuple(
            _event(measured, m, chapters[m.chapter], start, end)
            for m, (start, end) in zip(found, pairwise(starts), strict=True)
        ),
        _chapters(measured, found, starts),
        tuple(replace(m.breath, start=start) for m, start in zip(found, starts, strict=False) if m.breath),
        _marks(found, starts),
        channels=2 if measured.script.stereo else 1,
    )
    timeline = with_clock_bells(timeline, measured.script.bells.timed, measured.amounts.bells)
    return replace(timeline, beds=bed_spans(timeline, [chapter.bed for chapter in timeline.chapters]))


def feasible_lengths(measured: TimedScript) -> tuple[int, int | None]:
    """Return the shortest and the longest length of the track in samples; None: it can last as long as one likes.

    Raises LengthError for a script that no length suits, because all of it waits for a longer track than it fills.
    """
    longest_from = max((gate.since for gate in measured.parts.gates if gate.since), default=0)
    ladder = build_ladder(measured.parts, measured.amounts, longest_from)
    _, least = ladder.nearest(0)
    if least is None:
        message = (
            f"{measured.title} is never long enough for any of its parts: each has a `from` that it does not reach"
        )
        raise LengthError(message, "take a `from` out, or add a silence that may grow: - rest: 1 min", (0, 0))
    if any(count.most is None for count in measured.parts.wheels):
        return least, None
    top = build_ladder(measured.parts, measured.amounts, ENDLESS)
    return least, None if top.rungs[-1].most is None else top.nearest(top.rungs[-1].most)[0]


def natural_length(measured: TimedScript) -> int:
    """Return the length with everything optional, nothing repeated more than it must, and natural silences."""
    ladder = build_ladder(measured.parts, measured.amounts, 0)
    optional = sum(gate.rank is not None and gate.since is None for gate in measured.parts.gates)
    return ladder.rungs[min(optional, len(ladder.rungs) - 1)].natural


def _boxes(found: Iterable[Moment]) -> int:
    return sum(moment.time for moment in found if isinstance(moment.time, int))


def _event(measured: TimedScript, moment: Moment, chapter: int, start: int, end: int) -> Event:
    source, amounts = moment.source, measured.amounts
    match moment.sound:
        case Line() as line:
            recording = amounts.recordings[moment.voice, line.pieces]
            return Spoken(start, end - start, chapter, source, recording, moment.voice, line.text, moment.level)
        case Bell(strike, level):
            return Struck(start, amounts.bells[strike].samples, chapter, source, strike, level)
        case None:
            return Silence(start, end - start, moment.kind, chapter, source)
        case _:
            assert_never(moment.sound)


def _chapters(measured: TimedScript, found: Sequence[Moment], starts: Sequence[int]) -> tuple[Chapter, ...]:
    """Return a chapter for each segment, and each time one comes round; each ends where the next begins."""
    begins = dict[tuple[int, int], int]()
    for moment, start in zip(found, starts, strict=False):
        begins.setdefault(moment.chapter, start)
    ends = [*list(begins.values())[1:], starts[-1]]
    chapters = list[Chapter]()
    for ((index, turn), begin), end in zip(begins.items(), ends, strict=True):
        segment = measured.segments[index]
        title = f"{segment.title} {turn + 1}" if turn else segment.title
        chapters.append(Chapter(title, begin, end, segment.name, segment.bed or measured.script.bed))
    return tuple(chapters)


def _marks(found: Sequence[Moment], starts: Sequence[int]) -> tuple[Mark, ...]:
    spans = dict[tuple[Role, int], Mark]()
    for moment, (start, end) in zip(found, pairwise(starts), strict=True):
        for role, number in moment.roles:
            first = spans.get((role, number))
            spans[role, number] = Mark(role, first.start if first else start, end)
    return tuple(spans.values())


def nearest_lengths(measured: TimedScript, samples: int) -> tuple[int | None, int | None]:
    """Return the nearest lengths below and above that a track can have, itself where it can; None: there is none."""
    reach = samples
    while True:
        ladder = build_ladder(measured.parts, measured.amounts, reach)
        below, above = ladder.nearest(samples)
        if above is not None or ladder.complete or reach > LONGEST:
            return below, above
        reach *= 4


def _length_error(measured: TimedScript, samples: int) -> LengthError:
    asked, feasible = format_length(samples), feasible_lengths(measured)
    below, above = nearest_lengths(measured, samples)
    if below is None:
        shortest = _at_least(measured, feasible[0])
        message = f"{asked} is too short for {measured.title}: its words and shortest silences need {shortest}"
        return LengthError(message, f"ask for {shortest} or more; {_binding(measured)}", feasible)
    if above is None:
        longest = _at_most(measured, below)
        message = f"{asked} is too long for {measured.title}: with every silence at its longest it lasts {longest}"
        hint = f"ask for {longest} or less, or add a silence that may grow: - rest: 1 min"
        return LengthError(message, hint, feasible)
    near = f"{_at_most(measured, below)} or {_at_least(measured, above)}"
    message = f"{measured.title} cannot last {asked}: no choice of its parts comes to just that"
    return LengthError(message, f"ask for {near}, or give its silences more room (least and most)", feasible)


def _at_least(measured: TimedScript, samples: int) -> str:
    return _offer(measured, samples, -(-samples // SAMPLE_RATE) * SAMPLE_RATE)


def _at_most(measured: TimedScript, samples: int) -> str:
    return _offer(measured, samples, samples // SAMPLE_RATE * SAMPLE_RATE)


def _offer(measured: TimedScript, samples: int, rounded: int) -> str:
    """Return a length to ask for: `rounded` to a full second where the script can last so long, else exactly."""
    if rounded and build_ladder(measured.parts, measured.amounts, rounded).choose(rounded) is not None:
        return format_clock(rounded)
    return f"{samples / SAMPLE_RATE:.5f}s"


def _binding(measured: TimedScript) -> str:
    """Return what needs the most of the barest rung, in words."""
    ladder = build_ladder(measured.parts, measured.amounts, 0)
    titles = [segment.title for segment in measured.segments]
    needs, kept = dict.fromkeys(titles, 0), dict.fromkeys(titles, 0)
    for moment in moments(ladder, 0, measured.amounts):
        title = titles[moment.segment]
        needs[title] += moment.time.least if isinstance(moment.time, Glue) else moment.time
    for segment in measured.segments:
        if segment.traits.keep:
            kept[segment.title] = needs[segment.title]
    largest = sorted(needs, key=lambda title: -needs[title])[:3]
    parts = ", ".join(f"{title} ({format_clock(needs[title])})" for title in largest)
    whole = " and ".join(title for title in titles if kept[title])
    must = f"; {whole} must be kept and need {format_clock(sum(kept.values()))}" if whole else ""
    return f"the most is needed by {parts}{must}"
