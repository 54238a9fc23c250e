"""The steps of a script: what sounds or is silent, in order. All times in samples at 44 100 Hz."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, assert_never

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import BreathTone, Strike
from calmcast.model.traits import Count, Glue, Traits
from calmcast.units import format_length

PhaseName = Literal["in", "hold", "out", "rest"]
"""The parts of a breath, in order."""

SAID = re.compile(r"\{\s*([^{}|]*[^{}|\s])\s*\|\s*([^{}|]*[^{}|\s])\s*\}")
"""Words and how they are said just here: `{psoas|so-as}`."""


def _shown(piece: str) -> str:
    return SAID.sub(r"\1", piece) if "{" in piece else piece


@dataclass(frozen=True, slots=True)
class Line:
    """Words to speak, with fixed silences between them."""

    sounds: ClassVar[bool] = True
    pieces: tuple[str | int, ...]
    """Text, in which `{psoas|so-as}` may stand, and silences in samples (`[2s]`), in order; at least one text."""
    traits: Traits
    source: SourceRef

    @property
    def text(self) -> str:
        """The words alone, as a caption shows them."""
        return " ".join(_shown(piece) for piece in self.pieces if isinstance(piece, str))

    @property
    def written(self) -> str:
        """The words with the fixed silences among them, as somebody reads them: `Breathe in [2 s] and out`."""
        said = (_shown(p) if isinstance(p, str) else f"[{format_length(p)}]" for p in self.pieces)
        return " ".join(said)

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Words that are said in a way of their own here, each with how."""
        return tuple(found for piece in self.pieces if isinstance(piece, str) for found in SAID.findall(piece))


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence among the steps: a pause, a hold, a rest, or whatever else the grammar calls one."""

    sounds: ClassVar[bool] = False
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

    sounds: ClassVar[bool] = True
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

    variants: "tuple[Group, ...]"
    """Each holds what sounds or is silent by itself, alone."""
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


Plain = Line | Quiet | Bell
"""What sounds or is silent by itself."""
Step = Plain | Breathe | OneOf | Use | Group


def inside(step: Step) -> tuple[Step, ...]:
    """Return the steps right inside a step, in order; the words of a breath are among them."""
    match step:
        case Group():
            return step.steps
        case OneOf():
            return step.variants
        case Breathe():
            return tuple(phase.cue for phase in step.phases if phase.cue)
        case Quiet():
            return (step.check,) if step.check else ()
        case Line() | Bell() | Use():
            return ()
        case _:
            assert_never(step)


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps and all steps inside them, each before what is inside it."""
    for step in steps:
        yield step
        yield from walk(inside(step))
