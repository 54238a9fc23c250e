"""A composed script as the checks see it: every step with what holds for it because of where it stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.model.script import Script, Segment
from calmcast.model.sound import Bed
from calmcast.model.steps import Group, Line, Step, inside
from calmcast.model.traits import Condition, Role, Traits


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A segment, a step, or the words of a breath, and what it and the parts around it carry."""

    part: Segment | Step
    allowed: frozenset[str]
    """Codes of warnings that are not wanted here."""
    asks: frozenset[str]
    """Options whose values this depends on."""
    roles: frozenset[Role]
    loose: str | None
    """What makes a part around it come and go: `optional`, `from`, `repeat`; None: nothing does."""
    untranslated: bool
    bed: Bed | None
    """What sounds under it; None: nothing."""
    level: float
    """How much louder than the script's voice its words are, with all that is around it, in decibels."""
    english: bool
    """Whether the rules for English words hold."""
    in_track: bool
    """False: it is heard in the way out alone."""

    @property
    def source(self) -> SourceRef:
        return self.part.source


MOST_LOOKED_AT = 10_000
"""Characters of a line that the checks of its words look at; what is longer is a slip, not a line."""
Finding = tuple[PlacedPart | None, Problem]
"""A problem and where it was found; None: it is of the whole script."""


_latest: tuple[Script | None, tuple[PlacedPart, ...]] = None, ()
"""The checks of a script follow each other, and each wants its parts: those of the last one are kept."""


def placed(script: Script) -> tuple[PlacedPart, ...]:
    """Return every part of a composed script in order, each before what is inside it; its way out at the end."""
    global _latest  # noqa: PLW0603
    of, parts = _latest
    if of is not script:
        parts = tuple(_placed(script))
        _latest = script, parts
    return parts


def _placed(script: Script) -> Iterator[PlacedPart]:
    allowed = frozenset(code for code, _ in script.allow)
    nothing = Group((), Traits(), script.source)
    asks, roles, bed = frozenset[str](), frozenset[Role](), _sounding(script.bed)
    around = PlacedPart(nothing, allowed, asks, roles, None, False, bed, 0.0, is_english(script), in_track=True)
    for segment in script.chapters:
        yield from _inside(segment, around)
    if isinstance(script.way_out, Segment):
        yield from _inside(script.way_out, replace(around, in_track=False))


def placed_in_track(script: Script) -> tuple[PlacedPart, ...]:
    """Return the parts of its track alone, without its way out."""
    return tuple(each for each in placed(script) if each.in_track)


def lines(parts: Iterable[PlacedPart]) -> Iterator[tuple[PlacedPart, Line]]:
    """Yield the lines among the parts."""
    for each in parts:
        if isinstance(each.part, Line):
            yield each, each.part


def wanted(findings: Iterable[Finding], parts: Iterable[PlacedPart]) -> tuple[Problem, ...]:
    """Return the problems that nobody allowed, each once. Errors cannot be allowed.

    What concerns the whole script is allowed by any of its parts.
    """
    anywhere = allowed_anywhere(parts)
    kept = (
        problem
        for where, problem in findings
        if problem.severity is Severity.ERROR or problem.code not in (where.allowed if where else anywhere)
    )
    return tuple(dict.fromkeys(kept))


def allowed_anywhere(parts: Iterable[PlacedPart]) -> frozenset[str]:
    """Return the codes that any part allows."""
    return frozenset[str]().union(*(each.allowed for each in parts))


def is_english(script: Script) -> bool:
    """Return whether the rules for English words hold."""
    return script.language.casefold().split("-")[0] == "en"


def place_of(line: Line, start: int, end: int) -> SourceRef:
    """Return where the characters from `start` to `end` of a line's text stand in its file.

    Where they cannot be found in the line's first row as written, the whole line's place comes back.
    """
    words = line.text[start:end].split()
    if not words:
        return line.source
    before = sum(1 for _ in _found(words, line.text[:start]))
    source = line.source
    for first, last in _found(words, source.excerpt, source.column - 1):
        if before == 0:
            return replace(source, column=first + 1, width=last - first)
        before -= 1
    return source


def _found(words: list[str], text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield from where to where these words stand in a text, with any white space between them."""
    if len(words) > 1:
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        yield from (match.span() for match in pattern.finditer(text, start))
        return
    # A pattern for each of thousands of numbers would take longer than all else.
    while (start := text.find(words[0], start)) >= 0:
        yield start, start + len(words[0])
        start += len(words[0])


def _inside(part: Segment | Step, around: PlacedPart) -> Iterator[PlacedPart]:
    here = _carried(part, around)
    yield here
    loose = loosened(part.traits)
    below = replace(here, loose=loose) if loose else here
    for step in part.steps if isinstance(part, Segment) else inside(part):
        yield from _inside(step, below)


def _carried(part: Segment | Step, around: PlacedPart) -> PlacedPart:
    traits = part.traits
    return PlacedPart(
        part,
        around.allowed.union(code for code, _ in traits.allow) if traits.allow else around.allowed,
        around.asks.union(*map(asked, traits.when)) if traits.when else around.asks,
        around.roles | {traits.role} if traits.role else around.roles,
        around.loose,
        around.untranslated or traits.untranslated,
        _sounding(part.bed) if isinstance(part, Segment) and part.bed else around.bed,
        around.level + traits.level,
        around.english,
        around.in_track,
    )


def _sounding(bed: Bed | None) -> Bed | None:
    return bed if bed and bed.made_of else None


def asked(condition: Condition) -> Iterator[str]:
    """Yield the names of the options that a condition asks for."""
    yield from (clause.option for clause in condition.clauses)
    if condition.unless:
        yield from asked(condition.unless)


def loosened(traits: Traits) -> str | None:
    """Return what makes a part come and go: `optional`, `from`, `repeat`; None where nothing does."""
    if traits.rank is not None:
        return "optional"
    if traits.since is not None:
        return "from"
    return "repeat" if traits.repeat and traits.repeat.least == 0 else None
