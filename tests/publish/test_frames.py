"""Frame sizes, frame counts and silent frames, against what LAME itself does."""

from itertools import pairwise

import lameenc
import pytest

from calmcast.publish.frames import (
    DECODER_DELAY,
    DELAY,
    ENCODER_DELAY,
    KBPS,
    PADDING_PERIOD,
    end_padding,
    frame_bytes,
    header,
    owed_padding,
    paddings,
    silent_frame,
    split_frames,
    track_frames,
)
from calmcast.units import FRAME

LAYOUTS = [(64, 1), (80, 1), (96, 1), (128, 1), (96, 2), (128, 2)]


def lame_frames(kbps: int, channels: int, frames: int) -> list[bytes]:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(channels)
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(44_100)
    encoder.set_out_sample_rate(44_100)
    encoder.set_quality(3)
    data = encoder.encode(bytes(frames * FRAME * 2 * channels)) + encoder.flush()
    found, rest = split_frames(bytes(data), kbps)
    assert not rest
    return found


@pytest.mark.parametrize(("kbps", "size"), [(64, 208), (96, 313), (128, 417)])
def test_frame_sizes_are_those_of_the_standard(kbps: int, size: int) -> None:
    assert frame_bytes(kbps, padded=False) == size
    assert frame_bytes(kbps, padded=True) == size + 1


@pytest.mark.parametrize(("kbps", "channels"), LAYOUTS)
def test_headers_and_padding_are_as_lame_writes_them(kbps: int, channels: int) -> None:
    padding = 0
    for number, frame in enumerate(lame_frames(kbps, channels, 400)):
        padded = len(frame) > frame_bytes(kbps, padded=False)
        padding += padded
        expected = header(kbps, channels, padded=padded)
        assert frame[:3] == expected[:3]
        assert frame[3] & 0b1100_1111 == expected[3], "all but the mode extension, which varies with the sound"
        assert padding == owed_padding(kbps, number + 1)


@pytest.mark.parametrize("kbps", KBPS)
def test_padding_holds_the_exact_bit_rate(kbps: int) -> None:
    for frames in (1, 2, 3, 100, 22_971):
        exact = frames * FRAME * kbps * 1000 / 8 / 44_100
        written = frames * frame_bytes(kbps, padded=False) + owed_padding(kbps, frames)
        assert abs(written - exact) < 1


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize(("kbps", "channels"), LAYOUTS)
def test_a_silent_frame_refers_to_no_other(kbps: int, channels: int, padded: bool) -> None:
    frame = silent_frame(kbps, channels, padded=padded)
    assert len(frame) == frame_bytes(kbps, padded=padded)
    assert frame[4] == 0
    assert frame[5] >> 7 == 0, "main_data_begin"
    assert split_frames(frame, kbps) == ([frame], b"")


def test_frames_hold_a_track_and_its_delays() -> None:
    for samples in (*range(1, 2 * FRAME + 2), 44_100, 26_460_000, 24 * 3600 * 44_100):
        padding = end_padding(samples)
        assert DECODER_DELAY < ENCODER_DELAY <= padding < FRAME + ENCODER_DELAY
        assert track_frames(samples) * FRAME == ENCODER_DELAY + samples + padding
        assert track_frames(samples) * FRAME >= samples + DELAY


def test_a_frame_that_is_not_complete_is_left_over() -> None:
    frames = lame_frames(96, 1, 5)
    data = b"".join(frames)
    for cut in range(len(data)):
        whole, rest = split_frames(data[:cut], 96)
        assert whole == frames[: len(whole)]
        assert b"".join(whole) + rest == data[:cut]
        assert len(rest) <= 313


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="at byte 313"):
        split_frames(silent_frame(96, 1, padded=False) + b"RIFF....", 96)


@pytest.mark.parametrize("kbps", KBPS)
@pytest.mark.parametrize("slot", [0, 1, 48, 49, 1_000_003])
def test_padding_comes_round_again(kbps: int, slot: int) -> None:
    owed = [owed_padding(kbps, frames) for frames in range(slot, slot + 3 * PADDING_PERIOD + 1)]
    assert 3 * paddings(kbps, slot, PADDING_PERIOD) == [b > a for a, b in pairwise(owed)]
