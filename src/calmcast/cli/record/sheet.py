"""`calmcast record sheet`."""

import shlex
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import Named, choice_options, workspace
from calmcast.errors import ScriptError
from calmcast.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    from calmcast.publish.pages import SheetSegment
    from calmcast.takes.prompts import Prompt
    from calmcast.takes.sheet import Sheet
    from calmcast.workspace.workspace import Workspace

own_voice_option = click.option(
    "--voice", "-v", type=Named("voice"), default="my-recordings", show_default=True, help="Your own voice's profile."
)

_EPILOG = """\b
Examples:
  calmcast record sheet psoas-release
  calmcast record sheet psoas-release --set knees=yes --voice my-recordings
"""


@click.command(epilog=_EPILOG)
@click.argument("script", type=Named("script"))
@own_voice_option
@choice_options
@click.option("--everything", is_flag=True, help="Ask for what is recorded already, too.")
@click.pass_context
def sheet(
    ctx: click.Context,
    script: str,
    voice: str,
    options: dict[str, str],
    everything: bool,
) -> None:
    """Write what to read aloud: a page to print or read from the screen, and the same as a text file.

    Only what is not recorded yet; numbered, segment by segment, with how it should sound.
    """
    from calmcast.files import write_bytes
    from calmcast.publish.pages import sheet_page, sheet_text
    from calmcast.takes.sheet import NAME, sheet_json

    here = workspace(ctx)
    written = make_sheet(here, script, options, voice, everything=everything)
    folder = own_folder(here, voice)
    segments = tuple(_segments(written.reading))
    arguments = (written.title, voice, written.language, segments, len(written.asked), len(written.prompts))
    write_bytes(folder / NAME, sheet_json(written).encode())
    write_bytes(folder / "sheet.txt", sheet_text(*arguments).encode())
    write_bytes(folder / "sheet.html", sheet_page(*arguments).encode())
    if written.asked:
        click.echo(
            f"{folder / 'sheet.html'}\n  {counted(len(written.asked), 'line')} to read of {len(written.prompts)}"
        )
        click.echo(f"Read them aloud, then: calmcast record import FILE{_voice(voice)}")
    else:
        click.echo(f"All {len(written.prompts)} lines are recorded: calmcast render {script} --voice {voice}")


def _voice(name: str) -> str:
    return "" if name == "my-recordings" else f" --voice {shlex.quote(name)}"


def own_folder(here: "Workspace", voice: str) -> "Path":
    """Return the folder of a voice's recordings. Raises ScriptError where the profile has none."""
    profile = here.library.voice(voice)
    if profile.recordings is None:
        hint = f"add `recordings: {voice}` and `fallback: calm` to voices/{voice}.yaml, or use --voice my-recordings"
        raise ScriptError(f"the voice `{voice}` has no recordings of its own", hint)
    return here.folder.recordings / profile.recordings


def make_sheet(
    here: "Workspace", script: str, chosen: dict[str, str], voice: str, *, everything: bool = False
) -> "Sheet":
    """Return a sheet of a script's lines as these choices leave them; it asks for what the voice has not recorded."""
    from calmcast.takes.ledger import load_ledger
    from calmcast.takes.prompts import prompts, same_text
    from calmcast.takes.sheet import Sheet
    from calmcast.track.check import load_script
    from calmcast.track.performance import settled

    read, _ = settled(load_script(here, script), chosen)
    every = prompts(read)
    there = {} if everything else load_ledger(own_folder(here, voice)).newest()
    asked = tuple(prompt.number for prompt in every if same_text(prompt.text) not in there)
    return Sheet(read.name, read.title, read.language, every, asked)


def _segments(reading: "tuple[Prompt, ...]") -> "Iterator[SheetSegment]":
    from calmcast.publish.pages import SheetLine, SheetSegment

    for title, prompts in groupby(reading, key=lambda prompt: prompt.segment):
        lines = (SheetLine(prompt.number, prompt.id, prompt.text, prompt.manner) for prompt in prompts)
        yield SheetSegment(title, tuple(lines))
