"""A rung of the ladder -> its moments: what sounds or is silent, one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from calmcast.diagnostics import SourceRef
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Plain, Quiet, Step
from calmcast.model.timeline import Breath
from calmcast.model.traits import Glue, Role
from calmcast.planning.amounts import Amounts, Saying, one_of_key
from calmcast.planning.ladder import Ladder
from calmcast.planning.parts import OUTSIDE, Leaf, kept
from calmcast.planning.unfold import PlacedLeaf, plain, spoken


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that sounds or is silent."""

    time: int | Glue
    """What it takes of the track: so many samples, or an elastic silence. A bell may take none."""
    sound: Line | Bell | None
    kind: str
    """Where it is silent."""
    voice: str
    segment: int
    roles: tuple[tuple[Role, int], ...]
    source: SourceRef
    breath: Breath | None = None
    """The part of a breath that begins here, as if the track began with it."""
    level: float = 0.0
    """Of what is said, in decibels above the script's voice."""
    round: int = 0
    """The how-manieth time its segment comes round, from 0."""

    @property
    def chapter(self) -> tuple[int, int]:
        """What it is in: a segment, and the how-manieth time that one comes round."""
        return self.segment, self.round


def moments(ladder: Ladder, rung: int, amounts: Amounts) -> tuple[Moment, ...]:
    """Return what a rung holds, in order, with the gaps between its sounds."""
    said = dict[tuple[object, ...], int]()
    every = list[Moment]()
    for index, (placed, gap) in enumerate(zip(ladder.placed, ladder.gaps, strict=True)):
        if placed.rung > rung:
            continue
        leaf, step = placed.leaf, placed.leaf.step
        found = list[Moment]()
        match step:
            case Breathe():
                found += _round(step, placed, amounts)
            case OneOf(variants):
                key = one_of_key(leaf)
                time = said[key] = said.get(key, -1) + 1
                found += _variant(variants[time % len(variants)], placed, amounts)
            case Line() | Bell() | Quiet():
                found.append(_moment(step, leaf.voice, leaf.level, placed, amounts, late=index in ladder.late))
            case _:
                assert_never(step)
        if gap and gap[0] <= rung:
            found.append(_gap(amounts.gap_of(gap[1]), placed, step.source))
        every += (replace(moment, round=placed.round) for moment in found) if placed.round else found
    return tuple(_inside_segments(every))


def said_on(ladder: Ladder, rung: int) -> dict[Saying, Line]:
    """Return every line that a rung says, once for each voice that says it, in order."""
    comings, found = dict[tuple[object, ...], int](), dict[Saying, Line]()
    for placed in ladder.placed:
        leaf, step = placed.leaf, placed.leaf.step
        if placed.rung > rung:
            continue
        said: Iterable[tuple[Step, str]]
        match step:
            case Breathe():
                cues = (phase.cue for phase in step.phases if phase.cue and spoken(step, placed.turn))
                said = ((cue, leaf.voice) for cue in cues)
            case OneOf(variants):
                key = one_of_key(leaf)
                comings[key] = comings.get(key, -1) + 1
                said = voiced(variants[comings[key] % len(variants)], leaf)
            case Line() | Bell() | Quiet():
                said = ((step, leaf.voice),)
            case _:
                assert_never(step)
        for each, voice in said:
            if isinstance(each, Line):
                found.setdefault((voice, each.pieces), each)
    return found


def voiced(variant: Group, leaf: Leaf) -> Iterator[tuple[Plain, str]]:
    """Yield the steps of a variant of a `one of`, each with the voice that says it."""
    for part in plain(variant):
        yield part, part.traits.voice or variant.traits.voice or leaf.voice


def _inside_segments(found: Sequence[Moment]) -> Iterator[Moment]:
    """Yield moments with those outside the segments in the one that comes next or, at the end, came before."""
    chapters = [moment.chapter for moment in found if moment.segment != OUTSIDE]
    last, ahead = chapters[-1] if chapters else (0, 0), iter(chapters)
    following = next(ahead, last)
    for moment in found:
        if moment.segment == OUTSIDE:
            yield replace(moment, segment=following[0], round=following[1])
        else:
            yield moment
            following = next(ahead, last)


def _moment(
    step: Plain, voice: str, level: float, placed: PlacedLeaf, amounts: Amounts, *, late: bool = False
) -> Moment:
    segment, roles = placed.leaf.segment, placed.roles
    match step:
        case Line():
            time = amounts.line(step, voice)
            return Moment(time, step, "pause", voice, segment, roles, step.source, level=level)
        case Bell():
            time = amounts.bells[step.strike].samples if step.wait or late else 0
            return Moment(time, step, "pause", voice, segment, roles, step.source)
        case Quiet():
            return Moment(step.time, None, step.kind, voice, segment, roles, step.source)
        case _:
            assert_never(step)


def _gap(glue: Glue, placed: PlacedLeaf, source: SourceRef) -> Moment:
    return Moment(glue, None, "pause", placed.leaf.voice, placed.leaf.segment, placed.roles, source)


def _variant(variant: Group, placed: PlacedLeaf, amounts: Amounts) -> Iterator[Moment]:
    leaf, before = placed.leaf, False
    for part, voice in voiced(variant, leaf):
        if before and part.sounds:
            yield _gap(amounts.gap_of(leaf.keep), placed, part.source)
        level = leaf.level + part.traits.level + variant.traits.level
        moment = _moment(part, voice, level, placed, amounts)
        time = moment.time
        yield replace(moment, time=kept(time)) if leaf.keep and isinstance(time, Glue) else moment
        before = part.sounds


def _round(breathe: Breathe, placed: PlacedLeaf, amounts: Amounts) -> Iterator[Moment]:
    """Yield a round of breathing: each count begins with its cue, where it is said, and is silent to its end."""
    leaf = placed.leaf
    for phase, (samples, cue) in zip(breathe.phases, amounts.round(breathe, leaf.voice, placed.turn), strict=True):
        begins = Breath(0, max(samples, cue), phase.name, breathe.source, breathe.tone)
        inherited = leaf.voice, leaf.segment, placed.roles
        if phase.cue and cue:
            yield Moment(cue, phase.cue, "breath", *inherited, phase.cue.source, begins, leaf.level)
        if samples > cue:
            yield Moment(samples - cue, None, "breath", *inherited, breathe.source, None if cue else begins)
