"""What a teacher wrote: a script of segments of steps. All times in samples at 44 100 Hz."""

from collections.abc import Iterator
from dataclasses import dataclass

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed
from calmcast.model.steps import Bell, Line, Step, walk
from calmcast.model.traits import Glue, Traits


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that a script leaves to whoever makes a track of it."""

    name: str
    ask: str
    """The question, or the name of what is chosen; empty: not said here."""
    choices: tuple[str, ...]
    """As written; empty: not said here (a script may change a default alone)."""
    default: str | None
    """None: the first choice."""
    source: SourceRef

    @property
    def usual(self) -> str:
        """The value where nobody chose."""
        return self.default or self.choices[0]


@dataclass(frozen=True, slots=True)
class Segment:
    """A named part of a script; becomes a chapter of the track."""

    name: str
    """Its file's name without the ending, or a name made from its title where it was written in place."""
    title: str
    about: str
    steps: tuple[Step, ...]
    traits: Traits
    source: SourceRef
    options: tuple[Option, ...] = ()
    bed: Bed | None = None
    """None: the script's."""


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment that a script names; `compose` replaces it by the Segment."""

    segment: str
    traits: Traits
    source: SourceRef
    bed: Bed | None = None
    """None: the segment's own, else the script's."""


@dataclass(frozen=True, slots=True)
class TimedBell:
    """A bell that rings by the clock, whatever the script does then. Exactly one of its times is given."""

    bell: Bell
    at: int | None = None
    """In samples from the beginning of the track; less than 0: from its end."""
    share: float | None = None
    """So far into the track, from 0 to 1."""
    every: int | None = None
    """In samples: each time so much has passed."""


@dataclass(frozen=True, slots=True)
class Bells:
    """The bells of a whole script, besides those among its steps."""

    start: Bell | None = None
    end: Bell | None = None
    between: Bell | None = None
    """Before each segment but the first."""
    timed: tuple[TimedBell, ...] = ()
    steps: bool = True
    """Whether those among the steps ring."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script. After `compose`, `segments` holds no SegmentRef and no Use."""

    name: str
    title: str
    about: str
    language: str
    """A BCP 47 tag: en-US."""
    voice: str
    voice_source: SourceRef
    """Where the voice is named; the script's own place where it is not."""
    lengths: tuple[int, ...]
    """Those used when the command names none, in samples: its own, else the workspace's; empty: its natural one."""
    gap: Glue
    """The silence between two lines with nothing between them."""
    segments: "tuple[Segment | SegmentRef, ...]"
    source: SourceRef
    options: tuple[Option, ...] = ()
    """After `compose`, with those of its segments."""
    allow: tuple[tuple[str, str], ...] = ()
    """Warnings that are not wanted in this script: code and reason."""
    bed: Bed | None = None
    bells: Bells = Bells()
    stereo: bool = False
    """Whether its tracks have two channels."""
    way_out: "Segment | SegmentRef | None" = None
    """What the track that only brings one out is made of; None: the parts whose role is the exit."""
    teacher: str = ""
    """Whose it is; empty: nobody is named."""
    picture: str = ""
    """The file of its cover, from the workspace's folder on; empty: one is painted."""
    picture_source: SourceRef | None = None

    @property
    def every_segment(self) -> "tuple[Segment | SegmentRef, ...]":
        """Those of the track, and the one of the way out."""
        return (*self.segments, *([self.way_out] if self.way_out else []))

    @property
    def chapters(self) -> tuple[Segment, ...]:
        """The segments of the track; all of them where the script is composed."""
        return tuple(segment for segment in self.segments if isinstance(segment, Segment))

    @property
    def composed(self) -> tuple[Segment, ...]:
        """The same, and that of the way out."""
        return tuple(segment for segment in self.every_segment if isinstance(segment, Segment))


def every_step(script: Script) -> Iterator[Step]:
    """Yield every step of a composed script and its way out, each before what is inside it."""
    for segment in script.composed:
        yield from walk(segment.steps)


def every_line(script: Script) -> Iterator[Line]:
    """Yield every line that a composed script and its way out can say, cues and variants too, in their order."""
    return (step for step in every_step(script) if isinstance(step, Line))


@dataclass(frozen=True, slots=True)
class Insertion:
    """A segment put into what a version extends."""

    segment: Segment | SegmentRef
    beside: str
    """The segment that it stands beside."""
    after: bool
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Version:
    """A script that starts from another and says only what differs; None and empty: as there."""

    name: str
    base: str
    base_source: SourceRef
    title: str | None
    about: str | None
    language: str | None
    voice: str | None
    voice_source: SourceRef
    length: int | None
    gap: Glue | None
    options: tuple[Option, ...]
    replace: tuple[tuple[str, Segment | SegmentRef, SourceRef], ...]
    """A segment's name, what takes its place, and where its name is written."""
    insert: tuple[Insertion, ...]
    drop: tuple[tuple[str, SourceRef], ...]
    source: SourceRef
    allow: tuple[tuple[str, str], ...] = ()
    bed: Bed | None = None
    bells: Bells | None = None
    stereo: bool | None = None
    way_out: Segment | SegmentRef | None = None
    teacher: str | None = None
    picture: str | None = None
    picture_source: SourceRef | None = None
