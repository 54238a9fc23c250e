"""The cheapest way to read lines in order into islands of sound, and how sure it is. Pure dynamic programming.

A line takes one or more islands in a row, or was not read; an island may belong to no line; a line may have been read
before in vain, once or twice. With costs as negative logarithms of likelihoods this is the Viterbi path, and what the
next best path for a line costs more is its min-marginal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Group = tuple[int, int]
"""(first, last + 1) of islands in a row."""

_ROUNDS = 2
"""How often a line may have been read in vain before it was read well."""


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What each reading costs, in nats."""

    lines: tuple[NDArray[np.float64], ...]
    """For each line, (islands, most): the cost of its being the islands from the row's on, column + 1 of them."""
    skip: NDArray[np.float64]
    """(islands,) the cost of an island that belongs to no line."""
    missing: float
    """The cost of a line that was not read."""
    again: float
    """The cost of a line's having been read in vain, besides that of its being those islands."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way."""

    cost: float
    groups: tuple[Group | None, ...]
    """For each line the islands that it is."""
    earlier: tuple[tuple[Group, ...], ...]
    """For each line, where it was read in vain before."""
    margins: tuple[float, ...]
    """For each line what the best way costs more in which it is not there: what is near 0 may as well be otherwise."""
    edges: tuple[float, ...]
    """For each line what the best way costs more in which it is there, but begins or ends elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Costs by islands used, (islands + 1,), while a line is waited for."""

    rounds: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    """Before and after skipping, at first and after each reading in vain."""

    @property
    def after(self) -> NDArray[np.float64]:
        return self.rounds[-1][1]


def cheapest(costs: Costs) -> Alignment:
    """Return the cheapest way to read the lines into the islands."""
    stages = _stages(costs.lines, (*costs.lines, None), costs)
    groups, earlier = _path(stages, costs)
    flipped = tuple(_flipped(line) for line in costs.lines[::-1])
    backwards = Costs(flipped, costs.skip[::-1], costs.missing, costs.again)
    # Read backwards, a reading in vain comes after its line.
    rest = _stages(flipped, (None, *flipped), backwards)
    total = float(stages[-1].after[-1])
    others = [
        _otherwise(costs, line, group, stages[i].after, rest[len(groups) - 1 - i].after[::-1])
        for i, (line, group) in enumerate(zip(costs.lines, groups, strict=True))
    ]
    margins, edges = (tuple(cost - total for cost in kind) for kind in zip(*others, strict=True))
    return Alignment(total, groups, earlier, margins, edges)


def _stages(
    lines: Sequence[NDArray[np.float64]], again: Sequence[NDArray[np.float64] | None], costs: Costs
) -> list[_Stage]:
    """Return the stage before each line, and the one after the last."""
    reached = np.full(len(costs.skip) + 1, np.inf)
    reached[0] = 0.0
    stages = [_waiting(reached, again[0], costs)]
    for line, next_again in zip(lines, again[1:], strict=True):
        before = stages[-1].after
        reached = np.minimum(before + costs.missing, _used(before, line))
        stages.append(_waiting(reached, next_again, costs))
    return stages


def _waiting(reached: NDArray[np.float64], again: NDArray[np.float64] | None, costs: Costs) -> _Stage:
    rounds = [(reached, _skipping(reached, costs.skip))]
    for _ in range(_ROUNDS if again is not None else 0):
        after = rounds[-1][1]
        read = np.minimum(after, _used(after, again + costs.again)) if again is not None else after
        rounds.append((read, _skipping(read, costs.skip)))
    return _Stage(tuple(rounds))


def _skipping(reached: NDArray[np.float64], skip: NDArray[np.float64]) -> NDArray[np.float64]:
    skipped = np.concatenate([[0.0], np.cumsum(skip)])
    return np.asarray(np.minimum.accumulate(reached - skipped) + skipped)


def _used(before: NDArray[np.float64], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cheapest cost at which a line ends after each island."""
    ends = np.full(len(before), np.inf)
    islands = len(line)
    for more in range(min(line.shape[1], islands)):
        starts = islands - more
        ends[more + 1 :] = np.minimum(ends[more + 1 :], before[:starts] + line[:starts, more])
    return ends


def _path(stages: list[_Stage], costs: Costs) -> tuple[tuple[Group | None, ...], tuple[tuple[Group, ...], ...]]:
    """Return the cheapest path from the last stage back."""
    groups: list[Group | None] = []
    earlier: list[tuple[Group, ...]] = []
    position, _ = _back_through(stages[-1], len(costs.skip), None, costs)
    for stage, line in zip(stages[-2::-1], costs.lines[::-1], strict=True):
        group = _cheapest_end(stage.after, line, position)
        if stage.after[position] + costs.missing <= _cost(stage.after, line, group):
            group = None
        position = group[0] if group else position
        position, before = _back_through(stage, position, line, costs)
        groups.append(group)
        earlier.append(before)
    return tuple(groups[::-1]), tuple(earlier[::-1])


def _back_through(
    stage: _Stage, position: int, line: NDArray[np.float64] | None, costs: Costs
) -> tuple[int, tuple[Group, ...]]:
    """Return where a stage that is left at `position` was entered, and the readings in vain in it."""
    skipped = np.concatenate([[0.0], np.cumsum(costs.skip)])
    found: list[Group] = []
    for i in range(len(stage.rounds) - 1, -1, -1):
        reached = stage.rounds[i][0]
        position = int(np.argmin((reached - skipped)[: position + 1]))
        if i and line is not None:
            after = stage.rounds[i - 1][1]
            group = _cheapest_end(after, line, position)
            if group and _cost(after, line, group) + costs.again < after[position]:
                found.append(group)
                position = group[0]
    return position, tuple(found[::-1])


def _cheapest_end(before: NDArray[np.float64], line: NDArray[np.float64], position: int) -> Group | None:
    """Return the group at whose end `position` is reached most cheaply."""
    groups = [(position - n, position) for n in range(1, min(line.shape[1], position) + 1)]
    return min(groups, key=lambda group: _cost(before, line, group), default=None)


def _cost(before: NDArray[np.float64], line: NDArray[np.float64], group: Group | None) -> float:
    return float(before[group[0]] + line[group[0], group[1] - group[0] - 1]) if group else float("inf")


def _flipped(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a line's costs with the islands counted from the end."""
    flipped = np.full_like(line, np.inf)
    for more in range(min(line.shape[1], len(line))):
        starts = len(line) - more
        flipped[:starts, more] = line[:starts, more][::-1]
    return flipped


def _otherwise(
    costs: Costs,
    line: NDArray[np.float64],
    group: Group | None,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the costs of the best way in which a line is elsewhere, and in which only its ends are."""
    islands, most = line.shape
    first = np.arange(islands)[:, None]
    last = first + np.arange(1, most + 1)
    through = before[:islands, None] + line + after[np.minimum(last, islands)]
    through[last > islands] = np.inf
    if group is None:
        return float(through.min(initial=np.inf)), np.inf
    shared = np.minimum(last, group[1]) - np.maximum(first, group[0])
    there = 2 * shared >= np.minimum(last - first, group[1] - group[0])
    missing = float((before + after).min()) + costs.missing
    elsewhere = min(missing, float(through[~there].min(initial=np.inf)))
    there[group[0], group[1] - group[0] - 1] = False
    return elsewhere, float(through[there].min(initial=np.inf))
