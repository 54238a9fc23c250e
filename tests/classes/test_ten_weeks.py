"""A class over ten weeks, as the podcast app of somebody who listens sees it: what is new, another, or gone."""

import io
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest
from mutagen.id3 import ID3

from calmcast.classes.load import load_class
from calmcast.classes.run import Outcome, afterwards, bring_up_to_date
from calmcast.classes.sets import track_sets
from calmcast.files import file_digest
from calmcast.workspace.workspace import Workspace

REST = """\
title: Rest
segments:
  - {title: Lie, steps: [Lie down., {rest: 10s}]}
  - {title: Out, role: exit, steps: [Come back now.]}
"""
SIT = REST.replace("Rest", "Sit").replace("Lie down.", "Sit down.")
LEGS = REST.replace("Rest", "Legs").replace("Lie down.", "Legs up.")
URL = "https://example.org/t/"
REST_30, REST_60 = "  - {script: rest, lengths: 30s}\n", "  - {script: rest, lengths: 1 min}\n"
SIT_30, LEGS_30 = "  - {script: sit, lengths: 30s}\n", "  - {script: legs, lengths: 30s}\n"
MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Episode:
    """What an app keeps of an episode."""

    title: str
    published: datetime
    url: str
    number: int | None
    kind: str
    image: str


@dataclass(frozen=True)
class News:
    """What an app finds when it asks for a feed again, by the names of files."""

    new: frozenset[str]
    gone: frozenset[str]
    fetched_again: frozenset[str]
    renamed: frozenset[str]
    renumbered: frozenset[str]
    redated: frozenset[str]


NOTHING = News(*[frozenset[str]()] * 6)


@dataclass(frozen=True)
class Feed:
    """A feed as two apps read it."""

    text: str
    id: str
    built: datetime
    episodes: dict[str, Episode]
    """By their ids, in order."""

    def news(self, before: "Feed") -> News:
        now, then = self.episodes, before.episodes
        both = now.keys() & then.keys()

        def other(field: str) -> frozenset[str]:
            return names(self, {each for each in both if getattr(now[each], field) != getattr(then[each], field)})

        return News(
            names(self, now.keys() - both),
            names(before, then.keys() - both),
            other("url"),
            other("title"),
            other("number"),
            other("published"),
        )


def names(feed: Feed, ids: Any) -> frozenset[str]:
    return frozenset(Path(feed.episodes[each].url.partition("?")[0]).stem for each in ids)


def read(path: Path) -> Feed:
    """Return a feed as read by two parsers, which must agree."""
    text = path.read_text(encoding="utf-8")
    one = feedparser.parse(text.encode())
    assert not one.bozo
    other: Any = podcastparser.parse(URL + "feed.xml", io.BytesIO(text.encode()))
    episodes = {}
    for entry in one.entries:
        (sound,) = entry.enclosures
        number = entry.get("itunes_episode")
        when = parsedate_to_datetime(entry.published)
        episodes[entry.id] = Episode(
            entry.title, when, sound.href, int(number) if number else None, entry.itunes_episodetype, entry.image.href
        )
    assert len(episodes) == len(one.entries)
    by_id = {episode["guid"]: episode for episode in other["episodes"]}
    assert by_id.keys() == episodes.keys()
    for identity, episode in episodes.items():
        found = by_id[identity]
        assert (found["title"], found["published"]) == (episode.title, episode.published.timestamp())
        assert [each["url"] for each in found["enclosures"]] == [episode.url]
        assert found["episode_art_url"] == episode.image
    kinds = [episode.kind for episode in episodes.values()]
    assert kinds == sorted(kinds, reverse=True)  # full, then bonus
    numbers = [episode.number for episode in episodes.values() if episode.kind == "full"]
    assert numbers == [*range(1, len(numbers) + 1)]
    channel = ET.fromstring(text).find("channel")
    assert channel is not None
    (identity,) = (each.text for each in channel if each.tag.endswith("}guid"))
    return Feed(text, str(identity), parsedate_to_datetime(str(channel.findtext("lastBuildDate"))), episodes)


@pytest.fixture
def place(workspace: Path) -> Path:
    (workspace / "scripts" / "classes").mkdir()
    for name, text in {"rest": REST, "sit": SIT, "legs": LEGS}.items():
        (workspace / "scripts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return workspace


def made(place: Path, week: int, tracks: str = "", more: str = "", url: str = URL) -> tuple[Outcome, Feed]:
    """Bring the class up to date in a week; return what was done, and the feed for everybody."""
    if tracks:
        text = f"title: Tuesday\nurl: {url}\n{more}tracks:\n{tracks}"
        (place / "scripts/classes/tuesday.yaml").write_text(text, encoding="utf-8")
    here, now = Workspace.at(place), MONDAY + timedelta(weeks=week)
    loaded = load_class(here, "tuesday")
    sets = track_sets(here, loaded, lambda what, done, total: None)
    outcome = bring_up_to_date(
        here, loaded, sets, now=now, jobs=1, prune=False, progress=lambda *_: None, announce=lambda *_: None
    )
    assert not outcome.failures
    feed = read(place / "output/tuesday/feed.xml")
    assert all(episode.published <= now for episode in feed.episodes.values())
    assert feed.built <= now
    for episode in feed.episodes.values():
        for address in (episode.url.partition("?")[0], episode.image):
            assert (place / "output/tuesday" / address.removeprefix(url).partition("?")[0]).is_file()
    return outcome, feed


def kept_offline(place: Path) -> dict[str, str]:
    """Return by what a page keeps each of its tracks on a phone."""
    worker = (place / "output/tuesday/sw.js").read_text(encoding="utf-8")
    found = re.search(r"^const FILES = (.*);$", worker, re.MULTILINE)
    assert found
    return {row["path"]: row["version"] for row in json.loads(found[1]) if row["track"]}


def clients_of(place: Path) -> list[Path]:
    return [path for path in (place / "output/tuesday/clients").iterdir() if path.is_dir()]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """Return how many tracks of everybody's were made, retagged, and left as they were."""
    everybody = outcome.sets[0]
    return len(everybody.made), len(everybody.retagged), len(everybody.current)


def test_ten_weeks(place: Path) -> None:
    outcome, first = made(place, 0, REST_30 + REST_60 + SIT_30)
    assert counts(outcome) == (5, 0, 0)
    dates = [episode.published for episode in first.episodes.values()]
    assert dates == sorted(set(dates))
    assert dates[-1] == MONDAY == first.built
    assert names(first, first.episodes) == {
        "rest-30s", "rest-1min", "sit-30s", "coming-back-early-rest", "coming-back-early-sit"
    }  # fmt: skip

    outcome, second = made(place, 1)  # nothing has changed
    assert counts(outcome) == (0, 0, 5)
    assert second.text == first.text

    outcome, third = made(place, 2, LEGS_30 + REST_30 + REST_60 + SIT_30)  # one more, in front of all others
    new = frozenset({"legs-30s", "coming-back-early-legs"})
    assert counts(outcome) == (2, 5, 0)  # the ways out come after all others, on a phone too
    assert third.news(second) == replace(NOTHING, new=new, renumbered=frozenset({"rest-30s", "rest-1min", "sit-30s"}))
    this_week = MONDAY + timedelta(weeks=2)
    came = {names(third, [i]): episode.published for i, episode in third.episodes.items()}
    assert {next(iter(name)) for name, when in came.items() if when > this_week - timedelta(minutes=1)} == new
    assert third.built == this_week

    offline = kept_offline(place)
    outcome, fourth = made(place, 3, SIT_30 + REST_60 + LEGS_30 + REST_30)  # in another order
    assert fourth.news(third) == replace(
        NOTHING, renumbered=frozenset({"legs-30s", "rest-30s", "rest-1min", "sit-30s"})
    )  # fmt: skip
    assert (counts(outcome)[0], kept_offline(place)) == (0, offline)

    (place / "scripts/sit.yaml").write_text(SIT.replace("Sit down.", "Sit, if you like."), encoding="utf-8")
    outcome, fifth = made(place, 4)  # a track that says something else
    assert counts(outcome) == (1, 0, 6)
    assert fifth.news(fourth) == replace(NOTHING, fetched_again=frozenset({"sit-30s"}))
    assert {name for name, version in kept_offline(place).items() if offline[name] != version} == {"sit-30s.mp3"}

    offline = kept_offline(place)
    (place / "scripts/rest.yaml").write_text(REST.replace("title: Rest", "title: A long rest"), encoding="utf-8")
    outcome, sixth = made(place, 5)  # a script of another title
    assert counts(outcome) == (0, 3, 4)
    renamed = frozenset({"rest-30s", "rest-1min", "coming-back-early-rest"})
    assert sixth.news(fifth) == replace(NOTHING, renamed=renamed)
    assert kept_offline(place) == offline

    shutil.rmtree(place / "output")
    outcome, seventh = made(place, 6)  # all that can be made again is gone
    assert counts(outcome) == (7, 0, 0)
    assert (seventh.text, kept_offline(place)) == (sixth.text, offline)

    tracks = SIT_30 + REST_60 + LEGS_30 + REST_30 + "for:\n  Mara: {note: For you.}\n"
    outcome, eighth = made(place, 7, tracks)  # somebody gets a set of their own
    assert eighth.text == seventh.text
    (folder,) = clients_of(place)
    assert re.fullmatch("[a-z2-7]{26}", folder.name)
    maras = read(folder / "feed.xml")
    assert maras.episodes.keys().isdisjoint(eighth.episodes)
    assert maras.id != eighth.id
    assert {e.published.date() for e in maras.episodes.values()} == {(MONDAY + timedelta(weeks=7)).date()}
    assert all(e.url.startswith(f"{URL}clients/{folder.name}/") for e in maras.episodes.values())

    shutil.rmtree(place / "output")
    outcome, ninth = made(place, 8, tracks.replace(SIT_30, ""))  # without sitting, for now
    assert ninth.news(eighth) == replace(
        NOTHING, gone=frozenset({"sit-30s", "coming-back-early-sit"}),
        renumbered=frozenset({"rest-1min", "legs-30s", "rest-30s"}),
    )  # fmt: skip
    assert clients_of(place) == [folder]

    elsewhere = "https://example.com/classes/"
    outcome, tenth = made(place, 9, tracks, url=elsewhere)  # with it again, and on another host
    assert tenth.id == first.id
    assert {i: e.published for i, e in tenth.episodes.items()} == {i: e.published for i, e in eighth.episodes.items()}
    assert {e.url for e in tenth.episodes.values()} == {e.url.replace(URL, elsewhere) for e in eighth.episodes.values()}
    assert {i for i in tenth.episodes if i in first.episodes} == first.episodes.keys()
    assert tenth.built == MONDAY + timedelta(weeks=9)


def test_a_way_out_belongs_to_the_track_that_a_class_renames(place: Path) -> None:
    def ways(feed: Feed) -> dict[str, str]:
        return {identity: e.title for identity, e in feed.episodes.items() if e.kind == "bonus"}

    _, first = made(place, 0, REST_30)
    (identity,) = ways(first)
    assert ways(first) == {identity: "Coming back early: Rest, 1 s"}
    outcome, second = made(place, 1, "  - {script: rest, lengths: 30s, title: 'Tuesday rest, 30 s'}\n")
    assert counts(outcome) == (0, 2, 0)
    assert ways(second) == {identity: "Coming back early: Tuesday rest, 1 s"}
    way = place / "output/tuesday/coming-back-early-rest.mp3"
    read_tag = cast(Any, ID3)
    assert str(read_tag(way)["TIT2"]) == "Coming back early: Tuesday rest, 1 s"
    assert "<p>To come back early, play: Coming back early: Tuesday rest.</p>" in unescape(second.text)
    for name in ("index.html", "card.html"):
        assert "Coming back early: Tuesday rest" in (place / "output/tuesday" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("titles", "called"),
    [
        ("One Two Two", "One · Two"),
        ("One Two Three", "One · Two · Three"),
        ("One Two Three Four", "Rest"),
    ],
)
def test_a_way_out_of_several_tracks_names_them_while_they_are_few(place: Path, titles: str, called: str) -> None:
    rows = (f"  - {{script: rest, lengths: {30 + n}s, title: {title}}}\n" for n, title in enumerate(titles.split()))
    (place / "scripts/classes/tuesday.yaml").write_text(f"title: Tuesday\ntracks:\n{''.join(rows)}", encoding="utf-8")
    here = Workspace.at(place)
    (everybody,) = track_sets(here, load_class(here, "tuesday"), lambda what, done, total: None, guess=True)
    (way,) = everybody.ways_out
    assert way.title == f"Coming back early: {called}"
    assert {track.leads_to for track in everybody.tracks} == {way.asked}


def test_a_way_outs_file_is_called_as_it_is(place: Path) -> None:
    _, feed = made(place, 0, "  - {script: rest, lengths: 30s, title: Tuesday rest}\n")
    assert names(feed, feed.episodes) == {"tuesday-rest-30s", "coming-back-early-tuesday-rest"}


def test_a_picture_has_another_address_when_it_is_another_picture(place: Path) -> None:
    def pictures(feed: Feed) -> list[str]:
        return re.findall(r'<itunes:image href="(.*?)"', feed.text)

    _, first = made(place, 0, REST_30)
    assert len(pictures(first)) == 3
    for address in pictures(first):
        name, _, version = address.removeprefix(URL).partition("?v=")
        assert version == file_digest(place / "output/tuesday" / name)[:8]

    (place / "scripts/rest.yaml").write_text(REST + "about: A pause.\n", encoding="utf-8")
    outcome, second = made(place, 1)  # other tags, the same pictures
    assert (counts(outcome), pictures(second)) == ((0, 2, 0), pictures(first))
    assert second.text != first.text

    _, third = made(place, 2, REST_30 + SIT_30)  # the class's picture says how many tracks it has
    assert pictures(third)[0] != pictures(first)[0]
    assert {*pictures(first)[1:]} < {*pictures(third)}

    (place / "mine.jpg").write_bytes((place / "output/tuesday/cover-rest.jpg").read_bytes())
    (place / "calmcast.yaml").write_text("picture: mine.jpg\n", encoding="utf-8")
    outcome, fourth = made(place, 3)  # another picture is news
    assert counts(outcome)[0] == 0
    assert {*pictures(fourth)}.isdisjoint(pictures(third))
    assert fourth.built == MONDAY + timedelta(weeks=3)


def told(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(note.source.line, note.message, note.hint or "") for note in outcome.notes]


def test_another_length_is_told_once_as_what_it_is(place: Path) -> None:
    at = "for:\n  Mara: {note: For you.}\n"
    outcome, _ = made(place, 0, REST_30 + at)
    assert told(outcome) == []
    outcome, _ = made(place, 1, REST_60 + at)
    message = "`rest`: 1 min in place of 30 s is a new track; podcast apps show a new episode, and the old one goes"
    assert told(outcome) == [(4, message, "to keep the old one as well, write lengths: [30 s, 1 min]")]
    assert told(afterwards(outcome, pruned=False)) == []
    outcome, _ = made(place, 2)
    assert told(outcome) == []
    for week, tracks in enumerate((REST_60 + REST_30, REST_60, REST_30), start=3):  # more, less, and back as it was
        outcome, _ = made(place, week, tracks + at)
        assert told(outcome) == []


def test_a_date_that_comes_too_late_is_told_and_moves_nothing(place: Path) -> None:
    def days(feed: Feed) -> set[str]:
        return {episode.published.date().isoformat() for episode in feed.episodes.values()}

    outcome, first = made(place, 0, REST_30, "date: 2026-01-05\n")
    assert (told(outcome), days(first)) == ([], {"2026-01-05"})
    assert outcome.sets[0].handout.published == date(2026, 1, 5)
    for week, day in enumerate(("2026-01-12", "2027-01-12", "2025-01-12"), start=1):
        outcome, later = made(place, week, REST_30, f"date: {day}\n")
        ((line, message, hint),) = told(outcome)
        assert (line, "this class is dated 2026-01-05" in message, "write date: 2026-01-05" in hint) == (3, True, True)
        assert told(afterwards(outcome, pruned=False)) == told(outcome)
        assert later.text == first.text
        assert outcome.sets[0].handout.published == date(2026, 1, 5)


def test_a_date_in_the_future_is_told_when_a_class_is_first_made(place: Path) -> None:
    outcome, first = made(place, 0, REST_30, "date: 2026-03-09\n")
    ((_, message, hint),) = told(outcome)
    assert "this class is dated 2026-03-02" in message
    assert "uploaded on that day" in hint
    assert first.built == MONDAY
    outcome, second = made(place, 1)  # that day
    assert (second.text, len(told(outcome))) == (first.text, 1)


def test_the_picture_in_a_tag_says_what_a_class_calls_the_track(place: Path) -> None:
    made(place, 0, "  - {script: rest, lengths: 30s, title: Tuesday rest}\n")
    covers, read_tag = Workspace.at(place).covers, cast(Any, ID3)
    for name, title, length in (
        ("tuesday-rest-30s", "Tuesday rest", "30 s"),
        ("coming-back-early-tuesday-rest", "Coming back early: Tuesday rest", "1 s"),
    ):
        (picture,) = read_tag(place / f"output/tuesday/{name}.mp3").getall("APIC")
        script = "rest" if length == "30 s" else "rest-exit"
        assert picture.data == covers.track(title, length, script, "")
