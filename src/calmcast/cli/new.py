"""`calmcast new` and `calmcast init`: something to start from."""

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from calmcast.cli.failure import show_problems
from calmcast.cli.options import Length, Named, studio, workspace
from calmcast.errors import PublishError, ScriptError
from calmcast.script.fields import parse_name, suggestion
from calmcast.script.reference import schema_text
from calmcast.units import UnitError, format_length, parse_length
from calmcast.workspace import LEXICONS, SCRIPTS, SEGMENTS, VOICES, Workspace, normal

SCHEMA = "calmcast.schema.json"
"""The file in `scripts/` that tells an editor what a script may hold."""

_SCRIPT = """\
# yaml-language-server: $schema={schema}
# Your script: change anything. Two spaces for each step inwards; a line with a colon in it goes in "quotes".
#   calmcast check {name}      shows mistakes, with the line
#   calmcast plan {name}       shows what happens when
#   calmcast render {name}     makes the track
title: {title}
about: {about}
language: en-US
voice: {voice}
length: {length}
segments:
  # A segment written in place. Each segment is a chapter of the track.
  - title: Welcome
    steps:
      - bell: soft
      - pause: 4s
      - Welcome. Nothing has to be done, and nothing has to be perfect.
      - pause: 3s
      - Find a way to lie or sit, [1s] that is good for you today.
      - pause: 8s                 # grows and shrinks with the track
  # A name stands for a file in scripts/segments/: your own first, then those that ship (calmcast segments).
{segments}
  - title: Quiet
    steps:
      - I'll be quiet for a while. Move whenever you like.
      - rest: 2 min               # takes up the chosen length first
  - gentle-exit
  - title: Goodbye
    keep: yes                     # never shortened
    steps:
      - Thank you for taking this time.
      - pause: 3s
      - bell: soft
"""

_README = """\
# Relaxation tracks

This folder is for calmcast. Open a terminal here.

    calmcast scripts                                   lists the scripts there are
    calmcast render psoas-release --length "10 min"    makes a track, into output/
    calmcast new my-class                              writes a script of your own, into scripts/
    calmcast check                                     shows mistakes, with the line

- `scripts/` holds your scripts, `scripts/segments/` the parts they share. A file of yours with the name of one
  that ships takes its place.
- `voices/` holds your voices, `voices/lexicon/` how words are pronounced.
- `output/` is where tracks land: an MP3 to play, and beside it captions (.vtt, .lrc) and what is in it (.json).
"""


@click.command(
    epilog="\b\nExamples:\n  calmcast new tuesday-class\n  calmcast new long-rest --title 'Long rest' --length 25"
)
@click.argument("name", required=False)
@click.option("--title", help="The track's title.")
@click.option("--about", help="One sentence for those who choose it.")
@click.option("--length", type=Length(), help="The length when a command names none.  [default: 10 min]")
@click.option("--voice", type=Named("voice"), default="calm", show_default=True, help="The voice profile.")
@click.option(
    "--segment",
    "segments",
    multiple=True,
    type=Named("segment"),
    default=("settle", "breath"),
    help="A segment to put in; repeatable.  [default: settle, breath]",
)
@click.option("--force", is_flag=True, help="Replace a script of this name.")
@click.pass_context
def new(
    ctx: click.Context,
    name: str | None,
    title: str | None,
    about: str | None,
    length: tuple[int, ...] | None,
    voice: str,
    segments: tuple[str, ...],
    force: bool,
) -> None:
    """Write a new script, with comments, to start from.

    NAME is the file's name in scripts/, without its ending. On a terminal, what no option says is asked.
    """
    from calmcast.publish.files import write_bytes

    name = file_name(name or _asked("Name of the file", "my-class"))
    here = workspace(ctx)
    path = here.root / SCRIPTS / f"{name}.yaml"
    if path.exists() and not force:
        raise PublishError(f"{path} is there already", "choose another name, or say --force to replace it")
    _must_exist("voice", (voice,), here.voices())
    _must_exist("segment", segments, here.segments())
    if name in here.scripts() and not path.exists():
        click.echo(f"note: this takes the place of the script `{name}` that ships", err=True)
    usual = name.replace("-", " ").replace("_", " ").capitalize()
    text = _SCRIPT.format(
        schema=SCHEMA,
        name=json.dumps(name, ensure_ascii=False) if " " in name else name,
        title=_quoted((title or "").strip() or _asked("Title", usual)),
        about=_quoted((about or "").strip() or _asked("About, in one sentence", "A quiet rest.")),
        voice=_quoted(voice),
        length=format_length(length[0]) if length else _asked_length(),
        segments="\n".join(f"  - {_quoted(segment)}" for segment in segments if segment != "gentle-exit"),
    )
    write_bytes(here.root / SCRIPTS / SCHEMA, schema_text().encode())
    write_bytes(path, text.encode())
    click.echo(f"{path}")
    show_problems(studio(ctx).inspected(str(path)))
    click.echo(f"next: open it in an editor, then: calmcast render {shlex.quote(name)}")


@click.command(epilog="\b\nExample:\n  calmcast init my-classes")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make FOLDER ready: scripts/, voices/, output/ and a README for a teacher. What is there stays as it is."""
    from calmcast.publish.files import write_bytes

    here = Workspace(folder.expanduser())
    for part in (SCRIPTS, SEGMENTS, VOICES, LEXICONS, Path("output")):
        try:
            (here.root / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or "").lower()
            raise PublishError(f"{here.root / part} cannot be made: {reason}", "choose another folder") from error
    for path, text in ((here.root / "README.md", _README), (here.root / SCRIPTS / SCHEMA, schema_text())):
        if not path.exists():
            write_bytes(path, text.encode())
    click.echo(f"{here.root.resolve()} is ready.")
    step = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"next: {step}calmcast render psoas-release")


def file_name(text: str) -> str:
    """Return a script's name from what was typed. Raises ScriptError for what can be no file's name."""
    try:
        return parse_name(text.strip().removesuffix(".yaml"))
    except UnitError as error:
        raise ScriptError(str(error), error.hint) from error


def _must_exist(what: str, names: tuple[str, ...], known: Mapping[str, Path]) -> None:
    for name in names:
        if normal(name) not in known:
            hint = suggestion(name, known) or f"there is: {', '.join(known)}"
            raise ScriptError(f"there is no {what} `{name}`", hint)


def _quoted(text: str) -> str:
    """Return a text as YAML takes it, in double quotes where it needs them."""
    flat = " ".join(text.split())
    plain = flat.replace(" ", "").replace("-", "").replace(",", "").replace(".", "").isalnum() and flat[0].isalpha()
    return flat if plain else json.dumps(flat, ensure_ascii=False)


def _asked(question: str, default: str) -> str:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    answer: str = click.prompt(question, default=default)
    return answer.strip() or default


def _asked_length() -> str:
    while True:
        answer = _asked("Length", "10 min")
        try:
            return format_length(parse_length(answer))
        except UnitError as error:
            click.echo(f"{error}; {error.hint}", err=True)
