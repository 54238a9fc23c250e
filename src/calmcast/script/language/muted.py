"""A script without the bells among its steps."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from calmcast.model.script import Script, Segment, SegmentRef
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Quiet, Step, Use
from calmcast.model.traits import Traits


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
    match step:
        case Group():
            return replace(step, steps=_quiet(step.steps))
        case OneOf():
            nothing = (Quiet("hold", 0, Traits(), step.source),)
            return replace(step, variants=tuple(replace(v, steps=_quiet(v.steps) or nothing) for v in step.variants))
        case Quiet():
            check = replace(step.check, steps=_quiet(step.check.steps)) if isinstance(step.check, Group) else step.check
            return replace(step, check=check)
        case Line() | Bell() | Breathe() | Use():
            return step
        case _:
            assert_never(step)
