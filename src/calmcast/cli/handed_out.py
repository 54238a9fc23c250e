"""What `calmcast playlist` says of a class that was made: what is where, for whom, and what to write to them."""

import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_failures
from calmcast.cli.output import echo, echo_again
from calmcast.text import counted
from calmcast.units import format_bytes, format_length

if TYPE_CHECKING:
    from calmcast.classes.run import Outcome
    from calmcast.classes.sending import Package

_Line = tuple[bool, str]
"""Whether it is said on standard error, and what."""


def tell(
    name: str, folder: Path, outcome: "Outcome", later: "Outcome", sent: "Sequence[Package]", *, prune: bool
) -> None:
    """Print what was made of a class, and keep what there is to say next time: `later` is how that goes."""
    for err, line in _lines(outcome, sent, prune=prune):
        click.echo(line, err=err)
    for err, line in _lines(later, sent, prune=prune):
        echo_again(line, err=err)
    show_failures((failure, made.handout.client) for made in outcome.sets for failure in made.failures)
    for line in (*_private(outcome), *_messages(outcome, sent)):
        echo(line)
    if any(made.handout.tracks for made in outcome.sets):
        echo(f"next: calmcast serve {shlex.quote(name)}, or open {folder / 'index.html'}")


def _private(outcome: "Outcome") -> Iterator[str]:
    """Yield which folder is for one person alone, and what that means for whoever puts the class on the web."""
    from calmcast.classes.owned_files import CLIENTS

    handed = [made for made in outcome.sets if made.handout.client and made.handout.tracks]
    for made in handed:
        yield f"for {made.handout.client} alone: {made.handout.url or f'{made.folder}{os.sep}'}"
    if handed:
        yield (
            "Give each of them their own folder or address, and nobody else's: it cannot be guessed, and nothing lists "
            f"it. If none of them listens on the web, leave {CLIENTS}{os.sep} out when you upload the class."
        )


def _messages(outcome: "Outcome", sent: "Sequence[Package]") -> Iterator[str]:
    """Yield the messages to paste, those for everybody first."""
    from calmcast.classes.sending import message_for

    for made in outcome.sets:
        if made.handout.tracks:
            whom = f" for {made.handout.client}" if made.handout.client else ""
            yield f"\nto paste into a message{whom}:\n\n{message_for(made, sent).rstrip()}"
    if not any(made.handout.url for made in outcome.sets) and not sent:
        yield (
            "\n(Each message speaks of a file that comes with it: --one-file makes it."
            " Or put the class on the web: --base-url.)"
        )


def _lines(outcome: "Outcome", sent: "Sequence[Package]", *, prune: bool) -> Iterator[_Line]:
    """Yield what there is to say of an outcome, and whether on standard error."""
    for made in outcome.sets:
        if not made.handout.tracks:
            continue
        whom = f" for {made.handout.client}" if made.handout.client else ""
        ways = len(made.handout.ways_out)
        also = f" and {ways} {'way' if ways == 1 else 'ways'} out" if ways else ""
        retagged = f"{len(made.retagged)} retagged, " if made.retagged else ""
        new = f"{len(made.made)} made, {retagged}{len(made.current)} there already"
        tracks = counted(len(made.handout.tracks), "track")
        yield False, f"{made.folder}{os.sep}  {tracks}{also}{whom}, {format_length(made.handout.samples)} ({new})"
        yield from ((False, f"  {track.file}") for track in made.made)
        yield from ((False, f"  {track.file}: retagged, its sound is the same") for track in made.retagged)
    yield from (line for package in sent for line in _package(package))
    yield from ((True, line) for note in outcome.notes for line in str(note).splitlines())
    if outcome.anew:
        yield True, f"{outcome.anew} is gone: to podcast apps every track is new, and every client has a new folder"
        yield True, "  where you have a copy of it, put it back, and run this again before you hand anything out"
    if outcome.strays:
        what = counted(len(outcome.strays), "file")
        word = "removed:" if prune else "no longer belong here; --prune removes them:"
        yield True, f"{what} {word}"
        yield from ((True, f"  {path}") for path in outcome.strays)


def _package(package: "Package") -> Iterator[_Line]:
    """Yield where something to send lies and how large it is, and of a page whether it fits into a mail."""
    whom = f", for {package.client} alone" if package.client else ""
    at = f"{package.path}{os.sep}" if package.form == "mp3" else str(package.path)
    if package.form != "one-file":
        yield False, f"{at}  {format_bytes(package.size)}{whom}"
        return
    mail = f"{format_bytes(package.mailed)} in a mail"
    fits = "which is too much: many take 20 MB at most" if package.advice else "which has room for 20 MB"
    yield False, f"{at}  {format_bytes(package.size)}{whom}; {mail}, {fits}"
    if package.advice:
        yield True, f"  {package.advice}"
