"""The kinds of file that a track can be, one row each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from calmcast.model.timeline import Quality
from calmcast.units import SAMPLE_RATE

WIDE_RATE = 48_000
"""Samples a second of what video and the web use; Opus knows no other."""

Tagging = Literal["id3", "atoms", "comments"]
"""How a kind of file carries names, chapters and a cover: ID3v2.3, iTunes' atoms, Vorbis comments."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    name: str
    """As it is chosen, and what its file's name ends in."""
    about: str
    muxer: str
    """What ffmpeg calls the container; for WAV, which is written here, what it reads it as."""
    encoder: str
    """What ffmpeg calls the encoder."""
    tagging: Tagging
    rate: int = SAMPLE_RATE
    """In Hz, where a place asks for no other."""
    kbps: Mapping[Quality, tuple[int, int]] = field(default_factory=dict)
    """The bit rate of each quality in kbit/s, for one channel and for two; none: it keeps every sample."""
    most_bytes: int | None = None
    """Of samples, where the file can say no more."""
    brand: str = ""
    """What the file says it is, where the container has several."""
    pictured: bool = False
    """Whether it shows a picture for as long as it sounds."""

    @property
    def ending(self) -> str:
        return f".{self.name}"


MP3 = Format(
    "mp3", "MP3, which plays everywhere", "mp3", "libmp3lame", "id3",
    kbps={"small": (64, 96), "standard": (96, 128), "high": (128, 192)},
)  # fmt: skip

_AAC: Mapping[Quality, tuple[int, int]] = {"small": (56, 96), "standard": (80, 128), "high": (128, 192)}
_ROWS = (
    MP3,
    Format("m4a", "AAC, smaller than an MP3", "ipod", "aac", "atoms", kbps=_AAC, brand="M4A "),
    Format("m4b", "AAC as an audiobook: players keep the place", "ipod", "aac", "atoms", kbps=_AAC, brand="M4B "),
    Format(
        "opus", "Opus, the smallest", "opus", "libopus", "comments", rate=WIDE_RATE,
        kbps={"small": (32, 56), "standard": (48, 80), "high": (80, 128)},
    ),
    Format("flac", "every sample, smaller than a WAV", "flac", "flac", "comments"),
    Format("wav", "every sample, for editing; 5 MB a minute", "wav", "pcm_s16le", "id3", most_bytes=2**32 - 2**20),
    Format(
        "mp4", "a video: the cover as a still, AAC", "mp4", "aac", "atoms", rate=WIDE_RATE, pictured=True,
        kbps={"small": (96, 128), "standard": (128, 192), "high": (192, 384)},
    ),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {row.name: row for row in _ROWS}
"""By name; the first is the usual one."""
ENDINGS = tuple(row.ending for row in _ROWS)


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name ends in, or None."""
    return FORMATS.get(path.suffix.lower().removeprefix("."))


def manifest_path(track: Path) -> Path:
    """Return where a track's manifest lies: `x.json` for `x.mp3`, `x.m4a.json` for `x.m4a`: both may be there."""
    other = format_of(track) not in (None, MP3)
    return track.with_name(f"{track.name}.json") if other else track.with_suffix(".json")
