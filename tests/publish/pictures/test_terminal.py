import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from calmcast.model.timeline import Breath, Chapter, Mark, Silence
from calmcast.publish.pictures.terminal import ASCII, BLOCKS, Signs, ribbon_lines
from calmcast.units import SAMPLE_RATE
from tests.publish.plans import SOURCE, plan

NAMES = ("Welcome", "Setting up", "Settle", "SI joint check", "Breath", "A longer breath", "Quiet rest", "Gentle exit")
NASTY = ("休息和呼吸的时间", "😴 Nap", "x" * 300, "bell\x07\x1b[31m", "")


@given(
    st.lists(st.sampled_from((*NAMES, *NASTY)), min_size=1, max_size=40),
    st.integers(60, 3 * 3600),
    st.integers(20, 160),
    st.sampled_from((BLOCKS, ASCII)),
)
@settings(max_examples=60, deadline=None)
def test_a_track_is_at_most_eight_lines_in_the_width(
    titles: list[str], length_s: int, width: int, signs: Signs
) -> None:
    lines = ribbon_lines(titles[0], plan(titles, length_s, length_s), width, signs)
    assert len(lines) <= 8
    assert all(cell_len(line.plain) <= width for line in lines)
    assert cell_len(lines[2].plain) == width
    assert not any(re.search("[\x00-\x1f]", line.plain) for line in lines)


@pytest.mark.parametrize("width", [60, 100])
def test_every_part_is_named_below_its_cells_or_in_the_key(width: int) -> None:
    _, _, _, names, _, *key = (line.plain for line in ribbon_lines("10 min", plan(NAMES, 600, 3), width))
    keyed = dict(re.findall(r"(\d+) (\S+(?: \S+)*)", "  ".join(key)))
    for number, name in enumerate(NAMES, start=1):
        assert f"│{name}" in names or keyed[str(number)] == name
    assert all(number in keyed for number in re.findall(r"│(\d+)", names))


def test_cells_show_words_and_silence_where_they_are() -> None:
    spoken = plan(["Settle", "Rest"], 100, 1)
    quiet = Silence(50 * SAMPLE_RATE, 50 * SAMPLE_RATE, "rest", 1, SOURCE)
    early = tuple(event for event in spoken.lines if event.end <= quiet.start)
    parts = (Chapter("Settle", 0, quiet.start), Chapter("Rest", quiet.start, spoken.samples))
    timeline = replace(spoken, events=(*early, quiet), chapters=parts, breaths=())
    ribbon = ribbon_lines("A", timeline, 100)[2].plain
    assert set(ribbon[50:]) == {"·"}
    for clip in early:
        assert ribbon[clip.start // SAMPLE_RATE] in "░▒▓█"


def test_breath_rises_and_falls_where_cells_allow() -> None:
    breaths = [Breath(at * SAMPLE_RATE, 5 * SAMPLE_RATE, "out" if at % 10 else "in", SOURCE) for at in range(0, 60, 5)]
    timeline = replace(plan(["Breath"], 60), breaths=tuple(breaths))
    assert ribbon_lines("A", timeline, 60)[2].plain.startswith("▂▃▄▅▆▆▅▄▃▂")
    assert set(ribbon_lines("A", timeline, 60, ASCII)[2].plain) == {"~"}
    waves = ribbon_lines("A", timeline, 20)[2].plain
    assert min(waves) < "▃"
    assert max(waves) > "▅"


def test_the_way_out_is_marked_where_it_begins_even_when_a_bell_rings_there() -> None:
    timeline = plan(["Gentle exit"], 60)
    marks = ribbon_lines("1 min", replace(timeline, marks=(Mark("exit", 0, SAMPLE_RATE),)), 60)[1].plain
    assert marks == "→♪"


def test_the_time_is_in_minutes_and_from_an_hour_on_in_hours() -> None:
    assert ribbon_lines("", plan(NAMES, 600), 80)[4].plain.split() == ["0:00", "2:00", "4:00", "6:00", "8:00"]
    hours = ribbon_lines("", plan(NAMES, 7200), 80)[4].plain.split()
    assert hours == ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30", "1:45"]
