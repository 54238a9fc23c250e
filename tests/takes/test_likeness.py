"""The same words are near each other, whoever says them and however fast; other words are not."""

import numpy as np
import pytest

from calmcast.takes.envelope import envelope
from calmcast.takes.likeness import distances, log_ratios, outlines

from .sounds import spoken


def outlined(pitch: float, seconds: float) -> "list[np.typing.NDArray[np.float32]]":
    return outlines(
        [(envelope([sound]), ((0, len(sound)),)) for sound in (spoken(i, seconds, pitch) for i in range(8))]
    )


def test_the_same_words_are_nearest_at_any_pitch() -> None:
    pairs = np.argwhere(np.ones((8, 8)))
    table = distances(outlined(1.0, 3.0), outlined(1.1, 3.0), pairs).reshape(8, 8)
    assert table.argmin(axis=0).tolist() == table.argmin(axis=1).tolist() == [*range(8)]
    ratios = log_ratios(table)
    assert (np.diag(ratios) <= 0).all()


def test_a_reading_is_at_no_distance_from_itself_and_as_far_either_way() -> None:
    ones = outlined(1.0, 2.0)
    there, back, same = distances(ones, ones, np.array([[0, 1], [1, 0], [2, 2]]))
    assert same == pytest.approx(0.0, abs=0.01)
    assert there == pytest.approx(back, rel=1e-4)
    assert there > 1.0


def test_more_than_twice_as_long_cannot_be() -> None:
    ones, others = outlined(1.0, 1.0), outlined(1.0, 2.5)
    assert distances(ones, others, np.array([[0, 0]])).tolist() == [np.inf]


def test_where_nothing_can_be_told_nothing_counts() -> None:
    rng = np.random.default_rng(0)
    assert not log_ratios(rng.normal(4.0, 0.3, (60, 30))).any()
    assert not log_ratios(np.full((5, 5), np.inf)).any()
