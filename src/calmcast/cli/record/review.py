"""`calmcast record review`, `accept` and `mend`: which readings are right."""

from functools import partial

import click

from calmcast.cli.options import Written, workspace
from calmcast.cli.output import progress
from calmcast.cli.record.sheet import own_folder, own_voice_option
from calmcast.errors import ScriptError, SoundError
from calmcast.text import counted
from calmcast.units import SAMPLE_RATE, format_clock, format_span, parse_offset

_PLACE = Written("time", parse_offset, hint="write a time such as 3:12.5 or 8.2s")
"""In a recording, in samples."""


@click.command(epilog="\b\nExample:\n  calmcast record review")
@own_voice_option
@click.pass_context
def review(ctx: click.Context, voice: str) -> None:
    """Make a page to listen to what was recorded, line by line: review.html in the folder of the recordings.

    It shows the commands for what you found right or wrong.
    """
    from calmcast.files import write_bytes
    from calmcast.publish.pages import review_page
    from calmcast.takes.review import reviewed
    from calmcast.takes.sheet import read_sheet

    here = workspace(ctx)
    folder = own_folder(here, voice)
    sheet = read_sheet(folder, voice)
    with progress() as show:
        lines = reviewed(sheet, here.library.voice(voice), folder, here.recordings, partial(show, "listening"))
    page = review_page(sheet.title, voice, sheet.language, lines)
    write_bytes(folder / "review.html", page.encode())
    states = [line.state for line in lines]
    missing = states.count("missing") + states.count("stale")
    click.echo(f"{folder / 'review.html'}")
    click.echo(
        f"  {counted(len(lines) - missing, 'line')} recorded, {states.count('doubtful') or 'none'} in doubt, "
        f"{missing or 'none'} missing"
    )


@click.command(epilog="\b\nExample:\n  calmcast record accept settle-7k2m rest-b4dh")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@own_voice_option
@click.pass_context
def accept(ctx: click.Context, ids: tuple[str, ...], voice: str) -> None:
    """Say that readings are right, although they were in doubt."""
    from calmcast.takes.ledger import accept_takes

    accepted = accept_takes(own_folder(workspace(ctx), voice), ids)
    click.echo(f"{counted(len(accepted), 'line')} accepted")


@click.command(epilog="\b\nExample:\n  calmcast record mend settle-7k2m --from 3:12.5 --to 3:18")
@click.argument("line", metavar="ID")
@click.option("--from", "start", type=_PLACE, required=True, help="Where it begins in the recording.")
@click.option("--to", "end", type=_PLACE, required=True, help="Where it ends.")
@own_voice_option
@click.pass_context
def mend(ctx: click.Context, line: str, start: int, end: int, voice: str) -> None:
    """Cut a line anew from the recording that it came from. The cut before is kept in the list."""
    from dataclasses import replace

    from calmcast.takes.ledger import add_takes, load_ledger
    from calmcast.takes.reading import samples_between

    if end - start < SAMPLE_RATE // 10:
        raise click.UsageError("--to has to be later than --from")
    folder = own_folder(workspace(ctx), voice)
    take = next((take for take in load_ledger(folder).latest().values() if take.id == line), None)
    if take is None:
        raise ScriptError(f"no line `{line}` is recorded in the voice {voice}", "calmcast record review shows the ids")
    try:
        samples_between(folder / take.file, start, end)
    except SoundError as error:
        where = f"{format_clock(start)} to {format_clock(end)}"
        raise SoundError(f"{where} cannot be cut: {error.message}", "calmcast record review shows the times") from error
    add_takes(folder, (replace(take, start=start, end=end, doubt=None, accepted=True),))
    click.echo(f"{line} is now {format_span(end - start)} long: calmcast record review --voice {voice}")
