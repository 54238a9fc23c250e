"""Bells, beds and breath tones in words, as a comparison of scripts shows them: what differs reads differently."""

from calmcast.model.script import Bells, TimedBell
from calmcast.model.sound import Bed, BreathTone
from calmcast.model.steps import Bell
from calmcast.units import format_length


def bed_in_words(bed: Bed | None) -> str:
    """Return `rain (-22 dB, dip 6 dB)`; nothing for no bed."""
    if bed is None or bed.made_of is None:
        return ""
    made = bed.made_of
    details = [f"{bed.level:g} dB", f"dip {bed.dip:g} dB"]
    details += [f"key {made.key}"] if made.key else []
    details += [f"seed {made.seed}"] if made.seed != 1 else []
    return f"{made.file or made.sound} ({', '.join(details)})"


def bell_in_words(bell: Bell, *, timed: bool = False) -> str:
    """Return `soft`, or `bowl (A3, 20 s, -6 dB, rings on)`; one that rings by the clock, `timed`, always rings on."""
    strike = bell.strike
    details = [strike.pitch or "", format_length(strike.length) if strike.length else ""]
    details += [f"{bell.level:+g} dB" if bell.level else ""]
    details += [] if bell.wait or timed else ["rings on"]
    said = ", ".join(filter(None, details))
    return (strike.file or strike.sound) + (f" ({said})" if said else "")


def bells_in_words(bells: Bells) -> str:
    """Return `start: bowl; every 5 min: tingsha`; nothing for none."""
    of_parts = (("start", bells.start), ("end", bells.end), ("between", bells.between))
    said = [f"{when}: {bell_in_words(bell)}" for when, bell in of_parts if bell]
    said += [f"{_time(timed)}: {bell_in_words(timed.bell, timed=True)}" for timed in bells.timed]
    return "; ".join([*said, *([] if bells.steps else ["none among the steps"])])


def tone_in_words(tone: BreathTone) -> str:
    """Return `swell (-14 dB, key D)`."""
    return f"{tone.sound} ({tone.level:g} dB, key {tone.key})"


def _time(timed: TimedBell) -> str:
    if timed.every is not None:
        return f"every {format_length(timed.every)}"
    if timed.share is not None:
        return f"at {100 * timed.share:g} %"
    at = timed.at or 0
    return f"{format_length(-at)} before the end" if at < 0 else f"at {format_length(at)}"
