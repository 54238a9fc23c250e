"""Stretches in which something holds without a break."""

import numpy as np
from numpy.typing import NDArray


def runs(holds: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (first, last + 1) of every run of True: (runs, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    return np.asarray(edges.reshape(-1, 2), np.int64)


def joined(found: NDArray[np.int64], apart: float) -> list[tuple[int, int]]:
    """Return runs, those that are nearer to each other than `apart` as one."""
    together = list[tuple[int, int]]()
    for first, last in found.tolist():
        if together and first - together[-1][1] < apart:
            together[-1] = (together[-1][0], last)
        else:
            together.append((first, last))
    return together
