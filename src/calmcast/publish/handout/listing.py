"""A class as the page lists it: an entry for each script; each track's parts, words and breaths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calmcast.model.handout import HandoutTrack
from calmcast.model.timeline import Breath, Timeline
from calmcast.publish.captions import captions
from calmcast.publish.handout.strings import Strings
from calmcast.publish.titles import spoken_length, without_length
from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE, format_clock

TIMES = (3, 5, 10, 15, 20, 30, 45, 60, 90)
"""For how many minutes somebody may have time."""
_GRACE = 30 * SAMPLE_RATE
"""A track may be so much longer than the time that somebody has."""


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A chapter: its title, when it begins (in seconds, and to read), and what is said in it."""

    title: str
    at: str
    clock: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedTrack:
    """A track or a way out, with its title and length as they are read."""

    made: HandoutTrack
    place: int
    """Among the tracks or the ways out, from 1 on."""
    title: str
    """Without its length."""
    length: str
    length_s: str
    version: str
    """Changes with what sounds."""
    language: str
    size: str
    parts: tuple[ListedPart, ...]
    spans: str
    """When each line of its parts is heard, as `spans`."""
    breaths: str
    """As `breaths`."""

    @property
    def has_words(self) -> bool:
        return any(part.lines for part in self.parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """What listeners take for one thing: a script, in one length or several."""

    place: int
    """Among the entries, from 1 on."""
    tracks: tuple[ListedTrack, ...]

    @property
    def first(self) -> ListedTrack:
        """The first of its tracks; title, note, choices and cover are those of all."""
        return self.tracks[0]


def entries(tracks: Sequence[HandoutTrack], t: Strings) -> tuple[Entry, ...]:
    """Return the entries for tracks, in their order: those of one script that differ in length alone share one."""
    found = dict[object, list[ListedTrack]]()
    for place, track in enumerate(tracks, 1):
        each = listed(track, place, t)
        key = (track.script, each.title, track.note, track.choices)
        found.setdefault(key, []).append(each)
    return tuple(Entry(place, tuple(alike)) for place, alike in enumerate(found.values(), 1))


def times(tracks: Sequence[HandoutTrack]) -> tuple[int, ...]:
    """Return for how many minutes one may have time: each of TIMES for which more fits than for the one before."""
    found, before = list[int](), 0
    for minutes in TIMES:
        fitting = sum(track.timeline.samples <= minutes * 60 * SAMPLE_RATE + _GRACE for track in tracks)
        if fitting > before:
            found, before = [*found, minutes], fitting
    return tuple(found) if len(found) > 1 else ()


def listed(track: HandoutTrack, place: int, t: Strings) -> ListedTrack:
    """Return the track as the page lists it. Parts without a title are numbered."""
    timeline = track.timeline
    heard = tuple(captions(timeline))
    parts = tuple(
        ListedPart(
            one_line(chapter.title) or t("part", n=number),
            _short(chapter.start),
            format_clock(chapter.start),
            tuple(text for start, _, text in heard if chapter.start <= start < chapter.end),
        )
        for number, chapter in enumerate(timeline.chapters, 1)
    )
    return ListedTrack(
        track,
        place,
        without_length(one_line(track.info.title), timeline.samples) or t("track", n=place),
        spoken_length(timeline.samples),
        _short(timeline.samples),
        track.audio_sha256[:16],
        track.info.language,
        megabytes(track.size, t),
        parts,
        spans((start, end) for start, end, _ in heard),
        breaths(timeline),
    )


def spans(heard: Iterable[tuple[int, int]]) -> str:
    """Return when lines begin and end to be heard, small, for a large class has thousands of them: `5 21 8 30`.

    In tenths of a second, rounded down, each from the one before it: silence, line, silence, line.
    """
    said, before = list[str](), 0
    for moment in (moment for span in heard for moment in span):
        tenths = moment * 10 // SAMPLE_RATE
        said.append(str(tenths - before))
        before = tenths
    return " ".join(said)


def breaths(timeline: Timeline) -> str:
    """Return how one breathes in a track, small: `@12.5 i4 o6 i4 o6 @60 i4 h2 o6`, in seconds.

    After `@` the moment at which breaths begin that follow one another: in, hold, out, rest, each with how long it is.
    """
    said, end = list[str](), -1
    for breath in timeline.breaths:
        if breath.start != end:
            said.append(f"@{_short(breath.start)}")
        said.append(f"{_letter(breath)}{_short(breath.samples)}")
        end = breath.end
    return " ".join(said)


def _letter(breath: Breath) -> str:
    return breath.phase[0]


def _short(samples: int) -> str:
    return f"{samples / SAMPLE_RATE:.2f}".rstrip("0").rstrip(".")


def megabytes(size: int, t: Strings) -> str:
    """Return a file's size to read, in millions of bytes as phones count them: `7.2 MB`."""
    return t("size", mb=f"{max(size, 50_000) / 1e6:.1f}".replace(".", t("decimal")))
