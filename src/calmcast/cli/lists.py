"""`calmcast scripts`, `segments` and `classes`: what there is."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from calmcast.cli.options import json_option, library_of
from calmcast.cli.output import print_json, print_table
from calmcast.errors import ScriptError
from calmcast.model.classes import TrackPlan
from calmcast.script.language.builder import build_segment
from calmcast.script.language.classes import build_class
from calmcast.units import format_length
from calmcast.workspace.folder import ships
from calmcast.workspace.library import Library


@click.command(epilog="\b\nExample:\n  calmcast scripts")
@json_option
@click.pass_context
def scripts(ctx: click.Context, as_json: bool) -> None:
    """List the scripts there are, yours and those that ship."""
    library = library_of(ctx)

    def row(path: Path) -> dict[str, str]:
        lineage = library.lineage(str(path))
        generations, _ = lineage.generations(library.shelf(path).fetch)
        base = lineage.extends[0] if lineage.extends else ""
        if not generations:
            return BROKEN | {"extends": base}
        script = generations[0]
        length = ", ".join(map(format_length, script.lengths))
        return {
            "title": script.title,
            "length": length,
            "voice": script.voice,
            "extends": base,
            "about": script.about,
        }

    columns = ("title", "length", "voice", "extends", "about")
    _show(library, library.folder.scripts(), row, columns, as_json, "scripts")


@click.command(epilog="\b\nExample:\n  calmcast segments")
@json_option
@click.pass_context
def segments(ctx: click.Context, as_json: bool) -> None:
    """List the segments there are, yours and those that ship."""
    library = library_of(ctx)

    def row(path: Path) -> dict[str, str]:
        segment, _, _ = library.load(path, build_segment)
        return {"title": segment.title, "about": segment.about} if segment else BROKEN

    _show(library, library.folder.segments(), row, ("title", "about"), as_json, "segments")


@click.command(epilog="\b\nExample:\n  calmcast classes")
@json_option
@click.pass_context
def classes(ctx: click.Context, as_json: bool) -> None:
    """List the classes there are: what `calmcast playlist` makes."""
    library = library_of(ctx)

    def row(path: Path) -> dict[str, str]:
        plan, _, _ = library.load(path, build_class)
        if plan is None:
            return BROKEN
        number = sum(_number(library, track) for track in plan.tracks)
        clients = ", ".join(client.name for client in plan.clients)
        return {"title": plan.title, "tracks": str(number), "for": clients, "about": plan.about}

    _show(library, library.folder.classes(), row, ("title", "tracks", "for", "about"), as_json, "classes")


def _number(library: Library, track: TrackPlan) -> int:
    """Return how many tracks one of a class is: one for each length, of its own or else of its script."""
    if track.lengths or len(library.settings.lengths) < 2:
        return len(track.lengths) or 1
    try:
        script = library.script(track.script).script
    except ScriptError:
        return 1
    return len(script.lengths) if script else 1


BROKEN = {"about": "(cannot be read: see `calmcast check`)"}


def _show(
    library: Library,
    paths: Mapping[str, Path],
    row: Callable[[Path], dict[str, str]],
    columns: Sequence[str],
    as_json: bool,
    key: str,
) -> None:
    entries = [
        {"name": name, **{c: found.get(c, "") for c in columns}, "from": whose(path)}
        for name, path in paths.items()
        for found in [row(path)]
    ]
    if as_json:
        print_json({key: entries})
    else:
        used = [column for column in columns[:-1] if any(entry[column] for entry in entries)]
        shown = ("name", *used, "from", columns[-1])
        print_table(shown, [[entry[column] for column in shown] for entry in entries])


def whose(path: Path) -> str:
    return "calmcast" if ships(path) else "you"
