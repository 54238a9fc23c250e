import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.traits import Glue
from calmcast.planning.fit import feasible, fit, proportional

SAMPLES = st.integers(0, 20_000_000)


@st.composite
def glues(draw: st.DrawFn) -> Glue:
    least, natural, most = sorted(draw(st.tuples(SAMPLES, SAMPLES, SAMPLES)))
    return Glue(natural, least, draw(st.sampled_from([most, None])), natural * draw(st.sampled_from([1, 10])))


@st.composite
def feasible_cases(draw: st.DrawFn) -> tuple[list[Glue], int]:
    silences = draw(st.lists(glues(), min_size=1, max_size=60))
    # a silence of no natural length has no weight: it stays as it is, and cannot be what takes up a surplus
    silences = [g if g.natural else Glue(1, 0, g.most, 1) for g in silences]
    least, most = feasible(silences)
    top = most if most is not None else sum(g.natural for g in silences) * 5 + 1000
    return silences, draw(st.integers(least, max(least, top)))


@given(feasible_cases())
def test_lengths_sum_to_the_total_within_their_bounds(case: tuple[list[Glue], int]) -> None:
    silences, total = case
    lengths = fit(silences, total)
    assert sum(lengths) == total
    for glue, length in zip(silences, lengths, strict=True):
        assert glue.least <= length
        assert glue.most is None or length <= glue.most


@given(feasible_cases())
def test_silences_alike_differ_by_at_most_one_sample(case: tuple[list[Glue], int]) -> None:
    silences, total = case
    lengths = fit(silences * 2, total * 2)
    for before, after in zip(lengths[: len(silences)], lengths[len(silences) :], strict=True):
        assert abs(before - after) <= 1


@given(feasible_cases())
def test_no_silence_shrinks_when_the_total_grows(case: tuple[list[Glue], int]) -> None:
    silences, total = case
    _, most = feasible(silences)
    more = total + 44_100
    if most is None or more <= most:
        shorter, longer = fit(silences, total), fit(silences, more)
        assert all(b >= a - 1 for a, b in zip(shorter, longer, strict=True))


def test_natural_total_leaves_all_natural() -> None:
    silences = [Glue(100, 50, 200, 100), Glue(7, 3, None, 70)]
    assert fit(silences, 107) == (100, 7)


def test_a_surplus_goes_by_weight_and_what_is_full_passes_it_on() -> None:
    silences = [Glue(100, 50, 110, 100), Glue(100, 50, 1000, 100), Glue(100, 50, None, 1000)]
    assert fit(silences, 300 + 24) == (102, 102, 120)
    assert fit(silences, 300 + 340) == (110, 130, 400)


def test_a_shortage_goes_by_what_each_can_give() -> None:
    assert fit([Glue(100, 50, None, 1), Glue(100, 90, None, 1)], 170) == (75, 95)
    assert fit([Glue(100, 100, None, 1), Glue(100, 90, None, 1)], 190) == (100, 90)


@pytest.mark.parametrize("total", [139, 311])
def test_what_cannot_be_is_refused(total: int) -> None:
    with pytest.raises(ValueError, match="outside 140 to 310"):
        fit([Glue(100, 50, 110, 100), Glue(100, 90, 200, 10)], total)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1))
def test_proportional_shares_are_within_one_of_exact(amount: int, weights: list[int]) -> None:
    shares = proportional(amount, weights)
    total = sum(weights)
    assert sum(shares) == (amount if total else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert not total or abs(share * total - weight * amount) < total
