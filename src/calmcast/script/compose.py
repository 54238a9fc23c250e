"""A script that names segments -> one that holds them: every `SegmentRef` and `Use` replaced by its steps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Group, Script, Segment, SegmentRef, Step, Traits, Use

DEEPEST = 12
"""A segment may use another that uses another, no further down than this."""
MOST_STEPS = 20_000
"""A script that comes to more steps than this is refused."""

Fetch = Callable[[str], Segment | None]
"""Returns the segment of a name, or None where it is missing or too broken to build."""
Missing = Callable[[str, SourceRef], Problem | None]
"""Returns the problem of a name with no segment, or None where what is wrong was already said."""


def compose(script: Script, fetch: Fetch, missing: Missing) -> tuple[Script, tuple[Problem, ...]]:
    """Return the script with every segment in its place, and the problems of those that cannot be.

    A segment that uses itself, directly or through others, is a problem that shows the whole circle.
    """
    composer = _Composer(fetch, missing)
    segments = tuple(segment for item in script.segments if (segment := composer.segment(item)))
    return replace(script, segments=segments), tuple(composer.problems)


@dataclass(slots=True)
class _Composer:
    fetch: Fetch
    missing: Missing
    problems: list[Problem] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    """The names of the segments that are being resolved, outermost first."""
    resolved: dict[str, tuple[tuple[Step, ...], int]] = field(default_factory=dict)
    """The steps of each segment already resolved, and how many they come to."""
    steps: int = 0
    """How many steps the script has come to so far."""

    def segment(self, item: Segment | SegmentRef) -> Segment | None:
        if isinstance(item, Segment):
            steps, count = self.resolve(item.steps)
            self.add(count, item.source)
            return replace(item, steps=steps)
        found = self.fetch(item.segment)
        steps, count = self.named(item.segment, item.source)
        self.add(count, item.source)
        return replace(found, steps=steps, traits=_merged(found.traits, item.traits)) if found else None

    def add(self, count: int, source: SourceRef) -> None:
        if self.steps <= MOST_STEPS < self.steps + count:
            message = f"with this, the script comes to more than {MOST_STEPS} steps"
            self.problems.append(Problem("too-many-steps", message, source, "make two scripts of it"))
        self.steps += count

    def named(self, name: str, source: SourceRef) -> tuple[tuple[Step, ...], int]:
        """Return the resolved steps of a segment by name and their number; none where it cannot be had."""
        if len(self.path) == DEEPEST:
            message = f"segments use each other more than {DEEPEST} deep"
            self.problems.append(Problem("too-deep", message, source, "put the steps where they are used"))
            return (), 0
        if name in self.path:
            circle = " uses ".join(f"`{each}`" for each in (*self.path[self.path.index(name) :], name))
            hint = "take one of these `use` steps out"
            self.problems.append(Problem("circle", f"segments use each other in a circle: {circle}", source, hint))
            return (), 0
        if name not in self.resolved:
            found = self.fetch(name)
            if found is None:
                if problem := self.missing(name, source):
                    self.problems.append(problem)
                return (), 0
            self.path.append(name)
            self.resolved[name] = self.resolve(found.steps)
            self.path.pop()
        return self.resolved[name]

    def resolve(self, steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], int]:
        total, result = 0, list[Step]()
        for step in steps:
            resolved, count = self.step(step)
            result.append(resolved)
            total += count
        return tuple(result), total

    def step(self, step: Step) -> tuple[Step, int]:
        if isinstance(step, Group):
            steps, count = self.resolve(step.steps)
            return replace(step, steps=steps), count
        if isinstance(step, Use):
            found = self.fetch(step.segment)
            steps, count = self.named(step.segment, step.source)
            return Group(steps, _merged(found.traits if found else Traits(), step.traits), step.source), count
        return step, 1


def _merged(own: Traits, given: Traits) -> Traits:
    """Return a segment's own traits with what the place that uses it adds."""
    voice = given if given.voice else own
    return Traits(own.keep or given.keep, voice.voice, given.id or own.id, voice.voice_source)
