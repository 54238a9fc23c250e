"""`calmcast record sheet`."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import click

from calmcast.cli.options import F, Named, choice_options, length_option, workspace
from calmcast.cli.output import progress
from calmcast.errors import ScriptError
from calmcast.text import counted
from calmcast.units import format_length

if TYPE_CHECKING:
    from pathlib import Path

    from calmcast.publish.pages import SheetSegment
    from calmcast.takes.prompts import Prompt
    from calmcast.takes.sheet import Sheet
    from calmcast.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read."""

    name: str
    """Of a script or a class."""
    choices: "Mapping[str, str]"
    lengths: tuple[int, ...]
    """In samples; empty: whatever any length says."""
    voice: str
    everything: bool
    """What the voice has recorded already, too."""


own_voice_option = click.option(
    "--voice", "-v", type=Named("voice"), default="my-recordings", show_default=True, help="Your own voice's profile."
)

_EPILOG = """\b
Examples:
  calmcast record sheet psoas-release
  calmcast record sheet psoas-release --length 10 --set knees=yes
  calmcast record sheet after-class           # a class: all that its tracks say
"""


def wanted_options(ask_for: str) -> Callable[[F], F]:
    """Add all that says what is to be read to a command, which `ask_for` begins the help of; it gets one `wanted`."""

    def added(command: F) -> F:
        @wraps(command)
        def with_wanted(
            *args: Any, script: str, options: Any, lengths: Any, voice: str, everything: bool, **others: Any
        ) -> Any:
            return command(*args, wanted=Wanted(script, options, lengths, voice, everything), **others)

        every = click.option("--everything", is_flag=True, help=f"{ask_for} what is recorded already, too.")
        options = length_option()(choice_options(every(cast(F, with_wanted))))
        return click.argument("script", type=Named("script"))(own_voice_option(options))

    return added


@click.command(epilog=_EPILOG)
@wanted_options("Ask for")
@click.pass_context
def sheet(ctx: click.Context, wanted: Wanted) -> None:
    """Write what to read aloud: a page to print or read from the screen, and the same as a text file.

    SCRIPT is a name or the path of a file, a class's too. Only what is not recorded yet; numbered, segment by segment,
    with how it should sound. A length says a part of a script's lines: name it, and no other has to be read.
    """
    from calmcast.files import write_bytes
    from calmcast.publish.pages import sheet_page, sheet_text
    from calmcast.takes.sheet import NAME, sheet_json

    here = workspace(ctx)
    written, folder = make_sheet(here, wanted), own_folder(here, wanted.voice)
    segments = tuple(_segments(written.reading))
    arguments = (written.title, wanted.voice, written.language, segments, len(written.asked), len(written.prompts))
    write_bytes(folder / NAME, sheet_json(written).encode())
    write_bytes(folder / "sheet.txt", sheet_text(*arguments).encode())
    write_bytes(folder / "sheet.html", sheet_page(*arguments).encode())
    if written.asked:
        own = "" if wanted.voice == "my-recordings" else f" --voice {shlex.quote(wanted.voice)}"
        left = f"{counted(len(written.asked), 'line')} to read of {len(written.prompts)}"
        click.echo(f"{folder / 'sheet.html'}\n  {left}")
        click.echo(f"Read them aloud, then: calmcast record import FILE{own}")
    else:
        click.echo(f"All {len(written.prompts)} lines are recorded: {next_command(here, wanted)}")


def next_command(here: "Workspace", wanted: Wanted) -> str:
    """Return what makes tracks of what was read."""
    name = shlex.quote(wanted.name)
    if here.folder.is_class(wanted.name):
        return f"calmcast playlist {name}"
    lengths = "".join(f" --length {format_length(samples).replace(' ', '')}" for samples in wanted.lengths)
    return f"calmcast render {name}{lengths} --voice {shlex.quote(wanted.voice)}"


def own_folder(here: "Workspace", voice: str) -> "Path":
    """Return the folder of a voice's recordings. Raises ScriptError where the profile has none."""
    profile = here.library.voice(voice)
    if profile.recordings is None:
        hint = f"add `recordings: {voice}` and `fallback: calm` to voices/{voice}.yaml, or use --voice my-recordings"
        raise ScriptError(f"the voice `{voice}` has no recordings of its own", hint)
    return here.folder.recordings / profile.recordings


def make_sheet(here: "Workspace", wanted: Wanted) -> "Sheet":
    """Return a sheet of a script or a class; it asks for what the voice has not recorded, or for everything.

    Raises UsageError where something is wanted that a class says itself.
    """
    from calmcast.takes.ledger import load_ledger
    from calmcast.takes.prompts import same_text

    every = (_of_class if here.folder.is_class(wanted.name) else _of_script)(here, wanted)
    there = {} if wanted.everything else load_ledger(own_folder(here, wanted.voice)).newest()
    asked = tuple(prompt.number for prompt in every.prompts if same_text(prompt.text) not in there)
    return replace(every, asked=asked)


def _of_script(here: "Workspace", wanted: Wanted) -> "Sheet":
    from calmcast.track.check import load_script
    from calmcast.track.reading import script_sheet

    return script_sheet(here, load_script(here, wanted.name), wanted.choices, wanted.lengths, wanted.voice)


def _of_class(here: "Workspace", wanted: Wanted) -> "Sheet":
    from calmcast.classes.reading import class_sheet

    if wanted.lengths or wanted.choices:
        message = f"{wanted.name} is a class, and says itself how its tracks are: open its file to change it"
        raise click.UsageError(message)
    with progress() as show:
        return class_sheet(here, wanted.name, show)


def _segments(reading: "tuple[Prompt, ...]") -> "Iterator[SheetSegment]":
    from calmcast.publish.pages import SheetLine, SheetSegment

    for title, prompts in groupby(reading, key=lambda prompt: prompt.segment):
        lines = (SheetLine(prompt.number, prompt.id, prompt.text, prompt.manner) for prompt in prompts)
        yield SheetSegment(title, tuple(lines))
