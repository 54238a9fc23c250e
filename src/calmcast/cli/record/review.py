"""`calmcast record review`, `accept` and `mend`: which readings are right."""

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import Written, workspace
from calmcast.cli.output import progress
from calmcast.cli.record.sheet import own_folder, own_voice_option
from calmcast.errors import ScriptError, SoundError
from calmcast.text import counted
from calmcast.units import SAMPLE_RATE, format_clock, format_span, parse_offset, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from calmcast.model.voice import Recording
    from calmcast.publish.pages import ReviewLine, State
    from calmcast.takes.ledger import Take
    from calmcast.takes.prompts import Prompt


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
    from calmcast.takes.heard import heard_in
    from calmcast.takes.ledger import load_ledger
    from calmcast.takes.prompts import same_text
    from calmcast.takes.sheet import read_sheet

    here = workspace(ctx)
    folder = own_folder(here, voice)
    sheet, ledger = read_sheet(folder, voice), load_ledger(folder)
    there = ledger.latest()
    old = {same_text(now): take for take, now in ledger.stale(tuple(prompt.text for prompt in sheet.prompts))}
    with progress() as show:
        takes = [there[same_text(p.text)] for p in sheet.prompts if same_text(p.text) in there]
        tone = here.library.voice(voice).tone
        sounds = heard_in(folder, takes, tone, here.recordings, partial(show, "listening"))
    lines = tuple(_reviewed(p, there.get(same_text(p.text)), old.get(same_text(p.text)), sounds, voice)
                  for p in sheet.prompts)  # fmt: skip
    page = review_page(sheet.title, voice, sheet.language, lines)
    write_bytes(folder / "review.html", page.encode())
    states = [line.state for line in lines]
    click.echo(f"{folder / 'review.html'}")
    click.echo(
        f"  {counted(len(takes), 'line')} recorded, {states.count('doubtful') or 'none'} in doubt, "
        f"{states.count('missing') + states.count('stale') or 'none'} missing"
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
    take = _take(load_ledger(folder).latest().values(), line, voice)
    try:
        samples_between(folder / take.file, start, end)
    except SoundError as error:
        where = f"{format_clock(start)} to {format_clock(end)}"
        raise SoundError(f"{where} cannot be cut: {error.message}", "calmcast record review shows the times") from error
    add_takes(folder, (replace(take, start=start, end=end, doubt=None, accepted=True),))
    click.echo(f"{line} is now {format_span(end - start)} long: calmcast record review --voice {voice}")


def _take(takes: "Iterable[Take]", line: str, voice: str) -> "Take":
    for take in takes:
        if take.id == line:
            return take
    raise ScriptError(f"no line `{line}` is recorded in the voice {voice}", "calmcast record review shows the ids")


def _reviewed(
    prompt: "Prompt",
    take: "Take | None",
    old: "Take | None",
    sounds: "dict[int, tuple[str, Recording]]",
    voice: str,
) -> "ReviewLine":
    from calmcast.publish.pages import ReviewLine

    if take is None:
        doubt = f"its words have changed; the recording says: {old.text}" if old else None
        state: State = "stale" if old else "missing"
        return ReviewLine(prompt.number, prompt.id, prompt.text, None, 0.0, doubt, state, "", None, None)
    name, recording = sounds[take.number]
    start, end = f"{seconds(take.start):.2f}s", f"{seconds(take.end):.2f}s"
    return ReviewLine(
        number=prompt.number,
        id=take.id,
        text=prompt.text,
        audio=name,
        length_s=seconds(recording.samples),
        doubt=None if take.accepted else take.doubt,
        state="taken" if take.good else "doubtful",
        place=f"{Path(take.file).name}, {start} to {end}",
        accept_command=f"calmcast record accept --voice {shlex.quote(voice)} {take.id}",
        mend_command=f"calmcast record mend --voice {shlex.quote(voice)} {take.id} --from {start} --to {end}",
    )
