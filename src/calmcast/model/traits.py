"""What any part of a script may carry, and how long and how often it is. All times in samples at 44 100 Hz."""

from dataclasses import dataclass, field
from typing import Literal

from calmcast.diagnostics import SourceRef

Role = Literal["setup", "notice", "check", "announce", "exit", "sleep"]
"""What a part does for the listener's safety: the emotional notice, a comfort check, the way out, falling silent."""


@dataclass(frozen=True, slots=True)
class Glue:
    """An elastic silence, as TeX's glue: its natural length and how far it may shrink and stretch, in samples."""

    natural: int
    least: int
    most: int | None
    """None: no upper bound."""
    weight: int
    """Its share of a surplus, relative to other silences."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many times, at least and at most."""

    least: int
    most: int | None
    """None: no upper bound."""


@dataclass(frozen=True, slots=True)
class Clause:
    """An option that has one of these values."""

    option: str
    values: tuple[str, ...]
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Condition:
    """Which choices something is for: every clause holds, and `unless` does not."""

    clauses: tuple[Clause, ...]
    unless: "Condition | None" = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What any step may carry besides its own fields."""

    keep: bool = False
    """Never dropped or shortened: its silences may grow but not shrink."""
    voice: str | None = None
    """The voice profile for this step and what is inside it; None: as around it."""
    id: str | None = None
    """A stable name, for recordings and translations."""
    when: tuple[Condition, ...] = ()
    """Only where all of these hold; settled by `script.options`."""
    since: int | None = None
    """Only in tracks at least this long, in samples (`from`)."""
    rank: int | None = None
    """None: always there; else what is dropped when the track is short, the highest rank first (`optional`)."""
    repeat: Count | None = None
    level: float = 0.0
    """How much louder than the script's voice its words are, in decibels; adds to what is around it."""
    role: Role | None = None
    allow: tuple[tuple[str, str], ...] = ()
    """Warnings that are not wanted here: code and reason."""
    untranslated: bool = False
    """Its words are still in the language that it was copied from."""
    voice_source: SourceRef | None = field(default=None, compare=False)
