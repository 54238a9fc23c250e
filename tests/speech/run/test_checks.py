"""What passes for a recording of given words, and what does not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.speech.run.audiofile import BadRecordingError
from calmcast.speech.run.checks import check_recording

RATE = 16_000
TEXT = "Let your shoulders soften."


def hum(seconds: float, level: float = 0.3) -> NDArray[np.float32]:
    """Return a buzz that swells and fades five times a second: as voiced as it gets."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = level * np.sign(np.sin(2 * np.pi * 120 * time)) * np.sin(2 * np.pi * 2.5 * time) ** 2
    return np.asarray(sound, np.float32)


def noise(seconds: float, level: float) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, level, round(seconds * RATE)).astype(np.float32)


def random_samples(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).uniform(-1, 1, count).astype(np.float32)


@pytest.mark.parametrize("level", [0.01, 0.3, 0.89])
def test_a_voice_passes_soft_or_loud(level: float) -> None:
    check_recording(hum(2.0, level), RATE, TEXT)


def test_a_voice_that_clips_passes() -> None:
    check_recording(np.clip(hum(2.0, 2.0), -1, 1), RATE, TEXT)


@pytest.mark.parametrize("text", ["Shh.", "Pst", "Ssssssssssss", "Schhhhhhh"])
def test_words_that_are_noise_pass_as_noise(text: str) -> None:
    check_recording(noise(1.0, 0.1), RATE, text)


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (np.zeros(0, np.float32), "recorded nothing"),
        (np.zeros(32_000, np.float32), "silence"),
        (np.full(32_000, 0.5, np.float32), "silence"),
        (noise(2.0, 1e-5), "silence"),
        (np.concatenate([hum(0.1), np.zeros(32_000, np.float32)]), "too short"),
        (hum(200.0), "too long"),
        (noise(2.0, 0.1), "noise"),
        (random_samples(32_000), "noise"),
        (np.full(32_000, np.nan, np.float32), "no sound"),
    ],
)
def test_what_is_no_voice_is_refused(sound: NDArray[np.float32], reason: str) -> None:
    with pytest.raises(BadRecordingError, match=reason):
        check_recording(sound, RATE, TEXT)


def test_random_bytes_are_refused_for_any_text() -> None:
    with pytest.raises(BadRecordingError, match="noise"):
        check_recording(random_samples(16_000), RATE, "Shh")
