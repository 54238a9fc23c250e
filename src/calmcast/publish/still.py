"""One picture as H.264 for as long as a track lasts: a few seconds are encoded once, and repeated."""

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
from PIL import Image

_FPS, _GROUP = 5, 50
"""Pictures a second; so many are encoded, of which the first is whole. A player can begin at each tenth second."""
_BT709, _TV = 1, 1
"""The colours of high-definition video (ITU-T H.273, tables 2 to 4), and that they go from 16 to 235."""
_OPTIONS = {"preset": "veryfast", "tune": "stillimage", "crf": "18", "bf": "0", "g": str(_GROUP), "threads": "1"}


class Still:
    """The packets of a picture that stands still, for a file that is being written."""

    def __init__(self, file: Any, picture: bytes, rate: int, samples: int) -> None:
        """`picture`: a JPEG or PNG, of even sides; `samples`: how long it is shown, at `rate` Hz."""
        self._rate, self._samples, self._next = rate, samples, 0
        image = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
        self._stream = file.add_stream("libx264", rate=_FPS, options=_OPTIONS)
        self._stream.width, self._stream.height, self._stream.pix_fmt = image.shape[1], image.shape[0], "yuv420p"
        self._stream.codec_context.flags |= av.codec.context.Flags.bitexact
        context = self._stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _TV
        shown = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame = shown.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        packets = list[bytes]()
        for number in range(_GROUP):
            frame.pts = number
            packets += map(bytes, self._stream.encode(frame))
        self._packets = packets + [bytes(packet) for packet in self._stream.encode(None)]

    def until(self, sample: int) -> Iterator[Any]:
        """Yield what is to be shown from where it was left up to a sample; the last is shown to the very end."""
        step = self._rate // _FPS
        while (start := self._next * step) < min(sample, self._samples):
            packet: Any = av.Packet(self._packets[self._next % _GROUP])
            packet.stream, packet.time_base = self._stream, Fraction(1, self._rate)
            packet.pts = packet.dts = start
            packet.duration = min(step, self._samples - start)
            packet.is_keyframe = self._next % _GROUP == 0
            self._next += 1
            yield packet
