"""A long recording -> islands of sound between silences. Pure: from the envelope alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.runs import joined, runs
from calmcast.takes.envelope import WINDOW, Envelope
from calmcast.units import SAMPLE_RATE

SHORTEST_SILENCE = SAMPLE_RATE // 4
"""Sounds nearer to each other than this are one island, in samples: the stops inside words are shorter."""

_FLOOR_PERCENT = 5
_SPEECH_PERCENT = 95
_FLOOR_STRETCH_S, _FLOOR_STEP_S = 30, 10
_RISE_DB, _FALL_DB = 9.0, 5.0
"""Over the noise floor: an island begins to count at the first, and reaches as far as the second."""
_DEPTH_DB = 42.0
"""Softer than this under the speech is silence, however quiet the room: page turns, breath, cloth."""
_LEAST_DB = 12.0
_SPEECH_OVER_NOISE_DB = 25.0
_FAINTEST_DB = -90.0
_CLICK_S, _BREATH_S, _BREATH_DB = 0.12, 0.6, 17.0
"""Shorter than the first is a click; shorter than the second and so far under the speech is a breath."""


@dataclass(frozen=True, slots=True)
class Island:
    """A stretch of sound, in samples."""

    start: int
    end: int
    loudness: float
    """Mean power of its louder half, in decibels re full scale."""
    faint: bool = False
    """A breath or a click: too short and soft to be words."""

    @property
    def samples(self) -> int:
        return self.end - self.start


def islands(envelope: Envelope) -> tuple[Island, ...]:
    """Return what sounds in a recording, in order, breaths and clicks marked; nothing where all is silent or noise.

    A threshold with hysteresis over the room's noise, which is followed through the recording. Between two islands
    lie at least SHORTEST_SILENCE samples.
    """
    if not len(envelope.power):
        return ()
    level = _smoothed_db(envelope.power)
    speech = float(np.percentile(level, _SPEECH_PERCENT))
    floor = _floor(level, speech)
    if speech - float(np.median(floor)) < _LEAST_DB:
        return ()
    low = np.maximum(floor + _FALL_DB, speech - _DEPTH_DB)
    high = np.maximum(floor + _RISE_DB, speech - _DEPTH_DB + (_RISE_DB - _FALL_DB))
    found = runs(level > low)
    found = found[[bool((level[a:b] > high[a:b]).any()) for a, b in found]] if len(found) else found
    return tuple(_island(envelope, a, b, speech) for a, b in joined(found, SHORTEST_SILENCE / WINDOW))


def _smoothed_db(power: NDArray[np.float32]) -> NDArray[np.float64]:
    around = np.convolve(power.astype(np.float64), np.full(3, 1 / 3), "full")[1:-1]
    return np.asarray(np.maximum(10 * np.log10(around + 1e-12), _FAINTEST_DB))


def _floor(level: NDArray[np.float64], speech: float) -> NDArray[np.float64]:
    """Return the room's noise at every window in decibels: a low percentile of the 30 s around, but no speech."""
    per_s = SAMPLE_RATE // WINDOW
    half = _FLOOR_STRETCH_S * per_s // 2
    centres = np.arange(0, len(level), _FLOOR_STEP_S * per_s)
    lows = [np.percentile(level[max(0, centre - half) : centre + half], _FLOOR_PERCENT) for centre in centres]
    # Where somebody speaks for half a minute without a breath, the lowest level there is no noise.
    most = max(float(np.percentile(level, _FLOOR_PERCENT)) + _LEAST_DB, speech - _SPEECH_OVER_NOISE_DB)
    return np.interp(np.arange(len(level)), centres, np.minimum(lows, most))


def _island(envelope: Envelope, first: int, last: int, speech: float) -> Island:
    louder = np.sort(envelope.power[first:last])[(last - first) // 2 :]
    loudness = float(10 * np.log10(louder.mean(dtype=np.float64) + 1e-12))
    seconds = (last - first) * WINDOW / SAMPLE_RATE
    faint = seconds < _CLICK_S or (seconds < _BREATH_S and loudness < speech - _BREATH_DB)
    return Island(first * WINDOW, min(last * WINDOW, envelope.samples), round(loudness, 1), faint)
