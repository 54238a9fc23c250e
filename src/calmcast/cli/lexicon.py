"""`calmcast lexicon`: how words are pronounced."""

import shlex
from dataclasses import replace
from pathlib import Path

import click

from calmcast.cli.failure import counted, show_problems
from calmcast.cli.lists import BROKEN, whose
from calmcast.cli.new import file_name
from calmcast.cli.options import Named, json_option, library_of
from calmcast.cli.output import print_json, print_table
from calmcast.cli.pronounced import affected, try_
from calmcast.diagnostics import Severity
from calmcast.errors import PublishError, ScriptError
from calmcast.model.voice import Lexicon
from calmcast.script.language.profiles import build_lexicon
from calmcast.text import suggestion
from calmcast.workspace.folder import LEXICONS, normal
from calmcast.workspace.library import Library

_EPILOG = """\b
Examples:
  calmcast lexicon
  calmcast lexicon try psoas --say so-as
  calmcast lexicon affected psoas
"""
_ENDINGS = (".pls", ".xml")


@click.group(invoke_without_command=True, epilog=_EPILOG)
@json_option
@click.pass_context
def lexicon(ctx: click.Context, as_json: bool) -> None:
    """List the lexicons there are; hear a word, see where it is said, bring lexicons in and out.

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


@lexicon.command("import", epilog="\b\nExample:\n  calmcast lexicon import anatomy.pls --name anatomy")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="What it is called here.  [default: the file's name]")
@click.option("--force", is_flag=True, help="Replace the lexicon of this name.")
@click.pass_context
def import_(ctx: click.Context, file: Path, name: str | None, force: bool) -> None:
    """Make a lexicon of FILE, a W3C pronunciation lexicon (PLS 1.0), in voices/lexicon/."""
    from calmcast.files import write_bytes
    from calmcast.script.edit.lexicon_text import lexicon_text
    from calmcast.speech.pls import read_pls

    library = library_of(ctx)
    name = file_name(name or file.stem)
    path = library.workspace.root / LEXICONS / f"{name}.yaml"
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = "it is a folder" if file.is_dir() else (error.strerror or "no reason given").lower()
        raise ScriptError(f"{file} cannot be read: {reason}", "check the name of the file") from error
    found, problems = read_pls(data, library.workspace.shown(file))
    if found is None:
        raise ScriptError(f"{file} cannot be imported", "mend what is shown above", problems)
    if path.exists() and not force:
        raise PublishError(f"{path} is there already", "choose another name with --name, or say --force to replace it")
    show_problems(problems)
    text = lexicon_text(replace(found, name=name), f"How words are said, from {file.name}.").encode()
    _check(text, name, library.workspace.shown(path))
    if name in library.workspace.lexicons() and not path.exists():
        click.echo(f"note: this takes the place of the lexicon `{name}` that ships", err=True)
    write_bytes(path, text)
    click.echo(f"{path}\n  {counted(len(found.entries), 'word')}")
    click.echo(f"next: name it in a voice of yours (voices/): lexicon: [en, {name}]")


@lexicon.command(epilog="\b\nExample:\n  calmcast lexicon export en -o words.pls")
@click.argument("name", type=Named("lexicon"))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The .pls file.  [default: output/NAME.pls]")
@click.pass_context
def export(ctx: click.Context, name: str, output: Path | None) -> None:
    """Write the lexicon NAME as a W3C pronunciation lexicon (PLS 1.0), for other programs."""
    from calmcast.files import write_bytes
    from calmcast.speech.pls import write_pls

    library = library_of(ctx)
    path = _exported(output, library.workspace.output, f"{normal(name)}.pls")
    found = _loaded(library, name)
    data, notes = write_pls(found)
    write_bytes(path, data)
    click.echo(f"{path}\n  {counted(len(found.entries), 'word')}")
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if notes:
        click.echo(f"calmcast itself reads all of it back: calmcast lexicon import {shlex.quote(str(path))}", err=True)


def _list(library: Library, as_json: bool) -> None:
    rows = [_row(library, name, path) for name, path in library.workspace.lexicons().items()]
    if as_json:
        print_json({"lexicons": rows})
    else:
        columns = ("name", "language", "words", "from")
        print_table(columns, [[str(row[column]) for column in columns] for row in rows], right=(2,))


def _row(library: Library, name: str, path: Path) -> dict[str, str | int | None]:
    found, _, _ = library.load(path, build_lexicon)
    if found is None:
        return {"name": name, "language": BROKEN["about"], "words": 0, "from": whose(path)}
    return {"name": name, "language": found.language, "words": len(found.entries), "from": whose(path)}


def _loaded(library: Library, name: str) -> Lexicon:
    """Return a lexicon by name. Raises ScriptError where it is not there or has errors."""
    paths = library.workspace.lexicons()
    if normal(name) not in paths:
        hint = suggestion(name, paths) or f"there is: {', '.join(paths)}"
        raise ScriptError(f"there is no lexicon `{name}`", hint)
    found, problems, _ = library.load(paths[normal(name)], build_lexicon)
    if found is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise ScriptError(f"the lexicon `{name}` has errors", "mend what is shown above", problems)
    return found


def _check(text: bytes, name: str, shown: str) -> None:
    """Raise ScriptError where a lexicon's text would not be read back, before it takes the place of anything."""
    from calmcast.script.language.reader import read

    node, problems = read(text, shown)
    built, more = build_lexicon(node, name, shown)
    if built is None or problems or more:
        raise ScriptError("this lexicon cannot be written", "leave out the words shown above", (*problems, *more))


def _exported(output: Path | None, folder: Path, name: str) -> Path:
    """Return where a lexicon is exported to. Raises UsageError for a file of another kind: it is not overwritten."""
    if output is None:
        return folder / name
    if output.is_dir() or not output.suffix:
        return output / name
    if output.suffix.lower() not in _ENDINGS:
        raise click.UsageError(f"--output {output}: such a lexicon is a .pls file; name one, or a folder")
    return output
