"""What a run works with: a teacher's folder as models, its sounds, and what is kept."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from calmcast.store.recordings import Store
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library
from calmcast.workspace.soundbox import Soundbox


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a run works with."""

    library: Library
    store: Store

    @property
    def folder(self) -> Folder:
        """Where its files are."""
        return self.library.folder

    @property
    def soundbox(self) -> Soundbox:
        """Its bells and beds."""
        return Soundbox(self.folder, self.store.folder / "beds")

    @classmethod
    def of(cls, folder: Folder) -> "Workspace":
        """Return a folder's workspace; recordings are kept in CALMCAST_STORE, or the user's cache folder."""
        named = os.environ.get("CALMCAST_STORE")
        store = Path(named).expanduser() if named else user_cache_path("calmcast", appauthor=False) / "recordings"
        return cls(Library(folder), Store(store))

    @classmethod
    def at(cls, path: Path) -> "Workspace":
        """Return the workspace at a path."""
        return cls.of(Folder(path))
