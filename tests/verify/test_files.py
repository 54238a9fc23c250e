"""Finished files that were changed afterwards: their bytes, their tag, their captions, their manifest."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import lameenc
import mutagen.id3
import numpy as np
import pytest

from calmcast.publish.lame import QUALITY
from calmcast.verify.verify import verify
from tests.verify.conftest import Render
from tests.verify.tracks import changed, manifest_of, noted, off, signed, sound_of, tag_of

pytestmark = pytest.mark.anywhere

ID3: Any = mutagen.id3.ID3
CAPTIONS = {"captions (.vtt)", "captions (.lrc)"}


def test_another_file(track: Path) -> None:
    data = bytearray(track.read_bytes())
    data[-400] ^= 1
    track.write_bytes(data)
    assert off(verify(track)) == {"file": "another, or changed since"}


def test_another_tag_than_was_made(track: Path) -> None:
    data = track.read_bytes()
    track.write_bytes(data.replace(b"Meditation", b"Mediation!"))
    assert off(verify(track)) == {"file": "the same sound, and another tag"}
    track.write_bytes(data + b"TAG".ljust(128))
    assert off(verify(track)) == {"file": "the same sound, and another tag"}


def test_a_file_cut_off(track: Path) -> None:
    data = track.read_bytes()
    track.write_bytes(data[: len(data) * 8 // 10])
    found = off(verify(track))
    assert found.keys() == {"file", "length", "lines", "bells"}
    assert "too short" in found["length"]
    assert found["lines"] == "“Take your time, and come back gently.” is not there"


def test_a_file_with_a_hole_of_rubbish(track: Path) -> None:
    data = bytearray(track.read_bytes())
    data[500_000:503_000] = bytes(np.random.default_rng(1).integers(0, 255, 3_000, np.uint8))
    track.write_bytes(data)
    assert {"file", "decoding"} <= off(verify(track)).keys()


@pytest.mark.parametrize(
    ("rate", "kbps"), [(22_050, 64), (44_100, 128), pytest.param(32_000, 96, marks=pytest.mark.long)]
)
def test_encoded_again(track: Path, rate: int, kbps: int) -> None:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(44_100)
    encoder.set_out_sample_rate(rate)
    encoder.set_quality(QUALITY)
    pcm = np.rint(sound_of(track) * 32_768).clip(-32_768, 32_767).astype("<i2").tobytes()
    track.write_bytes(tag_of(track) + bytes(encoder.encode(pcm) + encoder.flush()))
    wrong = {"length"} | ({"sample rate"} if rate != 44_100 else set()) | ({"bit rate"} if kbps != 96 else set())
    assert off(verify(signed(track))).keys() >= wrong


def test_another_bit_rate_than_is_said(track: Path) -> None:
    assert off(verify(noted(track, replace(manifest_of(track), kbps=64)))) == {"bit rate": "96 kbit/s"}


def test_other_channels_than_are_said(render: Render, tmp_path: Path) -> None:
    wide = changed(render("--bed", "wind", "--stereo"), tmp_path, lambda _, sound: sound.mean(axis=1, keepdims=True))
    assert off(verify(wide))["channels"] == "1 (mono)"
    narrow = changed(render(), tmp_path, lambda _, sound: np.repeat(sound, 2, axis=1))
    assert off(verify(narrow))["channels"] == "2 (stereo)"


# The tag.


def tag_changed(track: Path, change: Callable[[Any], None]) -> dict[str, str]:
    """Return what is off once a tag was changed and written again, its frames in the order in which they were."""
    tag, sound = ID3(track, translate=False), track.read_bytes()[len(tag_of(track)) :]
    change(tag)
    frames = b"".join(map(rendered, tag.values()))
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    track.write_bytes(b"ID3\x03\x00\x00" + size + frames + sound)
    return off(verify(signed(track)))


def rendered(frame: Any) -> bytes:
    alone, file = ID3(), BytesIO()
    alone.add(frame)
    alone.save(file, v2_version=3, padding=lambda _: 0)
    return file.getvalue()[10:]


@pytest.mark.parametrize(
    ("frame", "value", "found"),
    [
        ("TIT2", "Another", "the title is “Another” and not “A rest, 1 min 20 s”"),
        ("TPE1", "Somebody", "the artist is “Somebody” and not “calmcast”"),
        ("TALB", "", "the album is “” and not “A rest”"),
        ("TLEN", "81000", "the length is 81000 and not 80000 ms"),
        ("TLAN", "deu", "the language is deu and not eng"),
    ],
)
def test_a_wrong_name_in_the_tag(track: Path, frame: str, value: str, found: str) -> None:
    def change(tag: Any) -> None:
        tag[frame].text = [value]

    assert tag_changed(track, change) == {"tag": found}


def test_another_place_in_the_album(track: Path) -> None:
    found = off(verify(noted(track, replace(manifest_of(track), number=2))))
    assert found == {"tag": "the place in the album is not there and not 2"}


def test_the_tag_of_another_track(track: Path, render: Render) -> None:
    other = render(script="title: B\nlength: 5s\nsegments: [{title: One, steps: [Hello., rest: 1s]}]\n")
    track.write_bytes(tag_of(other) + track.read_bytes()[len(tag_of(track)) :])
    assert off(verify(signed(track))).keys() == {"tag", "words in the tag", "chapters"}


def test_no_cover(track: Path) -> None:
    assert tag_changed(track, lambda tag: tag.delall("APIC")) == {"tag": "there is no cover picture"}


def test_no_tag(track: Path) -> None:
    ID3(track).delete(track)
    assert off(verify(signed(track))) == {"tag": "none"}


def test_other_words_in_the_tag(track: Path) -> None:
    def change(tag: Any) -> None:
        words = tag.getall("USLT")[0]
        words.text = words.text.replace("Out.", "In.")

    assert tag_changed(track, change) == {"words in the tag": "“In.” stands there, and not “Out.”"}


def test_a_chapter_moved(track: Path) -> None:
    def change(tag: Any) -> None:
        tag["CHAP:chp1"].start_time += 300

    found = tag_changed(track, change)
    assert found.keys() == {"chapters"}
    assert re.search(r"is from 0:\d\d\.\d{3} to 0:\d\d\.\d{3} and not 0:\d\d\.\d{3} to", found["chapters"])


def test_a_chapter_renamed(track: Path) -> None:
    def change(tag: Any) -> None:
        tag["CHAP:chp2"].sub_frames["TIT2"].text = ["Breathing"]

    assert tag_changed(track, change) == {"chapters": "chapter 3 is called “Breathing” and not “Breath”"}


def test_a_chapter_lost(track: Path) -> None:
    assert tag_changed(track, lambda tag: tag.delall("CHAP:chp3")).keys() == {"chapters", "table of contents"}


def test_a_tag_that_another_program_wrote_again(track: Path) -> None:
    """Most sort their frames, and with them the chapters."""
    ID3(track, translate=False).save(track, v2_version=3)
    assert off(verify(signed(track))) == {
        "chapters": "they do not stand in the order of time, in which players show them"
    }


def test_a_table_of_contents_that_is_none(track: Path) -> None:
    def unordered(tag: Any) -> None:
        tag["CTOC:toc"].flags = 0b10

    assert tag_changed(track, unordered) == {"table of contents": "one without an order"}
    assert tag_changed(track, lambda tag: tag.delall("CTOC")) == {"table of contents": "none"}


# The captions.


def later(track: Path, seconds: float, nth: int | None = None) -> Path:
    """Show one caption of the .vtt later, or all of them."""

    def shifted(found: "re.Match[str]") -> str:
        ms = int(found[1]) * 60_000 + int(found[2]) * 1000 + int(found[3]) + round(seconds * 1000)
        return f"00:{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03} -->"

    path = track.with_suffix(".vtt")
    cues = path.read_text(encoding="utf-8").split("\n\n")
    for at, cue in enumerate(cues):
        if nth in {None, at}:
            cues[at] = re.sub(r"00:(\d\d):(\d\d)\.(\d{3}) -->", shifted, cue)
    path.write_text("\n\n".join(cues), encoding="utf-8")
    return track


def test_a_caption_that_is_late(track: Path) -> None:
    found = off(verify(later(track, 0.3, nth=3)))
    assert found == {"captions (.vtt)": "“Let your shoulders <soften> & rest.” is shown 0.30 s after its place"}


def test_captions_that_are_all_late_are_told_once(track: Path) -> None:
    findings = [finding.found for finding in verify(later(track, 0.3)).faults]
    assert findings == ["all captions are shown 0.30 s after their place"]


def test_other_words_in_captions(track: Path) -> None:
    for ending in (".vtt", ".lrc"):
        path = track.with_suffix(ending)
        path.write_text(path.read_text(encoding="utf-8").replace("Out.", "In."), encoding="utf-8")
    found = off(verify(track))
    assert found.keys() == CAPTIONS
    assert set(found.values()) == {"“In.” is shown for “Out.”"}


def test_a_caption_lost(track: Path) -> None:
    path = track.with_suffix(".lrc")
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(row for row in rows if "Take your time" not in row), encoding="utf-8")
    assert off(verify(track)) == {"captions (.lrc)": "there are 6 captions for 7 lines"}


def test_no_captions(track: Path) -> None:
    track.with_suffix(".vtt").unlink()
    track.with_suffix(".lrc").write_bytes(b"\xff\xfe\x00")
    assert off(verify(track)) == {
        "captions (.vtt)": f"there is no {track.stem}.vtt",
        "captions (.lrc)": f"{track.stem}.lrc cannot be read",
    }


# The manifest.


def test_words_that_the_manifest_does_not_have(track: Path) -> None:
    manifest = manifest_of(track)
    first = manifest.lines[0]
    events = tuple(replace(event, text="Good evening.") if event is first else event for event in manifest.events)
    assert off(verify(noted(track, replace(manifest, events=events)))).keys() == CAPTIONS | {"words in the tag"}


def test_the_manifest_of_another_track(track: Path, render: Render, tmp_path: Path) -> None:
    for options in (("-l", "100s"), ("--bed", "rain")):
        track.with_suffix(".json").write_bytes(render(*options).with_suffix(".json").read_bytes())
        found = off(verify(track)).keys()
        assert "file" in found
        assert ({"length", "tag", "chapters", *CAPTIONS} if "-l" in options else {"silence"}) <= found


def test_a_manifest_that_does_not_fit_itself(track: Path) -> None:
    manifest = manifest_of(track)
    chapter, event = manifest.chapters[1], manifest.events[2]
    chapters = tuple(replace(c, start=c.start + 10) if c is chapter else c for c in manifest.chapters)
    events = tuple(replace(e, samples=e.samples + 4_410_000) if e is event else e for e in manifest.events)
    crooked = noted(track, replace(manifest, chapters=chapters, events=events))
    assert [finding.found for finding in verify(crooked).faults if finding.name == "manifest"] == [
        "its chapters leave a gap, overlap, or end elsewhere than the track",
        "something in it ends after the track",
    ]


@pytest.mark.parametrize("samples", [0, 44_100])
def test_a_manifest_of_hardly_anything(track: Path, samples: int) -> None:
    manifest = replace(manifest_of(track), samples=samples)
    assert {"manifest", "length"} <= off(verify(noted(track, manifest))).keys()
    bare = replace(manifest, chapters=(), beds=(), breaths=(), events=())
    assert "length" in off(verify(noted(track, bare)))
