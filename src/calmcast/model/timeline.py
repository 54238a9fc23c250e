"""A track laid out in time: what sounds when, to the sample. All times in samples at 44 100 Hz."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed, BedSound, BreathTone, Strike
from calmcast.model.steps import PhaseName
from calmcast.model.traits import Role
from calmcast.model.voice import Recording

Quality = Literal["standard", "small", "high"]
"""How large a track's file may be: `small` is two thirds of the size and a little less fine; `high` is finer."""

RISE_DB_S = 6.0
"""How fast a voice comes up after a long silence, in decibels a second: in the course of a few words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a track, from `start` for `samples`."""

    start: int
    samples: int

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Spoken(Stretch):
    """A line as it sounds."""

    segment: int
    """Index into the timeline's chapters."""
    source: SourceRef
    recording: Recording
    voice: str
    """The profile that was asked for."""
    text: str
    level: float = 0.0
    """As authored: decibels louder than the rest of the voice."""
    rise: float = 0.0
    """After a long silence: so many decibels softer at its first sample, coming up by RISE_DB_S."""

    @property
    def speaker(self) -> str:
        """Who speaks it: the voice, or who stands in for it."""
        return self.recording.by or self.voice


@dataclass(frozen=True, slots=True)
class Struck(Stretch):
    """A bell as it sounds."""

    segment: int
    """Index into the timeline's chapters."""
    source: SourceRef
    strike: Strike
    level: float
    """Decibels relative to the bell's own level."""


@dataclass(frozen=True, slots=True)
class Silence(Stretch):
    """Nothing sounds."""

    kind: str
    """The row of the grammar that it comes from; `breath`: what is left of a count after its cue."""
    segment: int
    """Index into the timeline's chapters."""
    source: SourceRef


Event = Spoken | Struck | Silence


@dataclass(frozen=True, slots=True)
class Chapter:
    """A segment's stretch of the track. Chapters begin at 0, leave no gap, and end with the track."""

    title: str
    start: int
    end: int
    name: str = ""
    """The segment's name."""
    bed: Bed | None = None
    """What is to sound under it; None: nothing."""


@dataclass(frozen=True, slots=True)
class Breath(Stretch):
    """A part of a breath as it is paced, cue and silence together."""

    phase: PhaseName
    source: SourceRef
    tone: BreathTone | None = None
    """What sounds while it lasts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a part with a role is: a comfort check, the exit."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BedSpan:
    """A stretch of a bed, from `start` to `end`, its fades included. Two that overlap cross-fade."""

    made_of: BedSound
    start: int
    end: int
    fade_in: int
    """Samples in which it comes up at the start, with constant power against one that goes."""
    fade_out: int
    levels: tuple[tuple[int, float], ...]
    """(sample, decibels relative to the voice) where its level turns, in order; between two a straight line, before the
    first and after the last level. Its dips under words are in it, its fades are not."""


Why = Literal["words", "bell", "end"]
"""What keeps a bell from its time: somebody speaks, another bell rings, or the track ends."""


@dataclass(frozen=True, slots=True)
class OffTime:
    """A bell by the clock that rings some seconds from its time, or not at all."""

    strike: Strike
    wanted: int
    """When it was to ring; a sample before the track or after it where the track is too short."""
    start: int | None
    """When it rings; None: it is left out."""
    why: Why
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole track: its events in time order, and exactly `samples` long."""

    samples: int
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...]
    breaths: tuple[Breath, ...] = ()
    marks: tuple[Mark, ...] = ()
    beds: tuple[BedSpan, ...] = ()
    """In order of their start."""
    channels: int = 1
    off_time: tuple[OffTime, ...] = ()
    """By the time at which each was to ring."""

    @property
    def lines(self) -> tuple[Spoken, ...]:
        """What is spoken, in order."""
        return tuple(event for event in self.events if isinstance(event, Spoken))

    @property
    def bells(self) -> tuple[Struck, ...]:
        """The bells, in order."""
        return tuple(event for event in self.events if isinstance(event, Struck))

    @property
    def silences(self) -> tuple[Silence, ...]:
        """What is silent, in order."""
        return tuple(event for event in self.events if isinstance(event, Silence))


@dataclass(frozen=True, slots=True)
class Mastered:
    """A timeline with the levels of its sounds, and what each speaker is made louder by."""

    timeline: Timeline
    gains_db: Mapping[str, float]
    """By who speaks; to be applied before the encoder."""
    own_db: Mapping[str, float]
    """How much louder than others a speaker is meant to be; those who are not are left out."""
    lufs: Mapping[str, float]
    """How loud each recording is in the finished track, by its key: without a level or a soft beginning of its line."""
    bells_lufs: Mapping[Strike, float]
    """How loud the loudest 400 ms of each bell are there, at its own level."""
    makeup_db: float = 0.0
    """What the mix is louder by than the track that is encoded from it."""
    louder_db: float = 0.0
    """What the whole mix is raised by, for a place that wants it louder, before it is limited."""
    ceiling_dbtp: float | None = None
    """What no true peak of the mix exceeds; None: the limiter's own."""


def spoken_spans(timeline: Timeline) -> list[tuple[int, int]]:
    """Return the (start, end) of all that is spoken, in order, without the long silences inside lines."""
    spans = (span for line in timeline.lines for span in heard_spans(line))
    return sorted(span for span in spans if span[0] < span[1])


def heard_spans(line: Spoken) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of a line's words, without the long silences inside it."""
    start = line.start
    for begin, length in line.recording.silences:
        yield start, line.start + begin
        start = line.start + begin + length
    yield start, line.end


def toned_breaths(timeline: Timeline) -> list[tuple[Breath, BreathTone, int]]:
    """Return the parts of breaths in which a tone sounds, with that tone and the samples of the hold just before."""
    found = list[tuple[Breath, BreathTone, int]]()
    for before, breath in pairwise((None, *timeline.breaths)):
        if breath and breath.tone and breath.phase != "rest":
            held = before.samples if before and before.phase == "hold" and before.end == breath.start else 0
            found.append((breath, breath.tone, held))
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of finished audio on its way from mixing to publishing."""

    samples: int
    """Per channel."""
    pcm: bytes | None
    """Interleaved 16-bit little-endian samples; None: digital silence."""


@dataclass(frozen=True, slots=True)
class Island:
    """A stretch of a track in which something sounds without a break, finished when it is asked for."""

    start: int
    end: int
    content: tuple[object, ...] | None
    """What decides how it sounds, wherever it lies: texts and numbers. None: it is not worth keeping."""
    pcm: Callable[[int, int], bytes]
    """Returns its interleaved 16-bit little-endian samples from a first to a last sample of the track."""


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """What a listener is told about a track, in tags, captions and manifest."""

    title: str
    artist: str
    album: str
    about: str
    language: str
    """A BCP 47 tag."""
    voice: str
    number: int | None = None
    """Its place in the album, from 1 on; None: it stands alone."""
    synthetic_voice: str = ""
    """Whether its voice was made by a machine: `yes`, `partly` or `no`; nothing: nobody speaks."""
    spoken_by: str = ""
    """Whose voice that is: `Piper joe`."""
