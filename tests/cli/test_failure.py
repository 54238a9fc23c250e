"""What is printed of problems: how many, in which order, in what time."""

from time import perf_counter

import pytest

from calmcast.cli.failure import show_problems
from calmcast.diagnostics import Problem, Severity, SourceRef


def of(severity: Severity, number: int) -> list[Problem]:
    return [Problem("x", f"{severity} {i}", SourceRef("a.yaml", i, 1), severity=severity) for i in range(number)]


def shown(capsys: pytest.CaptureFixture[str], problems: list[Problem], **limit: int) -> list[str]:
    capsys.readouterr()
    show_problems(problems, **limit)
    return capsys.readouterr().err.splitlines()


def test_few_are_all_shown_in_the_order_given(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [*of(Severity.WARNING, 2), *of(Severity.ERROR, 2), *of(Severity.WARNING, 1)]
    assert shown(capsys, problems) == [str(problem) for problem in problems]
    assert shown(capsys, []) == []


def test_a_command_s_limit_is_for_warnings_alone(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, [*of(Severity.WARNING, 4), *of(Severity.ERROR, 9)], warnings=3)
    assert [line.split(": ")[1] for line in lines[:-1]] == ["warning"] * 3 + ["error"] * 9
    assert lines[-1] == "1 more warning: calmcast check shows them"


def test_very_many_are_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, [*of(Severity.WARNING, 203), *of(Severity.ERROR, 207)])
    assert len(lines) == 401
    assert lines[-1] == "... and 10 more"


def test_both_limits_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, [*of(Severity.WARNING, 5), *of(Severity.ERROR, 201)], warnings=3)
    assert lines[-2:] == ["2 more warnings: calmcast check shows them", "... and 1 more"]


def test_tens_of_thousands_take_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [*of(Severity.ERROR, 20_000), *of(Severity.WARNING, 20_000)]
    before = perf_counter()
    assert shown(capsys, problems, warnings=3)[-2:] == [
        "19997 more warnings: calmcast check shows them",
        "... and 19800 more",
    ]
    assert perf_counter() - before < 3
