"""Whether what sounds besides the voice can sound here, and leaves the words to be heard."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Script, every_step
from calmcast.model.sound import Bed, BedSound, Strike
from calmcast.model.steps import Bell
from calmcast.script.language.fields import warning
from calmcast.script.lint.placed import Finding, PlacedPart, lines
from calmcast.units import SAMPLE_RATE, format_length

Fault = tuple[str, str | None]
"""What is wrong with a sound, and what to do about it."""

LOUDEST_BED = -12.0
"""Under words a bed is at most this loud, in decibels relative to the voice."""
SOFTEST_WORDS, LOUDEST_WORDS = -20.0, 6.0
"""How far from the script's voice levels may add up to, in decibels."""
OFTEN = 30 * SAMPLE_RATE
"""A bell that comes round sooner than this, in samples, disturbs."""


def check_sounds(
    script: Script, strike_fault: Callable[[Strike], Fault | None], bed_fault: Callable[[BedSound], Fault | None]
) -> tuple[Problem, ...]:
    """Return a problem for each bell and each bed of a composed script that cannot sound, at its place.

    The functions say what is wrong with one, or None; each is asked once of each sound.
    """
    bells = cache(strike_fault)
    found = [
        Problem("no-such-bell", *_told(fault, bell)) for bell in every_bell(script) if (fault := bells(bell.strike))
    ]
    return tuple(dict.fromkeys([*found, *check_every_bed(_every_bed(script), cache(bed_fault))]))


def check_every_bed(beds: Iterable[Bed], bed_fault: Callable[[BedSound], Fault | None]) -> Iterator[Problem]:
    """Yield a problem for each bed that cannot sound, at its place; `bed_fault` as for `check_sounds`."""
    for bed in beds:
        if bed.made_of and (fault := bed_fault(bed.made_of)):
            yield Problem("no-such-bed", *_told(fault, bed))


def every_bell(script: Script) -> Iterator[Bell]:
    """Yield every bell that a composed script can ring: those of the whole track, then those among its steps."""
    whole = (script.bells.start, script.bells.end, script.bells.between, *(each.bell for each in script.bells.timed))
    yield from (bell for bell in whole if bell)
    yield from (step for step in every_step(script) if isinstance(step, Bell))


def check_beds(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Words are heard over their bed."""
    hint = "a bed of level: -22 dB with a dip: 6 dB leaves the words clear"
    for each, _ in lines(parts):
        if each.bed and each.bed.level - each.bed.dip > LOUDEST_BED:
            softer = each.bed.dip - each.bed.level
            message = f"under words this bed is only {softer:g} dB softer than the voice, and they may be lost in it"
            yield each, warning("loud-bed", message, each.bed.source, hint)


def check_levels(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Levels that add up stay where words are heard, and do not startle."""
    for each, line in lines(parts):
        if not SOFTEST_WORDS <= each.level <= LOUDEST_WORDS:
            how = f"{abs(each.level):g} dB {'softer' if each.level < 0 else 'louder'}"
            message = f"with the levels around it, this line is {how} than the voice"
            yield each, warning("far-level", message, line.source, "take one of the levels away")


def check_clock_bells(script: Script) -> Iterator[Finding]:
    """Bells leave time to rest between them."""
    for timed in script.bells.timed:
        if timed.every is not None and timed.every < OFTEN:
            message = f"a bell every {format_length(timed.every)} leaves little rest"
            yield None, warning("many-bells", message, timed.bell.source, "write every: {time: 5 min, sound: soft}")


def _every_bed(script: Script) -> Iterator[Bed]:
    beds = (script.bed, *(segment.bed for segment in script.composed))
    yield from (bed for bed in beds if bed)


def _told(fault: Fault, sound: Bell | Bed) -> tuple[str, SourceRef, str | None]:
    return fault[0], sound.source, fault[1]
