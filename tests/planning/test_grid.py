"""Sounds on the grid: where they go, and what keeps its distances."""

from itertools import accumulate, pairwise

from calmcast.planning.grid import on_grid

GRID = 100


def placed(*moments: tuple[str, int]) -> list[int]:
    """Return when moments begin and the last ends: `~` is a silence, `b` and `b~` are of a breath, others sound."""
    starts = [0, *accumulate(samples for _, samples in moments)]
    names = [name for name, _ in moments]
    return on_grid(starts, ["~" not in name for name in names], [name[0] == "b" for name in names], GRID)


def test_a_sound_goes_to_the_nearest_place_and_the_silences_beside_it_take_that_up() -> None:
    assert placed(("~", 260), ("one", 333), ("~", 500), ("two", 50), ("~", 70)) == [0, 300, 633, 1_100, 1_150, 1_213]


def test_a_sound_without_silence_on_both_sides_stays() -> None:
    assert placed(("~", 260), ("one", 333), ("two", 50), ("~", 70)) == [0, 260, 593, 643, 713]


def test_a_breath_is_moved_as_one() -> None:
    counted = ("b", 40), ("b~", 77), ("b~", 111), ("b", 50), ("b~", 80)
    starts = placed(("~", 260), *counted, ("on", 30), ("~", 99))
    lengths = [end - start for start, end in pairwise(starts)]
    assert starts[1] == 300
    assert lengths[1:4] == [40, 77, 111]
    assert lengths[4] == 50
    assert starts[6] % GRID == 0
    assert starts[-1] == 260 + 358 + 30 + 99


def test_a_breath_that_is_only_silence_is_as_any_silence() -> None:
    assert placed(("~", 260), ("b~", 77), ("b~", 111), ("one", 50), ("~", 80)) == [0, 260, 337, 400, 450, 578]
