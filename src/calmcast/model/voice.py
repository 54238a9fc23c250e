"""How words are spoken: voices, lexicons, utterances, and the recordings that come of them."""

from dataclasses import dataclass, field
from typing import Literal

from calmcast.diagnostics import SourceRef
from calmcast.units import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """One way to speak a voice: an engine and its settings."""

    engine: str
    settings: tuple[tuple[str, str], ...]
    """Engine settings by name, as written, sorted: (("rate", "150"), ("voice", "en-us+klatt2"))."""
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a voice speaks."""

    words: int
    """Words a minute, the silences inside a line among them."""
    by: Literal["silence", "syllables"]
    """What makes it slow: silences between phrases that are spoken naturally, or the engine's own rate."""


@dataclass(frozen=True, slots=True)
class Tone:
    """How a voice's sound is shaped; as it stands, not at all."""

    low_cut_hz: int = 0
    """What lies below is taken away; 0: nothing."""
    shelf_db: float = 0.0
    """What lies above about 5 kHz is made so much louder, in decibels."""
    open: bool = False
    """A voice that ends at 8 kHz gets a little air above."""
    room: int = 0
    """How much of a small room is around it, in percent."""


UNSHAPED = Tone()
ROOM_TAIL = SAMPLE_RATE // 4
"""How much longer a line becomes by a room around it, in samples: 0.25 s."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice profile: what is tried, in order, and how what it says is paced and shaped."""

    name: str
    about: str
    language: str
    prefer: tuple[EngineChoice, ...]
    """Tried in order; the first whose engine runs here is used."""
    phrase_gap: int
    """The silence after a phrase within a sentence, in samples."""
    sentence_gap: int
    """The silence after a sentence within a line, in samples."""
    lexicons: tuple[str, ...]
    """Names of lexicons, applied together."""
    source: SourceRef
    pace: Pace | None = None
    """None: as the engine's settings and the silences make it."""
    pitch: int | None = None
    """In percent of the engine's own; None: as its settings say."""
    tone: Tone = UNSHAPED
    level: float = 0.0
    """How much louder than other voices, in decibels."""
    recordings: str | None = None
    """The folder of a person's own recordings of lines, under `recordings/`."""
    fallback: str | None = None
    """The profile that speaks what has no recording, and all where no engine runs."""
    fallback_source: SourceRef | None = field(default=None, compare=False)
    lexicon_source: SourceRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One lexicon entry: a word, and how it is said."""

    word: str
    """What is written: a word or several."""
    say: str | None
    """A respelling any engine can read."""
    phonemes: tuple[tuple[str, str], ...]
    """Phonemes by alphabet, preferred where the engine takes it: (("espeak", "s'oU#as"), ("x-sampa", "..."))."""
    case: bool
    """True: only as written, capitals and all."""
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Pronunciations of one language."""

    name: str
    language: str
    entries: tuple[Pronunciation, ...]

    def __hash__(self) -> int:
        """Return a number to look up what was made of it by: its words need not all be gone through."""
        return hash((self.name, self.language, len(self.entries)))


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A word whose phonemes are given, in the engine's own alphabet."""

    text: str
    phonemes: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words spoken in one breath, then a silence."""

    spans: tuple[str | Pronounced, ...]
    silence: int
    """The silence after it, in samples; 0 after the last phrase of a line."""
    lasts: int = 0
    """How long it takes at least with the silence after it, in samples: a pace made by silence."""
    runs_on: bool = False
    """Whether its sentence goes on with the next phrase."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line as the voice will say it."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A spoken line, trimmed and measured: mono 16-bit samples at 44 100 Hz, kept in the store under `key`."""

    key: str
    samples: int
    silences: tuple[tuple[int, int], ...]
    """(start, length) in samples of the silences of 1 s and more inside it."""
    loudness: tuple[float, ...]
    """K-weighted mean square of each 400 ms window at 100 ms steps (ITU-R BS.1770-4), full scale = 1."""
    peak: float
    """True peak as an amplitude, full scale = 1."""
    heard: tuple[int, int] | None = None
    """(start, end) in samples of what a listener notices, without the faintest ends; None: all of it."""
    by: str = ""
    """Who stands in for the voice that was asked for; nothing: nobody has to."""
