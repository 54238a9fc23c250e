"""Every kind of file that ffmpeg's libraries write: exact to the sample, the same each time, and never half a lie."""

import errno
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calmcast.model.timeline import Block
from calmcast.publish.container import Content, write_container
from calmcast.publish.formats import FORMATS, Format
from calmcast.publish.places import PLACES, Delivery
from calmcast.publish.resampled import samples_at
from calmcast.units import SAMPLE_RATE
from tests.conftest import needs

WRITTEN = [row for row in FORMATS.values() if row.name != "wav"]
LENGTHS = (1024 * 45, 1024 * 45 + 1, 1152 * 40 + 46, 61_003)
"""At the ends of frames of 1 024 and of 1 152, beside them, and elsewhere."""
LEAST_SNR_DB = {"flac": 90.0}
"""What is kept of the sound at the least: every sample, or enough to tell that it is in its place."""
COLOUR = 200, 60, 40
"""Read as that of another kind of video, it would be 10 levels off."""
JPEG = io.BytesIO()
Image.new("RGB", (320, 180), COLOUR).save(JPEG, "JPEG", quality=95)


def sound(samples: int, channels: int) -> NDArray[np.int16]:
    """Return two tones that swell, shape (samples, channels): moved by a sample, they are 20 dB off."""
    at = np.arange(samples) / SAMPLE_RATE
    swell = 6_000 * (1 - np.cos(2 * np.pi * 1.3 * at))
    both = swell * np.sin(2 * np.pi * 440 * at), swell * np.sin(2 * np.pi * 523 * at)
    tones: NDArray[np.int16] = np.rint(np.stack(both[:channels], axis=1)).astype(np.int16)
    return tones


def blocks(samples: NDArray[np.int16]) -> Iterator[Block]:
    for first in range(0, len(samples), 30_011):
        part = samples[first : first + 30_011]
        yield Block(len(part), part.astype("<i2").tobytes())


def written(delivery: Delivery, samples: NDArray[np.int16], before: bytes = b"") -> bytes:
    """Return the file, as it stands after what was there `before`."""
    out = io.BytesIO()
    out.write(before)
    content = Content(
        (("One", 0, 500), ("Two", 500, 2000)), "eng", JPEG.getvalue() if delivery.format.pictured else b""
    )
    write_container(out, blocks(samples), delivery, content, samples=len(samples), channels=samples.shape[1])
    assert out.getvalue()[: len(before)] == before
    return out.getvalue()[len(before) :]


def decoded(path: Path, channels: int) -> NDArray[np.int16]:
    """Return what ffmpeg makes of a file, shape (samples, channels)."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "s16le", "-c:a", "pcm_s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return np.frombuffer(done.stdout, "<i2").reshape(-1, channels)


@needs("ffmpeg")
@pytest.mark.real
@pytest.mark.parametrize("channels", [1, pytest.param(2, marks=pytest.mark.long)])
@pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.name)
def test_a_file_decodes_to_its_samples_each_in_its_place(tmp_path: Path, form: Format, channels: int) -> None:
    path = tmp_path / f"x{form.ending}"
    for length in LENGTHS:
        due = samples_at(form.rate, length)
        path.write_bytes(written(Delivery(form), sound(length, channels)))
        heard = decoded(path, channels)
        assert len(heard) == due
        with av.open(str(path)) as file:
            assert sum(frame.samples for frame in file.decode(audio=0)) == due
        wanted = (
            sound(samples_at(form.rate, length), channels) if form.rate == SAMPLE_RATE else resampled(length, channels)
        )
        gain = np.vdot(heard, wanted.astype(float)) / np.vdot(wanted.astype(float), wanted)
        error = heard / gain - wanted
        assert 10 * np.log10(np.mean(wanted.astype(float) ** 2) / np.mean(error**2 + 1e-9)) > LEAST_SNR_DB.get(
            form.name, 22
        )


def resampled(samples: int, channels: int) -> NDArray[np.float64]:
    """Return `sound` as it is at 48 kHz."""
    at = np.arange(samples_at(48_000, samples)) / 48_000
    swell = 6_000 * (1 - np.cos(2 * np.pi * 1.3 * at))
    both = swell * np.sin(2 * np.pi * 440 * at), swell * np.sin(2 * np.pi * 523 * at)
    return np.stack(both[:channels], axis=1)


@needs("ffmpeg")
@needs("mpg123")
@pytest.mark.real
@pytest.mark.parametrize("place", ["insight-timer", "acx"])
def test_an_mp3_of_another_rate_is_exact_for_every_decoder(tmp_path: Path, place: str) -> None:
    delivery, path = Delivery(FORMATS["mp3"], PLACES[place]), tmp_path / "x.mp3"
    channels = delivery.channels(1)
    for length in LENGTHS:
        path.write_bytes(written(delivery, sound(length, channels)))
        due = samples_at(delivery.rate, length)
        assert len(decoded(path, channels)) == due
        said = subprocess.run(["mpg123", "-q", "-s", path], capture_output=True, check=True)
        assert (len(said.stdout), said.stderr) == (2 * channels * due, b"")


@pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.name)
def test_the_same_sound_is_the_same_bytes_wherever_it_begins(form: Format) -> None:
    samples = sound(2 * SAMPLE_RATE, 1)
    first = written(Delivery(form), samples)
    assert written(Delivery(form), samples) == first
    assert written(Delivery(form), samples, before=b"ID3 and more") == first


@pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.name)
def test_a_disk_that_is_full_is_told_as_what_it_is(form: Format) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            if self.tell() > 1000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    noise = np.random.default_rng(1).integers(-3000, 3000, (20 * SAMPLE_RATE, 1), np.int16)
    with pytest.raises(OSError, match="No space left") as error:
        write_container(Full(), blocks(noise), Delivery(form), Content(), samples=len(noise), channels=1)
    assert error.value.errno == errno.ENOSPC


FULL = """
import resource, signal, sys
from calmcast.model.timeline import Block
from calmcast.publish.container import Content, write_container
from calmcast.publish.places import delivery
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
noise = bytes(range(1, 255)) * 30_000
with open(sys.argv[2], "w+b", buffering=30_000) as out:
    samples = len(noise) // 2
    try:
        write_container(out, [Block(samples, noise)], delivery(sys.argv[1]), Content(), samples=samples, channels=1)
    except OSError as error:
        print(error.strerror, flush=True)
        import os
        os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="bounds files as Linux does")
@pytest.mark.parametrize("form", ["m4a", "flac"])
def test_nothing_else_is_printed_where_a_file_cannot_grow(tmp_path: Path, form: str) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, form, tmp_path / "x"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"File too large\n", b"")


@pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.name)
def test_what_the_mixer_raises_comes_through(form: Format) -> None:
    def failing() -> Iterator[Block]:
        yield from blocks(sound(SAMPLE_RATE, 1))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_container(io.BytesIO(), failing(), Delivery(form), Content(), samples=SAMPLE_RATE * 60, channels=1)


def test_an_mp4_begins_with_its_index_so_that_it_plays_while_it_loads() -> None:
    data = written(Delivery(FORMATS["mp4"]), sound(SAMPLE_RATE * 3, 2))
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_still_is_shown_as_long_as_the_sound_lasts(tmp_path: Path) -> None:
    path, samples = tmp_path / "x.mp4", 13 * SAMPLE_RATE + 4_321
    path.write_bytes(written(Delivery(FORMATS["mp4"]), sound(samples, 1)))
    with av.open(str(path)) as file:
        picture, heard = file.streams.video[0], file.streams.audio[0]
        assert picture.duration is not None
        assert heard.duration is not None
        assert abs(float(picture.duration * picture.time_base) - samples / SAMPLE_RATE) < 0.001  # type: ignore[operator]
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    assert len(frames) == -(-samples * 5 // SAMPLE_RATE)
    for frame in frames:
        assert np.abs(frame.astype(int).mean(axis=(0, 1)) - COLOUR).max() < 4


MEMORY = """
import io, resource, sys, tempfile
from calmcast.model.timeline import Block
from calmcast.publish.container import Content, write_container
from calmcast.publish.places import delivery
block = Block(10 * 44_100, bytes(20 * 44_100))
blocks = 6 * int(sys.argv[2])
with tempfile.TemporaryFile() as out:
    write_container(
        out, [block] * blocks, delivery(sys.argv[1]), Content(), samples=blocks * block.samples, channels=1
    )
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize(("form", "most_mb"), [("flac", 8), ("opus", 8), ("m4a", 25)])
def test_memory_does_not_grow_with_length_but_for_the_index_of_an_mp4(form: str, most_mb: int) -> None:
    def used_mb(minutes: int) -> int:
        command = [sys.executable, "-c", MEMORY, form, str(minutes)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    assert used_mb(40) - used_mb(5) < most_mb
