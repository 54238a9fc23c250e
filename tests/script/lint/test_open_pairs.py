"""A length that leaves half of a pair is warned of; what comes and goes together is not."""

from pathlib import Path

import pytest

from calmcast.diagnostics import Problem
from tests.script.lint.test_checks import WAY_OUT, problems_of, segment

OTHERS = ("no-rest", "missing-notice", "missing-exit", "unused-option")
FISTS, OPEN = "Make two tight fists.", "Now open your hands."


def warned(folder: Path, *steps: str, head: str = "", **fields: str) -> list[Problem]:
    problems = problems_of(folder, segment(*steps, **fields) + WAY_OUT, head)
    return [problem for problem in problems if problem.code not in OTHERS]


def optional(text: str, rank: int = 3) -> str:
    return f"{{optional: {rank}, steps: [{text}]}}"


@pytest.mark.parametrize(
    ("steps", "line", "said"),
    [
        ((FISTS, optional(OPEN)), 5, f"without `{OPEN}`, which undoes it (hold and release)"),
        ((optional(FISTS), OPEN), 6, f"without `{FISTS}`, which it undoes (hold and release)"),
        ((optional(FISTS), optional(OPEN, 4)), 5, f"without `{OPEN}`"),
        ((optional(f"{FISTS}, {optional(OPEN, 4)}"),), 5, f"without `{OPEN}`"),
        (("Breathe in.", "{from: 8 min, steps: [Breathe out.]}"), 5, "(in and out)"),
        (("{from: 5 min, steps: [Breathe in.]}", "{from: 8 min, steps: [Breathe out.]}"), 5, "(in and out)"),
        (("{repeat: 0 or more, steps: [Lift both arms.]}", "Lower your arms."), 6, "(lift and lower)"),
        (("Feel your left foot.", optional("Feel your right foot.")), 5, "(left and right)"),
    ],
)
def test_half_of_a_pair(tmp_path: Path, steps: tuple[str, ...], line: int, said: str) -> None:
    (problem,) = warned(tmp_path, *steps)
    assert (problem.code, problem.source.line) == ("open-pair", line)
    assert said in problem.message
    assert "in one group" in (problem.hint or "")


@pytest.mark.parametrize(
    ("steps", "head", "fields"),
    [
        ((FISTS, OPEN), "", {}),
        ((optional(f"{FISTS}, Hold., {OPEN}"),), "", {}),
        ((FISTS, OPEN), "", {"optional": "2"}),
        (("{from: 8 min, steps: [Breathe in.]}", "{from: 8 min, steps: [Breathe out.]}"), "", {}),
        (("{repeat: 1 to 6, steps: [Breathe in.]}", "Breathe out."), "", {}),
        ((f"{{one of: [{FISTS}, Rest.]}}", optional(OPEN)), "", {}),
        (("Some places press into the floor.", optional("Let go of them.")), "", {}),
        ((FISTS, optional("Let your face be soft.")), "", {}),
        ((FISTS, optional(OPEN)), "allow: {open-pair: the hands open by themselves}\n", {}),
        ((FISTS, optional(OPEN)), "language: de\n", {}),
    ],
)
def test_what_is_whole_or_allowed(tmp_path: Path, steps: tuple[str, ...], head: str, fields: dict[str, str]) -> None:
    assert warned(tmp_path, *steps, head=head, **fields) == []
