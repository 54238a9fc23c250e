"""The cleaning of home recordings: mains hum and steady noise, only where there is enough of it. Pure functions."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.hum import find_hum, without_hum
from calmcast.units import SAMPLE_RATE, gain

CLEAN_ENOUGH_DB = 45.0
"""From this speech-to-noise ratio on, nothing is done."""

LEAST_GAIN_DB = -12.0
"""No part of the spectrum is made softer than this: what stays of a room sounds like the room."""

_NOT_NOISE_DB = 6.0
"""What comes as near as this to the voice is some of the voice, and not the room."""
_WORTH_DB = 1.0
_FRAME, _HOP = 2_048, 512
_BAND_HZ = (40.0, 12_000.0)
_SMOOTHING = 0.98
"""Ephraim and Malah's alpha."""
_KINDNESS = 1.9
"""How much more of the voice is taken to be there: so its spectrum, even where it is near the noise, stays."""
_OFTEN_THERE = 0.2
_FLOOR_OF_OFTEN = 6.0
"""In steady noise, a fifth of the frames have less than 1 / 4.5 of the mean power; and a third more, to be sure."""

_WINDOW = SAMPLE_RATE // 20
_TAKE_WINDOWS, _LINE_WINDOWS = 10, 4
"""Half a second of room tone from a long take; a fifth of one from a line."""
_AS_QUIET_DB = 1.5
_SILENT_DB = -95.0
"""Under this there is no room, only the rounding of 16-bit samples."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A recording, and what was done to it."""

    samples: NDArray[np.float32]
    hum_hz: int | None = None
    """The mains whose hum was taken out, 50 or 60; None: there was none."""
    noise_db: float | None = None
    """By how many decibels the quietest tenth became softer, hum and all; None: its noise was left as it is."""


def clean(samples: NDArray[np.float32], noise: NDArray[np.float32] | None = None) -> Cleaned:
    """Return one line (mono, full scale = 1, 44 100 Hz, up to a minute) without its hum and with softer noise.

    `noise`: room tone of the same take, as `room_tone` finds it; None: the quietest steady stretch of the line itself.
    The very same array comes back where nothing can be told from the voice, or where speech is CLEAN_ENOUGH_DB over
    it; else one of the same length, without a constant offset. Only what is nearly always there is taken away, so that
    a `noise` with a voice in it does no harm.
    """
    stretch = _quietest(samples, _LINE_WINDOWS) if noise is None else noise
    if len(samples) < _WINDOW or len(stretch) < _FRAME:
        return Cleaned(samples)
    if not _NOT_NOISE_DB < speech_to_noise(samples, stretch) < CLEAN_ENOUGH_DB:
        return Cleaned(samples)
    hum = find_hum(stretch)
    hum_hz = hum.mains_hz if hum else None
    humless, room = (without_hum(sound, hum) if hum else sound for sound in (samples, stretch))
    offset = room.mean()
    softened = _softened(humless - offset, _noise_power(room - offset))
    fall_db = _quiet_db(samples) - _quiet_db(softened)
    return Cleaned(softened, hum_hz, round(fall_db, 1)) if fall_db >= _WORTH_DB else Cleaned(humless, hum_hz)


def room_tone(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the quietest stretch of a take (mono, 44 100 Hz): half a second, or more where it goes on as quietly.

    Of all half seconds the one whose loudest 50 ms are softest: without a word or a knock in it. Digital silence is no
    room tone. Empty where the take is shorter, or has no half second without digital silence.
    """
    return _quietest(samples, _TAKE_WINDOWS)


def speech_to_noise(samples: NDArray[np.float32], noise: NDArray[np.float32]) -> float:
    """Return by how many decibels the speech in `samples` is over `noise`, from 40 Hz to 12 kHz; inf: no noise at all.

    The speech is every frame within 15 dB of the level that one frame in twenty exceeds, so that neither pauses nor a
    single knock count (as in ITU-T P.56, where 15.9 dB tell activity from pauses).
    """
    band = slice(*(round(hertz * _FRAME / SAMPLE_RATE) for hertz in _BAND_HZ))
    heard, room = ((np.abs(_frames(sound)[:, band]) ** 2).sum(axis=1) for sound in (samples, noise))
    loud, floor = float(np.quantile(heard, 0.95)), float(room.mean())
    if floor <= _FRAME * _FRAME * gain(_SILENT_DB) ** 2 / 8.0:
        return math.inf
    speech = float(heard[(heard >= loud * gain(-15.0) ** 2) & (heard <= loud * gain(6.0) ** 2)].mean())
    return 10.0 * math.log10(max(speech - floor, floor * 0.01) / floor)


def _window_powers(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the power of each whole 50 ms, without the part of it that is a constant offset; 0 for digital silence."""
    windows = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    squares = np.einsum("ij,ij->i", windows, windows, dtype=np.float64) / _WINDOW
    powers = squares - windows.mean(axis=1, dtype=np.float64) ** 2
    return np.where(powers > gain(_SILENT_DB) ** 2, powers, 0.0)


def _quietest(samples: NDArray[np.float32], least: int) -> NDArray[np.float32]:
    """Return the quietest stretch of at least so many 50 ms; empty where there is none."""
    powers = _window_powers(samples)
    powers[powers == 0.0] = np.inf
    if len(powers) < least:
        return samples[:0]
    loudest = np.lib.stride_tricks.sliding_window_view(powers, least).max(axis=1)
    first = int(loudest.argmin())
    if not np.isfinite(loudest[first]):
        return samples[:0]
    last = first + least
    as_quiet = powers <= loudest[first] * gain(_AS_QUIET_DB) ** 2
    while first > 0 and as_quiet[first - 1]:
        first -= 1
    while last < len(powers) and as_quiet[last]:
        last += 1
    return samples[first * _WINDOW : last * _WINDOW]


def _quiet_db(samples: NDArray[np.float32]) -> float:
    """Return the level in dB of the quietest tenth of what is not digital silence; -inf where all is."""
    powers = np.sort(_window_powers(samples))
    powers = powers[powers > 0.0]
    return 10.0 * math.log10(powers[: -(-len(powers) // 10)].mean()) if len(powers) else -math.inf


def _hann() -> NDArray[np.float32]:
    return (0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(_FRAME) / _FRAME)).astype(np.float32)


def _frames(samples: NDArray[np.float32]) -> NDArray[np.complexfloating]:
    """Return the short-time spectrum, shape (frames, _FRAME // 2 + 1), of the whole frames; at least one."""
    padded = np.pad(samples, (0, max(0, _FRAME - len(samples))))
    return np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP] * _hann())


def _noise_power(noise: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean power of each bin."""
    return _across((np.abs(_frames(noise)) ** 2).mean(axis=0))


def _across(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return values smoothed over three neighbouring bins, the last axis."""
    beside = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(1, 1)], mode="edge")
    return (beside[..., :-2] + 2.0 * beside[..., 1:-1] + beside[..., 2:]) / 4.0


def _softened(samples: NDArray[np.float32], noise_power: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the samples with each bin as far down as noise has a part in it.

    What is in a bin for four fifths of the time bounds the noise there (minimum statistics: R. Martin, Noise power
    spectral density estimation, IEEE Trans. Speech Audio Process. 9(5), 2001), so that no word counts as noise.
    The gains look back and ahead in time, and the higher of both counts: words begin and end as they were.
    """
    padded = np.pad(samples, (_FRAME, _FRAME + -len(samples) % _HOP))
    spectrum = _frames(padded)
    power = np.abs(spectrum) ** 2
    inside = power[_FRAME // _HOP : -(_FRAME // _HOP)] if len(samples) >= _FRAME else power
    often = _across(np.quantile(inside, _OFTEN_THERE, axis=0)) * _FLOOR_OF_OFTEN
    floor = np.minimum(noise_power, often)
    ratios = power / np.maximum(floor, np.finfo(np.float32).tiny)
    for _ in range(2):
        # Over frequency, then over time: single bins that stand out by chance would be heard as twittering.
        ratios = _across(_across(ratios).T).T
    spectrum *= _across(np.maximum(_wiener_gains(ratios), _wiener_gains(ratios[::-1])[::-1]))
    window = _hann() / 1.5
    result = np.zeros(len(padded), np.float32)
    for frame, sound in zip(range(0, len(padded), _HOP), np.fft.irfft(spectrum, _FRAME), strict=False):
        result[frame : frame + _FRAME] += sound * window
    return result[_FRAME : _FRAME + len(samples)]


def _wiener_gains(ratios: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the gain of each bin from its a posteriori speech-to-noise ratios (as powers), frame after frame.

    The square root of Wiener's gain, which leaves speech the power it had, of the decision-directed a priori ratio:
    Y. Ephraim and D. Malah, Speech enhancement using a minimum mean-square error short-time spectral amplitude
    estimator, IEEE Trans. ASSP 32(6), 1984, formula 51.
    """
    least = gain(LEAST_GAIN_DB)
    gains = np.empty(ratios.shape, np.float32)
    before = np.zeros(ratios.shape[1])
    for frame, ratio in enumerate(ratios):
        prior = _SMOOTHING * before + (1.0 - _SMOOTHING) * np.maximum(ratio - 1.0, 0.0)
        wiener = _KINDNESS * prior / (1.0 + _KINDNESS * prior)
        gains[frame] = np.maximum(np.sqrt(wiener), least)
        before = wiener**2 * ratio
    return gains
