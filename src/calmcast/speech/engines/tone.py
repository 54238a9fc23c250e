"""A pitch for each word: no voice, but a sound of exact, predictable length, for tests and to try a script's timing."""

import math
import re
import sys
from array import array
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from calmcast.model.voice import Phrase
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, rate, within, words
from calmcast.speech.engines.wave import write_wave

RATE_HZ = 44_100
_AMPLITUDE = 0.25 * 32_767
_FADE = 441
_SCALE = (0, 2, 4, 7, 9, 12)
"""Semitones over the lowest pitch: a pentatonic scale and its octave."""


class ToneEngine:
    """The engine. A letter or digit lasts 1/13 s at 150 words a minute; a word is followed by 1/25 s of silence."""

    name = "tone"
    alphabet: str | None = None
    isolation: Isolation = "shared"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "pitch": Setting(
                "220", "the lowest pitch, in Hz", 100, 1000, from_pitch=lambda percent: within(100, 1000, 2.2 * percent)
            ),
            "rate": rate(150, 50, 400),
        }

    def trouble(self) -> Trouble | None:
        return None

    def version(self) -> str:
        return "1"

    def markup(self, phrase: Phrase) -> str:
        return clean(words(phrase))

    def open(self, settings: Mapping[str, str]) -> Speaker:
        return _ToneSpeaker(int(settings["pitch"]), int(settings["rate"]))


ENGINE = ToneEngine()


def tone_samples(text: str, words_per_minute: int) -> int:
    """Return how many samples at 44 100 Hz the tones for `text` last, silences between them included."""
    return sum(length + gap for _, length, gap in _tones(text, words_per_minute))


def _tones(text: str, words_per_minute: int) -> list[tuple[str, int, int]]:
    """Return each word with the samples of its tone and of the silence after it (0 after the last)."""
    found = re.findall(r"[^\W_]+", text)
    gap = RATE_HZ // 25
    return [
        (word, len(word) * RATE_HZ * 150 // (13 * words_per_minute), gap * (i < len(found) - 1))
        for i, word in enumerate(found)
    ]


class _ToneSpeaker:
    def __init__(self, pitch_hz: int, words_per_minute: int) -> None:
        self._pitch_hz = pitch_hz
        self._words_per_minute = words_per_minute

    def speak(self, text: str, path: Path) -> None:
        sound = array("h")
        for word, length, gap in _tones(text, self._words_per_minute):
            step = _SCALE[crc32(word.lower().encode()) % len(_SCALE)]
            sound.extend(_tone(round(RATE_HZ / (self._pitch_hz * 2 ** (step / 12))), length))
            sound.frombytes(bytes(2 * gap))
        if sys.byteorder == "big":
            sound.byteswap()
        write_wave(path, sound.tobytes(), RATE_HZ)


def _tone(period: int, length: int) -> "array[int]":
    """Return a sine of `period` samples, `length` samples long, that fades in and out."""
    once = array("h", (round(_AMPLITUDE * math.sin(2 * math.pi * i / period)) for i in range(period)))
    sound = (once * (length // period + 1))[:length]
    fade = min(_FADE, length // 2)
    for i in range(fade):
        sound[i] = sound[i] * i // fade
        sound[length - 1 - i] = sound[length - 1 - i] * i // fade
    return sound
