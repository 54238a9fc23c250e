import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.sound import BreathTone
from calmcast.model.timeline import Breath, Chapter, Mark, Spoken, Struck, Timeline, spoken_spans
from calmcast.publish.pictures.card import WIDTH
from calmcast.publish.pictures.lettering import GRID, INK, NOTE, PAPER, SOFT
from calmcast.publish.pictures.picture import Ribbon, svg
from calmcast.publish.pictures.ribbon import HUES
from calmcast.units import SAMPLE_RATE
from tests.publish.pictures.test_lettering import DEJAVU, DEJAVU_BOLD
from tests.publish.plans import SOURCE, plan, sounding

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NAMES = ("Welcome", "Setting up", "Settle", "SI joint check", "Breath", "A longer breath", "Quiet rest", "Gentle exit")
NASTY = (
    "A & B < C > \"quotes\" 'single' ]]> <!--",
    "بسم الله — راحة هادئة",
    "😴 Nap 🧘‍♀️ 休息和呼吸的时间",
    "a very long name " * 18,
    "bell\x07\x00 control\u202e turned\ufffe",
    "",
)

titles = st.lists(st.sampled_from((*NAMES, *NASTY)), min_size=1, max_size=40)
ribbons = st.builds(
    lambda names, length_s, seed, notes, has_sound: Ribbon(
        sounding(plan(names, length_s, seed), seed) if has_sound else plan(names, length_s, seed),
        f"{length_s} s",
        notes,
    ),
    titles,
    st.integers(60, 3 * 3600),
    st.integers(0, 10**6),
    st.sampled_from(((), ("612 words",), ("612 words", "48% silence", "longest silence 1:30"))),
    st.booleans(),
)


@dataclass(frozen=True, slots=True)
class Box:
    """The text of an element and where it is at most, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)


def tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def texts(element: ET.Element, x: float = 0, y: float = 0) -> Iterator[tuple[ET.Element, float, float]]:
    """Yield text elements with what their groups move them by."""
    for child in element:
        moved = re.fullmatch(r"translate\((\S+) (\S+)\)", child.get("transform", "translate(0 0)"))
        assert moved
        yield from texts(child, x + float(moved[1]), y + float(moved[2]))
        if tag(child) == "text":
            yield child, x + float(child.get("x", "0")), y + float(child.get("y", "0"))


def boxes(picture: str) -> list[Box]:
    """Return the boxes of all texts in DejaVu Sans, 0.9 em for each letter beyond ASCII."""
    found = list[Box]()
    for element, x, y in texts(parsed(picture)):
        text, size = element.text or "", float(element.get("font-size", "0"))
        table = DEJAVU_BOLD if element.get("font-weight") else DEJAVU
        wide = sum(table[ord(c) - 32] / 1000 if " " <= c <= "~" else 0.9 for c in text) * size
        left = x - wide * {"middle": 0.5, "end": 1}.get(element.get("text-anchor", ""), 0)
        found.append(Box(text, left, y - 0.93 * size, left + wide, y + 0.24 * size))
    return found


def overlapping(found: Sequence[Box]) -> list[tuple[str, str]]:
    return [(a.text, b.text) for i, a in enumerate(found) for b in found[:i] if a.overlaps(b)]


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@given(st.lists(ribbons, min_size=1, max_size=4))
def test_no_two_texts_overlap_and_all_are_on_the_card(tracks: list[Ribbon]) -> None:
    picture = svg("Psoas release", tracks, subtitle="A supported rest on the back, good before core work.")
    found = boxes(picture)
    assert not overlapping(found)
    height = float(parsed(picture).get("height", "0"))
    for box in found:
        assert box.left >= 10, box
        assert box.right <= WIDTH - 4, box
        assert box.top >= 10, box
        assert box.bottom <= height - 8, box


@given(st.lists(ribbons, min_size=1, max_size=3))
def test_every_part_is_named(tracks: list[Ribbon]) -> None:
    picture = svg("Psoas release", tracks)
    shown = {(element.text or "").lstrip("0123456789 ") for element, _, _ in texts(parsed(picture))}
    short = {text.removesuffix("…") for text in shown if text.endswith("…")}
    for track in tracks:
        for chapter in track.timeline.chapters:
            clean = re.sub("[\x00-\x1f\u202e\ufffe]", "", chapter.title).strip() or "untitled"
            assert clean in shown or any(clean.startswith(text) for text in short), clean


def test_where_names_do_not_fit_parts_have_numbers_that_are_the_same_in_every_track() -> None:
    longer = plan(NAMES, 3600, 3)
    shorter = plan([NAMES[0], NAMES[2], NAMES[7]], 240, 3)
    found = boxes(svg("Psoas release", [Ribbon(shorter, "brief"), Ribbon(longer, "full")]))
    first = min(box.top for box in found if box.text[0].isdigit())
    assert [box.text.split()[0] for box in found if box.top == first] == ["1", "3", "8"]
    assert {"Welcome", "Settle", "Gentle exit"} <= {box.text for box in found}


@pytest.mark.parametrize("title", NASTY)
def test_whatever_a_title_holds_the_picture_is_well_formed(title: str) -> None:
    track = Ribbon(plan([title, "Quiet rest", title], 240), title, (title, title))
    picture = svg(title, [track], subtitle=title)
    root = parsed(picture)
    assert root.get("role") == "img"
    assert [tag(child) for child in root[:2]] == ["title", "desc"]
    assert not overlapping(boxes(picture))
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ufffe]", picture)
    assert {tag(element) for element in root.iter()} <= {
        "svg", "title", "desc", "g", "rect", "path", "circle", "text"
    }  # fmt: skip
    links = [name for element in root.iter() for name in element.attrib if "href" in name or name.startswith("on")]
    assert not links


def test_the_description_says_what_is_seen() -> None:
    track = Ribbon(plan(NAMES, 600, 4), "10 min")
    described = parsed(svg("Psoas release", [track]))[1].text or ""
    assert "10 min: parts: 8 (Welcome, Setting up, Settle" in described
    assert f"lines of speech: {len(track.timeline.lines)}" in described
    assert "the way out begins at" in described


def test_words_are_solid_in_the_pixels_where_they_are_spoken() -> None:
    timeline = plan(["Settle"], 60, lines=6)
    picture = svg("One", [Ribbon(timeline, "1 min")])
    path = next(
        p for p in parsed(picture).iter() if p.get("fill") == HUES[0].deep and (p.get("d") or "").count("z") > 3
    )
    drawn = [(float(x), float(w)) for x, w in re.findall(r"M(\S+) \S+?h(\S+?)v20H", path.get("d", ""))]
    band = next(e for e in parsed(picture).iter() if tag(e) == "rect" and e.get("fill") == HUES[0].pale)
    left, scale = float(band.get("x", "0")), (WIDTH - 30 - float(band.get("x", "0"))) / timeline.samples
    spans = spoken_spans(timeline)
    assert len(drawn) == len(spans) > 8
    for (x, wide), (start, end) in zip(drawn, spans, strict=True):
        assert abs(x - (left + start * scale)) < 0.2
        assert abs(wide - (end - start) * scale) < 0.2


def bells(timeline: Timeline) -> list[Spoken | Struck]:
    return [e for e in timeline.events if isinstance(e, Struck)]


def signs(picture: str) -> list[tuple[float, float]]:
    """Return where the marks below the ribbons are; the legend's stand at height 0 of their own groups."""
    groups = [e for e in parsed(picture).iter() if tag(e) == "g" and {tag(child) for child in e} <= {"path", "circle"}]
    spots = [re.findall(r"[-\d.]+", e.get("transform", "")) for e in groups]
    return [(float(x), float(y)) for x, y in spots if float(y)]


def test_bells_checks_and_the_way_out_are_marked() -> None:
    length = 300 * SAMPLE_RATE
    marks = (Mark("check", 0, length // 2), Mark("exit", length // 2, length))
    bare = replace(plan(NAMES[:4], 300), breaths=(), marks=())
    silent = replace(bare, events=tuple(e for e in bare.events if e not in bells(bare)))
    with_all = replace(bare, marks=marks)
    assert not signs(svg("A", [Ribbon(silent, "5 min")]))
    picture = svg("A", [Ribbon(with_all, "5 min")])
    assert {">bell<", ">comfort check<", ">way out<"} <= set(re.findall(">[^<>]+<", picture))
    left = float(next(e for e in parsed(picture).iter() if e.get("fill") == HUES[0].pale).get("x", "0"))
    scale = (WIDTH - 30 - left) / length
    below = [x for x, _ in signs(picture)]
    wanted = [left + length * share * scale for share in (0.25, 0.5)]
    assert all(any(abs(x - near) < 0.2 for x in below) for near in wanted)


@given(ribbons)
def test_marks_do_not_touch(track: Ribbon) -> None:
    rows = dict[float, list[float]]()
    for x, y in signs(svg("A", [track])):
        rows.setdefault(y, []).append(x)
    for spots in rows.values():
        assert all(after - before >= 12.8 for before, after in pairwise(sorted(spots)))


def test_breath_rises_and_falls() -> None:
    phases = [
        Breath(second * SAMPLE_RATE, 5 * SAMPLE_RATE, "out" if second % 10 else "in", SOURCE)
        for second in range(0, 60, 5)
    ]
    picture = svg("Breath", [Ribbon(replace(plan(["Breath"], 60), breaths=tuple(phases)), "1 min")])
    curve = next(p.get("d", "") for p in parsed(picture).iter() if p.get("stroke-opacity"))
    heights = [float(y) for y in re.findall(r"C\S+ \S+ \S+ \S+ \S+ ([\d.]+)", curve)]
    assert len(heights) == len(phases)
    assert heights[0] < heights[1]
    assert all(abs(after - before) > 20 for before, after in pairwise(heights))


def test_a_day_with_thousands_of_lines_is_a_small_file() -> None:
    timeline = plan([f"Part {index}" for index in range(40)], 24 * 3600, 2, lines=500)
    assert len(timeline.events) > 20_000
    assert len(svg("A day", [Ribbon(timeline, "24 h")]).encode()) < 200_000


def test_a_breath_that_sounds_has_a_note() -> None:
    phases = [Breath(s * SAMPLE_RATE, 5 * SAMPLE_RATE, "out" if s % 10 else "in", SOURCE) for s in range(0, 60, 5)]
    quiet = replace(plan(["Breath"], 60), breaths=tuple(phases))
    aloud = replace(quiet, breaths=tuple(replace(b, tone=BreathTone("swell")) if b.start else b for b in phases))
    before, after = svg("A", [Ribbon(quiet, "1 min")]), svg("A", [Ribbon(aloud, "1 min")])
    assert "breath that sounds" not in before
    assert ">breath that sounds: swell<" in after
    assert "the breath sounds: swell" in after
    in_legend_and_tide = 2
    assert after.count("a1.9 1.9") == 2 * in_legend_and_tide
    assert "a1.9 1.9" not in before


def test_levels_of_lines_are_not_drawn() -> None:
    timeline = plan(["Settle"], 60, lines=6)
    lines = [replace(e, level=-10.0, rise=8.0) if isinstance(e, Spoken) else e for e in timeline.events]
    softer = replace(timeline, events=tuple(lines))
    assert svg("A", [Ribbon(softer, "1 min")]) == svg("A", [Ribbon(timeline, "1 min")])


def test_a_track_without_tones_and_bed_has_no_sign_of_them() -> None:
    timeline = plan(NAMES, 600, 4)
    plain, rich = svg("A", [Ribbon(timeline, "10 min")]), svg("A", [Ribbon(sounding(timeline), "10 min")])
    for sign in ("bed: ", "sounds"):
        assert sign not in plain
        assert sign in rich


def test_the_same_plan_is_the_same_picture() -> None:
    first, second = (svg("A", [Ribbon(plan(NAMES, 600, 4), "10 min", ("612 words",))]) for _ in range(2))
    assert first == second


def test_a_track_without_anything_in_it_is_drawn() -> None:
    empty = replace(
        plan(["Rest"], 60), events=(), breaths=(), marks=(), chapters=(Chapter("Rest", 0, 60 * SAMPLE_RATE),)
    )
    assert "untitled" not in svg("Nothing", [Ribbon(empty, "1 min")])
    with pytest.raises(ValueError, match="empty"):
        svg("Nothing", [])


def test_text_contrasts_with_the_card() -> None:
    picture = svg("A", [Ribbon(plan(NAMES, 600, 4), "10 min", ("612 words",)), Ribbon(plan(NAMES, 60, 4), "1 min")])
    colours = {element.get("fill", "") for element, _, _ in texts(parsed(picture))}
    assert colours == {INK, SOFT}
    assert all(contrast(colour, PAPER) >= 4.5 for colour in colours)
    assert min(float(element.get("font-size", "0")) for element, _, _ in texts(parsed(picture))) >= NOTE


def test_words_breath_and_silence_differ_in_lightness() -> None:
    for hue in HUES:
        assert contrast(hue.deep, hue.pale) >= 4.5
        assert contrast(hue.deep, hue.tide) >= 3
        assert contrast(hue.tide, hue.pale) >= 1.3
        assert contrast(hue.pale, PAPER) > contrast(GRID, PAPER) or contrast(hue.pale, PAPER) > 1.1


PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0">{}<script>
const all = [...document.querySelectorAll("svg text")].map(e => {{
  const b = e.getBoundingClientRect(); return [e.textContent, b.left, b.top, b.right, b.bottom]; }});
document.title = "measured"; document.body.innerHTML = "";
document.body.dataset.boxes = encodeURIComponent(JSON.stringify(all));</script>"""


@pytest.mark.real
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize(
    "tracks",
    [
        [Ribbon(plan(NAMES, 600, 4), "10 min", ("612 words", "48% silence"))],
        [
            Ribbon(plan(NAMES[:n], length, n), f"{length} s", ("612 words",))
            for n, length in ((3, 300), (5, 600), (8, 1800))
        ],
        [Ribbon(plan([*NASTY, *(f"{name} {n}" for n in range(4) for name in NAMES)], 5400, 9), "1 h 30 min")],
        [
            Ribbon(sounding(plan(NAMES, length, seed), seed), f"{length} s")
            for seed, length in enumerate((200, 900, 9000))
        ],
    ],
    ids=["one", "stacked", "nasty", "sounding"],
)
def test_a_browser_finds_no_overlap(tracks: list[Ribbon], tmp_path: Path) -> None:
    picture = svg("Psoas release", tracks, subtitle="A supported rest on the back, good before core work.")
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(picture), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1000,2000", page.as_uri()]
    dumped = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()
    from urllib.parse import unquote

    measured = re.search(r'data-boxes="([^"]*)"', dumped)
    assert measured
    found = [Box(*box) for box in json.loads(unquote(measured[1]))]
    assert len(found) == len(boxes(picture)) > 10
    assert not overlapping(found)
    assert all(box.left >= 10 and box.right <= WIDTH - 4 for box in found)
