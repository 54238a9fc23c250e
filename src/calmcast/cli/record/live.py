"""`calmcast record live`."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_error
from calmcast.cli.options import workspace
from calmcast.cli.record.sheet import Wanted, make_sheet, next_command, own_folder, wanted_options
from calmcast.errors import SoundError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from calmcast.takes.prompts import Prompt

_METER = 24
_CLIPS = 0.98
_FAINT = 0.03

_EPILOG = """\b
Examples:
  calmcast record live psoas-release
  calmcast record live psoas-release --length 10
"""


@click.command(epilog=_EPILOG)
@wanted_options("Go through")
@click.pass_context
def live(ctx: click.Context, wanted: Wanted) -> None:
    """Record line by line from the microphone of this machine.

    SCRIPT is a name or the path of a file, a class's too; `--length`: only what tracks of that length say. Each line
    is kept as soon as you go on to the next; stop whenever you like, and run it again to go on.
    """
    from calmcast.takes.microphone import trouble

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("record live needs a terminal; elsewhere: calmcast record sheet, and record import")
    here = workspace(ctx)
    sheet, folder = make_sheet(here, wanted), own_folder(here, wanted.voice)
    if not sheet.reading:
        click.echo(f"All {len(sheet.prompts)} lines are recorded.")
        return
    if (fault := trouble()) is not None:
        raise fault
    click.echo("Enter records, and Enter again ends it. Then: Enter keeps it, r records it again.", err=True)
    click.echo("Before recording: s leaves a line out, b goes back to the one before, q stops.\n", err=True)
    kept, place = 0, 0
    while place < len(sheet.reading):
        prompt = sheet.reading[place]
        click.echo(f"{prompt.number} of {len(sheet.prompts)} · {prompt.segment} · {prompt.manner}", err=True)
        click.echo(click.style(f"  {prompt.text}", bold=True), err=True)
        answer = _key("\r\nsbq")
        if answer == "q":
            break
        if answer in "sb":
            place = max(0, place + (1 if answer == "s" else -1))
            continue
        if _recorded(prompt, folder):
            kept, place = kept + 1, place + 1
    left = len(make_sheet(here, replace(wanted, everything=False)).asked)
    click.echo(f"\n{kept} recorded; {left or 'none'} left: {next_command(here, wanted)}", err=True)


def _recorded(prompt: "Prompt", folder: "Path") -> bool:
    """Record a line until it is kept (True) or let go."""
    from calmcast.takes.bring import keep_reading

    while True:
        try:
            samples = _listened()
        except SoundError as error:
            show_error(error.message, error.hint)
            return False
        click.echo(f"  {_verdict(samples)}   Enter keep · r again · q let it go", err=True)
        answer = _key("\r\nrq")
        if answer == "q":
            return False
        if answer == "r":
            continue
        try:
            keep_reading(folder, prompt, samples)
        except SoundError as error:
            show_error(error.message, error.hint)
            continue
        return True


def _listened() -> "NDArray[np.int16]":
    from calmcast.takes.microphone import Listening

    listening = Listening(_show_level)
    try:
        _key("\r\n")
    finally:
        samples = listening.stop()
        click.echo("\r" + " " * (_METER + 20) + "\r", nl=False, err=True)
    return samples


def _show_level(peak: float) -> None:
    filled = min(_METER, round(_METER * peak**0.5))
    colour = "red" if peak > _CLIPS else "green"
    bar = click.style("█" * filled, fg=colour) + "·" * (_METER - filled)
    click.echo(f"\r  ● {bar}  Enter ends it ", nl=False, err=True)


def _verdict(samples: "NDArray[np.int16]") -> str:
    """Return how long a recording is, and whether its level will do."""
    import numpy as np

    from calmcast.units import format_span

    peak = float(np.abs(samples.astype(np.int32)).max(initial=0)) / 32_768
    level = "too loud: sit farther away" if peak > _CLIPS else "very soft: come nearer" if peak < _FAINT else "good"
    return f"{format_span(len(samples))}, level {level}"


def _key(allowed: str) -> str:
    """Wait for one of these keys and return it, in lower case. Ctrl-C and Ctrl-D stop as everywhere."""
    while True:
        pressed = click.getchar().lower()
        if pressed in allowed:
            return pressed
