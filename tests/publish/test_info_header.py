"""The Info frame: its CRCs, its fields, and LAME's own file as the model."""

import random
import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from calmcast.publish.frames import end_padding, frame_bytes, track_frames
from calmcast.publish.info_header import Stream, crc16, info_frame


def slow_crc16(data: bytes, value: int = 0) -> int:
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def stream(samples: int = 26_460_000, channels: int = 1, kbps: int = 96) -> Stream:
    return Stream(samples, channels, kbps, 3, "LAME3.100", music_bytes=7_200_000, music_crc=0xBEEF)


def test_crc_check_value() -> None:
    assert crc16(b"123456789") == 0xBB3D, "the check value of CRC-16/ARC"


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 5_000, 20_001])
def test_crc_of_any_size(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert crc16(data) == slow_crc16(data)


@pytest.mark.parametrize("cut", [0, 1, 300, 512, 3_001, 5_000])
def test_crc_continues(cut: int) -> None:
    data = random.Random(7).randbytes(5_000)
    assert crc16(data[cut:], crc16(data[:cut])) == crc16(data)


@pytest.mark.parametrize(("kbps", "channels", "tag"), [(96, 1, 21), (64, 1, 21), (128, 2, 36), (64, 2, 36)])
def test_fields_are_where_the_layout_says(kbps: int, channels: int, tag: int) -> None:
    frame = info_frame(stream(channels=channels, kbps=kbps))
    assert len(frame) == frame_bytes(kbps, padded=False)
    assert frame[4:tag] == bytes(tag - 4), "silent side information"
    assert frame[tag : tag + 4] == b"Info"
    assert int.from_bytes(frame[tag + 8 : tag + 12]) == track_frames(26_460_000)
    assert int.from_bytes(frame[tag + 12 : tag + 16]) == len(frame) + 7_200_000
    assert frame[tag + 120 : tag + 129] == b"LAME3.100"
    delays = int.from_bytes(frame[tag + 141 : tag + 144])
    assert (delays >> 12, delays & 0xFFF) == (576, end_padding(26_460_000))
    assert int.from_bytes(frame[tag + 148 : tag + 152]) == len(frame) + 7_200_000
    assert int.from_bytes(frame[tag + 152 : tag + 154]) == 0xBEEF
    assert int.from_bytes(frame[tag + 154 : tag + 156]) == slow_crc16(frame[: tag + 154])


@pytest.mark.parametrize("samples", [1, 1_152, 44_100, 26_460_000, 24 * 3600 * 44_100])
def test_table_of_contents_begins_at_nothing_and_never_falls(samples: int) -> None:
    contents = info_frame(stream(samples))[37:137]
    assert contents[0] == 0
    assert list(contents) == sorted(contents)


@pytest.mark.real
@pytest.mark.skipif(shutil.which("lame") is None, reason="the lame command, which is the model here, is not installed")
@pytest.mark.parametrize(("kbps", "channels"), [(96, 1), (64, 1), (128, 2)])
def test_the_frame_is_what_lame_writes(tmp_path: Path, kbps: int, channels: int) -> None:
    samples = 441_234
    with wave.open(str(tmp_path / "noise.wav"), "wb") as source:
        source.setnchannels(channels)
        source.setsampwidth(2)
        source.setframerate(44_100)
        source.writeframes(random.Random(1).randbytes(samples * 2 * channels))
    options = f"--quiet -q 3 --noreplaygain --cbr -b {kbps} -m {'m' if channels == 1 else 'j'}".split()
    subprocess.run(["lame", *options, tmp_path / "noise.wav", tmp_path / "noise.mp3"], check=True)
    size, tag = frame_bytes(kbps, padded=False), 21 if channels == 1 else 36
    data = (tmp_path / "noise.mp3").read_bytes()
    theirs, music = data[:size], data[size:]
    ours = info_frame(Stream(samples, channels, kbps, 3, "LAME3.100", len(music), crc16(music)))
    assert ours[:3] == theirs[:3]
    assert ours[3] == theirs[3] & 0b1100_1111, "all but the mode extension, which an empty frame does not need"
    assert ours[4 : tag + 16] == theirs[4 : tag + 16], "frames and bytes"
    assert max(abs(a - b) for a, b in zip(ours[tag + 16 : tag + 116], theirs[tag + 16 : tag + 116], strict=True)) <= 1
    assert ours[tag + 116 : tag + 130] == theirs[tag + 116 : tag + 130], "quality, version, method"
    assert ours[tag + 140 : tag + 145] == theirs[tag + 140 : tag + 145], "bit rate, delay, padding, misc"
    assert ours[tag + 146 : tag + 154] == theirs[tag + 146 : tag + 154], "preset, length, music CRC"
    assert crc16(theirs[: tag + 154]) == int.from_bytes(theirs[tag + 154 : tag + 156])
