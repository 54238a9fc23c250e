"""How much of a track each leaf takes, at least, naturally and at most. All in samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from calmcast.diagnostics import Problem
from calmcast.model.script import Bell, Bells, Breathe, Glue, Group, Line, OneOf, Quiet, Step
from calmcast.model.sound import Ringing, Strike
from calmcast.model.voice import Recording
from calmcast.planning.parts import Branch, Leaf, Part, Parts, Sound, kept
from calmcast.planning.unfold import Placed, plain, spoken
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
        self, placed: Sequence[Placed], gaps: Sequence[tuple[int, bool] | None]
    ) -> tuple[list[tuple[int, Amount]], frozenset[int]]:
        """Return what each rung adds, as (rung, amount), and the indexes of bells that are waited for after all.

        A bell that nothing waits for takes no time, unless so little follows that it would ring past the end.
        """
        added, late, comings = list[tuple[int, Amount]](), set[int](), dict[tuple[object, ...], list[int]]()
        for index, (each, gap) in enumerate(zip(placed, gaps, strict=True)):
            step = each.leaf.step
            if isinstance(step, OneOf):
                comings.setdefault(one_of_key(each.leaf), []).append(index)
            elif isinstance(step, Bell) and not step.wait and self._rings_past(placed, index):
                late.add(index)
                added.append((each.rung, fixed(self.bells[step.strike].samples)))
            else:
                added.append((each.rung, self.leaf(each.leaf, each.turn)))
            if gap:
                added.append((gap[0], elastic(self.gap_of(gap[1]))))
        for indexes in comings.values():
            added += self._variants(placed, indexes)
        return added, frozenset(late)

    def _variants(self, placed: Sequence[Placed], indexes: Sequence[int]) -> Iterator[tuple[int, Amount]]:
        """Yield what the comings of one `one of` add: however many there are, they say the first so many variants."""
        leaf = placed[indexes[0]].leaf
        if isinstance(leaf.step, OneOf):
            variants = [self.variant(step, leaf) for step in leaf.step.steps]
            for time, rung in enumerate(sorted(placed[index].rung for index in indexes)):
                yield rung, variants[time % len(variants)]

    def variant(self, step: Line | Group, leaf: Leaf) -> Amount:
        """Return what one variant of a `one of` takes, with the gaps between its sounds."""
        total, before = NOTHING, False
        for part in plain(step):
            sounds = isinstance(part, Line | Bell)
            if before and sounds:
                total += elastic(self.gap_of(leaf.keep))
            total += self.step(part, part.traits.voice or step.traits.voice or leaf.voice, leaf.keep)
            before = sounds
        return total

    def leaf(self, leaf: Leaf, turn: int) -> Amount:
        if isinstance(leaf.step, Breathe):
            return fixed(sum(max(parts) for parts in self.round(leaf.step, leaf.voice, turn)))
        if isinstance(leaf.step, OneOf):
            return self.variant(leaf.step.steps[turn % len(leaf.step.steps)], leaf)
        return self.step(leaf.step, leaf.voice, keep=False)

    def round(self, breathe: Breathe, voice: str, turn: int) -> list[tuple[int, int]]:
        """Return the count and the length of the cue (0: unsaid) of each part of a round."""
        cues = [phase.cue if spoken(breathe, turn) else None for phase in breathe.phases]
        lengths = [self.line(cue, voice) if cue else 0 for cue in cues]
        return list(zip(counts(breathe, turn), lengths, strict=True))

    def step(self, step: Sound | Quiet, voice: str, keep: bool) -> Amount:
        if isinstance(step, Line):
            return fixed(self.line(step, voice))
        if isinstance(step, Bell):
            return fixed(self.bells[step.strike].samples if step.wait else 0)
        time = kept(step.time) if keep else step.time
        return elastic(time) if isinstance(time, Glue) else fixed(time)

    def about(self, leaf: Leaf) -> int:
        """Return how long a leaf naturally takes, with a gap after what sounds."""
        sounds = isinstance(leaf.step, Line | Bell | OneOf)
        return self.leaf(leaf, 0).natural + (self.gap.natural if sounds else 0)

    def _rings_past(self, placed: Sequence[Placed], index: int) -> bool:
        bell, rung = placed[index].leaf.step, placed[index].rung
        left = self.bells[bell.strike].samples if isinstance(bell, Bell) else 0
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


def long_cues(parts: Parts, amounts: Amounts) -> tuple[Problem, ...]:
    """Return a problem for each cue of a breath that takes longer than its count."""
    problems = list[Problem]()
    for leaf in leaves(parts.tree):
        for phase in leaf.step.phases if isinstance(leaf.step, Breathe) else ():
            length = amounts.line(phase.cue, leaf.voice) if phase.cue else 0
            if phase.cue and length > phase.samples:
                message = f"these words take {format_span(length)}, and their count is {format_span(phase.samples)}"
                hint = f"fewer words, or a longer count: {phase.name}: {-(-length // SAMPLE_RATE)}s"
                problems.append(Problem("long-cue", message, phase.cue.source, hint))
    return tuple(dict.fromkeys(problems))


def sayings(parts: Sequence[Part]) -> dict[Saying, Line]:
    """Return every line that a settled script can say, once for each voice that says it, in order."""
    found = dict[Saying, Line]()

    def add(line: Line, voice: str) -> None:
        found.setdefault((voice, line.pieces), line)

    for leaf in leaves(parts):
        step = leaf.step
        if isinstance(step, Line):
            add(step, leaf.voice)
        elif isinstance(step, Breathe):
            for phase in step.phases:
                if phase.cue:
                    add(phase.cue, leaf.voice)
        elif isinstance(step, OneOf):
            for variant in step.steps:
                for each in plain(variant):
                    if isinstance(each, Line):
                        add(each, each.traits.voice or variant.traits.voice or leaf.voice)
    return found


def strikes(parts: Sequence[Part], bells: Bells) -> tuple[Strike, ...]:
    """Return every bell that a settled script can ring, each once."""
    found = [timed.bell for timed in bells.timed]
    for leaf in leaves(parts):
        steps = leaf.step.steps if isinstance(leaf.step, OneOf) else (leaf.step,)
        found += (each for step in steps for each in _each(step) if isinstance(each, Bell))
    return tuple(dict.fromkeys(bell.strike for bell in found))


def _each(step: Step) -> tuple[Step, ...]:
    return plain(step) if isinstance(step, Line | Group) else (step,)


def leaves(parts: Sequence[Part]) -> Iterator[Leaf]:
    """Yield every leaf once, in the order of the files."""
    for part in parts:
        if isinstance(part, Branch):
            yield from leaves(part.parts)
        else:
            yield part
