"""Whether all is well on this machine: versions, folders, engines, and every voice really spoken."""

import importlib.metadata
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from calmcast.audio.finisher import finish
from calmcast.errors import CalmcastError
from calmcast.inside import check_inside
from calmcast.model.settings import UserSettings
from calmcast.model.steps import Line
from calmcast.model.traits import Traits
from calmcast.scratch import scratch
from calmcast.speech.engines.allowed import Asking
from calmcast.speech.engines.registry import engines
from calmcast.speech.run.speak import speak as record
from calmcast.store.recordings import Recordings
from calmcast.track.cast import Casting, casting_of
from calmcast.track.check_voices import settings_faults
from calmcast.units import format_bytes
from calmcast.workspace.settings import SettingsFile, in_force
from calmcast.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    what: str
    result: str
    """`ok`, `note` (worth knowing) or `fault`."""
    text: str
    fix: str = ""


def checked(here: Workspace, user: SettingsFile[UserSettings]) -> Iterator[Checked]:
    """Yield what was looked at, each with its fix where something is wrong. Every voice speaks a few words.

    `user`: the user's own settings, which may be faulty.
    """
    folder = here.folder
    yield Checked("calmcast", "ok", f"{importlib.metadata.version('calmcast')}, Python {platform.python_version()}")
    yield _libraries()
    yield _folder("workspace", folder.root)
    yield _folder("output", folder.output)
    yield _folder("store", Path(here.store.place))
    kept = format_bytes(here.store.info().size_bytes)
    yield Checked("store", "ok", f"{kept} are kept, and at most {format_bytes(here.store_bytes)}")
    yield from _settings(here, user)
    yield from _engines()
    for name in folder.voices():
        yield _voice(here, name)


def _settings(here: Workspace, user: SettingsFile[UserSettings]) -> Iterator[Checked]:
    of_workspace = here.library.settings_file
    for file, problems in ((of_workspace, settings_faults(here)), (user, user.problems)):
        place = str(file.path.absolute())
        yield Checked(file.path.name, "ok", place if file.there else f"there is none; it would be {place}")
        for problem in problems:
            yield Checked(file.path.name, "fault", f"{problem.source}: {problem.message}", problem.hint or "")
    for each in in_force(of_workspace.settings, user.settings):
        yield Checked(f"setting {each.name}", "ok", f"{each.value} ({each.origin})")


def _libraries() -> Checked:
    names = ("av", "click", "lameenc", "mutagen", "numpy", "pillow", "pydub", "pyttsx3", "pyyaml", "rich")
    try:
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    except importlib.metadata.PackageNotFoundError as error:
        return Checked("libraries", "fault", f"{error.name} is missing", "pip install --force-reinstall calmcast")
    return Checked("libraries", "ok", versions)


def _folder(what: str, folder: Path) -> Checked:
    """Return whether files can be written in a folder, or in the nearest that exists above it."""
    try:
        check_inside(folder / "a file")
    except CalmcastError as error:
        return Checked(what, "fault", error.message, error.hint or "")
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        if not place.is_dir():
            raise NotADirectoryError
        with TemporaryFile(dir=place):
            pass
    except OSError:
        other = "in settings.yaml or with CALMCAST_STORE" if what == "store" else "with --workspace"
        return Checked(what, "fault", f"{folder} cannot be written", f"choose another {other}")
    return Checked(what, "ok", str(folder.absolute()))


def _engines() -> Iterator[Checked]:
    for engine in engines():
        trouble = engine.trouble()
        if trouble is None:
            yield Checked(f"engine {engine.name}", "ok", engine.version())
        else:
            yield Checked(f"engine {engine.name}", "note", trouble[0], trouble[1])


def _voice(here: Workspace, name: str) -> Checked:
    """Return whether a voice really speaks here. What its profile would run is not run, be it allowed or not."""
    try:
        casting = casting_of(here, name)
        engine, settings = casting.narrator.engine, casting.narrator.settings
        if isinstance(engine, Asking):
            line = engine.errand(settings).line
            return Checked(f"voice {name}", "ok", f"may run its program, which you have allowed; not tried: {line}")
        spoken = try_voice(here, name)
    except CalmcastError as error:
        return Checked(f"voice {name}", "fault", error.message, error.hint or "")
    for passed in spoken.narrator.passed_over:
        if passed.unallowed:
            text = f"speaks ({spoken.speaker}), but not by its own program: {passed.reason}"
            return Checked(f"voice {name}", "note", text, passed.fix)
    if better := spoken.narrator.better:
        text = f"speaks ({spoken.speaker}), but not in a natural voice: {better.reason}"
        return Checked(f"voice {name}", "note", text, better.fix)
    return Checked(f"voice {name}", "ok", f"speaks ({spoken.speaker})")


def try_voice(workspace: Workspace, name: str) -> Casting:
    """Speak a short line in a voice, keeping nothing, and return who spoke it. Raises ScriptError, SpeechError."""
    casting = casting_of(workspace, name)
    line = Line(("This is how I sound.",), Traits(), casting.voice.source)
    with scratch() as folder:
        record([casting.narrator.job(line)], Recordings.at(folder), finish)
    return casting
