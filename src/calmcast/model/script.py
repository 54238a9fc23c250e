"""What a teacher wrote: a script of segments of steps. All times in samples at 44 100 Hz."""

import re
from dataclasses import dataclass, field
from typing import Literal

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed, BreathTone, Strike
from calmcast.units import format_length

Role = Literal["setup", "notice", "check", "announce", "exit", "sleep"]
"""What a part does for the listener's safety: the emotional notice, a comfort check, the way out, falling silent."""
PhaseName = Literal["in", "hold", "out", "rest"]
"""The parts of a breath, in order."""


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
class Count:
    """How many times, at least and at most."""

    least: int
    most: int | None
    """None: no upper bound."""


@dataclass(frozen=True, slots=True)
class Clause:
    """An option that has one of these values."""

    option: str
    values: tuple[str, ...]
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Condition:
    """Which choices something is for: every clause holds, and `unless` does not."""

    clauses: tuple[Clause, ...]
    unless: "Condition | None" = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What any step may carry besides its own fields."""

    keep: bool = False
    """Never dropped or shortened: its silences may grow but not shrink."""
    voice: str | None = None
    """The voice profile for this step and what is inside it; None: as around it."""
    id: str | None = None
    """A stable name, for recordings and translations."""
    when: tuple[Condition, ...] = ()
    """Only where all of these hold; settled by `script.options`."""
    since: int | None = None
    """Only in tracks at least this long, in samples (`from`)."""
    rank: int | None = None
    """None: always there; else what is dropped when the track is short, the highest rank first (`optional`)."""
    repeat: Count | None = None
    level: float = 0.0
    """How much louder than the script's voice its words are, in decibels; adds to what is around it."""
    role: Role | None = None
    allow: tuple[tuple[str, str], ...] = ()
    """Warnings that are not wanted here: code and reason."""
    untranslated: bool = False
    """Its words are still in the language that it was copied from."""
    voice_source: SourceRef | None = field(default=None, compare=False)


SAID = re.compile(r"\{\s*([^{}|]*[^{}|\s])\s*\|\s*([^{}|]*[^{}|\s])\s*\}")
"""Words and how they are said just here: `{psoas|so-as}`."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words to speak, with fixed silences between them."""

    pieces: tuple[str | int, ...]
    """Text, in which `{psoas|so-as}` may stand, and silences in samples (`[2s]`), in order; at least one text."""
    traits: Traits
    source: SourceRef

    @property
    def text(self) -> str:
        """The words alone, as a caption shows them."""
        return " ".join(SAID.sub(r"\1", piece) for piece in self.pieces if isinstance(piece, str))

    @property
    def written(self) -> str:
        """The words with the fixed silences among them, as somebody reads them: `Breathe in [2 s] and out`."""
        said = (SAID.sub(r"\1", p) if isinstance(p, str) else f"[{format_length(p)}]" for p in self.pieces)
        return " ".join(said)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Words that are said in a way of their own here, each with how."""
        return tuple(found for piece in self.pieces if isinstance(piece, str) for found in SAID.findall(piece))


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence among the steps: a pause, a hold, a rest, or whatever else the grammar calls one."""

    kind: str
    """Its row of the grammar: `pause`."""
    time: int | Glue
    """In samples where it is fixed, else how far it may shrink and stretch."""
    traits: Traits
    source: SourceRef
    fills: bool = False
    """Whether it is one that takes up the chosen length first: never short, and nothing for a `one of`."""
    check: "Use | Group | None" = None
    """What interrupts it; a Group after `compose`. It then comes as stretches, each as its time says, with the check
    between them, and a longer track has more."""

    @property
    def natural(self) -> int:
        """How long it is by itself, in samples."""
        return self.time.natural if isinstance(self.time, Glue) else self.time

    @property
    def endless(self) -> bool:
        """Whether it has no upper bound."""
        return self.check is not None or (isinstance(self.time, Glue) and self.time.most is None)


@dataclass(frozen=True, slots=True)
class Bell:
    """A sound cue."""

    strike: Strike
    level: float
    """In decibels relative to the bell's own level."""
    wait: bool
    """True: what follows waits until the bell has rung; False: it rings on under what follows."""
    traits: Traits
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a breath."""

    name: PhaseName
    samples: int
    cue: Line | None
    """What is said at its beginning in the rounds that are spoken."""


@dataclass(frozen=True, slots=True)
class Breathe:
    """Paced breathing: rounds of fixed length; a longer track has more rounds."""

    phases: tuple[Phase, ...]
    rounds: Count
    voice_rounds: int
    """The first so many rounds are spoken."""
    remind: int
    """After those, each so-manieth round is spoken; 0: none."""
    slower: int
    """How much slower the breath becomes in a minute, in tenths of a percent of its first pace."""
    traits: Traits
    source: SourceRef
    tone: BreathTone | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Several ways to say the same: each time it comes round, the next."""

    steps: "tuple[Line | Group, ...]"
    """A Group holds lines, pauses, holds and bells alone."""
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


Step = Line | Quiet | Bell | Breathe | OneOf | Use | Group


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
    length: int | None
    """The length used when the command names none, in samples."""
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

    @property
    def every_segment(self) -> "tuple[Segment | SegmentRef, ...]":
        """Those of the track, and the one of the way out."""
        return (*self.segments, *([self.way_out] if self.way_out else []))


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
