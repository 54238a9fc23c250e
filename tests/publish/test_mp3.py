"""The MP3: exact lengths, sounds in their places, and no trace of where its pieces meet."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import lameenc
import numpy as np
import pytest
import soundfile
from mutagen.mp3 import BitrateMode, MPEGInfo
from numpy.typing import NDArray

from calmcast.model.timeline import Island
from calmcast.publish.frames import (
    DELAY,
    ENCODER_DELAY,
    KBPS,
    frame_bytes,
    owed_padding,
    split_frames,
    track_frames,
)
from calmcast.publish.lame import QUALITY
from calmcast.publish.mp3 import write_mp3
from calmcast.store.folder import FolderStore
from calmcast.units import FRAME
from tests.islands import moved, whole

pytestmark = pytest.mark.anywhere

Samples = NDArray[np.float64]
"""(samples,) or (samples, channels), full scale = 1."""
Pcm = NDArray[np.int16]
Sounds = Sequence[tuple[int, Pcm]]
"""(start, sound) in order."""

LAME_GAIN = 0.95
"""LAME plays everything at this gain, which lameenc cannot change."""


def speech(samples: int, seed: int = 0) -> Pcm:
    """Return syllables: a gliding voice of many harmonics with breath noise, faded for 5 ms at both ends."""
    rng = np.random.default_rng(seed)
    time = np.arange(samples) / 44_100
    phase = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * time + seed)) / 44_100
    voice = sum(np.sin(phase * k) / k**1.2 for k in range(1, 13)) + 0.1 * rng.standard_normal(samples)
    syllables = 0.15 + 0.85 * np.sin(np.pi * 4 * time + seed) ** 2
    edge = np.clip(np.minimum(np.arange(samples), np.arange(samples)[::-1]) / 220, 0, 1)
    return np.asarray(voice * syllables * edge * 5_000, dtype=np.int16)


def islands(sounds: Sounds) -> list[Island]:
    return [moved(island, start) for start, sound in sounds for island in whole(sound)]


def source_of(sounds: Sounds, samples: int, channels: int = 1) -> Pcm:
    source = np.zeros(samples if channels == 1 else (samples, channels), np.int16)
    for start, sound in sounds:
        source[start : start + len(sound)] = sound
    return source


def mp3_of(sounds: Sounds, samples: int, **options: Any) -> bytes:
    out = io.BytesIO()
    write_mp3(out, islands(sounds), samples=samples, **options)
    return out.getvalue()


def one_encode(source: Pcm, kbps: int = 96) -> bytes:
    """Return what one LAME encoder makes of the whole track, without an Info frame."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(44_100)
    encoder.set_out_sample_rate(44_100)
    encoder.set_quality(QUALITY)
    return bytes(encoder.encode(source.tobytes()) + encoder.flush())


def pyav_decoded(data: bytes) -> Samples:
    with av.open(io.BytesIO(data), "r") as container:
        parts = [np.asarray(frame.to_ndarray(), np.float64) for frame in container.decode(audio=0)]
    return np.concatenate(parts, axis=1).T.squeeze(1) if parts[0].shape[0] == 1 else np.concatenate(parts, axis=1).T


def soundfile_decoded(data: bytes) -> Samples:
    return np.asarray(soundfile.read(io.BytesIO(data), dtype="float64")[0])


def snr(source: Pcm, decoded: Samples) -> float:
    """Return the signal-to-noise ratio in dB, LAME's gain undone."""
    signal = source / 32_768
    noise = decoded / LAME_GAIN - signal
    return float(10 * np.log10(np.sum(signal**2) / np.sum(noise**2)))


def music_frames(data: bytes, kbps: int = 96) -> list[bytes]:
    frames, rest = split_frames(data, kbps)
    assert not rest
    return frames[1:]


def main_data_begin(frame: bytes) -> int:
    return frame[4] << 1 | frame[5] >> 7


def is_silent(frame: bytes) -> bool:
    return not any(frame[4:])


LENGTHS = [1, 2, 575, 576, 577, 1_151, 1_152, 1_153, 2_303, 2_304, 2_305, 44_100, 99_991, 104_729]


@pytest.mark.parametrize("samples", LENGTHS)
@pytest.mark.parametrize("sounding", [True, False])
def test_decodes_to_exactly_the_asked_for_samples(samples: int, sounding: bool) -> None:
    data = mp3_of([(0, speech(samples))] if sounding else [], samples)
    assert len(pyav_decoded(data)) == samples
    assert len(soundfile_decoded(data)) == samples
    assert len(music_frames(data)) == track_frames(samples)


def test_ten_minutes_are_ten_minutes() -> None:
    samples = 600 * 44_100
    sounds = [(minute * 60 * 44_100 + 31_337, speech(40_000, minute)) for minute in range(10)]
    data = mp3_of(sounds, samples)
    assert len(soundfile_decoded(data)) == samples
    with av.open(io.BytesIO(data), "r") as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == samples
        assert container.duration is not None
        assert abs(container.duration / 1_000_000 - 600) < 0.03
    assert 0 < len(data) - 600 * 96_000 / 8 < 3 * 314, "the Info frame, and the delays at both ends"


@pytest.mark.parametrize("decoded", [pyav_decoded, soundfile_decoded])
def test_clicks_come_out_where_they_went_in(decoded: Any) -> None:
    places = [30, 20_000, 20_001 + 4 * FRAME, 50_688, 70_000 + 1, 88_000]
    click = np.array([12_000], np.int16)
    heard = np.abs(decoded(mp3_of([(place, click) for place in places], 88_200)))
    for place in places:
        window = slice(max(0, place - 1_000), place + 1_000)
        assert abs(int(np.argmax(heard[window])) + max(0, place - 1_000) - place) <= 1


def test_sounds_in_the_very_first_and_very_last_samples_are_kept() -> None:
    samples = 60_000 + 17
    sounds = [(0, speech(9_000, 1)), (samples - 9_000, speech(9_000, 2))]
    decoded = soundfile_decoded(mp3_of(sounds, samples))
    for start, sound in sounds:
        assert snr(sound, decoded[start : start + len(sound)]) > 20
    first_and_last = [(0, np.array([12_000], np.int16)), (samples - 1, np.array([12_000], np.int16))]
    heard = np.abs(soundfile_decoded(mp3_of(first_and_last, samples)))
    assert heard[0] > 0.1
    assert heard[-1] > 0.1


def spread_out(islands: int = 12) -> tuple[Sounds, int]:
    """Return islands of many lengths at places of every kind on the grid of frames, and the track's length."""
    sounds, now = [], 3_001
    for number in range(islands):
        sounds.append((now, speech(7_000 + 3_331 * number, number)))
        now += 7_000 + 3_331 * number + 9_000 + 777 * number
    return sounds, now


@pytest.mark.parametrize("kbps", [64, 96])
def test_assembled_islands_sound_like_one_encode(kbps: int) -> None:
    sounds, samples = spread_out()
    source = source_of(sounds, samples)
    whole = soundfile_decoded(one_encode(source, kbps))
    # Without an Info frame nothing says what to cut: decoders differ in whether they drop their own delay.
    skipped = min((ENCODER_DELAY, DELAY), key=lambda skip: -snr(source, whole[skip : skip + samples]))
    continuous = snr(source, whole[skipped : skipped + samples])
    assembled = snr(source, soundfile_decoded(mp3_of(sounds, samples, kbps=kbps)))
    assert continuous > 15
    assert abs(assembled - continuous) < 0.5


def test_silence_between_islands_is_digital_silence() -> None:
    sounds, samples = spread_out()
    decoded = pyav_decoded(mp3_of(sounds, samples))
    for (start, sound), (following, _) in zip(sounds, [*sounds[1:], (samples, speech(1))], strict=True):
        between = decoded[start + len(sound) + 2 * FRAME : following - 2 * FRAME]
        assert len(between) > 1_000
        assert np.max(np.abs(between)) < 10 ** (-100 / 20)


def test_no_click_where_pieces_meet() -> None:
    sounds, samples = spread_out()
    steps_in = np.abs(np.diff(source_of(sounds, samples) / 32_768))
    steps_out = np.abs(np.diff(soundfile_decoded(mp3_of(sounds, samples))))
    for start, sound in sounds:
        for edge in (start, start + len(sound)):
            near = slice(edge - 2 * FRAME, edge + 2 * FRAME)
            outside = slice(edge - 2 * FRAME, edge - 300) if edge == start else slice(edge + 300, edge + 2 * FRAME)
            assert steps_out[near].max() < 1.5 * steps_in[near].max() + 0.002
            assert steps_out[outside].max() < 0.02, "what pre-echo there is stays far below the sound"


@pytest.mark.parametrize("gap", [1, 100, 575, *(frames * FRAME + extra for frames in range(1, 6) for extra in (0, 1))])
@pytest.mark.parametrize("start", [0, 1, 1_151])
def test_islands_close_together(start: int, gap: int) -> None:
    sounds = [(start, speech(6_000, 1)), (start + 6_000 + gap, speech(6_912, 2))]
    samples = start + 6_000 + gap + 6_912 + 5_000
    decoded = soundfile_decoded(mp3_of(sounds, samples))
    assert len(decoded) == samples
    for place, sound in sounds:
        assert snr(sound, decoded[place : place + len(sound)]) > 15


def test_every_piece_stands_on_its_own() -> None:
    """Each piece begins with a frame that needs no earlier one, and none reaches back into silence."""
    sounds, samples = spread_out()
    data = mp3_of(sounds, samples)
    available, pieces, after_silence = 0, 0, True
    for frame in music_frames(data):
        if is_silent(frame):
            available, after_silence = 0, True
            continue
        pieces += after_silence
        if after_silence:
            assert main_data_begin(frame) == 0
        assert main_data_begin(frame) <= available
        available += len(frame) - 4 - 17
        after_silence = False
    assert pieces == len(sounds)


def test_bytes_keep_to_the_constant_bit_rate() -> None:
    sounds, samples = spread_out()
    written = 0
    for number, frame in enumerate(music_frames(mp3_of(sounds, samples)), start=1):
        written += len(frame)
        assert abs(written - number * FRAME * 96_000 / 8 / 44_100) < 2


def test_bytes_stay_close_to_the_constant_bit_rate_where_nearly_every_frame_is_padded() -> None:
    sounds, samples = spread_out()
    frames = music_frames(mp3_of(sounds, samples, kbps=64), 64)
    assert abs(sum(map(len, frames)) - len(frames) * FRAME * 64_000 / 8 / 44_100) < 1 + len(sounds)


@pytest.mark.parametrize("jobs", [1, 3])
def test_bytes_do_not_depend_on_jobs(jobs: int) -> None:
    sounds, samples = spread_out()
    assert mp3_of(sounds, samples, jobs=jobs) == mp3_of(sounds, samples, jobs=2)


def test_a_bed_under_the_whole_track_is_encoded_in_one_go() -> None:
    source = speech(33 * 44_100 + 5)
    assert music_frames(mp3_of([(0, source)], len(source))) == split_frames(one_encode(source), 96)[0]


def test_sound_is_written_while_more_is_being_made() -> None:
    """Memory does not grow with length: what has been taken and not yet written stays bounded."""
    out, behind = io.BytesIO(), []
    second = speech(44_100).tobytes()

    def pcm(first: int, last: int) -> bytes:
        behind.append(last / 44_100 - out.tell() / 12_000)
        return (second * (2 + (last - first) // 44_100))[: 2 * (last - first)]

    write_mp3(out, [Island(0, 480 * 44_100, None, pcm)], samples=480 * 44_100, jobs=1)
    assert max(behind) < 4 * 63, "in seconds: four pieces of a minute, and what they share"


def test_the_pieces_of_a_long_sound_are_joined_without_a_trace() -> None:
    source = speech(135 * 44_100 + 7, 3)
    data = mp3_of([(100, source)], 140 * 44_100)
    alone = split_frames(one_encode(np.concatenate((np.zeros(100, np.int16), source))), 96)[0]
    decoded, single = soundfile_decoded(data), soundfile_decoded(b"".join(alone))[DELAY:]
    assert len(decoded) == 140 * 44_100
    for second in range(55, 130):
        here = slice(100 + second * 44_100, 100 + (second + 1) * 44_100)
        ours = snr(source[here.start - 100 : here.stop - 100], decoded[here])
        assert ours > snr(source[here.start - 100 : here.stop - 100], single[here]) - 0.5


def test_frames_are_kept_and_serve_another_length() -> None:
    store = FolderStore(Path(tempfile.mkdtemp()))
    sound, made = speech(50_000), list[int]()

    def track(start: int, samples: int) -> bytes:
        def pcm(first: int, last: int) -> bytes:
            made.append(first)
            return sound[first - start : last - start].tobytes()

        out = io.BytesIO()
        write_mp3(out, [Island(start, start + len(sound), ("speech",), pcm)], samples=samples, store=store)
        return out.getvalue()

    first = track(10 * FRAME, 100_000)
    assert made
    made.clear()
    assert track(10 * FRAME, 100_000) == first
    later = track(77 * FRAME, 300_000)
    assert not made
    assert later == mp3_of([(77 * FRAME, sound)], 300_000)
    track(77 * FRAME + 1, 300_000)
    assert made, "off the grid, it is another sound to the encoder"


def test_stereo_keeps_its_sides_apart() -> None:
    left, right = speech(30_000, 1), speech(30_000, 2)
    sounds = [(10_007, np.stack([left, right], axis=1)), (60_000, np.stack([right, left], axis=1))]
    data = mp3_of(sounds, 100_003, channels=2, kbps=128)
    decoded = soundfile_decoded(data)
    assert decoded.shape == (100_003, 2)
    assert pyav_decoded(data).shape == (100_003, 2)
    source = source_of(sounds, 100_003, channels=2)
    for side in (0, 1):
        assert snr(source[:, side], decoded[:, side]) > 12


def test_an_existing_tag_stays_in_front(tmp_path: Path) -> None:
    tag = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10)
    path = tmp_path / "track.mp3"
    with path.open("wb") as out:
        out.write(tag)
        write_mp3(out, islands([(500, speech(30_000))]), samples=44_100)
        end = out.tell()
    data = path.read_bytes()
    assert end == len(data)
    assert data[: len(tag)] == tag
    assert data[len(tag) :] == mp3_of([(500, speech(30_000))], 44_100)
    assert len(pyav_decoded(data)) == 44_100


def test_players_are_told_the_encoder_and_the_rate() -> None:
    info: Any = MPEGInfo(io.BytesIO(mp3_of([(0, speech(44_100))], 88_200)))
    assert info.encoder_info.startswith("LAME")
    assert (info.channels, info.sample_rate, info.sketchy) == (1, 44_100, False)
    assert info.bitrate_mode == BitrateMode.CBR
    assert abs(info.bitrate - 96_000) < 10
    assert abs(info.length - 2) < 0.03


@pytest.mark.parametrize(
    ("spans", "samples", "options", "words"),
    [
        ([(0, 11)], 10, {}, "from 0 to 11 in a track of 10"),
        ([(5, 9), (8, 10)], 10, {}, "from 8 to 10"),
        ([(3, 3)], 10, {}, "from 3 to 3"),
        ([(0, 10)], 10, {"channels": 2}, "holds 20 bytes"),
        ([], 0, {}, "0 samples"),
        ([], 10, {"channels": 3}, "3 channels"),
        ([], 10, {"kbps": 32}, "32 kbps"),
    ],
)
def test_what_does_not_fit_is_refused(
    spans: list[tuple[int, int]], samples: int, options: dict[str, int], words: str
) -> None:
    every = [Island(first, last, None, lambda first, last: bytes(2 * (last - first))) for first, last in spans]
    with pytest.raises(ValueError, match=words):
        write_mp3(
            io.BytesIO(), every, samples=samples, channels=options.get("channels", 1), kbps=options.get("kbps", 96)
        )


def test_an_error_of_the_mix_comes_through() -> None:
    def pcm(first: int, last: int) -> bytes:
        raise OSError("a recording is gone")

    with pytest.raises(OSError, match="a recording is gone"):
        write_mp3(io.BytesIO(), [Island(0, 441_001, None, pcm)], samples=882_000)


def written(path: Path, sounds: Sounds, samples: int, **options: Any) -> Path:
    path.write_bytes(b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) + mp3_of(sounds, samples, **options))
    return path


CHECKED = [(1_152, 0), (44_100, 0), (104_729, 0), (600 * 44_100, 0), (200_000, 12)]


def sounds_for(samples: int, islands: int) -> tuple[Sounds, int]:
    return spread_out(islands) if islands else ([(0, speech(min(samples, 50_000)))], samples)


@pytest.mark.real
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg, which decodes here, is not installed")
@pytest.mark.parametrize(("samples", "islands"), CHECKED)
def test_ffmpeg_decodes_without_a_word(tmp_path: Path, samples: int, islands: int) -> None:
    sounds, samples = sounds_for(samples, islands)
    path = written(tmp_path / "track.mp3", sounds, samples)
    command = ["ffmpeg", "-v", "warning", "-xerror", "-f", "mp3", "-i", str(path), "-f", "s16le", "-"]
    run = subprocess.run(command, capture_output=True, check=True)
    assert len(run.stdout) == 2 * samples
    assert run.stderr == b""


@pytest.mark.real
@pytest.mark.skipif(shutil.which("mpg123") is None, reason="mpg123, which decodes here, is not installed")
@pytest.mark.parametrize(("samples", "islands"), CHECKED)
def test_mpg123_decodes_without_a_word(tmp_path: Path, samples: int, islands: int) -> None:
    sounds, samples = sounds_for(samples, islands)
    path = written(tmp_path / "track.mp3", sounds, samples)
    run = subprocess.run(["mpg123", "-q", "-s", path], capture_output=True, check=True)
    assert len(run.stdout) == 2 * samples
    assert run.stderr == b""


@pytest.mark.real
@pytest.mark.skipif(shutil.which("mp3val") is None, reason="mp3val, which checks here, is not installed")
@pytest.mark.parametrize("channels", [1, 2])
def test_mp3val_finds_nothing(tmp_path: Path, channels: int) -> None:
    sounds, samples = spread_out()
    if channels == 2:
        sounds = [(start, np.stack([sound, sound[::-1]], axis=1)) for start, sound in sounds]
    path = written(tmp_path / "track.mp3", sounds, samples, channels=channels, kbps=96 if channels == 1 else 128)
    report = subprocess.run(["mp3val", path], capture_output=True, text=True, check=True).stdout
    assert "WARNING" not in report
    assert f"{track_frames(samples) + 1} MPEG frames" in report
    assert "CBR" in report


@pytest.mark.parametrize("kbps", KBPS)
def test_silence_returns_to_the_exact_bit_rate_and_stays_there(kbps: int) -> None:
    sounds = [(start * FRAME, speech(3_000, start)) for start in (0, 5, 100, 101 + 49, 700)]
    frames, rest = split_frames(mp3_of(sounds, 2_000 * FRAME, kbps=kbps), kbps)
    assert not rest
    padding, plain, exact = 0, frame_bytes(kbps, padded=False), 0
    for written, frame in enumerate(frames[1:], start=1):
        behind = padding < owed_padding(kbps, written)
        if not any(frame[4:]):
            assert (len(frame) > plain) == behind, f"frame {written}"
        padding += len(frame) - plain
        exact += padding == owed_padding(kbps, written)
    assert exact > 1_700
