"""`calmcast lexicon`: how words are pronounced."""

from pathlib import Path

import click

from calmcast.cli.lists import BROKEN, whose
from calmcast.cli.options import json_option, library_of
from calmcast.cli.output import print_json, print_table
from calmcast.cli.pronounced import affected, try_
from calmcast.script.language.profiles import build_lexicon
from calmcast.workspace.library import Library

_EPILOG = """\b
Examples:
  calmcast lexicon
  calmcast lexicon try psoas --say so-as
  calmcast lexicon affected psoas
"""


@click.group(invoke_without_command=True, epilog=_EPILOG)
@json_option
@click.pass_context
def lexicon(ctx: click.Context, as_json: bool) -> None:
    """List the lexicons there are; hear a word, see where it is said.

    A lexicon says how words are pronounced: voices/lexicon/en.yaml, and your own beside it.
    """
    if not ctx.invoked_subcommand:
        _list(library_of(ctx), as_json)


@lexicon.command("list", epilog="\b\nExample:\n  calmcast lexicon list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the lexicons there are, and how many words each has."""
    _list(library_of(ctx), as_json)


lexicon.add_command(try_)
lexicon.add_command(affected)


@lexicon.command("import", hidden=True, context_settings={"ignore_unknown_options": True})
@click.argument("files", nargs=-1)
def import_(files: tuple[str, ...]) -> None:
    """Say what to do with a W3C pronunciation lexicon (PLS)."""
    which = files[0] if files else "a .pls file"
    how = "write its words into voices/lexicon/NAME.yaml, one a line: - {word: psoas, say: so-as}"
    raise click.UsageError(f"calmcast does not read W3C lexicons, such as {which}; {how}")


def _list(library: Library, as_json: bool) -> None:
    rows = [_row(library, name, path) for name, path in library.folder.lexicons().items()]
    if as_json:
        print_json({"lexicons": rows})
    else:
        columns = ("name", "language", "words", "from")
        print_table(columns, [[str(row[column]) for column in columns] for row in rows], right=(2,))


def _row(library: Library, name: str, path: Path) -> dict[str, str | int | None]:
    found, _, _ = library.load(path, build_lexicon)
    language, words = (found.language, len(found.entries)) if found else (BROKEN["about"], 0)
    return {"name": name, "language": language, "words": words, "from": whose(path)}
