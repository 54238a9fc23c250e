"""`calmcast record import`."""

import shlex
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_error
from calmcast.cli.options import json_option, workspace
from calmcast.cli.output import print_json, progress
from calmcast.cli.record.sheet import own_folder, own_voice_option
from calmcast.errors import CalmcastError, SoundError
from calmcast.text import counted, shorten
from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from calmcast.cli.output import Progress
    from calmcast.model.voice import Recording
    from calmcast.takes.bring import Brought
    from calmcast.takes.prompts import Prompt
    from calmcast.workspace.workspace import Workspace

_EPILOG = """\b
Examples:
  calmcast record import "New Recording 12.m4a"
  calmcast record import my-recordings-folder
"""


@click.command("import", epilog=_EPILOG)
@click.argument("files", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@own_voice_option
@click.option("--as", "kind", type=click.Choice(["take", "lines"]), help="One long take, or a file a line.")
@json_option
@click.pass_context
def import_(ctx: click.Context, files: tuple[Path, ...], voice: str, kind: str | None, as_json: bool) -> None:
    """Bring in what you recorded: one long take of the whole sheet, or a file for each line.

    A long take is cut at its silences and matched to the lines of the last `record sheet`. A file for a line has the
    line's id or number in its name. Your files are copied, never changed; a line that was read again replaces the
    reading before.
    """
    from calmcast.takes.bring import bring_line, bring_long_take
    from calmcast.takes.names import meant, sorted_out, sounds_in
    from calmcast.takes.sheet import read_sheet

    here = workspace(ctx)
    folder = own_folder(here, voice)
    sheet = read_sheet(folder, voice)
    lines, takes, unknown = sorted_out(sounds_in(files), sheet.prompts, kind)
    reading = sheet.reading or sheet.prompts
    wanted = {p.id: p for p in (*(p for _, p in lines), *(reading if takes else ()))}
    brought, failed = list["Brought"](), list[CalmcastError]()
    with progress(quiet=as_json) as show:
        spoken = _spoken(here, voice, tuple(wanted.values()), show)
        works: list[Callable[[], Brought]] = []
        works += [partial(bring_line, folder, path, p, spoken[p.id].samples / SAMPLE_RATE) for path, p in lines]
        heard = tuple(spoken[p.id] for p in reading) if takes else ()
        works += [partial(bring_long_take, here.recordings, folder, path, reading, heard) for path in takes]
        for done, work in enumerate(works):
            show("importing", done, len(works))
            try:
                brought.append(work())
            except SoundError as error:
                failed.append(error)
    if brought or as_json:
        _report(brought, unknown, voice, as_json)
    for path in unknown:
        click.echo(f"{path.name} was left out: {meant(path.name, sheet.prompts)}", err=True)
    if unknown and not brought and kind is None:
        click.echo("A long take of the whole sheet: calmcast record import --as take FILE", err=True)
    for fault in failed:
        show_error(fault.message, fault.hint)
    if failed or not brought:
        sys.exit(SoundError.exit_code)


def _spoken(here: "Workspace", voice: str, wanted: "tuple[Prompt, ...]", show: "Progress") -> "Mapping[str, Recording]":
    """Return each line as the stand-in says it, by its id: what a reading is compared with."""
    from calmcast.track.cast import casting_of
    from calmcast.track.references import references

    narrator = casting_of(here, voice).narrator
    made = references(here, narrator, wanted, partial(show, "learning the lines"))
    return {prompt.id: recording for prompt, recording in zip(wanted, made, strict=True)}


def _report(brought: "list[Brought]", unknown: list[Path], voice: str, as_json: bool) -> None:
    takes = [take for each in brought for take in each.takes]
    doubtful = [take for take in takes if take.doubt]
    there = {take.id for take in takes}
    missing = {p.id: p for each in brought for p in each.missing if p.id not in there}.values()
    if as_json:
        print_json({
            "takes": [{"id": t.id, "text": t.text, "doubt": t.doubt} for t in takes],
            "missing": [{"number": p.number, "id": p.id, "text": p.text} for p in missing],
            "unknown": [str(path) for path in unknown],
        })  # fmt: skip
        return
    click.echo(f"{counted(len(takes), 'line')} imported, {len(doubtful) or 'none'} in doubt")
    if doubtful:
        click.echo("A reading in doubt takes no good one's place until you accept it:")
    for take in doubtful:
        click.echo(f"  {take.id}: {take.doubt}")
    if missing:
        click.echo(f"{counted(len(missing), 'line')} not found in the recording:")
        for prompt in missing:
            click.echo(f"  {prompt.number} {prompt.id}: {shorten(prompt.text, 60)}")
    if takes:
        click.echo(f"next: calmcast record review --voice {shlex.quote(voice)}")
