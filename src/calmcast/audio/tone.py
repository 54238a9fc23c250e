"""The sound of a voice: a low cut, a high shelf, air above a voice that ends at 8 kHz, a small room. Pure functions."""

import math
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.fourier import sound_of, spectrum_of
from calmcast.audio.loudness import Biquad, response_of
from calmcast.model.voice import ROOM_TAIL, Tone
from calmcast.units import SAMPLE_RATE, gain

FULL_ROOM_DB = -18.0
"""The energy of a 100 % room against the voice itself: a voice a step away in a room with curtains and cushions."""

SHELF_HZ = 5_000.0

_RING = SAMPLE_RATE // 2
"""Room for the filters to ring out before the transform wraps around: a 20 Hz low cut is 100 dB down by then."""
_BUTTERWORTH_QS = (0.541196100146197, 1.306562964876377)
"""The Qs of the two halves of a fourth-order Butterworth filter: 1 / (2 cos(pi / 8)) and 1 / (2 cos(3 pi / 8))."""

_END = SAMPLE_RATE // 200

_SOURCE_HZ = (4_000.0, 7_500.0)
_VOWELS_HZ = (100.0, 2_000.0)
_EMPTY_HZ = (8_200.0, 16_000.0)
_CLOSED_DB = -35.0
"""A voice with this little above 8 kHz, against 4 to 7.5 kHz, has nothing there but rounding."""
_AIR_HZ = (8_000.0, 11_000.0)
"""Where the two copies of the source begin: the first mirrored, so that the voice goes on where it ended."""
_SLOPE_HZ, _SLOPE_DB = (8_000.0, 11_000.0, 14_500.0), (-10.0, -20.0, -34.0)
"""The level of the copies against their source at these frequencies, and in between."""
_EDGE_HZ = 500.0
"""Over how much the edges of the copies are faded: the end of the first is the beginning of the second."""
_HISS_WINDOW = SAMPLE_RATE // 100

_ONSET_S = (0.002, 0.010)
_DARK_RT60_S = 0.2
_BRIGHT_RT60_S = 0.1
_DAMPED_HZ = 2_500.0
_ROOM_LOW_HZ = 300
_ROOM_SEED = 336
"""The evenest room of the first 1 500: all thirds of an octave within 0.8 dB, and no echo that stands out."""


def shape(samples: NDArray[np.float32], tone: Tone) -> NDArray[np.float32]:
    """Return one spoken line (mono, full scale = 1, 44 100 Hz) with its tone: the same bytes for the same line.

    The same array comes back where the tone changes nothing, and for silence. A room makes a line ROOM_TAIL samples
    longer; nothing else changes its length. Peaks may grow by about what the shelf adds. The filters are applied in
    the frequency domain, with silence enough around the line for them to ring out.
    """
    if tone == Tone() or not np.any(samples):
        return samples
    size = _fast_size(len(samples) + max(_RING, ROOM_TAIL))
    spectrum = spectrum_of(samples, size)
    opened = tone.open and _ends_at_8_khz(spectrum)
    if not (opened or tone.low_cut_hz or tone.shelf_db or tone.room):
        return samples
    if opened:
        spectrum += spectrum_of(_air(spectrum), size)
    spectrum *= _filters(replace(tone, open=False), size)
    length = len(samples) + (ROOM_TAIL if tone.room else 0)
    return _ended(sound_of(spectrum, size)[:length])


def _fast_size(least: int) -> int:
    """Return the first of 4, 5, 6 and 8 times a power of two from `least` on: a few sizes, whose filters are kept."""
    power = 1 << max(0, (least - 1).bit_length() - 3)
    return next(size * power for size in (4, 5, 6, 8) if size * power >= least)


@lru_cache(maxsize=16)
def _filters(tone: Tone, size: int) -> NDArray[np.complex64]:
    """Return the frequency response of low cut, shelf and room at the bins of a real FFT of `size` samples."""
    response = np.ones(size // 2 + 1, np.complex128)
    for biquad in _biquads(tone):
        response *= response_of(biquad, size)
    if tone.room:
        response *= np.fft.rfft(room_response(tone.room), size)
    return response.astype(np.complex64)


def high_pass(cut_hz: float, q: float) -> Biquad:
    """Return a second-order high-pass filter of 12 dB an octave (R. Bristow-Johnson, Audio EQ Cookbook, "HPF")."""
    angle = 2.0 * math.pi * cut_hz / SAMPLE_RATE
    cosine, alpha = math.cos(angle), math.sin(angle) / (2.0 * q)
    a0 = 1.0 + alpha
    b = (1.0 + cosine) / 2.0 / a0
    return Biquad(b0=b, b1=-2.0 * b, b2=b, a1=-2.0 * cosine / a0, a2=(1.0 - alpha) / a0)


def high_shelf(middle_hz: float, shelf_db: float) -> Biquad:
    """Return a high shelf with half of its gain in dB at `middle_hz`, as steep as can be without a bump.

    R. Bristow-Johnson, Audio EQ Cookbook, "highShelf" with a shelf slope of S = 1.
    """
    angle = 2.0 * math.pi * middle_hz / SAMPLE_RATE
    a, cosine = gain(shelf_db / 2.0), math.cos(angle)
    around = 2.0 * math.sqrt(a) * math.sin(angle) / math.sqrt(2.0)
    a0 = (a + 1.0) - (a - 1.0) * cosine + around
    return Biquad(
        b0=a * ((a + 1.0) + (a - 1.0) * cosine + around) / a0,
        b1=-2.0 * a * ((a - 1.0) + (a + 1.0) * cosine) / a0,
        b2=a * ((a + 1.0) + (a - 1.0) * cosine - around) / a0,
        a1=2.0 * ((a - 1.0) - (a + 1.0) * cosine) / a0,
        a2=((a + 1.0) - (a - 1.0) * cosine - around) / a0,
    )


@cache
def room_response(percent: int) -> NDArray[np.float64]:
    """Return what a small room makes of a click: ROOM_TAIL + 1 samples, the click itself first, energy 1 in all.

    Noise that decays exponentially, the upper half of its spectrum faster (J. A. Moorer, About this reverberation
    business, Computer Music Journal 3(2), 1979): dense from the first, so that no echo stands out and nothing rings.
    Read only, as it is shared.
    """
    time = np.arange(ROOM_TAIL + 1) / SAMPLE_RATE
    # The old generator: its numbers are the same in every release of numpy, as those of newer ones need not be.
    noise = np.random.RandomState(_ROOM_SEED).standard_normal(ROOM_TAIL + 1)
    size = 1 << (2 * ROOM_TAIL).bit_length()
    frequency = np.fft.rfftfreq(size, 1.0 / SAMPLE_RATE)
    spectrum = np.fft.rfft(noise, size) * response_of(high_pass(_ROOM_LOW_HZ, math.sqrt(0.5)), size)
    dark = np.fft.irfft(spectrum / (1.0 + (frequency / _DAMPED_HZ) ** 2), size)[: ROOM_TAIL + 1]
    all_of_it = np.fft.irfft(spectrum / (1.0 + (frequency / (3.0 * _DAMPED_HZ)) ** 2), size)[: ROOM_TAIL + 1]
    onset = np.clip((time - _ONSET_S[0]) / (_ONSET_S[1] - _ONSET_S[0]), 0.0, 1.0) ** 2
    fade = np.clip((time[-1] - time) / 0.05, 0.0, 1.0)
    tail = onset * fade * (dark * _decay(time, _DARK_RT60_S) + (all_of_it - dark) * _decay(time, _BRIGHT_RT60_S))
    response: NDArray[np.float64] = tail * (gain(FULL_ROOM_DB) * percent / 100.0 / math.sqrt(float((tail**2).sum())))
    response[0] = 1.0
    response /= math.sqrt(float((response**2).sum()))
    response.flags.writeable = False
    return response


def _decay(time: NDArray[np.float64], rt60_s: float) -> NDArray[np.float64]:
    """Return an amplitude that falls by 60 dB in `rt60_s`."""
    falling: NDArray[np.float64] = np.exp(-math.log(1_000.0) * time / rt60_s)
    return falling


def _ended(shaped: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fade the last 5 ms: a low cut still rings faintly where a line's own fade has ended."""
    fade = min(_END, len(shaped))
    shaped[len(shaped) - fade :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / _END)
    return shaped


def _biquads(tone: Tone) -> tuple[Biquad, ...]:
    low_cut = tuple(high_pass(tone.low_cut_hz, q) for q in _BUTTERWORTH_QS) if tone.low_cut_hz else ()
    return (*low_cut, high_shelf(SHELF_HZ, tone.shelf_db)) if tone.shelf_db else low_cut


def _bins(band_hz: tuple[float, float], size: int) -> slice:
    return slice(round(band_hz[0] * size / SAMPLE_RATE), round(band_hz[1] * size / SAMPLE_RATE))


def _ends_at_8_khz(spectrum: NDArray[np.complex64]) -> bool:
    size = 2 * (len(spectrum) - 1)
    below, above = (float((np.abs(spectrum[_bins(band, size)]) ** 2).sum()) for band in (_SOURCE_HZ, _EMPTY_HZ))
    return above < below * gain(_CLOSED_DB) ** 2


def _air(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Return what is added above 8 kHz, in time: the voice's upper band, moved up, where the voice is a hiss.

    High-frequency regeneration by spectral folding, then translation (J. Makhoul and M. Berouti, High-frequency
    regeneration in speech coding systems, ICASSP 1979): as loud as its source is at each moment, so that silence
    stays silence, and with nothing below its band. The buzz of vowels stays where it is.
    """
    size = 2 * (len(spectrum) - 1)
    source = spectrum[_bins(_SOURCE_HZ, size)]
    slope = np.linspace(0.0, (_SOURCE_HZ[1] - _SOURCE_HZ[0]) / _EDGE_HZ, len(source), dtype=np.float32)
    source = source * np.clip(np.minimum(slope, slope[::-1]), 0.0, 1.0)
    moved = np.zeros_like(spectrum)
    for bottom_hz, copy in zip(_AIR_HZ, (source[::-1].conj(), source), strict=True):
        first = round(bottom_hz * size / SAMPLE_RATE)
        moved[first : first + len(copy)] += copy
    moved *= _falling(size)
    hiss, vowels = (_power(spectrum, band) for band in (_SOURCE_HZ, _VOWELS_HZ))
    share: NDArray[np.float32] = hiss / np.maximum(hiss + vowels, np.finfo(np.float32).tiny)
    return sound_of(moved, size) * share


@lru_cache(maxsize=16)
def _falling(size: int) -> NDArray[np.float32]:
    """Return the level of the air as an amplitude, at the bins of a real FFT of `size` samples."""
    hertz = np.fft.rfftfreq(size, 1.0 / SAMPLE_RATE)
    return np.asarray(10.0 ** (np.interp(hertz, _SLOPE_HZ, _SLOPE_DB) / 20.0), np.float32)


@lru_cache(maxsize=16)
def _smoother(size: int) -> NDArray[np.complex64]:
    """Return the frequency response of a mean over 10 ms, at the bins of a real FFT of `size` samples."""
    window = np.hanning(2 * _HISS_WINDOW + 1)[:-1]
    centred = np.exp(2j * np.pi * _HISS_WINDOW * np.arange(size // 2 + 1) / size)
    response: NDArray[np.complex64] = (np.fft.rfft(window / window.sum(), size) * centred).astype(np.complex64)
    return response


def _power(spectrum: NDArray[np.complex64], band_hz: tuple[float, float]) -> NDArray[np.float32]:
    """Return the power of a band over time, smoothed over 10 ms."""
    size = 2 * (len(spectrum) - 1)
    band = np.zeros_like(spectrum)
    band[_bins(band_hz, size)] = spectrum[_bins(band_hz, size)]
    power = np.square(sound_of(band, size))
    return np.maximum(sound_of(spectrum_of(power, size) * _smoother(size), size), np.float32(0.0))
