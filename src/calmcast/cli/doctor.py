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

from calmcast.cli.options import json_option, library_of
from calmcast.cli.output import print_json, print_table
from calmcast.errors import CalmcastError

if TYPE_CHECKING:
    from calmcast.model.settings import UserSettings
    from calmcast.track.studio import Studio
    from calmcast.workspace.settings import SettingsFile


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
    from calmcast.store.recordings import Store
    from calmcast.track.studio import Studio
    from calmcast.workspace.settings import in_force, store_folder, user_settings

    user = user_settings()  # where it cannot be used, that is a finding
    here = Studio(library_of(ctx), Store(store_folder(user.settings)))
    findings = tuple(_findings(here, user))
    faults = sum(finding.result == "fault" for finding in findings)
    if as_json:
        fields = ("what", "result", "text", "fix")
        said = in_force(here.library.settings, user.settings)
        files = (here.library.settings_file, user)
        print_json(
            {
                "findings": [{field: getattr(finding, field) for field in fields} for finding in findings],
                "settings": [{"name": each.name, "value": each.value, "from": each.origin} for each in said],
                "settings_files": [{"path": str(file.path.absolute()), "there": file.there} for file in files],
            }
        )
    else:
        rows = [(f.result, f.what, f.text + (f"\nfix: {f.fix}" if f.fix else "")) for f in findings]
        print_table(("", "what", "how it is"), rows)
        click.echo("\nAll is well." if not faults else f"\n{faults} to mend.")
    if faults:
        sys.exit(1)


def _findings(here: "Studio", user: "SettingsFile[UserSettings]") -> Iterator[_Finding]:
    workspace = here.library.workspace
    yield _Finding("calmcast", "ok", f"{importlib.metadata.version('calmcast')}, Python {platform.python_version()}")
    yield _libraries()
    yield _folder("workspace", workspace.root)
    yield _folder("output", workspace.output)
    yield _folder("store", here.store.folder)
    damaged = len(here.store.verify())
    if damaged:
        yield _Finding("store", "note", f"{damaged} damaged; they are made again when needed", "calmcast store clear")
    yield from _settings(here, user)
    yield from _engines()
    for name in workspace.voices():
        yield _voice(here, name)


def _settings(here: "Studio", user: "SettingsFile[UserSettings]") -> Iterator[_Finding]:
    from calmcast.track.check_voices import settings_faults
    from calmcast.workspace.settings import in_force

    of_workspace = here.library.settings_file
    for file, problems in ((of_workspace, settings_faults(here)), (user, user.problems)):
        place = str(file.path.absolute())
        yield _Finding(file.path.name, "ok", place if file.there else f"there is none; it would be {place}")
        for problem in problems:
            yield _Finding(file.path.name, "fault", f"{problem.source}: {problem.message}", problem.hint or "")
    for each in in_force(of_workspace.settings, user.settings):
        yield _Finding(f"setting {each.name}", "ok", f"{each.value} ({each.origin})")


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
        other = "in settings.yaml or with CALMCAST_STORE" if what == "store" else "with --workspace"
        fix = f"choose another {other}"
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
