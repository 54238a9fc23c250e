import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.loudness import integrated, measure
from calmcast.audio.tone import SHELF_HZ, high_pass, high_shelf, room_response, shape
from calmcast.model.voice import ROOM_TAIL, Tone
from calmcast.speech.run.recording import resample, trim
from calmcast.units import SAMPLE_RATE
from tests.conftest import needs

Sound = NDArray[np.float32]
ALL_OF_IT = Tone(low_cut_hz=80, shelf_db=3.0, open=True, room=100)


def band(samples: Sound | NDArray[np.float64], low_hz: float, high_hz: float) -> Sound:
    """Return what of a sound is in a band."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    spectrum[(hertz < low_hz) | (hertz >= high_hz)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def level(samples: Sound) -> float:
    """Return the level in dB of a sound, full scale = 0."""
    return float(10 * np.log10((samples.astype(np.float64) ** 2).mean() + 1e-30))


def spoken(ends_hz: float = 8_000.0) -> Sound:
    """A vowel from 0.2 s to 0.8 s, a hiss from 1.0 s to 1.3 s, silence between and around; nothing above `ends_hz`."""
    random, time = np.random.default_rng(3), np.arange(3 * SAMPLE_RATE // 2) / SAMPLE_RATE
    vowel = sum(np.sin(2 * np.pi * 110 * n * time + n * n) / n for n in range(1, 70))
    hiss = band(random.normal(0, 1, len(time)), 3_000, 16_000)
    rises = [np.clip((time - a) / 0.02, 0, 1) * np.clip((b - time) / 0.02, 0, 1) for a, b in ((0.2, 0.8), (1.0, 1.3))]
    sound = band(0.15 * vowel * rises[0] + 0.15 * hiss * rises[1], 0, ends_hz)
    return (sound * (np.abs(sound) > 1e-4)).astype(np.float32) if ends_hz > 16_000 else sound


def click(seconds: float = 0.5) -> Sound:
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    samples[0] = 1.0
    return samples


def response_db(tone: Tone, *hertz: float) -> list[float]:
    """Return what a tone makes of frequencies, in dB."""
    spectrum = np.abs(np.fft.rfft(shape(click(1.0), tone)[:SAMPLE_RATE]))
    return [float(20 * np.log10(spectrum[round(frequency)])) for frequency in hertz]


def flite(folder: Path, text: str, voice: str = "rms") -> Sound:
    path = folder / "spoken.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=30)
    with wave.open(str(path)) as spoken_file:
        pcm, rate = spoken_file.readframes(spoken_file.getnframes()), spoken_file.getframerate()
    return trim(resample(np.asarray(np.frombuffer(pcm, "<i2") / 32_768, np.float32), rate))


def test_no_tone_is_the_very_same_samples() -> None:
    samples = spoken()
    assert shape(samples, Tone()) is samples


@pytest.mark.parametrize("length", [0, 1, 100, SAMPLE_RATE])
def test_silence_stays_silence(length: int) -> None:
    assert not shape(np.zeros(length, np.float32), ALL_OF_IT).any()


@pytest.mark.parametrize("length", [1, 100, 441, 4_410])
def test_short_sounds_are_shaped_too(length: int) -> None:
    shaped = shape(np.full(length, 0.5, np.float32), ALL_OF_IT)
    assert len(shaped) == length + ROOM_TAIL
    assert np.isfinite(shaped).all()


def test_the_same_line_gives_the_same_bytes_and_is_left_as_it_was() -> None:
    samples = spoken()
    before = samples.copy()
    first = shape(samples, ALL_OF_IT)
    room_response.cache_clear()
    assert shape(samples, ALL_OF_IT).tobytes() == first.tobytes()
    assert samples.tobytes() == before.tobytes()
    assert first.dtype == np.float32


def test_twice_as_loud_is_twice_as_loud() -> None:
    samples = spoken() / np.float32(4)
    twice = shape(samples * np.float32(2), ALL_OF_IT)
    assert np.abs(twice - 2 * shape(samples, ALL_OF_IT)).max() < 1e-6


def test_the_low_cut_is_a_butterworth_of_24_db_an_octave() -> None:
    at_cut, octave_below, above = response_db(Tone(low_cut_hz=80), 80, 40, 200)
    assert at_cut == pytest.approx(-3.01, abs=0.05)
    assert octave_below == pytest.approx(-24.1, abs=0.2)
    assert above == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("shelf_db", [-6.0, -2.0, 3.0])
def test_the_shelf_has_half_of_its_gain_in_the_middle(shelf_db: float) -> None:
    low, middle, high = response_db(Tone(shelf_db=shelf_db), 500, SHELF_HZ, 18_000)
    assert low == pytest.approx(0.0, abs=0.05)
    assert middle == pytest.approx(shelf_db / 2, abs=0.05)
    assert high == pytest.approx(shelf_db, abs=0.15)


def test_the_filters_are_stable() -> None:
    for biquad in (high_pass(20, 1.3), high_pass(300, 0.5), high_shelf(SHELF_HZ, 12.0), high_shelf(SHELF_HZ, -12.0)):
        assert abs(np.roots([1.0, biquad.a1, biquad.a2])).max() < 1.0


def test_nothing_but_a_room_changes_the_length() -> None:
    samples = spoken()
    assert len(shape(samples, Tone(60, -3.0, True))) == len(samples)
    assert len(shape(samples, Tone(room=1))) == len(samples) + ROOM_TAIL
    assert ROOM_TAIL < SAMPLE_RATE / 2


def test_a_line_ends_without_a_click() -> None:
    hummed = np.sin(np.arange(SAMPLE_RATE) * 2 * np.pi * 70 / SAMPLE_RATE).astype(np.float32)
    hummed[-220:] *= np.linspace(1, 0, 220, dtype=np.float32)
    for tone in (Tone(low_cut_hz=90), Tone(low_cut_hz=90, room=50)):
        assert np.abs(shape(hummed, tone)[-8:]).max() < 0.002


def test_the_room_is_even_and_does_not_ring() -> None:
    room = room_response(100)
    power = np.abs(np.fft.rfft(room, 1 << 16)) ** 2
    hertz = np.fft.rfftfreq(1 << 16, 1 / SAMPLE_RATE)
    thirds = [power[(hertz > middle * 2 ** (-1 / 6)) & (hertz < middle * 2 ** (1 / 6))].mean() for middle in
              100 * 2 ** (np.arange(22) / 3)]  # fmt: skip
    assert np.ptp(10 * np.log10(thirds)) < 1.0
    assert (room**2).sum() == pytest.approx(1.0)
    tail = np.concatenate(([0.0], room[1:]))
    likeness = np.fft.irfft(np.abs(np.fft.rfft(tail, 1 << 16)) ** 2)[: len(room)]
    assert np.abs(likeness[SAMPLE_RATE // 1000 :]).max() < 0.2 * likeness[0]  # flutter would repeat itself


def test_the_room_is_small_and_its_top_dies_first() -> None:
    tail = np.concatenate(([0.0], room_response(100)[1:]))
    assert 10 * np.log10((tail**2).sum()) < -17.0
    assert np.abs(tail).max() < 0.05

    def half_gone(sound: Sound) -> int:
        return int(np.searchsorted(np.cumsum(sound**2) / (sound**2).sum(), 0.9))

    assert half_gone(band(tail, 5_000, 12_000)) < half_gone(band(tail, 300, 1_500)) < SAMPLE_RATE // 10
    assert room_response(50)[1:].std() < 0.51 * room_response(100)[1:].std()


def test_air_is_where_the_hiss_is_and_nowhere_else() -> None:
    samples = spoken()
    air = shape(samples, Tone(open=True)) - samples
    source = level(band(samples, 4_000, 7_500))
    assert source - 20.0 < level(air) < source - 10.0
    assert level(band(air, 0, 7_500)) < source - 50.0
    assert level(band(air, 8_000, 10_500)) > level(band(air, 10_500, 15_000))
    assert level(band(air, 15_000, 22_050)) < source - 50.0
    hiss, vowel, quiet = (air[round(a * SAMPLE_RATE) : round(b * SAMPLE_RATE)] for a, b in
                          ((1.05, 1.25), (0.3, 0.7), (0.85, 0.95)))  # fmt: skip
    assert level(hiss) > level(vowel) + 25.0
    assert level(hiss) > level(quiet) + 60.0


def test_a_voice_with_a_top_of_its_own_gets_no_air() -> None:
    samples = spoken(ends_hz=11_000)
    assert shape(samples, Tone(open=True)) is samples


def test_a_voice_kept_in_16_bits_still_ends_at_8_khz() -> None:
    samples = (np.rint(spoken() * 32_767) / 32_768).astype(np.float32)
    assert shape(samples, Tone(open=True)) is not samples


def loudness(samples: Sound) -> float:
    return integrated(measure(np.rint(samples * 16_384).astype(np.int16))[0])


@pytest.mark.real
@needs("flite")
@pytest.mark.parametrize("voice", ["rms", "slt"])
@pytest.mark.parametrize(
    "tone", [Tone(80, 3.0, True), Tone(50, -3.0, False, 15), Tone(60, -1.5, True, 30), Tone(room=100)]
)
def test_a_real_voice_stays_about_as_loud(tmp_path: Path, voice: str, tone: Tone) -> None:
    samples = flite(tmp_path, "Let your shoulders rest, and soften the space between your ribs.", voice)
    assert loudness(shape(samples, tone)) == pytest.approx(loudness(samples), abs=0.8)


@pytest.mark.real
@needs("flite")
def test_a_real_voice_gets_its_air(tmp_path: Path) -> None:
    samples = flite(tmp_path, "Let your shoulders rest, and soften the space between your ribs.")
    air = shape(samples, Tone(open=True)) - samples
    source = level(band(samples, 4_000, 7_500))
    assert source - 20.0 < level(band(air, 8_000, 14_500)) < source - 12.0
    assert level(band(air, 0, 7_500)) < source - 55.0
