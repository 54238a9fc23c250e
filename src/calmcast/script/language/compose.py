"""A script that names segments -> one that holds them: every `SegmentRef` and `Use` replaced by its steps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import assert_never

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Option, Script, Segment, SegmentRef
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Quiet, Step, Use
from calmcast.model.traits import Traits
from calmcast.script.language.fields import warning
from calmcast.script.language.muted import without_step_bells
from calmcast.script.language.options import merged

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
    composer = _Composer(fetch, missing, script.allow)
    segments = tuple(segment for item in script.segments if (segment := composer.segment(item)))
    way_out = composer.segment(script.way_out) if script.way_out else None
    options, problems = merged(script.options, composer.options)
    composed = replace(script, segments=segments, way_out=way_out, options=options)
    composed = composed if script.bells.steps else without_step_bells(composed)
    return composed, (*composer.problems, *problems)


@dataclass(slots=True)
class _Composer:
    fetch: Fetch
    missing: Missing
    allow: tuple[tuple[str, str], ...]
    """The warnings that the script does not want."""
    problems: list[Problem] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    """The names of the segments that are being resolved, outermost first."""
    resolved: dict[str, tuple[tuple[Step, ...], int]] = field(default_factory=dict)
    """The steps of each segment already resolved, and how many they come to."""
    options: list[Option] = field(default_factory=list)
    """Of every segment that is used, in the order of use."""
    steps: int = 0
    """How many steps the script has come to so far."""

    def segment(self, item: Segment | SegmentRef) -> Segment | None:
        if isinstance(item, Segment):
            self.options += item.options
            steps, count = self.resolve(item.steps)
            return replace(item, steps=self.added(steps, count, item.source))
        found = self.fetch(item.segment)
        steps, count = self.named(item.segment, item.source)
        steps = self.added(steps, count, item.source)
        if found is None:
            return None
        bed = found.bed if item.bed is None else item.bed
        return replace(found, steps=steps, traits=self.merged(found.traits, item), bed=bed)

    def merged(self, own: Traits, item: SegmentRef | Use) -> Traits:
        """Return a segment's own traits with what the place that uses it adds."""
        traits = _merged(own, item.traits)
        loose = traits.repeat and traits.repeat.least != traits.repeat.most
        if own.keep and (traits.rank is not None or traits.since is not None or loose):
            message = f"the segment `{item.segment}` is kept, so it cannot come and go here"
            hint = "leave out optional, from or repeat, or keep: yes in the segment"
            self.problems.append(Problem("keep-or-drop", message, item.source, hint))
        return traits

    def added(self, steps: tuple[Step, ...], count: int, source: SourceRef) -> tuple[Step, ...]:
        """Count steps, and return them; none once there are too many, so that nobody looks at a million of them."""
        if self.steps <= MOST_STEPS < self.steps + count:
            message = f"with this, the script comes to more than {MOST_STEPS} steps"
            self.problems.append(Problem("too-many-steps", message, source, "make two scripts of it"))
        self.steps += count
        return steps if self.steps <= MOST_STEPS else ()

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
            self.options += found.options
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
        match step:
            case Use():
                return self.used(step)
            case Group():
                return self.group(step)
            case Quiet():
                if step.check is None:
                    return step, 1
                check, count = self.used(step.check) if isinstance(step.check, Use) else self.group(step.check)
                return replace(step, check=check), count + 1
            case OneOf():
                return step, sum(len(variant.steps) for variant in step.variants)
            case Line() | Bell() | Breathe():
                return step, 1
            case _:
                assert_never(step)

    def group(self, group: Group) -> tuple[Group, int]:
        steps, count = self.resolve(group.steps)
        return replace(group, steps=steps), count

    def used(self, use: Use) -> tuple[Group, int]:
        """Return the steps of a segment that another uses, and their number."""
        found = self.fetch(use.segment)
        steps, count = self.named(use.segment, use.source)
        traits = self.merged(found.traits if found else Traits(), use)
        if found and found.bed and "lost-bed" not in dict((*traits.allow, *self.allow)):
            message = f"the bed of the segment `{use.segment}` is not heard where it is a part of another"
            self.problems.append(warning("lost-bed", message, use.source, "give the bed to the segment around it"))
        return Group(steps, traits, use.source), count


def _merged(own: Traits, given: Traits) -> Traits:
    """Return a segment's own traits with what the place that uses it adds."""
    voice = given if given.voice else own
    since = [traits.since for traits in (own, given) if traits.since is not None]
    return Traits(
        keep=own.keep or given.keep,
        voice=voice.voice,
        id=given.id or own.id,
        when=(*own.when, *given.when),
        since=max(since, default=None),
        rank=own.rank if given.rank is None else given.rank,
        repeat=given.repeat or own.repeat,
        level=own.level + given.level,
        role=given.role or own.role,
        allow=(*own.allow, *given.allow),
        untranslated=own.untranslated or given.untranslated,
        voice_source=voice.voice_source,
    )
