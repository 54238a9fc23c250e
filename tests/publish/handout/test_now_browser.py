"""What plays, shown for somebody who lies in the dark; and what the list does besides."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calmcast.model.handout import Handout
from tests.publish.handout.browser import Server, Visit, click_and_note
from tests.publish.handout.classes import LONG, NASTY, handout_of, write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.real, pytest.mark.long]

Open = Callable[..., Visit]
ON = "([place, at]) => isOn(tracks[place]) && soundOf(tracks[place]).currentTime >= at"


@pytest.fixture
def open_page(browser: "Browser", server: Server) -> Iterator[Open]:
    """Open a page on a phone; at the end, nothing may have gone wrong.

    Pages are closed before their server stops: what they still fetch would fail. What a page remembers is tried on a
    host: on a busy machine, Chromium now and then forgets what a page from disk wrote down, if that page had read its
    storage while it was being loaded.
    """
    visits = list[Visit]()

    def open_(url: str, before: str = "", clock: bool = False, **options: Any) -> Visit:
        settings: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
        context = browser.new_context(**settings | options)
        context.set_default_timeout(6000)
        visit = Visit(context.new_page())
        visit.watch()
        if before:
            context.add_init_script(before)
        if clock:
            visit.page.clock.install()
        visit.page.goto(url)
        visits.append(visit)
        return visit

    yield open_
    for visit in visits:
        visit.page.context.close()
        assert visit.faults == []


def play(page: "Page", seconds: float = 0, place: int = 0) -> None:
    page.evaluate("([place, at]) => { seek(tracks[place], at); openView(); play(tracks[place]); }", [place, seconds])
    page.wait_for_function(ON, arg=[place, seconds + 0.1])


def is_dim(page: "Page") -> bool:
    return bool(page.evaluate("isDim()"))


def test_it_goes_dark_and_what_wakes_it_does_nothing_else(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri(), clock=True).page
    page.click("#track-1 [data-does=play]")
    page.wait_for_function(ON, arg=[0, 0.1])
    page.clock.run_for(19_000)
    assert not is_dim(page)
    page.clock.run_for(1_500)
    assert is_dim(page)
    page.clock.resume()
    page.wait_for_function("() => getComputedStyle(view).backgroundColor === 'rgb(0, 0, 0)'")
    # A touch, there where the pause is.
    box = page.locator("#toggle").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*middle)
    assert not is_dim(page)
    assert page.evaluate("isOn(tracks[0])")
    page.clock.run_for(1_000)
    page.touchscreen.tap(*middle)
    page.wait_for_function("() => !isOn(tracks[0])")
    page.touchscreen.tap(*middle)
    page.wait_for_function("() => isOn(tracks[0])")
    for key in ("Space", "Enter", "Escape", "Tab"):
        page.clock.run_for(21_000)
        assert is_dim(page)
        page.keyboard.press(key)
        assert not is_dim(page)
        assert page.evaluate("isOn(current) && view.open && document.activeElement.id") == "toggle"
    page.clock.run_for(1_000)
    # The whole circle is a pause.
    for is_on in ("!", ""):
        page.touchscreen.tap(195, 260)
        page.wait_for_function(f"() => {is_on}isOn(tracks[0])")
    page.keyboard.press("Escape")
    assert page.evaluate("!view.open")


def test_the_circle_breathes_with_the_track(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play(page, 8.6)
    size = """() => {
      const { width } = circle.getBoundingClientRect();
      return [player.currentTime, width / circle.parentElement.getBoundingClientRect().width / 0.76];
    }"""
    found = list[tuple[float, float]]()
    for _ in range(32):
        found.append(tuple(page.evaluate(size)))
        page.wait_for_timeout(200)
    # In from 9 to 11 s, held until 12, out until 15.
    for least, most, smallest, largest in ((8.6, 9, 0.59, 0.61), (9.8, 10.2, 0.7, 0.97), (11.2, 12, 0.97, 1.01)):
        sizes = [size for at, size in found if least < at < most]
        assert sizes
        assert all(smallest < size < largest for size in sizes), (least, sizes)
    going = [size for at, size in found if 12.3 < at < 14.7]
    assert going == sorted(going, reverse=True)
    page.evaluate("pause(current)")
    page.wait_for_function("() => player.paused")
    assert page.evaluate("breathing.playState") == "paused"
    play(page, 0, 1)
    assert page.locator("#breath").is_hidden()


def test_nothing_moves_for_those_who_want_it_still(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri(), reduced_motion="reduce").page
    play(page, 9.5)
    assert page.evaluate("breathing") is None
    assert page.evaluate("document.getAnimations().length") == 0


def test_a_pause_fades_and_stays_where_it_began_to(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play(page, 3)
    page.wait_for_function("() => player.volume === 1")
    page.evaluate(
        "window.heard = []; setInterval(() => { if (!player.paused) heard.push([Date.now(), player.volume]); }, 20)"
    )
    at = click_and_note(page, "#toggle")
    page.wait_for_function("() => player.paused")
    volumes = [volume for _, volume in page.evaluate("heard")]
    falling = [volume for volume in volumes if volume < 1]
    assert len(falling) >= 8
    assert falling == sorted(falling, reverse=True)
    assert page.evaluate("player.volume") == 1
    assert at - 0.05 < page.evaluate("player.currentTime") < at + 0.4
    # Asked to go on while it goes, it goes on.
    page.click("#toggle")
    page.click("#toggle")
    page.wait_for_timeout(150)
    page.click("#toggle")
    page.wait_for_function("() => isOn(current) && player.volume === 1")
    page.wait_for_timeout(700)
    assert page.evaluate("isOn(current) && player.volume === 1")


NO_VOLUME = """
Object.defineProperty(HTMLMediaElement.prototype, "volume", { get: () => 1, set() {} });
window.gains = [];
const plain = AudioContext.prototype.createGain;
AudioContext.prototype.createGain = function () { const made = plain.call(this); gains.push(made.gain); return made; };
"""


def test_where_a_page_cannot_set_the_volume_a_copy_fades(open_page: Open, server: Server) -> None:
    page = open_page(server.url, NO_VOLUME).page
    page.click("#track-1 [data-does=play]")
    page.wait_for_function(ON, arg=[0, 1])
    at = click_and_note(page, "#toggle")
    page.wait_for_function("() => player.paused && gains.length === 1 && gains[0].value < 0.7")
    page.wait_for_function("() => !player.leaving && gains[0].value < 0.1")
    assert at - 0.05 < page.evaluate("player.currentTime") < at + 0.8
    # What is listened to never goes through Web Audio.
    page.click("#toggle")
    page.wait_for_function("at => isOn(current) && player.currentTime > at + 0.3", arg=at)
    assert page.evaluate("gains.length") == 1


@pytest.mark.parametrize(
    "lack",
    ["delete window.AudioContext;", "AudioContext.prototype.resume = async () => {}; "
     "Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });"],
    ids=["none", "asleep"],
)  # fmt: skip
def test_without_any_means_to_fade_it_pauses_at_once(lack: str, open_page: Open, server: Server) -> None:
    page = open_page(server.url, f"{NO_VOLUME} {lack}").page
    page.click("#track-1 [data-does=play]")
    page.wait_for_function(ON, arg=[0, 0.3])
    page.click("#toggle")
    page.wait_for_function("() => player.paused")
    page.click("#toggle")
    page.wait_for_function(ON, arg=[0, 0.5])


def test_the_sleep_timer_fades_in_half_a_minute(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play(page)
    page.click("#options summary")
    page.select_option("#sleep", "15")
    assert page.locator("#sleep-says").inner_text() == "Falls silent in 15 minutes"
    page.evaluate("asleepAt = Date.now() + 33000; fallAsleep()")
    assert page.evaluate("isOn(current) && player.volume") == 1
    page.evaluate("asleepAt = Date.now() + 29000; fallAsleep()")
    assert page.locator("#sleep-says").is_hidden()
    assert page.locator("#toggle .says").text_content() == "Play"
    page.wait_for_function("() => player.volume < 0.95 && !player.paused")
    assert page.evaluate("player.volume") > 0.7
    # Whoever is still awake goes on.
    page.click("#toggle")
    page.wait_for_function("() => isOn(current) && player.volume === 1")
    # Whoever wants to come back meanwhile does.
    page.select_option("#sleep", "15")
    page.evaluate("asleepAt = Date.now() + 29000; fallAsleep()")
    page.click("#come-out")
    page.wait_for_function("() => player.paused && isOn(tracks[3])", timeout=3000)
    # At the end of this track: nothing plays on.
    page.select_option("#at-end", "next")
    page.select_option("#sleep", "end")
    play(page, 3.6, 1)
    page.wait_for_function("() => player.ended")
    assert page.evaluate("current === tracks[1] && sleep.value") == ""
    assert page.locator("#coming").inner_text() == "Take all the time you like"


def test_a_second_tab_takes_over(open_page: Open, server: Server) -> None:
    first = open_page(server.url).page
    play(first)
    second = first.context.new_page()
    second.goto(server.url)
    play(second, 0, 1)
    first.wait_for_function("() => player.paused")
    assert second.evaluate("isOn(tracks[1])")


def test_words_are_shown_when_asked_for(open_page: Open, server: Server) -> None:
    page = open_page(server.url).page
    play(page, 0.6)
    assert page.locator("#caption").is_hidden()
    page.click("#options summary")
    page.check("#captions")
    page.locator("#caption").filter(has_text="You are welcome here.").wait_for()
    page.wait_for_function("() => one('#caption').textContent === 'Let the floor carry you.'")
    page.reload()
    play(page, 16.6)
    page.locator("#caption").filter(has_text="Now you could move your fingers.").wait_for()


def several(data: dict[str, bytes]) -> Handout:
    """Return a class of a script in three lengths, and one in a single length."""
    made = handout_of(data)
    rest, sit = made.tracks[0], made.tracks[2]

    def lasting(minutes: int) -> Any:
        length = minutes * 60 * 44_100
        timeline = replace(rest.timeline, samples=length)
        info = replace(rest.info, title=f"Rest, {minutes} min")
        return replace(rest, file=f"{minutes}.mp3", timeline=timeline, info=info)

    sit = replace(sit, timeline=replace(sit.timeline, samples=15 * 60 * 44_100), script="sit")
    return replace(made, tracks=(lasting(5), lasting(10), lasting(20), sit))


def test_a_length_is_chosen_and_somebody_has_ten_minutes(
    open_page: Open, server: Server, on_disk: Path, data: dict[str, bytes]
) -> None:
    lengths = {f"{minutes}.mp3": data["rest-24s.mp3"] for minutes in (5, 10, 20)}
    write_folder(on_disk.with_name("lengths"), several(data), data | lengths)
    page = open_page(server.url + "lengths/").page

    def there() -> list[str]:
        found: list[str] = page.locator(".script .track:visible").evaluate_all("parts => parts.map(part => part.id)")
        return found

    assert there() == ["track-1", "track-4"]
    assert page.locator("#times label").all_inner_texts() == ["5 min", "10 min", "15 min", "20 min", "all day"]
    page.locator("#times label").nth(1).tap()
    assert there() == ["track-2"]
    assert page.locator("#times-says").inner_text() == "One more takes longer."
    # What takes longer than that fades, and can be chosen nevertheless.
    faded = "all('#script-1 .longer').map(chip => chip.textContent.trim())"
    assert page.evaluate(faded) == ["20 min"]
    colours = "all('#script-1 .chip span').map(chip => getComputedStyle(chip).color)"
    five, ten, twenty = page.evaluate(colours)
    assert five == ten != twenty
    page.locator("#script-1 .lengths label").nth(2).tap()
    assert there() == ["track-3"]
    assert len(set(page.evaluate(colours))) == 1
    page.locator("#times label").nth(3).tap()
    assert there() == ["track-3", "track-4"]
    page.locator("#times label").nth(4).tap()
    assert page.evaluate(faded) == []
    page.locator("#script-1 .lengths label").nth(1).tap()
    assert there() == ["track-2", "track-4"]
    page.reload()
    assert there() == ["track-2", "track-4"]
    page.click("#track-2 [data-does=play]")
    page.wait_for_function(ON, arg=[1, 0.1])
    # After it comes the next card, not another length.
    assert page.evaluate("nextAfter(current).part.id") == "track-4"


def test_what_was_listened_to_stays_on_the_device(open_page: Open, server: Server) -> None:
    page = open_page(server.url).page
    assert page.locator("#log").is_hidden()
    page.evaluate("tracks[0].heard = 590")
    play(page, 2)
    page.wait_for_function("() => !one('#log').hidden")
    page.reload()
    text = page.locator("#log-list li").inner_text()
    assert re.search(r"\d+.*\n?A rest on the floor\n?10 min", text)
    page.click("#log-clear")
    assert page.locator("#log").is_hidden()
    page.reload()
    assert page.locator("#log").is_hidden()


@pytest.mark.parametrize("log", ['"x"', "[[1,2]]", '[["<b>","<img src=x>",61],["2026-11-30","A",-1]]'])
def test_a_spoilt_log_harms_nobody(log: str, open_page: Open, server: Server) -> None:
    name = "'calmcast ' + location.pathname.replace(/[^/]*$/, '')"
    page = open_page(server.url, f"localStorage.setItem({name}, '{{\"log\": {log}}}')").page
    assert page.locator("#log img").count() == 0
    play(page)


def test_it_looks_as_somebody_chose(open_page: Open, server: Server) -> None:
    page = open_page(server.url, color_scheme="light").page
    paper = "getComputedStyle(document.body).backgroundColor"
    shown = dict.fromkeys(("light", "dark", "night"), "")
    for look in shown:
        page.locator(f"#looks label:has([value={look}])").tap()
        shown[look] = page.evaluate(paper)
    levels = [sum(map(int, re.findall(r"\d+", colour))) for colour in shown.values()]
    assert levels[0] > 650 > 150 > levels[1] > 30 > levels[2]
    page.reload()
    assert page.evaluate(paper) == shown["night"]
    assert page.locator("meta[name=theme-color]").first.get_attribute("content") == page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"
    )
    page.locator("#looks label:has([value=''])").tap()
    assert page.evaluate(paper) == shown["light"]


def test_on_an_iphone_it_says_how_it_comes_to_the_home_screen(open_page: Open, server: Server) -> None:
    plain = open_page(server.url).page
    assert plain.locator("#install-says").is_hidden()
    phone = open_page(server.url, "Object.defineProperty(navigator, 'standalone', { get: () => false })").page
    assert phone.locator("#install-says").is_visible()


def test_the_pages_of_a_class_can_be_installed(open_page: Open, server: Server) -> None:
    page = open_page(server.url).page
    session = page.context.new_cdp_session(page)
    page.wait_for_function("() => document.querySelector('link[rel=manifest]')")
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's browser keeps nothing.
    assert [fault["errorId"] for fault in faults] == ["in-incognito"]


def test_hostile_words_stay_words(open_page: Open, tmp_path: Path, data: dict[str, bytes]) -> None:
    wild = handout_of(data)
    said = f"{NASTY} \u202eturned {LONG.replace(' ', '')}"
    wild = replace(wild, title=said, teacher=said, client=said, note=said, about=said)
    page = open_page(write_folder(tmp_path / "class", wild, data).as_uri(), viewport={"width": 320, "height": 640}).page
    page.on("dialog", lambda _: pytest.fail("a script of the teacher's ran"))
    play(page, 0.1, 1)
    page.evaluate("one('#options').open = true")
    assert page.evaluate("view.scrollWidth <= view.clientWidth")
    page.click("#close")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("#bar-name").text_content() == " ".join(NASTY.split())


def test_a_german_class_speaks_german(open_page: Open, tmp_path: Path, data: dict[str, bytes]) -> None:
    german = replace(handout_of(data), language="de-AT")
    page = open_page(write_folder(tmp_path / "class", german, data).as_uri()).page
    play(page, 0.5)
    assert re.match("0:0[0-9] von 0:24", page.locator("#now-time").inner_text())
    assert page.locator("#come-out").inner_text() == "Früher zurückkommen"
    page.click("#options summary")
    page.select_option("#sleep", "30")
    assert page.locator("#sleep-says").inner_text() == "Wird in 30 Minuten still"
    page.click("#close")
    assert page.locator("#track-1 [data-does=play]").inner_text().startswith("Anhalten")


def test_where_the_script_cannot_run_there_are_plain_players(
    open_page: Open, tmp_path: Path, data: dict[str, bytes]
) -> None:
    path = write_folder(tmp_path / "class", handout_of(data), data)
    # A script that was changed on its way has another hash, and no browser runs it.
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("const all = (selector", "const  all = (selector"), encoding="utf-8")
    visit = open_page(path.as_uri())
    visit.page.wait_for_selector("#track-1 audio:visible")
    assert visit.page.locator("[data-does=play]:visible").count() == 0
    assert visit.page.evaluate("document.querySelector('#track-1 audio').play().then(() => true)")
    assert visit.faults
    visit.faults.clear()


def test_another_track_begins_when_what_plays_has_faded(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play(page, 3)
    page.wait_for_function("() => player.volume === 1")
    page.evaluate("play(tracks[1])")
    assert page.evaluate("current === tracks[1] && player.track === tracks[0] && !player.paused")
    page.wait_for_function("() => player.volume < 0.8")
    page.wait_for_function(ON, arg=[1, 0.1])
    assert 3 < page.evaluate("placeOf(tracks[0]) || memory.held.at[tracks[0].file][1]") < 4.5
