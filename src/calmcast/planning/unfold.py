"""Parts -> every leaf of the fullest rung in order, each with the rung that adds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Plain, Quiet
from calmcast.model.traits import Role
from calmcast.planning.parts import Leaf, Part, Parts


@dataclass(frozen=True, slots=True)
class PlacedLeaf:
    """A leaf where it stands in the track."""

    leaf: Leaf
    rung: int
    turn: int
    """The how-manieth time it comes round, from 0; of a Breathe, its round."""
    roles: tuple[tuple[Role, int], ...]
    """The parts with a role that it is in, outermost first: the role, and a number of that part's own."""
    round: int = 0
    """The how-manieth time its whole segment comes round, from 0."""

    @property
    def begins_sounding(self) -> bool:
        step = self.leaf.step
        match step:
            case Breathe():
                return step.phases[0].cue is not None and spoken(step, self.turn)
            case OneOf():
                return any(plain(variant)[0].sounds for variant in step.variants)
            case Line() | Bell() | Quiet():
                return step.sounds
            case _:
                assert_never(step)

    @property
    def ends_sounding(self) -> bool:
        step = self.leaf.step
        match step:
            case Breathe():
                return False
            case OneOf():
                return any(plain(variant)[-1].sounds for variant in step.variants)
            case Line() | Bell() | Quiet():
                return step.sounds
            case _:
                assert_never(step)


def plain(variant: Group) -> tuple[Plain, ...]:
    """Return the steps of a variant of a `one of`."""
    return tuple(step for step in variant.steps if isinstance(step, Plain))


def spoken(breathe: Breathe, turn: int) -> bool:
    """Return whether the cues of a round are said: in the first rounds, then in each so-manieth."""
    after = turn - breathe.voice_rounds
    return after < 0 or (breathe.remind > 0 and after % breathe.remind == breathe.remind - 1)


def unfold(parts: Parts, gates: Mapping[int, int], turns: Mapping[int, Sequence[int]]) -> Iterator[PlacedLeaf]:
    """Yield every leaf in order. `gates`: the rung of each gate; `turns`: those of each wheel's turns beyond its least.

    A part behind a gate without a rung is left out.
    """
    numbers = count()

    def walk(
        part: Part, rung: int, turn: int, roles: tuple[tuple[Role, int], ...], segment: int | None
    ) -> Iterator[PlacedLeaf]:
        if isinstance(part, Leaf):
            yield PlacedLeaf(part, rung, turn, roles, segment or 0)
            return
        if part.gate is not None:
            if part.gate not in gates:
                return
            rung = max(rung, gates[part.gate])
        comings = [rung]
        if part.wheel is not None:
            least = parts.wheels[part.wheel].least
            comings = [rung] * least + [max(rung, each) for each in turns.get(part.wheel, ())]
        for again, coming in enumerate(comings):
            inside = (*roles, (part.role, next(numbers))) if part.role else roles
            for child in part.parts:
                yield from walk(child, coming, again, inside, again if segment is None else segment)

    for part in parts.tree:
        yield from walk(part, 0, 0, (), None)


def gap_rungs(placed: Sequence[PlacedLeaf]) -> tuple[tuple[int, bool] | None, ...]:
    """Return, for each leaf, from which rung on there is a gap after it, and whether the gap is kept; None: never.

    There is one from the first rung on where it and what comes next both sound. It stays when something that does
    not sound comes between them on a higher rung, so that a fuller rung never has less.
    """
    gaps = list[tuple[int, bool] | None]()
    smaller = _next_smaller([each.rung for each in placed])
    for index, each in enumerate(placed):
        gap = None
        after = index + 1 if each.ends_sounding else len(placed)
        while after < len(placed):  # what comes next, on ever lower rungs
            follower = placed[after]
            if follower.begins_sounding:
                gap = max(each.rung, follower.rung), each.leaf.keep and follower.leaf.keep
            after = len(placed) if follower.rung <= each.rung else smaller[after]
        gaps.append(gap)
    return tuple(gaps)


def _next_smaller(values: Sequence[int]) -> list[int]:
    """Return, for each value, the index of the next one that is less; the length where there is none."""
    result, open_ = [len(values)] * len(values), list[int]()
    for index, value in enumerate(values):
        while open_ and values[open_[-1]] > value:
            result[open_.pop()] = index
        open_.append(index)
    return result
