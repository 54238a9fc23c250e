"""What whoever makes a track wants otherwise than its script says: another bed, no bells, two channels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from calmcast.model.script import Bell, Bells, Group, Hold, OneOf, Rest, Script, Segment, Step
from calmcast.model.sound import Bed, BedSound


@dataclass(frozen=True, slots=True)
class Overrides:
    """Wishes about a track's sound."""

    bed: Bed | None = None
    """None: as the script says. Parts whose bed is none stay without one."""
    bells: bool = True
    """False: none."""
    stereo: bool | None = None
    """None: as the script says."""


AS_WRITTEN = Overrides()


def overridden(script: Script, wishes: Overrides) -> Script:
    """Return a composed and settled script as somebody wants it."""
    if wishes.bed:
        script = _with_bed(script, wishes.bed.made_of)
    if wishes.stereo is not None:
        script = replace(script, stereo=wishes.stereo)
    return script if wishes.bells else _without_bells(script)


def _with_bed(script: Script, made_of: BedSound | None) -> Script:
    def changed(bed: Bed | None) -> Bed | None:
        return replace(bed, made_of=made_of) if bed and bed.made_of else bed

    segments = (replace(s, bed=changed(s.bed)) for s in script.segments)
    bed = replace(script.bed or Bed(None), made_of=made_of)
    return replace(script, bed=bed, segments=tuple(segments))


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
