"""A class as a private podcast: RSS 2.0 for podcast apps, and the chapters that they show.

By the RSS 2.0 specification (RSS Advisory Board), Apple's podcast tags (A Podcaster's Guide to RSS), and the podcast
namespace 1.0 (podcastindex.org). Directories are asked not to list it: it is for those who were given its address.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.weblinks import link
from calmcast.publish.handout.xmltext import add, line, tag, written
from calmcast.text import cut_at_word
from calmcast.units import SAMPLE_RATE, format_length, milliseconds

FEED, COVER = "feed.xml", "cover.jpg"
"""The names of the feed and of its picture in the handout's folder."""
_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid, from its specification."""
_TRACKS = UUID("8f0a8a67-6c53-5d2e-9d0b-3a3a7d1f5c11")
_LONGEST_TITLE = 255
_MOST_BYTES = 4000
"""Apple's limits: characters of a title, bytes of a description."""
_LENGTHS = (4000, 2000, 1000, 500, 200)


def feed(handout: Handout) -> str:
    """Return the class as an RSS 2.0 feed, to be written in UTF-8: same handout, same text.

    Beside `feed.xml` lie the MP3s, `cover.jpg`, and each track's `.vtt` and `.chapters.json`. A track that is made
    again stays the same episode. Ways out come last, as bonus episodes. Raises ValueError without an address.
    """
    if not handout.url:
        raise ValueError("a feed needs the address where its folder will be")
    rss = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = add(rss, "channel")
    _about_the_class(channel, handout)
    for place, track in enumerate(handout.tracks):
        _episode(channel, handout, track, place)
    for place, track in enumerate(handout.ways_out, start=len(handout.tracks)):
        _episode(channel, handout, track, place, is_way_out=True)
    return written(rss)


def chapters_json(track: HandoutTrack) -> str:
    """Return a track's parts as JSON chapters 1.2 (podcast namespace), times in seconds to the millisecond."""
    about = {
        "title": line(track.info.title),
        "author": line(track.info.artist),
        "podcastName": line(track.info.album),
        "fileName": track.file,
    }
    chapters = [
        {
            "startTime": milliseconds(chapter.start) / 1000,
            "endTime": milliseconds(chapter.end) / 1000,
            **({"title": line(chapter.title)} if line(chapter.title) else {}),
        }
        for chapter in track.timeline.chapters
    ]
    content = {"version": "1.2.0", **{name: text for name, text in about.items() if text}, "chapters": chapters}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _about_the_class(channel: ET.Element, handout: Handout) -> None:
    address, own = link(handout.url), link(handout.url, FEED)
    add(channel, "title", _title(class_title(handout)))
    add(channel, "link", address)
    add(channel, "atom:link", href=own, rel="self", type="application/rss+xml")
    add(channel, "description", _plain(line(handout.about) or _counted(handout)))
    if language := tag(handout.language):
        add(channel, "language", language)
    add(channel, "generator", "calmcast")
    add(channel, "pubDate", _date(handout, 0))
    if teacher := _title(handout.teacher):
        add(channel, "itunes:author", teacher)
    add(channel, "itunes:image", href=link(handout.url, COVER))
    category = add(channel, "itunes:category", text="Health & Fitness")
    add(category, "itunes:category", text="Alternative Health")
    add(channel, "itunes:explicit", "false")
    add(channel, "itunes:type", "serial")
    add(channel, "itunes:block", "Yes")
    add(channel, "podcast:guid", str(uuid5(_PODCASTS, own.partition("://")[2])))
    add(channel, "podcast:locked", "yes")
    add(channel, "podcast:block", "yes")


def _episode(
    channel: ET.Element, handout: Handout, track: HandoutTrack, place: int, *, is_way_out: bool = False
) -> None:
    """Add a track; `place` counts all tracks from 0 on."""
    item = add(channel, "item")
    add(item, "title", _title(track.info.title) or track.stem)
    add(item, "description", _html(_paragraphs(handout, track)))
    add(item, "enclosure", url=link(handout.url, track.file), length=str(track.size), type="audio/mpeg")
    add(item, "guid", _guid(handout, track), isPermaLink="false")
    add(item, "pubDate", _date(handout, place))
    add(item, "itunes:duration", str(max(1, round(track.timeline.samples / SAMPLE_RATE))))
    add(item, "itunes:explicit", "false")
    if is_way_out:
        add(item, "itunes:episodeType", "bonus")
    else:
        add(item, "itunes:episode", str(track.number or place + 1))
        add(item, "itunes:episodeType", "full")
    language = tag(track.info.language)
    spoken = {"language": language} if language else {}
    add(item, "podcast:transcript", url=link(handout.url, f"{track.stem}.vtt"), type="text/vtt", **spoken)
    chapters = link(handout.url, f"{track.stem}.chapters.json")
    add(item, "podcast:chapters", url=chapters, type="application/json+chapters")


def class_title(handout: Handout) -> str:
    """Return the class's title on one line, with for whom it is; its name where it has none."""
    title = line(handout.title) or line(handout.name) or "Relaxation"
    client = line(handout.client)
    return f"{title} · {client}" if client else title


def _counted(handout: Handout) -> str:
    count = len(handout.tracks)
    whole = round(handout.samples / SAMPLE_RATE) * SAMPLE_RATE
    return f"Guided relaxation: {'1 track' if count == 1 else f'{count} tracks'}, {format_length(whole)}."


def _paragraphs(handout: Handout, track: HandoutTrack) -> Iterator[str]:
    """Yield what is said of a track."""
    yield from filter(None, (line(track.note), line(track.info.about)))
    chosen = ((line(asked), line(choice)) for asked, choice in track.choices)
    if made_for := "; ".join(f"{asked}: {choice}" for asked, choice in chosen):
        yield f"Made for: {made_for}."
    if track.way_out:
        named = (way.info.title for way in handout.ways_out if way.file == track.way_out)
        yield f"To come back early, play: {line(next(named, '')) or track.way_out}."


def _html(paragraphs: Iterator[str]) -> str:
    """Return paragraphs as HTML, which apps take an episode's description for, within the limit."""
    texts = list(paragraphs)
    for longest in _LENGTHS:
        html = "".join(f"<p>{escape(cut_at_word(text, longest), quote=False)}</p>" for text in texts)
        if len(html.encode()) <= _MOST_BYTES:
            return html
    return _html(iter(texts[:-1]))


def _plain(text: str) -> str:
    """Return text within the limit."""
    return next(kept for n in _LENGTHS if len((kept := cut_at_word(text, n)).encode()) <= _MOST_BYTES)


def _title(text: str) -> str:
    return cut_at_word(line(text), _LONGEST_TITLE)


def _date(handout: Handout, place: int) -> str:
    """Return the date of the track at `place` (RFC 822): noon, and a minute later each, so that order holds."""
    noon = datetime.combine(handout.published, time(12), UTC)
    return format_datetime(noon + timedelta(minutes=place), usegmt=True)


def _guid(handout: Handout, track: HandoutTrack) -> str:
    """Return what a track is known by, whatever it is made of: its class, its client and its file's name."""
    return f"urn:uuid:{uuid5(_TRACKS, json.dumps([handout.name, handout.client, track.stem]))}"
