"""What is settled for all scripts: the teacher's `calmcast.yaml`, and the user's own `settings.yaml`.

Either may be missing. What is wrong in them is data, as in any file of the language.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from platformdirs import user_cache_path, user_config_path

from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import ScriptError
from calmcast.files import expanded
from calmcast.model.settings import UNSETTLED, UserSettings, WorkspaceSettings
from calmcast.script.language.settings_grammar import WORKSPACE_SETTINGS
from calmcast.seen import looked_at
from calmcast.store.places import open_store
from calmcast.store.store import Store
from calmcast.text import counted
from calmcast.units import format_bytes, format_length
from calmcast.workspace.folder import Folder

if TYPE_CHECKING:
    from calmcast.script.language.nodes import Node
    from calmcast.workspace.lineage import Source

T = TypeVar("T")
PLACE = "CALMCAST_STORE"
"""The environment variable that names the store's folder."""


@dataclass(frozen=True, slots=True)
class SettingsFile(Generic[T]):
    """A file of settings as read."""

    path: Path
    """Where it is, or would be."""
    settings: T
    """What it settles, as far as it can be read."""
    problems: tuple[Problem, ...] = ()
    source: "Source | None" = None
    """Its name as shown and its digest; None: there is no such file, or it cannot be read."""

    @property
    def there(self) -> bool:
        return self.source is not None or bool(self.problems)


NO_FILE = SettingsFile(Path(WORKSPACE_SETTINGS.name), UNSETTLED)


def workspace_settings(folder: Folder) -> SettingsFile[WorkspaceSettings]:
    """Return what a teacher has settled for her workspace, and what is wrong with it."""

    def build(node: "Node | None") -> tuple[WorkspaceSettings, tuple[Problem, ...]]:
        from calmcast.script.language.settings import build_workspace_settings
        from calmcast.workspace.own_strings import string_faults

        settings, problems = build_workspace_settings(node)
        return settings, (*problems, *string_faults(settings))

    return _file(folder.settings, folder.shown(folder.settings), UNSETTLED, build)


def user_settings() -> SettingsFile[UserSettings]:
    """Return what the user of this computer has settled, and what is wrong with it."""
    path = user_config_path("calmcast", appauthor=False) / "settings.yaml"

    def build(node: "Node | None") -> tuple[UserSettings, tuple[Problem, ...]]:
        from calmcast.script.language.settings import build_user_settings

        return build_user_settings(node)

    return _file(path, path.as_posix(), UserSettings(), build)


def _file(
    path: Path, shown: str, nothing: T, build: "Callable[[Node | None], tuple[T, tuple[Problem, ...]]]"
) -> SettingsFile[T]:
    """Return a file of settings; where there is none, nothing that reads one is loaded."""
    try:
        if not looked_at(path).exists():
            return SettingsFile(path, nothing)
        if not path.is_file():
            reason = "it is a folder" if path.is_dir() else "it is no ordinary file"
            return SettingsFile(path, nothing, (_unreadable(shown, reason),))
        data = path.read_bytes()
    except OSError as error:
        return SettingsFile(path, nothing, (_unreadable(shown, (error.strerror or "no reason given").lower()),))
    from calmcast.script.language.reader import read

    node, slips = read(data, shown)
    settings, problems = build(node)
    return SettingsFile(path, settings, (*slips, *problems), (shown, hashlib.sha256(data).hexdigest()))


def _unreadable(shown: str, reason: str) -> Problem:
    hint = "give it another name, or see to it that it can be opened"
    return Problem("unreadable", f"{shown} cannot be read: {reason}", SourceRef(shown, 1, 1), hint)


def usable(file: SettingsFile[T]) -> T:
    """Return what a file settles. Raises ScriptError with its problems where there are any."""
    if file.problems:
        raise ScriptError(f"{file.path} cannot be used", "mend what is shown above", file.problems)
    return file.settings


def store_folder(settings: UserSettings) -> Path:
    """Return the folder in which all is kept: the environment's, else the user's, else in the user's cache."""
    if folder := os.environ.get(PLACE) or settings.store.folder:
        return expanded(folder)
    return user_cache_path("calmcast", appauthor=False) / "recordings"


def own_store() -> tuple[Store, int]:
    """Return the user's store, and how large it may grow. Raises ScriptError where the user's settings are faulty."""
    user = usable(user_settings())
    return open_store(str(store_folder(user))), user.store_bytes


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting as it holds here, for people."""

    name: str
    value: str
    origin: str
    """`built-in`, `environment`, or the name of a file."""


def in_force(workspace: WorkspaceSettings, user: UserSettings) -> tuple[InForce, ...]:
    """Return every setting, in the order of the grammar's table."""
    from calmcast.script.edit.sound_words import bed_in_words

    said = {
        "name": workspace.name,
        "contact": workspace.contact,
        "picture": workspace.picture,
        "voice": workspace.voice,
        "language": workspace.language,
        "lengths": ", ".join(map(format_length, workspace.lengths)),
        "bed": (bed_in_words(workspace.bed) or "none") if workspace.bed else None,
        "strings": counted(len(workspace.strings), "text") if workspace.strings else None,
    }
    of_teacher = (
        InForce(field.name, said[field.name] or field.default or "each script's own", _origin(said[field.name]))
        for field in WORKSPACE_SETTINGS.fields
    )
    folder, size = ("settings.yaml" if said else _BUILT_IN for said in (user.store.folder, user.store.most_bytes))
    of_user = (
        InForce("store folder", str(store_folder(user)), "environment" if os.environ.get(PLACE) else folder),
        InForce("store size", format_bytes(user.store_bytes), size),
    )
    return (*of_teacher, *of_user)


_BUILT_IN = "built-in"


def _origin(said: str | None) -> str:
    return WORKSPACE_SETTINGS.name if said else _BUILT_IN
