import gzip
import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.captions import captions
from calmcast.publish.handout.listing import breaths, entries, listed, times
from calmcast.publish.handout.page import app_manifest, page, service_worker
from calmcast.publish.handout.strings import strings
from calmcast.publish.names import ICONS
from calmcast.units import SAMPLE_RATE
from tests.publish.handout.classes import ARABIC, LONG, NASTY, first_timeline, handout_of, short, track, way_timeline
from tests.publish.handout.evening import a_class, a_track

PLAIN = handout_of({})
VOID = {"meta", "link", "input", "br", "img", "path", "circle", "stop"}


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements with their attributes, its text, and whether tags pair."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.own: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag in self.own:
            self.own[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.own:
            self.own[self.open[-1]][-1] += data
        else:
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def policy(reader: Reader) -> dict[str, list[str]]:
    (text,) = (meta["content"] for meta in reader.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    return {name: values for name, *values in (part.split() for part in text.split(";"))}


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_lets_in_the_pages_own_style_and_script_alone() -> None:
    reader = Reader(page(PLAIN))
    rules = policy(reader)
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == [*map(hashed, reader.own["script"])]
    assert rules["style-src"] == [*map(hashed, reader.own["style"])]
    assert (len(reader.all("script")), len(reader.all("style"))) == (2, 1)
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_the_page_names_nothing_outside_its_folder() -> None:
    text = page(PLAIN, cover="cover.jpg", card="card.html", feed="feed.xml")
    reader = Reader(text)
    addresses = [
        attributes[name] for _, attributes in reader.elements for name in ("src", "href") if attributes.get(name)
    ]
    assert addresses
    assert all(address.startswith(("./", "#", "mailto:anna@example.org?subject=")) for address in addresses)
    assert not re.search(r"https?:|//[a-z]", re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE).replace("+//", ""))
    assert "url(#sky)" in text
    assert text.count("url(") == 1


def test_same_arguments_same_text() -> None:
    assert page(PLAIN, seed="a") == page(PLAIN, seed="a")
    assert page(PLAIN, seed="a") != page(PLAIN, seed="psoas-release")
    beside = {"index.html": b"page", "cover.jpg": b"cover"}
    assert service_worker(PLAIN, beside) == service_worker(PLAIN, dict(reversed(beside.items())))


def test_what_people_wrote_stays_text() -> None:
    wild = replace(PLAIN, title=NASTY, teacher=NASTY, client=NASTY, about=NASTY, name=NASTY, language='en" onload="x')
    reader = Reader(page(wild, card=NASTY, cover='a" b.png'))
    shown = "".join(reader.texts)
    assert shown.count(NASTY) >= 10
    assert ARABIC in shown
    assert LONG.strip() in shown
    assert len(reader.all("script")) == 2
    assert all("onload" not in attributes for _, attributes in reader.elements)
    assert policy(reader)["script-src"] == [*map(hashed, reader.own["script"])]


texts = st.text(max_size=40) | st.sampled_from((NASTY, ARABIC, LONG, "\x00\x1b", "\ud800", "", " "))


@given(texts, texts, texts, texts)
def test_any_text_makes_a_page_that_can_be_written(title: str, name: str, note: str, said: str) -> None:
    made = replace(track("a.mp3", name, short(said, ((title, 0.0),))), note=note, choices=((said, title),))
    text = page(replace(PLAIN, title=title, teacher=name, about=note, tracks=(made,)))
    reader = Reader(text)
    assert len(reader.all("script")) == 2
    text.encode()
    app_manifest(replace(PLAIN, title=title, about=note)).encode()


def test_titles_and_words_carry_their_language() -> None:
    text = page(replace(PLAIN, language="fr_CA"))
    assert '<html lang="en">' in text
    assert '<h1 lang="fr-CA" dir="auto">' in text
    text = page(replace(PLAIN, language="de_AT"))
    assert '<html lang="de">' in text
    assert '<h1 lang="de-AT" dir="auto">' in text
    assert f'lang="ar" dir="auto">{ARABIC}</span>' in text


def test_a_way_out_is_offered_where_there_is_one() -> None:
    reader = Reader(page(PLAIN))
    tracks = [part for part in reader.all("section") if "data-file" in part and "data-out" not in part]
    assert [part.get("data-way") for part in tracks] == ["way-1", None, None]
    assert [link["href"] for link in reader.all("a") if link.get("data-does") == "out"] == ["#way-1"]
    lost = Reader(page(replace(PLAIN, ways_out=())))
    assert not [link for link in lost.all("a") if link.get("data-does") == "out"]
    assert not [part for part in lost.all("section") if "data-way" in part]


def test_links_to_other_files_only_where_they_are() -> None:
    def links(text: str) -> list[str]:
        return [link["href"] for link in Reader(text).all("a") if "download" not in link and link["href"][0] != "#"]

    plain = replace(PLAIN, contact="")
    assert links(page(plain)) == []
    assert links(page(plain, card="card.html")) == ["./card.html"]
    assert links(page(plain, card="card.html", feed="feed.xml")) == ["./card.html", "./feed.xml"]
    assert not [link for link in Reader(page(PLAIN)).all("link") if "icon" in link["rel"]]
    icons = [link["href"] for link in Reader(page(PLAIN, icons=ICONS)).all("link") if "icon" in link["rel"]]
    assert icons == ["./icon-192.png", "./apple-touch-icon.png"]


def test_a_clients_page_is_not_for_search_engines() -> None:
    assert '<meta name="robots" content="noindex">' in page(PLAIN)
    assert "noindex" not in page(replace(PLAIN, client=""))


def test_a_link_that_is_passed_on_shows_what_it_leads_to() -> None:
    def shown(made: Handout) -> dict[str, str]:
        metas = Reader(page(made, cover="cover.jpg")).all("meta")
        return {meta["property"]: meta["content"] for meta in metas if "property" in meta}

    assert shown(PLAIN) == {}
    assert shown(replace(PLAIN, url="https://anna.example/tuesday/")) == {
        "og:title": PLAIN.title,
        "og:description": PLAIN.about,
        "og:image": "https://anna.example/tuesday/cover.jpg",
    }


def test_a_class_of_one_track_has_none_to_play_on_to() -> None:
    text = page(handout_of({}, nasty=False))
    assert 'value="next"' not in text
    assert 'value="next"' in page(PLAIN)
    assert "1 track, 24 s<" in text


def test_every_line_stands_in_its_part() -> None:
    timeline = first_timeline()
    made = listed(track("a.mp3", "  ", timeline), 4, strings("en"))
    assert made.title == "Track 4"
    assert made.length == "24 s"
    assert [part.clock for part in made.parts] == ["0:00", "0:08", "0:16"]
    heard = list(captions(timeline))
    assert [line for part in made.parts for line in part.lines] == [text for _, _, text in heard]
    moments = [*accumulate(map(int, made.spans.split()))]
    assert moments == [moment * 10 // SAMPLE_RATE for start, end, _ in heard for moment in (start, end)]
    assert [len(part.lines) for part in made.parts] == [3, 3, 3]
    assert [part.title for part in listed(track("b.mp3", "B", way_timeline()), 1, strings("en")).parts] == ["Part 1"]


def files_of(worker: str) -> dict[str, dict[str, object]]:
    found = re.search(r"const FILES = (.*);\n", worker)
    assert found
    return {row["path"]: row for row in json.loads(found[1])}


def test_the_service_worker_knows_its_files_by_content() -> None:
    beside = {"index.html": b"page", "cover.jpg": b"cover"}
    data = {"rest-24s.mp3": b"one", "way-out-6s.mp3": b"way"}
    files = files_of(service_worker(handout_of(data, nasty=False), beside))
    assert set(files) == {"rest-24s.mp3", "way-out-6s.mp3", "cover.jpg", "index.html"}
    assert files["index.html"]["sha256"] == sha256(b"page").hexdigest()
    assert files["rest-24s.mp3"]["track"] is True
    anew = files_of(service_worker(handout_of(data | {"rest-24s.mp3": b"two"}, nasty=False), beside))
    changed = [name for name in files if files[name]["version"] != anew[name]["version"]]
    assert changed == ["rest-24s.mp3"]


def test_a_class_may_use_one_way_out_several_times() -> None:
    twice = replace(PLAIN, ways_out=(*PLAIN.ways_out, PLAIN.ways_out[0]))
    assert service_worker(twice, {}).count("way-out-6s.mp3") == 1


@pytest.mark.parametrize("title", ["A class", NASTY, ""])
def test_the_app_manifest(title: str) -> None:
    made: Handout = replace(PLAIN, title=title)
    says = json.loads(app_manifest(made, seed="x", icons=ICONS))
    assert says["name"] == (title or "tuesday")
    assert [(icon["src"], icon["sizes"], icon["purpose"]) for icon in says["icons"]] == [
        ("./icon-192.png", "192x192", "any"),
        ("./icon-192.png", "192x192", "maskable"),
        ("./icon-512.png", "512x512", "any"),
        ("./icon-512.png", "512x512", "maskable"),
    ]
    assert "icons" not in json.loads(app_manifest(made))
    assert says["start_url"] == says["scope"] == "./"


def lasting(file: str, title: str, minutes: float, script: str, note: str = "") -> HandoutTrack:
    timeline = replace(short("Rest."), samples=round(minutes * 60 * SAMPLE_RATE))
    return replace(track(file, title, timeline), script=script, note=note)


def test_lengths_of_a_script_share_an_entry() -> None:
    tracks = (
        lasting("1.mp3", "Rest, 5 min", 5, "rest"),
        lasting("2.mp3", "Sit", 5, "sit"),
        lasting("3.mp3", "Rest, 20 min 30 s", 20.5, "rest"),
        lasting("4.mp3", "Rest, 10 min", 10, "rest", note="In bed."),
        lasting("5.mp3", "Rest (10 min)", 10, "other"),
        lasting("6.mp3", "Sit", 5, ""),
    )
    made = entries(tracks, strings("en"))
    assert [(entry.place, entry.first.title, [each.length for each in entry.tracks]) for entry in made] == [
        (1, "Rest", ["5 min", "20 min 30 s"]),
        (2, "Sit", ["5 min"]),
        (3, "Rest", ["10 min"]),
        (4, "Rest", ["10 min"]),
        (5, "Sit", ["5 min"]),
    ]
    assert [each.place for entry in made for each in entry.tracks] == [1, 3, 2, 4, 5, 6]


def test_times_for_which_more_fits() -> None:
    def offered(*minutes: float) -> tuple[int, ...]:
        return times([lasting("a.mp3", "A", each, "a") for each in minutes])

    assert offered(5, 10, 20) == (5, 10, 20)
    assert offered(5.4, 10.6, 12, 100) == (5, 15)
    assert offered(5, 5) == offered(100, 200) == offered() == ()


def test_breaths_are_told_small() -> None:
    assert breaths(first_timeline()) == "@9 i2 h1 o3 @16 i2"
    assert breaths(way_timeline()) == ""


def test_the_page_speaks_the_language_of_the_class() -> None:
    shown = "".join(Reader(page(replace(PLAIN, language="de-AT"))).texts)
    assert "Früher zurückkommen" in shown
    assert "Mit Anna Müller · für Jo & Sam" in shown
    assert "1,25 ×" in shown
    assert "Coming back early" not in shown.replace(PLAIN.ways_out[0].info.title, "")
    own = "".join(
        Reader(page(replace(PLAIN, strings={"en": {"play": "Begin <b>", "with-for": "{client} & {teacher}"}}))).texts
    )
    assert "Begin <b>" in own
    assert "Jo & Sam & Anna Müller" in own


def test_the_words_of_its_script_are_in_the_page_and_no_others() -> None:
    (body,) = Reader(page(replace(PLAIN, language="de"))).all("body")
    texts = json.loads(body["data-texts"])
    assert texts["pause"] == "Anhalten"
    assert texts["tracks" if "tracks" in texts else "take-longer"]["other"].startswith("{n}")
    assert "footer" not in texts


def test_the_teachers_note_to_a_client_stands_apart() -> None:
    text = page(PLAIN)
    (letter,) = re.findall(r'<section class="card letter".*?</section>', text, re.DOTALL)
    assert "<bdi>Anna Müller</bdi>, for <bdi>Jo &amp; Sam</bdi>" in letter
    assert "Dear both,\ntake a cushion for the knees." in letter
    assert 'href="mailto:anna@example.org?subject=Tuesday%20evening%20rest"' in letter
    assert "letter-title" not in page(replace(PLAIN, note=" "))


def test_a_number_is_sent_a_text() -> None:
    assert [
        link["href"] for link in Reader(page(replace(PLAIN, contact="+49151"))).all("a") if link["href"][0] == "s"
    ] == [
        "sms:+49151",
        "sms:+49151",
    ]


def test_a_large_class_weighs_little() -> None:
    def weight(made: Handout) -> int:
        return len(gzip.compress(page(made, seed="x", cover="cover.jpg", icons=ICONS).encode()))

    assert weight(replace(PLAIN, tracks=PLAIN.tracks[:1])) < 30_000
    many = tuple(a_track(number, minutes) for number in range(1, 15) for minutes in (5, 10, 20))
    assert weight(replace(a_class(), tracks=many[:40])) < 60_000


@pytest.mark.parametrize(
    ("synthetic", "says"),
    [
        ("yes", "Gesprochen von einer künstlichen Stimme: Piper joe"),
        ("partly", "Zum Teil gesprochen von einer künstlichen Stimme: Piper joe"),
        ("no", ""),
    ],
)
def test_whose_voice_it_is_is_said_and_can_be_read_by_programs(synthetic: str, says: str) -> None:
    handout = replace(a_class(), language="de-DE")
    first, *others = handout.tracks
    told = replace(first, info=replace(first.info, synthetic_voice=synthetic, spoken_by="Piper joe"))
    read = Reader(page(replace(handout, tracks=(told, *others))))
    marks = [section["data-synthetic-voice"] for section in read.all("section") if "data-synthetic-voice" in section]
    assert marks == [synthetic]
    assert [text for text in read.texts if "künstlichen Stimme" in text] == ([says] if says else [])
