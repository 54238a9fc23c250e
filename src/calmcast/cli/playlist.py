"""`calmcast playlist`."""

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import show_briefly, show_problems
from calmcast.cli.handed_out import tell
from calmcast.cli.options import Named, Written, json_option, workspace
from calmcast.cli.output import echo, echo_again, nothing_left, print_json, progress, there_already
from calmcast.script.language.class_values import parse_address
from calmcast.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calmcast.classes.load import LoadedClass
    from calmcast.classes.owned_files import Form
    from calmcast.classes.run import Outcome
    from calmcast.classes.sets import TrackSet
    from calmcast.workspace.workspace import Workspace

_MOST_JOBS = 4

_EPILOG = """\b
Examples:
  calmcast playlist after-class
  calmcast playlist after-class --one-file
  calmcast playlist after-class --zip
  calmcast playlist after-class --mp3-only --zip
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
@click.option(
    "--one-file", is_flag=True, help="Also write each set as one page to send, with the sound inside: output/Name.html."
)
@click.option("--zip", "zipped", is_flag=True, help="Also pack each set into one file to send: output/NAME.zip.")
@click.option(
    "--mp3-only",
    is_flag=True,
    help="Also copy the MP3s alone, numbered, to output/NAME-mp3/; with --zip, pack them alone, too.",
)
@click.option(
    "--pdf",
    is_flag=True,
    help="Also print card and leaflet: card.pdf, leaflet.pdf (needs `pip install 'calmcast[pdf]'`).",
)
@click.option("--prune", is_flag=True, help="Remove tracks of earlier runs that no longer belong.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), help="How many tracks are made at a time.  [default: one a core]"
)
@json_option
@click.pass_context
def playlist(
    ctx: click.Context,
    /,
    name: str,
    url: str | None,
    pdf: bool,
    prune: bool,
    jobs: int | None,
    as_json: bool,
    **sending: bool,
) -> None:
    """Make all tracks of a class, and what is handed out with them, in output/NAME/.

    NAME is the class's file in scripts/classes/. Only what is missing or changed is made; run it again to go on after
    it was stopped. Beside the tracks lie a page to play them (index.html), to print a leaflet for those who listen and
    a card for whoever guides, playlists, captions, and with an address a feed for podcast apps. Named clients get the
    same in folders of their own. At the end stands a message to paste for each.

    What must last, each track's day and each client's folder, is kept beside the class in NAME.register.json: back it
    up with your scripts. output/ can be deleted at any time.
    """
    from calmcast.classes.run import afterwards
    from calmcast.classes.sending import packages_of
    from calmcast.classes.shapes import outcome_shape

    if pdf:
        _check_pdf()
    here = workspace(ctx)
    loaded = _loaded(here, name, url)
    outcome = _made(here, loaded, jobs or min(_MOST_JOBS, _cores()), prune=prune, quiet=as_json)
    folder = here.folder.output / loaded.name
    sent = packages_of(outcome, folder, here.covers, _forms(**sending))
    if pdf:
        _print_cards(outcome)
    later = afterwards(outcome, pruned=prune)
    if as_json:
        print_json(outcome_shape(outcome, sent, prune=prune), again=outcome_shape(later, sent, prune=prune))
    else:
        tell(loaded.name, folder, outcome, later, sent, prune=prune)
    if outcome.failures:
        sys.exit(outcome.failures[0].error.exit_code)
    if not pdf:
        nothing_left()


def _loaded(here: "Workspace", name: str, url: str | None) -> "LoadedClass":
    """Return a class at its address, or at `url`. Raises CalmcastError for one that cannot be made."""
    from calmcast.classes.load import load_class, runnable_class
    from calmcast.classes.register import read_register, register_path

    loaded = load_class(here, name)
    plan = runnable_class(loaded)
    read_register(register_path(here.folder, loaded))  # one that is damaged is told before anything is spoken
    return replace(loaded, plan=replace(plan, url=url or plan.url))


def _made(here: "Workspace", loaded: "LoadedClass", jobs: int, *, prune: bool, quiet: bool) -> "Outcome":
    """Make what is missing or changed, and tell of it unless `quiet`."""
    from calmcast.classes.run import bring_up_to_date
    from calmcast.classes.sets import told, track_sets

    show_problems(() if quiet else loaded.problems)
    with progress(quiet=quiet) as show:
        sets = track_sets(here, loaded, show)
        if not quiet:
            _tell_voices(sets)
        show_briefly(() if quiet else told(sets, loaded.problems))
        title = loaded.plan.title if loaded.plan else loaded.name
        announce = (lambda due, number: None) if quiet else partial(_announce, title)
        return bring_up_to_date(
            here, loaded, sets, now=datetime.now(UTC), jobs=jobs, prune=prune, progress=show, announce=announce
        )


def _announce(title: str, due: int, number: int) -> None:
    """Say how many tracks are made now, and that next time none is."""
    there = there_already(number) if number else "none of its tracks can be made"
    if due:
        click.echo(f"{title}: {counted(number, 'track')}, {due} to make", err=True)
    (echo_again if due else echo)(there, err=True)


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


def _forms(*, zipped: bool, one_file: bool, mp3_only: bool) -> "set[Form]":
    """Return what is wanted to be sent."""
    asked: dict[Form, bool] = {
        "one-file": one_file,
        "mp3": mp3_only,
        "mp3-zip": mp3_only and zipped,
        "zip": zipped and not mp3_only,
    }
    return {form for form, wanted in asked.items() if wanted}


def _check_pdf() -> None:
    """Raise PublishError where no PDF can be made here."""
    from calmcast.publish.handout.card import weasyprint_html

    weasyprint_html()


def _print_cards(outcome: "Outcome") -> None:
    from calmcast.classes.handing import CARD, LEAFLET
    from calmcast.files import write_bytes
    from calmcast.publish.handout.card import pdf

    for made in outcome.sets:
        for name in (CARD, LEAFLET) if made.handout.tracks else ():
            path = made.folder / name
            write_bytes(path.with_suffix(".pdf"), pdf(path.read_text(encoding="utf-8")))
