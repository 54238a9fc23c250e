"""`calmcast store`: the recordings that are kept."""

import sys

import click

from calmcast.cli.failure import counted
from calmcast.cli.options import json_option, studio
from calmcast.cli.output import print_json


@click.group(epilog="\b\nExample:\n  calmcast store info")
def store() -> None:
    """Look after the recordings that are kept.

    Each line is spoken once and kept by what it says and how; CALMCAST_STORE names another folder for them.
    """


@store.command(epilog="\b\nExample:\n  calmcast store info")
@json_option
@click.pass_context
def info(ctx: click.Context, as_json: bool) -> None:
    """Show where recordings are kept, how many, and how large."""
    kept = studio(ctx).store
    totals = kept.info()
    if as_json:
        print_json({"folder": str(kept.folder), "recordings": totals.recordings, "bytes": totals.size_bytes})
    else:
        click.echo(f"{kept.folder}: {counted(totals.recordings, 'recording')}, {totals.size_bytes / 1e6:.1f} MB")


@store.command(epilog="\b\nExample:\n  calmcast store verify")
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Look whether every recording is whole. Those that are not are made again when they are next needed."""
    kept = studio(ctx).store
    bad = kept.verify()
    if as_json:
        print_json({"recordings": kept.info().recordings, "damaged": [str(path) for path in bad]})
    else:
        for path in bad:
            click.echo(str(path))
        click.echo(f"{counted(kept.info().recordings, 'recording')}, {len(bad)} damaged")
    if bad:
        sys.exit(1)


@store.command(epilog="\b\nExample:\n  calmcast store clear")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def clear(ctx: click.Context, yes: bool) -> None:
    """Remove all recordings.

    Lines are spoken again when they are next needed.
    """
    kept = studio(ctx).store
    totals = kept.info()
    question = f"Remove {counted(totals.recordings, 'recording')} from {kept.folder}?"
    if not yes and sys.stdin.isatty() and not click.confirm(question):
        click.echo("Nothing was removed.")
        return
    kept.clear()
    click.echo(f"{counted(totals.recordings, 'recording')} removed")
