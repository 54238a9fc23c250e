import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.publish.handout.browser import Server, Visit
from tests.publish.handout.classes import first_timeline, handout_of, mp3, track, write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.real, pytest.mark.long]

ONE, TWO, THREE, WAY = "rest-24s.mp3", "nasty-4s.mp3", "long-4s.mp3", "way-out-6s.mp3"
TAG = b"ID3\x03\x00\x00\x00\x00\x01\x00" + bytes(128)
BESIDE = [
    "app.webmanifest",
    "apple-touch-icon.png",
    "card.html",
    "cover-rest.jpg",
    "cover.jpg",
    "icon-192.png",
    "icon-512.png",
    "index.html",
    "index.html",
]
Open = Callable[[str], Visit]


@pytest.fixture
def folder(tmp_path: Path, data: dict[str, bytes]) -> Path:
    """The folder of a class, on a host that has others."""
    return write_folder(tmp_path / "host" / "tuesday", handout_of(data), data).parent


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    server = Server(folder.parent)
    yield server
    server.stop()


@pytest.fixture
def visit(browser: "Browser", server: Server) -> Iterator[Visit]:
    """The class, opened."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(8000)
    visit = Visit(context.new_page())
    visit.watch()
    visit.page.goto(server.url + "tuesday/")
    yield visit
    context.close()
    assert visit.faults == []
    assert all(request.startswith(server.url + "tuesday/") for request in visit.requests)


def keep(page: "Page", news: str = "Kept.") -> None:
    page.click("#keep-go")
    page.locator("#keep-news").filter(has_text=news).wait_for()


def eventually(page: "Page", script: str, argument: str) -> None:
    """Wait until an asynchronous question is answered with yes."""
    for _ in range(100):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(50)
    raise AssertionError(script)


def kept(page: "Page") -> list[str]:
    """Return what is kept: names of files without their versions, those of other caches with the cache's name."""
    script = """async () => {
      const found = [];
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
          found.push((name.startsWith("calmcast ") ? "" : name + " ") + new URL(request.url).pathname.split("/").pop());
      return found.sort();
    }"""
    found: list[str] = page.evaluate(script)
    return found


def listen(page: "Page", track: str = "track-1", at: float = 16.3) -> None:
    """Play a track from there, and go on when it has gone on."""
    script = """([part, at]) => {
      const track = tracks.find(each => each.part.id === part);
      seek(track, at); openView(); play(track);
    }"""
    page.evaluate(script, [track, at])
    page.wait_for_function("at => isOn(current) && player.currentTime > at + 0.1", arg=at)


def test_kept_it_plays_and_seeks_without_a_network(visit: Visit, server: Server) -> None:
    page = visit.page
    page.wait_for_selector("#keep-go")
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    keep(page)
    # The page is kept twice: as what it is now, and as what is shown.
    assert kept(page) == sorted([ONE, TWO, THREE, *BESIDE, WAY])
    assert page.locator("#keep-go").is_hidden()
    server.stop()
    page.reload()
    page.locator("#keep-says").filter(has_text="All of this is kept on this device.").wait_for()
    listen(page)
    page.click("#come-out")
    page.wait_for_function("() => wayPlayer.currentTime > 0.1")
    page.goto(server.url + "tuesday/card.html")
    assert page.title() == "Card"
    page.goto(server.url + "tuesday/index.html")
    assert page.title() == "Tuesday evening rest"
    # What the host does not answer is no fault of the page.
    visit.faults[:] = [fault for fault in visit.faults if "ERR_CONNECTION_REFUSED" not in fault]


def test_the_worker_answers_ranges(visit: Visit) -> None:
    keep(visit.page)
    (worker,) = visit.page.context.service_workers
    script = """async ranges => {
      const answers = [];
      for (const range of ranges) {
        const whole = new Response("0123456789", { headers: { "Content-Type": "audio/mpeg" } });
        const part = await partOf(whole, range), { status, headers } = part;
        answers.push([status, headers.get("Content-Range"), headers.get("Content-Length"), await part.text()]);
      }
      return answers;
    }"""
    whole = [200, None, None, "0123456789"]
    asked: dict[str | None, list[Any]] = {
        None: whole,
        "bytes=0-": [206, "bytes 0-9/10", "10", "0123456789"],
        "bytes=0-1": [206, "bytes 0-1/10", "2", "01"],
        "bytes=7-99": [206, "bytes 7-9/10", "3", "789"],
        "bytes=-3": [206, "bytes 7-9/10", "3", "789"],
        "bytes=-99": [206, "bytes 0-9/10", "10", "0123456789"],
        "bytes=10-": [416, "bytes */10", None, ""],
        "bytes=5-2": [416, "bytes */10", None, ""],
        "bytes=-": whole,
        "bytes=0-1,4-5": whole,
        "lines=1-2": whole,
    }
    assert worker.evaluate(script, list(asked)) == list(asked.values())


def test_a_class_made_again_plays_in_the_same_tab_as_soon_as_the_page_says_kept(
    visit: Visit, server: Server, folder: Path, data: dict[str, bytes]
) -> None:
    page = visit.page
    keep(page)
    old = handout_of(data)
    new = "new-24s.mp3"
    anew = data | {ONE: mp3(first_timeline(), 262.0), TWO: TAG + data[TWO], new: mp3(first_timeline(), 523.0)}
    first, second, _ = handout_of(anew).tracks
    retagged = replace(second, audio_sha256=old.tracks[1].audio_sha256)  # another file of the same sound
    added = replace(track(new, "Something new", first_timeline(), anew[new]), number=3)
    made = replace(handout_of(anew), title="Wednesday evening rest", tracks=(first, retagged, added))
    assert made.tracks[0].audio_sha256 != old.tracks[0].audio_sha256
    (folder / THREE).unlink()
    write_folder(folder, made, anew)
    server.asked.clear()
    page.reload()
    assert page.title() == "Wednesday evening rest"
    page.locator("#keep-says").filter(has_text="All of this is kept on this device.").wait_for()
    assert sorted(name for name in server.asked if name.endswith(".mp3")) == [new, ONE]
    server.stop()
    listen(page, "track-3")
    listen(page, "track-1")
    page.reload()
    assert page.title() == "Wednesday evening rest"
    page.locator("#keep-says").filter(has_text="All of this is kept on this device.").wait_for()
    listen(page, "track-3", 8)
    gone = """async gone => {
      const cache = await caches.open((await caches.keys())[0]);
      return !(await cache.keys()).some(request => request.url.includes(gone));
    }"""
    eventually(page, gone, THREE)
    assert kept(page) == sorted([ONE, TWO, new, *BESIDE, WAY])


def test_what_an_open_page_plays_of_the_class_as_it_was_goes_on(
    visit: Visit, server: Server, folder: Path, data: dict[str, bytes]
) -> None:
    page = visit.page
    keep(page)
    listen(page, "track-1", 1)
    anew = data | {ONE: mp3(first_timeline(), 262.0)}
    write_folder(folder, replace(handout_of(anew), tracks=handout_of(anew).tracks[:2]), anew)
    (folder / THREE).unlink()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#keep-says").filter(has_text="All of this is kept on this device.").wait_for()
    server.stop()
    listen(page, "track-1", 20)
    listen(page, "track-3", 2)
    listen(other, "track-1", 20)


def test_a_class_made_again_whose_tracks_are_not_all_there_yet(
    visit: Visit, folder: Path, data: dict[str, bytes]
) -> None:
    page = visit.page
    keep(page)
    anew = data | {ONE: mp3(first_timeline(), 262.0)}
    write_folder(folder, handout_of(anew), anew)
    shutil.move(folder / ONE, folder / "later")
    page.reload()
    page.locator("#keep-says").filter(has_text="There is something new in this class.").wait_for()
    keep(page, "It could not be kept: the network was lost, or a file is not there.")
    shutil.move(folder / "later", folder / ONE)
    keep(page)
    page.locator("#keep-says").filter(has_text="All of this is kept on this device.").wait_for()
    visit.faults[:] = [fault for fault in visit.faults if "404" not in fault]


def test_what_fails_is_told_and_taken_up_again(visit: Visit, server: Server, folder: Path) -> None:
    page = visit.page
    shutil.move(folder / WAY, folder / "away")
    keep(page, "It could not be kept: the network was lost, or a file is not there.")
    assert page.locator("#keep-says").inner_text() == "Some of this is kept on this device, but not all of it."
    assert kept(page) == sorted([ONE, TWO, THREE])
    (folder / WAY).write_bytes(b"This is the page of a hotel, where one has to log in.")
    keep(page, "It could not be kept: a track is not the one that belongs to this page.")
    shutil.move(folder / "away", folder / WAY)
    server.asked.clear()
    keep(page)
    assert [name for name in server.asked if name.endswith(".mp3")] == [WAY]


def test_a_download_that_stalls_is_given_up_and_can_be_taken_up_again(
    browser: "Browser", server: Server, folder: Path
) -> None:
    worker = folder / "sw.js"
    text = worker.read_text(encoding="utf-8")
    assert "const SILENCE_MS = 20000;" in text
    worker.write_text(text.replace("SILENCE_MS = 20000", "SILENCE_MS = 1500"), encoding="utf-8")
    server.pauses_s = {ONE: 0.7, TWO: 60}  # the first is slow, and comes; the second stalls
    context = browser.new_context()
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto(server.url + "tuesday/")
    for _ in range(2):
        server.asked.clear()
        keep(page, "the network was lost")
        assert [name for name in server.asked if name == TWO] == [TWO]  # each try begins anew
        assert kept(page) == [ONE]
        assert page.locator("#keep-go").get_attribute("aria-disabled") is None
        page.evaluate("keepNews('')")
    server.pauses_s.clear()
    server.asked.clear()
    keep(page)
    assert sorted(name for name in server.asked if name.endswith(".mp3")) == sorted([TWO, THREE, WAY])
    assert kept(page) == sorted([ONE, TWO, THREE, *BESIDE, WAY])
    context.close()


def test_it_can_be_removed_and_touches_nobody_else(visit: Visit, server: Server) -> None:
    page = visit.page
    page.evaluate("async () => (await caches.open('photos')).put('/photos/1.txt', new Response('mine'))")
    keep(page)
    (worker,) = page.context.service_workers
    addresses = [f"{server.url}{path}" for path in ("tuesday/", f"tuesday/{ONE}?v=1", "", ONE, "tuesday/else.mp3")]
    looks_after = worker.evaluate("urls => urls.map(url => Boolean(asked(url)?.file))", addresses)
    assert looks_after == [True, True, False, False, False]
    page.click("#keep-remove")
    page.locator("#keep-news").filter(has_text="Removed from this device.").wait_for()
    assert kept(page) == ["photos 1.txt"]
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert page.evaluate("document.activeElement.id") == "keep-go"


def test_from_a_disk_nothing_is_offered(browser: "Browser", folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    assert page.locator("#keep").is_hidden()
    page.close()
