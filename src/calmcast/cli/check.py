"""`calmcast check`."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

import calmcast
from calmcast.cli.failure import show_problems
from calmcast.cli.options import Named, choice_options, json_option, length_option, voice_option, workspace
from calmcast.cli.output import Progress, echo, nothing_left, print_json, print_table, progress
from calmcast.diagnostics import Problem, errors_in, problem_shape
from calmcast.errors import LengthError
from calmcast.script.language.fields import warning
from calmcast.script.lint.placed import allowed_anywhere, placed
from calmcast.text import counted
from calmcast.track.time_warnings import facts, once, share_in_words
from calmcast.units import format_at_least, format_at_most, format_clock, format_length

if TYPE_CHECKING:
    from calmcast.model.script import Script
    from calmcast.planning.report import Report
    from calmcast.track.performance import Performance
    from calmcast.workspace.folder import Folder
    from calmcast.workspace.library import LoadedScript
    from calmcast.workspace.workspace import Workspace

_EPILOG = """\b
Examples:
  calmcast check
  calmcast check psoas-release --strict
  calmcast check psoas-release --length 5,10,20
  calmcast check scripts/my-class.yaml
  calmcast check after-class              # a class
"""
_BARS = "▁▂▃▅▇"
_FULL = 100
"""Words a minute that fill the highest bar: about as many as calm speech without a rest has."""


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="[SCRIPT]...", nargs=-1, type=Named("script"))
@length_option()
@choice_options
@voice_option
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    scripts: tuple[str, ...],
    lengths: tuple[int, ...],
    options: dict[str, str],
    voice: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Show what is wrong in scripts, with the place and a better way.

    SCRIPT is a name or the path of a file, a class's too; without one, every script, segment, class, voice and lexicon
    is checked.
    With --length, its lines are spoken, and what is said and silent in a track of each length is shown as well.
    """
    if lengths and not scripts:
        raise click.UsageError("--length needs the name of a script")
    if (options or voice) and not lengths:
        raise click.UsageError("--set, --guidance and --voice need --length")
    here = workspace(ctx)
    names, plans = _parted(here.folder, scripts)
    if plans and lengths:
        raise click.UsageError(f"--length needs scripts, and {plans[0]} is a class: it has lengths of its own")
    with progress(quiet=as_json) as show:
        found, notes, sound = _inspected(here, names, plans, show, everything=not scripts, guess=not lengths)
        performances = [
            calmcast.perform(here, each, options=options, voice=voice, progress=show)
            for each in (sound if lengths else ())
        ]
    reported = [_reported(performance, lengths) for performance in performances]
    every = tuple(dict.fromkeys(found))
    every += once(((length, problems) for each in reported for length, problems in each.problems), every)
    errors = errors_in(every)
    if as_json:
        lasting = {"scripts": [_described(each) for each in reported]} if lengths else {}
        print_json({"problems": [*map(problem_shape, every)], "notes": [*map(problem_shape, notes)], **lasting})
    else:
        show_problems((*every, *notes))
        for each in reported:
            _show(each)
        echo(f"{_things(names, plans)}: {counted(errors, 'error')}, {counted(len(every) - errors, 'warning')}")
    code = 2 if errors or (strict and every) else 0
    nothing_left(code)
    sys.exit(code)


def _parted(folder: "Folder", given: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return those of the names given that are scripts', and those that are classes'; of none, all there are."""
    if not given:
        return tuple(folder.scripts()), tuple(folder.classes())
    classes = tuple(name for name in given if folder.is_class(name))
    return tuple(name for name in given if name not in classes), classes


def _things(names: tuple[str, ...], plans: tuple[str, ...]) -> str:
    """Return what was checked: "2 scripts, 1 class"."""
    scripts = [counted(len(names), "script")] * bool(names or not plans)
    return ", ".join([*scripts, *[counted(len(plans), "class")] * bool(plans)])


def _inspected(
    here: "Workspace", names: tuple[str, ...], plans: tuple[str, ...], show: Progress, *, everything: bool, guess: bool
) -> "tuple[list[Problem], tuple[Problem, ...], list[LoadedScript]]":
    """Return all that is wrong with scripts and classes by name, what hides what ships, and the scripts without errors.

    `everything`: with segments, voices and lexicons too. `guess`: with what listeners may miss, by estimate.
    """
    from calmcast.track.check import inspected, load_script
    from calmcast.track.check_hiding import hiding
    from calmcast.track.check_segments import segment_faults
    from calmcast.track.check_voices import inspect_rest
    from calmcast.track.performance import told_by_estimate

    loaded = {name: load_script(here, name) for name in names}
    by_name = {name: inspected(here, each, show) for name, each in loaded.items()}
    found = [problem for each in by_name.values() for problem in each]
    if guess:
        found += (problem for each in loaded.values() for problem in told_by_estimate(here, each))
    if plans:
        from calmcast.classes.load import inspected_class

        found += (problem for name in plans for problem in inspected_class(here, name))
    if everything:
        found += (*segment_faults(here, loaded.values()), *inspect_rest(here))
    notes = hiding(here, None if everything else loaded.values())
    return found, notes, [loaded[name] for name in names if not errors_in(by_name[name])]


@dataclass(frozen=True, slots=True)
class _Reported:
    """A script at the lengths that were asked for."""

    performance: "Performance"
    rows: "tuple[tuple[int, Report | None], ...]"
    """Length in samples, and what a track of it is like; None: there can be no such track."""
    problems: tuple[tuple[int, tuple[Problem, ...]], ...]
    """What is wrong with a track of each length."""
    feasible: tuple[int, int | None]


def _reported(performance: "Performance", lengths: tuple[int, ...]) -> _Reported:
    from calmcast.planning.layout import lay_out

    rows, problems = list["tuple[int, Report | None]"](), list[tuple[int, tuple[Problem, ...]]]()
    for length in lengths:
        try:
            timeline = lay_out(performance.timed, length)
        except LengthError as error:
            rows.append((length, None))
            problems.append((length, _impossible(error, performance.script)))
            continue
        rows.append((length, facts(performance.script, timeline)))
        problems.append((length, performance.told(timeline)))
    return _Reported(performance, tuple(rows), tuple(problems), performance.feasible)


def _impossible(error: LengthError, script: "Script") -> tuple[Problem, ...]:
    if "no-such-length" in allowed_anywhere(placed(script)):
        return ()
    return (warning("no-such-length", error.message, script.source, error.hint),)


def _show(each: _Reported) -> None:
    least, most = each.feasible
    rows = [_row(length, found) for length, found in each.rows]
    echo(f"\n{each.performance.title}\n")
    headers = ("length", "silence", "usual", "longest", "checks", "words", "words in each minute")
    print_table(headers, rows, right=(0, 1, 2, 5))
    longest = "as long as you like" if most is None else format_at_most(most)
    echo(f"this script can last from {format_at_least(least)} to {longest}\n")


def _row(length: int, found: "Report | None") -> tuple[str, ...]:
    if found is None:
        return (format_length(length), "-", "-", "-", "-", "-", "-")
    silence = found.longest_silence
    return (
        format_length(length),
        f"{found.silence_share:.0%}",
        share_in_words(found.usual_share) if found.usual_share else "-",
        f"{format_clock(silence.samples)} at {format_clock(silence.start)}" if silence else "-",
        ", ".join(format_clock(check.start) for check in found.checks) or "none",
        str(found.words),
        _bars(found.words_a_minute),
    )


def _bars(words: tuple[int, ...]) -> str:
    """Return a bar for each minute; the numbers where the output is no terminal, or cannot show bars."""
    try:
        _BARS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return " ".join(map(str, words))
    if not sys.stdout.isatty():
        return " ".join(map(str, words))
    return "".join(_BARS[min(1 + count * 4 // _FULL, 4) if count else 0] for count in words)


def _described(each: _Reported) -> dict[str, Any]:
    """Return a script at the lengths that were asked for, as `--json` says it."""
    from calmcast.planning.shapes import facts_shape, feasible_shape

    return {
        "title": each.performance.title,
        "options": dict(each.performance.values),
        "feasible_s": feasible_shape(each.feasible),
        "lengths": [facts_shape(length, found) for length, found in each.rows],
    }
