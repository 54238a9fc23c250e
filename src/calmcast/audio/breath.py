"""Tones to breathe with: sounds that follow a paced breath, so that one hears with closed eyes when it turns.

Carriers and noise are functions of the sample index in the track alone, so where one part of a breath follows another
the sound goes on as it is. Only its loudness belongs to the part: it is at its most where an in-breath ends, and there
is none where an out-breath ends. It moves evenly for the ear: perceived loudness grows as the 0.6th power of sound
pressure (S. S. Stevens, The Measurement of Loudness, Journal of the Acoustical Society of America 27, 1955).
"""

from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import BLOCK, KNOT, Chance, between
from calmcast.audio.beds.colour import Colour, heard, response, white
from calmcast.audio.beds.settings import root_hz
from calmcast.audio.beds.turning import turning
from calmcast.audio.loudness import STEP
from calmcast.errors import SoundError
from calmcast.model.sound import BREATHS
from calmcast.model.steps import PhaseName
from calmcast.text import suggestion
from calmcast.units import SAMPLE_RATE, gain

BREATH_LUFS = -19.0
"""The loudest 400 ms of an in-breath of 4 s: as loud as a voice, so that a tone's level is a gain relative to it."""

_PRESSURE = 1 / 0.6
"""Sound pressure is loudness to this power."""

_CHANCE = Chance(1, "breath")

_FAINTEST = 0.22
"""Where the swell's loudness begins and ends, most = 1; below that it comes and goes at the edges."""
_SWELL_EDGES = (0.5, 0.7)
"""Seconds in which it comes from silence, and in which it goes to it."""
_WARM = Colour(low=150.0, high=420.0, slope=-2.0, low_order=3, high_order=2)
_AIR = Colour(low=450.0, high=1_900.0, slope=-3.0, low_order=1, high_order=3)
_BODY = ((2.0, -6.0), (3.0, -12.0), (4.0, -13.0), (6.0, -22.0))
"""Its tonal body: frequency relative to the key's root, level in dB."""
_SWELL_DB, _AIR_DB = -21.1, -6.0

_SOFTEST = 0.36
"""Where a tone's loudness begins or ends."""
_TONE_EDGES = (0.3, 0.6)
_TURN = (0.3, 0.45)
"""Seconds of an out-breath in which the lower tone comes, and in which the upper one goes."""
_UPPER, _LOWER = 3.0, 2.0
"""The two tones relative to the key's root: its octave, and the fifth above that."""
_HELD, _HELD_S = 0.55, 7.0
"""Where the loudness of a held tone tends to, and the seconds in which it goes two thirds of the way."""
_PARTIALS = 5
_TONES_DB = -15.2

_EDGE_SHARE = 0.3
"""No edge takes more than this share of its part, however short that is."""


def breath_samples(
    sound: str, key: str, phase: PhaseName, start: int, samples: int, *, held: int = 0
) -> NDArray[np.int16]:
    """Return the mono samples of one part of a breath, shape (samples,).

    `start`: the sample of the track at which the part begins. `held`: for an `out`, the samples of the `hold` just
    before it, which softens `tones`. In a `rest` nothing sounds.

    Raises SoundError for an unknown sound, UnitError, a ValueError, for what is no key, and ValueError for a part that
    cannot be.
    """
    _check_name(sound)
    root = root_hz(key)
    if phase not in get_args(PhaseName):
        raise ValueError(f"a part of a breath is in, hold, out or rest, and not {phase}")
    if start < 0 or samples < 0 or held < 0:
        raise ValueError("a part of a breath begins at sample 0 or later, and has no fewer than 0 samples")
    if phase == "rest" or not samples:
        return np.zeros(samples, dtype=np.int16)
    wave = _swell(root, phase, start, samples) if sound == "swell" else _tones(root, phase, start, samples, held)
    come, go = _SWELL_EDGES if sound == "swell" else _TONE_EDGES
    if phase == "in":
        _fade(wave, come)
    if phase == "out":
        _fade(wave[::-1], go)
    finished: NDArray[np.int16] = np.rint(wave * np.float32(32_768)).astype(np.int16)
    return finished


def breath_powers(sound: str, phase: PhaseName, samples: int, held: int = 0) -> NDArray[np.float64]:
    """Return about how strong each 100 ms of a part of a breath is, its last ones too: 1 where it is at BREATH_LUFS.

    Arguments: see `breath_samples`.
    """
    steps = np.arange(0, samples, STEP)
    if phase == "rest":
        return np.zeros(len(steps))
    powers: NDArray[np.float64] = _loudness(sound, phase, samples, held)[steps // KNOT] ** (2 * _PRESSURE)
    return powers


def _check_name(sound: str) -> None:
    """Raise SoundError where there is no breath tone of that name, with the nearest one."""
    if sound not in BREATHS:
        hint = suggestion(sound, BREATHS) or f"the breath tones are: {', '.join(BREATHS)}"
        raise SoundError(f"there is no breath tone called `{sound}`", hint)


def _swell(root: float, phase: PhaseName, start: int, samples: int) -> NDArray[np.float32]:
    """Return one part of the swell, full scale = 1: noise that grows brighter as it rises, and a soft chord in it."""
    loud = _loudness("swell", phase, samples)
    strength = gain(_SWELL_DB) * loud**_PRESSURE
    body = [(f"body{ratio}", root * ratio, strength * gain(level)) for ratio, level in _BODY]
    wave = _sum(body, start, samples)
    warm, air = _noise(start, samples)
    wave += warm * _each(strength, samples)
    wave += air * _each(gain(_AIR_DB) * strength * loud, samples)
    return wave


def _tones(root: float, phase: PhaseName, start: int, samples: int, held: int) -> NDArray[np.float32]:
    """Return one part of the two tones, full scale = 1."""
    loud = _loudness("tones", phase, samples, held)
    if phase != "out":
        return _tone("upper", root * _UPPER, loud, start, samples)
    level, (comes, goes) = float(_held(held)), _TURN
    wave = _tone("lower", root * _LOWER, loud, start, samples)
    _fade(wave, comes)
    upper = wave[: _edge(samples, goes)]
    before = _tone("upper", root * _UPPER, np.full(_knots(len(upper)), level), start, len(upper))
    _fade(before[::-1], goes, share=1.0)
    upper += before
    return wave


def _tone(name: str, hertz: float, loud: NDArray[np.float64], start: int, samples: int) -> NDArray[np.float32]:
    """Return a tone whose loudness is given at its knots, most = 1; the louder, the brighter."""
    strength = gain(_TONES_DB) * loud**_PRESSURE
    partials = [
        (f"{name}{nth}", hertz * nth, strength * nth**-1.9 * loud ** (0.8 * (nth - 1)))
        for nth in range(1, _PARTIALS + 1)
    ]
    return _sum(partials, start, samples)


def _sum(partials: list[tuple[str, float, NDArray[np.float64]]], start: int, samples: int) -> NDArray[np.float32]:
    """Return the sum of partials, shape (samples,): of each its name, its frequency in Hz, its amplitude at knots."""
    at = start + np.arange(_knots(samples)) * KNOT
    summed = turning(((hertz, strength * _sway(name, at)) for name, hertz, strength in partials), at)
    sound: NDArray[np.float32] = summed.real[:samples].copy()
    return sound


def _sway(name: str, at: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Return how a partial lives at sample indices: its phase wanders, and a faint twin beats with it, by 0.4 dB."""
    apart, later = _CHANCE.shares(name, 0, 2)
    turns = (0.15 + 0.3 * apart) * at / SAMPLE_RATE + later
    wander = 0.3 * _CHANCE.drift(name, 5.0, at)
    sway: NDArray[np.complex128] = np.exp(2j * np.pi * wander) * (1.0 + 0.04 * np.exp(2j * np.pi * (turns % 1.0)))
    return sway


@lru_cache(maxsize=2)
def _noises(block: int) -> NDArray[np.float32]:
    """Return one block of the swell's noise, the warm and the airy part: (2, BLOCK)."""
    spectrum = white(_CHANCE, "noise", block, 1)
    return heard(np.concatenate([spectrum * response(_WARM), spectrum * response(_AIR)]))


def _noise(start: int, samples: int) -> NDArray[np.float32]:
    """Return a stretch of the swell's noise, the warm and the airy part: (2, samples)."""
    stretch = np.empty((2, samples), dtype=np.float32)
    for block in range(start // BLOCK, -(-(start + samples) // BLOCK)):
        first, last = max(start, block * BLOCK), min(start + samples, (block + 1) * BLOCK)
        stretch[:, first - start : last - start] = _noises(block)[:, first - block * BLOCK : last - block * BLOCK]
    return stretch


def _knots(samples: int) -> int:
    """Return how many knots a part has: from its first sample on, and the last at its end or after it."""
    return -(-samples // KNOT) + 1


def _loudness(sound: str, phase: PhaseName, samples: int, held: int = 0) -> NDArray[np.float64]:
    """Return how loud a part of a breath is at its knots, most = 1."""
    if phase == "hold":
        knots = np.arange(_knots(samples)) * KNOT
        return _held(knots) if sound == "tones" else np.ones(len(knots))
    if sound == "swell":
        return _moving(phase, samples, _FAINTEST)
    return _moving(phase, samples, _SOFTEST, float(_held(held)) if phase == "out" else 1.0)


def _moving(phase: PhaseName, samples: int, least: float, most: float = 1.0) -> NDArray[np.float64]:
    """Return the loudness at a part's knots: straight up from `least` to `most`, or down again in an `out`."""
    along = np.arange(_knots(samples)) * KNOT / samples
    # The last knot may lie beyond the part's end; so that the line is straight up to there, it goes a little too far.
    loud: NDArray[np.float64] = np.clip(least + (most - least) * (along if phase == "in" else 1 - along), 0.0, 1.1)
    return loud


def _held(elapsed: int | NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the loudness of a held tone, so many samples after its in-breath."""
    return _HELD + (1 - _HELD) * np.exp(-np.asarray(elapsed) / (_HELD_S * SAMPLE_RATE))


def _each(values: NDArray[np.float64], samples: int) -> NDArray[np.float32]:
    """Return what is given at the knots at each of a part's samples: straight lines from knot to knot."""
    return between(values)[:samples]


def _edge(samples: int, seconds: float, share: float = _EDGE_SHARE) -> int:
    """Return the samples of a part's edge, which is shorter where the part is."""
    return min(round(seconds * SAMPLE_RATE), round(samples * share))


def _fade(wave: NDArray[np.float32], seconds: float, share: float = _EDGE_SHARE) -> None:
    """Bring the beginning of a sound up from silence, in place; the end of it, where it is given backwards."""
    edge = _edge(len(wave), seconds, share)
    wave[:edge] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)).astype(np.float32) if edge else 1.0
