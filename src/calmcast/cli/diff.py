"""`calmcast diff`."""

import click

from calmcast.cli.options import Named, json_option, library_of
from calmcast.cli.output import print_json
from calmcast.diagnostics import errors_in
from calmcast.errors import ScriptError
from calmcast.script.edit.changes import Change, Rewording
from calmcast.text import counted
from calmcast.workspace.differences import changes_of, rewordings
from calmcast.workspace.folder import ships
from calmcast.workspace.library import Library
from calmcast.workspace.lineage import Lineage

_EPILOG = """\b
Examples:
  calmcast diff monday-class
  calmcast diff psoas-release --json
"""


@click.command(epilog=_EPILOG)
@click.argument("script", type=Named("script"))
@json_option
@click.pass_context
def diff(ctx: click.Context, script: str, as_json: bool) -> None:
    """Say what a script changes against what it extends.

    SCRIPT is a name or the path of a file. Segments of your own that take the place of those that ship are shown too.
    """
    library = library_of(ctx)
    lineage = library.lineage(script)
    loaded = library.script(script)
    errors = errors_in(loaded.problems)
    if errors or loaded.script is None:
        raise ScriptError(
            f"{loaded.name} has {counted(errors, 'error')}", "mend what is shown above", problems=loaded.problems
        )
    found, reworded = changes_of(library, lineage), rewordings(library, lineage)
    if as_json:
        print_json(_as_json(lineage, found, reworded))
        return
    click.echo("\n".join([_heading(library, lineage), *_changes_in_words(lineage, found), *_in_words(reworded)]))


def _heading(library: Library, lineage: Lineage) -> str:
    if lineage.versions:
        return f"{lineage.name} extends {', which extends '.join(lineage.extends)}:"
    path = lineage.paths[0]
    taken = path and not ships(path) and library.folder.base(lineage.name, path)
    more = " It takes the place of the script of that name that ships." if taken else ""
    return f"{lineage.name} extends no other script: all of it is its own.{more}"


def _changes_in_words(lineage: Lineage, found: tuple[Change, ...]) -> list[str]:
    if lineage.versions and not found:
        return [f"  nothing is changed: it is {lineage.extends[0]} as it stands"]
    return [f"  {change.text}" for change in found]


def _in_words(reworded: tuple[tuple[str, Rewording], ...]) -> list[str]:
    lines = list[str]()
    for file, each in reworded:
        lines.append(f"\nYour own {file} takes the place of the segment `{each.name}` that ships:")
        lines += [f"  gone: {step}" for step in each.removed] + [f"  new:  {step}" for step in each.added]
        lines += ["  it says the same"] * (not each.removed and not each.added)
    return lines


def _as_json(
    lineage: Lineage, found: tuple[Change, ...], reworded: tuple[tuple[str, Rewording], ...]
) -> dict[str, object]:
    return {
        "name": lineage.name,
        "extends": list(lineage.extends),
        "changes": [{"kind": c.kind, "text": c.text, "before": c.before, "after": c.after} for c in found],
        "segments": [
            {"name": r.name, "file": file, "title": r.title, "removed": list(r.removed), "added": list(r.added)}
            for file, r in reworded
        ],
    }
