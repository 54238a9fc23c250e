"""What a teacher wrote: a script of segments of steps. All times in samples at 44 100 Hz."""

from dataclasses import dataclass, field

from calmcast.diagnostics import SourceRef


@dataclass(frozen=True, slots=True)
class Glue:
    """An elastic silence, as TeX's glue: its natural length and how far it may shrink and stretch, in samples."""

    natural: int
    least: int
    most: int | None
    """None: no upper bound."""
    weight: int
    """Its share of a surplus, relative to other silences."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What any step may carry besides its own fields."""

    keep: bool = False
    """Never dropped, shortened or repeated: its silences may grow but not shrink."""
    voice: str | None = None
    """The voice profile for this step and what is inside it; None: as around it."""
    id: str | None = None
    """A stable name, for recordings and translations."""
    voice_source: SourceRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """Words to speak, with fixed silences between them."""

    pieces: tuple[str | int, ...]
    """Text, and silences in samples (`[2s]`), in order; at least one text."""
    traits: Traits
    source: SourceRef

    @property
    def text(self) -> str:
        """The words alone, as a caption shows them."""
        return " ".join(piece for piece in self.pieces if isinstance(piece, str))


@dataclass(frozen=True, slots=True)
class Pause:
    """An elastic silence."""

    glue: Glue
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Hold:
    """A fixed silence."""

    samples: int
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Rest:
    """A long elastic silence, the first to take up a longer length."""

    glue: Glue
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Bell:
    """A sound cue."""

    sound: str
    level: float
    """In decibels relative to the bell's own level."""
    wait: bool
    """True: what follows waits until the bell has rung; False: it rings on under what follows."""
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Use:
    """The steps of another segment, here. `compose` replaces it by a Group."""

    segment: str
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that belong together."""

    steps: "tuple[Step, ...]"
    traits: Traits
    source: SourceRef


Step = Line | Pause | Hold | Rest | Bell | Use | Group


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


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment that a script names; `compose` replaces it by the Segment."""

    segment: str
    traits: Traits
    source: SourceRef


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
    length: int | None
    """The length used when the command names none, in samples."""
    gap: Glue
    """The silence between two lines with nothing between them."""
    segments: "tuple[Segment | SegmentRef, ...]"
    source: SourceRef
