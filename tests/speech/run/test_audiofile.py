"""Files as engines write them, whole and broken."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from calmcast.speech.engines.wave import write_wave
from calmcast.speech.run.audiofile import BadRecordingError, read_audio

SINE = (np.sin(np.arange(8_000) / 5) * 12_000).astype("<i2")


def write(path: Path, codec: str, rate_hz: int, layout: str = "mono") -> None:
    """Write SINE with PyAV."""
    with av.open(str(path), "w", format="aiff" if path.suffix == ".aiff" else "wav") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        assert isinstance(stream, av.AudioStream)
        sound = np.repeat(SINE, 2) if layout == "stereo" else SINE
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate_hz
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


@pytest.mark.parametrize(
    ("name", "codec", "rate_hz", "layout"),
    [
        ("a.wav", "pcm_s16le", 22_050, "mono"),
        ("a.wav", "pcm_s16le", 48_000, "stereo"),
        ("a.wav", "pcm_s24le", 48_000, "mono"),
        ("a.wav", "pcm_f32le", 24_000, "mono"),
        ("a.aiff", "pcm_s16be", 22_050, "mono"),
        ("a.aiff", "pcm_s24be", 44_100, "stereo"),
    ],
)
def test_every_kind_of_wav_and_aiff_gives_its_samples(
    name: str, codec: str, rate_hz: int, layout: str, tmp_path: Path
) -> None:
    write(tmp_path / name, codec, rate_hz, layout)
    (tmp_path / name).rename(tmp_path / "any.wav")
    samples, rate = read_audio(tmp_path / "any.wav")
    assert rate == rate_hz
    assert samples.shape == SINE.shape
    assert np.abs(samples - SINE / 32_768).max() < 1e-4


def test_a_chunk_before_the_sound_and_one_after_are_passed_over(tmp_path: Path) -> None:
    write_wave(tmp_path / "a.wav", SINE.tobytes(), 16_000)
    data = (tmp_path / "a.wav").read_bytes()
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    (tmp_path / "a.wav").write_bytes(data[:12] + odd + data[12:] + odd)
    samples, rate = read_audio(tmp_path / "a.wav")
    assert (len(samples), rate) == (8_000, 16_000)


def whole(tmp_path: Path) -> bytes:
    write_wave(tmp_path / "whole.wav", SINE.tobytes(), 16_000)
    return (tmp_path / "whole.wav").read_bytes()


@pytest.mark.parametrize("kept", [0, 1, 3, 11, 12, 20, 36, 43, 44, 45, 100, 16_042, 16_043])
def test_a_wav_that_is_cut_short_is_noticed(kept: int, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(whole(tmp_path)[:kept])
    with pytest.raises(BadRecordingError):
        read_audio(tmp_path / "a.wav")


def test_an_aiff_that_is_cut_short_is_noticed(tmp_path: Path) -> None:
    write(tmp_path / "a.aiff", "pcm_s16be", 22_050)
    data = (tmp_path / "a.aiff").read_bytes()
    for kept in (11, 12, 40, 60, len(data) - 2):
        (tmp_path / "b.wav").write_bytes(data[:kept])
        with pytest.raises(BadRecordingError):
            read_audio(tmp_path / "b.wav")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not audio at all",
        b"<html>" * 100,
        b"RIFF\0\0\0\0WAVE",
        b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 0, 16_000, 0, 0, 16) + b"data" + bytes(4),
        b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 0, 0, 2, 16) + b"data" + bytes(4),
        b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 77, 1, 9_000, 9_000, 2, 16) + b"data\2\0\0\0ab",
        b"FORM\0\0\0\4AIFF",
    ],
)
def test_what_is_no_audio_is_told_in_words(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(BadRecordingError, match="the engine"):
        read_audio(tmp_path / "a.wav")


def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadRecordingError, match="no file"):
        read_audio(tmp_path / "a.wav")
