"""What a timeline sounds like, in numbers that a teacher compares."""

from dataclasses import dataclass
from typing import assert_never

from calmcast.model.sound import Bed
from calmcast.model.timeline import Silence, Spoken, Struck, Timeline, heard_spans
from calmcast.units import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals of a timeline."""

    words: int
    lines: int
    silence_share: float
    """The part of the track that is silences of 1 s and more, 0 to 1."""
    longest_silence: int
    """In samples."""


def summarise(timeline: Timeline) -> Summary:
    """Return the totals of a timeline. Neighbouring silences count as one; a silence inside a line counts too."""
    spans = [(start, end) for start, end in quiet_spans(timeline) if end - start >= SAMPLE_RATE]
    lengths = [end - start for start, end in spans]
    words = sum(len(line.text.split()) for line in timeline.lines)
    share = sum(lengths) / timeline.samples if timeline.samples else 0.0
    return Summary(words, len(timeline.lines), share, max(lengths, default=0))


def beds_of(timeline: Timeline) -> list[tuple[int, Bed]]:
    """Return (sample, bed) for the beginning of a track and wherever its bed or the level of that changes.

    Nothing for a track that has none throughout; a part without a bed has one that is made of nothing.
    """
    changes = list[tuple[int, Bed]]()
    for chapter in timeline.chapters:
        bed = chapter.bed if chapter.bed and chapter.bed.made_of else Bed(None)
        if chapter.end > chapter.start and (not changes or changes[-1][1] != bed):
            changes.append((chapter.start, bed))
    return changes if any(bed.made_of for _, bed in changes) else []


def quiet_spans(timeline: Timeline) -> list[tuple[int, int]]:
    """Return the (start, end) of every stretch in which nothing sounds, in samples, in order."""
    spans = list[tuple[int, int]]()
    sounding = 0
    for start, end in sorted(_sounding(timeline)):
        if start > sounding:
            spans.append((sounding, start))
        sounding = max(sounding, end)
    if timeline.samples > sounding:
        spans.append((sounding, timeline.samples))
    return spans


def _sounding(timeline: Timeline) -> list[tuple[int, int]]:
    """Return the (start, end) of what sounds; a line's recording without the silences inside it."""
    spans = list[tuple[int, int]]()
    for event in timeline.events:
        match event:
            case Spoken():
                spans += heard_spans(event)
            case Struck():
                spans.append((event.start, event.end))
            case Silence():
                continue
            case _:
                assert_never(event)
    return spans
