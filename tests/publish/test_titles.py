import pytest

from calmcast.publish.titles import with_length, without_length
from calmcast.units import SAMPLE_RATE

TEN = 600 * SAMPLE_RATE


@pytest.mark.parametrize(
    ("title", "shown", "bare"),
    [
        ("Psoas release", "Psoas release, 10 min", "Psoas release"),
        ("Rest, 10 min", "Rest, 10 min", "Rest"),
        ("Rest: 10 min", "Rest: 10 min", "Rest"),
        ("Rest (10 min)", "Rest (10 min)", "Rest"),
        ("Rest, 5 min", "Rest, 5 min, 10 min", "Rest, 5 min"),
        ("10 min", "10 min, 10 min", "10 min"),
        ("", "", ""),
        (" ", " ", " "),
    ],
)
def test_a_title_says_its_length_once(title: str, shown: str, bare: str) -> None:
    assert with_length(title, TEN) == shown
    assert with_length(shown, TEN) == shown
    assert without_length(shown, TEN) in (bare, title)
    assert without_length(title, TEN) == bare


def test_lengths_are_read_to_the_second() -> None:
    assert with_length("Rest", 75 * SAMPLE_RATE + 11) == "Rest, 1 min 15 s"
