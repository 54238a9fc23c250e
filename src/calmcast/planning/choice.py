"""Which content a length gets, where only the lines that it needs are spoken.

The order of content, and the rung that a length would best have, come from a model of how long each line takes: from
its words and its voice alone. Then that rung's lines are spoken, and the lengths that it and all rungs below it can
have are known. Where the length is none of them, the nearest rung that holds it is taken:

    min(max(the model's rung, lowest rung whose longest >= length), highest rung whose shortest <= length)

So one script, with one voice and one length, is one track, whatever was spoken before; and a longer track has all that
a shorter one has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Amounts, Saying
from calmcast.planning.ladder import ENDLESS, Ladder, build_ladder
from calmcast.planning.moments import said_on
from calmcast.planning.parts import Parts
from calmcast.units import LONGEST

Speak = Callable[[Mapping[Saying, Line]], Mapping[Saying, Recording]]
"""Returns the recordings of these lines, which are spoken where they are not kept from before."""


@dataclass(frozen=True, slots=True)
class TimedScript:
    """A script whose every sound has a length, if only by the model: ready to be laid out at any that it can have."""

    script: Script
    segments: tuple[Segment, ...]
    parts: Parts
    modelled: Amounts
    """Its lines' recordings are of about the length that they will have; its bells are as they sound."""
    guidance: str
    """How much is said: less, medium or more."""
    speak: Speak
    ladders: dict[int, Ladder] = field(init=False, default_factory=dict, compare=False, repr=False)
    """By the model, as far as they were built: by how many things they add."""

    def ladder(self, samples: int) -> Ladder:
        """Return the ladder by the model up to the first rung that a track of `samples` is too short for."""
        return build_ladder(self.parts, self.modelled, samples, self.ladders)

    @property
    def title(self) -> str:
        return self.script.title


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rungs of a script up to one whose every line is spoken."""

    ladder: Ladder
    amounts: Amounts
    rung: int


def spoken_up_to(timed: TimedScript, ladder: Ladder, rung: int) -> Chosen:
    """Return the rungs up to `rung` with the lengths of their lines as they are spoken; `ladder` is by the model."""
    recordings = timed.speak(said_on(ladder, rung))
    if recordings is timed.modelled.recordings and rung == len(ladder.rungs) - 1:
        return Chosen(ladder, timed.modelled, rung)
    amounts = replace(timed.modelled, recordings=recordings)
    return Chosen(ladder.up_to(rung, amounts), amounts, rung)


def choose(timed: TimedScript, samples: int) -> Chosen | None:
    """Return the rung of a track this long, or None where none can last so long."""
    ladder = timed.ladder(samples)
    first, last = ladder.window(samples)
    rung = ladder.choose(samples, timed.guidance)
    if rung is None:
        rung = max((i for i in range(first, last + 1) if ladder.rungs[i].least <= samples), default=first)
    while True:
        spoken = spoken_up_to(timed, ladder, rung)
        rungs = spoken.ladder.rungs
        if rungs[rung].holds(samples):
            return spoken
        if rungs[rung].least > samples:
            lower = max((i for i in range(rung) if rungs[i].least <= samples), default=None)
            return replace(spoken, rung=lower) if lower is not None and rungs[lower].holds(samples) else None
        rung += 1
        if rung > last:
            ladder = timed.ladder(2 * samples)
            last = ladder.window(samples)[1]
            if rung > last:
                return None


def at_rung(timed: TimedScript, rung: int) -> Chosen:
    """Return a rung, or the fullest where there are fewer, whatever length it has."""
    ladder = timed.ladder(0)
    return spoken_up_to(timed, ladder, min(rung, len(ladder.rungs) - 1))


def said_at(timed: TimedScript, samples: int) -> Mapping[Saying, Line]:
    """Return every line that a track this long says, in order; none where none can last so long."""
    chosen = choose(timed, samples)
    return said_on(chosen.ladder, chosen.rung) if chosen else {}


def natural_length(timed: TimedScript) -> int:
    """Return the length with everything optional, nothing repeated more than it must, and natural silences."""
    optional = sum(gate.rank is not None and gate.since is None for gate in timed.parts.gates)
    chosen = at_rung(timed, optional)
    return chosen.ladder.rungs[chosen.rung].natural


def extremes(timed: TimedScript) -> tuple[int | None, int | None]:
    """Return the shortest and the longest length in samples; None: no length suits it, or it has no longest.

    The lines of its barest rung are spoken, and of its fullest where that has a longest length.
    """
    longest_from = max((gate.since for gate in timed.parts.gates if gate.since), default=0)
    ladder = timed.ladder(longest_from)
    filled = (rung for rung, each in enumerate(ladder.rungs) if each.natural)
    shortest = (spoken_up_to(timed, ladder, rung).ladder.nearest(0)[1] for rung in filled)
    least = next((length for length in shortest if length is not None), None)
    if least is None or any(count.most is None for count in timed.parts.wheels):
        return least, None
    ladder = timed.ladder(ENDLESS)
    if ladder.rungs[-1].most is None:
        return least, None
    fullest = spoken_up_to(timed, ladder, len(ladder.rungs) - 1).ladder
    return least, fullest.nearest(fullest.rungs[-1].most or 0)[0]


def nearest(timed: TimedScript, samples: int) -> tuple[int | None, int | None]:
    """Return the nearest lengths below and above that a track can have, itself where it can; None: there is none.

    What is said on both sides of such a gap is spoken.
    """
    reach = samples
    while True:
        ladder = timed.ladder(reach)
        top = len(ladder.rungs) - 1
        for rung in range(next((i for i, each in enumerate(ladder.rungs) if each.least > samples), top), top + 1):
            below, above = spoken_up_to(timed, ladder, rung).ladder.nearest(samples)
            if above is not None:
                return below, above
        if ladder.complete or reach > LONGEST:
            return below, None
        reach *= 4
