"""`calmcast store`: what is kept so that nothing is done twice."""

import sys
from collections.abc import Iterable

import click

from calmcast.cli.options import Written, json_option, yes_option
from calmcast.cli.output import print_json
from calmcast.errors import SpeechError
from calmcast.store.store import BED, RECORDING, Holding, StoreInfo
from calmcast.text import counted
from calmcast.units import format_bytes, parse_bytes
from calmcast.workspace.settings import own_store

_SIZE = Written("size", parse_bytes)
_TOLD = {"findings": "checked text", "frames": "encoded piece", "ground": "bed piece"}
"""What kinds are called where their name cannot be counted."""


@click.group(epilog="\b\nExample:\n  calmcast store info")
def store() -> None:
    """Look after what is kept: recordings, bells, covers, sound files that were read as beds.

    Each is made once, and kept by all that it depends on. Where it is kept, and how much of it, is said by `store` in
    settings.yaml; CALMCAST_STORE names another folder. What was not used for longest goes first.
    """


@store.command(epilog="\b\nExample:\n  calmcast store info")
@json_option
def info(as_json: bool) -> None:
    """Show what is kept where, how much, and how large it may grow."""
    kept, most_bytes = own_store()
    held = kept.info()
    if as_json:
        print_json(
            {
                "folder": kept.place,
                "recordings": held.number(RECORDING),
                "beds": held.number(BED),
                "bytes": held.size_bytes,
                "most_bytes": most_bytes,
                "kinds": held.holdings,
                "former": held.former,
            }
        )
        return
    click.echo(f"{kept.place}: {format_bytes(held.size_bytes)}, at most {format_bytes(most_bytes)}")
    for each in _every(held):
        click.echo(f"  {_counted((each,))}, {format_bytes(each.size_bytes)}")


@store.command(epilog="\b\nExample:\n  calmcast store verify")
@json_option
def verify(as_json: bool) -> None:
    """Read all that is kept, and look whether it is whole. What is not is removed, and made again when needed."""
    kept, _ = own_store()
    bad = kept.verify()
    held = kept.info()
    if as_json:
        print_json({"recordings": held.number(RECORDING), "damaged": bad})
    else:
        for path in bad:
            click.echo(path)
        click.echo(f"{_counted(held.holdings)}; {len(bad)} damaged and removed")
    if bad:
        sys.exit(1)


@store.command(epilog="\b\nExamples:\n  calmcast store trim\n  calmcast store trim --to 1GB")
@click.option("--to", "most_bytes", type=_SIZE, help="How much may be left.  [default: as in settings.yaml, else 4 GB]")
@json_option
def trim(most_bytes: int | None, as_json: bool) -> None:
    """Remove what was not used for longest, until no more is left than is allowed.

    Commands do so by themselves when they end. What one that is running uses stays, and what was used in the ten
    minutes before.
    """
    kept, usual = own_store()
    allowed = usual if most_bytes is None else most_bytes
    gone = kept.trim(allowed)
    left = kept.info().size_bytes
    if as_json:
        print_json({"removed": gone.number, "bytes": gone.size_bytes, "left_bytes": left})
    else:
        freed = f"{counted(gone.number, 'file')} removed, {format_bytes(gone.size_bytes)}"
        click.echo(f"{freed if gone.number else 'Nothing was removed'}; {format_bytes(left)} are left")
        if left > allowed:
            click.echo("what was used in the last ten minutes stays; to remove all: calmcast store clear")


@store.command(epilog="\b\nExample:\n  calmcast store clear")
@yes_option
def clear(yes: bool) -> None:
    """Remove all that is kept. Lines are spoken, and files read, again when they are next needed."""
    kept, _ = own_store()
    held = kept.info()
    what = _counted(_every(held))
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here; if all of it may go: calmcast store clear --yes")
    if not yes and not click.confirm(f"Remove {what} from {kept.place}?"):
        click.echo("Nothing was removed.")
        return
    try:
        kept.clear()
    except OSError as error:
        raise SpeechError(f"{error.filename} cannot be removed: {error.strerror}", "close what has it open") from error
    click.echo(f"{what} removed")


def _every(held: StoreInfo) -> tuple[Holding, ...]:
    return (*held.holdings, held.former) if held.former.number else held.holdings


def _counted(holdings: Iterable[Holding]) -> str:
    """Return "3 recordings, 1 bed"; "nothing" of none."""
    return ", ".join(_number(each) for each in holdings) or "nothing"


def _number(held: Holding) -> str:
    return (
        f"{counted(held.number, 'file')} of an earlier calmcast"
        if held.kind == "former"
        else counted(held.number, _TOLD.get(held.kind, held.kind))
    )
