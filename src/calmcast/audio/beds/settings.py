"""What can be chosen about a bed."""

import re
from dataclasses import dataclass

from calmcast.units import UnitError

_KEY = re.compile(r"([A-G])([#♯B♭]?)", re.IGNORECASE)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "B": -1, "♭": -1}
_LOWEST = 4
"""Roots lie in the octave from E2 up: low, and still there on a small loudspeaker."""


@dataclass(frozen=True, slots=True)
class BedSettings:
    """A bed's settings. Raises UnitError, a ValueError, for a key that is none."""

    key: str = "D"
    """The note that drone and pad are built on: A to G, with # or b. Other beds have no key."""

    def __post_init__(self) -> None:
        root_hz(self.key)


def root_hz(key: str) -> float:
    """Return the Hz of a key's root, from 82.4 (E2) to 155.6 (D#3). Raises UnitError for what is no key.

    Equal temperament with A4 = 440 Hz (ISO 16).
    """
    written = _KEY.fullmatch(key.strip())
    if not written:
        raise UnitError(f"`{key.strip()}` is not a key", "write a note from A to G, with # or b if you like: D, F#, Bb")
    letter, accidental = written.groups()
    above = (_SEMITONES[letter.upper()] + _ACCIDENTALS[accidental.upper()] - _LOWEST) % 12
    return float(440.0 * 2.0 ** ((above + _LOWEST - 33) / 12))
