"""How loud a line is from moment to moment, as letters: enough to tell it from others, and from itself reversed."""

from collections.abc import Sequence
from math import log10

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def contour(loudness: Sequence[float]) -> str:
    """Return a letter for each window of a recording's loudness (mean squares): `a` as loud as the loudest, then each
    letter 1 dB softer, `z` 25 dB softer or more. Nothing where there is no window, or all are silent.
    """
    loudest = max(loudness, default=0.0)
    if loudest <= 0.0:
        return ""
    return "".join(_LETTERS[_softer_db(power / loudest)] for power in loudness)


def _softer_db(share: float) -> int:
    softest = len(_LETTERS) - 1
    return min(softest, round(-10.0 * log10(share))) if share > 0.0 else softest


def powers(letters: str) -> tuple[float, ...]:
    """Return the mean squares that a contour stands for, the loudest = 1. Raises ValueError for other letters."""
    return tuple(10.0 ** (-_LETTERS.index(letter) / 10.0) for letter in letters)
