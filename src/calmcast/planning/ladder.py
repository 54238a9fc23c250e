"""Which content for which length: the rungs, from the barest script to the fullest.

Each rung adds one thing to the rung below: first the optional parts by rank, then one more round, repeat or stretch
at a time, where the filling is least. A part with `from` stands where the script is about as long as it says.

A rung has a shortest, a natural and a longest length, and how much it can shrink and stretch. Each of them is at
least that of the rung below, because a rung adds content and a gap between two sounds, once there, stays. So of two
neighbouring rungs the fuller one is the less strained from some length on, and the choice grows with the length.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, islice

from calmcast.planning.amounts import NOTHING, Amount, Amounts
from calmcast.planning.order import ContentOrder, order_of
from calmcast.planning.parts import Parts
from calmcast.planning.unfold import PlacedLeaf, gap_rungs, unfold

MOST_LEAVES = 30_000
"""A track of more steps than this is not planned; the ladder ends there."""

ENDLESS = 1 << 62
"""Longer than any track, in samples."""

GUIDANCE = {"less": Fraction(17, 20), "medium": Fraction(1), "more": Fraction(6, 5)}
"""How much is said: the content is that of a track so many times as long."""


@dataclass(frozen=True, slots=True)
class Rung:
    """The lengths that one content can have, in samples."""

    least: int
    natural: int
    most: int | None
    """None: no upper bound."""

    def holds(self, samples: int) -> bool:
        return self.natural > 0 and self.least <= samples and (self.most is None or samples <= self.most)

    def strain(self, samples: int) -> Fraction:
        """Return what share of its stretch or shrink this length takes: 0 at its natural length, at most 1.

        Silence that may grow without end is never strained by growing. The badness of TeX is this to the third
        power; which of two is the less is the same.
        """
        if samples >= self.natural:
            if self.most is None or samples == self.natural:
                return Fraction(0)
            return Fraction(samples - self.natural, self.most - self.natural)
        return Fraction(self.natural - samples, self.natural - self.least)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a script as far as they are needed, and what stands on them."""

    rungs: tuple[Rung, ...]
    placed: tuple[PlacedLeaf, ...]
    """Every leaf of the fullest rung in order, each with the rung that adds it."""
    gaps: tuple[tuple[int, bool] | None, ...]
    """After each leaf, from which rung on there is a gap, and whether that is kept; None: never."""
    late: frozenset[int]
    """Indexes of bells that are waited for although nothing asks for it: else they would ring past the end."""
    gates: tuple[tuple[int, int, bool], ...]
    """Parts with `from`: that length, the rung that adds the part, and whether it must be there from then on."""
    complete: bool
    """Whether the last rung is the fullest that the script can have."""

    def window(self, samples: int) -> tuple[int, int]:
        """Return the first and the last rung that a track of this length may have, by what `from` says."""
        first = max((rung for since, rung, must in self.gates if must and since <= samples), default=0)
        last = min((rung - 1 for since, rung, _ in self.gates if since > samples), default=len(self.rungs) - 1)
        return min(first, last), last

    def choose(self, samples: int, guidance: str = "medium") -> int | None:
        """Return the rung of a track this long, or None where none can last so long.

        It is the least strained; of those alike, the fullest. `guidance` (less, medium, more) asks for the content
        of a shorter or longer track, as near as the length allows.
        """
        first, last = self.window(samples)
        fitting = [i for i in range(first, last + 1) if self.rungs[i].holds(samples)]
        if not fitting:  # a part that must be there from this length on does not fit
            fitting = [i for i in range(last + 1) if self.rungs[i].holds(samples)]
        if not fitting:
            return None
        wished = int(samples * GUIDANCE[guidance])
        ideal = self._least_strained(first, last, wished)
        return min(max(ideal, fitting[0]), fitting[-1])

    def _least_strained(self, first: int, last: int, samples: int) -> int:
        """Return the least strained rung; where none can last so long, the fullest that is not too long."""
        strains = [(rung.strain(samples), -i) for i, rung in self._between(first, last) if rung.holds(samples)]
        if strains:
            return -min(strains)[1]
        return max((i for i, rung in self._between(first, last) if rung.least <= samples), default=first)

    def _between(self, first: int, last: int) -> Iterator[tuple[int, Rung]]:
        return ((i, self.rungs[i]) for i in range(first, last + 1))

    def nearest(self, samples: int) -> tuple[int | None, int | None]:
        """Return the nearest lengths below and above that a track can have; None: there is none."""
        spans = [span for low, high in self._windows() for span in self._spans(low, high)]
        below = [min(most, samples) for least, most in spans if least <= samples]
        above = [max(least, samples) for least, most in spans if most >= samples]
        return max(below, default=None), min(above, default=None)

    def up_to(self, rung: int, amounts: Amounts) -> "Ladder":
        """Return the rungs up to this one, as long as `amounts` says, which knows what is said on them."""
        standing = [(each, gap) for each, gap in zip(self.placed, self.gaps, strict=True) if each.rung <= rung]
        placed = tuple(each for each, _ in standing)
        gaps = tuple(gap if gap and gap[0] <= rung else None for _, gap in standing)
        totals, late = _totals(placed, gaps, amounts, rung + 1)
        return replace(
            self,
            rungs=totals,
            placed=placed,
            gaps=gaps,
            late=late,
            complete=self.complete and rung == len(self.rungs) - 1,
        )

    def _windows(self) -> list[tuple[int, int]]:
        """Return the stretches of lengths, first and last, within which the same rungs may be had."""
        starts = sorted({0, *(since for since, _, _ in self.gates)})
        return list(zip(starts, [*(start - 1 for start in starts[1:]), ENDLESS], strict=True))

    def _spans(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        _, last = self.window(low)
        for rung in self.rungs[: last + 1]:
            if not rung.natural:
                continue  # nothing is in it
            least, most = max(low, rung.least), min(high, ENDLESS if rung.most is None else rung.most)
            if least <= most:
                yield least, most


def build_ladder(parts: Parts, amounts: Amounts, samples: int, built: dict[int, Ladder]) -> Ladder:
    """Return the ladder of a script up to the first rung that a track of `samples` is too short for.

    `built`: those of the same parts and amounts, by how many things they add; what is built is put there.
    """
    steps = 64 + sum(gate.rank is not None for gate in parts.gates)
    while True:
        if steps not in built:
            built[steps] = _ladder(parts, amounts, order_of(parts, amounts.about, steps))
        ladder = built[steps]
        if ladder.complete or ladder.rungs[-1].least > samples or len(ladder.placed) >= MOST_LEAVES:
            return ladder
        steps *= 4


def _ladder(parts: Parts, amounts: Amounts, order: ContentOrder) -> Ladder:
    placed = tuple(islice(unfold(parts, order.gates, order.turns), MOST_LEAVES))
    gaps = gap_rungs(placed)
    totals, late = _totals(placed, gaps, amounts, order.rungs)
    gates = tuple(
        (gate.since, order.gates[i], gate.rank is None)
        for i, gate in enumerate(parts.gates)
        if gate.since is not None and i in order.gates
    )
    return Ladder(totals, placed, gaps, late, gates, order.complete)


def _totals(
    placed: Sequence[PlacedLeaf], gaps: Sequence[tuple[int, bool] | None], amounts: Amounts, rungs: int
) -> tuple[tuple[Rung, ...], frozenset[int]]:
    """Return so many rungs, and the indexes of bells that are waited for after all."""
    added = [NOTHING] * rungs
    amounts_added, late = amounts.of(placed, gaps)
    for rung, amount in amounts_added:
        added[rung] += amount
    return tuple(_rung(total) for total in accumulate(added, Amount.__add__)), late


def _rung(total: Amount) -> Rung:
    return Rung(total.least, total.natural, None if total.endless else total.most)
