"""`calmcast scripts`, `segments` and `voices`: what there is."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from calmcast.cli.options import json_option, studio
from calmcast.cli.output import print_json, print_table
from calmcast.errors import CalmcastError
from calmcast.library import Library
from calmcast.script.builder import build_segment
from calmcast.script.profiles import build_voice
from calmcast.units import format_length
from calmcast.workspace import ships


@click.command(epilog="\b\nExample:\n  calmcast scripts")
@json_option
@click.pass_context
def scripts(ctx: click.Context, as_json: bool) -> None:
    """List the scripts there are, yours and those that ship."""
    library = studio(ctx).library

    def row(path: Path) -> dict[str, str]:
        lineage = library.lineage(str(path))
        generations, _ = lineage.generations(library.shelf(path).fetch)
        base = lineage.extends[0] if lineage.extends else ""
        if not generations:
            return _BROKEN | {"extends": base}
        script = generations[0]
        length = format_length(script.length) if script.length else ""
        return {
            "title": script.title,
            "length": length,
            "voice": script.voice,
            "extends": base,
            "about": script.about,
        }

    columns = ("title", "length", "voice", "extends", "about")
    _show(library, library.workspace.scripts(), row, columns, as_json, "scripts")


@click.command(epilog="\b\nExample:\n  calmcast segments")
@json_option
@click.pass_context
def segments(ctx: click.Context, as_json: bool) -> None:
    """List the segments there are, yours and those that ship."""
    library = studio(ctx).library

    def row(path: Path) -> dict[str, str]:
        segment, _, _ = library.load(path, build_segment)
        return {"title": segment.title, "about": segment.about} if segment else _BROKEN

    _show(library, library.workspace.segments(), row, ("title", "about"), as_json, "segments")


@click.command(epilog="\b\nExample:\n  calmcast voices")
@json_option
@click.pass_context
def voices(ctx: click.Context, as_json: bool) -> None:
    """List the voices there are, and which engine speaks each on this machine."""
    here = studio(ctx)

    def row(path: Path) -> dict[str, str]:
        voice, _, _ = here.library.load(path, build_voice)
        if voice is None:
            return _BROKEN
        try:
            engine = here.cast(voice.name).engine.name
        except CalmcastError as error:
            engine = f"none: {error.message}"
        return {"engine": engine, "language": voice.language, "about": voice.about}

    workspace = here.library.workspace
    _show(here.library, workspace.voices(), row, ("engine", "language", "about"), as_json, "voices")


_BROKEN = {"about": "(cannot be read: see `calmcast check`)"}


def _show(
    library: Library,
    paths: Mapping[str, Path],
    row: Callable[[Path], dict[str, str]],
    columns: Sequence[str],
    as_json: bool,
    key: str,
) -> None:
    entries = [
        {"name": name, **{c: found.get(c, "") for c in columns}, "from": _whose(path)}
        for name, path in paths.items()
        for found in [row(path)]
    ]
    if as_json:
        print_json({key: entries})
    else:
        used = [column for column in columns[:-1] if any(entry[column] for entry in entries)]
        shown = ("name", *used, "from", columns[-1])
        print_table(shown, [[entry[column] for column in shown] for entry in entries])


def _whose(path: Path) -> str:
    return "calmcast" if ships(path) else "you"
