"""What whoever makes a track wants otherwise than its script says: another bed, no bells, two channels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from calmcast.model.script import Bell, Bells, Group, Hold, OneOf, Rest, Script, Segment, Step
from calmcast.model.sound import Bed


@dataclass(frozen=True, slots=True)
class Overrides:
    """Wishes about a track's sound."""

    bed: Bed | None = None
    """None: as the script says. Parts whose bed is none stay without one."""
    bells: bool = True
    """False: none."""
    stereo: bool | None = None
    """None: as the script says."""
    bed_levels: bool = False
    """Whether the bed brings its level and its dip along; else those of the script's own bed stay."""


AS_WRITTEN = Overrides()


def overridden(script: Script, wishes: Overrides) -> Script:
    """Return a composed and settled script as somebody wants it."""
    if wishes.bed:
        script = _with_bed(script, wishes.bed, levels=wishes.bed_levels)
    if wishes.stereo is not None:
        script = replace(script, stereo=wishes.stereo)
    return script if wishes.bells else _without_bells(script)


def _with_bed(script: Script, wanted: Bed, *, levels: bool) -> Script:
    def changed(bed: Bed) -> Bed:
        return wanted if levels else replace(bed, made_of=wanted.made_of)

    segments = (replace(s, bed=changed(s.bed)) if s.bed and s.bed.made_of else s for s in script.segments)
    return replace(script, bed=changed(script.bed or Bed(None)), segments=tuple(segments))


def _without_bells(script: Script) -> Script:
    segments = (replace(s, steps=_quiet(s.steps)) if isinstance(s, Segment) else s for s in script.segments)
    return replace(script, bells=Bells(), segments=tuple(segments))


def _quiet(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps without bells."""
    return tuple(_muted(step) for step in steps if not isinstance(step, Bell))


def _muted(step: Step) -> Step:
    """Return a step without the bells inside it; the next of a `one of` that was a bell is nothing."""
    if isinstance(step, Group):
        return replace(step, steps=_quiet(step.steps))
    if isinstance(step, Rest) and isinstance(step.check, Group):
        return replace(step, check=replace(step.check, steps=_quiet(step.check.steps)))
    if isinstance(step, OneOf):
        variants = (
            replace(v, steps=_quiet(v.steps) or (Hold(0, v.traits, v.source),)) if isinstance(v, Group) else v
            for v in step.steps
        )
        return replace(step, steps=tuple(variants))
    return step
