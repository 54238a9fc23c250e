"""The tag as a player meets it: its raw bytes, then as mutagen and ffprobe read them."""

import io
import json
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.errors import PublishError
from calmcast.model.timeline import Chapter, Timeline, TrackInfo
from calmcast.publish.tags import LARGEST_BYTES, id3_tag
from calmcast.units import milliseconds

JPEG = b"\xff\xd8\xff\xe0" + bytes(500)


def frames(tag: bytes) -> list[tuple[str, bytes]]:
    """Return (name, content) of each frame in the order written, as ID3v2.3 section 3.3 has them."""
    assert tag[:6] == b"ID3\x03\x00\x00"
    a, b, c, d = tag[6:10]
    assert max(a, b, c, d) < 128
    assert len(tag) == 10 + (a << 21 | b << 14 | c << 7 | d)
    return list(inner_frames(tag[10:]))


def inner_frames(data: bytes) -> Iterator[tuple[str, bytes]]:
    while data.strip(b"\0"):
        name, size, flags = struct.unpack(">4sIH", data[:10])
        assert flags == 0
        yield name.decode("ascii"), data[10 : 10 + size]
        data = data[10 + size :]


def text(content: bytes) -> str:
    """Return the text of a text frame: a byte for the encoding, then ISO-8859-1 or UTF-16 with its mark."""
    if content[0] == 0:
        return content[1:].rstrip(b"\0").decode("latin-1")
    assert content[0] == 1
    assert content[1:3] == b"\xff\xfe"
    return content[1:].decode("utf-16").rstrip("\0")


def chapters(tag: bytes) -> list[tuple[str, int, int, str]]:
    """Return (id, start ms, end ms, title) in the order written."""
    found = []
    for name, content in frames(tag):
        if name == "CHAP":
            element, rest = content.split(b"\0", 1)
            start, end, first, last = struct.unpack(">4I", rest[:16])
            assert first == last == 0xFFFFFFFF
            ((inner, title),) = inner_frames(rest[16:])
            assert inner == "TIT2"
            found.append((element.decode(), start, end, text(title)))
    return found


def test_the_frames_in_the_order_written(timeline: Timeline, info: TrackInfo) -> None:
    names = [name for name, _ in frames(id3_tag(info, timeline, JPEG))]
    heads = ["TIT2", "TPE1", "TALB", "TCON", "TLAN", "TLEN", "COMM"]
    assert names == [*heads, "CTOC", "CHAP", "CHAP", "CHAP", "USLT", "SYLT", "APIC"]


def test_what_the_track_is_called(timeline: Timeline, info: TrackInfo) -> None:
    content = dict(frames(id3_tag(info, timeline, JPEG)))
    assert {name: text(content[name]) for name in ("TIT2", "TPE1", "TALB", "TLAN", "TLEN")} == {
        "TIT2": "Psoas release: 1 min",
        "TPE1": "calmcast",
        "TALB": "Rests",
        "TLAN": "eng",
        "TLEN": "60000",
    }
    assert content["COMM"][:4] == b"\x01eng"
    assert content["APIC"] == b"\0image/jpeg\0\x03\0" + JPEG


def test_a_track_of_a_class_has_its_place(timeline: Timeline, info: TrackInfo) -> None:
    assert "TRCK" not in dict(frames(id3_tag(info, timeline, JPEG)))
    placed = dict(frames(id3_tag(replace(info, number=2), timeline, JPEG)))
    assert text(placed["TRCK"]) == "2"


def test_chapters_stand_in_time_order_without_a_gap(timeline: Timeline, info: TrackInfo) -> None:
    tag = id3_tag(info, timeline, b"")
    assert chapters(tag) == [
        ("chp0", 0, 20500, "Arriving"),
        ("chp1", 20500, 50000, "A longer rest with a very…"),
        ("chp2", 50000, 60000, "Back"),
    ]
    assert dict(frames(tag))["CTOC"] == b"toc\0\x03\x03chp0\0chp1\0chp2\0"


def test_a_chapter_shorter_than_a_millisecond_is_left_out(timeline: Timeline, info: TrackInfo) -> None:
    first, *others = timeline.chapters
    split = (Chapter("Nothing", 0, 0), replace(first, end=first.end - 20), Chapter("Blink", first.end - 20, first.end))
    assert [title for *_, title in chapters(id3_tag(info, replace(timeline, chapters=(*split, *others)), b""))] == [
        "Arriving", "A longer rest with a very…", "Back",
    ]  # fmt: skip


def test_more_chapters_than_a_table_holds(timeline_of: Callable[..., Timeline], info: TrackInfo) -> None:
    timeline = timeline_of([], chapters=[(f"Part {n}", n) for n in range(300)], length_s=300)
    tag = id3_tag(info, timeline, b"")
    written = chapters(tag)
    assert len(written) == 255
    assert written[-1] == ("chp254", 254_000, 300_000, "Part 254")
    assert dict(frames(tag))["CTOC"][5] == 255


@pytest.mark.parametrize("title", ["“Soft” – naïve", "سلام، استرخِ", "Rest 🧘‍♀️ now", "休息", "a\0b\ud800c\nd"])
def test_any_script_in_a_title(timeline: Timeline, info: TrackInfo, title: str) -> None:
    from mutagen.id3 import ID3

    tag = id3_tag(replace(info, title=title, about=title), timeline, b"")
    expected = "abc d" if "\0" in title else title
    assert text(dict(frames(tag))["TIT2"]) == expected
    assert ID3(io.BytesIO(tag), translate=False)["COMM::eng"].text == [expected]  # type: ignore[no-untyped-call]


def test_the_words_and_their_times(timeline: Timeline, info: TrackInfo) -> None:
    from mutagen.id3 import ID3

    tag = ID3(io.BytesIO(id3_tag(info, timeline, JPEG)), translate=False)  # type: ignore[no-untyped-call]
    assert tag["USLT::eng"].text == (
        "Let your shoulders soften.\nNothing here has to be “right” & nothing < or > it.\n\n"
        "Calme… n’importe où.\n\nCome back gently."
    )
    sylt = tag["SYLT::eng"]
    assert (sylt.format, sylt.encoding) == (2, 1)
    assert sylt.text == [
        ("Let your shoulders soften.", 1500),
        ("Nothing here has to be “right” & nothing < or > it.", 6000),
        ("Calme… n’importe où.", 21000),
        ("Come back gently.", 50000),
    ]


@pytest.mark.parametrize(
    ("count", "line", "kept"),
    [
        (300, "Line {} is soft.", {"USLT", "SYLT"}),
        (5000, "Line {} is soft, and long enough.", {"USLT"}),
        (5000, "Line {} is “soft”, and as long as lines go 🧘.", {"USLT"}),
    ],
)
def test_a_very_long_text(
    timeline_of: Callable[..., Timeline], info: TrackInfo, count: int, line: str, kept: set[str]
) -> None:
    from mutagen.id3 import ID3

    texts = [line.format(n) for n in range(count)]
    timeline = timeline_of([(2 * n, 2 * n + 1, text) for n, text in enumerate(texts)], length_s=2 * count)
    written = id3_tag(info, timeline, b"\xff\xd8\xff" + bytes(120_000))
    assert len(written) < LARGEST_BYTES
    tag = ID3(io.BytesIO(written), translate=False)  # type: ignore[no-untyped-call]
    assert {name for name, _ in frames(written)} & {"USLT", "SYLT"} == kept
    *rows, last = tag["USLT::eng"].text.split("\n")
    if last in ("…", "..."):
        assert rows == texts[: len(rows)]
        assert len(written) > LARGEST_BYTES - 250
    else:
        assert [*rows, last] == texts


def test_same_inputs_give_the_same_bytes(timeline: Timeline, info: TrackInfo) -> None:
    assert id3_tag(info, timeline, JPEG) == id3_tag(info, timeline, JPEG)


def test_a_track_without_words_cover_or_about(timeline_of: Callable[..., Timeline], info: TrackInfo) -> None:
    names = [name for name, _ in frames(id3_tag(replace(info, about="", album=" "), timeline_of([]), b""))]
    assert names == ["TIT2", "TPE1", "TCON", "TLAN", "TLEN", "CTOC", "CHAP"]


@pytest.mark.parametrize(("cover", "message"), [(b"GIF89a", "neither"), (JPEG + bytes(200_000), "200 kB|takes 200")])
def test_a_cover_no_tag_can_hold(timeline: Timeline, info: TrackInfo, cover: bytes, message: str) -> None:
    with pytest.raises(PublishError, match=message) as caught:
        id3_tag(info, timeline, cover)
    assert caught.value.hint


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_ffprobe_reads_the_chapters_in_order(timeline: Timeline, info: TrackInfo, tmp_path: Path) -> None:
    # An MPEG-1 layer III frame, 96 kbps at 44.1 kHz mono, is 313 bytes: silence is enough for a probe.
    silence = (b"\xff\xfb\x70\xc4" + bytes(309)) * 40
    track = tmp_path / "track.mp3"
    track.write_bytes(id3_tag(info, timeline, JPEG[:4]) + silence)
    command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", str(track)]
    probe = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert [(float(c["start_time"]), float(c["end_time"]), c["tags"]["title"]) for c in probe["chapters"]] == [
        (0, 20.5, "Arriving"),
        (20.5, 50, "A longer rest with a very…"),
        (50, 60, "Back"),
    ]
    tags = probe["format"]["tags"]
    assert tags["title"] == "Psoas release: 1 min"
    assert tags["comment"] == info.about
    assert tags["genre"] == "Meditation"
    assert milliseconds(timeline.samples) == int(tags["TLEN"])


def test_machines_are_told_whose_the_voice_is(info: TrackInfo, timeline: Timeline) -> None:
    assert "TXXX" not in dict(frames(id3_tag(info, timeline, JPEG)))
    spoken = replace(info, synthetic_voice="partly", spoken_by="Zoë (recorded), Piper joe")
    told = [content for name, content in frames(id3_tag(spoken, timeline, JPEG)) if name == "TXXX"]
    assert told == [
        b"\x00SYNTHETIC_VOICE\x00partly\x00",
        b"\x01" + "\ufeffVOICE\0\ufeffZoë (recorded), Piper joe\0".encode("utf-16-le"),
    ]
