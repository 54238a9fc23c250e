"""What is noted of a finished track, in the JSON beside it: written and read as these. Times in samples at 44 100 Hz.

Fields stand in the file under their own names, in this order. One whose default is nothing is left out where it is
that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from calmcast.model.sound import BreathSound
from calmcast.model.steps import PhaseName
from calmcast.model.within import Within
from calmcast.units import LONGEST, SAMPLE_RATE, seconds

FORMAT: Literal[4] = 4
"""Raised when a reader of older manifests would misread a newer one."""


Samples = Annotated[int, Within(0, LONGEST)]
Count = Annotated[int, Within(0, LONGEST)]
Seconds = Annotated[float, Within(0, LONGEST / SAMPLE_RATE)]
Decibels = Annotated[float, Within(-300, 300)]


def to_microsecond(samples: int) -> float:
    """Return samples as seconds, to the microsecond (a sample is 23)."""
    return round(seconds(samples), 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a track; for those who read the file, in seconds too."""

    start: Samples
    samples: Samples
    start_s: float = field(init=False)
    length_s: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start_s", to_microsecond(self.start))
        object.__setattr__(self, "length_s", to_microsecond(self.samples))

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterEntry(Stretch):
    """A segment's stretch of the track."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BedEntry(Stretch):
    """A stretch of a bed, its fades included. Two that overlap cross-fade."""

    name: str
    """What it is called: `rain`, or its file's name."""
    key: str = ""
    """The note that it is built on, where it is not the bed's own."""
    seed: Count | None = None
    """None: it is a file."""
    fade_in_s: Seconds
    fade_out_s: Seconds
    levels: tuple[tuple[Seconds, Decibels], ...]
    """(second, decibels relative to the voice) where its level turns, in order; between two a straight line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathEntry(Stretch):
    """A part of a paced breath in which a tone sounds."""

    phase: PhaseName
    sound: BreathSound
    key: str
    level_db: Decibels
    """Relative to the voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Stretch):
    """What the track has one after the other."""

    segment: Count
    """The number of its chapter, from 0 on."""
    source: str
    """Where it stands in its script: `scripts/segments/settle.yaml:14:5`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry(Event):
    """A line that is spoken."""

    kind: Literal["line"] = "line"
    voice: str
    """The profile that was asked for."""
    by: str = ""
    """Who stands in for it."""
    text: str
    level_db: Decibels
    """As authored: how much louder than the rest of the voice."""
    rise_db: Decibels
    """After a long silence: so much softer at its first sample, coming up by RISE_DB_S."""
    heard: tuple[Samples, Samples]
    """From where to where a listener notices it, from its start on."""
    lufs: Decibels | None = None
    """How loud it is by itself, its level included and its soft beginning not; None: it is silent."""
    recording: str
    """The key of its recording in the store."""

    def __post_init__(self) -> None:
        Stretch.__post_init__(self)
        if not self.heard[0] <= self.heard[1] <= self.samples:
            raise ValueError("heard")

    @property
    def speaker(self) -> str:
        """Who speaks it: the voice, or who stands in for it."""
        return self.by or self.voice


@dataclass(frozen=True, slots=True, kw_only=True)
class BellEntry(Event):
    """A bell that is struck."""

    kind: Literal["bell"] = "bell"
    sound: str
    """What it is called: `soft`, or its file's name."""
    file: str = ""
    """Its file's name."""
    pitch: str = ""
    """Of its lowest partial, where it is not the bell's own."""
    level_db: Decibels
    """Relative to the bell's own level."""
    lufs: Decibels
    """How loud its loudest 400 ms are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEntry(Event):
    """Nothing is spoken and no bell struck."""

    kind: str
    """What of: `pause`, `gap`, `rest`, or any other silence."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that the script was read from."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ScriptEntry:
    """What was performed."""

    name: str
    options: Mapping[str, str]
    """What is chosen, by option."""
    sources: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class PassedOverEntry:
    """An engine that a profile would rather have, and why it does not speak."""

    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class VoiceEntry:
    """Who speaks a voice profile."""

    engine: str
    settings: Mapping[str, str]
    instead_of: tuple[PassedOverEntry, ...] = ()
    stand_in: str = ""
    """Who speaks what the voice itself does not; nothing: nobody has to."""
    stood_in_lines: Count | None = None
    """How many lines of the track that are, where somebody stands in."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What kind of file a track is."""

    format: str
    """As it is chosen: `m4a`."""
    rate: Count
    """Of its sound, in Hz."""
    place: str
    """What it was made for: `phone`, `podcast`."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a track is brought to."""

    speech_lufs: Decibels
    true_peak_dbtp: Decibels


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What there is to say of a track: what is in it and how it was made."""

    format: Literal[4] = FORMAT
    title: str
    artist: str
    album: str
    number: Count | None = None
    """Its place in the album, from 1 on; None: it stands alone."""
    about: str
    language: str
    """A BCP 47 tag."""
    length_s: float = field(init=False)
    samples: Samples
    rate: Literal[44_100] = 44_100
    """In Hz."""
    channels: Literal[1, 2]
    kbps: Count
    """The bit rate of its sound, in kbit/s; 0: every sample is kept."""
    file: FileEntry | None = None
    """None: it is an MP3 for a phone."""
    synthetic_voice: str = ""
    """Whether its voice was made by a machine: `yes`, `partly` or `no`; nothing: nobody speaks."""
    spoken_by: str = ""
    """Whose voice that is."""
    audio_sha256: str
    """What sounds, in hexadecimal digits: of an MP3 its frames, whatever its tag says, of others the whole file."""
    tag_sha256: str
    """Of all else in the file."""
    script: ScriptEntry
    voices: Mapping[str, VoiceEntry]
    """By the name of the profile."""
    loudness: Loudness
    gains_db: Mapping[str, Decibels]
    """By who speaks: what was made louder by, before the encoder."""
    own_db: Mapping[str, Decibels] = field(default_factory=dict)
    """By who speaks: how much louder than other voices, for those who are."""
    versions: Mapping[str, str]
    """Of calmcast, the encoder and the engines."""
    sound_files: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each bell and bed that is a file, by its name."""
    chapters: tuple[ChapterEntry, ...]
    beds: tuple[BedEntry, ...]
    breaths: tuple[BreathEntry, ...]
    events: tuple[LineEntry | BellEntry | SilenceEntry, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "length_s", to_microsecond(self.samples))

    @property
    def lines(self) -> tuple[LineEntry, ...]:
        """What is spoken, in order."""
        return tuple(event for event in self.events if isinstance(event, LineEntry))

    @property
    def bells(self) -> tuple[BellEntry, ...]:
        """What is struck, in order."""
        return tuple(event for event in self.events if isinstance(event, BellEntry))
