"""Tracks of any islands, as three decoders that are not calmcast's hear them: exact, alike, and without a word."""

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calmcast.model.timeline import Island
from calmcast.publish import mp3, pieces, reservoir
from calmcast.publish.frames import DELAY, KBPS, track_frames
from calmcast.publish.lame import new_encoder
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.pieces import Encoding, Frames
from calmcast.store.folder import FolderStore
from calmcast.store.store import Store
from calmcast.units import FRAME
from tests.conftest import needs

pytestmark = [pytest.mark.real, *map(needs, ("ffmpeg", "mpg123", "mp3val"))]

TAG = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10)
LAME_GAIN = 0.95
CUT = 100
"""Frames after which a long island is cut here."""
SOUND = 20 * 44_100


@dataclass(frozen=True, slots=True)
class Asked:
    """A track to be written: what sounds from where to where."""

    spans: tuple[tuple[int, int], ...]
    samples: int
    channels: int
    kbps: int

    def pcm(self) -> NDArray[np.int16]:
        """Return the samples, shape (samples, channels)."""
        whole = np.zeros((self.samples, self.channels), "<i2")
        for number, (start, end) in enumerate(self.spans):
            whole[start:end] = np.resize(np.roll(sound(), 7_919 * number, axis=0), (end - start, 2))[:, : self.channels]
        return whole


@cache
def sound() -> NDArray[np.int16]:
    """Return what is hard to encode: a voice that glides, and noise of its own on each side, in bursts."""
    time = np.arange(SOUND) / 44_100
    voice = 6_000 * np.sin(2 * np.pi * np.cumsum(200 + 150 * np.sin(5.7 * time)) / 44_100)
    noise = 3_000 * np.random.default_rng(5).standard_normal((SOUND, 2))
    bursts = 0.02 + np.sin(2 * np.pi * 3 * time) ** 6
    return np.asarray((voice[:, None] + noise) * bursts[:, None], "<i2")


def near(frames: int) -> st.SearchStrategy[int]:
    """Up to so many frames in samples: whole ones, a sample more or less, or anything."""
    whole = st.integers(0, frames).map(lambda number: number * FRAME)
    beside = st.tuples(whole, st.sampled_from((-1, 0, 1))).map(lambda both: max(0, sum(both)))
    return st.one_of(whole, beside, st.integers(0, frames * FRAME))


LENGTHS = st.one_of(
    st.integers(1, FRAME),
    near(8).map(lambda samples: samples + 1),
    st.integers(1, 60_000),
    st.integers(CUT * FRAME, 5 * CUT * FRAME),
)


@st.composite
def tracks(draw: st.DrawFn) -> Asked:
    spans, now = list[tuple[int, int]](), 0
    for _ in range(draw(st.integers(0, 6))):
        start = now + draw(near(4))
        if draw(st.booleans()):
            start += -start % FRAME
        now = start + draw(LENGTHS)
        spans.append((start, now))
    samples = max(1, now + draw(st.one_of(st.sampled_from((0, 1, 575, 576, 577)), st.integers(0, 5 * FRAME))))
    return Asked((*spans,), samples, draw(st.sampled_from((1, 2))), draw(st.sampled_from(KBPS)))


@pytest.fixture(autouse=True, scope="module")
def cut_often() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LONGEST", CUT)
        yield


def written(asked: Asked, pcm: NDArray[np.int16], store: Store | None) -> bytes:
    """Return a track; the content of an island is its number, as if each sounded like no other."""
    islands = [
        Island(start, end, (number,), lambda first, last: pcm[first:last].tobytes())
        for number, (start, end) in enumerate(asked.spans)
    ]
    out = io.BytesIO()
    out.write(TAG)
    write_mp3(out, islands, samples=asked.samples, channels=asked.channels, kbps=asked.kbps, store=store)
    return out.getvalue()


def decoded(channels: int, *command: str | Path) -> NDArray[np.float32]:
    """Return the samples that a program writes, and make sure that it says nothing."""
    run = subprocess.run(command, capture_output=True, check=True)
    assert run.stderr == b""
    return np.frombuffer(run.stdout, "<f4").reshape(-1, channels)


def assert_exact(path: Path, asked: Asked, pcm: NDArray[np.int16]) -> None:
    to_ffmpeg = ("ffmpeg", "-v", "warning", "-xerror", "-f", "mp3", "-i", path, "-f", "f32le", "-")
    ffmpeg = decoded(asked.channels, *to_ffmpeg)
    mpg123 = decoded(asked.channels, "mpg123", "-q", "-e", "f32", "-s", path)
    libsndfile = soundfile.read(path, always_2d=True, dtype="float32")[0]
    assert len(ffmpeg) == len(mpg123) == len(libsndfile) == asked.samples
    for other in (mpg123, libsndfile):
        assert np.abs(ffmpeg - other).max() < 2e-5, "no bit is read otherwise by any"
    said = subprocess.run(["mp3val", path], capture_output=True, text=True, check=True).stdout
    frames = track_frames(asked.samples) + 1
    assert f"{frames} MPEG frames" in said
    assert "ERROR" not in said
    assert "WARNING" not in said or frames < 10, said  # of fewer it says that they are no MP3
    assert_in_place(ffmpeg, asked, (pcm / 32_768).astype(np.float32))


def assert_in_place(heard: NDArray[np.float32], asked: Asked, sound: NDArray[np.float32]) -> None:
    """Look whether what sounds does so where it should, and nothing between: a codec's error is less than what sounds.

    Of an island that is shorter than four frames a low rate may keep nothing.
    """
    silent, error = np.ones(asked.samples, np.bool_), heard / np.float32(LAME_GAIN) - sound
    for start, end in asked.spans:
        silent[max(0, start - FRAME) : end + 2 * FRAME] = False
        if end - start >= 4 * FRAME:
            assert np.mean(error[start:end] ** 2) < 0.8 * np.mean(sound[start:end] ** 2)
    assert np.abs(heard[silent]).max(initial=0.0) < 1e-5, "less than 16 bits can hold"


def look_at(asked: Asked) -> None:
    pcm = asked.pcm()
    with TemporaryDirectory() as folder:
        path, store = Path(folder) / "track.mp3", FolderStore(Path(folder) / "store")
        data = written(asked, pcm, store)
        assert written(asked, pcm, store) == written(asked, pcm, None) == data
        path.write_bytes(data)
        assert_exact(path, asked, pcm)


@pytest.mark.long
@settings(max_examples=100)
@given(tracks())
def test_any_track_is_exact_to_every_decoder(asked: Asked) -> None:
    look_at(asked)


@pytest.mark.long
@pytest.mark.parametrize("kbps", KBPS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("left", [0, 1, 576, FRAME + 577])
def test_every_rate_with_an_end_in_the_last_frames(channels: int, kbps: int, left: int) -> None:
    """And a long island, two that lie a tail apart, and one that ends so many samples before its track."""
    spans, now = list[tuple[int, int]](), 3 * FRAME
    for gap, length in ((0, 9_001), (2 * FRAME, 3 * CUT * FRAME), (3 * FRAME - 9, 1), (1, 20_000)):
        spans.append((now + gap, now + gap + length))
        now += gap + length
    look_at(Asked((*spans,), now + left, channels, kbps))


@pytest.mark.parametrize("kbps", [64, 96])
def test_a_voice_that_begins_at_once_sounds_as_well_as_in_one_go(kbps: int) -> None:
    """A new encoder has saved no bits: without silence before it, a voice's first tenth of a second is 3 dB noisier."""
    asked = Asked(tuple((start, start + 30_000) for start in range(20 * FRAME, 500_000, 60 * FRAME)), 600_000, 1, kbps)
    pcm = np.zeros((asked.samples, 1), "<i2")
    for start, end in asked.spans:
        pcm[start:end, 0] = voice(end - start)
    encoder = new_encoder(kbps, 1)
    once = bytes(encoder.encode(pcm.tobytes()) + encoder.flush())
    ours, usual = heard_in(written(asked, pcm, None)), heard_in(once)[DELAY : DELAY + asked.samples]
    assert beginnings_error(ours, asked, pcm) < 0.85 * beginnings_error(usual, asked, pcm)


def voice(samples: int) -> NDArray[np.float64]:
    """Return a vowel, as loud from its first sample on as later."""
    time = np.arange(samples) / 44_100
    turns = np.cumsum(110 + 20 * np.sin(9 * time)) / 44_100
    return np.asarray(sum(3_000 * np.sin(2 * np.pi * number * turns) / number for number in range(1, 40)), np.float64)


def heard_in(data: bytes) -> NDArray[np.float32]:
    return np.asarray(soundfile.read(io.BytesIO(data), always_2d=True, dtype="float32")[0])


def beginnings_error(heard: NDArray[np.float32], asked: Asked, pcm: NDArray[np.int16]) -> float:
    """Return the power of what a codec has added to the first four frames of all islands."""
    error = heard / np.float32(LAME_GAIN) - (pcm / 32_768).astype(np.float32)
    return float(np.mean([np.mean(error[start : start + 4 * FRAME] ** 2) for start, _ in asked.spans]))


@pytest.mark.parametrize("refused", [{1}, {2, 3}, {1, 2, 3, 4}])
def test_where_pieces_cannot_be_joined_the_earlier_encoder_goes_on(
    refused: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It happens once in a thousand joints, with clicks that follow each other closely: here as often as is wanted."""
    asked, tried = Asked(((500, 5 * CUT * FRAME),), 5 * CUT * FRAME + 9, 2, 96), 0

    def joined(earlier: Frames, later: Frames, joint: int, encoding: Encoding) -> list[bytes] | None:
        nonlocal tried
        tried += 1
        return None if tried in refused else reservoir.joined(earlier, later, joint, encoding)

    monkeypatch.setattr(mp3, "joined", joined)
    path, pcm = tmp_path / "track.mp3", asked.pcm()
    path.write_bytes(written(asked, pcm, None))
    assert tried == 4
    assert_exact(path, asked, pcm)
    monkeypatch.setattr(pieces, "LONGEST", asked.samples)
    uncut = written(asked, pcm, None)
    assert (path.read_bytes() == uncut) == (len(refused) == tried)
