"""What sounds besides the voice, as a teacher chose it: bells, beds, and tones to breathe with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from calmcast.diagnostics import SourceRef

NO_BED = "none"
"""The bed that is none."""

BreathSound = Literal["swell", "tones"]
BREATHS: Mapping[str, str] = MappingProxyType(
    {
        "swell": "a soft airy swell, like a slow wave: it rises with the in-breath and falls with the out-breath",
        "tones": "two soft tones: one grows and brightens with the in-breath, a lower one fades with the out-breath",
    }
)
"""What each breath tone is like, by its name."""


@dataclass(frozen=True, slots=True)
class Strike:
    """Which bell is struck: one that calmcast makes, with a pitch and a length of its own where given, or a file."""

    sound: str
    """The bell's name; empty where a file is meant."""
    pitch: str | None = None
    """Of its lowest partial, as written: `A3`, `220 Hz`; None: the bell's own."""
    length: int | None = None
    """Samples; None: the bell's own."""
    file: str | None = None
    """A sound file's path from the workspace, with forward slashes."""

    @property
    def name(self) -> str:
        """What it is called: `soft`, or its file's name."""
        return self.file.rpartition("/")[2] if self.file else self.sound


@dataclass(frozen=True, slots=True)
class BedSound:
    """What a bed is made of."""

    sound: str
    """The bed's name; empty where a file is meant."""
    file: str | None = None
    """A sound file's path from the workspace, with forward slashes."""
    key: str | None = None
    """The note that it is built on; None: the bed's own."""
    seed: int = 1
    """Another seed is another stretch of the same rain."""

    @property
    def name(self) -> str:
        """What it is called: `rain`, or its file's name."""
        return self.file.rpartition("/")[2] if self.file else self.sound


@dataclass(frozen=True, slots=True)
class Bed:
    """A continuous sound under the voice."""

    made_of: BedSound | None
    """None: no bed here."""
    level: float = -22.0
    """Where nobody speaks, in decibels relative to the voice."""
    dip: float = 6.0
    """How many decibels softer it is under words."""
    source: SourceRef = field(default=SourceRef("", 1, 1), compare=False)


@dataclass(frozen=True, slots=True)
class BreathTone:
    """A sound that follows a paced breath."""

    sound: BreathSound
    level: float = -14.0
    """In decibels relative to the voice."""
    key: str = "D"
    """The note that it is built on."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """How a bell sounds at its own level."""

    samples: int
    loudness: tuple[float, ...]
    """K-weighted mean square of each 400 ms at 100 ms steps, full scale = 1."""
    peak: float
    """The true peak as an amplitude, full scale = 1."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The stretch of a file that comes round, in samples of the file."""

    first: int
    period: int
    """Samples from one beginning to the next."""
    fade: int
    """Over so many samples, what comes after the period goes while the beginning comes. At most the period."""
    likeness: float
    """How much alike the two are: 0 as two noises, 1 the same."""


@dataclass(frozen=True, slots=True)
class FileBed:
    """A sound file as a bed."""

    name: str
    """The sound file's."""
    kept: Path
    """The file that its samples are read from."""
    channels: int
    """In the file: 1 or 2."""
    length: int
    """Samples in the file."""
    loop: Loop
    shares: tuple[float, ...]
    """By how much each channel is taken where one is wanted."""
    loudness: tuple[float, float]
    """Gated loudness of what comes round, in LUFS: as one channel, as two."""
    peak: float
    """The true peak of what sounds as an amplitude, full scale = 1."""

    def lufs(self, channels: int) -> float:
        """Return how loud the bed is as one channel or as two, whose powers add up (BS.1770-4)."""
        return self.loudness[channels - 1]
