"""What a teacher asks of a track before making it: how much is said when, how long it is silent, who looks after whom.

All times in samples at 44 100 Hz.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from calmcast.diagnostics import SourceRef
from calmcast.model.timeline import Clip, Mark, OffTime, Silence, Spoken, Timeline
from calmcast.planning.summary import quiet_spans, summarise
from calmcast.units import SAMPLE_RATE

MINUTE = 60 * SAMPLE_RATE
LONG_SILENCE = MINUTE
"""A silence this long is announced."""
WITHOUT_CHECK = 4 * MINUTE
"""A listener is asked after their comfort at least this often."""
_LINES_BEFORE = 2
"""An announcement is heard this many lines before its silence, or nearer."""

_USUAL_SHARE = ((5, 0.35, 0.45), (10, 0.45, 0.50), (20, 0.50, 0.60), (30, 0.60, 0.65))
"""Minutes, and the least and greatest share of silences of 1 s and more in guided tracks of about that length."""
_ABOUT = 0.15
"""A track is about as long as one of these where it is off by no more than this part of it."""


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
    """Stretches of more than four minutes without such a check, until the way out begins."""
    unannounced: tuple[Unannounced, ...]
    off_time: tuple[OffTime, ...]
    """Bells by the clock that ring some seconds from their time, or not at all."""


def report(timeline: Timeline, announces: Callable[[str], bool]) -> Report:
    """Return the facts of a timeline.

    `announces` says of a line's text whether it tells of a silence; a line whose role is `announce` always does.
    """
    summary = summarise(timeline)
    quiet = [Span(start, end) for start, end in quiet_spans(timeline)]
    checks = _checks(timeline)
    return Report(
        timeline.samples,
        summary.words,
        _words_a_minute(timeline),
        summary.silence_share,
        usual_share(timeline.samples),
        max(quiet, key=lambda span: (span.samples, -span.start), default=None),
        checks,
        _unchecked(timeline, checks),
        tuple(_unannounced(timeline, quiet, announces)),
        timeline.off_time,
    )


def usual_share(samples: int) -> tuple[float, float] | None:
    """Return the least and greatest usual share of silence in a track of about this length; None: not known."""
    return next(
        ((least, most) for minutes, least, most in _USUAL_SHARE if abs(samples / MINUTE - minutes) <= _ABOUT * minutes),
        None,
    )


def _words_a_minute(timeline: Timeline) -> tuple[int, ...]:
    """Count a line's words as evenly spread over its recording."""
    counts = [0] * -(-timeline.samples // MINUTE)
    for clip in timeline.lines:
        words = len(clip.content.text.split()) if isinstance(clip.content, Spoken) else 0
        for word in range(words):
            minute = (clip.start + clip.samples * word // words) // MINUTE
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
    leaves = min((mark.start for mark in _marked(timeline, "exit")), default=timeline.samples)
    edges = [Span(0, 0), *(check for check in checks if check.start < leaves), Span(leaves, leaves)]
    gaps = (Span(before.end, after.start) for before, after in pairwise(edges))
    return tuple(gap for gap in gaps if gap.samples > WITHOUT_CHECK)


def _unannounced(timeline: Timeline, quiet: list[Span], announces: Callable[[str], bool]) -> list[Unannounced]:
    """Return the long silences with no announcement just before them.

    Paced breathing announces itself; where a bed sounds, nobody wonders whether the track has stopped.
    """
    announced = _marked(timeline, "announce")
    found = list[Unannounced]()
    for span in quiet:
        if span.samples < LONG_SILENCE:
            continue
        inside = [e for e in timeline.events if isinstance(e, Silence) and span.start <= e.start < span.end]
        before = [clip for clip in timeline.lines if clip.end <= span.start][-_LINES_BEFORE:]
        told = any(_tells(clip, announced, announces) for clip in before)
        grounded = any(bed.start <= span.start and span.end <= bed.end for bed in timeline.beds)
        if inside and not (told or grounded or any(silence.kind == "breath" for silence in inside)):
            longest = max(inside, key=lambda silence: silence.samples)
            found.append(Unannounced(span, longest.source))
    return found


def _tells(clip: Clip, announced: list[Mark], announces: Callable[[str], bool]) -> bool:
    marked = any(mark.start <= clip.start < mark.end for mark in announced)
    return marked or (isinstance(clip.content, Spoken) and announces(clip.content.text))
