"""A track of a whole day, counted frame by frame."""

import json
import mmap
import subprocess
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

import pytest

from tests.conftest import Calmcast, needs

pytestmark = [pytest.mark.real, pytest.mark.long, needs("ffprobe")]

SAMPLES = 24 * 60 * 60 * 44_100
FRAME = 1_152
PLAIN_BYTES = 313
"""Of a frame at 96 kbit/s without its padding byte: 144 * 96 000 / 44 100 (ISO/IEC 11172-3, 2.4.3.1)."""


@pytest.fixture
def track(workspace: Path, calmcast: Calmcast) -> Iterator[Path]:
    (workspace / "voices" / "plain.yaml").unlink()
    path = workspace / "day.mp3"
    assert calmcast("render", "psoas-release", "-l", "24h", "-v", "plain", "-o", path).code == 0
    yield path
    path.unlink()  # it has a gigabyte


def test_it_is_exact(track: Path) -> None:
    with track.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))  # ID3v2.3, 3.1
        sizes = [*frame_sizes(data, start)]
        assert start + sum(sizes) == len(data), "nothing but frames"
        info = data.find(b"Info", start, start + PLAIN_BYTES)
        # Xing's header: flags, frames, bytes, contents, quality; then LAME's tag: at its byte 21 two delays.
        _, frames, size = unpack_from(">III", data, info + 4)
        delays = int.from_bytes(data[info + 120 + 21 : info + 120 + 24], "big")
    assert frames == len(sizes) - 1
    assert size == sum(sizes)
    assert frames * FRAME - (delays >> 12) - (delays & 0xFFF) == SAMPLES
    assert abs(size - SAMPLES / 44_100 * 96_000 / 8) < 1_500, "at the rate that it says"
    manifest = json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["samples"] == manifest["chapters"][-1]["start"] + manifest["chapters"][-1]["samples"] == SAMPLES
    command = ["ffprobe", "-v", "warning", "-show_entries", "format=duration", "-of", "csv=p=0", str(track)]
    probe = subprocess.run(command, capture_output=True, text=True, check=True)
    assert probe.stderr == ""
    assert abs(float(probe.stdout) - 24 * 60 * 60) < 0.03


def frame_sizes(data: mmap.mmap, start: int) -> Iterator[int]:
    """Yield the bytes of each frame; every one is MPEG-1, Layer III, 96 kbit/s, 44 100 Hz."""
    while start < len(data):
        first, second, third, _ = data[start : start + 4]
        assert (first, second, third & 0b1111_1101) == (0xFF, 0xFB, 0b0111_0000), start
        size = PLAIN_BYTES + (third >> 1 & 1)
        yield size
        start += size
