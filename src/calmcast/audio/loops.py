"""A sound that goes on for ever: where a file loops, and how its end passes into its beginning unheard."""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import STEP, WINDOW, integrated
from calmcast.model.sound import Loop
from calmcast.store.beds import Read
from calmcast.units import SAMPLE_RATE

_SHORTEST_FADE, _LONGEST_FADE = 2 * SAMPLE_RATE, 6 * SAMPLE_RATE
_TAIL_REACH, _HEAD_REACH = 12 * SAMPLE_RATE, 4 * SAMPLE_RATE
"""How far from its last and its first samples a file may leave and enter."""
_ENTRIES = 5
"""So many entries are tried, each against every exit."""
_LEVEL_STEPS = 27
"""400 ms windows at 100 ms steps that make 3 s, the short-term loudness of EBU Tech 3341."""
_SOFTER_LU, _SOFTER_AT_EDGE_LU = 1.0, 1.5
"""How far under the usual level the ends may be: 3 s of them, and the last 400 ms."""
_INAUDIBLE = 1e-4
"""Relative power of silence: 40 dB under the usual."""
_LONGER = 0.05
"""What the longest of all loops has over the shortest: of two noises, where any loop will do, the most is kept."""
_WHITENED = 0.95
"""Share of the sample before that is taken away before sounds are compared: music and noises carry most in the lows,
where chance alone makes two stretches look alike."""
_BEAT = SAMPLE_RATE // 100
_BANDS = 10
"""Octaves up to the highest frequency, from 22 Hz."""


def steady(windows: NDArray[np.float64], samples: int) -> tuple[int, int]:
    """Return from which sample to which a file stays at its level: without silence at its ends, and without its fades.

    `windows`: K-weighted mean squares of 400 ms at 100 ms steps. The usual level is the median of those 3 s that are
    less than 10 LU under the loudness of the whole. Where no second would be left, only silence is left out.
    """
    width = min(_LEVEL_STEPS, max(1, len(windows) // 8))
    levels = np.convolve(windows, np.full(width, 1.0 / width), mode="valid")
    gate = 10 ** ((integrated(windows) + 0.691) / 10) / 10
    usual = float(np.median(levels[levels >= gate])) if (levels >= gate).any() else float(levels.max())
    wide = np.flatnonzero(levels >= usual * 10 ** (-_SOFTER_LU / 10))
    near = np.flatnonzero(windows >= usual * 10 ** (-_SOFTER_AT_EDGE_LU / 10))
    near = near[(near >= wide[0]) & (near < wide[-1] + width)]
    # The middle of a window in which the level is reached is where it has been reached.
    first = int(near[0] + 2) * STEP if near[0] else 0
    last = int(near[-1] + 2) * STEP if near[-1] < len(windows) - 1 else samples
    if last - first >= SAMPLE_RATE:
        return first, last
    heard = np.flatnonzero(windows >= usual * _INAUDIBLE)
    first = int(heard[0]) * STEP
    return first, int(heard[-1]) * STEP + WINDOW if heard[-1] < len(windows) - 1 else samples


def trimmed(read: Read, first: int, last: int) -> tuple[int, int]:
    """Return `first` and `last` moved inwards over the silence that encoders put at the ends: up to half a second."""
    reach = min(SAMPLE_RATE // 2, (last - first) // 2)
    head, tail = (np.square(part).max(axis=1) for part in (read(first, first + reach), read(last - reach, last)))
    quiet = _INAUDIBLE * max(float(head.mean()), float(tail.mean()))
    before, after = np.flatnonzero(head > quiet), np.flatnonzero(tail > quiet)
    skipped = int(before[0]) if len(before) else reach
    return first + skipped, last - reach + (int(after[-1]) + 1 if len(after) else 0)


def find_loop(read: Read, first: int, last: int) -> Loop:
    """Return how the samples from `first` to `last`, a second or more, loop with the least to be heard.

    Entries and exits are compared over the whole cross-fade: by the normalised cross-correlation of their waves, so
    that tones go on in phase, and by their movement in steps of 10 ms, so that beats go on in time.
    """
    samples = last - first
    fade = min(samples // 4, max(_SHORTEST_FADE, min(_LONGEST_FADE, samples // 10)))
    reach = min(_TAIL_REACH, samples // 4)
    head = read(first, first + fade + min(_HEAD_REACH, samples // 8))
    tail = read(last - fade - reach, last)
    best, entry, leave = -1.0, 0, 0
    step = max(1, (len(head) - fade) // (_ENTRIES - 1))
    match = _matching(tail, _LONGER / (reach + len(head) - fade))
    for offset in range(0, len(head) - fade + 1, step):
        score, lag = match(head[offset : offset + fade])
        score -= offset * _LONGER / (reach + len(head) - fade)
        if score > best:
            best, entry, leave = score, offset, lag
    likeness = _likeness(head[entry : entry + fade], tail[leave : leave + fade])
    start = first + entry
    return Loop(start, last - fade - reach + leave - start, fade, likeness)


def _matching(tail: NDArray[np.float32], later: float) -> Callable[[NDArray[np.float32]], tuple[float, int]]:
    """Return what finds the place in `tail` that is most like a sound, both (samples, channels): (score, samples).

    `later`: what a place has over the one a sample before it.
    """
    size = 1 << (len(tail) - 1).bit_length()
    white = _white(tail)
    spectra = [np.fft.rfft(channel, size) for channel in white.T]
    sums = np.concatenate(([0.0], np.cumsum(np.square(white, dtype=np.float64).sum(axis=1))))
    movement = _movement(tail)

    def match(sound: NDArray[np.float32]) -> tuple[float, int]:
        lags = len(tail) - len(sound) + 1
        wanted = _white(sound)
        likes = np.zeros(lags)
        for channel, spectrum in zip(wanted.T, spectra, strict=True):
            likes += np.fft.irfft(np.conj(np.fft.rfft(channel, size)) * spectrum, size)[:lags]
        there = np.maximum(sums[len(sound) :] - sums[: len(sums) - len(sound)], 1e-30)
        likes /= np.sqrt(there * max(float(np.square(wanted, dtype=np.float64).sum()), 1e-30))
        likes += _in_time(_movement(sound), movement, lags) + later * np.arange(lags)
        lag = int(np.argmax(likes))
        return float(likes[lag]), lag

    return match


def _white(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a sound, (samples, channels), with its highs brought up: 6 dB an octave from about 350 Hz."""
    white = sound.copy()
    white[1:] -= _WHITENED * sound[:-1]
    return white


def _movement(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the amplitude of each 10 ms."""
    steps = len(sound) // _BEAT
    powers = np.square(sound[: steps * _BEAT], dtype=np.float64).reshape(steps, -1).mean(axis=1)
    return np.asarray(np.sqrt(powers))


def _in_time(wanted: NDArray[np.float64], there: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    """Return how alike two movements are at each lag in samples: 1 the same, 0 where one pauses when the other sounds.

    Twice the product's sum over the sum of squares: what does not move is alike everywhere, and so decides nothing.
    """
    count = len(wanted)
    products = np.correlate(there, wanted, mode="valid")
    sums = np.concatenate(([0.0], np.cumsum(there**2)))
    squares = sums[count:] - sums[:-count] + float((wanted**2).sum())
    alike = 2.0 * products / np.maximum(squares, 1e-30)
    return np.interp(np.arange(lags), np.arange(len(alike)) * _BEAT, alike)


def _likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how much alike two sounds of one shape are, 0 to 1: the mean over octaves of their correlation.

    An octave counts by the amplitude in it: the lows of two noises may agree by chance, and the law of the cross-fade
    must suit what is above them too.
    """
    fading = np.sin(np.pi * (np.arange(len(one)) + 0.5) / len(one))[:, None]
    first, second = (np.fft.rfft(sound * fading, axis=0) for sound in (one, other))
    edges = [len(first) >> (_BANDS - band) for band in range(_BANDS + 1)]
    both = total = 0.0
    for low, high in pairwise(edges):
        a, b = first[low:high], second[low:high]
        mean = float(np.sqrt(max((np.abs(a) ** 2).sum() * (np.abs(b) ** 2).sum(), 1e-60)))
        both += float((a * b.conj()).real.sum()) / mean**0.5
        total += mean**0.5
    return min(1.0, max(0.0, both / total))


@lru_cache(maxsize=4)
def crossfade(fade: int, likeness: float) -> NDArray[np.float32]:
    """Return the gains of what comes and of what goes, shape (2, fade), that keep the power of their sum.

    Sine and cosine over sqrt(1 + 2 r sin cos), r the correlation: equal power for r = 0, equal gain for r = 1
    (M. Fink, M. Holters and U. Zölzer, Signal-matched power-complementary cross-fading and dry-wet mixing, DAFx 2016).
    """
    angle = np.pi / 2 * (np.arange(fade) + 0.5) / fade
    comes, goes = np.sin(angle), np.cos(angle)
    gains: NDArray[np.float32] = (np.array([comes, goes]) / np.sqrt(1 + 2 * likeness * comes * goes)).astype(np.float32)
    gains.setflags(write=False)
    return gains


def looped(read: Read, loop: Loop, start: int, samples: int) -> NDArray[np.float32]:
    """Return a stretch of a loop that goes on for ever: (samples, channels).

    `start` counts from the loop's first round, which begins as the file does there. Any stretch is the same bytes as
    that stretch of a longer call.
    """
    gains = crossfade(loop.fade, loop.likeness)
    pieces = [read(loop.first, loop.first)]
    at = start
    while at < start + samples:
        place = at % loop.period
        piece = read(loop.first + place, loop.first + place + min(start + samples - at, loop.period - place))
        over = min(len(piece), loop.fade - place)
        if at >= loop.period and over > 0:
            after = loop.first + loop.period + place
            comes, goes = gains[:, place : place + over, None]
            piece[:over] = piece[:over] * comes + read(after, after + over) * goes
        pieces.append(piece)
        at += len(piece)
    return np.concatenate(pieces)
