"""What verifying finds: data, one finding for each thing that was looked at, or for each place where it is off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from calmcast.text import counted

Severity = Literal["ok", "off"]

MOST = 12
"""Of one check, so many places are told one by one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at: as it should be, or off."""

    name: str
    """What was looked at: `length`, `speech`, `clicks`."""
    severity: Severity
    expected: str
    found: str
    at: int | None = None
    """Where in the track, in samples at 44 100 Hz; None: in all of it, or not in the sound."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where something is off."""

    found: str
    at: int | None = None


def judged(name: str, expected: str, found: str, *, well: bool, at: int | None = None) -> Finding:
    """Return the finding of a check that has one answer."""
    return Finding(name, "ok" if well else "off", expected, found, None if well else at)


def told(name: str, expected: str, faults: Sequence[Fault], otherwise: str) -> tuple[Finding, ...]:
    """Return the findings of a check that may fail in many places, `otherwise` being what is found where none is off.

    Of more than MOST faults the first are told, and then how many there are.
    """
    if not faults:
        return (Finding(name, "ok", expected, otherwise),)
    shown = tuple(Finding(name, "off", expected, fault.found, fault.at) for fault in faults[:MOST])
    if left := faults[MOST:]:
        what = f"the same in {counted(len(left), 'more place')}"
        shown += (Finding(name, "off", expected, what, left[0].at),)
    return shown
