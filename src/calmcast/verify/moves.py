"""Places from which on everything comes early or late, as where a track was cut: told once, and then put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmcast.units import SAMPLE_RATE
from calmcast.verify.contours import STEP, STRAYS_DB, WINDOW, Contour, by_window, strays
from calmcast.verify.findings import Fault, Finding, told
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REACH = 10 * SAMPLE_RATE // MOMENT
"""A line is looked for up to 10 s from its place, and where the track's length says that it is."""
_NEAR = 2
_LEAST = 15
"""Moments: less is told of each line by itself."""


@dataclass(frozen=True, slots=True)
class Move:
    """A place from which on everything comes early or late. All in moments."""

    at: int
    """Where it is, by the manifest."""
    late: int
    """By how much what follows comes late; negative: early."""
    gap: int
    """How much is missing there."""

    @property
    def end(self) -> int:
        """From where on what the manifest has is there again."""
        return self.at + self.gap


def moves(lines: Sequence[Contour], sums: "NDArray[np.float64]", longer: int) -> tuple[Move, ...]:
    """Return where what follows comes early or late, from one such place to the next.

    Two lines in a row have to agree, or the last one with the length. `sums`: as for `strays`. `longer`: so many
    moments is the track longer than it should be.
    """
    import numpy as np

    found, late, itself = list[Move](), 0, -1
    reach = np.concatenate((np.arange(-_REACH, _REACH + 1), longer + np.arange(-STEP, STEP + 1)))
    for nth, line in enumerate(lines):
        if _is_at(line, sums, late):
            itself = nth
            continue
        place = _nearest(line, sums, late + reach)
        if place is None or abs(place - late) < _LEAST:
            continue
        following = lines[nth + 1 : nth + 2]
        if all(_is_at(each, sums, place) and not _is_at(each, sums, late) for each in following) and (
            following or abs(place - longer) < _LEAST
        ):
            between = lines[max(0, itself) : nth + 1]
            found.append(_move(between, sums, late, place, first=itself < 0))
            late, itself = place, nth
    return tuple(found)


def _is_at(line: Contour, sums: "NDArray[np.float64]", late: int) -> bool:
    import numpy as np

    return bool(strays(line, sums, late + np.arange(-_NEAR, _NEAR + 1)).min() < STRAYS_DB)


def _nearest(line: Contour, sums: "NDArray[np.float64]", lags: "NDArray[np.int64]") -> int | None:
    """Return the lag at which a line is itself, the one nearest to the middle of `lags`; None: it is nowhere."""
    import numpy as np

    off = strays(line, sums, lags)
    fits = lags[off < STRAYS_DB]
    if not len(fits):
        return None
    first = fits[np.abs(fits - lags[_REACH]).argmin()]
    near = np.abs(lags - first) <= STEP
    return int(lags[near][off[near].argmin()])


def _move(lines: Sequence[Contour], sums: "NDArray[np.float64]", before: int, after: int, *, first: bool) -> Move:
    """Return where one lag gives way to another.

    `lines`: the last that is at one lag, those that are at neither, and the next that is at the other. `first`: no line
    is at the first lag, so that the place may be the track's beginning.
    """
    import numpy as np

    gap = max(0, before - after)
    middles = np.concatenate([line.first + STEP * np.arange(len(line.powers)) for line in lines]) + WINDOW // 2
    old, new = (
        np.concatenate([by_window(line, sums, np.array([lag]))[0] for line in lines]) for lag in (before, after)
    )
    places = np.concatenate(([0] if first else [], middles)).astype(np.int64)
    is_old, is_new = middles < places[:, None], middles >= places[:, None] + gap
    costs = (is_old * old + is_new * new + ~(is_old | is_new) * STRAYS_DB).sum(axis=1)
    return Move(int(places[costs.argmin()]), after, gap)


def told_of(found: Sequence[Move]) -> tuple[Finding, ...]:
    """Return what there is to say of moves."""
    faults = [Fault(f"from here on, everything {_comes(move.late)}", move.at * MOMENT) for move in found]
    return told("place in time", "everything when it should be", faults, "it is")


def _comes(late: int) -> str:
    if not late:
        return "is in its place again"
    return f"comes {abs(late) * MOMENT / SAMPLE_RATE:.1f} s {'late' if late > 0 else 'early'}"


def put_back(found: Sequence[Move], size: int, moments: int) -> "NDArray[np.int64]":
    """Return which of `size` measured values each one is that the manifest knows: under 0, it is not there.

    `moments`: so many lie between two values.
    """
    import numpy as np

    last = found[-1].late if found else 0
    at = np.arange(max(0, size - last // moments))
    late = np.zeros(len(at), np.int64)
    for move in found:
        late[move.end // moments :] = move.late // moments
    places: NDArray[np.int64] = np.minimum(at + late, size - 1)
    for move in found:
        places[move.at // moments : move.end // moments] = -1
    return places
