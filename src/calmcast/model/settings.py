"""What holds where nobody says otherwise: for all scripts of a workspace, and on one computer."""

from dataclasses import dataclass
from pathlib import Path

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """What a teacher has settled for all of her scripts and classes; empty and None: nothing."""

    name: str = ""
    """Hers, or her studio's."""
    voice: str | None = None
    """A profile's name."""
    voice_source: SourceRef | None = None
    language: str | None = None
    """A BCP 47 tag."""
    lengths: tuple[int, ...] = ()
    """In samples."""
    bed: Bed | None = None


@dataclass(frozen=True, slots=True)
class UserSettings:
    """What somebody has settled for a computer; None: nothing."""

    store: Path | None = None
    """The folder in which recordings are kept."""


UNSETTLED = WorkspaceSettings()
