import html
import io
import json
import re
import time
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest

from calmcast.model.handout import HandoutTrack
from calmcast.publish.handout.feed import chapters_json, feed, feed_id
from calmcast.publish.handout.xmltext import line
from calmcast.units import SAMPLE_RATE
from tests.publish.handout.evening import NASTY, WAY_OUT, a_class, a_nasty_class, a_track

FOLDER = "https://example.org/rests/tuesday/"
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def by_feedparser(text: str) -> Any:
    parsed = feedparser.parse(text.encode())
    assert not parsed.bozo, parsed.bozo_exception
    assert parsed.version == "rss20"
    return parsed


def by_podcastparser(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = podcastparser.parse(FOLDER + "feed.xml", io.BytesIO(text.encode()))
    return parsed


def channel_of(text: str) -> ET.Element:
    channel = ET.fromstring(text).find("channel")
    assert channel is not None
    return channel


def texts(element: ET.Element, name: str) -> list[str | None]:
    return [found.text for found in element.findall(name, NAMES)]


def test_feedparser_finds_the_class() -> None:
    about = by_feedparser(feed(a_class())).feed
    assert about.title == "Tuesday evening"
    assert about.link == FOLDER
    assert about.description == "Three rests for the week."
    assert about.language == "en-US"
    assert about.author == "Ada Moor"
    assert about.image.href == FOLDER + "cover.jpg"
    assert [tag.term for tag in about.tags] == ["Health & Fitness", "Alternative Health"]
    assert not about.itunes_explicit
    assert about.itunes_block == 1
    assert about.itunes_type == "serial"
    assert {"rel": "self", "type": "application/rss+xml", "href": FOLDER + "feed.xml"} in about.links


def test_a_pictures_address_is_another_for_another_picture_and_for_nothing_else() -> None:
    handout = a_class()
    stem = handout.tracks[0].stem
    shown = replace(handout, drawn={"cover.jpg": "0123456789ab", f"{stem}.jpg": "fedcba9876543210"})
    retagged = tuple(replace(track, sha256="f" * 64) for track in shown.tracks)
    for each in (shown, replace(shown, tracks=retagged, about="Otherwise.")):
        parsed = by_feedparser(feed(each))
        assert parsed.feed.image.href == FOLDER + "cover.jpg?v=01234567"
        assert parsed.entries[0].image.href == f"{FOLDER}{stem}.jpg?v=fedcba98"
        assert by_podcastparser(feed(each))["cover_url"] == parsed.feed.image.href


def test_feedparser_finds_every_track_in_order() -> None:
    handout = a_class()
    entries = by_feedparser(feed(handout)).entries
    assert len(entries) == 4
    for entry, track in zip(entries, (*handout.tracks, *handout.ways_out), strict=True):
        assert entry.title == track.info.title
        address = f"{FOLDER}{track.file}?v={track.audio_sha256[:8]}"
        sound = {"href": address, "length": str(track.size), "type": "audio/mpeg"}
        assert entry.enclosures == [sound]
        assert float(entry.itunes_duration) == pytest.approx(track.timeline.samples / SAMPLE_RATE, abs=0.51)
        assert entry.id == track.id
        assert entry.image.href == f"{FOLDER}{track.stem}.jpg"
        assert not entry.guidislink
        assert parsedate_to_datetime(entry.published) == track.came
        assert entry.published_parsed[:5] == track.came.timetuple()[:5]
        transcript = {"url": f"{FOLDER}{track.stem}.vtt", "type": "text/vtt", "language": "en-US"}
        assert entry.podcast_transcript == transcript
        chapters = {"url": f"{FOLDER}{track.stem}.chapters.json", "type": "application/json+chapters"}
        assert entry.podcast_chapters == chapters
    assert [entry.get("itunes_episode") for entry in entries] == ["1", "2", "3", None]
    assert [entry.itunes_episodetype for entry in entries] == ["full", "full", "full", "bonus"]


def test_podcastparser_finds_the_class() -> None:
    parsed = by_podcastparser(feed(a_class()))
    episodes = parsed.pop("episodes")
    expected = {
        "title": "Tuesday evening",
        "link": FOLDER,
        "description": "Three rests for the week.",
        "language": "en-US",
        "itunes_author": "Ada Moor",
        "itunes_categories": [["Health & Fitness", "Alternative Health"]],
        "explicit": False,
        "type": "serial",
        "generator": "calmcast",
    }
    assert parsed["cover_url"] == FOLDER + "cover.jpg"
    assert {name: parsed.get(name) for name in expected} == expected
    assert [episode["title"] for episode in episodes] == [t.info.title for t in a_class().tracks] + [
        "Coming back early"
    ]


def test_podcastparser_finds_every_track() -> None:
    handout = a_class()
    episodes = by_podcastparser(feed(handout))["episodes"]
    for episode, track in zip(episodes, (*handout.tracks, *handout.ways_out), strict=True):
        address = f"{FOLDER}{track.file}?v={track.audio_sha256[:8]}"
        assert episode["enclosures"] == [{"url": address, "file_size": track.size, "mime_type": "audio/mpeg"}]
        assert episode["episode_art_url"] == f"{FOLDER}{track.stem}.jpg"
        assert abs(episode["total_time"] - track.timeline.samples / SAMPLE_RATE) <= 0.51
        assert episode["guid"] == track.id
        assert episode["published"] == track.came.timestamp()
        assert episode["explicit"] is False
        assert episode.get("number") == (track.number or None)
        assert episode["type"] == ("full" if track.number else "bonus")
        assert track.info.about in episode["description"]
    assert "For the days on which you stood a lot." in episodes[0]["description"]
    assert "Support under head and neck: high bolster; Knees: bent" in episodes[0]["description"]
    assert "To come back early, play: Coming back early." in episodes[0]["description"]


def test_the_feed_is_private_and_has_what_rss_and_apple_ask_for() -> None:
    channel = channel_of(feed(a_class()))
    assert texts(channel, "itunes:block") == ["Yes"]
    assert texts(channel, "podcast:locked") == ["yes"]
    assert texts(channel, "podcast:block") == ["yes"]
    (guid,) = texts(channel, "podcast:guid")
    assert guid
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", guid)
    for name in ("title", "link", "description", "language", "itunes:image", "itunes:category", "itunes:explicit"):
        assert len(channel.findall(name, NAMES)) == 1, name
    for item in channel.findall("item"):
        for name in ("title", "description", "enclosure", "guid", "pubDate", "itunes:duration", "podcast:chapters"):
            assert len(item.findall(name, NAMES)) == 1, name
        (length,) = texts(item, "itunes:duration")
        assert length
        assert length.isdigit()


def test_the_guid_of_the_feed_is_that_of_the_specification() -> None:
    # Its example: https://podnews.net/rss has 9b024349-ccf0-5f69-a609-6b82873eab3c. Ours ends in feed.xml.
    from uuid import uuid5

    from calmcast.publish.handout.feed import _PODCASTS

    assert str(uuid5(_PODCASTS, "podnews.net/rss")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    (guid,) = texts(channel_of(feed(a_class())), "podcast:guid")
    assert guid == str(uuid5(_PODCASTS, "example.org/rests/tuesday/feed.xml")) == feed_id(a_class().url)
    assert texts(channel_of(feed(replace(a_class(), id="kept"))), "podcast:guid") == ["kept"]


def test_a_track_that_is_made_again_stays_the_same_episode() -> None:
    handout = a_class()
    first = handout.tracks[0]
    new_info = replace(first.info, title="Another title", about="Otherwise")
    again = replace(first, info=new_info, timeline=a_track(1, 11).timeline, size=5, sha256="00", note="new", choices=())
    changed = replace(handout, title="Wednesday", tracks=(again, *handout.tracks[1:]), published=date(2026, 4, 2))
    assert guids(feed(changed)) == guids(feed(handout))


def guids(text: str) -> list[str | None]:
    return [item.findtext("guid") for item in channel_of(text).findall("item")]


def test_the_same_sound_has_the_same_address_and_another_has_another_of_the_same_file() -> None:
    handout = a_class()
    first, *others = handout.tracks
    retagged = replace(first, sha256="00", size=first.size + 7)
    replaced = replace(first, audio_sha256="00" * 32)

    def address(track: HandoutTrack) -> str:
        text = feed(replace(handout, tracks=(track, *others)))
        return str(by_feedparser(text).entries[0].enclosures[0].href)

    assert address(retagged) == address(first)
    assert address(replaced) == f"{FOLDER}{first.file}?v=00000000"
    assert urlsplit(address(first))._replace(query="").geturl() == FOLDER + first.file


def test_a_feed_says_when_it_said_something_new() -> None:
    handout = a_class()
    assert by_feedparser(feed(handout)).feed.updated_parsed[:5] == (2026, 3, 1, 12, 4)
    changed = datetime(2026, 4, 2, 7, 8, 9, tzinfo=timezone(timedelta(hours=2)))
    text = feed(replace(handout, changed=changed))
    assert texts(channel_of(text), "lastBuildDate") == ["Thu, 02 Apr 2026 05:08:09 GMT"]
    assert texts(channel_of(text), "pubDate") == ["Sun, 01 Mar 2026 12:04:00 GMT"]


def test_the_same_class_gives_the_same_text_at_any_time() -> None:
    first = feed(a_class())
    time.sleep(1.1)
    assert feed(a_class()) == first


def test_a_feed_speaks_the_language_of_its_class() -> None:
    german = replace(a_class(), about="", language="de", strings={"de": {"feed-made-for": "So liegst du: {choices}"}})
    text = feed(german)
    assert "Geführte Entspannung: 3 Übungen, 35 min 30 s." in text
    assert "Um früher zurückzukommen, spiele: Coming back early." in text
    assert "So liegst du: Support under head and neck: high bolster; Knees: bent" in text
    assert "To come back" not in text


def test_a_feed_for_a_client_says_so() -> None:
    parsed = by_feedparser(feed(replace(a_class(), client="Bo")))
    assert parsed.feed.title == "Tuesday evening · Bo"


def test_without_an_address_there_is_no_feed() -> None:
    with pytest.raises(ValueError, match="address"):
        feed(replace(a_class(), url=""))


def test_what_is_empty_is_left_out_or_said_otherwise() -> None:
    handout = replace(a_class(), teacher=" ", about="", language="")
    text = feed(handout)
    channel = channel_of(text)
    assert texts(channel, "itunes:author") == []
    assert texts(channel, "language") == []
    assert texts(channel, "description") == ["Guided relaxation: 3 tracks, 35 min 30 s."]
    assert by_podcastparser(text)["title"] == "Tuesday evening"


@pytest.mark.parametrize("written", NASTY)
def test_whatever_people_write_arrives_as_they_wrote_it(written: str) -> None:
    handout = a_nasty_class(written)
    text = feed(handout)
    text.encode()
    by_feedparser(text)
    words, channel = line(written), channel_of(text)
    for item, track in zip(channel.findall("item"), (*handout.tracks, *handout.ways_out), strict=True):
        title, description = item.findtext("title") or "", item.findtext("description") or ""
        assert title == (words if 0 < len(words) <= 255 else title)
        assert (
            title.removesuffix("…") == (words[: len(title) - 1] if len(words) > 255 else words) or title == track.stem
        )
        assert "<script" not in description
        assert html.unescape(description).count(words) >= 2
        assert len(description.encode()) <= 4000
    described = channel.findtext("description") or ""
    assert described == (words or "Guided relaxation: 3 tracks, 35 min 30 s.")
    podcast = by_podcastparser(text)
    assert len(podcast["episodes"]) == 4


def test_very_long_words_stay_within_what_apple_takes() -> None:
    channel = channel_of(feed(a_nasty_class("🧘 rest & " * 2000)))
    for element in (channel, *channel.findall("item")):
        assert len(element.findtext("title") or "") <= 255 + len(" · ") + 255
        assert 300 < len((element.findtext("description") or "").encode()) <= 4000


@pytest.mark.parametrize(
    ("folder", "address"),
    [
        ("https://example.org/a b/für müde/", "https://example.org/a%20b/f%C3%BCr%20m%C3%BCde/"),
        ("https://example.org/a%20b/100%/", "https://example.org/a%20b/100%25/"),
        ("https://yoga-bücher.example:8080/", "https://xn--yoga-bcher-feb.example:8080/"),
        ("https://example.org/\"<&>'", "https://example.org/%22%3C&%3E'/"),
        ("http://192.168.1.7:8000", "http://192.168.1.7:8000/"),
    ],
)
def test_addresses_are_encoded(folder: str, address: str) -> None:
    text = feed(replace(a_class(), url=folder))
    parsed = by_feedparser(text)
    assert parsed.feed.link == address
    assert parsed.entries[-1].enclosures[0].href.partition("?")[0] == address + WAY_OUT
    for url in re.findall(r'(?:url|href)="([^"]*)"', text):
        plain = html.unescape(url)
        assert plain.isascii()
        assert not re.search(r"[\s<>\"]", plain)
        assert urlsplit(plain).scheme in {"http", "https"}
        assert unquote(plain).partition("?")[0].endswith((".mp3", ".vtt", ".json", ".jpg", ".xml"))


def test_chapters_are_those_of_the_track() -> None:
    track = a_track(1, 10)
    content = json.loads(chapters_json(track))
    assert content["version"] == "1.2.0"
    assert content["title"] == "Psoas release: 10 min"
    assert content["author"] == "Ada Moor"
    assert content["podcastName"] == "Tuesday evening"
    assert content["fileName"] == track.file
    assert len(content["chapters"]) == len(track.timeline.chapters)
    for said, chapter in zip(content["chapters"], track.timeline.chapters, strict=True):
        assert said["title"] == chapter.title
        assert said["startTime"] == pytest.approx(chapter.start / SAMPLE_RATE, abs=0.0006)
        assert said["endTime"] == pytest.approx(chapter.end / SAMPLE_RATE, abs=0.0006)
    starts = [said["startTime"] for said in content["chapters"]]
    assert starts == sorted(starts)
    assert content["chapters"][-1]["endTime"] == 600


@pytest.mark.parametrize("written", NASTY)
def test_chapters_take_whatever_people_write(written: str) -> None:
    text = chapters_json(a_nasty_class(written).tracks[0])
    content = json.loads(text.encode())
    assert {said.get("title", "") for said in content["chapters"]} == {line(written)}


def test_lines_keep_nothing_that_xml_forbids_or_that_turns_others() -> None:
    assert line("bell\x07\x00 \u202eturned\ufffe\uffff \ud800 two\nlines\u2066") == "bell turned two lines"
    assert line("سلام 🧘‍♀️ — a & b") == "سلام 🧘‍♀️ — a & b"


def test_whose_voice_it_is_can_be_read_by_programs() -> None:
    handout = a_class()
    first, *others = handout.tracks
    told = replace(first, info=replace(first.info, synthetic_voice="yes", spoken_by="Piper joe & <others>"))
    root = ET.fromstring(feed(replace(handout, tracks=(told, *others))))
    marks = [item.find("{*}txt") for item in root.iter("item")]
    assert [(mark.get("purpose"), mark.text) for mark in marks if mark is not None] == [
        ("synthetic-voice", "yes: Piper joe & <others>")
    ]
