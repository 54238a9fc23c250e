"""What a teacher hands out for a class: its finished tracks in one folder, and what pages and feeds say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from calmcast.model.timeline import Timeline, TrackInfo


@dataclass(frozen=True, slots=True)
class HandoutTrack:
    """A finished track of a class. Beside its MP3 lie files of the same stem: .vtt, .lrc, and .json, its manifest."""

    file: str
    """The MP3's name in the handout's folder, which stays as it is: ASCII, `psoas-release-10min.mp3`."""
    info: TrackInfo
    timeline: Timeline
    size: int
    """Of the MP3, in bytes."""
    sha256: str
    """Of the MP3, in hexadecimal: by it a copy is known to be whole."""
    audio_sha256: str
    """Of its sound alone: by it the track is known, whatever its tag says."""
    id: str
    """By which a podcast app knows it, whatever becomes of it."""
    came: datetime
    """Since when it can be had."""
    script: str
    """The script's name: tracks of one script look alike, and are one thing in several lengths to listeners."""
    number: int = 0
    """Its place in the class, from 1 on; 0: a way out, which has no place."""
    note: str = ""
    """What the teacher has to say of it."""
    choices: tuple[tuple[str, str], ...] = ()
    """What it was made for: what was asked (`Support under head and neck`) and what was chosen (`high bolster`)."""
    way_out: str = ""
    """The file of the track that brings one out of this one early; empty: there is none."""
    picture: str = ""
    """The file of the teacher's own picture for it, from the workspace's folder on; empty: one is painted."""
    cover: str = ""
    """The file of its picture, a square JPEG without words; empty: there is none."""

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.file.removesuffix(".mp3")

    @property
    def numbered(self) -> str:
        """The file's name with its place before it, for where order is all there is: `01-psoas-release-10min.mp3`."""
        return f"{self.number:02}-{self.file}" if self.number else self.file


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything of one class, or of one client of it, in one folder."""

    name: str
    """The class's name: its file's, without the ending."""
    title: str
    teacher: str
    """Empty: nobody is named."""
    about: str
    language: str
    """A BCP 47 tag: of the first track."""
    tracks: tuple[HandoutTrack, ...]
    """In the order of the class."""
    published: date
    """The first day that it can be had."""
    ways_out: tuple[HandoutTrack, ...] = ()
    """Tracks of about 75 s that only bring one out; a track names its own by file."""
    client: str = ""
    """For whom it is made; empty: for the whole class."""
    id: str = ""
    """By which directories know its feed, wherever that moves."""
    changed: datetime | None = None
    """When its feed said something new last."""
    note: str = ""
    """What the teacher has to say to that client."""
    contact: str = ""
    """How listeners reach the teacher: an e-mail address, or a telephone number; empty: not from here."""
    picture: str = ""
    """The file of the teacher's own picture for the class; empty: one is painted."""
    drawn: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each picture that its feed shows, in hexadecimal, by the name of its file."""
    strings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The teacher's own words in place of calmcast's, by language and id."""
    url: str = ""
    """Where the folder will be on the web, with a final slash; empty: nowhere yet."""

    @property
    def description(self) -> str:
        """What the teacher says of the class, and to the client."""
        return "\n".join(filter(None, (self.about, self.note)))

    @property
    def samples(self) -> int:
        """How long all tracks last together."""
        return sum(track.timeline.samples for track in self.tracks)

    @property
    def size(self) -> int:
        """How large all MP3s are together, the ways out among them, in bytes."""
        return sum(track.size for track in (*self.tracks, *self.ways_out))
