import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from calmcast.errors import PublishError
from calmcast.model.handout import Handout
from calmcast.publish.handout.card import pdf, weasyprint_html
from calmcast.publish.handout.leaflet import leaflet
from tests.conftest import needs
from tests.publish.handout.browser import started
from tests.publish.handout.evening import NASTY, a_class, a_nasty_class, a_track
from tests.publish.handout.test_card import Page, saying

SETUP = (
    *("Gather a pillow or two, a folded blanket, a towel.", "Your comfort comes before anything I say."),
    *("Come down onto your back.", "Put something under your head and neck, so that they are fully held."),
    *("Slide something under your knees.", "Rest your arms on something soft.", "Then anything else."),
)
NOTICE = ("A feeling may come.",)


def taken_home() -> Handout:
    """Return a script at two lengths and another one, for a client, with a note and a contact."""
    rests = [saying(a_track(n, minutes), {"setup": SETUP, "notice": NOTICE}) for n, minutes in ((1, 5), (2, 10))]
    rests = [replace(rest, info=replace(rest.info, title="Psoas release"), note="On the floor.") for rest in rests]
    seated = saying(a_track(3, 3, "A seated pause"), {"setup": ("Sit on any chair.", "Feel your feet.")})
    return replace(
        a_class(),
        client="Bo",
        note="Mind your wrist.",
        contact="ada@example.org",
        tracks=(*rests, replace(seated, script="sit", choices=())),
    )


def test_it_says_what_there_is_for_whom_and_how_to_begin() -> None:
    text = Page(leaflet(taken_home())).text
    assert "Tuesday evening With Ada Moor · for Bo Three rests for the week. Mind your wrist." in text
    assert "Psoas release 5 min · 10 min On the floor. A seated pause 3 min" in text
    assert "My time for it:" in text
    assert "Before you begin Psoas release Gather a pillow or two" in text
    assert "A seated pause Sit on any chair. Feel your feet." in text
    assert "You can stop whenever you like: “Coming back early” brings you out gently." in text
    assert "This is rest, not therapy." in text
    assert "Write to Ada Moor: ada@example.org" in text
    assert "A feeling may come" not in text


def test_of_a_set_up_only_so_much_is_told_as_one_reads_on_a_door() -> None:
    text = leaflet(taken_home())
    steps = [re.findall("<li>", each) for each in re.findall('<ol class="steps".*?</ol>', text, re.DOTALL)]
    assert [len(each) for each in steps] == [3, 2]
    alone = replace(taken_home(), tracks=taken_home().tracks[:2])
    assert leaflet(alone).count("<li><span") == len(SETUP) - 1 + 1
    assert "<h3" not in leaflet(alone)


def test_the_code_is_there_where_there_is_an_address() -> None:
    with_it, without = leaflet(taken_home()), leaflet(replace(taken_home(), url=""))
    assert "QR code: https://example.org/rests/tuesday/" in with_it
    assert "https://example.org/rests/tuesday/" in Page(with_it).text
    assert "camera" not in without
    assert "QR code" not in without


def test_it_speaks_the_language_of_the_class() -> None:
    german = replace(taken_home(), language="de", strings={"de": {"leaflet-when": "Wann ich mag:"}})
    text = Page(leaflet(german)).text
    assert "Mit Ada Moor · für Bo" in text
    assert "Bevor du anfängst" in text
    assert "Wann ich mag:" in text
    assert "Das ist Ruhe, keine Therapie." in text
    assert '<html lang="de">' in leaflet(german)


@pytest.mark.parametrize("written", NASTY, ids=range(len(NASTY)))
def test_whatever_people_write_is_escaped(written: str) -> None:
    text = leaflet(replace(a_nasty_class(written), note=written))
    page = Page(text)
    assert page.tags["script"] == 0
    assert page.tags["h1"] == 1
    assert not {"\u202e", "\x1b", "\x00"} & set(text)
    assert text == leaflet(replace(a_nasty_class(written), note=written))
    assert not re.findall(r'(?:src|href)="', text)


def longest() -> Handout:
    """Return as much as anybody may write."""
    words = "Words of advice that go on for a long time, and then some more. " * 20
    rests = (
        replace(each, script=f"rest-{number}", note=words, info=replace(each.info, title=f"{number} {words}"))
        for number, each in enumerate(taken_home().tracks * 6)
    )
    return replace(taken_home(), title=words, about=words, note=words, teacher=words, client=words, tracks=tuple(rests))


def four() -> Handout:
    """Return as many scripts as are told with their notes, each note as long as may be."""
    return replace(longest(), tracks=longest().tracks[:4], title="Tuesday", teacher="Ada", client="Bo")


@pytest.mark.real
@pytest.mark.long
@needs("pdftotext")
def test_it_is_one_page_of_a4_for_everyone(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "leaflet.html"
    with started() as browser:
        for handout in (taken_home(), longest(), four(), replace(a_nasty_class(NASTY[2]), language="ar")):
            path.write_text(leaflet(handout), encoding="utf-8")
            for wide in (360, 1000):
                view = browser.new_page(viewport={"width": wide, "height": 900})
                view.goto(path.as_uri())
                assert view.evaluate("document.documentElement.scrollWidth") <= wide
            found = Axe().run(view)
            assert not found.violations_count, found.generate_report()
            view.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True)
            pages = subprocess.run(["pdftotext", path.with_suffix(".pdf"), "-"], check=True, capture_output=True).stdout
            assert pages.count(b"\f") == 1


@pytest.mark.real
def test_weasyprint_makes_one_page_of_it() -> None:
    try:
        html = weasyprint_html()
    except PublishError as error:
        pytest.skip(error.message)
    for handout in (taken_home(), four()):
        assert len(html(string=leaflet(handout)).render().pages) == 1
        assert pdf(leaflet(handout)).startswith(b"%PDF-")
