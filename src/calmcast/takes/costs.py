"""What it costs, in nats, that a line is a run of islands: by how long it lasts, by the silences in and around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.takes.cut import Island
from calmcast.takes.order import Alignment, Costs
from calmcast.units import SAMPLE_RATE

SPREAD = 0.2
"""Deviation of the logarithm of how long a line takes, before the reader's own is known."""

_LEAST_SPREAD, _MOST_SPREAD = 0.08, 0.25
_MOST_ISLANDS = 14
_WIDEST = 0.6
"""A line more than `exp` of this longer or shorter than it should be at its pace is another line."""
_TAIL = 2.5
"""From so many deviations on the cost grows straight: nobody reads evenly."""
_STEEP = 3.0
"""A silence `e` times the one that divides lines speaks for a division with so many nats."""
_LEAST_DIVIDE_S, _MOST_DIVIDE_S = 0.3, 1.5
_MISSING, _AGAIN = 4.0, 2.5
_SKIP, _SKIP_A_SECOND, _MOST_SKIP = 1.5, 1.2, 6.0
_LATER = 1e-6
"""An island's skipping costs so much more than that of the one before: of two like readings the later is taken."""
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Every run of up to so many islands, by (first, how many - 1)."""

    islands: tuple[Island, ...]
    seconds: NDArray[np.float64]
    """From the start of the first to the end of the last; infinite where there are not so many."""
    gaps_s: NDArray[np.float64]
    """(islands + 1,) the silence before each island; before the first and after the last, infinite."""


def groups_of(islands: tuple[Island, ...]) -> Groups:
    starts, ends = (np.array([getattr(i, edge) for i in islands]) / SAMPLE_RATE for edge in ("start", "end"))
    seconds = np.full((len(islands), min(_MOST_ISLANDS, len(islands))), np.inf)
    for more in range(seconds.shape[1]):
        seconds[: len(islands) - more, more] = ends[more:] - starts[: len(islands) - more]
    gaps_s = np.concatenate([[np.inf], starts[1:] - ends[:-1], [np.inf]])
    return Groups(islands, seconds, gaps_s)


def first_divide(gaps_s: NDArray[np.float64], lines: int) -> float:
    """Return the silence that divides lines if as many silences as lines have are the longest."""
    inner = np.sort(gaps_s[1:-1])[::-1]
    if not len(inner):
        return _MOST_DIVIDE_S
    return float(np.clip(0.9 * inner[min(lines, len(inner)) - 1], _LEAST_DIVIDE_S, _MOST_DIVIDE_S))


def found_divide(groups: Groups, order: Alignment, divide_s: float) -> float:
    """Return the silence between the long ones inside lines and the short ones around them, as they were found."""
    inside = [groups.gaps_s[i] for group in order.groups if group for i in range(group[0] + 1, group[1])]
    around = [groups.gaps_s[group[0]] for group in order.groups if group and group[0]]
    if len(inside) < 5 or len(around) < 5:
        return divide_s
    middle = (np.percentile(inside, 90) * np.percentile(around, 10)) ** 0.5
    return float(np.clip(middle, _LEAST_DIVIDE_S, _MOST_DIVIDE_S))


def pauses_of(groups: Groups, counts: Sequence[int], divide_s: float) -> list[NDArray[np.float64]]:
    """Return what the silences in and around every group cost, for each line by its count of fixed silences."""
    steps = _STEEP * np.log(np.clip(groups.gaps_s, 0.01, 60.0) / divide_s)
    inside, around = np.logaddexp(0, steps), np.logaddexp(0, -steps)
    islands, most = groups.seconds.shape
    costs = {count: np.full((islands, most), np.inf) for count in set(counts)}
    for more in range(most):
        starts = islands - more
        inner = np.stack([inside[1 + i : 1 + i + starts] for i in range(more)]) if more else np.zeros((0, starts))
        inner = np.sort(inner, axis=0)
        edges = (around[:starts] + around[more + 1 :]) / 2
        for count, cost in costs.items():
            cost[:starts, more] = inner[: max(0, more - count)].sum(axis=0) + edges
    return [costs[count] for count in counts]


def costs_of(
    groups: Groups,
    lasts_s: NDArray[np.float64],
    spread: float,
    pauses: list[NDArray[np.float64]],
    alike: Sequence[NDArray[np.float64]] | None,
) -> Costs:
    """Return the costs in nats: a group's length is log-normal around the line's, with a long tail."""
    lines = []
    for i, line_s in enumerate(lasts_s):
        off = np.abs(np.log(groups.seconds / line_s))
        sigmas = off / spread
        cost = np.where(sigmas < _TAIL, sigmas**2 / 2, _TAIL * (sigmas - _TAIL / 2)) + pauses[i]
        cost[off > _WIDEST] = np.inf
        lines.append(cost + alike[i] if alike else cost)
    lengths = np.array([island.samples for island in groups.islands]) / SAMPLE_RATE
    skip = np.minimum(_SKIP + _SKIP_A_SECOND * lengths, _MOST_SKIP)
    return Costs(tuple(lines), skip + np.arange(len(skip)) * _LATER, _MISSING, _AGAIN)


def paces_of(
    groups: Groups,
    order: Alignment,
    spoken_s: NDArray[np.float64],
    fixed_s: NDArray[np.float64],
    paces: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Return the reader's pace at each line, a running median of what was found, and the spread around it."""
    read = [(i, group) for i, group in enumerate(order.groups) if group]
    if len(read) < 3:
        return paces, SPREAD
    where = np.array([i for i, _ in read])
    took = np.array([groups.seconds[first, last - first - 1] for _, (first, last) in read])
    logs = np.log(np.maximum(took - fixed_s[where], 0.1) / spoken_s[where])
    running = [np.median(logs[max(0, i - _NEIGHBOURS) : i + _NEIGHBOURS + 1]) for i in range(len(logs))]
    spread = 1.5 * float(np.median(np.abs(logs - running)))
    smooth = np.interp(np.arange(len(spoken_s)), where, running)
    return np.exp(smooth), min(max(spread, _LEAST_SPREAD), _MOST_SPREAD)
