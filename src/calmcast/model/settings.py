"""What holds where nobody says otherwise: for all scripts of a workspace, and on one computer."""

from dataclasses import dataclass
from pathlib import Path

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed


@dataclass(frozen=True, slots=True)
class OwnString:
    """What a teacher says to those who get a handout, in place of calmcast's own words."""

    language: str
    """A BCP 47 tag."""
    id: str
    text: str
    source: SourceRef
    """Of the id."""
    text_source: SourceRef


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """What a teacher has settled for all of her scripts and classes; empty and None: nothing."""

    name: str = ""
    """Hers, or her studio's."""
    contact: str = ""
    """An e-mail address or a telephone number."""
    picture: str = ""
    """Her own picture's file, from the workspace's folder on."""
    picture_source: SourceRef | None = None
    voice: str | None = None
    """A profile's name."""
    voice_source: SourceRef | None = None
    language: str | None = None
    """A BCP 47 tag."""
    lengths: tuple[int, ...] = ()
    """In samples."""
    bed: Bed | None = None
    strings: tuple[OwnString, ...] = ()
    """Her own words in place of calmcast's."""


STORE_BYTES = 4_000_000_000
"""How much is kept where nobody says otherwise: some hundred hours of speech, or a few of beds."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """What somebody has settled for what is kept; None: nothing."""

    folder: Path | None = None
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class UserSettings:
    """What somebody has settled for a computer."""

    store: StoreSettings = StoreSettings()

    @property
    def store_bytes(self) -> int:
        """How much is kept."""
        return self.store.most_bytes or STORE_BYTES


UNSETTLED = WorkspaceSettings()
