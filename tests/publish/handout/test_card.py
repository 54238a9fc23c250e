import builtins
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from calmcast.errors import PublishError
from calmcast.model.handout import Handout, HandoutTrack
from calmcast.model.timeline import Mark, Spoken, Struck
from calmcast.publish.handout.card import card, pdf
from calmcast.publish.handout.xmltext import line
from calmcast.publish.titles import without_length
from calmcast.units import SAMPLE_RATE, format_clock
from tests.publish.handout.evening import NASTY, a_class, a_nasty_class, a_track
from tests.publish.pictures.test_picture import CHROMIUM
from tests.publish.plans import sounding

VOID = {"meta", "br", "link"}
NOTICE = ("Sometimes a feeling comes.", "You may stay, or move out. Both are good.")
EXIT = ("Bend your knees.", "Roll to a side.", "Shake your hands.")


class Page(HTMLParser):
    """The elements of a page, its text without drawings, and what each heading is followed by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.texts = Counter[str](), list[tuple[str, str | None]](), list[str]()
        self._open = list[str]()
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        if not {"svg", "style", "title"} & set(self._open):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def drawings(text: str) -> list[ET.Element]:
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def drawn_words(drawing: ET.Element) -> str:
    return " ".join(element.text or "" for element in drawing.iter("text"))


def saying(track: HandoutTrack, words: Mapping[str, tuple[str, ...]]) -> HandoutTrack:
    """Return a track that says these words, a line each, in marks of these roles one after the other."""
    timeline, events, marks, now = track.timeline, list[Spoken | Struck](), list[Mark](), 0
    one = next(clip for clip in timeline.lines)
    for role, texts in words.items():
        start = now
        for text in texts:
            assert isinstance(one, Spoken)
            events.append(replace(one, start=now, samples=SAMPLE_RATE, text=text))
            now += 2 * SAMPLE_RATE
        marks.append(Mark(role, start, now))  # type: ignore[arg-type]
    return replace(track, timeline=replace(timeline, events=tuple(events), marks=tuple(marks)))


def of_tracks(*tracks: HandoutTrack) -> Handout:
    return replace(a_class(), tracks=tracks)


def test_the_card_tells_of_the_class_and_that_it_is_rest() -> None:
    page = Page(card(replace(a_class(), client="Bo")))
    assert "For Bo · With Ada Moor · 3 tracks, 35 min 30 s" in page.text
    assert "Three rests for the week." in page.text
    assert "This is rest, not therapy." in page.text
    assert "stop, at any time" in page.text
    assert "To come back early: Coming back early (1:15)" in page.text
    assert page.tags["h1"] == 1


def test_a_card_speaks_the_language_of_its_class_and_the_teachers_own_words() -> None:
    spoken = {"notice": NOTICE, "exit": EXIT}
    german = replace(of_tracks(saying(a_track(1, 10), spoken)), language="de-AT", teacher="Ada Moor", client="Bo")
    said = Page(card(german)).text
    assert "Karte zum Anleiten" in said
    assert "Für Bo · Mit Ada Moor · 1 Übung, 10 min" in said
    assert "Das ist Ruhe, keine Therapie." in said
    assert "Sag vor dem Beginn" in said
    assert "Klangschale" in "".join(map(drawn_words, drawings(card(replace(a_class(), language="de")))))
    own = replace(german, strings={"de": {"card-kind": "Für mich <3"}})
    assert "Für mich <3" in Page(card(own)).text


def test_every_track_has_its_times_and_its_ribbon() -> None:
    handout = a_class()
    text = card(handout)
    page = Page(text)
    assert page.tags["article"] == 3
    articles = re.findall(r"<article>.*?</article>", text, re.DOTALL)
    for article, track in zip(articles, handout.tracks, strict=True):
        told, marks = Page(article).text, track.timeline.marks
        title = without_length(track.info.title, track.timeline.samples)
        assert f"{track.number} {title} {format_clock(track.timeline.samples)}" in told
        for role, name in (("check", "Comfort checks"), ("notice", "A word about feelings"), ("exit", "begins")):
            times = ", ".join(format_clock(mark.start) for mark in marks if mark.role == role)
            assert (f"{name} {times}" in told) == bool(times)
        (ribbon,) = drawings(article)
        bands = [band for band in ribbon.iter("rect") if band.find("title") is not None]
        assert len(bands) == len(track.timeline.chapters)
        for chapter in track.timeline.chapters:
            assert chapter.title in drawn_words(ribbon) + told
            assert f"{chapter.title} {format_clock(chapter.start)}" in ribbon.get("aria-label", "")


def test_where_names_have_no_room_parts_are_numbered_and_told() -> None:
    crowded = a_track(1, 30)
    chapters = crowded.timeline.chapters
    parts = tuple(
        replace(chapters[0], title=f"Part with a name {n}", start=n * 44100, end=(n + 1) * 44100) for n in range(30)
    )
    text = card(of_tracks(replace(crowded, timeline=replace(crowded.timeline, chapters=parts))))
    told = Page(text).text
    for number in range(30):
        assert f"{number + 1} Part with a name {number} {format_clock(number * SAMPLE_RATE)}" in told


def test_what_all_tracks_were_made_for_is_said_once() -> None:
    handout = a_class()
    assert Page(card(handout)).text.count("high bolster") == 1
    other = replace(handout.tracks[2], choices=(("Support under head and neck", "low bolster"), ("Knees", "bent")))
    told = Page(card(replace(handout, tracks=(*handout.tracks[:2], other)))).text
    assert told.count("high bolster") == 2
    assert told.count("low bolster") == 1
    assert told.count("Knees bent") == 1
    assert Page(card(of_tracks(handout.tracks[0]))).text.count("Knees bent") == 1


def test_words_that_tracks_share_stand_there_once_with_their_tracks() -> None:
    shorter = {"notice": NOTICE, "exit": EXIT[:2]}
    words = {"notice": NOTICE, "exit": EXIT}
    tracks = [saying(a_track(n, 10), shorter if n == 2 else words) for n in (1, 2, 3)]
    told = Page(card(of_tracks(*tracks))).text
    for text in (*NOTICE, *EXIT):
        assert told.count(text) == 1
    assert (
        told.index("Before you begin, say") < told.index(NOTICE[0]) < told.index("The way back") < told.index(EXIT[0])
    )
    assert "Tracks" not in told
    other = saying(a_track(3, 10), {"exit": ("Open your eyes.",)})
    told = Page(card(of_tracks(tracks[0], tracks[1], other))).text
    assert re.search(r"Tracks 1, 2 Sometimes a feeling comes\.", told)
    assert "Track 3 Open your eyes." in told


def test_a_way_out_of_many_words_is_shortened_and_says_so() -> None:
    words = tuple(f"Step {n}: move, slowly." for n in range(40))
    told = Page(card(of_tracks(saying(a_track(1, 10), {"exit": words})))).text
    kept = told.count("move, slowly.")
    assert 10 < kept < 40
    assert f"and {40 - kept} more" in told


def test_without_a_notice_an_exit_or_tracks_their_parts_are_left_out() -> None:
    told = Page(card(of_tracks(saying(a_track(1, 10), {"check": ("How are you?",)})))).text
    assert "Before you begin" not in told
    assert "The way back" not in told
    empty = Page(card(replace(a_class(), tracks=(), ways_out=(), about="", teacher="")))
    assert "0 tracks" in empty.text
    assert empty.tags["article"] == 0


def test_the_code_is_there_where_there_is_an_address() -> None:
    handout = a_class()
    assert any(
        "QR code: https://example.org/rests/tuesday/" in (d.findtext("title") or "") for d in drawings(card(handout))
    )
    assert "https://example.org/rests/tuesday/" in Page(card(handout)).text
    without = card(replace(handout, url=""))
    assert "QR code" not in without
    assert len(drawings(without)) == len(drawings(card(handout))) - 1


def test_a_bed_looks_alike_in_all_tracks_and_in_the_legend() -> None:
    tracks = [replace(t, timeline=sounding(t.timeline, n)) for n, t in enumerate(a_class().tracks)]
    text = card(of_tracks(*tracks))
    looks: dict[str, set[str]] = {}
    for drawing in drawings(text)[1:-1]:
        for band in drawing.iter("rect"):
            told = (band.findtext("title") or "").rpartition(", ")[0]
            if "the voice" in told:
                looks.setdefault(told, set()).add(band.get("fill", ""))
    assert len(looks) > 2
    assert all(len(fills) == 1 for fills in looks.values())
    german = card(replace(of_tracks(*tracks), language="de"))
    assert "dB unter der Stimme" in german
    assert "the voice" not in german


@pytest.mark.parametrize("written", NASTY)
def test_whatever_people_write_is_escaped_and_shown(written: str) -> None:
    handout = a_nasty_class(written)
    tracks = tuple(saying(t, {"notice": (written,), "exit": (written,)}) for t in handout.tracks)
    text = card(replace(handout, tracks=tracks))
    text.encode()
    page, plain = Page(text), Page(card(a_class()))
    assert page.tags["script"] == 0
    assert page.tags["article"] == 3
    assert not {name for name, _ in page.attributes if name.startswith("on")}
    assert {name for name, _ in page.attributes} <= {name for name, _ in plain.attributes} | {"class"}
    if 0 < len(line(written)) <= 120:
        assert page.text.count(line(written)) >= 8
    for drawing in drawings(text):
        assert drawing.tag == "svg"


def test_the_card_asks_nothing_of_the_network_and_is_the_same_each_time() -> None:
    text = card(a_class())
    assert text == card(a_class())
    assert not {name for name, _ in Page(text).attributes} & {"src", "href", "srcset", "action"}
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("error", [ImportError("no module"), OSError("cannot load library 'libpango'")])
def test_where_pdfs_cannot_be_made_the_hint_is_plain(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def fails(name: str, *args: Any, **options: Any) -> Any:
        if name.startswith("weasyprint"):
            raise error
        return known(name, *args, **options)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", fails)
    with pytest.raises(PublishError) as caught:
        pdf("<p>Rest")
    assert "pip install 'calmcast[pdf]'" in (caught.value.hint or "")
    assert "browser" in (caught.value.hint or "")


def needs(what: str, found: object) -> None:
    """Skip a test whose program is missing; where everything must be there, fail."""
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is needed here")
        pytest.skip(f"{what} is not installed")


@pytest.fixture
def weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        needs(f"WeasyPrint with Pango ({error})", found=False)
    return weasyprint


def term(count: int) -> Handout:
    """Return so many tracks that all say the same: props, a notice and a way out of usual length."""
    notice = tuple(f"A feeling may come, and it is natural, number {n}." for n in range(5))
    out = tuple(f"You can move a little more, and then some, number {n}." for n in range(12))
    tracks = (
        saying(a_track(n, 5 + n), {"notice": notice, "check": ("How are you?",) * 3, "exit": out})
        for n in range(1, count + 1)
    )
    return of_tracks(*tracks)


@pytest.mark.real
@pytest.mark.parametrize(("count", "most_pages"), [(1, 1), (4, 1), (12, 3)])
def test_few_tracks_take_one_page_and_no_ribbon_is_cut(count: int, most_pages: int, weasyprint: Any) -> None:
    document = weasyprint.HTML(string=card(term(count))).render()
    assert len(document.pages) <= most_pages
    places = Counter[int]()
    for page in document.pages:
        boxes = page._page_box.descendants()
        articles = {id(box.element) for box in boxes if box.element_tag == "article"}
        places.update(articles)
    assert len(places) == count
    assert set(places.values()) == {1}


@pytest.mark.real
def test_weasyprint_makes_a_pdf(weasyprint: Any) -> None:
    del weasyprint
    for written in (NASTY[0], NASTY[3], NASTY[-1]):
        assert pdf(card(a_nasty_class(written))).startswith(b"%PDF-")


@pytest.mark.real
@pytest.mark.long
def test_the_card_can_be_read_by_everyone_and_is_never_wider_than_the_screen(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    needs("chromium", CHROMIUM)
    page = tmp_path / "card.html"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for written, wide in product(("Tuesday evening", NASTY[2], "W" * 300), (1000, 390)):
            page.write_text(card(a_nasty_class(written)), encoding="utf-8")
            view = browser.new_page(viewport={"width": wide, "height": 900})
            view.goto(page.as_uri())
            found = Axe().run(view)
            assert not found.violations_count, found.generate_report()
            assert view.evaluate("document.documentElement.scrollWidth") <= wide
        browser.close()


@pytest.mark.real
def test_a_phone_reads_the_code_on_the_card(tmp_path: Path) -> None:
    zbarimg = shutil.which("zbarimg")
    needs("chromium", CHROMIUM)
    needs("zbarimg (Debian package zbar-tools)", zbarimg)
    page, picture = tmp_path / "card.html", tmp_path / "card.png"
    page.write_text(card(replace(a_class(), url="https://example.org/für müde/")), encoding="utf-8")
    shot = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,1300"]
    subprocess.run([CHROMIUM or "", *shot, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True)
    read = subprocess.run([zbarimg or "", "--quiet", "--raw", str(picture)], check=True, capture_output=True).stdout
    assert read.decode().strip() == "https://example.org/f%C3%BCr%20m%C3%BCde/"
