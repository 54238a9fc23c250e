"""What is measured of a track, against the meters of the rest of calmcast and against what is known."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import lameenc
import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.loudness import lufs, measure
from calmcast.audio.truepeak import true_peak
from calmcast.errors import SoundError
from calmcast.publish.mp3 import write_mp3
from calmcast.units import SAMPLE_RATE
from calmcast.verify.listen import BLOCK, MOMENT, FileStream, blocks
from calmcast.verify.measure import COLUMNS, measured
from calmcast.verify.peaks import PeakMeter
from calmcast.verify.weighting import Weighting
from tests.islands import moved, whole

Samples = NDArray[np.float32]


def cut(samples: Samples, size: int = BLOCK) -> Iterator[Samples]:
    for start in range(0, samples.shape[1], size):
        yield samples[:, start : start + size]


def noise(seconds: float, level: float = 0.1, channels: int = 1, seed: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return rng.normal(0, level, (channels, round(seconds * SAMPLE_RATE))).astype(np.float32)


def track(path: Path, samples: Samples, kbps: int = 96) -> Path:
    pcm = np.rint(samples.T * 32_768).clip(-32_768, 32_767).astype("<i2")
    with path.open("wb+") as file:
        write_mp3(file, whole(pcm), samples=len(pcm), channels=samples.shape[0], kbps=kbps)
    return path


def powers(samples: Samples) -> Samples:
    weighting = Weighting(samples.shape[0])
    return np.concatenate([weighting.powers(block) for block in cut(samples)])


def test_powers_are_those_of_the_loudness_meter() -> None:
    sound = np.rint(noise(7.3)[0] * 32_768).astype(np.int16)
    windows, _ = measure(sound)
    found = powers((sound / 32_768).astype(np.float32)[None])
    mine = [found[first : first + 40].mean() for first in range(0, len(windows) * 10, 10)]
    assert [lufs(float(window)) for window in mine] == pytest.approx([lufs(w) for w in windows], abs=0.01)


def test_channels_are_summed_and_moments_filled_up() -> None:
    sound = noise(0.123)
    both = np.concatenate((sound, sound))
    assert powers(both) == pytest.approx(2 * powers(sound))
    assert len(powers(sound)) == -(-sound.shape[1] // MOMENT)
    assert not powers(np.zeros((1, 5 * BLOCK), np.float32)).any()


def test_the_peak_is_that_of_the_peak_meter() -> None:
    rng = np.random.default_rng(2)
    for seed in range(5):
        sound = noise(3.0, 0.05, seed=seed)
        sound[0, int(rng.integers(0, sound.shape[1] - 200)) :][:200] *= 6
        meter = PeakMeter(1)
        for block in cut(sound, 9_999):
            meter.take(block)
        assert meter.highest == pytest.approx(true_peak(sound[0].astype(np.float64)), rel=1e-3)
        assert abs(sound[0, max(0, meter.at - 1) : meter.at + 2]).max() > 0.8 * abs(sound).max()


def test_runs_at_full_scale_are_clipping_and_single_samples_are_not() -> None:
    sound = np.zeros((1, 4 * SAMPLE_RATE), np.float32)
    sound[0, 1_000] = 1.0
    sound[0, 3 * SAMPLE_RATE : 3 * SAMPLE_RATE + 4] = 0.97
    sound[0, BLOCK - 2 : BLOCK + 2] = -0.97
    meter = PeakMeter(1)
    for block in cut(sound):
        meter.take(block)
    assert meter.clipped == [BLOCK - 2, 3 * SAMPLE_RATE]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [1, 1_000, BLOCK - 1, BLOCK, BLOCK + 1, 200_000])
def test_blocks_hold_every_sample_of_the_track(tmp_path: Path, samples: int, channels: int) -> None:
    path = track(tmp_path / "x.mp3", noise(samples / SAMPLE_RATE, channels=channels), 128)
    stream = FileStream()
    found = list(blocks(path, stream))
    assert sum(block.shape[1] for block in found) == samples == stream.samples
    assert {block.shape[1] for block in found[:-1]} <= {BLOCK}
    assert (stream.channels, stream.rate, stream.kbps, stream.faults) == (channels, SAMPLE_RATE, (128,), 0)


def test_another_rate_is_resampled(tmp_path: Path) -> None:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(44_100)
    encoder.set_out_sample_rate(22_050)
    pcm = np.rint(noise(4.0)[0] * 32_768).astype("<i2").tobytes()
    path = tmp_path / "x.mp3"
    path.write_bytes(bytes(encoder.encode(pcm) + encoder.flush()))
    stream = FileStream()
    held = sum(block.shape[1] for block in blocks(path, stream))
    assert stream.rate == 22_050
    assert stream.kbps == (64,)
    assert abs(held - 2 * stream.samples) < 100


def test_the_picture_is_of_the_length_that_a_track_should_have(tmp_path: Path) -> None:
    sound = np.zeros((1, 84_000), np.float32)
    sound[0, 42_000:63_000] = 0.5 * np.sin(np.arange(21_000) / 10)
    columns = measured(track(tmp_path / "x.mp3", sound), lambda done: None).columns(168_000)
    assert len(columns) == COLUMNS
    loud = [nth for nth, (lowest, highest) in enumerate(columns) if highest - lowest > 0.8]
    assert loud[0] == 210
    assert loud[-1] == pytest.approx(314, abs=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "cannot be read"), (b"No sound at all, only words." * 50, "cannot be read"), (None, "there is no track")],
)
def test_what_is_no_track(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "x.mp3"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SoundError, match=said):
        list(blocks(path, FileStream()))


def test_other_sound_files_are_no_tracks(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    with av.open(str(path), "w", format="wav") as file:
        stream = file.add_stream("pcm_s16le", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4_410), np.int16), layout="mono")
        frame.rate = 44_100
        file.mux(stream.encode(frame))
    with pytest.raises(SoundError, match="is no MP3"):
        list(blocks(path, FileStream()))


def test_a_folder_is_no_track(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="is a folder"):
        list(blocks(tmp_path, FileStream()))


@pytest.mark.real
@pytest.mark.long
def test_memory_does_not_grow_with_the_track(tmp_path: Path) -> None:
    second = whole((noise(1.0)[0] * 32_768).astype("<i2"))[0]
    peaks = []
    for minutes in (5, 90):
        path, samples = tmp_path / f"{minutes}.mp3", minutes * 60 * SAMPLE_RATE
        with path.open("wb+") as file:
            write_mp3(file, [moved(second, n * 60 * SAMPLE_RATE) for n in range(minutes)], samples=samples)
        code = (
            "import resource; from pathlib import Path\n"
            "from calmcast.verify.measure import measured\n"
            f"measured(Path({str(path)!r}), lambda done: None)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        peaks.append(int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout))
    assert (peaks[1] - peaks[0]) / 1024 < 12, "in MB, of which the moments are 2"
