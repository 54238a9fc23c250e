"""A track laid out in time: what sounds when, to the sample. All times in samples at 44 100 Hz."""

from dataclasses import dataclass
from typing import Literal

from calmcast.diagnostics import SourceRef
from calmcast.model.script import PhaseName, Role
from calmcast.model.voice import Recording

SilenceKind = Literal["pause", "hold", "rest", "breath"]
"""A `breath` is what is left of a count after its cue."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as it sounds: its recording and the voice that speaks it."""

    recording: Recording
    voice: str
    """The profile that was asked for."""
    text: str

    @property
    def speaker(self) -> str:
        """Who speaks it: the voice, or who stands in for it."""
        return self.recording.by or self.voice


@dataclass(frozen=True, slots=True)
class Rung:
    """A bell as it sounds."""

    sound: str
    level: float
    """Decibels relative to the bell's own level."""
    samples: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Something that sounds, from `start` for `samples`."""

    start: int
    samples: int
    content: Spoken | Rung
    segment: int
    """Index into the timeline's chapters."""
    source: SourceRef

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing sounds, from `start` for `samples`."""

    start: int
    samples: int
    kind: SilenceKind
    segment: int
    source: SourceRef

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Chapter:
    """A segment's stretch of the track. Chapters begin at 0, leave no gap, and end with the track."""

    title: str
    start: int
    end: int
    name: str = ""
    """The segment's name."""


@dataclass(frozen=True, slots=True)
class Breath:
    """A part of a breath as it is paced, cue and silence together."""

    start: int
    samples: int
    phase: PhaseName

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a part with a role is: a comfort check, the exit."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole track: its events in time order, and exactly `samples` long."""

    samples: int
    events: tuple[Clip | Silence, ...]
    chapters: tuple[Chapter, ...]
    breaths: tuple[Breath, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def lines(self) -> tuple[Clip, ...]:
        """The clips that are spoken, in order."""
        return tuple(e for e in self.events if isinstance(e, Clip) and isinstance(e.content, Spoken))


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of finished audio on its way from mixing to publishing."""

    samples: int
    """Per channel."""
    pcm: bytes | None
    """Interleaved 16-bit little-endian samples; None: digital silence."""


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
