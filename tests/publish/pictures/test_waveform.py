import json
import re
import subprocess
from collections.abc import Sequence
from math import inf, nan, pi, sin
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.timeline import Chapter
from calmcast.publish.pictures.card import WIDTH
from calmcast.publish.pictures.faults import FAULT, MOST
from calmcast.publish.pictures.lettering import INK, PAPER, SOFT
from calmcast.publish.pictures.ribbon import HUES
from calmcast.publish.pictures.waveform import columns_of, loud, waveform_svg
from calmcast.units import SAMPLE_RATE
from tests.publish.pictures.test_picture import (
    CHROMIUM,
    NAMES,
    NASTY,
    PAGE,
    Box,
    boxes,
    contrast,
    overlapping,
    parsed,
    tag,
    texts,
    titles,
)
from tests.publish.plans import plan

S = SAMPLE_RATE
LEFT, RIGHT = 90, WIDTH - 30
"""Where sample 0 is, and the end of the track."""
TONE = [(-abs(sin(i / 40 * pi)) / 2, abs(sin(i / 40 * pi)) / 2) for i in range(840)]
ONE = [Chapter("Rest", 0, 600 * S)]

fault_lists = st.lists(st.tuples(st.integers(-S, 11_000 * S), st.sampled_from((*NASTY, "A click."))), max_size=60)
curves = st.lists(st.floats(-90, 5) | st.just(-inf) | st.just(nan), max_size=100)


def picture(
    *,
    samples: int = 600 * S,
    chapters: Sequence[Chapter] = ONE,
    columns: Sequence[tuple[float, float]] = TONE,
    loudness: Sequence[tuple[int, float]] = (),
    target: float = -19.0,
    faults: Sequence[tuple[int, str]] = (),
) -> str:
    return waveform_svg("Rest", "rest_10min.mp3", samples, chapters, columns, loudness, target, faults)


def paths(drawn: str, **attributes: str) -> list[str]:
    """Return the outlines of paths with these attributes, in order."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    found = [e for e in parsed(drawn).iter() if tag(e) == "path" and wanted.items() <= e.attrib.items()]
    return [e.get("d", "") for e in found]


def points(outline: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (\S+?)(?=[MLVHz]|$)", outline)]


def scale_y(drawn: str, label: str) -> float:
    """Return the height of a number of the scales: where its line is."""
    return next(y - 4 for element, _, y in texts(parsed(drawn)) if element.text == label)


@given(titles, st.integers(1, 11_000 * S), curves, st.floats(-40, -10), fault_lists)
def test_no_two_texts_overlap_and_all_are_on_the_card(
    names: list[str], samples: int, curve: list[float], target: float, faults: list[tuple[int, str]]
) -> None:
    samples = max(samples, len(names) + 1)
    chapters = plan(names, samples / S).chapters
    loudness = [(samples * index // len(curve), lufs) for index, lufs in enumerate(curve)]
    drawn = waveform_svg(names[0], names[-1], samples, chapters, TONE, loudness, target, faults)
    found = boxes(drawn)
    assert not overlapping(found)
    height = float(parsed(drawn).get("height", "0"))
    for box in found:
        assert box.left >= 10, box
        assert box.right <= WIDTH - 4, box
        assert box.top >= 10, box
        assert box.bottom <= height - 8, box
    assert "nan" not in drawn
    assert "inf" not in re.sub(">[^<]*<", "", drawn)


def test_ten_decibels_more_seem_twice_as_loud() -> None:
    assert loud(0) == 1
    assert loud(10) == 2
    assert loud(-20) == 0.25


def test_columns_reach_from_the_lowest_to_the_highest() -> None:
    line = [(0.0, 0.0), (1.0, 4.0), (1.25, 1.0), (1.3, 9.0), (2.0, 9.0)]
    assert columns_of(line) == [(0, 0, 4), (1, 1, 9), (2, 9, 9)]


def test_the_waveform_is_as_high_as_it_seems_loud() -> None:
    columns = [(-1.0, 1.0)] * 420 + [(-0.1, 0.1)] * 210 + [(0.0, 0.0)] * 210
    (outline,) = paths(picture(columns=columns), fill=HUES[0].deep)[:1]
    heights = [float(y) for y in re.findall(r"V(\S+?)H", outline)]
    above, below = heights[:840], heights[840:][::-1]
    middle = (above[0] + below[0]) / 2
    full = below[0] - above[0]
    assert full == 120
    assert below[500] - above[500] == pytest.approx(full / 4, abs=0.1)
    assert below[700] - above[700] == pytest.approx(1, abs=0.1)
    assert (above[500] + below[500]) / 2 == pytest.approx(middle, abs=0.1)
    drawn = picture(columns=columns)
    assert scale_y(drawn, "−20") == pytest.approx(above[500], abs=0.1)
    assert scale_y(drawn, "−10") == pytest.approx(middle - full / 4, abs=0.1)


def test_a_waveform_that_leans_to_one_side_is_drawn_so() -> None:
    (outline,) = paths(picture(columns=[(0.25, 1.0)] * 840), fill=HUES[0].deep)[:1]
    start = float(outline.split("V")[0].split()[1])
    assert max(float(y) for y in re.findall(r"V(\S+?)H", outline)) < start - 20


@pytest.mark.parametrize("count", [0, 1, 7, 840, 1000])
def test_any_count_of_columns_fills_the_track(count: int) -> None:
    outlines = paths(picture(columns=[(-0.5, 0.5)] * count), fill=HUES[0].deep)
    ends = [float(x) for outline in outlines for x in re.findall(r"H(\d\S*?)(?=[VHz])", outline)]
    assert count == 0 or (min(ends), max(ends)) == (LEFT, RIGHT)


def test_parts_have_their_colours_and_names() -> None:
    chapters = [Chapter("Settle", 0, 300 * S), Chapter("Rest", 300 * S, 600 * S)]
    drawn = picture(chapters=chapters)
    first, second = (paths(drawn, fill=hue.deep)[0] for hue in HUES[:2])
    assert f"H{RIGHT}" not in first
    assert f"H{RIGHT}" in second
    assert {"Settle", "Rest"} <= {element.text for element, _, _ in texts(parsed(drawn))}


def test_where_names_do_not_fit_parts_have_numbers_and_a_key() -> None:
    chapters = plan([f"Part {index} of a day" for index in range(30)], 600, 5).chapters
    shown = {element.text for element, _, _ in texts(parsed(picture(chapters=chapters)))}
    assert {f"Part {index} of a day" for index in range(30)} <= shown


def test_the_curve_has_its_levels_at_their_times() -> None:
    loudness = [(0, -30.0), (300 * S, -20.0), (600 * S, -60.0)]
    drawn = picture(loudness=loudness, target=-22)
    (curve,) = [points(path) for path in paths(drawn, stroke_width="1.3")][:1]
    assert [x for x, _ in curve] == [LEFT, (LEFT + RIGHT) / 2, RIGHT]
    assert curve[0][1] == pytest.approx(scale_y(drawn, "−30"), abs=0.06)
    assert curve[1][1] < curve[0][1] < curve[2][1]
    (target,) = paths(drawn, stroke_dasharray="5 3")[:1]
    assert float(target.split()[1].split("H")[0]) == pytest.approx(scale_y(drawn, "−22"), abs=0.06)


def test_silence_breaks_the_curve() -> None:
    loudness = [(second * S, -inf if 100 <= second < 200 else -20.0) for second in range(600)]
    curves = [points(path) for path in paths(picture(loudness=loudness), stroke_width="1.3")[:2]]
    assert len(curves) == 2
    assert curves[0][-1][0] == LEFT + 140
    assert curves[1][0][0] == pytest.approx(LEFT + 199 * 1.4, abs=0.06)
    assert curves[0][-1][1] == curves[1][0][1] > curves[0][0][1]
    assert "Loudness: silence" in picture(loudness=[(0, -inf)])


def test_what_is_off_the_scale_is_at_its_edge() -> None:
    loudness = [(0, 20.0), (300 * S, -5.0), (400 * S, -60.0), (500 * S, -200.0)]
    (curve,) = [points(path) for path in paths(picture(loudness=loudness), stroke_width="1.3")][:1]
    assert curve[0][1] == curve[1][1]
    assert curve[2][1] == curve[3][1] == curve[0][1] + 110


def test_faults_are_numbered_where_they_are_and_listed_in_words() -> None:
    faults = [(450 * S, "The line “Rest.” is silent."), (150 * S, "There is a click.")]
    drawn = picture(faults=faults)
    shown = [element.text or "" for element, _, _ in texts(parsed(drawn))]
    assert shown[-6:] == ["1", "2:30", "There is a click.", "2", "7:30", "The line “Rest.” is silent."]
    numbers = {e.text: x for e, x, _ in texts(parsed(drawn)) if e.get("fill") == PAPER}
    assert numbers == {"1": LEFT + 210, "2": LEFT + 630}
    assert "What is wrong: 2 (1 at 2:30: There is a click.; 2 at 7:30:" in drawn
    assert "Nothing is wrong." not in drawn
    assert drawn.count("Nothing is wrong.") + 2 == picture().count("Nothing is wrong.")


def test_faults_that_are_near_share_a_number() -> None:
    faults = [(int((100 + index / 10) * S), f"Click {index}.") for index in range(20)]
    drawn = picture(faults=[*faults, (500 * S, "A hole.")])
    numbers = [e.text for e, _, _ in texts(parsed(drawn)) if e.get("fill") == PAPER]
    assert numbers[-1] == "21"
    firsts = [int((text or "").split("–")[0]) for text in numbers]
    lasts = [int((text or "").split("–")[-1]) for text in numbers]
    assert [last + 1 for last in lasts[:-1]] == firsts[1:]
    assert firsts[0] == 1
    assert len(numbers) < 21
    assert {f"Click {index}." for index in range(20)} <= {e.text for e, _, _ in texts(parsed(drawn))}


def test_thousands_of_faults_are_counted_and_the_first_listed() -> None:
    drawn = picture(faults=[(index * S // 10, f"Click {index}.") for index in range(5000)])
    shown = {e.text for e, _, _ in texts(parsed(drawn))}
    assert f"and {5000 - MOST} more" in shown
    assert f"Click {MOST - 1}." in shown
    assert f"Click {MOST}." not in shown
    assert len(drawn.encode()) < 80_000


def test_a_track_that_is_cut_off_shows_the_parts_that_it_has() -> None:
    chapters = [Chapter("Settle", 0, 300 * S), Chapter("Rest", 300 * S, 500 * S), Chapter("Exit", 500 * S, 600 * S)]
    drawn = picture(samples=400 * S, chapters=chapters, faults=[(590 * S, "Its end is missing.")])
    shown = {e.text for e, _, _ in texts(parsed(drawn))}
    assert {"Settle", "Rest"} <= shown
    assert "Exit" not in shown
    ends = [float(e.get("x", "0")) + float(e.get("width", "0")) for e in parsed(drawn).iter() if tag(e) == "rect"][1:]
    assert max(ends) <= WIDTH - 4
    assert [x for e, x, _ in texts(parsed(drawn)) if e.get("fill") == PAPER] == [pytest.approx(RIGHT, abs=8)]


@pytest.mark.parametrize("samples", [0, 1])
def test_a_track_of_nothing_is_drawn(samples: int) -> None:
    drawn = waveform_svg("", "", samples, [], [], [], -19, [])
    assert not overlapping(boxes(drawn))
    assert "Nothing is wrong." in drawn


def test_three_hours_are_a_small_file() -> None:
    loudness = [(second * S, -20.0 - 25 * (second % 7 > 3)) for second in range(3 * 3600)]
    chapters = plan(NAMES, 3 * 3600).chapters
    columns = [(-((i * 37 % 100) / 100), (i * 53 % 100) / 100) for i in range(840)]
    drawn = picture(samples=3 * 3600 * S, chapters=chapters, columns=columns, loudness=loudness)
    assert len(drawn.encode()) < 80_000
    assert drawn == picture(samples=3 * 3600 * S, chapters=chapters, columns=columns, loudness=loudness)


def test_a_dense_curve_shows_its_softest_and_its_loudest() -> None:
    loudness = [(second * S, -20.0 - 20 * (second % 7 > 3)) for second in range(3 * 3600)]
    drawn = picture(samples=3 * 3600 * S, chapters=[Chapter("Rest", 0, 3 * 3600 * S)], loudness=loudness)
    loudest, softest = (points(paths(drawn, fill=fill)[0]) for fill in (HUES[4].tide, HUES[4].pale))
    assert len({y for _, y in loudest[10:800]}) == 1
    assert softest[100][1] - loudest[100][1] == pytest.approx(40, abs=0.1)


def test_text_contrasts_with_what_it_stands_on() -> None:
    drawn = picture(faults=[(0, "A click.")])
    colours = {element.get("fill", "") for element, _, _ in texts(parsed(drawn))}
    assert colours == {INK, SOFT, FAULT, PAPER}
    assert all(contrast(colour, PAPER) >= 4.5 for colour in (INK, SOFT, FAULT))


@pytest.mark.parametrize("text", NASTY)
def test_whatever_a_text_holds_the_picture_is_well_formed(text: str) -> None:
    drawn = waveform_svg(text, text, 60 * S, [Chapter(text, 0, 60 * S)], TONE, [(0, -20.0)], -19, [(S, text)])
    root: ET.Element = parsed(drawn)
    assert [tag(child) for child in root[:2]] == ["title", "desc"]
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ufffe]", drawn)
    assert {tag(element) for element in root.iter()} <= {"svg", "title", "desc", "g", "rect", "path", "text"}


@pytest.mark.real
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("count", [0, 3, 45])
def test_a_browser_finds_no_overlap(count: int, tmp_path: Path) -> None:
    names = [*NASTY, *NAMES] if count else NAMES
    faults = [(index**2 * S // 4, NASTY[index % len(NASTY)]) for index in range(count)]
    drawn = picture(chapters=plan(names, 600, 3).chapters, loudness=[(0, -20.0), (300 * S, -50.0)], faults=faults)
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(drawn), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1000,2000", page.as_uri()]
    dumped = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()
    measured = re.search(r'data-boxes="([^"]*)"', dumped)
    assert measured
    found = [Box(*box) for box in json.loads(unquote(measured[1]))]
    assert len(found) == len(boxes(drawn)) > 10
    assert not overlapping(found)
    assert all(box.left >= 10 and box.right <= WIDTH - 4 for box in found)
