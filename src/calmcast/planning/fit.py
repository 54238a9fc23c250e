"""Elastic silences -> exact whole samples.

Each silence is glue in the sense of TeX (Knuth and Plass, "Breaking Paragraphs into Lines", 1981): natural
length, shrinkability, stretchability. Unlike TeX's, it has bounds that are never broken, and lengths are
integers that sum to the total exactly.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from calmcast.model.traits import Glue


def feasible(glues: Sequence[Glue]) -> tuple[int, int | None]:
    """Return the least and the greatest total of these silences in samples; None: no greatest."""
    least = sum(glue.least for glue in glues)
    mosts = [glue.most for glue in glues]
    bounded = [most for most in mosts if most is not None]
    return least, sum(bounded) if len(bounded) == len(mosts) else None


def fit(glues: Sequence[Glue], total: int) -> tuple[int, ...]:
    """Return a length in samples for each silence; they sum to `total`, each within its bounds.

    A surplus goes to the silences by weight, a shortage by what each can give; what a silence at its bound
    cannot take is shared again among the rest. Silences alike differ by at most one sample.
    Raises ValueError where no such lengths exist (see `feasible`).
    """
    least, most = feasible(glues)
    if total < least or (most is not None and total > most):
        raise ValueError(f"{total} samples are outside {least} to {most}")
    surplus = total - sum(glue.natural for glue in glues)
    if surplus >= 0:
        caps = [None if glue.most is None else glue.most - glue.natural for glue in glues]
        shares = _share(surplus, [glue.weight for glue in glues], caps)
        return tuple(glue.natural + share for glue, share in zip(glues, shares, strict=True))
    gives = [glue.natural - glue.least for glue in glues]
    shares = _share(-surplus, gives, list(gives))
    return tuple(glue.natural - share for glue, share in zip(glues, shares, strict=True))


def _share(amount: int, weights: Sequence[int], caps: Sequence[int | None]) -> list[int]:
    """Return whole shares of `amount` in proportion to `weights`, none above its cap.

    The silences are taken in the order in which a rising common level would fill them (cap / weight), so each
    is settled once: n log n, and the same on every machine.
    """
    shares = [0] * len(weights)
    takers = [i for i, weight in enumerate(weights) if weight > 0]
    levels = sorted((Fraction(cap, weights[i]), i) for i in takers if (cap := caps[i]) is not None)
    weight = sum(weights[i] for i in takers)
    full = set[int]()
    for level, i in levels:
        if level * weight > amount:
            break
        cap = int(level * weights[i])
        shares[i] = cap
        full.add(i)
        amount -= cap
        weight -= weights[i]
    open_ = [i for i in takers if i not in full]
    for i, share in zip(open_, proportional(amount, [weights[i] for i in open_]), strict=True):
        shares[i] = share
    return shares


def proportional(amount: int, weights: Sequence[int]) -> list[int]:
    """Return whole shares that sum to `amount`, each within one of its exact proportion.

    Cumulative integer division: share i is floor(c_i * amount / C) - floor(c_{i-1} * amount / C).
    """
    sums = [0, *accumulate(weights)]
    if not sums[-1]:
        return [0] * len(weights)
    marks = [part * amount // sums[-1] for part in sums]
    return [after - before for before, after in pairwise(marks)]
