"""What belongs together, and comes apart at some length: a hold without its release, in without out.

A script's contents form one ladder: a line is there from some rung on. Two lines come and go together just where the
same parts around them come and go (`optional`, `from`, `repeat: 0 or more`); so all rungs are looked at, at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from calmcast.model.script import Script, Segment
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Quiet, Step, Use
from calmcast.model.traits import Traits
from calmcast.script.language.fields import warning
from calmcast.script.language.pairs import Link, links
from calmcast.script.lint.placed import Finding, PlacedPart, is_english, loosened, placed
from calmcast.text import shorten

Gate = int | tuple[str, int | None]
"""What comes and goes, by a number of its own, or by the length from which on it is there."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A line, and what comes and goes around it."""

    line: Line
    gates: frozenset[Gate]


def check_pairs(script: Script) -> Iterator[Finding]:
    """Yield the lines that some length leaves without the one that undoes them, or which they undo."""
    if not is_english(script):
        return
    said = [each for segment in script.chapters for each in _of_segment(segment)]
    where = {id(each.part): each for each in placed(script)}
    for link in links([each.line.text for each in said]):
        if link.is_sure and (found := _apart(link, said[link.first], said[link.second], where)):
            yield found


def _of_segment(segment: Segment) -> Iterator[_Said]:
    return _inside(segment.steps, _gates(segment, segment.traits, frozenset()))


def _inside(steps: Iterable[Step], gates: frozenset[Gate]) -> Iterator[_Said]:
    """Yield the lines among steps; the ways of a `one of`, the words of a breath and checks stand for themselves."""
    for step in steps:
        match step:
            case Line():
                yield _Said(step, _gates(step, step.traits, gates))
            case Group():
                yield from _inside(step.steps, _gates(step, step.traits, gates))
            case OneOf() | Breathe() | Quiet() | Bell() | Use():
                pass
            case _:
                assert_never(step)


def _gates(part: Segment | Step, traits: Traits, around: frozenset[Gate]) -> frozenset[Gate]:
    """Return what a part adds to the gates around it; parts of one `from` come at one length."""
    if not loosened(traits):
        return around
    only_from = traits.since is not None and traits.rank is None and traits.repeat is None
    return around | {("from", traits.since) if only_from else id(part)}


def _apart(link: Link, first: _Said, second: _Said, where: dict[int, PlacedPart]) -> Finding | None:
    """Return what to say of two lines of which one can be heard without the other; None: neither can."""
    if first.gates == second.gates:
        return None
    lone, missing = (second, first) if first.gates > second.gates else (first, second)
    what = "undoes it" if lone is first else "it undoes"
    message = f"some lengths have this without `{shorten(missing.line.text)}`, which {what} ({link.name})"
    line = missing.line.source.line
    hint = (
        f"let both come and go together, in one group: - {{optional: yes, steps: [...]}}; the other is in line {line}"
    )
    return where.get(id(lone.line)), warning("open-pair", message, lone.line.source, hint)
