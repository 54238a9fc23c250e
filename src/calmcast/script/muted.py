"""A script without the bells among its steps."""

from collections.abc import Iterable
from dataclasses import replace

from calmcast.model.script import Bell, Group, OneOf, Quiet, Script, Segment, SegmentRef, Step


def without_step_bells(script: Script) -> Script:
    """Return a composed script in which no bell among the steps rings."""
    way_out = _muted_segment(script.way_out) if script.way_out else None
    return replace(script, segments=tuple(map(_muted_segment, script.segments)), way_out=way_out)


def _muted_segment(segment: Segment | SegmentRef) -> Segment | SegmentRef:
    return replace(segment, steps=_quiet(segment.steps)) if isinstance(segment, Segment) else segment


def _quiet(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps without bells."""
    return tuple(_muted(step) for step in steps if not isinstance(step, Bell))


def _muted(step: Step) -> Step:
    """Return a step without the bells inside it; the next of a `one of` that was a bell is nothing."""
    if isinstance(step, Group):
        return replace(step, steps=_quiet(step.steps))
    if isinstance(step, Quiet) and isinstance(step.check, Group):
        return replace(step, check=replace(step.check, steps=_quiet(step.check.steps)))
    if isinstance(step, OneOf):
        variants = (
            replace(v, steps=_quiet(v.steps) or (Quiet("hold", 0, v.traits, v.source),)) if isinstance(v, Group) else v
            for v in step.steps
        )
        return replace(step, steps=tuple(variants))
    return step
