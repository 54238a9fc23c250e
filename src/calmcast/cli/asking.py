"""Asks whoever sits at a terminal whether a voice may run its program, and says where one may not."""

import sys
from typing import TYPE_CHECKING

import click

from calmcast.cli.output import paused
from calmcast.invisible import visible

if TYPE_CHECKING:
    from calmcast.speech.engines.allowed import Errand
    from calmcast.track.speakers import Cast

_declined = set[str]()
"""What was asked, and not allowed: nobody is asked twice in one run."""


def ask(voice: str, errand: "Errand") -> None:
    """Show what a voice would run, and remember it where that is allowed; off a terminal, nobody is asked."""
    from calmcast.speech.engines.allowed import allow, told

    if errand.digest in _declined or not _on_terminal():
        return
    with paused():
        click.echo(f"The voice {visible(voice)} of this folder runs a program, once for each phrase:", err=True)
        for line in told(errand):
            click.echo(line, err=True)
        click.echo("Allow it only where you know what it does. Where any of it changes, you are asked again.", err=True)
        if click.confirm("May it run?", default=False, err=True):
            allow(voice, errand)
        else:
            _declined.add(errand.digest)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def tell_unallowed(cast: "Cast") -> None:
    """Say which voices are spoken by others because their programs are not allowed, and how to allow them."""
    from calmcast.track.speakers import unallowed_programs

    for note in unallowed_programs(cast):
        click.echo(note, err=True)
