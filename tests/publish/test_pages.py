import json
import re
import shutil
import subprocess
import wave
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from calmcast.publish.pages import (
    ReviewLine,
    SheetLine,
    SheetSegment,
    State,
    VoiceSample,
    review_page,
    sheet_page,
    sheet_text,
    voices_page,
)
from tests.publish.pictures.test_picture import CHROMIUM, contrast

NASTY = '<script>alert(1)</script>"&😀'
ARABIC = "بسم الله — راحة هادئة"
SEGMENTS = (
    SheetSegment(
        "Arriving",
        (
            SheetLine(1, "arriving-7k2", "I'm glad that you found the time.", "warm"),
            SheetLine(2, "arriving-m0p", "Let your head be held, [1.5s] with ease. [see below]", "warm"),
        ),
    ),
    SheetSegment("Rest", (SheetLine(9, "rest-1aa", "Nothing to do " * 12, "low"),)),
)
STATES: tuple[State, ...] = ("taken", "doubtful", "missing", "stale", "doubtful")
LINES = tuple(
    ReviewLine(
        number,
        f"line-{number}",
        f"Line {number} of the track.",
        None if state == "missing" else f"audio/{number}.wav",
        0.0 if state == "missing" else 0.3,
        "It is twice as long as it should be." if state == "doubtful" else None,
        state,
        "" if state == "missing" else f"evening.m4a, 0:{number}0 to 0:{number}3",
        None if state in {"missing", "taken"} else f"calmcast record accept anna line-{number}",
        None if state == "missing" else f"calmcast record mend anna line-{number} --from 0:{number}0 --to 0:{number}3",
    )
    for number, state in enumerate(STATES, 1)
)
SAYS = ("I'm glad that you found the time.", "Let your head be held, [1s] with ease.")
VOICES = (
    *(
        VoiceSample(
            name, "Even and low.", "en-US", "pico", tuple((t, f"audio/{name}-{i}.wav") for i, t in enumerate(SAYS)), ""
        )
        for name in ("calm", "plain", "bright")
    ),
    VoiceSample("amy", "Nearly human.", "en_US", "sherpa", (), "It is not fetched yet.", "calmcast voices add amy"),
)
PAGES = {
    "sheet": sheet_page("Evening", "anna", "en-US", SEGMENTS, 3, 9),
    "review": review_page("Evening", "anna", "en-US", LINES),
    "voices": voices_page("Choose a voice", "en", VOICES),
}


class Page(HTMLParser):
    """What stands in a page: its elements with their attributes, and its texts outside of styles and scripts."""

    void = frozenset({"meta", "input", "link", "img", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements = list[tuple[str, dict[str, str | None]]]()
        self.texts = list[str]()
        self._open = list[str]()
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in self.void:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in {"style", "script"}:
            self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


def nasty_pages() -> dict[str, str]:
    line = replace(LINES[1], id=NASTY, text=f"{ARABIC} [2s] {NASTY}", audio=f"audio/a b{NASTY}.wav", doubt=NASTY)
    line = replace(line, place=NASTY, accept_command=f"accept {NASTY}", mend_command=f"mend {NASTY}")
    segment = SheetSegment(NASTY, (SheetLine(1, NASTY, f"{ARABIC} [2s] {NASTY}", NASTY),))
    voice = VoiceSample(NASTY, NASTY, "ar", NASTY, ((f"{ARABIC} [2s] {NASTY}", f"{NASTY}.wav"),), NASTY)
    away = VoiceSample(NASTY, NASTY, NASTY, NASTY, (), NASTY, NASTY)
    return {
        "sheet": sheet_page(NASTY, NASTY, "ar", (segment,), 1, 1),
        "review": review_page(NASTY, NASTY, "ar", (line, line)),
        "voices": voices_page(NASTY, "ar", (voice, voice, away)),
    }


@pytest.mark.parametrize("name", PAGES)
def test_what_people_wrote_stays_text(name: str) -> None:
    page = Page(nasty_pages()[name])
    ordinary = Page(PAGES[name])
    assert len(page.all("script")) == len(ordinary.all("script"))
    assert page.texts.count(NASTY) >= 4
    assert {key for _, attributes in page.elements for key in attributes if key.startswith("on")} <= {"onclick"}


@pytest.mark.parametrize("name", PAGES)
def test_controls_and_lone_surrogates_are_left_out(name: str) -> None:
    odd = "a\x00b\x1bc\udcffd\x85e"
    pages = {
        "sheet": sheet_page(odd, odd, "en", SEGMENTS, 3, 9) + sheet_text(odd, odd, "en", SEGMENTS, 3, 9),
        "review": review_page(odd, odd, "en", (replace(LINES[0], text=odd, audio=f"{odd}.wav"),)),
        "voices": voices_page(odd, "en", (VoiceSample(odd, odd, "en", odd, ((odd, f"{odd}.wav"),), odd),)),
    }
    page = pages[name].encode().decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_the_internet(name: str) -> None:
    for html in (PAGES[name], nasty_pages()[name]):
        page = Page(html)
        assert not re.search(r"https?:|@import|url\(|\bfetch\b|XMLHttp|<link|<iframe|<object|<embed", html)
        places = [*page.values("src"), *page.values("href")]
        assert places
        assert all(place.startswith(("#", "./")) and not place.startswith(".//") for place in places)


def test_sound_is_found_whatever_its_file_is_called() -> None:
    line = replace(LINES[0], audio="my audio/100% #1? “é”.wav")
    (address,) = Page(review_page("A", "anna", "en", (line,))).values("src")
    assert not re.search(r"[\s#?\"]|%(?![0-9A-F]{2})", address)
    assert unquote(address) == f"./{line.audio}"


@pytest.mark.parametrize("name", PAGES)
def test_screen_readers_find_their_way(name: str) -> None:
    page = Page(PAGES[name])
    assert page.all("html") == [{"lang": "en"}]
    for landmark in ("header", "main", "footer", "h1", "title"):
        assert len(page.all(landmark)) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert set(page.values("aria-labelledby") + page.values("for") + page.values("data-copy")) <= set(ids)
    assert all(audio.get("aria-label") and "controls" in audio for audio in page.all("audio"))
    names = [audio["aria-label"] for audio in page.all("audio")]
    assert len(names) == len(set(names))
    assert {words["lang"] for words in page.all("p") if words.get("class") == "words"} == {"en-US"}


def test_the_language_of_the_words_is_told() -> None:
    page = Page(sheet_page("Stille", "anna", "de_CH", SEGMENTS, 3, 9))
    assert page.all("h1") == [{"lang": "de-CH", "dir": "auto"}]
    assert all(p["lang"] == "de-CH" and p["dir"] == "auto" for p in page.all("p") if p.get("class") == "words")


def test_colours_contrast_in_light_and_dark() -> None:
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in PAGES["review"].split("@media", 2)[:2]
    )
    assert light.keys() == dark.keys() > {"ink", "paper"}
    for theme in (light, dark):
        for back in ("paper", "card", "sky", "sun", "tint"):
            assert contrast(theme["ink"], theme[back]) >= 7
        for text in ("soft", "accent"):
            assert min(contrast(theme[text], theme[back]) for back in ("paper", "card", "sky", "sun")) >= 4.5
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5
        assert contrast(theme["accent"], theme["tint"]) >= 4.5
        assert contrast(theme["amber"], theme["paper"]) >= 4.5
        assert contrast(theme["amber"], theme["amber-tint"]) >= 4.5
        assert contrast(theme["plum"], theme["plum-tint"]) >= 4.5
        assert contrast(theme["edge"], theme["card"]) >= 3


def test_a_sheet_has_every_line_with_its_number_a_box_and_its_silences() -> None:
    page = Page(PAGES["sheet"])
    assert [box["aria-label"] for box in page.all("input")] == [f"Line {number} is recorded" for number in (1, 2, 9)]
    assert "… (1.5 s) …" in page.texts
    assert "with ease. [see below]" in page.texts
    assert page.texts.count("warm") == page.texts.count("low") == 1, "how it sounds is said where it changes"
    assert any("3 of 9 lines to record" in text for text in page.texts)
    assert any(text.startswith("Where a line has … (1.5 s) …") for text in page.texts)
    plain = Page(sheet_page("A", "anna", "en", SEGMENTS[1:], 1, 1))
    assert not any("Where a line has" in text for text in plain.texts)


def test_a_sheet_with_nothing_to_read_says_so() -> None:
    assert "There is nothing to read: every line is recorded." in sheet_page("A", "anna", "en", (), 0, 9)
    text = sheet_text("A", "anna", "en", (), 0, 9)
    assert "There is nothing to read: every line is recorded." in text
    assert "9 lines, all recorded" in text


def test_the_plain_sheet_says_the_same() -> None:
    text = sheet_text("Evening", "anna", "en-US", SEGMENTS, 3, 9)
    assert max(map(len, text.splitlines())) <= 76
    assert "[ ]   2  Let your head be held, … (1.5 s) … with ease. [see below]\n         (arriving-m0p)\n" in text
    assert text.count("(How it sounds: warm)") == text.count("(How it sounds: low)") == 1
    assert "5. After a slip, wait a moment and read the same line again, right away." in text
    assert all(segment.title in text for segment in SEGMENTS)
    assert sheet_text("Let\nyour", "a", "", SEGMENTS, 3, 9).startswith("Let your\n========\n")


def test_a_voice_is_taken_with_a_line_that_yaml_reads() -> None:
    import yaml

    for name in ("calm", "my voice", "anna: low", "#1", "Élodie"):
        voice = replace(VOICES[0], name=name)
        texts = Page(voices_page("A", "en", (voice,))).texts
        assert any(yaml.safe_load(text) == {"voice": name} for text in texts if text.startswith("voice: "))


def test_a_voice_that_is_not_here_says_why_and_what_to_do() -> None:
    page = Page(PAGES["voices"])
    assert "Voices that are not here yet" in page.texts
    assert {"It is not fetched yet.", "calmcast voices add amy"} <= set(page.texts)
    assert "Voices on this computer" not in Page(voices_page("A", "en", VOICES[3:])).texts


def driven(html: str, script: str, folder: Path) -> Any:
    """Return what a script returns that runs in the page.

    The browser hands out the page when it has loaded, and that is when the open frame has been closed.
    """
    tail = f"""<iframe hidden></iframe><script>(async () => {{
      const wait = ms => new Promise(done => setTimeout(done, ms));
      const press = (key, target = document.activeElement) =>
        target.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true }}));
      const frame = document.querySelector("iframe").contentDocument;
      frame.open();
      let result;
      try {{ result = await (async () => {{ {script} }})(); }} catch (error) {{ result = String(error.stack); }}
      document.body.dataset.result = encodeURIComponent(JSON.stringify(result));
      frame.close();
    }})();</script></body>"""
    page = folder / "page.html"
    page.write_text(html.replace("</body>", tail), encoding="utf-8")
    for address in Page(html).values("src"):
        path = folder / unquote(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(2 * 2400))
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--mute-audio", "--dump-dom"]
    command += ["--autoplay-policy=no-user-gesture-required"]
    command += [f"--user-data-dir={folder / 'profile'}", "--window-size=800,900", page.as_uri()]
    dumped = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()
    result = re.search(r'data-result="([^"]*)"', dumped)
    assert result, dumped[-500:]
    return json.loads(unquote(result[1]))


browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.mark.real
@pytest.mark.long
@browser
def test_what_is_marked_becomes_commands_and_lasts(tmp_path: Path) -> None:
    mark = """
      const button = (number, says) => one(`[data-number="${number}"] [data-says=${says}]`);
      button(2, "right").click(); button(5, "right").click(); button(1, "right").click(); button(4, "wrong").click();
      button(2, "wrong").click(); button(2, "right").click();
      return {
        accept: one("#accept-commands").value, mend: one("#mend-commands").value, count: one("#count").textContent,
        wrong: all("#wrong li").map(item => item.textContent), pressed: button(2, "right").ariaPressed,
        hidden: [one("#accept").hidden, one("#mend").hidden],
      };"""
    got = driven(PAGES["review"], mark, tmp_path)
    assert got == {
        "accept": "calmcast record accept anna line-2 line-5",
        "mend": "calmcast record mend anna line-4 --from 0:40 --to 0:43",
        "count": "3 right, 1 wrong, 0 not marked yet.",
        "wrong": ["Line 4: Line 4 of the track."],
        "pressed": "true",
        "hidden": [False, False],
    }
    again = "return [one('#accept-commands').value, one('#mend-commands').value];"
    assert driven(PAGES["review"], again, tmp_path) == [got["accept"], got["mend"]]
    cut_anew = tuple(replace(line, place="evening.m4a, 1:00 to 1:03") if line.number == 5 else line for line in LINES)
    page = review_page("Evening", "anna", "en-US", cut_anew)
    assert driven(page, again, tmp_path) == ["calmcast record accept anna line-2", got["mend"]]
    forget = "one('#forget').click(); return [one('#count').textContent, one('#accept').hidden, one('#mend').hidden];"
    assert driven(PAGES["review"], forget, tmp_path) == ["0 right, 0 wrong, 4 not marked yet.", True, True]


@pytest.mark.real
@pytest.mark.long
@browser
def test_keys_go_through_the_lines_and_can_be_switched_off(tmp_path: Path) -> None:
    script = """
      const at = () => current() ? current().dataset.number : null, found = [];
      press("j"); found.push(at(), document.activeElement.dataset.number);
      press("j"); press("J"); press("k"); found.push(at());
      press("r"); found.push(current().dataset.mark);
      press("w"); found.push(current().dataset.mark);
      press("w"); found.push(current().dataset.mark);
      press("k", one("[data-number='2'] audio")); found.push(at());
      keys.click(); press("k", document.body); found.push(at());
      return found;"""
    assert driven(PAGES["review"], script, tmp_path) == ["1", "1", "2", "right", "wrong", "", "2", "2"]


@pytest.mark.real
@pytest.mark.long
@browser
def test_lines_are_filtered(tmp_path: Path) -> None:
    script = """
      const numbers = () => seen().map(row => row.dataset.number).join(" "), found = [numbers()];
      const choices = all("[name=show]");
      for (const choice of [choices[1], choices[2], choices[0]]) { choice.click(); found.push(numbers()); }
      return found;"""
    assert driven(PAGES["review"], script, tmp_path) == ["1 2 3 4 5", "2 4 5", "3", "1 2 3 4 5"]
    script = "all('[name=show]')[2].click(); return one('#none').hidden;"
    assert driven(review_page("A", "anna", "en", LINES[:2]), script, tmp_path) is False


HEARD = """
  const heard = [];
  document.addEventListener("play", event => heard.push(event.target.getAttribute("aria-label")), true);"""


@pytest.mark.real
@pytest.mark.long
@browser
def test_all_lines_are_played_in_order_one_at_a_time(tmp_path: Path) -> None:
    script = """
      one("#in-order").click();
      const button = one("#in-order").textContent;
      await wait(6000);
      return [heard, button, one("#in-order").textContent, all(".fault").filter(fault => !fault.hidden).length];"""
    played = ["Line 1", "Line 2", "Line 4", "Line 5"]
    assert driven(PAGES["review"], HEARD + script, tmp_path) == [played, "Stop", "Play all in order", 0]
    script = "all('audio').forEach(start); await wait(50); return all('audio').filter(one => !one.paused).length;"
    assert driven(PAGES["review"], script, tmp_path) == 1


@pytest.mark.real
@pytest.mark.long
@browser
def test_a_sound_that_is_missing_is_told_and_passed_over(tmp_path: Path) -> None:
    script = """
      one("[data-number='2'] audio").src = "audio/gone.wav";
      one("#in-order").click(); await wait(6000);
      return [all(".fault").map(fault => fault.hidden), one("#in-order").textContent, current().dataset.number];"""
    found = [[True, False, True, True], "Play all in order", "5"]
    assert driven(PAGES["review"], script, tmp_path) == found


@pytest.mark.real
@pytest.mark.long
@browser
def test_the_line_for_the_script_is_copied(tmp_path: Path) -> None:
    script = """
      const button = one("[data-copy=use-2]"), copied = [], before = button.innerHTML;
      navigator.clipboard.writeText = async text => { copied.push(text); };
      button.click(); await wait(20); button.click(); await wait(20);
      const then = [button.textContent, one("#said").textContent];
      navigator.clipboard.writeText = () => Promise.reject(new Error("not from disk"));
      document.execCommand = command => copied.push(command + " " + getSelection());
      button.click(); await wait(2500);
      return [copied, then, button.innerHTML === before];"""
    copied = ["voice: plain", "voice: plain", "copy voice: plain"]
    assert driven(PAGES["voices"], script, tmp_path) == [copied, ["Copied the line for plain", "Copied"], True]


@pytest.mark.real
@pytest.mark.long
@browser
def test_two_voices_are_compared_by_keys_and_all_are_heard_in_turn(tmp_path: Path) -> None:
    script = """
      press("a"); await wait(100); press("b"); await wait(100); press("j"); press("a"); await wait(100);
      one("#side-A").value = "2"; one("#side-A").dispatchEvent(new Event("change"));
      const name = one("#play-A").textContent;
      press("k"); press("a"); await wait(1000);
      one("#in-turn").click(); await wait(5000);
      return [heard, name, all(".voice[aria-current]").length];"""
    heard = ["calm, line 1", "plain, line 1", "calm, line 2", "bright, line 1"]
    heard += [f"{name}, line 1" for name in ("calm", "plain", "bright")]
    assert driven(PAGES["voices"], HEARD + script, tmp_path) == [heard, "▶ A: bright", 1]


@pytest.mark.real
@pytest.mark.long
@browser
@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_people_wrote_runs_or_makes_a_phone_scroll_sideways(name: str, tmp_path: Path) -> None:
    html = nasty_pages()[name].replace("</style>", "html { width: 320px; }</style>", 1)
    script = """
      const parts = [...document.querySelectorAll("body *")].filter(part => !part.closest("svg, .unseen, .skip"));
      const wide = parts.filter(part => part.getBoundingClientRect().right > 320.5);
      return [window.ran, parts.length > 20, wide.map(part => part.outerHTML.slice(0, 90))];"""
    assert driven(html.replace("alert(1)", "window.ran = 1"), script, tmp_path) == [None, True, []]


@pytest.mark.real
@pytest.mark.long
@browser
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_sheet_prints_on_a4_with_every_line(tmp_path: Path) -> None:
    lines = tuple(SheetLine(n, f"rest-{n}", f"Line number {n}, said slowly.", "low") for n in range(1, 61))
    page, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(sheet_page("Evening", "anna", "en", (SheetSegment("Rest", lines),), 60, 60), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={paper}"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer", page.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, check=True).stdout.decode()
    assert all(f"Line number {n}, said slowly." in text for n in range(1, 61))
    assert "Print this sheet" not in text
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes())
    assert sizes
    assert all((round(float(w)), round(float(h))) == (595, 842) for w, h in sizes)
