"""A settled script -> its parts: what is always there, what comes and goes, and what comes round again.

The parts are a tree of the script's steps in order. Each place where content depends on the track's length has a
number: a part that may be left out (`optional`, `from`) and a part that comes several times (`repeat`, the rounds of
`breathe`, the stretches of a `rest` with a check).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from calmcast.model.script import (
    Bell,
    Breathe,
    Count,
    Glue,
    Group,
    Hold,
    Line,
    OneOf,
    Pause,
    Rest,
    Role,
    Script,
    Segment,
    Step,
    Traits,
)

Sound = Line | Bell
Silent = Pause | Hold | Rest


@dataclass(frozen=True, slots=True)
class Leaf:
    """A step that sounds or is silent, with what it inherits from around it."""

    step: Line | Bell | Pause | Hold | Rest | Breathe | OneOf
    """A Breathe stands for one of its rounds."""
    voice: str
    segment: int
    """Which segment of the script it belongs to, from 0."""
    keep: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """Parts that come and go together."""

    parts: "tuple[Part, ...]"
    gate: int | None
    """The gate that it stands behind, by number; None: always there."""
    wheel: int | None
    """What says how often it comes, by number; None: once."""
    role: Role | None


Part = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Gate:
    """A part that may be left out."""

    rank: int | None
    """Among the optional parts; None: there wherever `since` allows."""
    since: int | None
    """In samples: only in tracks at least this long."""
    part: Branch


@dataclass(frozen=True, slots=True)
class Parts:
    """A script's parts."""

    tree: tuple[Part, ...]
    gates: tuple[Gate, ...]
    wheels: tuple[Count, ...]


@dataclass(slots=True)
class _Survey:
    gates: list[Gate] = field(default_factory=list)
    wheels: list[Count] = field(default_factory=list)

    def segment(self, index: int, segment: Segment, voice: str) -> Part:
        traits = segment.traits
        steps = tuple(self.steps(segment.steps, index, traits.voice or voice, traits.keep))
        return self.branch(steps, traits)

    def steps(self, steps: Iterable[Step], segment: int, voice: str, keep: bool) -> Iterable[Part]:
        return [self.step(step, segment, step.traits.voice or voice, keep or step.traits.keep) for step in steps]

    def step(self, step: Step, segment: int, voice: str, keep: bool) -> Part:
        traits, wheel = step.traits, None
        if isinstance(step, Group):
            parts = tuple(self.steps(step.steps, segment, voice, keep))
        elif isinstance(step, Breathe):
            wheel = self.wheel(step.rounds)
            parts = (Branch((Leaf(step, voice, segment, keep),), None, wheel, None),)
        elif isinstance(step, Rest) and isinstance(step.check, Group):
            stretch = Leaf(_kept(step) if keep else step, voice, segment, keep)
            check = self.step(step.check, segment, step.check.traits.voice or voice, keep or step.check.traits.keep)
            wheel = self.wheel(Count(0, None))
            parts = (stretch, Branch((check, stretch), None, wheel, None))
        elif isinstance(step, Pause | Rest):
            parts = (Leaf(_kept(step) if keep else step, voice, segment, keep),)
        elif isinstance(step, Line | Bell | Hold | OneOf):
            parts = (Leaf(step, voice, segment, keep),)
        else:
            raise TypeError(f"segment {step.segment!r} is not composed yet")
        return self.branch(parts, traits)

    def branch(self, parts: tuple[Part, ...], traits: Traits) -> Part:
        """Return parts with what their traits say of them."""
        wheel = self.wheel(traits.repeat) if traits.repeat else None
        if traits.rank is None and traits.since is None:
            plain = wheel is None and traits.role is None
            return parts[0] if plain and len(parts) == 1 else Branch(parts, None, wheel, traits.role)
        branch = Branch(parts, len(self.gates), wheel, traits.role)
        self.gates.append(Gate(traits.rank, traits.since, branch))
        return branch

    def wheel(self, count: Count) -> int:
        self.wheels.append(count)
        return len(self.wheels) - 1


def parts_of(script: Script) -> Parts:
    """Return the parts of a composed and settled script.

    Silences inside anything marked `keep` get their natural length as their least.
    """
    survey = _Survey()
    segments = [segment for segment in script.segments if isinstance(segment, Segment)]
    tree = tuple(survey.segment(index, segment, script.voice) for index, segment in enumerate(segments))
    return Parts(tree, tuple(survey.gates), tuple(survey.wheels))


def kept(glue: Glue) -> Glue:
    """Return a silence that may grow and not shrink."""
    return replace(glue, least=glue.natural)


def _kept(step: Pause | Rest) -> Pause | Rest:
    return replace(step, glue=kept(step.glue))
