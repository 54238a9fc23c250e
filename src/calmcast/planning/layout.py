"""Moments, measured sounds and a chosen length -> a Timeline, or the reason why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calmcast.errors import LengthError
from calmcast.model.script import Bell, Glue, Hold, Line, Rest, Segment
from calmcast.model.timeline import Chapter, Clip, Rung, Silence, SilenceKind, Spoken, Timeline
from calmcast.model.voice import Recording
from calmcast.planning.fit import feasible, fit
from calmcast.planning.sequence import Moment
from calmcast.units import format_at_least, format_at_most, format_clock, format_length


@dataclass(frozen=True, slots=True)
class Measured:
    """A script whose every sound has its length: ready to be laid out at any length it can have."""

    title: str
    segments: tuple[Segment, ...]
    moments: tuple[Moment, ...]
    recordings: Mapping[int, Recording]
    """The recording of each line, by the line's index in `moments`."""
    bells: Mapping[str, int]
    """How long each bell sounds, in samples."""


def lay_out(measured: Measured, samples: int) -> Timeline:
    """Return the timeline that lasts exactly `samples`.

    Raises LengthError where the script cannot last so long or so short; it says what can be had and what binds.
    """
    times = _times(measured)
    least, most = feasible_lengths(measured)
    if samples < least or (most is not None and samples > most):
        raise _length_error(measured, times, samples, least, most)
    elastic = [time for time in times if isinstance(time, Glue)]
    lengths = iter(fit(elastic, samples - sum(time for time in times if isinstance(time, int))))
    starts, start = list[int](), 0
    for time in times:
        starts.append(start)
        start += next(lengths) if isinstance(time, Glue) else time
    ends = [*starts[1:], start]
    events = tuple(_event(measured, index, starts[index], ends[index]) for index in range(len(times)))
    return Timeline(samples, events, _chapters(measured, starts, samples))


def feasible_lengths(measured: Measured) -> tuple[int, int | None]:
    """Return the shortest and the longest length of the track in samples; None: it can last as long as one likes."""
    times = _times(measured)
    boxes = sum(time for time in times if isinstance(time, int))
    least, most = feasible([time for time in times if isinstance(time, Glue)])
    return boxes + least, None if most is None else boxes + most


def natural_length(measured: Measured) -> int:
    """Return the length of the track with every silence at its natural length, in samples."""
    return sum(time.natural if isinstance(time, Glue) else time for time in _times(measured))


def _times(measured: Measured) -> list[int | Glue]:
    """Return what each moment takes of the track: a fixed time in samples, or an elastic silence.

    A bell that does not wait takes none, unless too little follows for it to ring out before the track ends.
    """
    times, after = list[int | Glue](), 0
    for index in range(len(measured.moments) - 1, -1, -1):
        time = _time(measured, index, after)
        after += time.least if isinstance(time, Glue) else time
        times.append(time)
    return times[::-1]


def _time(measured: Measured, index: int, after: int) -> int | Glue:
    step = measured.moments[index].step
    if isinstance(step, Line):
        return measured.recordings[index].samples
    if isinstance(step, Bell):
        rings = measured.bells[step.sound]
        return rings if step.wait or after < rings else 0
    return step.samples if isinstance(step, Hold) else step.glue


def _event(measured: Measured, index: int, start: int, end: int) -> Clip | Silence:
    moment = measured.moments[index]
    step = moment.step
    if isinstance(step, Line):
        spoken = Spoken(measured.recordings[index], moment.voice, step.text)
        return Clip(start, end - start, spoken, moment.segment, step.source)
    if isinstance(step, Bell):
        rings = measured.bells[step.sound]
        return Clip(start, rings, Rung(step.sound, step.level, rings), moment.segment, step.source)
    kind: SilenceKind = "hold" if isinstance(step, Hold) else "rest" if isinstance(step, Rest) else "pause"
    return Silence(start, end - start, kind, moment.segment, step.source)


def _chapters(measured: Measured, starts: Sequence[int], samples: int) -> tuple[Chapter, ...]:
    """Return a chapter for each segment; the first begins at 0, each ends where the next begins."""
    begins = dict[int, int]()
    for moment, start in zip(measured.moments, starts, strict=True):
        begins.setdefault(moment.segment, start)
    ends = [*list(begins.values())[1:], samples]
    return tuple(
        Chapter(measured.segments[segment].title, begin, end)
        for (segment, begin), end in zip(begins.items(), ends, strict=True)
    )


def _length_error(
    measured: Measured, times: Sequence[int | Glue], samples: int, least: int, most: int | None
) -> LengthError:
    asked = format_length(samples)
    shortest = format_at_least(least)
    longest = format_at_most(most or 0)
    if samples < least:
        needs = dict.fromkeys((segment.title for segment in measured.segments), 0)
        for moment, time in zip(measured.moments, times, strict=True):
            needs[measured.segments[moment.segment].title] += time.least if isinstance(time, Glue) else time
        largest = sorted(needs, key=lambda title: -needs[title])[:3]
        parts = ", ".join(f"{title} ({format_clock(needs[title])})" for title in largest)
        message = f"{asked} is too short for {measured.title}: its words and shortest silences need {shortest}"
        hint = f"ask for {shortest} or more; the most is needed by {parts}"
    else:
        message = f"{asked} is too long for {measured.title}: with every silence at its longest it lasts {longest}"
        hint = f"ask for {longest} or less, or add a silence that may grow: - rest: 1 min"
    return LengthError(message, hint, (least, most))
