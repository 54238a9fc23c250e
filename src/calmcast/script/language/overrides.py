"""What whoever makes a track wants otherwise than its script says: another bed, no bells, two channels."""

from dataclasses import dataclass, replace

from calmcast.model.script import Bells, Script
from calmcast.model.sound import Bed
from calmcast.script.language.muted import without_step_bells


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
    return script if wishes.bells else without_step_bells(replace(script, bells=Bells(steps=False)))


def _with_bed(script: Script, wanted: Bed, *, levels: bool) -> Script:
    def changed(bed: Bed) -> Bed:
        return wanted if levels else replace(bed, made_of=wanted.made_of)

    segments = (replace(s, bed=changed(s.bed)) if s.bed and s.bed.made_of else s for s in script.segments)
    return replace(script, bed=changed(script.bed or Bed(None)), segments=tuple(segments))
