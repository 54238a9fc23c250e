import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from calmcast.publish.handout.lists import m3u8, xspf
from calmcast.publish.handout.xmltext import line
from calmcast.units import SAMPLE_RATE
from tests.publish.handout.evening import NASTY, WAY_OUT, a_class, a_nasty_class

XSPF = "{http://xspf.org/ns/0/}"
PLAYLIST = ("title", "creator", "annotation", "info", "image", "trackList")
TRACK = ("location", "title", "creator", "annotation", "album", "image", "trackNum", "duration")
"""The elements that are used of those that XSPF 1 knows; each may stand there once."""


def m3u_entries(text: str) -> list[tuple[int, str, str]]:
    """Return (seconds, shown, file) of each entry."""
    found = re.findall(r"^#EXTINF:(-?\d+),(.*)\n([^#\n].*)$", text, re.MULTILINE)
    return [(int(seconds), shown, file) for seconds, shown, file in found]


def words_of(element: ET.Element) -> dict[str, str]:
    """Return the text of each child by its name; no name may come twice."""
    names = [child.tag.removeprefix(XSPF) for child in element]
    assert len(names) == len(set(names))
    return {name: child.text or "" for name, child in zip(names, element, strict=True)}


def test_m3u8_has_the_tracks_in_order_and_no_way_out() -> None:
    handout = a_class()
    text = m3u8(handout)
    assert text.splitlines()[:2] == ["#EXTM3U", "#PLAYLIST:Tuesday evening"]
    assert m3u_entries(text) == [
        (600, "Ada Moor - Psoas release: 10 min", "psoas-release-10min.mp3"),
        (330, "Ada Moor - Psoas release: 5.5 min", "psoas-release-5.5min.mp3"),
        (1200, "Ada Moor - Psoas release: 20 min", "psoas-release-20min.mp3"),
    ]
    assert len(text.splitlines()) == 2 + 2 * 3
    assert WAY_OUT not in text


@pytest.mark.parametrize("written", [*NASTY, "#EXTINF:1,x", "one - two, three"])
def test_m3u8_takes_whatever_people_write(written: str) -> None:
    handout = a_nasty_class(written)
    text = m3u8(handout)
    text.encode()
    entries = m3u_entries(text)
    assert [file for _, _, file in entries] == [track.file for track in handout.tracks]
    assert len(text.splitlines()) == 2 + 2 * 3
    for _, shown, file in entries:
        artist, _, title = shown.rpartition(" - ") if not line(written) else shown.partition(" - ")
        assert title == (line(written) or file.removesuffix(".mp3"))
        assert artist == line(written).replace(" - ", " – ")


def test_xspf_has_the_class_and_its_tracks() -> None:
    handout = a_class()
    root = ET.fromstring(xspf(handout))
    assert root.tag == f"{XSPF}playlist"
    assert root.get("version") == "1"
    about = words_of(root)
    assert set(about) <= set(PLAYLIST)
    assert about["title"] == "Tuesday evening"
    assert about["creator"] == "Ada Moor"
    assert about["info"] == "https://example.org/rests/tuesday/"
    assert about["image"] == "cover.jpg"
    tracks = root.findall(f"{XSPF}trackList/{XSPF}track")
    assert len(tracks) == 3
    for element, track in zip(tracks, handout.tracks, strict=True):
        words = words_of(element)
        assert set(words) <= set(TRACK)
        assert words["location"] == track.file
        assert words["title"] == track.info.title
        assert words["creator"] == "Ada Moor"
        assert words["album"] == "Tuesday evening"
        assert int(words["trackNum"]) == track.number
        assert int(words["duration"]) == round(track.timeline.samples * 1000 / SAMPLE_RATE)
        assert words["annotation"] == (track.note or track.info.about)
        assert words["image"] == "cover.jpg"


def test_xspf_of_a_class_that_is_nowhere_on_the_web_has_no_link() -> None:
    assert "info" not in words_of(ET.fromstring(xspf(replace(a_class(), url=""))))


@pytest.mark.parametrize("written", NASTY)
def test_xspf_takes_whatever_people_write(written: str) -> None:
    handout = a_nasty_class(written)
    root = ET.fromstring(xspf(handout).encode())
    assert words_of(root).get("creator", "") == line(written)
    for element, track in zip(root.iter(f"{XSPF}track"), handout.tracks, strict=True):
        words = words_of(element)
        assert words["title"] == (line(written) or track.stem)
        assert words.get("annotation", "") == line(written)
        assert unquote(words["location"]) == track.file


@pytest.mark.real
def test_ffprobe_finds_the_files_that_the_playlists_name(tmp_path: Path) -> None:
    ffmpeg, ffprobe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    if not ffmpeg or not ffprobe:
        if os.environ.get("CI") == "true":
            pytest.fail("ffmpeg and ffprobe are needed here")
        pytest.skip("ffmpeg and ffprobe are not installed")
    handout = a_class()
    named = [file for _, _, file in m3u_entries(m3u8(handout))]
    assert named == [unquote(e.text or "") for e in ET.fromstring(xspf(handout)).iter(f"{XSPF}location")]
    for file in named:
        tone = ["-f", "lavfi", "-i", "sine=duration=0.2", "-b:a", "32k", file]
        subprocess.run([ffmpeg, "-v", "error", *tone], check=True, cwd=tmp_path)
        asked = [ffprobe, "-v", "error", "-show_format", "-of", "json", file]
        shown = subprocess.run(asked, check=True, cwd=tmp_path, capture_output=True).stdout
        assert json.loads(shown)["format"]["format_name"] == "mp3"
