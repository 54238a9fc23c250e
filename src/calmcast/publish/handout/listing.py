"""A track as the page lists it: its parts in order, and the words of each with when they are heard."""

from dataclasses import dataclass

from calmcast.model.handout import HandoutTrack
from calmcast.publish.captions import captions
from calmcast.publish.handout.strings import Strings
from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE, format_clock, format_length, milliseconds


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of the words: when it begins and ends to be heard, in seconds, as text."""

    at: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A chapter: its title, when it begins (in seconds, and to read), and what is said in it."""

    title: str
    at: str
    clock: str
    lines: tuple[ListedLine, ...]


@dataclass(frozen=True, slots=True)
class ListedTrack:
    """A track or a way out, with its title and length as they are read."""

    made: HandoutTrack
    place: int
    """Among the tracks or the ways out, from 1 on."""
    title: str
    length: str
    length_s: str
    version: str
    """Changes with what sounds."""
    language: str
    size: str
    parts: tuple[ListedPart, ...]

    @property
    def has_words(self) -> bool:
        return any(part.lines for part in self.parts)


def listed(track: HandoutTrack, place: int, t: Strings) -> ListedTrack:
    """Return the track as the page lists it. Parts without a title are numbered."""
    timeline = track.timeline
    lines = [(start, ListedLine(_seconds(start), _seconds(end), text)) for start, end, text in captions(timeline)]
    parts = tuple(
        ListedPart(
            one_line(chapter.title) or t("part", n=number),
            _seconds(chapter.start),
            format_clock(chapter.start),
            tuple(line for start, line in lines if chapter.start <= start < chapter.end),
        )
        for number, chapter in enumerate(timeline.chapters, 1)
    )
    return ListedTrack(
        track,
        place,
        one_line(track.info.title) or t("track", n=place),
        spoken_length(timeline.samples),
        _seconds(timeline.samples),
        track.audio_sha256[:16],
        track.info.language,
        megabytes(track.size, t),
        parts,
    )


def spoken_length(samples: int) -> str:
    """Return a length to read, to the second: `10 min`, `7 min 30 s`."""
    return format_length((samples + SAMPLE_RATE // 2) // SAMPLE_RATE * SAMPLE_RATE)


def _seconds(samples: int) -> str:
    ms = milliseconds(samples)
    return f"{ms // 1000}.{ms % 1000:03}"


def megabytes(size: int, t: Strings) -> str:
    """Return a file's size to read, in millions of bytes as phones count them: `7.2 MB`."""
    return t("size", mb=f"{max(size, 50_000) / 1e6:.1f}".replace(".", t("decimal")))
