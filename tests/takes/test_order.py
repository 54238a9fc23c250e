"""The cheapest way is the cheapest of all ways, and the margins are what the others cost more."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.takes.order import Costs, Group, cheapest

Way = tuple[float, tuple[Group | None, ...]]


def every_way(costs: Costs, line: int = 0, island: int = 0, again: int = 0) -> Iterator[Way]:
    """Yield every way from a line and an island on, by its cost and groups."""
    islands = len(costs.skip)
    if island < islands:
        yield from ((c + costs.skip[island], g) for c, g in every_way(costs, line, island + 1, again))
    if line == len(costs.lines):
        if island == islands:
            yield 0.0, ()
        return
    yield from ((c + costs.missing, (None, *g)) for c, g in every_way(costs, line + 1, island))
    for end in range(island + 1, min(island + costs.lines[line].shape[1], islands) + 1):
        cost = float(costs.lines[line][island, end - island - 1])
        yield from ((c + cost, ((island, end), *g)) for c, g in every_way(costs, line + 1, end))
        if again < 2:
            yield from ((c + cost + costs.again, g) for c, g in every_way(costs, line, end, again + 1))


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_against_every_way(seed: int, islands: int, lines: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    costs = Costs(
        tuple(rng.uniform(-3, 9, (islands, most)) for _ in range(lines)), rng.uniform(0, 6, islands), 4.0, 2.0
    )
    order, ways = cheapest(costs), [*every_way(costs)]
    best = min(ways, key=lambda way: way[0])
    assert order.cost == pytest.approx(best[0])
    assert order.groups == best[1]
    for i, group in enumerate(order.groups):
        if group is None:
            others = [cost for cost, groups in ways if groups[i] is not None]
            assert order.margins[i] == pytest.approx(min(others, default=np.inf) - best[0])
        else:
            near = [cost for cost, groups in ways if groups[i] != group and _same_place(groups[i], group)]
            far = [cost for cost, groups in ways if not _same_place(groups[i], group)]
            assert order.margins[i] == pytest.approx(min(far) - best[0])
            assert order.edges[i] == pytest.approx(min(near, default=np.inf) - best[0])


def _same_place(one: Group | None, other: Group) -> bool:
    if one is None:
        return False
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def test_of_two_readings_the_later_is_taken() -> None:
    good, bad = 0.0, 9.0
    lines = (np.array([[good], [bad], [bad], [bad]]), np.array([[bad], [good], [good], [bad]]))
    last = np.array([[bad], [bad], [bad], [good]])
    order = cheapest(Costs((*lines, last), np.full(4, 5.0), 4.0, 2.0))
    assert order.groups == ((0, 1), (2, 3), (3, 4))
    assert order.earlier == ((), ((1, 2),), ())
