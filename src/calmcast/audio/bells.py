"""Bells by name: struck bodies whose partials each ring at their own pitch, level and decay."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from calmcast.errors import SoundError
from calmcast.model.sound import Strike
from calmcast.text import suggestion
from calmcast.units import SAMPLE_RATE, UnitError, format_length


@dataclass(frozen=True, slots=True)
class Partial:
    """One way in which the body rings."""

    ratio: float
    """Its frequency relative to the bell's."""
    level: float
    """Its level at the strike, in decibels relative to the lowest partial."""
    decay: float
    """Seconds in which it falls by 60 dB."""
    beat: float = 0.0
    """Beats a second. A body that is not quite round rings each partial as a pair, this many Hz apart."""


@dataclass(frozen=True, slots=True)
class BellSound:
    """A bell: what it is like, and how it is made."""

    about: str
    frequency: float
    """Of the lowest partial, in Hz."""
    strike: float
    """Seconds in which the sound comes up: the softer the mallet, the longer."""
    samples: int
    peak: float
    """The highest sample, in dBFS: well under a voice, so that no bell startles a person at rest."""
    pitches: tuple[str, str]
    """The lowest and the highest pitch that it can be given, as notes."""
    lengths: tuple[int, int]
    """The shortest and the longest that it can be made to ring, in samples."""
    partials: tuple[Partial, ...]
    damped: float = 0.25
    """The last share of its samples, over which what is left of it is brought down to nothing."""


# Ratios: a bowl's rim bends as a thin ring, whose modes n = 2, 3, 4, 5 lie at n(n^2 - 1) / sqrt(n^2 + 1), so at
# 1 : 2.83 : 5.42 : 8.77; a wooden bar free at both ends bends at 1 : 2.76 : 5.40 (both: N. H. Fletcher and
# T. D. Rossing, The Physics of Musical Instruments). Real bowls lie a little lower: one of 180 mm at 1 : 2.78 : 5.18 :
# 8.16 (modal frequency ratios in the appendix of the Csound manual). A handbell's second mode is tuned to three times
# its first, whose octave sounds along (T. D. Rossing and R. Perrin, Vibrations of Bells, Applied Acoustics 20, 1987).
# The other ratios of small bell and tingsha, and all levels, decays and beats, are designed for a calm sound.
BELLS: Mapping[str, BellSound] = MappingProxyType(
    {
        "soft": BellSound(
            about="a small bowl touched with a felt mallet: warm and round, gone after eight seconds",
            frequency=396.0,
            strike=0.030,
            samples=8 * SAMPLE_RATE,
            peak=-13.0,
            pitches=("A3", "A5"),
            lengths=(2 * SAMPLE_RATE, 30 * SAMPLE_RATE),
            partials=(
                Partial(1.0, 0.0, 7.0, beat=0.7),
                Partial(2.83, -15.0, 4.0, beat=1.1),
                Partial(5.42, -29.0, 1.8, beat=1.9),
            ),
        ),
        "bowl": BellSound(
            about="a large singing bowl: deep, slowly swaying, gone after twelve seconds",
            frequency=198.0,
            strike=0.040,
            samples=12 * SAMPLE_RATE,
            peak=-13.0,
            pitches=("A2", "A4"),
            lengths=(3 * SAMPLE_RATE, 60 * SAMPLE_RATE),
            partials=(
                Partial(1.0, 0.0, 11.0, beat=0.5),
                Partial(2.83, -6.0, 7.5, beat=0.9),
                Partial(5.42, -18.0, 4.0, beat=1.3),
                Partial(8.77, -32.0, 2.0, beat=2.1),
            ),
        ),
        "small": BellSound(
            about="a small bell struck lightly: clear and bright, gone after five seconds",
            frequency=1188.0,
            strike=0.012,
            samples=5 * SAMPLE_RATE,
            peak=-17.1,
            pitches=("A4", "A6"),
            lengths=(SAMPLE_RATE, 20 * SAMPLE_RATE),
            partials=(
                Partial(1.0, 0.0, 4.5, beat=0.8),
                Partial(2.0, -22.0, 2.2),
                Partial(3.0, -16.0, 2.0, beat=1.7),
                Partial(5.2, -30.0, 0.9, beat=2.6),
            ),
        ),
        "tingsha": BellSound(
            about="two small cymbals: high, clear and shimmering, gone after six seconds",
            frequency=2100.0,
            strike=0.008,
            samples=6 * SAMPLE_RATE,
            peak=-20.0,
            pitches=("A5", "A7"),
            lengths=(SAMPLE_RATE, 20 * SAMPLE_RATE),
            partials=(
                Partial(1.0, 0.0, 5.0, beat=5.2),
                Partial(2.31, -20.0, 2.2, beat=7.4),
            ),
        ),
        "wood": BellSound(
            about="a wooden block tapped once: short and dry, for those who find bells too much",
            frequency=430.0,
            strike=0.004,
            samples=SAMPLE_RATE // 2,
            peak=-14.0,
            pitches=("A3", "A5"),
            lengths=(SAMPLE_RATE // 4, SAMPLE_RATE),
            partials=(
                Partial(1.0, 0.0, 0.35),
                Partial(2.76, -12.0, 0.16),
                Partial(5.40, -24.0, 0.08),
            ),
        ),
    }
)
"""Every bell by its name."""

_FADED = 0.05
"""`BellSound.damped` where the length was chosen: by then 57 dB are gone, and nobody hears the end."""

_PITCH_HINT = "write a note such as A3, F#3 or Bb2 (C4 is middle C), or a frequency such as 220 Hz"
_NOTE = re.compile(r"([A-G])([#♯B♭]?)([0-9])", re.IGNORECASE)
_HERTZ = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?)\s*(?:Hz)?", re.IGNORECASE)
_SEMITONES = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "B": -1, "♭": -1}


def parse_pitch(text: str) -> float:
    """Return the Hz of a written pitch: `A3`, `f#3`, `Bb2`, `220 Hz`, `220`. Raises UnitError for anything else.

    Notes are in equal temperament with A4 = 440 Hz (ISO 16), octaves in scientific pitch notation: C4 is middle C.
    """
    words = text.strip()
    if hertz := _HERTZ.fullmatch(words):
        return float(hertz[1])
    note = _NOTE.fullmatch(words)
    if not note:
        raise UnitError(f"`{words}` is not a pitch", _PITCH_HINT)
    letter, accidental, octave = note.groups()
    semitones = _SEMITONES[letter.upper()] + _ACCIDENTALS[accidental.upper()] + 12 * (int(octave) - 4)
    return float(440.0 * 2.0 ** (semitones / 12))


def bell(name: str) -> BellSound:
    """Return the bell of that name. Raises SoundError where there is none, with the nearest name."""
    found = BELLS.get(name)
    if found is None:
        hint = suggestion(name, BELLS) or f"the bells are: {', '.join(BELLS)}"
        raise SoundError(f"there is no bell called `{name}`", hint)
    return found


def chosen(name: str, pitch: float | str | None, length: int | None) -> BellSound:
    """Return a bell as it is with a pitch and a length of its own, where they are given."""
    sound = bell(name)
    if pitch is not None:
        hertz = parse_pitch(pitch) if isinstance(pitch, str) else pitch
        low, high = (parse_pitch(note) for note in sound.pitches)
        if not low <= hertz <= high:
            lowest, highest = sound.pitches
            raise UnitError(
                f"the bell `{name}` cannot ring at {pitch if isinstance(pitch, str) else f'{pitch:g} Hz'}",
                f"choose a pitch from {lowest} ({low:g} Hz) to {highest} ({high:g} Hz)",
            )
        # A larger body comes up more slowly; a smaller one is not struck harder.
        sound = replace(sound, frequency=hertz, strike=sound.strike * max(1.0, sound.frequency / hertz))
    if length is not None:
        shortest, longest = sound.lengths
        if not shortest <= length <= longest:
            raise UnitError(
                f"the bell `{name}` cannot ring for {format_length(length)}",
                f"choose a length from {format_length(shortest)} to {format_length(longest)}",
            )
        longer = length / SAMPLE_RATE / sound.partials[0].decay
        partials = tuple(replace(partial, decay=partial.decay * longer) for partial in sound.partials)
        sound = replace(sound, samples=length, damped=_FADED, partials=partials)
    return sound


def check_strike(strike: Strike) -> None:
    """Look whether a bell can be struck so. Raises as `ring`; a file is not looked at."""
    if not strike.file:
        chosen(strike.sound, strike.pitch, strike.length)


def bell_samples(name: str, pitch: float | str | None = None, length: int | None = None) -> int:
    """Return how long a bell sounds, in samples: `length`, where it is given. Arguments and errors: see `ring`."""
    return chosen(name, pitch, length).samples
