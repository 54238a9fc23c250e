"""Frames of two encoders that heard the same sound, joined so that a decoder hears one.

A Layer III frame's bits may begin in the frames before it (ISO/IEC 11172-3, 2.4.3.1, the bit reservoir): its header
says how many bytes back. Where the earlier encoder has left free at least as many bytes as the later one has filled,
those bytes are carried over, and the later one's frames follow. Long and short windows overlap from frame to frame, so
both must have chosen the same ones around the joint.
"""

from collections.abc import Sequence

from calmcast.publish.frames import side_info_bytes
from calmcast.publish.pieces import REACH, SHARED, Encoding, Frames

_HEADER = 4
_BEGIN_BITS = 9
_SCFSI_BITS = 4
_PRIVATE_BITS = {1: 5, 2: 3}
_GRANULE_BITS, _WINDOW_AT, _WINDOW_BITS = 59, 33, 4
"""Of a granule's side information in one channel: its length; where it tells of its windows, and in how many bits."""


def joined(earlier: Frames, later: Frames, joint: int, encoding: Encoding) -> list[bytes] | None:
    """Return the frames from `earlier.slot` to the end of `later`, changing over within SHARED frames from `joint` on.

    None where there is no frame at which they can.
    """
    channels = encoding.channels
    for slot in range(joint, joint + SHARED):
        before, after = earlier.frames[: slot - earlier.slot], later.frames[slot - later.slot :]
        if slot - earlier.slot >= len(earlier.frames) or not before or not after:
            return None
        led = later.frames[: slot - later.slot]
        needed = _begin(after[0])
        fits = needed <= _begin(earlier.frames[slot - earlier.slot])
        if fits and led and _windows(before[-1], channels) == _windows(led[-1], channels):
            return [*_carried(before, led, needed, channels), *after]
    return None


def _begin(frame: bytes) -> int:
    """Return how many bytes before its own a frame's bits begin (main_data_begin)."""
    return int.from_bytes(frame[_HEADER : _HEADER + 2], "big") >> (16 - _BEGIN_BITS)


def _windows(frame: bytes, channels: int) -> list[int]:
    """Return what a frame says of its windows: of each granule and channel, the kind of block."""
    size = side_info_bytes(channels)
    bits = int.from_bytes(frame[_HEADER : _HEADER + size], "big")
    start = _BEGIN_BITS + _PRIVATE_BITS[channels] + _SCFSI_BITS * channels
    found = []
    for granule in range(2 * channels):
        shift = 8 * size - (start + granule * _GRANULE_BITS + _WINDOW_AT + _WINDOW_BITS)
        said = bits >> shift & (1 << _WINDOW_BITS) - 1
        found.append(said if said >> _WINDOW_BITS - 1 else 0)  # without the flag, the other bits say something else
    return found


def _carried(frames: Sequence[bytes], source: Sequence[bytes], count: int, channels: int) -> list[bytes]:
    """Return frames whose last `count` bytes of main data are those of `source`."""
    skip = _HEADER + side_info_bytes(channels)
    wanted = b"".join(frame[skip:] for frame in source[-REACH:])[-count:] if count else b""
    carried = list(frames)
    for index in range(len(carried) - 1, -1, -1):
        if not wanted:
            break
        frame = carried[index]
        size = min(len(wanted), len(frame) - skip)
        carried[index] = frame[: len(frame) - size] + wanted[-size:]
        wanted = wanted[: len(wanted) - size]
    return carried
