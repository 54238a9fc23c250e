"""What is too high or too sharp: the true peak, clipping, clicks."""

import math

from calmcast.model.timeline import BedSpan
from calmcast.units import SAMPLE_RATE
from calmcast.verify.clicks import Click
from calmcast.verify.described import Described
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.measure import Measured

_ONE_CLICK = SAMPLE_RATE // 20
"""Clicks nearer to each other are one."""


def heights(described: Described, measured: Measured) -> tuple[Finding, ...]:
    """Return what there is to say of a track's peak, of clipping and of clicks."""
    ceiling = described.true_peak_dbtp
    peak = 20.0 * math.log10(measured.peak) if measured.peak > 0.0 else -math.inf
    clipped = [Fault("the sound is cut off at full scale", at) for at in measured.clipped]
    return (
        judged(
            "true peak",
            f"at most {ceiling:.1f} dBTP",
            f"{peak:.1f} dBTP" if peak > -math.inf else "silence",
            well=peak <= ceiling,
            at=measured.peak_at,
        ),
        *told("clipping", "none", clipped, "none"),
        *told("clicks", "none", _clicks(measured.clicks, described.timeline.beds), "none"),
    )


def _clicks(clicks: tuple[Click, ...], beds: tuple[BedSpan, ...]) -> list[Fault]:
    """Return the clicks that are faults. A bed from a file may crackle by itself, as a fire does."""
    files = [(bed.start, bed.end) for bed in beds if bed.made_of.file]
    faults = list[Fault]()
    for click in clicks:
        if not click.is_at_edge and any(start <= click.at < end for start, end in files):
            continue
        if not faults or click.at - (faults[-1].at or 0) > _ONE_CLICK:
            place = " where a sound begins or ends" if click.is_at_edge else ""
            faults.append(Fault(f"a click{place}", click.at))
    return faults
