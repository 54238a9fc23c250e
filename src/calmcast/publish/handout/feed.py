"""A class as a private podcast: RSS 2.0 for podcast apps, and the chapters that they show.

By the RSS 2.0 specification (RSS Advisory Board), Apple's podcast tags (A Podcaster's Guide to RSS), and the podcast
namespace 1.0 (podcastindex.org). Directories are asked not to list it: it is for those who were given its address.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.strings import strings
from calmcast.publish.handout.weblinks import link
from calmcast.publish.handout.xmltext import add, line, tag, written
from calmcast.publish.titles import without_length
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
_VERSION = 8
"""So many digits tell one sound of a track, or one picture, from its next."""
_LONGEST_TITLE = 255
_MOST_BYTES = 4000
"""Apple's limits: characters of a title, bytes of a description."""
_LENGTHS = (4000, 2000, 1000, 500, 200)


def feed(handout: Handout) -> str:
    """Return the class as an RSS 2.0 feed, to be written in UTF-8: same handout, same text.

    Beside `feed.xml` lie the MP3s, `cover.jpg`, and each track's `.vtt`, `.jpg` and `.chapters.json`. A track that is
    made again stays the same episode, of the same day, and has another address: apps fetch it anew. Ways out come last,
    as bonus episodes. Raises ValueError without an address.
    """
    if not handout.url:
        raise ValueError("a feed needs the address where its folder will be")
    rss = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = add(rss, "channel")
    _about_the_class(channel, handout)
    for place, track in enumerate(handout.tracks, 1):
        _episode(channel, handout, track, place)
    for track in handout.ways_out:
        _episode(channel, handout, track)
    return written(rss)


def feed_id(url: str) -> str:
    """Return the id of a feed that is first put into the folder at `url` (podcast:guid: UUIDv5 of its address)."""
    return str(uuid5(_PODCASTS, link(url, FEED).partition("://")[2]))


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
    add(channel, "description", _plain(line(handout.description) or _counted(handout)))
    if language := tag(handout.language):
        add(channel, "language", language)
    add(channel, "generator", "calmcast")
    if came := [track.came for track in (*handout.tracks, *handout.ways_out)]:
        add(channel, "pubDate", _date(max(came)))
        add(channel, "lastBuildDate", _date(handout.changed or max(came)))
    if teacher := _title(handout.teacher):
        add(channel, "itunes:author", teacher)
    add(channel, "itunes:image", href=_picture(handout, COVER))
    category = add(channel, "itunes:category", text="Health & Fitness")
    add(category, "itunes:category", text="Alternative Health")
    add(channel, "itunes:explicit", "false")
    add(channel, "itunes:type", "serial")
    add(channel, "itunes:block", "Yes")
    add(channel, "podcast:guid", handout.id or feed_id(handout.url))
    add(channel, "podcast:locked", "yes")
    add(channel, "podcast:block", "yes")


def _episode(channel: ET.Element, handout: Handout, track: HandoutTrack, place: int = 0) -> None:
    """Add a track; `place` counts them from 1 on, and is 0 for a way out."""
    item = add(channel, "item")
    add(item, "title", _title(track.info.title) or track.stem)
    add(item, "description", _html(_paragraphs(handout, track)))
    add(item, "enclosure", url=_sound(handout, track), length=str(track.size), type="audio/mpeg")
    add(item, "guid", track.id, isPermaLink="false")
    add(item, "pubDate", _date(track.came))
    add(item, "itunes:image", href=_picture(handout, f"{track.stem}.jpg"))
    add(item, "itunes:duration", str(max(1, round(track.timeline.samples / SAMPLE_RATE))))
    add(item, "itunes:explicit", "false")
    if place:
        add(item, "itunes:episode", str(track.number or place))
    add(item, "itunes:episodeType", "full" if place else "bonus")
    language = tag(track.info.language)
    spoken = {"language": language} if language else {}
    add(item, "podcast:transcript", url=link(handout.url, f"{track.stem}.vtt"), type="text/vtt", **spoken)
    chapters = link(handout.url, f"{track.stem}.chapters.json")
    add(item, "podcast:chapters", url=chapters, type="application/json+chapters")
    if track.info.synthetic_voice:
        voice = line(f"{track.info.synthetic_voice}: {track.info.spoken_by}")
        add(item, "podcast:txt", voice, purpose="synthetic-voice")


def _picture(handout: Handout, name: str) -> str:
    """Return the address of a picture: another one for another picture, for apps keep them by address."""
    digest = handout.drawn.get(name, "")[:_VERSION]
    return f"{link(handout.url, name)}{'?v=' if digest else ''}{digest}"


def class_title(handout: Handout) -> str:
    """Return the class's title on one line, with for whom it is; its name where it has none."""
    t = strings(handout.language, handout.strings)
    title = line(handout.title) or line(handout.name) or t("class")
    client = line(handout.client)
    return f"{title} · {client}" if client else title


def _counted(handout: Handout) -> str:
    count = len(handout.tracks)
    whole = round(handout.samples / SAMPLE_RATE) * SAMPLE_RATE
    t = strings(handout.language, handout.strings)
    return t("feed-about", tracks=t("tracks", n=count), length=format_length(whole))


def _paragraphs(handout: Handout, track: HandoutTrack) -> Iterator[str]:
    """Yield what is said of a track."""
    t = strings(handout.language, handout.strings)
    yield from filter(None, (line(track.note), line(track.info.about)))
    chosen = ((line(asked), line(choice)) for asked, choice in track.choices)
    if made_for := "; ".join(f"{asked}: {choice}" for asked, choice in chosen):
        yield t("feed-made-for", choices=made_for)
    if track.way_out:
        named = (
            without_length(way.info.title, way.timeline.samples)
            for way in handout.ways_out
            if way.file == track.way_out
        )
        yield t("feed-out", title=line(next(named, "")) or track.way_out)


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


def _sound(handout: Handout, track: HandoutTrack) -> str:
    """Return the address of a track's MP3, which is another for another sound, and leads to the same file.

    Apps fetch an episode's sound again where its address has changed; those that keep to the first one come to the new
    sound as well.
    """
    return f"{link(handout.url, track.file)}?v={track.audio_sha256[:_VERSION]}"


def _date(when: datetime) -> str:
    """Return a moment as RFC 822 has it."""
    return format_datetime(when.astimezone(UTC), usegmt=True)
