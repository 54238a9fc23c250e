"""The teacher's card: a class on one printed page, to lay beside the mat. HTML for any browser, and PDF from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from calmcast.errors import PublishError
from calmcast.model.handout import Handout, HandoutTrack
from calmcast.model.timeline import Timeline
from calmcast.model.traits import Role
from calmcast.publish.handout.feed import class_title
from calmcast.publish.handout.markup import bdi, in_html
from calmcast.publish.handout.qr import page_code
from calmcast.publish.handout.said import said
from calmcast.publish.handout.signs import bed_in, bed_named, meanings
from calmcast.publish.handout.strings import Strings, strings
from calmcast.publish.handout.xmltext import line, tag
from calmcast.publish.pictures.beds import STRIP, beds, fills_of, stretches
from calmcast.publish.pictures.card import RIGHT, name_of, numbers_of, time_axis, with_names, with_numbers
from calmcast.publish.pictures.legend import legend, signs_of
from calmcast.publish.pictures.lettering import FONTS, px
from calmcast.publish.pictures.marks import LANE, Axis, marks
from calmcast.publish.pictures.ribbon import BAND, ribbon
from calmcast.publish.titles import without_length
from calmcast.text import cut_at_word
from calmcast.units import SAMPLE_RATE, format_clock, format_length

_FEW = 2
"""So many tracks have room for large letters."""
_LEFT, _LEFT_OF_MANY = 226, 86
"""Where ribbons begin: no label stands before them, so they are drawn narrow and their letters print large."""
_CROP = 18
_MOST_ROWS = 3
_FOOT = 18
_LONGEST_LIST = 16
"""So many steps of all ways out stand one below the other; more of them stand as prose."""
_LONGEST_NAME, _LONGEST_TEXT = 120, 240


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a track in letters, where its ribbon has no room for names."""

    number: int
    title: str
    starts: str
    """When it begins, each time."""


@dataclass(frozen=True, slots=True)
class CardTrack:
    """What the card shows of a track."""

    number: int
    title: str
    language: str
    length: str
    note: str
    ribbon: str
    parts: tuple[Part, ...]
    choices: tuple[tuple[str, str], ...]
    notices: str
    """When the word about feelings comes; empty: never."""
    checks: str
    leaving: str
    way_out: str


def card(handout: Handout) -> str:
    """Return the card as one HTML file that asks nothing of the network, for A4 and for a screen.

    It has each track's ribbon, props, comfort checks and way out, what is to be said before, how it ends, and the
    page's address as a QR code where the handout has one. Up to about four tracks take a page. Raises
    PublishError where the address is too long for a code.
    """
    t, timelines = strings(handout.language, handout.strings), [track.timeline for track in handout.tracks]
    left = _LEFT if len(handout.tracks) <= _FEW else _LEFT_OF_MANY
    signs, high = legend(signs_of(timelines, meanings(t), bed_in(t)), left, RIGHT, 8) if timelines else ([], 0.0)
    notices, exits = said(handout, "notice", t), said(handout, "exit", t)
    ways_out = {_way_out(handout, track) for track in handout.tracks}
    whole = round(handout.samples / SAMPLE_RATE) * SAMPLE_RATE
    template = _environment().get_template("card.html")
    return template.render(
        t=in_html(t),
        bdi=bdi,
        title=_name(handout.title) or _name(handout.name) or t("class"),
        page_title=cut_at_word(class_title(handout), _LONGEST_TEXT),
        language=tag(handout.language),
        client=_name(handout.client),
        teacher=_name(handout.teacher),
        about=cut_at_word(line(handout.description), _LONGEST_TEXT),
        count=len(handout.tracks),
        total=format_length(whole),
        choices=_shared(handout),
        tracks=list(_tracks(handout, left, t)),
        has_few=len(handout.tracks) <= _FEW,
        way_out=ways_out.pop() if len(ways_out) == 1 else "",
        legend=_drawing(t("card-signs"), signs, left, high - 8),
        notices=notices,
        exits=exits,
        is_listed=sum(len(words.lines) for words in exits) <= _LONGEST_LIST and len(notices) <= _FEW,
        address=line(handout.url),
        code=page_code(handout, t),
    )


def pdf(html: str) -> bytes:
    """Return a page as a PDF file. Raises PublishError as `weasyprint_html`."""
    return bytes(weasyprint_html()(string=html).write_pdf())


def weasyprint_html() -> Any:
    """Return WeasyPrint's page. Raises PublishError where WeasyPrint or the Pango that it needs is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PublishError(
            "The card cannot be made into a PDF here, because WeasyPrint is missing or cannot find Pango.",
            "pip install 'calmcast[pdf]'; or open the HTML card in any browser and print it",
        ) from error
    return HTML


def _tracks(handout: Handout, left: float, t: Strings) -> Iterator[CardTrack]:
    timelines = [track.timeline for track in handout.tracks]
    alike = len({_way_out(handout, track) for track in handout.tracks}) == 1
    shared = _shared(handout)
    for place, track in enumerate(handout.tracks, 1):
        timeline = track.timeline
        drawn, parts = _ribbon(track, timelines, left, t)
        yield CardTrack(
            number=track.number or place,
            title=_name(without_length(track.info.title, timeline.samples)) or track.stem,
            language=tag(track.info.language),
            length=format_clock(timeline.samples),
            note=cut_at_word(line(track.note), _LONGEST_TEXT),
            ribbon=drawn,
            parts=parts,
            choices=tuple(choice for choice in _choices(track) if choice not in shared),
            notices=_times(timeline, "notice"),
            checks=_times(timeline, "check"),
            leaving=_times(timeline, "exit"),
            way_out="" if alike else _way_out(handout, track),
        )


def _name(text: str) -> str:
    return cut_at_word(line(text), _LONGEST_NAME)


def _choices(track: HandoutTrack) -> list[tuple[str, str]]:
    return [(_name(asked), _name(chosen)) for asked, chosen in track.choices if line(asked) or line(chosen)]


def _shared(handout: Handout) -> list[tuple[str, str]]:
    """Return the choices that all of several tracks were made for."""
    all_choices = [_choices(track) for track in handout.tracks]
    if len(all_choices) < 2:
        return []
    return [choice for choice in all_choices[0] if all(choice in others for others in all_choices)]


def _ribbon(
    track: HandoutTrack, timelines: Sequence[Timeline], left: float, t: Strings
) -> tuple[str, tuple[Part, ...]]:
    """Return a track's ribbon as SVG, its parts named, and with their times where there is room for that.

    Where only numbers have room, its parts come along. Colours and beds are those of all `timelines` of the class.
    """
    timeline, numbers = track.timeline, numbers_of([each.chapters for each in timelines])
    axis = Axis(left, max(timeline.samples, 1) / (RIGHT - left))
    timed = [replace(each, title=f"{name_of(each.title)} {format_clock(each.start)}") for each in timeline.chapters]
    own, say = numbers_of([timeline.chapters]), bed_in(t)
    names = with_names(timed, axis, _MOST_ROWS) or with_names(timeline.chapters, axis, _MOST_ROWS)
    named = names or with_numbers(timeline.chapters, timeline.samples, own, axis)
    top = named.height
    foot = top + BAND + (STRIP + 4 if stretches(timeline) else 0)
    shapes = [
        *time_axis(axis, timeline.samples, top, foot + LANE),
        f'<g transform="translate(0 {px(top)})">',
        *named.shapes,
        "</g>",
        *ribbon(timeline, [numbers[each.title] for each in timeline.chapters], axis, top),
        *beds(timeline, axis, foot - STRIP, fills_of(timelines, say), say, bed_named(t)),
        *marks(timeline, axis, top, foot),
    ]
    label = "; ".join([line(track.info.title), *(each.title for each in timed)])
    parts = () if names else tuple(_parts(timeline, own))
    return _drawing(label, shapes, left, foot + LANE + _FOOT), parts


def _parts(timeline: Timeline, numbers: dict[str, int]) -> Iterator[Part]:
    for title, number in numbers.items():
        starts = [format_clock(chapter.start) for chapter in timeline.chapters if chapter.title == title]
        yield Part(number, cut_at_word(name_of(title), _LONGEST_NAME), ", ".join(starts))


def _drawing(label: str, shapes: list[str], left: float, high: float) -> str:
    """Return shapes as an SVG element to stand in a page, as wide as the page makes it."""
    box = f"{px(left - _CROP)} 0 {px(RIGHT - left + 2 * _CROP)} {px(high)}"
    opening = f'<svg viewBox="{box}" role="img" font-family="{FONTS}" aria-label="{escape(label)}">'
    return "\n".join([opening, *shapes, "</svg>"])


def _times(timeline: Timeline, role: Role) -> str:
    """Return when the parts with a role begin."""
    return ", ".join(format_clock(mark.start) for mark in timeline.marks if mark.role == role)


def _way_out(handout: Handout, track: HandoutTrack) -> str:
    """Return the title and the length of the track that brings one out of this one early."""
    found = next((way for way in handout.ways_out if way.file == track.way_out), None)
    if found is None:
        return ""
    title = _name(without_length(found.info.title, found.timeline.samples))
    return f"{title or found.stem} ({format_clock(found.timeline.samples)})"


@cache
def _environment() -> Environment:
    loader = PackageLoader("calmcast.publish.handout")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
