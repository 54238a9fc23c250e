"""The tags of files that are no MP3: iTunes' atoms in MP4, Vorbis comments in Opus and FLAC, the ID3 tag in a WAV.

The same is told as in an MP3's tag, under the names that players look for. Chapters of an MP4 are written by its muxer.
"""

import base64
from struct import pack
from typing import Any, BinaryIO

import mutagen.flac
import mutagen.mp4
import mutagen.oggopus

from calmcast.model.timeline import Timeline, TrackInfo
from calmcast.publish.languages import iso_639_2
from calmcast.publish.tags import GENRE, chapter_spans, marks, named, whole_text
from calmcast.units import SAMPLE_RATE

# As Any: mutagen says that it is typed, but its constructors are not.
_flac: Any = mutagen.flac
_mp4: Any = mutagen.mp4
_opus: Any = mutagen.oggopus

FREEFORM = "----:com.apple.iTunes:"
"""Before the name of an atom that iTunes does not know."""
ATOMS = {"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "about": "\xa9cmt"}
COMMENTS = {"title": "TITLE", "artist": "ARTIST", "album": "ALBUM", "about": "COMMENT"}
_AUDIOBOOK = 2
_FRONT_COVER = 3


def tag_atoms(file: BinaryIO, info: TrackInfo, timeline: Timeline, cover: bytes, *, audiobook: bool) -> None:
    """Write atoms into a finished MP4. `cover`: a PNG, or empty."""
    file.seek(0)
    mp4 = _mp4.MP4(file)
    for name, text in named(info).items():
        mp4[ATOMS[name]] = [text]
    mp4["\xa9gen"] = [GENRE]
    if words := whole_text(timeline):
        mp4["\xa9lyr"] = [words]
    if info.number:
        mp4["trkn"] = [(info.number, 0)]
    if audiobook:
        mp4["stik"] = [_AUDIOBOOK]
    if cover:
        mp4["covr"] = [_mp4.MP4Cover(cover, imageformat=_mp4.MP4Cover.FORMAT_PNG)]
    for name, text in marks(info):
        mp4[FREEFORM + name] = [_mp4.MP4FreeForm(text.encode())]
    file.seek(0)
    mp4.save(file, padding=lambda _: 0)


def tag_comments(file: BinaryIO, info: TrackInfo, timeline: Timeline, cover: bytes, *, ogg: bool) -> None:
    """Write Vorbis comments into a finished Opus (`ogg`) or FLAC file. `cover`: a PNG, or empty."""
    file.seek(0)
    tagged = _opus.OggOpus(file) if ogg else _flac.FLAC(file)
    comments = [(COMMENTS[name], text) for name, text in named(info).items()]
    comments += [("GENRE", GENRE), ("LANGUAGE", iso_639_2(info.language)), *marks(info)]
    if info.number:
        comments.append(("TRACKNUMBER", str(info.number)))
    if words := whole_text(timeline):
        comments.append(("LYRICS", words))
    for number, (title, start, _) in enumerate(chapter_spans(timeline), start=1):
        comments += [(f"CHAPTER{number:03}", _clock(start)), (f"CHAPTER{number:03}NAME", title)]
    tagged.tags[:] = comments
    tagged.tags.vendor = "calmcast"
    if cover and ogg:
        tagged["METADATA_BLOCK_PICTURE"] = [base64.b64encode(_picture(cover).write()).decode("ascii")]
    elif cover:
        tagged.add_picture(_picture(cover))
    file.seek(0)
    tagged.save(file, padding=lambda _: 0)


def _picture(cover: bytes) -> Any:
    picture = _flac.Picture()
    picture.type, picture.mime, picture.data = _FRONT_COVER, "image/png", cover
    picture.width, picture.height = (int.from_bytes(cover[at : at + 4], "big") for at in (16, 20))
    picture.depth = 24
    return picture


def _clock(ms: int) -> str:
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def tag_wav(file: BinaryIO, timeline: Timeline, tag: bytes) -> None:
    """Put an ID3 tag and cue points at the chapters behind the sound of a finished WAV file."""
    spans = chapter_spans(timeline)
    places = [start * SAMPLE_RATE // 1000 for _, start, _ in spans]
    # Numbered as the tag's chapters are: a player that reads both takes them for the same.
    cues = b"".join(pack("<II4sIII", number, at, b"data", 0, 0, at) for number, at in enumerate(places))
    labels = b"".join(
        _chunk(b"labl", pack("<I", number) + title.encode("latin-1", "replace") + b"\0")
        for number, (title, _, _) in enumerate(spans)
    )
    file.seek(0, 2)
    file.write(_chunk(b"cue ", pack("<I", len(places)) + cues))
    file.write(_chunk(b"LIST", b"adtl" + labels))
    file.write(_chunk(b"id3 ", tag))
    size = file.tell() - 8
    file.seek(4)
    file.write(pack("<I", size))


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return a RIFF chunk: name, size, and content filled up to an even number of bytes."""
    return name + pack("<I", len(data)) + data + bytes(len(data) % 2)
