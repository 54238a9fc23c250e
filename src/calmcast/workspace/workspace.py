"""What a run works with: a teacher's folder as models, its sounds, and what is kept."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from calmcast.model.settings import STORE_BYTES
from calmcast.speech.engines.choose import Ask, ask_nobody
from calmcast.store.recordings import Make, Recordings
from calmcast.store.store import Store
from calmcast.workspace.covers import Covers
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library
from calmcast.workspace.settings import own_store
from calmcast.workspace.soundbox import Soundbox


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a run works with."""

    library: Library
    store: Store
    store_bytes: int = STORE_BYTES
    """How large the store may grow."""
    ask: Ask = ask_nobody
    """Asks the user whether a voice may run a program; nobody is asked unless it is said how."""
    again: dict[str, Make] = field(default_factory=dict, compare=False)
    """How a recording of this run is made once more, by its key."""

    @property
    def folder(self) -> Folder:
        """Where its files are."""
        return self.library.folder

    @property
    def soundbox(self) -> Soundbox:
        """Its bells and beds."""
        return Soundbox(self.folder, self.store)

    @property
    def covers(self) -> Covers:
        """The pictures of its tracks and classes."""
        return Covers(self.folder, self.store)

    @property
    def unasked(self) -> "Workspace":
        """The same, for what only tells or guesses: nobody is asked anything."""
        return replace(self, ask=ask_nobody)

    @property
    def recordings(self) -> Recordings:
        """What its voices have spoken."""
        return Recordings(self.store, self.again)

    def settle(self) -> None:
        """End a piece of work: note what was used of what is kept, and remove what is too much of it."""
        self.store.settle(self.store_bytes)

    @classmethod
    def of(cls, folder: Folder) -> "Workspace":
        """Return a folder's workspace, by its settings and by those of the user.

        Raises ScriptError where those of the user cannot be used; what is wrong with its own is wrong with its scripts.
        """
        return cls(Library.of(folder), *own_store())

    @classmethod
    def at(cls, path: Path) -> "Workspace":
        """Return the workspace at a path. Raises as `of`."""
        return cls.of(Folder(path))
