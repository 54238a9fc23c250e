"""The leaflet: one page for the door of somebody's fridge. HTML for any browser, and PDF from it as from the card."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.colours import by_day, palette_of
from calmcast.publish.handout.listing import Entry, entries
from calmcast.publish.handout.markup import bdi, in_html
from calmcast.publish.handout.qr import page_code
from calmcast.publish.handout.strings import strings
from calmcast.publish.handout.xmltext import line, tag
from calmcast.text import cut_at_word

_FEW_ENTRIES, _MOST_ENTRIES = 4, 8
_MOST_SETUPS, _MOST_STEPS = 3, 6
"""So many scripts are told how to begin, and so many lines of it there are for all of them together."""
_LONGEST_NAME, _LONGEST_NOTE, _LONGEST_LETTER, _LONGEST_STEP = 60, 100, 360, 130
_ROOMY = 22
"""So many rows of text stand on the page in large letters."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A script as the leaflet lists it, in its lengths, and how one gets ready for it."""

    title: str
    language: str
    lengths: str
    note: str
    steps: tuple[str, ...]


def leaflet(handout: Handout) -> str:
    """Return the leaflet as one HTML file that asks nothing of the network, for a page of A4 and for a screen.

    It has what there is to hear and how long it is, how one gets ready in the scripts' own words, the teacher's note
    and contact, room for a time of one's own, and the page's address as a QR code where the handout has one. Raises
    PublishError where the address is too long for a code.
    """
    t = strings(handout.language, handout.strings)
    listed = entries(handout.tracks, t)
    is_short = len(listed) > _FEW_ENTRIES
    setups = min(len(listed), 1 if is_short else _MOST_SETUPS)
    each = _MOST_STEPS // max(setups, 1)
    shown = [
        _offer(entry, each if place < setups else 0, has_note=not is_short)
        for place, entry in enumerate(listed[:_MOST_ENTRIES])
    ]
    return (
        _environment()
        .get_template("leaflet.html")
        .render(
            t=in_html(t),
            bdi=bdi,
            title=_cut(handout.title, _LONGEST_NAME) or _cut(handout.name, _LONGEST_NAME) or t("class"),
            language=tag(handout.language),
            teacher=_cut(handout.teacher, _LONGEST_NAME),
            client=_cut(handout.client, _LONGEST_NAME),
            about=_cut(handout.about, _LONGEST_NOTE),
            note=_cut(handout.note, _LONGEST_LETTER),
            offers=shown,
            is_small=is_short or _rows(handout, shown) > _ROOMY,
            more=len(listed) - len(shown),
            setups=[offer for offer in shown if offer.steps],
            has_way_out=bool(handout.ways_out),
            contact=line(handout.contact),
            address=line(handout.url),
            code=page_code(handout, t),
            colours=dict(by_day(palette_of(handout.name))),
        )
    )


def _offer(entry: Entry, steps: int, *, has_note: bool) -> Offer:
    shortest = min((track.made for track in entry.tracks), key=lambda track: track.timeline.samples)
    first = entry.first
    return Offer(
        title=_cut(first.title, _LONGEST_NAME),
        language=tag(first.language),
        lengths=" · ".join(dict.fromkeys(track.length for track in entry.tracks)),
        note=_cut(first.made.note, _LONGEST_NOTE) if has_note else "",
        steps=tuple(_setup(shortest))[:steps],
    )


def _rows(handout: Handout, offers: Sequence[Offer]) -> int:
    """Return about how many rows of text there are besides what every leaflet has."""
    texts = [handout.title, handout.note[:_LONGEST_LETTER], handout.about]
    texts += [text for offer in offers for text in (f"{offer.title} {offer.lengths}", offer.note, *offer.steps)]
    return sum(1 + len(text[:_LONGEST_LETTER]) // 60 for text in texts if text)


def _setup(track: HandoutTrack) -> Iterator[str]:
    """Yield what is said while somebody gets ready: the words of a short track are those that matter most."""
    marks = track.timeline.marks
    ready = [(mark.start, mark.end) for mark in marks if mark.role == "setup"]
    other = [(mark.start, mark.end) for mark in marks if mark.role not in ("setup", None)]
    said = dict.fromkeys(
        line(spoken.text)
        for spoken in track.timeline.lines
        if _inside(spoken.start, ready) and not _inside(spoken.start, other)
    )
    yield from (text for text in said if text and len(text) <= _LONGEST_STEP)


def _inside(moment: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= moment < end for start, end in spans)


def _cut(text: str, longest: int) -> str:
    return cut_at_word(line(text), longest)


@cache
def _environment() -> Environment:
    loader = PackageLoader("calmcast.publish.handout")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
