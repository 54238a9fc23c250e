"""What a teacher asks of a track before making it: how much is said when, how long it is silent, who looks after whom.

All times in samples at 44 100 Hz.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from calmcast.diagnostics import SourceRef
from calmcast.model.timeline import Mark, OffTime, Spoken, Timeline
from calmcast.planning.summary import quiet_spans, summarise
from calmcast.units import SAMPLE_RATE

MINUTE = 60 * SAMPLE_RATE
LONG_SILENCE = MINUTE
"""A silence this long is announced."""
WITHOUT_CHECK = 4 * MINUTE
"""A listener is asked after their comfort at least this often."""
_LINES_BEFORE = 2
"""An announcement is heard this many lines before its silence, or nearer."""

_USUAL_SHARE = ((5, 0.38, 0.52), (10, 0.48, 0.62), (20, 0.58, 0.70), (30, 0.63, 0.76))
"""Minutes, and the least and greatest share of silences of 1 s and more in guided tracks of that length."""
_LONGEST_MINUTES = 34.5
"""The last row is good for tracks up to this length."""
_SET_UP_S = ((4, 15.0), (5, 22.0), (10, 60.0), (20, 85.0), (30, 95.0))
"""Minutes, and the seconds of silence that setting up takes: to fetch, to build, to lie down."""
_SET_UP_WORDS_S = ((4, 40.0), (5, 48.0), (10, 75.0), (20, 95.0), (30, 100.0))
"""Minutes, and the seconds in which all of that is said; what is said in less asks for less."""
_ARRIVING_S = 20.0
"""The seconds of a set-up's words that ask for nothing: they say where one is, and that there is time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the track."""

    start: int
    end: int

    @property
    def samples(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Unannounced:
    """A silence of a minute or more that nothing tells of, and the step that it begins with."""

    span: Span
    source: SourceRef


@dataclass(frozen=True, slots=True)
class SetUp:
    """The time that the parts have in which somebody fetches, builds and lies down."""

    silent: int
    """Silences of 1 s and more inside them, in samples."""
    needed: int
    """What is silent in a track of this length where so much is asked for, in samples."""


@dataclass(frozen=True, slots=True)
class Report:
    """The facts of a timeline."""

    samples: int
    words: int
    words_a_minute: tuple[int, ...]
    """Words spoken in each minute; the last may be shorter."""
    silence_share: float
    """The part of the track that is silences of 1 s and more, 0 to 1."""
    usual_share: tuple[float, float] | None
    """The least and greatest share that is usual at this length; None: nothing is known of it."""
    longest_silence: Span | None
    checks: tuple[Span, ...]
    """When the listener is asked after their comfort."""
    unchecked: tuple[Span, ...]
    """Stretches of more than four minutes without such a check, until the way out begins, or sleep."""
    late_checks: tuple[Span, ...]
    """Those of the checks that begin in the last third of a track that ends in sleep."""
    sleeps_from: int | None
    """Where a track that ends in sleep falls silent for it; None: it does not end so."""
    set_up: SetUp | None
    """The time that setting up has; None: nothing is set up, or the track is too short to say."""
    unannounced: tuple[Unannounced, ...]
    off_time: tuple[OffTime, ...]
    """Bells by the clock that ring some seconds from their time, or not at all."""


def report(timeline: Timeline, announces: Callable[[str], bool]) -> Report:
    """Return the facts of a timeline.

    `announces` says of a line's text whether it tells of a silence; a line whose role is `announce` always does.
    """
    summary = summarise(timeline)
    quiet = [Span(start, end) for start, end in quiet_spans(timeline)]
    checks, asleep = _checks(timeline), _sleeps_from(timeline)
    return Report(
        timeline.samples,
        summary.words,
        _words_a_minute(timeline),
        summary.silence_share,
        usual_share(timeline.samples),
        max(quiet, key=lambda span: (span.samples, -span.start), default=None),
        checks,
        _unchecked(timeline, checks),
        () if asleep is None else tuple(check for check in checks if check.start * 3 >= timeline.samples * 2),
        asleep,
        _set_up(timeline, quiet),
        tuple(_unannounced(timeline, quiet, announces)),
        timeline.off_time,
    )


def usual_share(samples: int) -> tuple[float, float] | None:
    """Return the least and greatest usual share of silence in a track of this length; None: not known."""
    minutes = samples / MINUTE
    if not _USUAL_SHARE[0][0] <= minutes <= _LONGEST_MINUTES:
        return None
    least, most = ([(row[0], row[column]) for row in _USUAL_SHARE] for column in (1, 2))
    return _between(least, minutes), _between(most, minutes)


def set_up_time(samples: int, words_s: float) -> int | None:
    """Return how much silence setting up takes, in samples, in a track of this length; None: it is too short to say.

    `words_s`: the seconds in which it is said what there is to do.
    """
    minutes = samples / MINUTE
    if minutes < _SET_UP_S[0][0]:
        return None
    asked = (words_s - _ARRIVING_S) / (_between(_SET_UP_WORDS_S, minutes) - _ARRIVING_S)
    return round(_between(_SET_UP_S, minutes) * min(1.0, max(0.0, asked)) * SAMPLE_RATE)


def _between(rows: Sequence[tuple[float, float]], at: float) -> float:
    """Return the value at a place on the straight lines between rows of places and values; beyond them, the end's."""
    for (before, low), (after, high) in pairwise(rows):
        if at < after:
            return low + (high - low) * max(0.0, at - before) / (after - before)
    return rows[-1][1]


def _words_a_minute(timeline: Timeline) -> tuple[int, ...]:
    """Count a line's words as evenly spread over its recording."""
    counts = [0] * -(-timeline.samples // MINUTE)
    for line in timeline.lines:
        words = len(line.text.split())
        for word in range(words):
            minute = (line.start + line.samples * word // words) // MINUTE
            counts[min(minute, len(counts) - 1)] += 1
    return tuple(counts)


def _checks(timeline: Timeline) -> tuple[Span, ...]:
    """Return the comfort checks in order, those that lie in one another as one."""
    spans = list[Span]()
    for mark in sorted(_marked(timeline, "check"), key=lambda mark: (mark.start, -mark.end)):
        if not spans or mark.start >= spans[-1].end:
            spans.append(Span(mark.start, mark.end))
    return tuple(spans)


def _marked(timeline: Timeline, role: str) -> list[Mark]:
    return [mark for mark in timeline.marks if mark.role == role]


def _unchecked(timeline: Timeline, checks: tuple[Span, ...]) -> tuple[Span, ...]:
    ends = (mark.start for role in ("exit", "sleep") for mark in _marked(timeline, role))
    leaves = min(ends, default=timeline.samples)
    edges = [Span(0, 0), *(check for check in checks if check.start < leaves), Span(leaves, leaves)]
    gaps = (Span(before.end, after.start) for before, after in pairwise(edges))
    return tuple(gap for gap in gaps if gap.samples > WITHOUT_CHECK)


def _sleeps_from(timeline: Timeline) -> int | None:
    """Return where the track falls silent for sleep, where nothing brings one out after that."""
    begins = min((mark.start for mark in _marked(timeline, "sleep")), default=None)
    if begins is None or any(mark.end > begins for mark in _marked(timeline, "exit")):
        return None
    return begins


def _set_up(timeline: Timeline, quiet: Sequence[Span]) -> SetUp | None:
    parts = _marked(timeline, "setup")
    shared = (min(span.end, part.end) - max(span.start, part.start) for part in parts for span in quiet)
    silent = sum(samples for samples in shared if samples >= SAMPLE_RATE)
    words_s = (sum(part.end - part.start for part in parts) - silent) / SAMPLE_RATE
    needed = set_up_time(timeline.samples, words_s) if parts else None
    return None if needed is None else SetUp(silent, needed)


def _unannounced(timeline: Timeline, quiet: list[Span], announces: Callable[[str], bool]) -> list[Unannounced]:
    """Return the long silences with no announcement just before them.

    Paced breathing announces itself; where a bed sounds, nobody wonders whether the track has stopped; and who is to
    fall asleep was told so by the part that falls silent.
    """
    announced, sleep = _marked(timeline, "announce"), _marked(timeline, "sleep")
    silences, lines = timeline.silences, timeline.lines
    starts, ends = [silence.start for silence in silences], [line.end for line in lines]
    found = list[Unannounced]()
    for span in quiet:
        if span.samples < LONG_SILENCE:
            continue
        inside = silences[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        last = bisect_right(ends, span.start)
        before = lines[max(0, last - _LINES_BEFORE) : last]
        told = any(_tells(line, announced, announces) for line in before)
        grounded = any(bed.start <= span.start and span.end <= bed.end for bed in timeline.beds)
        if not inside or told or grounded or any(silence.kind == "breath" for silence in inside):
            continue
        longest = max(inside, key=lambda silence: silence.samples)
        if not any(mark.start <= longest.start < mark.end for mark in sleep):
            found.append(Unannounced(span, longest.source))
    return found


def _tells(line: Spoken, announced: list[Mark], announces: Callable[[str], bool]) -> bool:
    return any(mark.start <= line.start < mark.end for mark in announced) or announces(line.text)
