"""The grammar of calmcast's files, as one table: which elements there are, their fields, types and help.

The builder's checks, the suggestions in its problems, `docs/script-format.md` and the JSON Schema for editors
all follow from this table: a new step is a new row here and its constructor in `builder`.
"""

from dataclasses import dataclass
from enum import Enum, auto


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
    """The name of a bell."""
    GLUE = auto()
    """An elastic silence: its natural length, or a mapping of `about`, `least` and `most`."""
    STEPS = auto()
    SEGMENTS = auto()
    NAMES = auto()
    """One name or a list of names."""
    GAPS = auto()
    PREFER = auto()
    """A list of mappings: an engine and its settings."""
    WORDS = auto()
    PHONEMES = auto()


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

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


GLUE_FIELDS = (
    Field("about", Kind.DURATION, "Its natural length.", "6s", required=True),
    Field("least", Kind.DURATION, "The shortest it may become; half its natural length if left out.", "3s"),
    Field("most", Kind.DURATION, "The longest; left out, a pause doubles at most, and a rest has no bound.", "20s"),
)

STEPS = (
    Element(
        "say",
        "A line to speak. A bare text is a line too. `[2s]` inside it is a fixed silence.",
        "- Let your shoulders soften.\n- say: Breathe in, [2s] and out.",
        (Field("text", Kind.SPEECH, "The words.", "Let your shoulders soften.", required=True),),
        shorthand="text",
    ),
    Element(
        "pause",
        "An elastic silence: it grows and shrinks with the track, by default from half to double its natural length.",
        "- pause: 6s\n- pause: {about: 6s, least: 3s, most: 20s}",
        GLUE_FIELDS,
        shorthand="about",
    ),
    Element(
        "hold",
        "A fixed silence: the same in every track.",
        "- hold: 4s",
        (Field("time", Kind.DURATION, "How long.", "4s", required=True),),
        shorthand="time",
    ),
    Element(
        "rest",
        "A long silence, the first to take up the chosen length. Without `most` it has no upper bound.",
        "- rest: 2 min\n- rest: {about: 2 min, least: 30s, most: 5 min}",
        GLUE_FIELDS,
        shorthand="about",
    ),
    Element(
        "bell",
        "A bell. What follows waits until it has rung, unless `wait` is no.",
        "- bell: soft\n- bell: {sound: soft, level: -6 dB, wait: no}",
        (
            Field("sound", Kind.SOUND, "Which bell.", "soft", required=True),
            Field("level", Kind.LEVEL, "Louder or softer than the bell's own level.", "-6 dB", default="0 dB"),
            Field("wait", Kind.YES_NO, "Whether what follows waits until it has rung.", "yes", default="yes"),
        ),
        shorthand="sound",
    ),
    Element(
        "use",
        "The steps of another segment, here.",
        "- use: si-joint-check",
        (Field("segment", Kind.NAME, "The segment's name.", "si-joint-check", required=True),),
        shorthand="segment",
    ),
    Element(
        "steps",
        "A group: steps that belong together.",
        "- steps:\n    - You can always stop.\n    - pause: 4s\n  keep: yes",
        (Field("steps", Kind.STEPS, "The steps.", "[...]", required=True),),
        shorthand="steps",
    ),
)
"""Every step. A step is a mapping with exactly one of these names as a key, or a bare text."""

TRAITS = (
    Field("keep", Kind.YES_NO, "Never dropped, shortened or repeated: for safety words and the exit.", "yes"),
    Field("voice", Kind.NAME, "The voice for this step and what is inside it.", "plain"),
    Field("id", Kind.NAME, "A stable name, for recordings and translations.", "welcome-1"),
)
"""What any step written as a mapping, and any segment, may also carry."""

SEGMENT = Element(
    "segment",
    "A part of a script, in a file of its own under `scripts/segments/`, or written in place. Each is a chapter.",
    "title: Settle\nabout: Arriving on the floor.\nsteps:\n  - Let your head be held.\n  - pause: 6s",
    (
        Field("title", Kind.TEXT, "The chapter's title, at most 30 characters.", "Settle", required=True),
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "Arriving on the floor."),
        Field("steps", Kind.STEPS, "What happens, in order.", "[...]", required=True),
        *TRAITS,
    ),
)

SEGMENT_USE = Element(
    "use",
    "A segment by name, with something to add to it.",
    "- use: settle\n  keep: yes",
    (Field("use", Kind.NAME, "The segment's name.", "settle", required=True), *TRAITS),
)

SCRIPT = Element(
    "script",
    "A whole track, in a file under `scripts/`.",
    "title: Psoas release\nvoice: calm\nlength: 10 min\nsegments:\n  - setup\n  - settle\n  - gentle-exit",
    (
        Field("title", Kind.TEXT, "The track's title.", "Psoas release", required=True),
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "A supported rest on the floor."),
        Field("language", Kind.LANGUAGE, "The language it is written in.", "en-US", default="en-US"),
        Field("voice", Kind.NAME, "The voice profile that speaks it.", "calm", default="calm"),
        Field("length", Kind.LENGTH, "The length used when the command names none.", "10 min"),
        Field(
            "gap", Kind.GLUE, "The silence between two lines with nothing between them.", "0.9s",
            default="{about: 0.9s, least: 0.4s, most: 1.8s}",
        ),
        Field("segments", Kind.SEGMENTS, "The parts in order: names, or segments written in place.", "[setup, settle]",
              required=True),
    ),
)  # fmt: skip

VOICE = Element(
    "voice",
    "A voice profile, in a file under `voices/`.",
    "about: Calm and clear.\nprefer:\n  - {engine: pico, voice: en-US}\n  - {engine: espeak, voice: en-us}",
    (
        Field("about", Kind.TEXT, "One sentence for those who choose it.", "Calm and clear."),
        Field("language", Kind.LANGUAGE, "The language it speaks.", "en-US", default="en-US"),
        Field("prefer", Kind.PREFER, "Engines with their settings; the first that runs here speaks.",
              "[{engine: espeak, rate: 150}]", required=True),
        Field("gaps", Kind.GAPS, "The silences inside a line: after a phrase and after a sentence.",
              "{phrase: 0.4s, sentence: 0.9s}", default="{phrase: 0.4s, sentence: 0.9s}"),
        Field("lexicon", Kind.NAMES, "Pronunciations, from files under `voices/lexicon/`.", "en"),
    ),
)  # fmt: skip

GAPS = Element(
    "gaps",
    "The silences inside a line.",
    "gaps: {phrase: 0.4s, sentence: 0.9s}",
    (
        Field("phrase", Kind.DURATION, "After a phrase within a sentence.", "0.4s", default="0.4s"),
        Field("sentence", Kind.DURATION, "After a sentence within a line.", "0.9s", default="0.9s"),
    ),
)

LEXICON = Element(
    "lexicon",
    "Pronunciations of one language, in a file under `voices/lexicon/`.",
    "language: en\nwords:\n  - {word: psoas, say: so-as}",
    (
        Field("language", Kind.LANGUAGE, "The language.", "en", default="en"),
        Field("words", Kind.WORDS, "The pronunciations.", "[{word: psoas, say: so-as}]", required=True),
    ),
)

WORD = Element(
    "word",
    "One pronunciation: what is written and how it is said.",
    "- {word: psoas, say: so-as}",
    (
        Field("word", Kind.TEXT, "What is written: a word or several.", "psoas", required=True),
        Field("say", Kind.TEXT, "A respelling that any voice can read.", "so-as"),
        Field("phonemes", Kind.PHONEMES, "Phonemes, by alphabet.", '{espeak: "s\'oU#as"}'),
        Field("case", Kind.YES_NO, "Yes: only with these very capitals.", "yes", default="no"),
    ),
)

ALPHABETS = ("espeak", "x-sampa", "ipa")

LATER = frozenset(
    {"when", "from", "optional", "repeat", "breathe", "one of", "options", "extends", "replace", "insert", "drop",
     "bed", "every", "check"}
)  # fmt: skip
"""Words of the language that this version does not have yet; a script that uses one is told so."""

_ELEMENTS = (*STEPS, SEGMENT, SEGMENT_USE, SCRIPT, VOICE, GAPS, LEXICON, WORD)
KEYS = frozenset(field.name for element in _ELEMENTS for field in element.fields) | {e.name for e in STEPS} | LATER
"""Every key of the language."""

MEANT = {"wait": "pause", "silence": "pause", "break": "pause", "breath": "pause", "stop": "hold", "quiet": "rest",
         "gong": "bell", "chime": "bell", "sound": "bell", "speak": "say", "line": "say", "segment": "use",
         "group": "steps"}  # fmt: skip
"""Words that people write for a step, and the step they mean."""
