"""How much of a track each leaf takes, at least, naturally and at most. All in samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from calmcast.diagnostics import Problem
from calmcast.model.script import Bells
from calmcast.model.sound import Ringing, Strike
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Plain, Quiet, Step, inside, walk
from calmcast.model.traits import Glue
from calmcast.model.voice import Recording
from calmcast.planning.parts import Branch, Leaf, Part, Parts, kept
from calmcast.planning.unfold import PlacedLeaf, plain, spoken
from calmcast.units import SAMPLE_RATE, format_span

SLOWEST = 2
"""`slower` makes a round no longer than half as long again: 1 + 1 / SLOWEST."""

Saying = tuple[str, tuple[str | int, ...]]
"""A voice, and a line's pieces: what one recording is of."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A time and how it may change."""

    least: int
    natural: int
    most: int
    """Of what has an upper bound."""
    endless: int
    """How many silences have none."""

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.least + other.least,
            self.natural + other.natural,
            self.most + other.most,
            self.endless + other.endless,
        )


NOTHING = Amount(0, 0, 0, 0)


def fixed(samples: int) -> Amount:
    return Amount(samples, samples, samples, 0)


def elastic(glue: Glue) -> Amount:
    most = glue.natural if glue.most is None else glue.most
    return Amount(glue.least, glue.natural, most, int(glue.most is None))


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is known of a script's times."""

    gap: Glue
    recordings: Mapping[Saying, Recording]
    bells: Mapping[Strike, Ringing]
    """How each bell sounds."""

    def line(self, line: Line, voice: str) -> int:
        return self.recordings[voice, line.pieces].samples

    def gap_of(self, keep: bool) -> Glue:
        return kept(self.gap) if keep else self.gap

    def of(
        self, placed: Sequence[PlacedLeaf], gaps: Sequence[tuple[int, bool] | None]
    ) -> tuple[list[tuple[int, Amount]], frozenset[int]]:
        """Return what each rung adds, as (rung, amount), and the indexes of bells that are waited for after all.

        A bell that nothing waits for takes no time, unless so little follows that it would ring past the end.
        """
        added, late, comings = list[tuple[int, Amount]](), set[int](), dict[tuple[object, ...], list[int]]()
        for index, (each, gap) in enumerate(zip(placed, gaps, strict=True)):
            match each.leaf.step:
                case OneOf():
                    comings.setdefault(one_of_key(each.leaf), []).append(index)
                case Bell(wait=False, strike=strike) if self._rings_past(placed, index, self.bells[strike].samples):
                    late.add(index)
                    added.append((each.rung, fixed(self.bells[strike].samples)))
                case _:
                    added.append((each.rung, self.leaf(each.leaf, each.turn)))
            if gap:
                added.append((gap[0], elastic(self.gap_of(gap[1]))))
        for indexes in comings.values():
            added += self._variants(placed, indexes)
        return added, frozenset(late)

    def _variants(self, placed: Sequence[PlacedLeaf], indexes: Sequence[int]) -> Iterator[tuple[int, Amount]]:
        """Yield what the comings of one `one of` add: however many there are, they say the first so many variants."""
        leaf = placed[indexes[0]].leaf
        for time, rung in enumerate(sorted(placed[index].rung for index in indexes)):
            yield rung, self.leaf(leaf, time)

    def variant(self, variant: Group, leaf: Leaf) -> Amount:
        """Return what one variant of a `one of` takes, with the gaps between its sounds."""
        total, before = NOTHING, False
        for part in plain(variant):
            if before and part.sounds:
                total += elastic(self.gap_of(leaf.keep))
            total += self.step(part, part.traits.voice or variant.traits.voice or leaf.voice, leaf.keep)
            before = part.sounds
        return total

    def leaf(self, leaf: Leaf, turn: int) -> Amount:
        """Return what a leaf takes the how-manieth time it comes round, from 0."""
        match leaf.step:
            case Breathe():
                return fixed(sum(max(parts) for parts in self.round(leaf.step, leaf.voice, turn)))
            case OneOf(variants):
                return self.variant(variants[turn % len(variants)], leaf)
            case Line() | Bell() | Quiet():
                return self.step(leaf.step, leaf.voice, keep=False)
            case _:
                assert_never(leaf.step)

    def round(self, breathe: Breathe, voice: str, turn: int) -> list[tuple[int, int]]:
        """Return the count and the length of the cue (0: unsaid) of each part of a round."""
        cues = [phase.cue if spoken(breathe, turn) else None for phase in breathe.phases]
        lengths = [self.line(cue, voice) if cue else 0 for cue in cues]
        return list(zip(counts(breathe, turn), lengths, strict=True))

    def step(self, step: Plain, voice: str, keep: bool) -> Amount:
        match step:
            case Line():
                return fixed(self.line(step, voice))
            case Bell():
                return fixed(self.bells[step.strike].samples if step.wait else 0)
            case Quiet():
                time = kept(step.time) if keep else step.time
                return elastic(time) if isinstance(time, Glue) else fixed(time)
            case _:
                assert_never(step)

    def about(self, leaf: Leaf) -> int:
        """Return how long a leaf naturally takes, with a gap after what sounds."""
        sounds = isinstance(leaf.step, OneOf) or (isinstance(leaf.step, Plain) and leaf.step.sounds)
        return self.leaf(leaf, 0).natural + (self.gap.natural if sounds else 0)

    def _rings_past(self, placed: Sequence[PlacedLeaf], index: int, left: int) -> bool:
        """Return whether a bell that rings for `left` samples and is not waited for would ring past the end."""
        rung = placed[index].rung
        for each in placed[index + 1 :]:
            if each.rung <= rung:
                left -= self.leaf(each.leaf, each.turn).least
            if left <= 0:
                return False
        return True


def one_of_key(leaf: Leaf) -> tuple[object, ...]:
    """Return what tells one `one of` from another: its place in the files, and how it is said."""
    return leaf.step.source, leaf.voice, leaf.keep


@lru_cache(maxsize=4096)
def _round_starts(length: int, slower: int, turn: int) -> tuple[int, int]:
    """Return when a round begins, in samples from the first, and how many samples longer it is than the first."""
    start = extra = 0
    if turn:
        before, longer = _round_starts(length, slower, turn - 1)
        start = before + length + longer
        extra = min(length * slower * start // (1000 * 60 * SAMPLE_RATE), length // SLOWEST)
    return start, extra


def counts(breathe: Breathe, turn: int) -> tuple[int, ...]:
    """Return how long each part of a round is: as written, and with `slower` a little more each time.

    A round that begins t minutes after the first is longer by t times `slower`, to half as long again at most.
    """
    naturals = [phase.samples for phase in breathe.phases]
    if not breathe.slower:
        return tuple(naturals)
    length = sum(naturals)
    for earlier in range(0, turn, 500):  # keeps the recursion shallow
        _round_starts(length, breathe.slower, earlier)
    _, extra = _round_starts(length, breathe.slower, turn)
    marks = [sum(naturals[:i]) * extra // length for i in range(len(naturals) + 1)]
    return tuple(n + b - a for n, a, b in zip(naturals, marks, marks[1:], strict=False))


def long_cues(parts: Parts, recordings: Mapping[Saying, Recording]) -> tuple[Problem, ...]:
    """Return a problem for each cue of a breath whose recording is longer than its count."""
    problems = list[Problem]()
    for leaf in leaves(parts.tree):
        for phase in leaf.step.phases if isinstance(leaf.step, Breathe) else ():
            recording = recordings.get((leaf.voice, phase.cue.pieces)) if phase.cue else None
            if phase.cue and recording and recording.samples > phase.samples:
                length = recording.samples
                message = f"these words take {format_span(length)}, and their count is {format_span(phase.samples)}"
                hint = f"fewer words, or a longer count: {phase.name}: {-(-length // SAMPLE_RATE)}s"
                problems.append(Problem("long-cue", message, phase.cue.source, hint))
    return tuple(dict.fromkeys(problems))


def sayings(parts: Sequence[Part]) -> dict[Saying, Line]:
    """Return every line that a settled script can say, once for each voice that says it, in order."""
    found = dict[Saying, Line]()

    for leaf in leaves(parts):
        for line, voice in _said(leaf.step, leaf.voice):
            found.setdefault((voice, line.pieces), line)
    return found


def _said(step: Step, voice: str) -> Iterator[tuple[Line, str]]:
    """Yield the lines of a leaf, and of what is inside it, each with the voice that says it."""
    if isinstance(step, Line):
        yield step, voice
    for each in inside(step):
        yield from _said(each, each.traits.voice or voice)


def strikes(parts: Sequence[Part], bells: Bells) -> tuple[Strike, ...]:
    """Return every bell that a settled script can ring, each once."""
    found = [timed.bell for timed in bells.timed]
    for leaf in leaves(parts):
        found += (each for each in walk((leaf.step,)) if isinstance(each, Bell))
    return tuple(dict.fromkeys(bell.strike for bell in found))


def leaves(parts: Sequence[Part]) -> Iterator[Leaf]:
    """Yield every leaf once, in the order of the files."""
    for part in parts:
        if isinstance(part, Branch):
            yield from leaves(part.parts)
        else:
            yield part
