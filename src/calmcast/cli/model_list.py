"""What `calmcast voices add` lists: the catalogue, and the neural voices that are here."""

from typing import Any

import click

from calmcast.cli.output import print_json, print_table


def list_models(as_json: bool) -> None:
    """Print the catalogue, and what is here besides."""
    from calmcast.speech.install.listed import offers
    from calmcast.speech.models.installed import models_folder

    entries = offers()
    if as_json:
        print_json({"folder": str(models_folder()), "voices": entries})
        return
    rows = [
        (entry["name"], entry["language"], megabytes(entry["bytes"]), entry["selling"], _about(entry))
        for entry in entries
    ]
    print_table(("name", "language", "size", "sell", "about, licence, and where it is from"), rows, right=(2,))
    click.echo("\nsell: whether tracks that it speaks may be sold, as far as is known.")
    click.echo("calmcast voices add NAME fetches one, and says more about its licence before it does.")


def megabytes(size: int | None) -> str:
    """Return a size for a person, or "" where it is not known."""
    return f"{max(1, round(size / 1e6))} MB" if size is not None else ""


def _about(entry: dict[str, Any]) -> str:
    """Return what stands in the last column: where a voice is from is told of those that are here."""
    here = (f"here, for {entry['engine']}",) if entry["installed"] else ()
    origin = (f"from {entry['from']}",) if entry["installed"] and entry["from"] else ()
    return "; ".join((*here, entry["about"], entry["licence"], *origin))
