"""A class as a playlist, for players on any system: extended M3U in UTF-8, and XSPF.

Both name the tracks by their files, relative to themselves, so a folder can be moved. Ways out are not in them.
"""

from urllib.parse import quote
from xml.etree import ElementTree as ET

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.feed import COVER, class_title
from calmcast.publish.handout.weblinks import link
from calmcast.publish.handout.xmltext import add, line, written
from calmcast.units import SAMPLE_RATE, milliseconds


def m3u8(handout: Handout) -> str:
    """Return the tracks as an extended M3U playlist, to be written in UTF-8: whole seconds, `artist - title`, the file.

    Players take the first comma and the first ` - ` of an entry as its seams, so an artist keeps none.
    """
    rows = ["#EXTM3U", f"#PLAYLIST:{class_title(handout)}"]
    for track in handout.tracks:
        artist, title = line(track.info.artist).replace(" - ", " – "), _title(track)
        shown = f"{artist} - {title}" if artist else title
        rows += [f"#EXTINF:{max(1, round(track.timeline.samples / SAMPLE_RATE))},{shown}", track.file]
    return "\n".join(rows) + "\n"


def xspf(handout: Handout) -> str:
    """Return the tracks as an XSPF playlist, version 1 (xspf.org), to be written in UTF-8; times in milliseconds."""
    playlist = ET.Element("playlist", {"version": "1", "xmlns": "http://xspf.org/ns/0/"})
    add(playlist, "title", class_title(handout))
    _add_words(playlist, creator=handout.teacher, annotation=handout.description)
    if handout.url:
        add(playlist, "info", link(handout.url))
    add(playlist, "image", COVER)
    tracks = add(playlist, "trackList")
    for place, track in enumerate(handout.tracks, 1):
        entry = add(tracks, "track")
        add(entry, "location", quote(track.file, errors="replace"))
        add(entry, "title", _title(track))
        _add_words(entry, creator=track.info.artist, annotation=track.note or track.info.about, album=track.info.album)
        add(entry, "image", COVER)
        add(entry, "trackNum", str(track.number or place))
        add(entry, "duration", str(milliseconds(track.timeline.samples)))
    return written(playlist)


def _title(track: HandoutTrack) -> str:
    return line(track.info.title) or track.stem


def _add_words(parent: ET.Element, **words: str) -> None:
    """Add an element for each that has any words."""
    for name, text in words.items():
        if line(text):
            add(parent, name, line(text))
