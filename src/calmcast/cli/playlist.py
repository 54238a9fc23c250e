"""`calmcast playlist`."""

import os
import shlex
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_briefly, show_failures, show_problems
from calmcast.cli.options import Named, Written, json_option, workspace
from calmcast.cli.output import echo, echo_again, nothing_left, print_json, progress, there_already
from calmcast.script.language.class_values import parse_address
from calmcast.seen import looked_at
from calmcast.text import counted
from calmcast.units import format_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calmcast.classes.run import Outcome
    from calmcast.classes.sets import TrackSet
    from calmcast.store.store import Store

_Line = tuple[bool, str]
"""Whether it is said on standard error, and what."""
_MOST_JOBS = 4

_EPILOG = """\b
Examples:
  calmcast playlist after-class
  calmcast playlist after-class --zip
  calmcast playlist after-class --base-url https://example.org/after-class/ --prune
"""


@click.command(epilog=_EPILOG)
@click.argument("name", type=Named("class"))
@click.option(
    "--base-url",
    "url",
    type=Written("address", parse_address),
    metavar="URL",
    help="Where the class's folder will be on the web, in place of its `url`: with it comes a feed.",
)
@click.option("--zip", "zipped", is_flag=True, help="Also pack each set into one file to send: output/NAME.zip.")
@click.option("--pdf", is_flag=True, help="Also print the card: card.pdf (needs `pip install 'calmcast[pdf]'`).")
@click.option("--prune", is_flag=True, help="Remove tracks of earlier runs that no longer belong.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), help="How many tracks are made at a time.  [default: one a core]"
)
@json_option
@click.pass_context
def playlist(
    ctx: click.Context,
    name: str,
    url: str | None,
    zipped: bool,
    pdf: bool,
    prune: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Make all tracks of a class, and what is handed out with them, in output/NAME/.

    NAME is the class's file in scripts/classes/. Only what is missing or changed is made; run it again to go on after
    it was stopped. Beside the tracks lie a page to play them (index.html), playlists, a card to print, captions, and
    with an address a feed for podcast apps. Named clients get the same in folders of their own.

    What must last, each track's day and each client's folder, is kept beside the class in NAME.register.json: back it
    up with your scripts. output/ can be deleted at any time.
    """
    from calmcast.classes.load import load_class, runnable_class
    from calmcast.classes.register import read_register, register_path
    from calmcast.classes.run import afterwards, bring_up_to_date
    from calmcast.classes.sets import told, track_sets
    from calmcast.classes.shapes import outcome_shape

    if pdf:
        _check_pdf()
    here = workspace(ctx)
    loaded = load_class(here, name)
    plan = runnable_class(loaded)
    read_register(register_path(here.folder, loaded))  # one that is damaged is told before anything is spoken
    loaded = replace(loaded, plan=replace(plan, url=url or plan.url))
    show_problems(() if as_json else loaded.problems)
    with progress(quiet=as_json) as show:
        sets = track_sets(here, loaded, show)
        if not as_json:
            _tell_voices(sets)
        show_briefly(() if as_json else told(sets, loaded.problems))
        announce = (lambda due, number: None) if as_json else partial(_announce, plan.title)
        now, jobs = datetime.now(UTC), jobs or min(_MOST_JOBS, _cores())
        outcome = bring_up_to_date(
            here, loaded, sets, now=now, jobs=jobs, prune=prune, progress=show, announce=announce
        )
    folder = here.folder.output / loaded.name
    packed = _packed(outcome, folder, here.store, zipped=zipped)
    if pdf:
        _print_cards(outcome)
    later = afterwards(outcome, pruned=prune)
    if as_json:
        print_json(outcome_shape(outcome, packed, prune=prune), again=outcome_shape(later, packed, prune=prune))
    else:
        _tell(loaded.name, folder, _lines(outcome, packed, prune=prune), _lines(later, packed, prune=prune), outcome)
    if outcome.failures:
        sys.exit(outcome.failures[0].error.exit_code)
    if not pdf:
        nothing_left()


def _announce(title: str, due: int, number: int) -> None:
    """Say how many tracks are made now, and that next time none is."""
    there = there_already(number) if number else "none of its tracks can be made"
    if due:
        click.echo(f"{title}: {counted(number, 'track')}, {due} to make", err=True)
    (echo_again if due else echo)(there, err=True)


def _tell(name: str, folder: Path, now: "Iterable[_Line]", later: "Iterable[_Line]", outcome: "Outcome") -> None:
    """Print what was made, and what there is to say next time."""
    for err, line in now:
        click.echo(line, err=err)
    for err, line in later:
        echo_again(line, err=err)
    show_failures((failure, made.handout.client) for made in outcome.sets for failure in made.failures)
    for line in _private(outcome):
        echo(line)
    if any(made.handout.tracks for made in outcome.sets):
        echo(f"next: calmcast serve {shlex.quote(name)}, or open {folder / 'index.html'}")


def _private(outcome: "Outcome") -> "Iterator[str]":
    """Yield which folder is for one person alone, and what that means for whoever puts the class on the web."""
    from calmcast.classes.owned_files import CLIENTS

    handed = [made for made in outcome.sets if made.handout.client and made.handout.tracks]
    for made in handed:
        yield f"for {made.handout.client} alone: {made.handout.url or f'{made.folder}{os.sep}'}"
    if handed:
        yield (
            "Give each of them their own folder or address, and nobody else's: it cannot be guessed, and nothing lists "
            f"it. Do not publish {CLIENTS}{os.sep} where none of them listens on the web."
        )


def _tell_voices(sets: "Sequence[TrackSet]") -> None:
    """Say who speaks, and how to get a natural voice where none does."""
    from calmcast.track.speakers import better_voices, cast_in_words

    cast = {
        name: casting for each in sets for made in each.tracks for name, casting in made.track.performance.cast.items()
    }
    if cast:
        echo(cast_in_words(cast), err=True)
    for note in better_voices(cast):
        echo(note, err=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _packed(outcome: "Outcome", folder: Path, store: "Store", *, zipped: bool) -> list[Path]:
    """Pack each set into one file beside the class's folder, or those that are packed already; return their paths."""
    from calmcast.classes.handing import packed
    from calmcast.classes.owned_files import archive_of
    from calmcast.publish.handout.archive import write_archive

    archives = []
    for made in outcome.sets:
        path = archive_of(folder, made.folder)
        if made.handout.tracks and (zipped or looked_at(path).is_file()):
            files = packed(made.handout, store)
            write_archive(made.folder, files, path, path.stem, made.handout.published, instead=files)
            archives.append(path)
    return archives


def _check_pdf() -> None:
    """Raise PublishError where no PDF can be made here."""
    from calmcast.publish.handout.card import weasyprint_html

    weasyprint_html()


def _print_cards(outcome: "Outcome") -> None:
    from calmcast.files import write_bytes
    from calmcast.publish.handout.card import pdf

    for made in outcome.sets:
        card = made.folder / "card.html"
        if made.handout.tracks:
            write_bytes(card.with_suffix(".pdf"), pdf(card.read_text(encoding="utf-8")))


def _lines(outcome: "Outcome", packed: list[Path], *, prune: bool) -> "Iterator[_Line]":
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
    yield from ((False, str(path)) for path in packed)
    if outcome.strays:
        what = counted(len(outcome.strays), "file")
        word = "removed:" if prune else "no longer belong here; --prune removes them:"
        yield True, f"{what} {word}"
        yield from ((True, f"  {path}") for path in outcome.strays)
