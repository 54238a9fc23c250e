"""How much two readings of words sound alike, whoever reads them: their spectra, laid over each other in time.

The warping is Sakoe and Chiba's (IEEE Trans. ASSP 26, 1978), symmetric, with slope constraint P = 1: one reading may
be twice as fast as the other, anywhere, and no more. A voice's own colour is taken out by giving each band of a whole
recording mean 0 and deviation 1.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calmcast.takes.envelope import FRAME, Envelope

_SOFTEST_DB = -35.0
"""Frames so far under the loudest of their stretch are silence, and silences are as long as the reader likes."""
_PAIR = 2
"""Spectra are averaged by twos: every 40 ms is enough to tell words apart."""
_BATCH = 96
_NEVER = 1e9

_CHANCE, _SURE = 3.7, 4.5
"""Of many lines that were never read, the nearest to some sound are so many deviations nearer than the mean; from the
second on, likeness is trusted. Measured on readings by three voices."""
_USUAL = 0.85
_MOST = 16.0


def outlines(envelopes: Sequence[tuple[Envelope, Sequence[tuple[int, int]]]]) -> list[NDArray[np.float32]]:
    """Return the outline of each stretch (start, end in samples) of the envelopes of one voice: (frames, bands).

    A frame is 40 ms that are not silent; over all of them together each band has mean 0 and deviation 1.
    """
    cut = [_sounding(envelope, start, end) for envelope, spans in envelopes for start, end in spans]
    together = np.concatenate(cut) if cut else np.zeros((0, 1), np.float32)
    if not len(together):
        return cut
    mean, deviation = together.mean(axis=0), together.std(axis=0) + np.float32(1e-6)
    return [(frames - mean) / deviation for frames in cut]


def distances(
    ones: Sequence[NDArray[np.float32]], others: Sequence[NDArray[np.float32]], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the warped distance of each pair (index in `ones`, index in `others`): mean over the path, (pairs,).

    Infinite where one is more than twice as long as the other.
    """
    lengths = np.array([[len(ones[one]), len(others[other])] for one, other in pairs.tolist()]).reshape(-1, 2)
    result = np.full(len(pairs), np.inf)
    possible = np.flatnonzero((lengths.min(axis=1) > 0) & (lengths.max(axis=1) <= 2 * lengths.min(axis=1)))
    # Pairs of like lengths go together, so that little is computed for nothing.
    ordered = possible[np.lexsort((lengths[possible, 1], lengths[possible, 0]))]
    for first in range(0, len(ordered), _BATCH):
        batch = ordered[first : first + _BATCH]
        local = _local(ones, others, pairs[batch], lengths[batch])
        result[batch] = _warped(local, lengths[batch])
    return result


def _sounding(envelope: Envelope, start: int, end: int) -> NDArray[np.float32]:
    first, last = start // FRAME, min(-(-end // FRAME), len(envelope.bands))
    power = envelope.power[2 * first : 2 * last].reshape(-1, 2).mean(axis=1)
    frames = envelope.bands[first:last][power > power.max(initial=0.0) * 10 ** (_SOFTEST_DB / 10)]
    whole = len(frames) // _PAIR * _PAIR
    return np.asarray(frames[:whole].reshape(-1, _PAIR, frames.shape[1]).mean(axis=1), np.float32)


def _local(
    ones: Sequence[NDArray[np.float32]],
    others: Sequence[NDArray[np.float32]],
    pairs: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return the Euclidean distances of the frames of each pair, padded: (longest one, pairs, longest other)."""
    (rows, columns), bands = lengths.max(axis=0), ones[pairs[0, 0]].shape[1]
    one = np.zeros((len(pairs), rows, bands), np.float32)
    other = np.zeros((len(pairs), columns, bands), np.float32)
    for i, (a, b) in enumerate(pairs.tolist()):
        one[i, : len(ones[a])] = ones[a]
        other[i, : len(others[b])] = others[b]
    squares = (one**2).sum(axis=2)[:, :, None] + (other**2).sum(axis=2)[:, None] - 2 * one @ other.transpose(0, 2, 1)
    return np.ascontiguousarray(np.sqrt(np.maximum(squares, 0)).transpose(1, 0, 2))


def _warped(local: NDArray[np.float32], lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cost of the cheapest path of each pair, over the sum of the pair's lengths.

    Sakoe and Chiba's steps are (1, 1), (1, 2) and (2, 1): none stays in a row, so whole rows are computed at once.
    """
    rows, count, columns = local.shape
    never = np.full((count, columns), _NEVER, np.float32)
    before, previous = never, never
    ends = np.full(count, _NEVER)
    for row in range(rows):
        here = local[row]
        cost = never.copy()
        if row == 0:
            cost[:, 0] = 2 * here[:, 0]
        else:
            cost[:, 1:] = previous[:, :-1] + 2 * here[:, 1:]
            across = previous[:, :-2] + 2 * here[:, 1:-1] + here[:, 2:]
            down = before[:, :-1] + 2 * local[row - 1][:, 1:] + here[:, 1:]
            cost[:, 2:] = np.minimum(cost[:, 2:], across)
            cost[:, 1:] = np.minimum(cost[:, 1:], down)
        done = np.flatnonzero(lengths[:, 0] == row + 1)
        ends[done] = cost[done, lengths[done, 1] - 1]
        before, previous = previous, cost
    return np.where(ends < _NEVER / 2, ends / lengths.sum(axis=1), np.inf)


def log_ratios(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return warped distances, (groups, lines), as log-likelihood ratios of other words against the same words.

    Other words are normal around 0 once what all distances of a group and of a line have in common is taken out. The
    same words lie near the best of the pairs that are each other's nearest. By chance there are such pairs too, but
    less near: where no others are, voices are too unlike to tell or no line was read, and all ratios are 0.
    """
    table = np.where(np.isfinite(table), table, np.nan)
    known = np.isfinite(table)
    if known.sum() < 10:
        return np.zeros(table.shape)
    off = table - np.nanmedian(table)
    off = off - _medians(off, 1)
    off = off - _medians(off, 0)
    deviations = off / (1.4826 * np.nanmedian(np.abs(off)))
    deviations = np.where(known, deviations, np.inf)
    nearest = deviations.min(axis=0)
    mutual = nearest[deviations.argmin(axis=1)[deviations.argmin(axis=0)] == np.arange(len(nearest))]
    best = -float(np.percentile(mutual[np.isfinite(mutual)], 15)) if np.isfinite(mutual).any() else 0.0
    trust = min(max((best - _CHANCE) / (_SURE - _CHANCE), 0.0), 1.0)
    if not trust:
        return np.zeros(table.shape)
    same = _USUAL * best
    return np.clip(trust * same * (deviations + same / 2), -_MOST, _MOST * trust)


def _medians(table: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Return the medians along an axis, kept as one of length 1; 0 where fewer than three are known."""
    few = np.isfinite(table).sum(axis=axis, keepdims=True) < 3
    return np.where(few, 0.0, np.nanmedian(np.where(few, 0.0, table), axis=axis, keepdims=True))
