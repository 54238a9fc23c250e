"""A script with measured sounds and a chosen length -> a Timeline, or the reason why there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import assert_never

from calmcast.errors import LengthError
from calmcast.model.script import Script
from calmcast.model.sound import Ringing, Strike
from calmcast.model.steps import Bell, Line
from calmcast.model.timeline import Chapter, Event, Mark, Silence, Spoken, Struck, Timeline
from calmcast.model.traits import Glue, Role
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Amounts, Saying
from calmcast.planning.beds import bed_spans
from calmcast.planning.choice import Speak, TimedScript, at_rung, choose, extremes, nearest
from calmcast.planning.clock import with_clock_bells
from calmcast.planning.fit import fit
from calmcast.planning.grid import on_grid
from calmcast.planning.ladder import MOST_LEAVES
from calmcast.planning.moments import Moment, moments
from calmcast.planning.parts import least_leaves, parts_of
from calmcast.units import SAMPLE_RATE, format_clock, format_length


def measured(
    script: Script,
    recordings: Mapping[Saying, Recording],
    bells: Mapping[Strike, Ringing],
    guidance: str = "medium",
    speak: Speak | None = None,
) -> TimedScript:
    """Return a composed and settled script with its lines' recordings (see `amounts.sayings`) and bells (`strikes`).

    `recordings` are of about the length that `speak` will find; where that is None, they are what is heard.
    Raises LengthError where even its barest track has more steps than one is planned with.
    """
    parts, modelled = parts_of(script), Amounts(script.gap, recordings, bells)
    if (there := least_leaves(parts)) > MOST_LEAVES:
        message = f"all that {script.title} repeats comes to {there} steps at least, and {MOST_LEAVES} is the most"
        raise LengthError(message, "repeat less, or leave it open: repeat: 1 or more", (0, 0))
    return TimedScript(script, script.chapters, parts, modelled, guidance, speak or (lambda _: recordings))


def lay_out(timed: TimedScript, samples: int, grid: int = 1) -> Timeline:
    """Return the timeline that lasts exactly `samples`, whose sounds begin on multiples of `grid` samples.

    Raises LengthError where the script cannot last so long or so short; it says what can be had and what binds.
    """
    chosen = choose(timed, samples)
    if chosen is None:
        raise _length_error(timed, samples)
    found = moments(chosen.ladder, chosen.rung, chosen.amounts)
    lengths = iter(fit([m.time for m in found if isinstance(m.time, Glue)], samples - _boxes(found)))
    times = [next(lengths) if isinstance(m.time, Glue) else m.time for m in found]
    sounding = [moment.sound is not None for moment in found]
    # From breath to breath, each count is as long as written, to the sample.
    starts = on_grid([0, *accumulate(times)], sounding, [moment.kind == "breath" for moment in found], grid)
    chapters = {chapter: index for index, chapter in enumerate(dict.fromkeys(m.chapter for m in found))}
    timeline = Timeline(
        samples,
        tuple(
            _event(m, chosen.amounts, chapters[m.chapter], start, end)
            for m, (start, end) in zip(found, pairwise(starts), strict=True)
        ),
        _chapters(timed, found, starts),
        tuple(replace(m.breath, start=start) for m, start in zip(found, starts, strict=False) if m.breath),
        _marks(found, starts),
        channels=2 if timed.script.stereo else 1,
    )
    timeline = with_clock_bells(timeline, timed.script.bells.timed, timed.modelled.bells)
    return replace(timeline, beds=bed_spans(timeline, [chapter.bed for chapter in timeline.chapters]))


def feasible_lengths(timed: TimedScript) -> tuple[int, int | None]:
    """Return the shortest and the longest length of the track in samples; None: it can last as long as one likes.

    Raises LengthError for a script that no length suits, because all of it waits for a longer track than it fills.
    """
    least, most = extremes(timed)
    if least is None:
        message = f"{timed.title} is never long enough for any of its parts: each has a `from` that it does not reach"
        raise LengthError(message, "take a `from` out, or add a silence that may grow: - rest: 1 min", (0, 0))
    return least, most


def _boxes(found: Iterable[Moment]) -> int:
    return sum(moment.time for moment in found if isinstance(moment.time, int))


def _event(moment: Moment, amounts: Amounts, chapter: int, start: int, end: int) -> Event:
    source = moment.source
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


def _chapters(timed: TimedScript, found: Sequence[Moment], starts: Sequence[int]) -> tuple[Chapter, ...]:
    """Return a chapter for each segment, and each time one comes round; each ends where the next begins."""
    begins = dict[tuple[int, int], int]()
    for moment, start in zip(found, starts, strict=False):
        begins.setdefault(moment.chapter, start)
    ends = [*list(begins.values())[1:], starts[-1]]
    chapters = list[Chapter]()
    for ((index, turn), begin), end in zip(begins.items(), ends, strict=True):
        segment = timed.segments[index]
        title = f"{segment.title} {turn + 1}" if turn else segment.title
        chapters.append(Chapter(title, begin, end, segment.name, segment.bed or timed.script.bed))
    return tuple(chapters)


def _marks(found: Sequence[Moment], starts: Sequence[int]) -> tuple[Mark, ...]:
    spans = dict[tuple[Role, int], Mark]()
    for moment, (start, end) in zip(found, pairwise(starts), strict=True):
        for role, number in moment.roles:
            first = spans.get((role, number))
            spans[role, number] = Mark(role, first.start if first else start, end)
    return tuple(spans.values())


def _length_error(timed: TimedScript, samples: int) -> LengthError:
    asked, feasible = format_length(samples), feasible_lengths(timed)
    below, above = nearest(timed, samples)
    if below is None:
        shortest = _at_least(timed, feasible[0])
        message = f"{asked} is too short for {timed.title}: its words and shortest silences need {shortest}"
        return LengthError(message, f"ask for {shortest} or more; {_binding(timed)}", feasible)
    if above is None:
        longest = _at_most(timed, below)
        message = f"{asked} is too long for {timed.title}: with every silence at its longest it lasts {longest}"
        hint = f"ask for {longest} or less, or add a silence that may grow: - rest: 1 min"
        return LengthError(message, hint, feasible)
    near = f"{_at_most(timed, below)} or {_at_least(timed, above)}"
    message = f"{timed.title} cannot last {asked}: no choice of its parts comes to just that"
    return LengthError(message, f"ask for {near}, or give its silences more room (least and most)", feasible)


def _at_least(timed: TimedScript, samples: int) -> str:
    return _offer(timed, samples, -(-samples // SAMPLE_RATE) * SAMPLE_RATE)


def _at_most(timed: TimedScript, samples: int) -> str:
    return _offer(timed, samples, samples // SAMPLE_RATE * SAMPLE_RATE)


def _offer(timed: TimedScript, samples: int, rounded: int) -> str:
    """Return a length to ask for: `rounded` to a full second where the script can last so long, else exactly."""
    if rounded and choose(timed, rounded):
        return format_clock(rounded)
    return f"{samples / SAMPLE_RATE:.5f}s"


def _binding(timed: TimedScript) -> str:
    """Return what needs the most of the barest rung, in words."""
    barest = at_rung(timed, 0)
    titles = [segment.title for segment in timed.segments]
    needs, kept = dict.fromkeys(titles, 0), dict.fromkeys(titles, 0)
    for moment in moments(barest.ladder, 0, barest.amounts):
        title = titles[moment.segment]
        needs[title] += moment.time.least if isinstance(moment.time, Glue) else moment.time
    for segment in timed.segments:
        if segment.traits.keep:
            kept[segment.title] = needs[segment.title]
    largest = sorted(needs, key=lambda title: -needs[title])[:3]
    parts = ", ".join(f"{title} ({format_clock(needs[title])})" for title in largest)
    whole = " and ".join(title for title in titles if kept[title])
    must = f"; {whole} must be kept and need {format_clock(sum(kept.values()))}" if whole else ""
    return f"the most is needed by {parts}{must}"
