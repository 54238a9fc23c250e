"""A class as its teacher plans it: which tracks, how long, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from calmcast.diagnostics import SourceRef
from calmcast.model.sound import Bed
from calmcast.model.timeline import Quality


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a script and what is chosen for it."""

    option: str
    value: str
    source: SourceRef
    """Of the option's name."""
    value_source: SourceRef


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a class, a track of it or a client asks for otherwise than a script says."""

    options: tuple[Choice, ...] = ()
    voice: str | None = None
    """A profile's name; None: the script's own."""
    voice_source: SourceRef | None = None
    bed: Bed | None = None
    """None: as the script says."""
    stereo: bool | None = None
    """None: as the script says."""


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """A script of a class, as one track or at several lengths."""

    script: str
    """Its name."""
    script_source: SourceRef
    lengths: tuple[tuple[int, SourceRef], ...]
    """In samples, and where each is written; empty: the script's own length."""
    title: str
    """Empty: the script's own."""
    note: str
    """For whoever plays it."""
    wishes: Wishes
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who gets a set of tracks of their own."""

    name: str
    note: str
    """For them alone: it stands on their page."""
    wishes: Wishes
    source: SourceRef


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class: its tracks in order, and who gets a set of their own besides the one for all."""

    name: str
    """Its file's name, without the ending."""
    title: str
    teacher: str
    about: str
    contact: str
    """An e-mail address or a telephone number; empty: none."""
    quality: Quality
    published: date | None
    """The day of what is there when it is first made; None: the day on which that is."""
    url: str
    """Where its folder will be on the web, with a final slash; empty: nowhere."""
    wishes: Wishes
    tracks: tuple[TrackPlan, ...]
    clients: tuple[Client, ...]
    source: SourceRef
    picture: str = ""
    """The file of its cover, from the workspace's folder on; empty: one is painted."""
    published_source: SourceRef | None = None
    strings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The teacher's own words in place of calmcast's, by language and id."""
