"""Whether all is well on this machine: versions, folders, engines, and every voice really spoken."""

import importlib.metadata
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from calmcast.errors import CalmcastError
from calmcast.speech.engines.registry import engines
from calmcast.track.render import try_voice
from calmcast.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    what: str
    result: str
    """`ok`, `note` (worth knowing) or `fault`."""
    text: str
    fix: str = ""


def checked(here: Workspace) -> Iterator[Checked]:
    """Yield what was looked at, each with its fix where something is wrong. Every voice speaks a few words."""
    folder = here.folder
    yield Checked("calmcast", "ok", f"{importlib.metadata.version('calmcast')}, Python {platform.python_version()}")
    yield _libraries()
    yield _folder("workspace", folder.root)
    yield _folder("output", folder.output)
    yield _folder("store", here.store.folder)
    damaged = len(here.store.verify())
    if damaged:
        yield Checked("store", "note", f"{damaged} damaged; they are made again when needed", "calmcast store clear")
    yield from _engines()
    for name in folder.voices():
        yield _voice(here, name)


def _libraries() -> Checked:
    names = ("av", "click", "lameenc", "mutagen", "numpy", "pillow", "pydub", "pyttsx3", "pyyaml", "rich")
    try:
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    except importlib.metadata.PackageNotFoundError as error:
        return Checked("libraries", "fault", f"{error.name} is missing", "pip install --force-reinstall calmcast")
    return Checked("libraries", "ok", versions)


def _folder(what: str, folder: Path) -> Checked:
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
        return Checked(what, "fault", f"{folder} cannot be written", fix)
    return Checked(what, "ok", str(folder.absolute()))


def _engines() -> Iterator[Checked]:
    for engine in engines():
        trouble = engine.trouble()
        if trouble is None:
            yield Checked(f"engine {engine.name}", "ok", engine.version())
        else:
            yield Checked(f"engine {engine.name}", "note", trouble[0], trouble[1])


def _voice(here: Workspace, name: str) -> Checked:
    """Return whether a voice really speaks here."""
    try:
        spoken = try_voice(here, name)
    except CalmcastError as error:
        return Checked(f"voice {name}", "fault", error.message, error.hint or "")
    if better := spoken.narrator.better:
        text = f"speaks ({spoken.speaker}), but not in a natural voice: {better.reason}"
        return Checked(f"voice {name}", "note", text, better.fix)
    return Checked(f"voice {name}", "ok", f"speaks ({spoken.speaker})")
