"""What the grammar's table is made of: elements, their fields, and the kinds of value that a field holds."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal


class Kind(Enum):
    """What a field holds."""

    TEXT = auto()
    """One text, shown or spoken as written."""
    SPEECH = auto()
    """A line to speak, with `[2s]` silences inside."""
    NAME = auto()
    """The name of a segment, a voice or a lexicon: a file's name without its ending."""
    DURATION = auto()
    LENGTH = auto()
    """A track's length: a duration; a bare number counts minutes."""
    LEVEL = auto()
    YES_NO = auto()
    LANGUAGE = auto()
    SOUND = auto()
    """The name of a bell, a bed or a breath tone."""
    FILE = auto()
    """A sound file's path from the workspace's folder on."""
    PICTURE = auto()
    """A picture's path from the workspace's folder on."""
    PITCH = auto()
    """A note with its octave, or a frequency."""
    KEY = auto()
    """A note without an octave."""
    SEED = auto()
    MOMENT = auto()
    """A time from the beginning, one before the end (`-1:00`), or a share of the track (`50 %`)."""
    BELL = auto()
    """A bell by name, or a mapping."""
    BELL_AT = auto()
    """Bells that ring at times of their own: one, or a list."""
    BELL_EVERY = auto()
    """Bells that ring each time so much has passed: one, or a list."""
    BELLS = auto()
    BED = auto()
    """A bed by name, a mapping, or `none`."""
    BREATH_TONE = auto()
    """A breath tone by name, a mapping, or `none`."""
    GLUE = auto()
    """An elastic silence: its natural length, or a mapping of `about`, `least` and `most`."""
    STEPS = auto()
    SEGMENTS = auto()
    NAMES = auto()
    """One name or a list of names."""
    TEXTS = auto()
    """One text or a list of texts."""
    GAPS = auto()
    TEMPO = auto()
    """Words a minute: a number, or a mapping of `words` and `by`."""
    SPEED = auto()
    """A number of words a minute."""
    BY = auto()
    """What makes a voice slow: `silence` or `syllables`."""
    PERCENT = auto()
    HERTZ = auto()
    TONE = auto()
    """How a voice's sound is shaped."""
    PREFER = auto()
    """A list of mappings: an engine and its settings."""
    WORDS = auto()
    PHONEMES = auto()
    COUNT = auto()
    """How often: `3`, `1 to 6`, `1 or more`."""
    NUMBER = auto()
    """A whole number from 0 on; `no` is 0."""
    RANK = auto()
    """`yes`, or how early it is dropped: a number from 1 on."""
    PACE = auto()
    """How much slower in a minute: `10 % a minute`."""
    ROLE = auto()
    WHEN = auto()
    """Options and the values that they have."""
    ALLOW = auto()
    """Reasons by the code of a warning."""
    CUES = auto()
    """What is said, by the part of a breath."""
    OPTIONS = auto()
    """Options by name."""
    CHOICES = auto()
    """A list of texts."""
    REPLACE = auto()
    """Segments by the name of the segment whose place they take."""
    INSERT = auto()
    SEGMENT = auto()
    """A segment by name, or written in place."""
    TRACKS = auto()
    """The tracks of a class: scripts by name, or mappings."""
    CLIENTS = auto()
    """Those who get a set of their own, by name."""
    SETTINGS = auto()
    """What is chosen, by option."""
    LENGTHS = auto()
    """One length or a list of lengths."""
    QUALITY = auto()
    DATE = auto()
    ADDRESS = auto()
    """Where something is on the web."""
    STRINGS = auto()
    """Texts by language, then by id."""
    CONTACT = auto()
    """An e-mail address or a telephone number."""
    STORE = auto()
    FOLDER = auto()
    """A folder's whole path on one computer."""
    SIZE = auto()
    """Bytes, with their unit."""


@dataclass(frozen=True, slots=True)
class Field:
    """A key of an element."""

    name: str
    kind: Kind
    help: str
    """One plain sentence."""
    example: str
    """A value as it is written in YAML."""
    required: bool = False
    default: str | None = None
    """As written; None: nothing."""
    bounds: tuple[float, float] = (-60.0, 12.0)
    """The least and the most that a level may be, in decibels."""


@dataclass(frozen=True, slots=True)
class Element:
    """Something that can be written: a step, or a whole file."""

    name: str
    help: str
    example: str
    """A few lines of YAML."""
    fields: tuple[Field, ...]
    shorthand: str | None = None
    """The field that a plain value stands for: `pause: 6s` is `pause: {about: 6s}`."""
    silence: Literal["", "fixed", "elastic", "filling"] = ""
    """Of a step that is a silence. `fixed`: as long as its `time`; `elastic`: about as long as its `about`;
    `filling`: as that, and it takes up the chosen length first."""

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)
