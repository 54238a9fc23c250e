import pytest

from calmcast.publish.contour import contour, powers


def test_a_letter_is_a_decibel() -> None:
    assert contour([1e-3, 1e-2, 1e-2 / 10**0.1, 1e-4, 0.0]) == "kabuz"


@pytest.mark.parametrize("loudness", [(), (0.0, 0.0)])
def test_where_nothing_is_heard_there_is_none(loudness: tuple[float, ...]) -> None:
    assert contour(loudness) == ""


def test_letters_stand_for_powers() -> None:
    assert powers("akz") == pytest.approx((1.0, 0.1, 10**-2.5))
    assert contour(powers("abcxyzzyx" * 10)) == "abcxyzzyx" * 10


def test_other_letters_are_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        powers("aB")
