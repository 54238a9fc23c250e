"""What a script holds does not decide how long it takes to look at: its time stays in proportion to its length."""

import time

import pytest

from calmcast.diagnostics import SourceRef, caret_lines
from calmcast.script.language.builder import build_script
from calmcast.script.language.reader import MOST_SLIPS, read

_STEPS = "title: A\nsegments:\n  - title: B\n    steps:\n"
_MOST_S = 10
"""Processor time, far from what these take here; where it grew as the square of a run, they took minutes."""
_SHAPES = {
    "a quote that never closes": 'title: "' + "a\n" * 250_000,
    "quotes that never close": _STEPS + '      - "abc\n' * 65_000,
    "colons in each line": _STEPS + "      - a: b: c\n" * 60_000,
    "slips after much that is well": _STEPS + "      - Word word\n" * 20_000 + "      - a: b: c\n" * 100,
    "digits between brackets": f"{_STEPS}      - a [{'1' * 100_000}]\n",
}


@pytest.mark.parametrize("text", _SHAPES.values(), ids=_SHAPES)
def test_large_files_with_slips(text: str) -> None:
    began = time.process_time()
    node, problems = read(text.encode(), "x.yaml")
    _, more = build_script(node, "x", "x.yaml")
    assert time.process_time() - began < _MOST_S
    assert problems or more


@pytest.mark.parametrize("before", [0, 20_000], ids=["in a small file", "at the end of a large one"])
def test_a_file_shows_a_hundred_slips_and_says_that_more_may_follow(before: int) -> None:
    """Alike in files of every size; the next ones are shown when those are mended."""
    text = _STEPS + "      - Word word\n" * before + "      - a: b: c\n" * (MOST_SLIPS + 1)
    *first, last = read(text.encode(), "x.yaml")[1]
    assert [problem.code for problem in first] == ["colon-in-line"] * MOST_SLIPS
    assert (last.code, last.source.line) == ("more-slips", 5 + before + MOST_SLIPS)


def test_where_a_hundred_lines_slip_and_no_more_that_is_all() -> None:
    _, problems = read((_STEPS + "      - a: b: c\n" * MOST_SLIPS).encode(), "x.yaml")
    assert [problem.code for problem in problems] == ["colon-in-line"] * MOST_SLIPS


def test_problems_in_a_very_long_line() -> None:
    line = "close your eyes " * 65_000
    began = time.process_time()
    shown = [caret_lines(SourceRef("x.yaml", 1, 1 + 16 * number, 5, line)) for number in range(2_000)]
    assert time.process_time() - began < _MOST_S
    assert all("close" in each and "^^^^^" in each for each in shown)
