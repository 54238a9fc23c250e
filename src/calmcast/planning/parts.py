"""A settled script -> its parts: what is always there, what comes and goes, and what comes round again.

The parts are a tree of the script's steps in order. Each place where content depends on the track's length has a
number: a part that may be left out (`optional`, `from`) and a part that comes several times (`repeat`, the rounds of
`breathe`, the stretches of a `rest` with a check).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, assert_never

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Plain, Quiet, Step, Use
from calmcast.model.traits import Count, Glue, Role, Traits

Time = TypeVar("Time", int, Glue, int | Glue)

OUTSIDE = -1
"""Stands for a segment: that of what comes next in the track or, at its end, came before."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A step that sounds or is silent, with what it inherits from around it."""

    step: Plain | Breathe | OneOf
    """A Breathe stands for one of its rounds."""
    voice: str
    segment: int
    """Which segment of the script it belongs to, from 0; OUTSIDE: none."""
    keep: bool
    level: float = 0.0
    """How much louder than the script's voice its words are, in decibels."""


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


@dataclass(frozen=True, slots=True)
class _Around:
    """What a step inherits from around it."""

    segment: int
    voice: str
    keep: bool = False
    level: float = 0.0

    def inside(self, traits: Traits) -> "_Around":
        """Return what the steps inside a part of these traits inherit, or the part itself."""
        return _Around(self.segment, traits.voice or self.voice, self.keep or traits.keep, self.level + traits.level)

    def leaf(self, step: Plain | Breathe | OneOf) -> Leaf:
        if self.keep and isinstance(step, Quiet):
            step = replace(step, time=kept(step.time))
        return Leaf(step, self.voice, self.segment, self.keep, self.level)


@dataclass(slots=True)
class _Survey:
    gates: list[Gate] = field(default_factory=list)
    wheels: list[Count] = field(default_factory=list)

    def segment(self, segment: Segment, around: _Around, before: Sequence[Leaf]) -> Part:
        steps = self.steps(segment.steps, around.inside(segment.traits))
        return self.branch((*before, *steps), segment.traits)

    def steps(self, steps: Iterable[Step], around: _Around) -> Iterable[Part]:
        return [self.step(step, around) for step in steps]

    def step(self, step: Step, around: _Around) -> Part:
        traits, here = step.traits, around.inside(step.traits)
        parts: tuple[Part, ...]
        match step:
            case Group():
                parts = tuple(self.steps(step.steps, here))
            case Breathe():
                parts = (Branch((here.leaf(step),), None, self.wheel(step.rounds), None),)
            case Quiet(check=Group() as interrupts):
                stretch, check = here.leaf(replace(step, check=None)), self.step(interrupts, here)
                parts = (stretch, Branch((check, stretch), None, self.wheel(Count(0, None)), None))
            case Line() | Bell() | Quiet() | OneOf():
                parts = (here.leaf(step),)
            case Use():
                raise TypeError(f"segment {step.segment!r} is not composed yet")
            case _:
                assert_never(step)
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
    survey, bells = _Survey(), script.bells
    outside = _Around(OUTSIDE, script.voice)
    tree = list[Part](outside.leaf(bell) for bell in (bells.start,) if bell)
    for index, segment in enumerate(script.chapters):
        around = replace(outside, segment=index)
        between = [around.leaf(bell) for bell in (bells.between,) if bell and index]
        tree.append(survey.segment(segment, around, between))
    tree += (outside.leaf(bell) for bell in (bells.end,) if bell)
    return Parts(tuple(tree), tuple(survey.gates), tuple(survey.wheels))


def least_leaves(parts: Parts) -> int:
    """Return how many leaves a script has at its barest: every wheel turned as seldom as it may, every gate closed."""

    def of(part: Part) -> int:
        if isinstance(part, Leaf):
            return 1
        if part.gate is not None:
            return 0
        turns = 1 if part.wheel is None else parts.wheels[part.wheel].least
        return turns * sum(map(of, part.parts))

    return sum(map(of, parts.tree))


def kept(time: Time) -> Time:
    """Return the time of a silence that may grow and not shrink."""
    return replace(time, least=time.natural) if isinstance(time, Glue) else time
