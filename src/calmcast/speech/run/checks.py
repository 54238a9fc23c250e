"""Is this a recording of these words? The bounds are so wide that no honest phrase in any voice is refused."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from calmcast.speech.run.audiofile import BadRecordingError

_SILENT = 10 ** (-54 / 20)
"""A peak under this, full scale = 1, is no voice."""
_FASTEST_CHARACTERS = 60
"""Letters and digits in a second, repeated ones counted once: 300 words a minute in French are about 45."""
_SLOWEST_S, _LONGEST_START_S = 3.0, 5.0
"""Seconds for any one character (an emoji or a sign may be three words), and for what surrounds the text."""
_FULL = 0.9
_MOST_FULL = 0.06
"""Share of samples near full scale: random bytes have 0.1, a voice that clips 0.03."""
_WINDOW_S = 0.02
_LEAST_LETTERS = 8
_VOWELS = frozenset("aeiouy")
"""A shorter text, or one without any of these and of other alphabets' letters, may be honest noise: `Shh`."""
_NOISE_CROSSINGS = 0.40
"""Share of neighbouring samples of differing sign: white noise has 0.5 everywhere, a whispered vowel 0.3 at most."""


def check_recording(samples: NDArray[np.float32], rate_hz: int, text: str) -> None:
    """Raise BadRecordingError where `samples` (mono, full scale = 1) cannot be `text`, plain words, spoken."""
    if not len(samples):
        raise BadRecordingError("the engine recorded nothing")
    if not np.isfinite(samples).all():
        raise BadRecordingError("the engine recorded numbers that are no sound")
    sound = samples - samples.mean()
    if np.abs(sound).max() < _SILENT:
        raise BadRecordingError("the engine recorded silence")
    _check_length(sound, rate_hz, text)
    _check_noise(sound, rate_hz, text)


def _check_length(sound: NDArray[np.float32], rate_hz: int, text: str) -> None:
    audible = np.flatnonzero(np.abs(sound) >= min(_SILENT, np.abs(sound).max() / 100))
    audible_s = (audible[-1] - audible[0] + 1) / rate_hz
    spoken = sum(1 for character, _ in groupby(text.casefold()) if character.isalnum())
    if audible_s < spoken / _FASTEST_CHARACTERS:
        raise BadRecordingError(f"the recording is too short for its text ({audible_s:.2f} s)")
    if len(sound) / rate_hz > _LONGEST_START_S + _SLOWEST_S * len(text):
        raise BadRecordingError(f"the recording is too long for its text ({len(sound) / rate_hz:.0f} s)")


def _has_vowels(text: str) -> bool:
    letters = [character for character in text.casefold() if character.isalpha()]
    return len(letters) >= _LEAST_LETTERS and any(c in _VOWELS or not c.isascii() for c in letters)


def _check_noise(sound: NDArray[np.float32], rate_hz: int, text: str) -> None:
    window = round(_WINDOW_S * rate_hz)
    full = np.mean(np.abs(sound) >= _FULL) > _MOST_FULL
    if len(sound) < 4 * window or not (full or _has_vowels(text)):
        return
    windows = sound[: len(sound) // window * window].reshape(-1, window)
    power = (windows**2).mean(axis=1)
    loud = windows[power > power.max() / 100]
    crossings = np.mean(np.signbit(loud[:, 1:]) != np.signbit(loud[:, :-1]), axis=1)
    if np.quantile(crossings, 0.1) > _NOISE_CROSSINGS:
        raise BadRecordingError("the recording is noise")
