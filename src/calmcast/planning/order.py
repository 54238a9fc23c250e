"""In which order content is added: the rungs of the ladder, from the second on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import islice
from math import prod

from calmcast.planning.parts import Leaf, Part, Parts

Natural = Callable[[Leaf], int]
"""How long a leaf naturally takes, in samples, more or less."""


@dataclass(frozen=True, slots=True)
class ContentOrder:
    """What each rung adds, from the second rung on: the part behind a gate, or one more turn of a wheel."""

    gates: Mapping[int, int]
    """The rung of each gate."""
    turns: Mapping[int, Sequence[int]]
    """The rungs of each wheel's turns beyond its least."""
    rungs: int
    complete: bool
    """Whether nothing more can be added."""


def order_of(parts: Parts, natural: Natural, steps: int) -> ContentOrder:
    """Return the first `steps` additions in order.

    Optional parts come by rank. Then wheels turn: the least filled first, the first of those alike. A part with
    `from` comes where the script is about as long as that, and what is inside it afterwards.
    """
    gates, turns = dict[int, int](), dict[int, list[int]]()
    additions = list(islice(_Additions.of(parts, natural), steps + 1))
    for rung, (is_gate, number) in enumerate(additions[:steps], start=1):
        if is_gate:
            gates[number] = rung
        else:
            turns.setdefault(number, []).append(rung)
    return ContentOrder(gates, turns, min(len(additions), steps) + 1, len(additions) <= steps)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a leaf, a gate or a wheel stands: what it is inside of."""

    gates: tuple[int, ...]
    wheels: tuple[int, ...]


@dataclass(slots=True)
class _Additions:
    parts: Parts
    natural: Natural
    gates: dict[int, _Place] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    """Wheels that could turn, and have nothing to turn yet."""
    leaves: list[tuple[_Place, Leaf]] = field(default_factory=list)
    under: dict[tuple[bool, int], list[tuple[_Place, Leaf]]] = field(default_factory=dict)
    """The leaves inside each gate (True) and wheel (False)."""
    open: set[int] = field(default_factory=set)
    counts: list[int] = field(default_factory=list)
    heap: list[tuple[Fraction, int, int]] = field(default_factory=list)
    """(filled, wheel, turns so far) of the wheels that can turn."""
    ready: list[tuple[int, int]] = field(default_factory=list)
    """(rank, gate) of the optional parts that come next."""

    @classmethod
    def of(cls, parts: Parts, natural: Natural) -> Iterator[tuple[bool, int]]:
        """Yield every addition: whether it is a gate (or a wheel), and its number. May go on without end."""
        made = cls(parts, natural, counts=[count.least for count in parts.wheels])
        made.survey(parts.tree, _Place((), ()))
        return made.run()

    def survey(self, parts: Iterable[Part], place: _Place) -> None:
        for part in parts:
            inside = place
            if isinstance(part, Leaf):
                self.leaves.append((place, part))
                for key in (*((True, gate) for gate in place.gates), *((False, wheel) for wheel in place.wheels)):
                    self.under.setdefault(key, []).append((place, part))
                continue
            if part.gate is not None:
                self.gates[part.gate] = inside
                inside = _Place((*inside.gates, part.gate), inside.wheels)
            if part.wheel is not None:
                count = self.parts.wheels[part.wheel]
                if count.most is None or count.most > count.least:
                    self.waiting.append(part.wheel)
                inside = _Place(inside.gates, (*inside.wheels, part.wheel))
            self.survey(part.parts, inside)

    def run(self) -> Iterator[tuple[bool, int]]:
        later = sorted((gate.since, i) for i, gate in enumerate(self.parts.gates) if gate.since is not None)
        self.make_ready(self.gates)
        length = self.length(self.leaves) if later else 0
        while True:
            addition = self.next()
            added = self.adds(*addition) if later and addition else 0
            if later:
                since, gate = later[0]
                once = self.length(self.under.get((True, gate), []), opened=gate, once=True)
                if addition is None or length + added + once > since:
                    del later[0]
                    addition = True, gate
                    added = self.adds(True, gate)
            if addition is None:
                return
            length += added
            self.take(*addition)
            yield addition

    def make_ready(self, gates: Iterable[int]) -> None:
        """Let these gates, and every wheel that has something to turn, take their turns: nothing that `from` closes."""
        for i in gates:
            rank = self.parts.gates[i].rank
            if rank is not None and self.parts.gates[i].since is None and self.is_free(self.gates[i]):
                heappush(self.ready, (rank, i))
        for i in list(self.waiting):
            if any(self.is_free(place) for place, _ in self.under.get((False, i), ())):
                self.waiting.remove(i)
                heappush(self.heap, (Fraction(0), i, 0))

    def is_free(self, place: _Place) -> bool:
        return all(gate in self.open or self.parts.gates[gate].since is None for gate in place.gates)

    def next(self) -> tuple[bool, int] | None:
        if self.ready:
            return True, self.ready[0][1]
        return (False, self.heap[0][1]) if self.heap else None

    def take(self, is_gate: bool, number: int) -> None:
        """Make an addition, and let what is inside it follow."""
        if is_gate:
            if self.ready and self.ready[0][1] == number:
                heappop(self.ready)
            self.open.add(number)
            if self.parts.gates[number].since is not None:
                inside = [i for i, place in self.gates.items() if number in place.gates]
                self.make_ready(inside)
            return
        _, wheel, turns = heappop(self.heap)
        self.counts[wheel] += 1
        least, most = self.parts.wheels[wheel].least, self.parts.wheels[wheel].most
        if most is None:
            heappush(self.heap, (1 - Fraction(1, turns + 2), wheel, turns + 1))
        elif self.counts[wheel] < most:
            heappush(self.heap, (Fraction(turns + 1, most - least), wheel, turns + 1))

    def adds(self, is_gate: bool, number: int) -> int:
        """Return how much longer an addition makes the script naturally."""
        inside = self.under.get((is_gate, number), [])
        return self.length(inside, opened=number) if is_gate else self.length(inside, turned=number)

    def length(
        self,
        leaves: Iterable[tuple[_Place, Leaf]],
        *,
        opened: int | None = None,
        turned: int | None = None,
        once: bool = False,
    ) -> int:
        """Return how long these leaves naturally are with one more gate open, or for one turn of a wheel.

        `once`: as if no wheel turned them. A part that comes back in every round would else wait for so much room
        that the lengths below it were out of reach.
        """
        total = 0
        for place, leaf in leaves:
            if all(gate in self.open or gate == opened for gate in place.gates):
                times = 1 if once else prod(self.counts[w] for w in place.wheels if w != turned)
                total += self.natural(leaf) * times
        return total
