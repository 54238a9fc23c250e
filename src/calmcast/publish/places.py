"""The places where a track may be heard, what each takes, and what a track becomes for one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from calmcast.errors import PublishError
from calmcast.model.timeline import Quality
from calmcast.publish.formats import FORMATS, MP3, WIDE_RATE, Format
from calmcast.units import SAMPLE_RATE

T = TypeVar("T")

LUFS_WITHIN = 1.0
"""By how many LU a track may miss the loudness of a place."""
_LIMITED_UNDER_DB, _COARSELY_UNDER_DB, _COARSE_KBPS = 0.5, 1.0, 64
"""How far under a place's true peak the mix is held, for an encoder adds some of its own: the more, the fewer kbit/s a
channel it has."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a place wants beside the track."""

    width: int
    """In pixels."""
    height: int
    words: bool = True
    """Whether title and length stand in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where tracks are heard, and what it asks of them."""

    name: str
    about: str
    formats: tuple[str, ...]
    """Those it takes; the first is the usual one."""
    rate: int | None = None
    """In Hz; None: the format's."""
    channels: int | None = None
    """None: the script's."""
    kbps: tuple[int, ...] = ()
    """Bit rates in kbit/s, finest first: the first that fits is taken; none: by quality."""
    lufs: float | None = None
    """How loud all of it is to be; None: its speech is at -19 LUFS for one channel, -16 for two."""
    rms_db: tuple[float, float] | None = None
    """In place of a loudness: the softest and the loudest mean level over the whole file, in dBFS."""
    peak_dbtp: float = -1.0
    picture: Picture | None = None
    most_bytes: int | None = None
    lengths: tuple[int, int] | None = None
    """The shortest and the longest that is advised, in samples."""
    end_bell: bool = False
    """Whether a bell at the end is advised."""
    person: bool = False
    """Whether every line has to be a person's recording."""
    srt: bool = False
    """Whether captions lie beside it as `.srt`."""


_EVERY = tuple(FORMATS)
_MINUTE = 60 * SAMPLE_RATE
PHONE = Place(name="phone", about="a phone, or whatever plays files", formats=_EVERY)
_ROWS = (
    PHONE,
    Place(
        name="insight-timer", about="Insight Timer: MP3 at 48 kHz, and a square picture without words",
        formats=("mp3",), rate=WIDE_RATE, channels=2, kbps=(128,), lufs=-16.0,
        picture=Picture(1600, 1600, words=False), lengths=(10 * _MINUTE, 20 * _MINUTE), end_bell=True,
    ),
    Place(
        name="podcast", about="Apple Podcasts, Spotify: two channels, a picture of 3000 pixels",
        formats=("mp3", "m4a"), channels=2, kbps=(128,), lufs=-16.0, picture=Picture(3000, 3000),
    ),
    Place(
        name="youtube", about="YouTube: a video of the cover, louder, with captions (.srt)",
        formats=("mp4",), rate=WIDE_RATE, channels=2, kbps=(384,), lufs=-14.0, picture=Picture(1280, 720), srt=True,
    ),
    Place(
        name="acx", about="ACX, Audible: a person's voice only", formats=("mp3",), channels=1, kbps=(192,),
        rms_db=(-23.0, -18.0), peak_dbtp=-3.0, picture=Picture(2400, 2400), person=True,
    ),
    Place(
        name="whatsapp", about="WhatsApp: under 16 MB", formats=("opus", "m4a"), channels=1, kbps=(48, 40, 32),
        most_bytes=16_000_000,
    ),
)  # fmt: skip
PLACES: Mapping[str, Place] = {row.name: row for row in _ROWS}
"""By name; the first is the usual one."""

_BESIDES_BYTES = 250_000
"""What a file holds besides its sound: cover, words, and how it is put together."""
_VARYING = 1.1
"""A bit rate that varies may come to so much more: clicks in Opus to 8 % more, an MP4 with its index to 6 %."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a track becomes: a kind of file, for a place, in a quality."""

    format: Format = MP3
    place: Place = PHONE
    quality: Quality = "standard"

    @property
    def rate(self) -> int:
        """In Hz."""
        return self.place.rate or self.format.rate

    @property
    def is_usual(self) -> bool:
        """Whether it is an MP3 for a phone, of which nothing needs to be said."""
        return self.format is MP3 and self.place is PHONE

    @property
    def name(self) -> str:
        """What the name of the track's file ends in: `.mp3`, `_podcast.m4a`."""
        return self.format.ending if self.place is PHONE else f"_{self.place.name}{self.format.ending}"

    def channels(self, of_script: int) -> int:
        """Return how many channels it has, where the script would have so many."""
        return self.place.channels or of_script

    def kbps(self, samples: int, channels: int) -> int:
        """Return the bit rate of so many samples at 44 100 Hz, in kbit/s; 0: every sample is kept."""
        if not self.format.kbps:
            return 0
        if not self.place.kbps:
            return self.format.kbps[self.quality][channels - 1]
        fitting = (kbps for kbps in self.place.kbps if samples <= self._longest(kbps))
        return next(fitting, self.place.kbps[-1])

    def longest(self, channels: int) -> int | None:
        """Return the most samples at 44 100 Hz that such a file can have; None: as many as one likes."""
        if self.place.most_bytes and self.place.kbps:
            return int(self._longest(self.place.kbps[-1]))
        return self.format.most_bytes // (2 * channels) if self.format.most_bytes else None

    def _longest(self, kbps: int) -> float:
        if self.place.most_bytes is None:
            return float("inf")
        return (self.place.most_bytes - _BESIDES_BYTES) / (kbps * 125 * _VARYING) * SAMPLE_RATE

    def ceiling_dbtp(self, samples: int, channels: int) -> float:
        """Return what no true peak of the mix of so many samples and channels exceeds."""
        is_coarse = 0 < self.kbps(samples, channels) < _COARSE_KBPS * channels
        return self.place.peak_dbtp - (_COARSELY_UNDER_DB if is_coarse else _LIMITED_UNDER_DB)


USUAL = Delivery()


def rings_last(struck: Iterable[int], spoken: Iterable[int]) -> bool:
    """Return whether a bell is struck when all words are said, given where bells begin and where lines end."""
    return max(struck, default=-1) >= max(spoken, default=0)


def picture_path(track: Path) -> Path:
    """Return where the picture lies that a place wants beside a track: `x.cover.jpg`."""
    return track.with_name(f"{track.stem}.cover.jpg")


def delivery(format_name: str | None = None, place_name: str | None = None, quality: Quality = "standard") -> Delivery:
    """Return what a track becomes by what was chosen; None: nothing was.

    Raises PublishError for a name that there is not, or choices that do not go together.
    """
    place = _row(PLACES, place_name or PHONE.name, "place")
    kind = _row(FORMATS, format_name or place.formats[0], "format")
    if kind.name not in place.formats:
        takes = " or ".join(f".{name}" for name in place.formats)
        raise PublishError(f"{place.name} takes {takes}, not .{kind.name}", "leave --format, or the ending, out")
    if quality != "standard" and (place.kbps or not kind.kbps):
        why = f"{place.name} has a bit rate of its own" if place.kbps else f"a .{kind.name} keeps every sample"
        raise PublishError(f"{why}, so there is no {quality} quality of it", "leave --quality out")
    return Delivery(kind, place, quality)


def _row(rows: Mapping[str, T], name: str, what: str) -> T:
    if name not in rows:
        raise PublishError(f"there is no {what} `{name}`", f"there are: {', '.join(rows)}")
    return rows[name]
