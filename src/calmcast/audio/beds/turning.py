"""Sums of tones that move slowly."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import KNOT
from calmcast.units import SAMPLE_RATE


def turning(tones: Iterable[tuple[float, NDArray[np.complex128]]], at: NDArray[np.int64]) -> NDArray[np.complex64]:
    """Return the sum of tones from the first of the knots `at`, in samples, to the last; its real part is heard.

    Of each tone its frequency in Hz, and at the knots what it is multiplied by. A tone is a coarse step, from knot to
    knot, times a fine one between two knots: a thousand exponentials in place of a hundred thousand. What moves slowly
    is a straight line from knot to knot, so each tone is two such products.
    """
    between_knots = np.arange(KNOT)
    coarse, fine = [], []
    for hertz, moving in tones:
        step = np.exp(2j * np.pi * (hertz / SAMPLE_RATE * at[:-1] % 1.0))
        turn = np.exp(2j * np.pi * hertz / SAMPLE_RATE * between_knots)
        coarse += [moving[:-1] * step, np.diff(moving) * step]
        fine += [turn, turn * between_knots / KNOT]
    # Not a matrix product: what that rounds to depends on how many cores there are.
    products = np.einsum("pi,pj->ij", np.array(coarse, dtype=np.complex64), np.array(fine, dtype=np.complex64))
    sound: NDArray[np.complex64] = products.reshape(-1)
    return sound
