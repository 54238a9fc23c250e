"""What a class says in parts with a role: the word about feelings, the way out. Each wording once, for its tracks."""

from collections.abc import Iterator
from dataclasses import dataclass

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.model.timeline import Timeline
from calmcast.model.traits import Role
from calmcast.publish.handout.strings import Strings
from calmcast.publish.handout.xmltext import line, tag
from calmcast.text import cut_at_word

ONE_PAGE = 4
"""So many tracks stand on one page, where not too much is said of them."""
_MOST_LINES, _LEAST_EACH, _MOST_EACH = 24, 6, 16
"""So many lines are told on one page; of one wording at least so many, and at most."""
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in several tracks, some of which leave lines out; which tracks these are (empty: all)."""

    tracks: str
    language: str
    lines: tuple[str, ...]
    more: int
    """How many lines are left off."""


def said(handout: Handout, role: Role, t: Strings) -> list[Words]:
    """Return what is said in parts with a role. A track that says no more than another is told with it."""
    wordings = [tuple(dict.fromkeys(_spoken(track.timeline, role))) for track in handout.tracks]
    found = dict[tuple[str, ...], list[HandoutTrack]]()
    for track, lines in zip(handout.tracks, wordings, strict=True):
        if lines:
            found.setdefault(max((w for w in wordings if set(lines) <= set(w)), key=len), []).append(track)
    is_one_page = len(handout.tracks) <= ONE_PAGE
    most = max(_MOST_LINES // max(len(found), 1), _LEAST_EACH) if is_one_page else _MOST_EACH
    return [
        Words(
            "" if len(tracks) == len(handout.tracks) else _listed(handout, tracks, t),
            tag(tracks[0].info.language),
            tuple(cut_at_word(each, _LONGEST_LINE) for each in lines[:most]),
            len(lines[most:]),
        )
        for lines, tracks in found.items()
    ]


def _listed(handout: Handout, tracks: list[HandoutTrack], t: Strings) -> str:
    numbers = [str(track.number or place) for place, track in enumerate(handout.tracks, 1) if track in tracks]
    return t("track", n=numbers[0]) if len(numbers) == 1 else t("track-numbers", numbers=", ".join(numbers))


def _spoken(timeline: Timeline, role: Role) -> Iterator[str]:
    """Yield the lines that are spoken in parts with a role."""
    spans = [mark for mark in timeline.marks if mark.role == role]
    for spoken in timeline.lines:
        is_inside = any(mark.start <= spoken.start < mark.end for mark in spans)
        if is_inside and line(spoken.text):
            yield line(spoken.text)
