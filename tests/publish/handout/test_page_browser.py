import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from calmcast.publish.captions import captions
from calmcast.publish.handout.onefile import write_one_file
from calmcast.units import SAMPLE_RATE
from tests.conftest import needs
from tests.publish.handout.browser import Server, Visit, click_and_note, lacking
from tests.publish.handout.classes import SPOKEN, first_timeline, handout_of, write_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.real, pytest.mark.long]

PHONE = {"width": 360, "height": 740}
LINES = [(start / SAMPLE_RATE, text) for start, _, text in captions(first_timeline())]
FIRST, WAY = "#track-1", "#way-1"
Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, data: dict[str, bytes], on_disk: Path) -> Path:
    """Return the same class as one file, and nothing beside it."""
    path = tmp_path_factory.mktemp("alone") / "Tuesday rest.html"
    pictures = {"cover-rest.jpg": on_disk.with_name("cover-rest.jpg").read_bytes()}
    write_one_file(on_disk.parent, handout_of(data), pictures, path)
    return path


@pytest.fixture
def open_page(browser: "Browser", server: Server) -> Iterator[Open]:
    """Open a page on a phone; at the end, nothing may have gone wrong, and nobody else may have been asked.

    Pages are closed before their server stops: what they still fetch would fail. What a page remembers is tried on a
    host: on a busy machine, Chromium now and then forgets what a page from disk wrote down, if that page had read its
    storage while it was being loaded.
    """
    visits = list[tuple[Visit, str]]()

    def open_(url: str, before: str = "", **options: Any) -> Visit:
        context = browser.new_context(**{"viewport": PHONE} | options)
        context.set_default_timeout(6000)
        visit = Visit(context.new_page())
        visit.watch()
        if before:
            visit.page.add_init_script(before)
        visit.page.goto(url)
        visits.append((visit, url.rpartition("/")[0]))
        return visit

    yield open_
    for visit, home in visits:
        visit.page.context.close()
        assert visit.faults == []
        assert all(request.startswith((home, "blob:", "data:")) for request in visit.requests)


OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true; })"
# After each timeupdate, which comes four times a second: where the sound is, and which line is lit.
NOTE_LINES = """() => {
  window.noted = [];
  document.querySelector('#sound').addEventListener('timeupdate', event => {
    const lit = document.querySelector('#track-1 .line [aria-current]');
    noted.push([event.target.currentTime, lit && lit.textContent]);
  });
}"""


def said(seconds: float) -> str | None:
    """Return the line that was the last to begin."""
    return next((text for at, text in reversed(LINES) if at <= seconds), None)


def sound(page: "Page", part: str = FIRST) -> dict[str, Any]:
    """Return where the sound of a track is, whether it is paused, and how fast it plays."""
    script = """part => {
      const track = tracks.find(each => '#' + each.part.id === part), s = soundOf(track), here = isLoaded(track);
      return {at: at(track), paused: !here || s.paused, speed: s.playbackRate, ended: here && s.ended};
    }"""
    found: dict[str, Any] = page.evaluate(script, part)
    return found


ON = """([part, seconds]) => {
  const track = tracks.find(each => '#' + each.part.id === part);
  return isLoaded(track) && soundOf(track).currentTime >= seconds;
}"""


def wait_until(page: "Page", seconds: float, part: str = FIRST) -> None:
    page.wait_for_function(ON, arg=[part, seconds])


def wait_for_silence(page: "Page") -> None:
    """Wait until what was fading is gone."""
    page.wait_for_function("() => players.every(each => each.paused)")


def play_from(page: "Page", seconds: float, part: str = FIRST) -> None:
    script = """([part, seconds]) => {
      const track = tracks.find(each => '#' + each.part.id === part);
      seek(track, seconds); openView(); play(track);
    }"""
    page.evaluate(script, [part, seconds])
    wait_until(page, seconds + 0.1, part)


def test_without_a_browser_a_test_is_skipped_but_never_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium is not installed"):
        lacking("chromium")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="chromium is not installed"):
        lacking("chromium")


def test_plays_seeks_and_follows_from_a_disk(open_page: Open, on_disk: Path) -> None:
    check_playing(open_page(on_disk.as_uri()).page)


def test_plays_seeks_and_follows_from_a_server(open_page: Open, server: Server) -> None:
    check_playing(open_page(server.url).page)


def test_one_file_plays_seeks_and_follows_with_nothing_beside_it(open_page: Open, alone: Path) -> None:
    assert [each.name for each in alone.parent.iterdir()] == ["Tuesday rest.html"]
    visit = open_page(alone.as_uri())
    check_playing(visit.page)
    assert visit.page.evaluate("document.querySelector('img.cover').naturalWidth") == 480
    assert visit.page.locator("text=Download").count() == 0
    visit.page.click(f"{FIRST} .row [data-does=out]")
    wait_until(visit.page, 0.3, WAY)
    assert not [url for url in visit.requests if not url.startswith(("data:", "blob:", alone.as_uri()))]


def test_one_file_is_a_list_of_players_where_no_script_runs(open_page: Open, alone: Path) -> None:
    page = open_page(alone.as_uri(), java_script_enabled=False).page
    assert page.locator("audio:visible").count() == 4
    assert page.locator("button:visible").count() == 0
    page.locator(f"{FIRST} audio").click(position={"x": 20, "y": 25})
    page.wait_for_timeout(1500)
    # Without a script nobody can ask the player; what it shows has changed.
    before = page.locator(f"{FIRST} audio").screenshot()
    page.wait_for_timeout(1500)
    assert page.locator(f"{FIRST} audio").screenshot() != before


def check_playing(page: "Page") -> None:
    assert page.locator("#bar").is_hidden()
    assert page.locator("#now").is_hidden()
    page.click(f"{FIRST} [data-does=play]")
    wait_until(page, 0.2)
    assert page.locator("#now-name").inner_text() == "A rest on the floor"
    page.click("#close")
    assert page.locator("#bar").is_visible()
    page.click(f"{FIRST} .more summary")
    page.click(f"{FIRST} .chapter:nth-child(2) button")
    assert page.locator(f"{FIRST} .chapter [aria-current]").inner_text().split("\n")[-1] == "A quiet rest"
    page.evaluate(NOTE_LINES)
    wait_until(page, LINES[3][0] + 0.3)
    page.evaluate(f"seek(tracks[0], {LINES[4][0] - 0.3})")
    wait_until(page, LINES[4][0] + 0.3)
    noted = page.evaluate("noted")
    assert {text for _, text in noted} >= {LINES[3][1], LINES[4][1]}
    for at, text in noted:
        # Between the page's look at the clock and this one, a moment passes.
        assert text in {said(at), said(at - 0.3)}
    page.click(f"{FIRST} .line >> text={SPOKEN[2][1]}")
    assert page.locator(f"{FIRST} .line [aria-current]").inner_text() == SPOKEN[2][1]
    assert LINES[7][0] <= sound(page)["at"] < LINES[7][0] + 1
    page.click("#open")
    assert page.locator("#now-chapter").inner_text() == "Coming back"
    page.click("#less")
    assert 3 < sound(page)["at"] < 6
    page.fill("#seek", "20")
    assert 20 <= sound(page)["at"] < 21
    page.click("#toggle")
    assert page.locator("#toggle .says").text_content() == "Play"
    wait_for_silence(page)
    # A page that comes back to the front shows what is heard now, whatever it missed.
    page.click("#close")
    lit = page.locator(f"{FIRST} .line [aria-current]").inner_text()
    page.evaluate("light(tracks[0].lines, -1); document.dispatchEvent(new Event('visibilitychange'))")
    assert page.locator(f"{FIRST} .line [aria-current]").inner_text() == lit == said(sound(page)["at"])


def test_offers_to_go_on_after_a_reload(open_page: Open, server: Server) -> None:
    page = open_page(server.url).page
    assert page.locator("#resume").is_hidden()
    page.click(f"{FIRST} .more summary")
    page.click(f"{FIRST} .chapter:nth-child(3) button")
    wait_until(page, 16.5)
    page.reload()
    offer = re.search(r"A rest on the floor\u2069, 24 s, at 0:(1[6-9]|2\d)", page.locator("#resume").inner_text())
    assert offer
    assert page.locator("#bar").is_hidden()
    page.click("#resume-go")
    wait_until(page, int(offer[1]) + 0.3)
    assert sound(page)["at"] < int(offer[1]) + 4
    assert not sound(page)["paused"]
    assert page.locator("#resume").is_hidden()
    # A rest may also begin anew, and then offers its place no more.
    page.reload()
    assert page.locator(f"{FIRST} [data-does=go-on]").is_visible()
    page.click(f"{FIRST} [data-does=play]")
    wait_until(page, 0.1)
    assert sound(page)["at"] < 8
    assert page.locator(f"{FIRST} [data-does=go-on]").is_hidden()


@pytest.mark.parametrize(
    "before",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
        "localStorage.setItem('calmcast ' + location.pathname.replace(/[^/]*$/, ''), '{\"at\": 5, \"speed\": []}')",
    ],
    ids=["forbidden", "spoilt"],
)
def test_works_where_nothing_can_be_remembered(before: str, open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri(), before).page
    page.click(f"{FIRST} [data-does=play]")
    wait_until(page, 0.1)
    page.click("#close")
    page.click(f"{FIRST} [data-does=play]")
    wait_for_silence(page)


def test_comes_out_at_once_and_goes_back(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play_from(page, 8.2)
    left = click_and_note(page, "#come-out")
    wait_until(page, 0.1, WAY)
    # What was heard fades, while the way out begins; then it is where it was left.
    assert not sound(page)["paused"]
    assert page.evaluate("player.volume") < 1
    page.wait_for_function("() => player.paused")
    assert left - 0.1 < sound(page)["at"] < left + 0.3
    assert page.locator("#come-out").is_hidden()
    assert page.evaluate("document.activeElement.id") == "now-name"
    assert page.locator("#now-name").inner_text() == "Coming back early"
    # A second, hasty tap at the same place undoes nothing.
    page.locator("#coming").click()
    assert not sound(page, WAY)["paused"]
    page.click("#back")
    wait_until(page, left + 0.2)
    assert sound(page)["at"] < left + 4
    page.wait_for_function("() => wayPlayer.paused")
    # It is there only while something plays.
    assert page.locator("#come-out").is_visible()
    page.click("#toggle")
    page.locator("#come-out").wait_for(state="hidden")
    # Where there is no way out, none is offered; and one at a time plays.
    page.click("#close")
    page.click("#track-2 [data-does=play]")
    wait_until(page, 0.1, "#track-2")
    assert page.locator("#come-out").is_hidden()
    assert sound(page)["paused"]


def test_the_track_itself_offers_its_way_out(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    page.click(f"{FIRST} .more summary")
    page.click(f"{FIRST} [data-does=out]")
    wait_until(page, 0.1, WAY)
    assert not page.url.endswith("#way-1")


def test_stays_quiet_after_a_track_unless_asked(open_page: Open, server: Server) -> None:
    page = open_page(server.url).page
    page.click("#track-2 [data-does=play]")
    page.click("#options summary")
    page.select_option("#speed", "1.25")
    play_from(page, 3.6, "#track-2")
    page.wait_for_function("() => player.ended")
    assert sound(page, "#track-2")["speed"] == 1.25
    page.wait_for_selector("#next")
    assert sound(page, "#track-3")["paused"]
    assert page.locator("#gap").is_hidden()
    page.select_option("#at-end", "next")
    page.evaluate("gap.add(new Option('3 s', '3')); gap.value = '3'")
    play_from(page, 3.6, "#track-2")
    # The silence between is a sound of its own.
    page.wait_for_function("() => isHushed()")
    assert re.fullmatch("Begins in 0:0[1-3]", page.locator("#now-time").inner_text())
    assert page.locator("#now-name").inner_text().startswith("بسم")
    wait_until(page, 0.1, "#track-3")
    assert sound(page, "#track-3")["speed"] == 1.25
    page.select_option("#at-end", "again")
    page.evaluate("gap.value = '0'")
    page.evaluate("seek(current, 3.7)")
    page.wait_for_function("() => current.begun && player.currentTime < 2 && isOn(tracks[2])")
    page.reload()
    assert page.locator("#at-end").input_value() == "again"
    assert page.locator("#speed").input_value() == "1.25"


def test_follows_the_words_until_scrolled_away(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri(), viewport={"width": 360, "height": 500}, reduced_motion="reduce").page
    page.click(f"{FIRST} .more summary")
    top = f"document.querySelector('{FIRST} .scroll').scrollTop"
    page.click(f"{FIRST} .line >> nth=0")
    page.evaluate(f"seek(tracks[0], {LINES[7][0]})")
    page.wait_for_function(f"() => {top} > 100")
    assert page.locator(f"{FIRST} .follow").is_hidden()
    page.locator(f"{FIRST} .scroll").hover()
    page.mouse.wheel(0, -2000)
    page.wait_for_function(f"() => {top} === 0")
    assert page.locator(f"{FIRST} .follow").is_visible()
    page.evaluate(f"seek(tracks[0], {LINES[8][0]})")
    page.wait_for_function(
        f"() => document.querySelector('{FIRST} .line [aria-current]').textContent === {SPOKEN[2][2]!r}"
    )
    assert page.evaluate(top) == 0
    page.click(f"{FIRST} .follow")
    page.wait_for_function(f"() => {top} > 100")
    assert page.locator(f"{FIRST} .follow").is_hidden()


def test_the_lock_screen_knows_the_track_and_its_chapters(open_page: Open, server: Server) -> None:
    listen = """window.handlers = {};
    navigator.mediaSession.setActionHandler = (action, does) => { handlers[action] = does; };"""
    page = open_page(server.url, listen).page
    page.click(f"{FIRST} [data-does=play]")
    wait_until(page, 0.1)
    session = "(({title, artist, album, artwork: [{src}]}) => [title, artist, album, src])"
    says = page.evaluate(f"{session}(navigator.mediaSession.metadata)")
    cover = f"{server.url}cover-rest.jpg"
    assert says == ["A rest on the floor", "Arriving · Anna Müller", "Tuesday evening rest", cover]
    for action, least, most in (
        ("pause", 0.1, 5),
        ("nexttrack", 8, 8.1),
        ("nexttrack", 16, 16.1),
        ("previoustrack", 8, 8.1),
        ("seekforward", 23, 23.1),
        ("previoustrack", 16, 16.1),
        ("seekbackward", 1, 1.1),
    ):
        page.evaluate(f"handlers.{action}({{}})")
        if action == "pause":
            wait_for_silence(page)
        assert least <= sound(page)["at"] < most, action
    page.evaluate("handlers.seekto({ seekTime: 12 })")
    page.wait_for_function("() => navigator.mediaSession.metadata.artist.startsWith('A quiet rest')")
    assert sound(page) == {"at": 12, "paused": True, "speed": 1, "ended": False}
    page.evaluate("handlers.play()")
    wait_until(page, 12.1)
    page.click("#close")
    page.click("#track-3 [data-does=play]")
    wait_until(page, 0.1, "#track-3")
    assert page.evaluate("navigator.mediaSession.metadata.title").startswith("بسم")


def test_a_missing_track_is_told_plainly(open_page: Open, tmp_path: Path, data: dict[str, bytes]) -> None:
    path = write_folder(tmp_path / "class", handout_of(data), data)
    for name in ("nasty-4s.mp3", "way-out-6s.mp3"):
        (tmp_path / "class" / name).unlink()
    visit = open_page(path.as_uri())
    visit.page.click("#track-2 [data-does=play]")
    trouble = visit.page.locator("#trouble")
    trouble.filter(has_text="This track cannot be played. Its file has to lie beside this page.").wait_for()
    visit.page.click("#close")
    assert visit.page.locator("#track-2 .fault").is_visible()
    assert visit.page.locator("#track-2 [data-does=play]").inner_text().startswith("Play")
    visit.page.click(f"{FIRST} [data-does=play]")
    wait_until(visit.page, 0.1)
    assert visit.page.locator("#trouble").is_hidden()
    visit.page.click("#come-out")
    visit.page.locator("#trouble").filter(has_text="its words stand on this page").wait_for()
    visit.page.click("#back")
    wait_until(visit.page, 0.3)
    visit.faults.clear()


def test_a_host_that_is_gone_is_told_plainly(open_page: Open, server: Server) -> None:
    visit = open_page(server.url)
    server.stop()
    visit.page.click("#track-2 [data-does=play]")
    trouble = visit.page.locator("#trouble")
    trouble.filter(has_text="This track could not be reached. Try again in a while.").wait_for()
    visit.faults.clear()


def test_everything_can_be_done_with_the_keyboard(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
                below = page.evaluate("document.querySelector('#bar').getBoundingClientRect().top") or PHONE["height"]
                assert outline == "solid"
                assert page.evaluate("document.activeElement.closest('#bar, #now') !== null") or box["top"] < below
                return
        raise AssertionError(selector)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to(f"{FIRST} [data-does=play]")
    page.keyboard.press("Space")
    wait_until(page, 0.1)
    assert page.evaluate("document.activeElement.id") == "toggle"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.does") == "play"
    tab_to(f"{FIRST} .more summary")
    page.keyboard.press("Enter")
    tab_to(f"{FIRST} .chapter:nth-child(2) button")
    page.keyboard.press("Enter")
    wait_until(page, 8.1)
    tab_to(f"{FIRST} .line button")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == SPOKEN[2][1]
    page.keyboard.press("Enter")
    wait_until(page, LINES[7][0] + 0.1)
    # One Tab leaves the words, however many lines there are.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.row a')")
    tab_to("#open")
    page.keyboard.press("Enter")
    tab_to("#come-out")
    page.keyboard.press("Enter")
    wait_until(page, 0.1, WAY)
    assert page.evaluate("document.activeElement.id") == "now-name"
    tab_to("#back")
    page.keyboard.press("Enter")
    wait_until(page, LINES[7][0] + 0.3)
    page.wait_for_function("() => wayPlayer.paused")
    # Space pauses, wherever nothing else wants it, and goes on.
    page.keyboard.press("Space")
    wait_for_silence(page)
    page.keyboard.press("Space")
    page.wait_for_function("() => isOn(tracks[0])")
    # In the view that holds for buttons, too: Enter presses them.
    page.evaluate("seek(current, 2)")
    page.click("#more")
    page.keyboard.press("Space")
    wait_for_silence(page)
    assert page.evaluate("document.activeElement.id") == "more"
    assert 17 <= sound(page)["at"] < 20
    page.keyboard.press("Space")
    page.wait_for_function("() => isOn(tracks[0])")
    page.focus("#less")
    page.keyboard.press("Enter")
    assert 2 <= sound(page)["at"] < 6
    # What only Space can switch, it switches.
    page.evaluate("one('#options').open = true")
    page.focus("#captions")
    page.keyboard.press("Space")
    assert page.evaluate("one('#captions').checked && isOn(tracks[0])")


def test_axe_finds_nothing_by_day_and_by_night(open_page: Open, server: Server) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(server.url, reduced_motion="reduce", bypass_csp=True).page
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(*schemes: Literal["light", "dark"]) -> None:
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}})
            assert found.violations_count == 0, found.generate_report()

    page.wait_for_selector("#keep-go")
    check("light", "dark")
    page.evaluate(OPEN_ALL)
    page.click(f"{FIRST} .line >> nth=4")
    page.wait_for_selector(f"{FIRST} .line [aria-current]")
    check("dark", "light")
    page.check("#looks [value=night]", force=True)
    check("light")
    page.click("#open")
    page.evaluate("one('#options').open = true")
    page.select_option("#at-end", "next")
    page.check("#captions")
    check("light")
    page.evaluate("wear('')")
    page.click("#come-out")
    wait_until(page, 0.1, WAY)
    check("light")


def test_fits_its_screen_and_is_large_enough_to_tap(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    page.evaluate(OPEN_ALL)
    page.evaluate("one('#options').open = true")
    page.evaluate("play(tracks[0])")
    wide = "[...document.querySelectorAll('.scroll, #now')].filter(box => box.scrollWidth > box.clientWidth).length"
    small = """[...document.querySelectorAll('button, summary, a.button, select, [type=range], .chip span')]
      .filter(part => part.offsetParent && (part.offsetHeight < 44 || part.offsetWidth < 44))
      .map(part => part.outerHTML)"""
    # Letters twice as large push nothing off the screen.
    for width, letters in ((195, 100), (320, 100), (360, 100), (1280, 100), (195, 200), (320, 200), (360, 200)):
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("#bar").evaluate("part => part.offsetHeight") < 260
        assert page.evaluate(wide) == 0
        assert page.evaluate(small) == []
        page.evaluate("openView()")
        assert page.evaluate(wide) == 0
        assert page.evaluate(small) == []
        assert page.locator("#toggle").evaluate("part => part.offsetHeight") >= 56
        page.evaluate("closeView()")


def test_a_title_has_room_beside_its_picture_or_stands_below_it(
    open_page: Open, tmp_path: Path, data: dict[str, bytes]
) -> None:
    made = handout_of(data, nasty=False)
    (rest,) = made.tracks
    german = replace(rest, info=replace(rest.info, title="Tiefentspannen", language="de"))
    path = write_folder(tmp_path / "class", replace(made, tracks=(rest, replace(german, note="")), language="de"), data)
    page = open_page(path.as_uri()).page
    page.evaluate("document.body.style.hyphens = 'manual'")  # as where a browser has no dictionary
    below = """all('.face').map(face => {
      const picture = one('.cover', face).getBoundingClientRect(), text = one('.says-it', face).getBoundingClientRect();
      return text.top >= picture.bottom;
    })"""
    shown = {
        (390, 100): [False, False],
        (320, 100): [False, True],  # a long word goes below rather than to pieces
        (195, 100): [True, True],
        (390, 200): [True, True],
    }
    for (width, letters), expected in shown.items():
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
        assert page.evaluate(below) == expected, (width, letters)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@needs("pdftotext")
def test_prints_all_of_it_on_a4(open_page: Open, on_disk: Path, tmp_path: Path) -> None:
    page = open_page(on_disk.as_uri()).page
    play_from(page, 8)
    page.evaluate("closeView()")
    paper = tmp_path / "page.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    assert page.locator(f"{FIRST} .more").get_attribute("open") is None
    command = ["pdftotext", "-layout", str(paper), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    for said in (line for lines in SPOKEN for line in lines):
        assert said in text
    for shown in (
        "Tuesday evening rest",
        "24 s",
        "take a cushion for the knees",
        "0:16",
        "A quiet rest",
        "high bolster",
        "Come back, as slowly",
    ):
        assert shown in text
    for screen in ("Download", "Tap a line", "Speed", "Pause", "I have", "Write to"):
        assert screen not in text


def test_all_is_there_without_javascript(open_page: Open, on_disk: Path) -> None:
    page = open_page(on_disk.as_uri(), java_script_enabled=False).page
    assert page.locator("audio:visible").count() == 4
    assert page.locator("button:visible").count() == 0
    page.click(f"{FIRST} .more summary")
    assert page.locator(f"{FIRST} .line:visible").all_inner_texts() == [text for _, text in LINES]
    page.click(f"{FIRST} [data-does=out]")
    assert page.url.endswith("#way-1")
