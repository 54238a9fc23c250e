import math
import re
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.loudness import (
    LOUDEST_PEAK_DB,
    MOST_GAIN_DB,
    STEP,
    WINDOW,
    integrated,
    k_weighting,
    lufs,
    measure,
    voice_gain,
    windows_of,
)
from calmcast.units import SAMPLE_RATE, gain


def sine(frequency: float, dbfs: float = 0.0, seconds: float = 5.0) -> NDArray[np.int16]:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.rint(32_767 * gain(dbfs) * np.sin(2 * np.pi * frequency * time)).astype(np.int16)


def speech_like(seconds: float = 12.0, seed: int = 4) -> NDArray[np.int16]:
    """Buzz and hiss in syllables, with silences between phrases."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    voiced = sum(np.sin(2 * np.pi * 110 * n * time + n) / n for n in range(1, 40))
    hiss = np.diff(random.normal(0, 0.3, len(time) + 1))
    syllables = np.clip(np.sin(2 * np.pi * 2.1 * time), 0, 1) ** 0.5
    phrases = (time % 3.0) < 1.8
    return np.rint(4000 * (voiced * syllables + hiss * np.roll(syllables, 9000)) * phrases).astype(np.int16)


def test_the_filters_at_48_khz_are_those_of_the_standard() -> None:
    """ITU-R BS.1770-4, Annex 1, tables 1 and 2."""
    shelf, high_pass = k_weighting(48_000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585), abs=1e-9
    )
    assert high_pass == pytest.approx((1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621), abs=1e-9)


def test_the_reference_sine_reads_as_the_standard_says() -> None:
    """BS.1770-4: a 0 dB full scale 997 Hz sine in one front channel reads -3.01 LKFS."""
    windows, peak = measure(sine(997))
    assert integrated(windows) == pytest.approx(-3.01, abs=0.01)
    assert 20 * math.log10(peak) == pytest.approx(0.0, abs=0.05)


def test_ten_decibels_less_read_ten_less() -> None:
    assert integrated(measure(sine(1000, -23))[0]) == pytest.approx(
        integrated(measure(sine(1000, -13))[0]) - 10, abs=0.01
    )


@pytest.mark.parametrize("seconds", [0.4, 0.45, 1.0, 7.77])
def test_windows_are_400_ms_at_100_ms_steps(seconds: float) -> None:
    samples = sine(500, -20, seconds)
    assert len(measure(samples)[0]) == (len(samples) - WINDOW) // STEP + 1


def test_a_short_recording_is_one_window_filled_up_with_silence() -> None:
    whole, short = measure(sine(997, -10, 0.4))[0], measure(sine(997, -10, 0.2))[0]
    assert len(short) == 1
    assert lufs(short[0]) == pytest.approx(lufs(whole[0]) - 3.01, abs=0.1)


def test_silence_and_nothing_have_no_loudness() -> None:
    assert measure(np.zeros(0, dtype=np.int16)) == ((0.0,), 0.0)
    windows, peak = measure(np.zeros(SAMPLE_RATE, dtype=np.int16))
    assert integrated(windows) == -math.inf
    assert integrated(()) == -math.inf
    assert peak == 0.0


def test_a_long_recording_reads_as_its_parts() -> None:
    """Filtering in chunks leaves no seam: windows of the same sound are the same wherever they lie."""
    windows = np.array(measure(sine(1000, -12, 23.0))[0])[5:]
    assert windows == pytest.approx(np.full(len(windows), windows[0]), rel=1e-6)
    noise = np.random.default_rng(1).normal(0, 2000, 12 * SAMPLE_RATE).astype(np.int16)
    whole, late = measure(noise)[0], measure(noise[31 * STEP :])[0]
    assert whole[41:] == pytest.approx(late[10:], rel=1e-6)


def test_single_precision_is_enough() -> None:
    """Every window that a meter counts is what the standard's filters give in double precision."""
    samples = speech_like(2.0)
    weighted = [*(samples / 32_768)]
    for b0, b1, b2, a1, a2 in k_weighting(SAMPLE_RATE):
        given, made = [0.0, 0.0, *weighted], [0.0, 0.0]
        for n in range(2, len(given)):
            made.append(b0 * given[n] + b1 * given[n - 1] + b2 * given[n - 2] - a1 * made[n - 1] - a2 * made[n - 2])
        weighted = made[2:]
    sums = np.concatenate(([0.0], np.cumsum(np.square(weighted))))[::STEP]
    exact = [lufs(window) for window in (sums[4:] - sums[:-4]) / WINDOW]
    assert max(exact) > -25
    for window, loudness in zip(windows_of(samples), exact, strict=True):
        assert loudness < -70 or lufs(window) == pytest.approx(loudness, abs=1e-4)


def test_pauses_do_not_make_a_voice_quieter() -> None:
    """EBU Tech 3341, case 3 in kind: what is 10 LU under the rest, or under -70 LUFS, is left out."""
    loud, quiet = measure(sine(997, -23, 10))[0], measure(sine(997, -40, 10))[0]
    assert integrated(loud + quiet) == pytest.approx(integrated(loud), abs=1e-9)
    assert integrated(loud + (0.0,) * 500) == pytest.approx(integrated(loud), abs=1e-9)
    near = measure(sine(997, -30, 10))[0]
    assert integrated(near) < integrated(loud + near) < integrated(loud)


def test_a_voice_is_brought_to_its_level() -> None:
    samples = speech_like()
    windows, peak = measure(samples)
    decibels = voice_gain(windows, peak)
    brought = np.rint(samples * gain(decibels)).clip(-32_768, 32_767).astype(np.int16)
    assert integrated(measure(brought)[0]) == pytest.approx(-19.0, abs=0.05)
    assert voice_gain(windows, peak, target=-23.0) == pytest.approx(decibels - 4.0)


def test_the_gain_of_a_voice_has_bounds() -> None:
    windows, peak = measure(sine(997, -62))
    assert voice_gain(windows, peak) == MOST_GAIN_DB
    assert voice_gain(windows, gain(-2.0)) == pytest.approx(LOUDEST_PEAK_DB + 2.0)
    assert voice_gain((0.0, 0.0), 0.0) == 0.0


@pytest.mark.real
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="compares with ffmpeg's ebur128 meter, which is not here")
@pytest.mark.parametrize("sound", ["speech", "noise", "low", "high", "reference"])
def test_it_agrees_with_another_meter(sound: str, tmp_path: Path) -> None:
    samples = {
        "speech": speech_like(),
        "noise": np.random.default_rng(1).normal(0, 3000, 10 * SAMPLE_RATE).astype(np.int16),
        "low": sine(60, -4),
        "high": sine(8000, -8),
        "reference": sine(997),
    }[sound]
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", "NONE"))
        file.writeframes(samples.astype("<i2").tobytes())
    command = ["ffmpeg", "-nostats", "-hide_banner", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    heard = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    loudness = re.search(r"Summary:.*?I:\s+(-?[0-9.]+) LUFS", heard, re.DOTALL)
    assert loudness
    assert integrated(measure(samples)[0]) == pytest.approx(float(loudness[1]), abs=0.1)
