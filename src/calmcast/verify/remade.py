"""Beds that are made again, as their manifest names them, and held against what is heard where nothing else sounds."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING

from calmcast.audio.beds.catalogue import bed_lufs, check_bed
from calmcast.audio.beds.samples import bed_samples
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.levels import Source, laid
from calmcast.errors import SoundError
from calmcast.model.sound import BedSound
from calmcast.model.timeline import BedSpan
from calmcast.units import UnitError, format_span
from calmcast.verify.described import Described
from calmcast.verify.expected import Expected
from calmcast.verify.findings import Fault
from calmcast.verify.hues import hue, middles_hz
from calmcast.verify.listen import BLOCK, MOMENT
from calmcast.verify.moves import Move

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OFF = 0.4
"""What a block has too much and too little in all its bands, relative to the power that it should have. Measured: with
every bed, at 96 and 128 kbit/s, at most 0.04."""
_GONE = 0.125
"""A bed that is 9 dB softer is told as silence."""
_LEAST = 3
"""Blocks in a row: 1.8 s. What is shorter and is heard stands out by its power."""
_ALIKE, _THERE = 0.25, 0.25
_HEADROOM_DB = 24.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in which a bed is not what it should be, from `start` to `end`, in samples."""

    start: int
    end: int
    what: str

    @property
    def fault(self) -> Fault:
        """What there is to say of it."""
        return Fault(f"{self.what} for {format_span(self.end - self.start)}", self.start)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    """In samples, by the manifest."""
    heard: "NDArray[np.float64]"
    due: "NDArray[np.float64]"

    @property
    def is_off(self) -> bool:
        return _distance(self.heard, self.due) > _OFF and float(self.heard.sum()) > _GONE * float(self.due.sum())


def unlike(
    described: Described, expected: Expected, hues: "NDArray[np.float64]", moved: Sequence[Move]
) -> tuple[Stretch, ...]:
    """Return where the beds do not sound as they were made, but for how loud they are over the whole track.

    `hues`: the bands of each block of the file. Of beds that cannot be made again nothing is said.
    """
    spans = described.timeline.beds
    if not can_be_remade(described):
        return ()
    sources = [_source(span, described) for span in spans]
    laid_out = [(span, *source) for span, source in zip(spans, sources, strict=True) if source]
    blocks = [
        _Block(start, hues[nth], _made(laid_out, start))
        for nth, start in _places(expected, len(hues), moved)
        if expected.alone[start // MOMENT : (start + BLOCK) // MOMENT].all()
    ]
    return tuple(_stretches(_levelled(blocks), spans))


def can_be_remade(described: Described) -> bool:
    """Return whether the beds of a track can be made again: not those of files, and of another calmcast."""
    is_ours = described.made_by == version("calmcast")
    return is_ours and all(_source(span, described) for span in described.timeline.beds)


def _source(span: BedSpan, described: Described) -> tuple[Source, float] | None:
    """Return what gives a bed's samples in one channel, and the decibels that bring it to the voice's level."""
    made_of = span.made_of
    try:
        check_bed(made_of)
    except (SoundError, UnitError):
        return None
    if made_of.file:
        return None
    level = described.speech_lufs - bed_lufs(made_of.sound, described.timeline.channels)
    return _samples(made_of), level


def _samples(made_of: BedSound) -> Source:
    settings = BedSettings(made_of.key) if made_of.key else BedSettings()

    def samples(start: int, count: int, channels: int) -> "NDArray[np.float32]":
        return bed_samples(made_of.sound, made_of.seed, start, count, channels, settings)

    return samples


def _made(spans: Sequence[tuple[BedSpan, Source, float]], start: int) -> "NDArray[np.float64]":
    """Return the bands of what the beds sound like in the block that begins there."""
    import numpy as np

    pcm, _ = laid(spans, start, start + BLOCK, 1, _HEADROOM_DB)
    scale = 10.0 ** (_HEADROOM_DB / 20.0) / 2.0**31
    return hue(np.frombuffer(pcm, "<i4").astype(np.float32) * np.float32(scale))


def _places(expected: Expected, blocks: int, moved: Sequence[Move]) -> Iterator[tuple[int, int]]:
    """Yield (number, where it belongs in samples) of each block of the file that no move cuts in two."""
    moments, each = len(expected.bed), BLOCK // MOMENT
    for move, following in pairwise((Move(0, 0, 0), *moved, Move(moments, 0, 0))):
        first, last = max(0, move.end + move.late), following.at + move.late
        for nth in range(-(-first // each), min(blocks, last // each)):
            yield nth, nth * BLOCK - move.late * MOMENT


def _levelled(blocks: Sequence[_Block]) -> list[_Block]:
    """Return blocks whose beds are as loud as most of what is heard: how loud that is, is judged elsewhere.

    Of a bed that is gone there are none.
    """
    import numpy as np

    louder = float(np.median([block.heard.sum() / block.due.sum() for block in blocks])) if blocks else 0.0
    return [_Block(block.start, block.heard, block.due * louder) for block in blocks] if louder > _GONE else []


def _stretches(blocks: Sequence[_Block], spans: Sequence[BedSpan]) -> Iterator[Stretch]:
    """Yield the runs of blocks that are off. What lies between two blocks, under words, belongs to both."""
    import numpy as np

    run = list[_Block]()
    for block in (*blocks, None):
        if block and block.is_off:
            run.append(block)
            continue
        if len(run) >= _LEAST:
            start, end = run[0].start, run[-1].start + BLOCK
            names = " and ".join(dict.fromkeys(s.made_of.name for s in spans if s.start < end and s.end > start))
            heard, due = np.sum([each.heard for each in run], axis=0), np.sum([each.due for each in run], axis=0)
            yield Stretch(start, end, _what(names, heard, due))
        run = []


def _what(names: str, heard: "NDArray[np.float64]", due: "NDArray[np.float64]") -> str:
    """Return what is heard in place of a bed, given the bands of both."""
    import numpy as np

    times = float(heard.sum() / due.sum())
    if _distance(heard, due * times) < _ALIKE:
        return f"{names} is {abs(10 * math.log10(times)):.0f} LU {'louder' if times > 1 else 'softer'}"
    if float(np.maximum(due - heard, 0.0).sum() / due.sum()) < _THERE:
        return f"there is a sound besides {names}, mostly near {middles_hz()[(heard - due).argmax()]:.0f} Hz,"
    return f"there is another sound than {names}"


def _distance(heard: "NDArray[np.float64]", due: "NDArray[np.float64]") -> float:
    import numpy as np

    return float(np.abs(heard - due).sum() / max(float(due.sum()), 1e-30))
