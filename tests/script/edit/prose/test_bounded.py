"""What a text holds does not decide how long it takes to read: its time stays in proportion to its length."""

import time

import pytest

from calmcast.errors import ScriptError
from calmcast.script.edit.prose.opened import MOST_ROWS, manuscript
from calmcast.script.edit.prose.pipeline import understood

_SIGNS, _MOST_S = 100_000, 10
"""Processor time, far from what they take here; where it grew as the square of a run, they took minutes."""
_RUNS = (
    " ", "\t", "\u00a0", "-", "=", "!", "?", ".", "…", "\\", "\\a", "[a] ", "*abc* ", "ab [x y z] ", "(a b", "a",
    "~~abc~~ ",
)  # fmt: skip


@pytest.mark.parametrize("run", _RUNS)
@pytest.mark.parametrize("around", ["Lie down.{}Rest.", "Lie down {} now.", "Lie down.\n\n{}\n\nRest."])
def test_long_runs(run: str, around: str) -> None:
    text = around.format(run * (_SIGNS // len(run)))
    began = time.process_time()
    prose = understood(manuscript(text.encode(), "f.txt"))
    assert time.process_time() - began < _MOST_S
    assert prose.passages


def test_pages_are_rows_too() -> None:
    with pytest.raises(ScriptError, match="too long"):
        manuscript(b"a\f" * (MOST_ROWS + 1), "f.txt")
