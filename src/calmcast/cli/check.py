"""`calmcast check`."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

import calmcast
from calmcast.cli.failure import counted, show_problems
from calmcast.cli.options import (
    Named,
    choice_options,
    choices,
    flat,
    json_option,
    length_option,
    voice_option,
    workspace,
)
from calmcast.cli.output import echo, nothing_left, print_json, print_table, progress
from calmcast.diagnostics import Problem, Severity, problem_shape
from calmcast.errors import LengthError
from calmcast.script.language.fields import warning
from calmcast.script.lint.placed import allowed_anywhere, placed
from calmcast.track.time_warnings import facts, once, share_in_words
from calmcast.units import format_at_least, format_at_most, format_clock, format_length

if TYPE_CHECKING:
    from calmcast.model.script import Script
    from calmcast.planning.report import Report
    from calmcast.track.performance import Performance

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
    lengths: tuple[tuple[int, ...], ...],
    settings: tuple[tuple[str, str], ...],
    guidance: str | None,
    voice: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Show what is wrong in scripts, with the place and a better way.

    SCRIPT is a name or the path of a file, a class's too; without one, every script, segment, class, voice and lexicon
    is checked.
    With --length, its lines are spoken, and what is said and silent in a track of each length is shown as well.
    """
    from calmcast.classes.load import inspected_class
    from calmcast.track.check import inspected, load_script
    from calmcast.track.check_hiding import hiding
    from calmcast.track.check_segments import segment_faults
    from calmcast.track.check_voices import inspect_rest
    from calmcast.track.performance import told_by_estimate

    wanted, chosen = flat(lengths), choices(settings, guidance)
    if wanted and not scripts:
        raise click.UsageError("--length needs the name of a script")
    if (chosen or voice) and not wanted:
        raise click.UsageError("--set, --guidance and --voice need --length")
    here = workspace(ctx)
    files = here.folder
    given = tuple(name for name in scripts if files.is_class(name))
    names = tuple(name for name in scripts if name not in given) if scripts else tuple(files.scripts())
    plans = given if scripts else tuple(files.classes())
    if given and wanted:
        raise click.UsageError(f"--length needs scripts, and {given[0]} is a class: it has lengths of its own")
    loaded = {name: load_script(here, name) for name in names}
    with progress(quiet=as_json) as show:
        by_name = {name: inspected(here, each, show) for name, each in loaded.items()}
    found = [problem for name in names for problem in by_name[name]]
    if not wanted:
        found += (problem for name in names for problem in told_by_estimate(here, loaded[name]))
    found += (problem for name in plans for problem in inspected_class(here, name))
    if not scripts:
        found += (*segment_faults(here, loaded.values()), *inspect_rest(here))
    sound = [name for name in names if wanted and not any(p.severity is Severity.ERROR for p in by_name[name])]
    reported = list[_Reported]()
    if sound:
        with progress(quiet=as_json) as show:
            for name in sound:
                performance = calmcast.perform(here, loaded[name], options=chosen, voice=voice, progress=show)
                reported.append(_reported(performance, wanted))
    every = tuple(dict.fromkeys(found))
    every += once(((length, problems) for each in reported for length, problems in each.problems), every)
    notes = hiding(here, loaded.values() if scripts else None)
    errors = sum(problem.severity is Severity.ERROR for problem in every)
    if as_json:
        lasting = {"scripts": [_described(each) for each in reported]} if wanted else {}
        print_json({"problems": [*map(problem_shape, every)], "notes": [*map(problem_shape, notes)], **lasting})
    else:
        show_problems((*every, *notes))
        for each in reported:
            _show(each)
        warnings = counted(len(every) - errors, "warning")
        echo(f"{_things(len(names), len(plans))}: {counted(errors, 'error')}, {warnings}")
    code = 2 if errors or (strict and every) else 0
    nothing_left(code)
    sys.exit(code)


def _things(scripts: int, classes: int) -> str:
    """Return what was checked: `3 scripts, 1 class`."""
    of_classes = "1 class" if classes == 1 else f"{classes} classes"
    return ", ".join([counted(scripts, "script")] * bool(scripts or not classes) + [of_classes] * bool(classes))


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
