"""A track's ID3v2.3 tag: titles, the whole text, timed lines, chapters and the cover.

Version 2.3, because old players and Windows fail on 2.4; so text is ISO-8859-1 or UTF-16 with its byte
order mark, never UTF-8 (ID3v2.3 section 3.3). mutagen writes each frame; the frames are laid end to end here,
because mutagen sorts them by size, and players show chapters in the order in which they are written.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import mutagen.id3
from mutagen.id3 import Frame

from calmcast.errors import PublishError
from calmcast.model.timeline import Timeline, TrackInfo
from calmcast.publish.languages import iso_639_2
from calmcast.text import cut_at_word, one_line
from calmcast.units import milliseconds

LARGEST_BYTES = 300_000
"""The largest tag: some phones and hi-fi players give up on more."""
_PADDING = bytes(1024)
_LARGEST_COVER_BYTES = 200_000
_LONGEST_CHAPTER_TITLE = 30
_LONGEST_TITLE = 250
_LONGEST_ABOUT = 2_000
_MOST_CHAPTERS = 255
"""CTOC counts its entries in one byte (ID3v2 Chapter Frame Addendum, section 3.2)."""
_LATIN1, _UTF16 = 0, 1
_MILLISECONDS = 2
_LYRICS = 1
_FRONT_COVER = 3
_ORDERED_TOP_LEVEL = 0b11
GENRE = "Meditation"


def id3_tag(info: TrackInfo, timeline: Timeline, cover: bytes) -> bytes:
    """Return a whole ID3v2.3 tag, header and a little padding included, to stand before the first MP3 frame.

    `cover` is a JPEG or PNG file, or empty for none. The tag stays under 300 kB: where a very long text leaves
    no room, the timed lines (SYLT) go first, then the end of the text (USLT). Same inputs, same bytes.
    Raises PublishError for a cover that is no JPEG or PNG, or over 200 kB.
    """
    named = b"".join(map(_rendered, [*_names(info, timeline), *_chapters(timeline)]))
    picture = b"".join(map(_rendered, _picture(cover)))
    room = LARGEST_BYTES - len(_PADDING) - 10 - len(named) - len(picture)
    frames = named + _words(info, timeline, room) + picture
    size = len(frames) + len(_PADDING)
    # ID3v2.3 section 3.1: version, no flags, the size without this header in 7-bit bytes.
    synchsafe = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + synchsafe + frames + _PADDING


def _id3() -> Any:
    # As Any: mutagen says that it is typed, but the constructors of its frames are not.
    return mutagen.id3


def _rendered(frame: Frame) -> bytes:
    """Return one frame as ID3v2.3 bytes: the tag that mutagen makes of it alone, without the tag's header."""
    tag, file = _id3().ID3(), BytesIO()
    tag.add(frame)
    tag.save(file, v2_version=3, padding=lambda _: 0)
    return file.getvalue()[10:]


def _encoding(*texts: str) -> int:
    # Plain ASCII only: players that take the first encoding for the system's own get other letters wrong.
    return _LATIN1 if all(map(str.isascii, texts)) else _UTF16


def _names(info: TrackInfo, timeline: Timeline) -> Iterator[Frame]:
    id3 = _id3()
    texts = named(info)
    for frame, name in ((id3.TIT2, "title"), (id3.TPE1, "artist"), (id3.TALB, "album")):
        if text := texts.get(name):
            yield frame(encoding=_encoding(text), text=[text])
    if info.number:
        # Without how many there are, which ID3v2.3 leaves open: one more is no other tag for those that were there.
        yield id3.TRCK(encoding=_LATIN1, text=[str(info.number)])
    language = iso_639_2(info.language)
    yield id3.TCON(encoding=_LATIN1, text=[GENRE])
    yield id3.TLAN(encoding=_LATIN1, text=[language])
    yield id3.TLEN(encoding=_LATIN1, text=[str(milliseconds(timeline.samples))])
    if about := texts.get("about"):
        yield id3.COMM(encoding=_encoding(about), lang=language, desc="", text=[about])
    for name, value in marks(info):
        yield id3.TXXX(encoding=_encoding(value), desc=name, text=[value])


def marks(info: TrackInfo) -> list[tuple[str, str]]:
    """Return what machines are told of a track's voice, (name, value): whether a machine speaks, and who it is."""
    told = ("SYNTHETIC_VOICE", info.synthetic_voice), ("VOICE", cut_at_word(info.spoken_by, _LONGEST_TITLE))
    return [(name, value) for name, value in told if value]


def named(info: TrackInfo) -> dict[str, str]:
    """Return what a listener is told, on one line each, by what it is; nothing of what there is none of."""
    lengths = {"title": _LONGEST_TITLE, "artist": _LONGEST_TITLE, "album": _LONGEST_TITLE, "about": _LONGEST_ABOUT}
    told = {name: cut_at_word(one_line(getattr(info, name)), longest) for name, longest in lengths.items()}
    return {name: text for name, text in told.items() if text}


def _chapters(timeline: Timeline) -> Iterator[Frame]:
    """Yield the ordered top-level table of contents (CTOC), then the chapters in time order (CHAP), times in ms."""
    id3 = _id3()
    spans = chapter_spans(timeline)
    if not spans:
        return
    ids = [f"chp{number}" for number in range(len(spans))]
    yield id3.CTOC(element_id="toc", flags=_ORDERED_TOP_LEVEL, child_element_ids=ids, sub_frames=[])
    for element, (title, start, end) in zip(ids, spans, strict=True):
        name = id3.TIT2(encoding=_encoding(title), text=[title])
        yield id3.CHAP(element_id=element, start_time=start, end_time=end, sub_frames=[name])


def chapter_spans(timeline: Timeline) -> list[tuple[str, int, int]]:
    """Return (title, start, end) in ms: from 0 to the track's end without a gap, none empty.

    Chapters beyond the 255th join the 255th.
    """
    heard = [chapter for chapter in timeline.chapters if milliseconds(chapter.start) < milliseconds(chapter.end)]
    heard = heard[:_MOST_CHAPTERS]
    starts = [0, *(milliseconds(chapter.start) for chapter in heard[1:]), milliseconds(timeline.samples)]
    titles = (one_line(chapter.title) or str(number) for number, chapter in enumerate(heard, start=1))
    return [
        (cut_at_word(title, _LONGEST_CHAPTER_TITLE), start, end)
        for title, start, end in zip(titles, starts, starts[1:], strict=False)
    ]


def _words(info: TrackInfo, timeline: Timeline, room: int) -> bytes:
    """Return USLT and SYLT frames of the spoken lines that fit into `room` bytes."""
    id3 = _id3()
    lines = _lines(timeline)
    if not lines:
        return b""
    language, encoding = iso_639_2(info.language), _encoding(*(text for _, _, text in lines))
    plain = _rendered(id3.USLT(encoding=encoding, lang=language, desc="", text=_text(lines, room, encoding)))
    timed = _rendered(
        id3.SYLT(
            encoding=encoding,
            lang=language,
            format=_MILLISECONDS,
            # Spoken words would be type 2, but players look for lyrics.
            type=_LYRICS,
            desc="",
            text=[(text, start) for start, _, text in lines],
        )
    )
    return plain + timed if len(plain) + len(timed) <= room else plain


def _lines(timeline: Timeline) -> list[tuple[int, int, str]]:
    """Return (start in ms, segment, text) of every spoken line."""
    lines = ((milliseconds(line.start), line.segment, one_line(line.text)) for line in timeline.lines)
    return [line for line in lines if line[2]]


def whole_text(timeline: Timeline) -> str:
    """Return all that is spoken, a row a line, an empty one between segments."""
    return _joined(_lines(timeline))


def _joined(lines: list[tuple[int, int, str]]) -> str:
    rows: list[str] = []
    for index, (_, segment, text) in enumerate(lines):
        if index and segment != lines[index - 1][1]:
            rows.append("")
        rows.append(text)
    return "\n".join(rows)


def _text(lines: list[tuple[int, int, str]], room: int, encoding: int) -> str:
    """Return the lines as one text, an empty row between segments, cut after the last line that fits into `room`."""
    whole = _joined(lines)
    codec, ellipsis = ("utf-16-le", "…") if encoding == _UTF16 else ("ascii", "...")
    # 40 bytes hold the frame's header, language and byte order marks, and the ellipsis.
    encoded, longest = whole.encode(codec), (room - 40) // 2 * 2
    if len(encoded) <= longest:
        return whole
    return encoded[:longest].decode(codec, errors="ignore").rpartition("\n")[0].rstrip("\n") + "\n" + ellipsis


def _picture(cover: bytes) -> Iterator[Frame]:
    id3 = _id3()
    if not cover:
        return
    kinds = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
    kind = next((name for magic, name in kinds.items() if cover.startswith(magic)), None)
    if kind is None:
        raise PublishError("the cover picture is neither a JPEG nor a PNG", "save it as one of these")
    if len(cover) > _LARGEST_COVER_BYTES:
        raise PublishError(
            f"the cover picture has {len(cover) // 1000} kB, and a tag takes {_LARGEST_COVER_BYTES // 1000}",
            "save it smaller: 600 to 800 pixels square are enough",
        )
    yield id3.APIC(encoding=_LATIN1, mime=kind, type=_FRONT_COVER, desc="", data=cover)
