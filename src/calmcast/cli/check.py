"""`calmcast check`."""

import sys

import click

from calmcast.cli.failure import counted, show_problems
from calmcast.cli.options import Named, json_option, studio
from calmcast.cli.output import print_json
from calmcast.diagnostics import Problem, Severity

_EPILOG = """\b
Examples:
  calmcast check
  calmcast check psoas-release --strict
  calmcast check scripts/my-class.yaml
"""


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="[SCRIPT]...", nargs=-1, type=Named("script"))
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@json_option
@click.pass_context
def check(ctx: click.Context, scripts: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Show what is wrong in scripts, with the place and a better way.

    SCRIPT is a name or the path of a file; without one, every script, segment, voice and lexicon is checked.
    """
    here = studio(ctx)
    names = scripts or tuple(here.library.workspace.scripts())
    found = [problem for name in names for problem in here.inspected(name)]
    if not scripts:
        found += here.inspect_rest()
    every = tuple(dict.fromkeys(found))
    errors = sum(problem.severity is Severity.ERROR for problem in every)
    if as_json:
        print_json({"problems": [_as_json(problem) for problem in every]})
    else:
        show_problems(every)
        warnings = len(every) - errors
        click.echo(f"{counted(len(names), 'script')}: {counted(errors, 'error')}, {counted(warnings, 'warning')}")
    if errors or (strict and every):
        sys.exit(2)


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        "hint": problem.hint,
        "file": problem.source.file,
        "line": problem.source.line,
        "column": problem.source.column,
    }
