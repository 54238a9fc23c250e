"""A composed script -> the flat sequence of its moments: what sounds or is silent, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from calmcast.model.script import Bell, Glue, Group, Hold, Line, Pause, Rest, Script, Segment, Step


@dataclass(frozen=True, slots=True)
class Moment:
    """One step in its place, with what it inherits from around it."""

    step: Line | Bell | Pause | Hold | Rest
    voice: str
    """The name of the voice profile that speaks here."""
    segment: int
    """Which segment of the script it belongs to, from 0."""
    keep: bool
    """Whether it, or something it is inside of, is kept as it is."""

    @property
    def sounds(self) -> bool:
        return isinstance(self.step, Line | Bell)


def sequence(script: Script) -> tuple[Moment, ...]:
    """Return the moments of a composed script in order, with its gap between sounds that nothing separates.

    Silences inside anything marked `keep` get their natural length as their least.
    """
    moments = list[Moment]()
    for index, segment in enumerate(script.segments):
        if not isinstance(segment, Segment):
            raise TypeError(f"segment {segment.segment!r} is not composed yet")
        voice = segment.traits.voice or script.voice
        for moment in _flat(segment.steps, index, voice, segment.traits.keep):
            if moments and moments[-1].sounds and moment.sounds:
                moments.append(_gap(script.gap, moments[-1], moment))
            moments.append(moment)
    return tuple(moments)


def _flat(steps: tuple[Step, ...], segment: int, voice: str, keep: bool) -> Iterator[Moment]:
    for step in steps:
        own_voice, own_keep = step.traits.voice or voice, keep or step.traits.keep
        if isinstance(step, Group):
            yield from _flat(step.steps, segment, own_voice, own_keep)
        elif isinstance(step, Pause | Rest) and own_keep:
            yield Moment(replace(step, glue=_kept(step.glue)), own_voice, segment, own_keep)
        elif isinstance(step, Line | Bell | Pause | Hold | Rest):
            yield Moment(step, own_voice, segment, own_keep)
        else:
            raise TypeError(f"segment {step.segment!r} is not composed yet")


def _kept(glue: Glue) -> Glue:
    return replace(glue, least=glue.natural)


def _gap(gap: Glue, before: Moment, after: Moment) -> Moment:
    """Return the silence between two sounds; it belongs to the segment of the first."""
    keep = before.keep and after.keep
    step = Pause(_kept(gap) if keep else gap, before.step.traits, after.step.source)
    return Moment(step, before.voice, before.segment, keep)
