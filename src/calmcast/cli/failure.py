"""What is printed when a run is halted: the user's problems in full, a bug as a short note and a log."""

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.entry import drop_output
from calmcast.cli.output import echo
from calmcast.diagnostics import Problem, Severity
from calmcast.errors import CalmcastError, PublishError, ScarceError, scarce
from calmcast.text import counted, shorten

if TYPE_CHECKING:
    from calmcast.classes.sets import Failure

BUG = 70
"""The exit code for a bug in calmcast (EX_SOFTWARE of BSD's sysexits)."""
_MOST_SHOWN = 200
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def halted(error: Exception) -> int:
    """End a run that an error has halted: report it, where there is room for that, and return the exit code."""
    try:
        code = report(error)
    except OSError:
        code = PublishError.exit_code
    for number, stream in enumerate((sys.stdout, sys.stderr), 1):
        try:
            stream.flush()
        except OSError:
            drop_output(number)
    return code


def report(error: Exception) -> int:
    """Print an error on standard error and return the exit code."""
    if not isinstance(error, CalmcastError) and scarce(error):
        error = ScarceError()
    if isinstance(error, CalmcastError):
        show_problems(error.problems)
        show_error(error.message, error.hint)
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        place = f"{shorten(str(error.filename), 80)}: " if error.filename else ""
        show_error(f"{place}{error.strerror.lower()}", "check the name, the folder, and the room on the disk")
        return PublishError.exit_code
    echo(f"calmcast has a bug, and stopped: {type(error).__name__}. Nothing is half-written.", err=True)
    echo(f"The details are in {_log(error)}; please send that file with your report.", err=True)
    return BUG


def show_error(message: str, hint: str | None) -> None:
    echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    if hint:
        echo(f"  hint: {hint}", err=True)


def show_problems(problems: Iterable[Problem], warnings: int = _MOST_SHOWN) -> None:
    """Print problems on standard error, in the order given: errors, and of the warnings only the first so many."""
    most = {Severity.ERROR: _MOST_SHOWN, Severity.WARNING: warnings, Severity.NOTE: _MOST_SHOWN}
    found = Counter[Severity]()
    for problem in problems:
        found[problem.severity] += 1
        if found[problem.severity] <= most[problem.severity]:
            _show(problem)
    left = {severity: max(0, found[severity] - most[severity]) for severity in most}
    if left[Severity.WARNING] and warnings < _MOST_SHOWN:  # calmcast check asks for that many
        echo(f"{counted(left.pop(Severity.WARNING), 'more warning')}: calmcast check shows them", err=True)
    if more := sum(left.values()):
        echo(f"... and {more} more", err=True)


def show_briefly(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, without the lines that they stand in."""
    for problem in problems:
        _show(replace(problem, source=replace(problem.source, excerpt="")))


def show_failures(failures: "Iterable[tuple[Failure, str]]") -> None:
    """Print why tracks of a class cannot be made, each with its place; told alike for several people, once.

    `failures`: each with the client whose track it is; empty: everybody's.
    """
    people = dict[tuple[str, str, str | None], list[str]]()
    places: dict[tuple[str, str, str | None], Failure] = {}
    for failure, client in failures:
        key = (str(failure), failure.error.message, failure.error.hint)
        places.setdefault(key, failure)
        people.setdefault(key, []).append(client or "everybody")
    for (name, message, hint), names in people.items():
        failure = places[name, message, hint]
        show_problems(failure.error.problems)
        whom = f" for {', '.join(names)}" if names != ["everybody"] else ""
        text = f"{name}{whom}, cannot be made: {message}"
        if failure.source:
            show_problems((Problem("not-made", text, failure.source, hint),))
        else:
            show_error(text, hint)


def _show(problem: Problem) -> None:
    place, word = str(problem.source), str(problem.severity)
    text = str(problem)[len(f"{place}: {word}: ") :]
    coloured = click.style(word, fg=_COLOURS[problem.severity], bold=True)
    echo(f"{click.style(place, bold=True)}: {coloured}: {text}", err=True)


def _log(error: Exception) -> Path:
    """Return where an error is told in full: a file that only its owner reads, for it may hold words of a script."""
    import tempfile
    import traceback

    text = "".join(["calmcast " + " ".join(sys.argv[1:]) + "\n", *traceback.format_exception(error)])
    for folder in (_log_folder, lambda: Path(tempfile.mkdtemp(prefix="calmcast-"))):
        with suppress(OSError):
            path = folder() / "calmcast-bug.log"
            path.touch(0o600)
            path.chmod(0o600)
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
            return path
    return Path("(no folder to write a log to)")


def _log_folder() -> Path:
    """Return the user's folder for logs, which nobody else enters. Raises OSError."""
    from platformdirs import user_log_path

    folder = user_log_path("calmcast", appauthor=False)
    folder.mkdir(0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
