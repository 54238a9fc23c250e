import subprocess
import wave
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.clean import CLEAN_ENOUGH_DB, Cleaned, clean, room_tone, speech_to_noise
from calmcast.audio.hum import find_hum, without_hum
from calmcast.speech.run.recording import resample, trim
from calmcast.units import SAMPLE_RATE, gain
from tests.conftest import needs

Sound = NDArray[np.float32]
PAUSE = SAMPLE_RATE * 7 // 10


def level(samples: Sound) -> float:
    return float(10 * np.log10((samples.astype(np.float64) ** 2).mean() + 1e-30))


def word(seconds: float, pitch_hz: float) -> Sound:
    """Return a vowel that rises and falls, with some hiss after it; about -20 dB."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * pitch_hz * (time + 0.05 * time**2)
    vowel = sum(np.sin(phase * n + n * n) / (1 + n / 3) for n in range(1, 60)) * np.sin(np.pi * time / seconds) ** 0.5
    hiss = np.diff(np.random.default_rng(1).normal(0, 0.3, len(time) + 1)) * np.clip(time / seconds - 0.7, 0, 1)
    return np.asarray(0.05 * (vowel + hiss), np.float32)


def speech() -> Sound:
    """Return four words with pauses of 0.7 s around them, without a trace of noise."""
    pause = np.zeros(PAUSE, np.float32)
    words = [word(0.5, 110), word(0.9, 130), word(0.3, 95), word(0.7, 120)]
    return np.concatenate([pause, *(part for spoken in words for part in (spoken, pause))])


def noise(kind: str, samples: int, seed: int = 6) -> Sound:
    """Return noise at a level of 0 dB."""
    random, time = np.random.default_rng(seed), np.arange(samples) / SAMPLE_RATE
    if kind.startswith("hum"):
        mains = int(kind[3:]) * 1.0008
        made = sum(
            part * np.sin(2 * np.pi * mains * n * time + n) for n, part in ((1, 0.6), (2, 1.0), (3, 0.4), (5, 0.2))
        )
        made = made + 0.02 * random.normal(0, 1, samples)
    else:
        spectrum = np.fft.rfft(random.normal(0, 1, samples))
        hertz = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
        spectrum *= (hertz > 25) / np.sqrt(np.maximum(hertz, 1)) if kind == "pink" else 1.0
        made = np.fft.irfft(spectrum, samples)
    return np.asarray(made / np.sqrt((made**2).mean()), np.float32)


def loud(samples: Sound) -> float:
    """Return the level in dB of what is within 15 dB of the loudest 50 ms."""
    windows = samples[: len(samples) // 2205 * 2205].reshape(-1, 2205).astype(np.float64)
    power = (windows**2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() * gain(-15) ** 2].mean()))


def noisy(samples: Sound, kind: str, ratio_db: float) -> Sound:
    return samples + noise(kind, len(samples)) * np.float32(gain(loud(samples) - ratio_db))


def thirds_db(samples: Sound, active: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the level in dB of each third of an octave from 315 Hz to 4 kHz in those frames of 2 048."""
    frames = samples[: len(active) * 2048].reshape(-1, 2048)[active].astype(np.float64)
    power = (np.abs(np.fft.rfft(frames * np.hanning(2048))) ** 2).sum(axis=0)
    hertz = np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)
    middles = 315 * 2 ** (np.arange(12) / 3)
    return np.array(
        [10 * np.log10(power[(hertz > m * 2 ** (-1 / 6)) & (hertz < m * 2 ** (1 / 6))].sum()) for m in middles]
    )


def spectrum_change(before: Sound, after: Sound) -> float:
    """Return by how much speech changed at most, in dB, in any third of an octave."""
    frames = before[: len(before) // 2048 * 2048].reshape(-1, 2048).astype(np.float64)
    power = (frames**2).mean(axis=1)
    active = power > power.max() * 1e-3
    return float(np.abs(thirds_db(after, active) - thirds_db(before, active)).max())


def untouched(cleaned: Cleaned, samples: Sound) -> bool:
    return cleaned.samples is samples and cleaned.hum_hz is None and cleaned.noise_db is None


@pytest.mark.parametrize(
    ("kind", "ratio_db", "given"),
    [
        *(("white", 20, True), ("white", 30, False), ("white", 40, True)),
        *(("pink", 20, False), ("pink", 30, True), ("pink", 40, False)),
    ],
)
def test_noise_between_words_falls_and_words_stay(kind: str, ratio_db: int, given: bool) -> None:
    voice = speech()
    samples = noisy(voice, kind, ratio_db)
    before = samples.copy()
    cleaned = clean(samples, room_tone(samples) if given else None)
    fall = level(samples[2048 : PAUSE - 2048]) - level(cleaned.samples[2048 : PAUSE - 2048])
    assert 9.5 < fall < 12.5
    assert cleaned.noise_db == pytest.approx(fall, abs=1.2)
    assert cleaned.hum_hz is None
    assert spectrum_change(voice, cleaned.samples) < 1.0
    assert cleaned.samples.shape == samples.shape
    assert cleaned.samples.dtype == np.float32
    assert samples.tobytes() == before.tobytes()
    assert clean(samples, room_tone(samples) if given else None).samples.tobytes() == cleaned.samples.tobytes()


def test_what_stays_of_the_noise_does_not_twitter() -> None:
    """Musical noise is a few bins that stand out: it shows in the fourth moment of the spectrum, 2 in plain noise."""
    samples = noisy(speech(), "white", 20)
    after = clean(samples).samples[2048 : PAUSE - 2048]
    frames = np.lib.stride_tricks.sliding_window_view(after, 2048)[::512] * np.hanning(2048)
    power = np.abs(np.fft.rfft(frames)[:, 20:800]) ** 2
    assert (power**2).mean() / power.mean() ** 2 < 3.0


@pytest.mark.parametrize(("mains", "ratio_db"), [(50, 15), (50, 25), (60, 15), (60, 40)])
def test_hum_is_taken_out(mains: int, ratio_db: int) -> None:
    voice = speech()
    samples = noisy(voice, f"hum{mains}", ratio_db)
    cleaned = clean(samples)
    assert cleaned.hum_hz == mains
    pause = slice(2048, PAUSE - 2048)
    assert level(samples[pause]) - level(cleaned.samples[pause]) > 12.0
    assert spectrum_change(voice, cleaned.samples) < 0.5


def test_a_voice_at_the_frequency_of_the_hum_is_not_notched() -> None:
    """A vowel held at 100 Hz, the second harmonic of the mains, with pauses around it."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    vowel = np.asarray(0.2 * np.sin(2 * np.pi * 100 * time) * np.sin(np.pi * time), np.float32)
    voice = np.concatenate([np.zeros(SAMPLE_RATE, np.float32), vowel, np.zeros(SAMPLE_RATE, np.float32)])
    samples = noisy(voice, "hum50", 30)
    hum = find_hum(room_tone(samples))
    assert hum is not None
    assert hum.mains_hz == 50
    rid = without_hum(samples, hum)
    assert level(rid[SAMPLE_RATE:-SAMPLE_RATE]) == pytest.approx(level(vowel), abs=0.1)
    assert level(rid[: SAMPLE_RATE // 2]) < level(samples[: SAMPLE_RATE // 2]) - 15.0


@pytest.mark.parametrize("kind", ["white", "pink"])
def test_there_is_no_hum_in_plain_noise(kind: str) -> None:
    assert not [seed for seed in range(40) if find_hum(noise(kind, SAMPLE_RATE // 2, seed))]


@pytest.mark.parametrize("kind", ["white", "pink", "hum50"])
def test_what_is_clean_enough_is_the_very_same(kind: str) -> None:
    for samples in (speech(), noisy(speech(), kind, CLEAN_ENOUGH_DB + 5)):
        assert untouched(clean(samples), samples)
        assert untouched(clean(samples, room_tone(samples)), samples)


@pytest.mark.parametrize("length", [0, 1, 2_000, 4_410, 3 * SAMPLE_RATE])
def test_silence_is_left_alone(length: int) -> None:
    samples = np.zeros(length, np.float32)
    assert untouched(clean(samples), samples)
    assert untouched(clean(samples, noise("white", 22_050) * np.float32(1e-3)), samples)
    assert len(room_tone(samples)) == 0


@pytest.mark.parametrize("length", [1, 2_204, 4_410, 8_820, 13_001])
def test_a_tenth_of_a_second_is_cleaned_only_with_room_tone(length: int) -> None:
    samples = noisy(np.resize(word(0.3, 110), length), "white", 25) if length > 2_205 else word(0.3, 110)[:length]
    room = noise("white", SAMPLE_RATE, seed=8) * np.float32(gain(loud(word(0.3, 110)) - 25))
    cleaned = clean(samples, room)
    assert len(cleaned.samples) == length
    assert np.isfinite(cleaned.samples).all()
    assert abs(level(cleaned.samples) - level(samples)) < 1.0
    assert len(clean(samples).samples) == length


def test_a_recording_that_is_gated_is_left_alone() -> None:
    """A phone that writes digital silence between words: its noise can only be heard under them, where it is masked."""
    voice = speech()
    samples = np.where(voice == 0, voice, noisy(voice, "pink", 30)).astype(np.float32)
    assert untouched(clean(samples), samples)
    room = noise("pink", SAMPLE_RATE, seed=8) * np.float32(gain(loud(voice) - 30))
    assert untouched(clean(samples, room), samples)


def test_a_wrong_noise_harms_no_voice() -> None:
    samples = noisy(speech(), "white", 35)
    words = np.concatenate([word(0.9, 130)] * 2) * np.float32(gain(-12))
    cleaned = clean(samples, words)
    assert spectrum_change(samples, cleaned.samples) < 1.0


def test_words_without_a_pause_are_not_taken_for_noise() -> None:
    samples = np.concatenate([word(0.8, 110), word(0.6, 120), word(0.9, 100)])
    cleaned = clean(samples)
    assert spectrum_change(samples, cleaned.samples) < 0.5


def test_a_knock_is_neither_speech_nor_room() -> None:
    samples = noisy(speech(), "pink", 30)
    knocked = samples.copy()
    knocked[PAUSE // 2 : PAUSE // 2 + 3_000] += noise("white", 3_000) * np.float32(0.3)
    assert speech_to_noise(knocked, room_tone(knocked)) == pytest.approx(
        speech_to_noise(samples, room_tone(samples)), abs=1.5
    )
    cleaned = clean(knocked)
    last = slice(len(samples) - PAUSE + 2048, -2048)
    assert level(knocked[last]) - level(cleaned.samples[last]) > 9.0
    assert np.abs(cleaned.samples).max() <= np.abs(knocked).max() * 1.05


def test_an_offset_is_no_noise() -> None:
    samples = noisy(speech(), "white", 30)
    shifted = samples + np.float32(0.1)
    assert speech_to_noise(shifted, room_tone(shifted)) == pytest.approx(
        speech_to_noise(samples, room_tone(samples)), abs=0.1
    )
    pause = slice(2048, PAUSE - 2048)
    after = clean(shifted).samples[pause]
    assert 9.0 < level(samples[pause]) - level(after - after.mean()) < 13.0


def test_a_clipped_recording_is_cleaned_as_any_other() -> None:
    samples = np.clip(noisy(speech() * 8, "white", 30), -1, 1)
    cleaned = clean(samples)
    assert cleaned.noise_db is not None
    assert cleaned.noise_db > 9.0
    assert np.abs(cleaned.samples).max() < 1.2
    assert spectrum_change(samples, cleaned.samples) < 1.0


def test_room_tone_is_the_longest_quiet_without_a_word() -> None:
    samples = noisy(speech(), "white", 35)
    found = room_tone(samples)
    assert SAMPLE_RATE // 2 <= len(found) <= PAUSE
    assert level(found) == pytest.approx(level(samples[2048 : PAUSE - 2048]), abs=0.5)
    assert np.shares_memory(found, samples)
    longer = np.concatenate([samples, noise("white", 5 * SAMPLE_RATE, 9) * np.float32(gain(loud(speech()) - 35.5))])
    assert len(room_tone(longer)) > 4 * SAMPLE_RATE


def test_room_tone_is_no_digital_silence() -> None:
    samples = np.concatenate([np.zeros(2 * SAMPLE_RATE, np.float32), noisy(speech(), "pink", 30)])
    assert level(room_tone(samples)) > -60.0
    assert len(room_tone(noise("white", SAMPLE_RATE // 4))) == 0


@cache
def flite(text: str, voice: str) -> Sound:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=30)
        with wave.open(str(path)) as spoken_file:
            pcm, rate = spoken_file.readframes(spoken_file.getnframes()), spoken_file.getframerate()
    return trim(resample(np.asarray(np.frombuffer(pcm, "<i2") / 32_768, np.float32), rate))


@pytest.mark.real
@needs("flite")
@pytest.mark.parametrize(
    ("voice", "kind", "ratio_db"),
    [
        *(("rms", "white", 20), ("slt", "white", 30), ("rms", "white", 40)),
        *(("slt", "pink", 20), ("rms", "pink", 30), ("slt", "pink", 40)),
        *(("rms", "hum50", 20), ("slt", "hum50", 30), ("rms", "hum50", 40)),
    ],
)
def test_a_real_voice_is_unharmed(voice: str, kind: str, ratio_db: int) -> None:
    pause = np.zeros(PAUSE, np.float32)
    lines = ("Let your shoulders rest, and soften the space between your ribs.", "There is nothing more to do.")
    spoken = np.concatenate([pause, *(part for line in lines for part in (flite(line, voice), pause))])
    samples = noisy(spoken, kind, ratio_db)
    cleaned = clean(samples)
    quiet = slice(2048, PAUSE - 2048)
    assert level(samples[quiet]) - level(cleaned.samples[quiet]) > 9.0
    assert spectrum_change(spoken, cleaned.samples) < 1.0
    assert cleaned.hum_hz == (50 if kind == "hum50" else None)
