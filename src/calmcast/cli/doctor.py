"""`calmcast doctor`."""

import importlib.metadata
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import json_option, studio
from calmcast.cli.output import print_json, print_table
from calmcast.errors import CalmcastError

if TYPE_CHECKING:
    from calmcast.track.studio import Studio


@dataclass(frozen=True, slots=True)
class _Finding:
    what: str
    result: str
    """`ok`, `note` (worth knowing) or `fault`."""
    text: str
    fix: str = ""


@click.command(epilog="\b\nExample:\n  calmcast doctor")
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look whether all is well here: versions, folders, engines, and every voice really spoken; say the fix."""
    findings = tuple(_findings(studio(ctx)))
    faults = sum(finding.result == "fault" for finding in findings)
    if as_json:
        fields = ("what", "result", "text", "fix")
        print_json({"findings": [{field: getattr(finding, field) for field in fields} for finding in findings]})
    else:
        rows = [(f.result, f.what, f.text + (f"\nfix: {f.fix}" if f.fix else "")) for f in findings]
        print_table(("", "what", "how it is"), rows)
        click.echo("\nAll is well." if not faults else f"\n{faults} to mend.")
    if faults:
        sys.exit(1)


def _findings(here: "Studio") -> Iterator[_Finding]:
    workspace = here.library.workspace
    yield _Finding("calmcast", "ok", f"{importlib.metadata.version('calmcast')}, Python {platform.python_version()}")
    yield _libraries()
    yield _folder("workspace", workspace.root)
    yield _folder("output", workspace.output)
    yield _folder("store", here.store.folder)
    damaged = len(here.store.verify())
    if damaged:
        yield _Finding("store", "note", f"{damaged} damaged; they are made again when needed", "calmcast store clear")
    yield from _engines()
    for name in workspace.voices():
        yield _voice(here, name)


def _libraries() -> _Finding:
    names = ("av", "click", "lameenc", "mutagen", "numpy", "pillow", "pydub", "pyttsx3", "pyyaml", "rich")
    try:
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    except importlib.metadata.PackageNotFoundError as error:
        return _Finding("libraries", "fault", f"{error.name} is missing", "pip install --force-reinstall calmcast")
    return _Finding("libraries", "ok", versions)


def _folder(what: str, folder: Path) -> _Finding:
    """Return whether files can be written in a folder, or in the nearest that exists above it."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        if not place.is_dir():
            raise NotADirectoryError
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError:
        fix = "choose another with CALMCAST_STORE" if what == "store" else "choose another with --workspace"
        return _Finding(what, "fault", f"{folder} cannot be written", fix)
    return _Finding(what, "ok", str(folder.absolute()))


def _engines() -> Iterator[_Finding]:
    from calmcast.speech.engines.registry import engines

    for engine in engines():
        trouble = engine.trouble()
        if trouble is None:
            yield _Finding(f"engine {engine.name}", "ok", engine.version())
        else:
            yield _Finding(f"engine {engine.name}", "note", trouble[0], trouble[1])


def _voice(here: "Studio", name: str) -> _Finding:
    """Return whether a voice really speaks here."""
    from calmcast.track import render as pipeline

    try:
        spoken = pipeline.try_voice(here, name)
    except CalmcastError as error:
        return _Finding(f"voice {name}", "fault", error.message, error.hint or "")
    if better := spoken.narrator.better:
        text = f"speaks ({spoken.speaker}), but not in a natural voice: {better.reason}"
        return _Finding(f"voice {name}", "note", text, better.fix)
    return _Finding(f"voice {name}", "ok", f"speaks ({spoken.speaker})")
