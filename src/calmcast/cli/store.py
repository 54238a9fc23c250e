"""`calmcast store`: the recordings that are kept."""

import sys

import click

from calmcast.cli.failure import counted
from calmcast.cli.options import json_option, workspace
from calmcast.cli.output import print_json
from calmcast.store.recordings import KIND


@click.group(epilog="\b\nExample:\n  calmcast store info")
def store() -> None:
    """Look after what is kept: recordings, and sound files that were read as beds.

    Each line is spoken once and kept by what it says and how; CALMCAST_STORE names another folder for them.
    """


@store.command(epilog="\b\nExample:\n  calmcast store info")
@json_option
@click.pass_context
def info(ctx: click.Context, as_json: bool) -> None:
    """Show what is kept where, how much, and how large."""
    here = workspace(ctx)
    kept, beds = here.store, here.soundbox.kept_beds()
    totals = kept.info()
    recordings, size = totals.number(KIND), totals.size_bytes + sum(bed.stat().st_size for bed in beds)
    if as_json:
        print_json({"folder": kept.place, "recordings": recordings, "beds": len(beds), "bytes": size})
    else:
        what = counted(recordings, "recording") + (f", {counted(len(beds), 'bed')}" if beds else "")
        click.echo(f"{kept.place}: {what}, {size / 1e6:.1f} MB")


@store.command(epilog="\b\nExample:\n  calmcast store verify")
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Look whether every recording is whole. Those that are not are made again when they are next needed."""
    kept = workspace(ctx).store
    bad = kept.verify()
    if as_json:
        print_json({"recordings": kept.info().number(KIND), "damaged": bad})
    else:
        for path in bad:
            click.echo(path)
        click.echo(f"{counted(kept.info().number(KIND), 'recording')}, {len(bad)} damaged")
    if bad:
        sys.exit(1)


@store.command(epilog="\b\nExample:\n  calmcast store clear")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def clear(ctx: click.Context, yes: bool) -> None:
    """Remove all recordings, and the beds that were read from files.

    Lines are spoken, and files read, again when they are next needed.
    """
    here = workspace(ctx)
    kept = here.store
    recordings = counted(kept.info().number(KIND), "recording")
    question = f"Remove {recordings} from {kept.place}?"
    if not yes and sys.stdin.isatty() and not click.confirm(question):
        click.echo("Nothing was removed.")
        return
    kept.clear()
    for bed in here.soundbox.kept_beds():
        bed.unlink(missing_ok=True)
    click.echo(f"{recordings} removed")
