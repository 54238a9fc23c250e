"""The grammar's table -> files that might have been written by hand, most of them without a fault."""

from collections.abc import Callable
from random import Random

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS as BELL_SOUNDS
from calmcast.script.language.class_grammar import CLASS, CLIENT, TRACK
from calmcast.script.language.grammar import (
    CUES,
    GLUE_FIELDS,
    INSERTION,
    OPTION,
    ROLES,
    SCRIPT,
    SEGMENT,
    SEGMENT_USE,
    STEPS,
    TRAITS,
    VERSION,
)
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.settings_grammar import STORE, USER_SETTINGS, WORKSPACE_SETTINGS
from calmcast.script.language.sound_grammar import BED, BELL_AT, BELL_EVERY, BELL_FIELDS, BELLS, BREATH_TONE
from calmcast.script.language.voice_grammar import GAPS, LEXICON, TEMPO, TONE, VOICE, WORD
from tests.fuzz.tree import Map, Tree

FILES = {
    "script": SCRIPT,
    "version": VERSION,
    "segment": SEGMENT,
    "class": CLASS,
    "voice": VOICE,
    "lexicon": LEXICON,
    "settings": WORKSPACE_SETTINGS,
    "user": USER_SETTINGS,
}
"""What is made: each kind of file, and the row that it is written by."""

_SEGMENTS = ("settle", "gentle-exit", "notice", "comfort-check", "si-joint-check", "breath", "resting", "setup")
_SCRIPTS = ("psoas-release", "seated-pause", "plainly")
_WORDS = (
    *("Let your shoulders soften.", "And breathe out, [2s] slowly.", "Your {psoas|so-as} can rest, too.", "Rest here."),
    *(
        "How is your back?",
        "You can always stop.",
        "'[1s] The floor holds you. [3s]'",
        "Für Mara darf alles weich sein.",
        "שלום, 你好, 🙂.",
    ),
    *(
        "Rest at {head}.",
        "{SI|as letters}, {204|as digits} and {psoas|/ˈsoʊæs/}.",
        "Let it go at 10:30, or 5 min later.",
        "Mara: hello",
    ),
    *("Close your eyes; don't move!", "hold 4s", "A line - with a dash, and 'quotes'.", "Dr. Lee says hm... (softly)"),
)
_ENGINES = ("tone", "espeak", "pico", "piper", "sherpa", "system", "flite", "command", "none-such")
_LEAVES: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("A text", "Mara", "Rest & settle", '"quoted: yes"', "Ünïcode", "high", "0"),
    Kind.SPEECH: _WORDS,
    Kind.DURATION: ("4s", "6s", "1s", "0.5s", "90s", "1m30s", "1:30", "2 min", "20 ms", "0s"),
    Kind.LENGTH: ("10 min", "5", "90s", "1h", "12:30", "3 min"),
    Kind.LEVEL: ("-4 dB", "0 dB", "3 dB", "-20 dB", "-2.5 dB"),
    Kind.YES_NO: ("yes", "no", "true", "off"),
    Kind.LANGUAGE: ("en-US", "en", "de", "zh-Hant-TW"),
    Kind.SOUND: ("soft", "bowl", "rain", "drone", "tingsha", "swell", "tones", "none", "small"),
    Kind.PITCH: ("A3", "F#3", "220 Hz", "C4", "B9"),
    Kind.MOMENT: ("3:00", "-1:00", "50 %", "0s", "100 %"),
    Kind.BY: ("silence", "syllables"),
    Kind.COUNT: ("3", "1 to 6", "2 or more", "1", "0 to 2", "40"),
    Kind.NUMBER: ("3", "0", "no", "12"),
    Kind.RANK: ("yes", "2", "1", "9"),
    Kind.PACE: ("10 % a minute", "1 % a minute", "50 % a minute"),
    Kind.ROLE: ROLES,
    Kind.WHEN: ("{head: low}", "{head: [low, high]}", "{not: {head: low}}", "{guidance: more}"),
    Kind.ALLOW: ("{long-line: a quotation}", "{no-exit: the next has it}", "{no-way-out: none is needed}"),
    Kind.OPTIONS: ("{head: {ask: Support, choices: [low, high]}}", "{head: high}"),
    Kind.SPEED: ("110", "60", "300"),
    Kind.PERCENT: ("95 %", "100 %", "10 %"),
    Kind.QUALITY: ("standard", "small"),
    Kind.SIZE: ("10 GB", "100 MB", "1 TB"),
}
"""Values beside a field's own example."""

_ELEMENTS: dict[Kind, Element] = {
    Kind.BELL: Element("bell", "", "", BELL_FIELDS),
    Kind.GLUE: Element("gap", "", "", GLUE_FIELDS),
    Kind.BELLS: BELLS,
    Kind.BELL_AT: BELL_AT,
    Kind.BELL_EVERY: BELL_EVERY,
    Kind.BED: BED,
    Kind.BREATH_TONE: BREATH_TONE,
    Kind.CUES: CUES,
    Kind.GAPS: GAPS,
    Kind.TEMPO: TEMPO,
    Kind.TONE: TONE,
    Kind.STORE: STORE,
    Kind.SEGMENT: SEGMENT,
}
_NAMED = {Kind.OPTIONS: OPTION, Kind.CLIENTS: CLIENT, Kind.REPLACE: SEGMENT}
"""Mappings whose keys are names, and the row of what stands under each."""
_LISTS = {Kind.SEGMENTS, Kind.WORDS, Kind.TRACKS, Kind.INSERT, Kind.PREFER, Kind.STEPS}


_CAREFUL: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("A text", "Mara", "Rest & settle", '"quoted: yes"', "Ünïcode"),
    Kind.SPEECH: _WORDS[:9],
    Kind.DURATION: ("4s", "6s", "10s", "0:05", "8 s"),
    Kind.PITCH: ("A3", "220 Hz"),
    Kind.LANGUAGE: ("en-US",),
    Kind.COUNT: ("3", "1 to 6", "2 or more", "40"),
    Kind.NUMBER: ("3", "no", "12"),
    Kind.OPTIONS: ("{head: {ask: Support, choices: [low, high]}}",),
    Kind.WHEN: ("{guidance: more}", "{guidance: [more, medium]}", "{not: {guidance: less}}"),
    Kind.ROLE: ROLES[:-1],
    Kind.MOMENT: ("3:00", "-1:00", "50 %"),
}
"""What a careful author writes, in their place."""
_SOUNDS = {BED.name: (*BEDS,), BREATH_TONE.name: ("swell", "tones")}
_DELICATE = {
    "file",
    "keep",
    "from",
    "check",
    "every",
    "most",
    "least",
    "id",
    "allow",
    "key",
    "options",
    "insert",
    "replace",
}
_DELICATE |= {
    "drop",
    "untranslated",
    "recordings",
    "hold",
    "rest",
    "lexicon",
    "fallback",
    "way-out",
    "pitch",
    "case",
    "url",
    "length",
    "level",
    "bells",
}
"""What asks for something else, which a careful author leaves out."""


def written(file: str, chance: Random) -> Tree:
    """Return a file of a kind: now and then by a careful author, whose files seldom have a fault."""
    return _Writer(chance, careful=chance.random() < 0.6).element(FILES[file], 0)


class _Writer:
    """Writes what the table asks for, as chance has it."""

    def __init__(self, chance: Random, *, careful: bool) -> None:
        self.chance, self.careful = chance, careful
        self.rare = chance.choice((0.1, 0.3, 0.7))
        """How often a field is written that may be left out."""

    def element(self, element: Element, depth: int) -> Map:
        """Return a mapping with the fields of a row."""
        chosen = [field for field in element.fields if self.wanted(field, self.rare)]
        return Map([(field.name, self.value(field, depth, element.name)) for field in chosen])

    def wanted(self, field: Field, rare: float) -> bool:
        """Return whether a field is written."""
        if field.required or (
            self.careful and field.name in ("sound", "about", "prefer", "say") and field.kind is not Kind.CUES
        ):
            return True
        return self.chance.random() < rare and not (self.careful and field.name in _DELICATE)

    def value(self, field: Field, depth: int, of: str = "") -> Tree:
        """Return a value for a field of a row."""
        if self.careful and field.name == "one of":
            return [*self.chance.sample(_WORDS[:3], k=2)]
        if field.kind in _LISTS:
            most = 3 if depth else 8
            return [self.item(field.kind, depth + 1) for _ in range(self.chance.randint(1, most))]
        if field.kind is Kind.SEGMENT and self.chance.random() < 0.7:
            return self.chance.choice(_SEGMENTS)
        if self.careful and field.kind is Kind.SOUND:
            return self.chance.choice(_SOUNDS.get(of, tuple(BELL_SOUNDS)))
        if field.kind in _NAMED and (not self.careful or field.kind is Kind.CLIENTS) and self.chance.random() < 0.7:
            return Map(
                [(self.chance.choice(("head", "Mara", "knees", "B")), self.element(_NAMED[field.kind], depth + 1))]
            )
        if (element := _ELEMENTS.get(field.kind)) and self.chance.random() < 0.6:
            return self.element(element, depth + 1)
        if field.kind is Kind.NAME:
            return self.name(field)
        if self.careful and field.kind in (Kind.LEVEL, Kind.SETTINGS, Kind.BELLS):
            return "{guidance: more}" if field.kind is Kind.SETTINGS else field.example
        pool = (self.careful and _CAREFUL.get(field.kind)) or _LEAVES.get(field.kind, ())
        if self.careful and field.kind in _CAREFUL and field.kind in _LEAVES:
            return self.chance.choice(pool)
        return self.chance.choice(pool) if pool and self.chance.random() < 0.7 else field.example

    def name(self, field: Field) -> str:
        """Return the name of something that is there, as a rule."""
        there = {
            "voice": ("calm", "plain"),
            "fallback": ("calm", "plain"),
            "script": _SCRIPTS,
            "extends": _SCRIPTS,
            "id": ("one", "two", f"line-{self.chance.randint(1, 99)}"),
        }.get(field.name, _SEGMENTS)
        return self.chance.choice((*there, *there, field.example))

    def item(self, kind: Kind, depth: int) -> Tree:
        """Return one item of a list."""
        make: dict[Kind, Callable[[], Tree]] = {
            Kind.SEGMENTS: lambda: self.segment(depth),
            Kind.WORDS: lambda: self.element(WORD, depth),
            Kind.TRACKS: lambda: self.track(depth),
            Kind.INSERT: lambda: self.element(INSERTION, depth),
            Kind.PREFER: self.engine,
            Kind.STEPS: lambda: self.step(depth),
        }
        return make[kind]()

    def segment(self, depth: int) -> Tree:
        """Return a segment of a script: its name, the same with something added, or in place."""
        rows = (SEGMENT, SEGMENT, SEGMENT_USE)
        shown = self.chance.random() < 0.4
        return (
            self.chance.choice(_SEGMENTS)
            if shown or (self.careful and depth > 1)
            else self.element(self.chance.choice(rows), depth)
        )

    def track(self, depth: int) -> Tree:
        return self.chance.choice(_SCRIPTS) if self.chance.random() < 0.4 else self.element(TRACK, depth)

    def engine(self) -> Tree:
        """Return one way to speak. No program is ever named: nothing here could be run, if it were allowed."""
        if self.careful:
            return Map([("engine", self.chance.choice(("tone", "espeak")))])
        settings = self.chance.sample(
            [("rate", "150"), ("voice", "en-us"), ("pitch", "40"), ("run", "[no-such-program, '{text}']")], k=2
        )
        return Map([("engine", self.chance.choice(_ENGINES)), *settings])

    def step(self, depth: int) -> Tree:
        """Return a step: a line as often as anything else, groups less often the deeper they would be."""
        rows = [row for row in STEPS if depth < 4 or not any(field.kind is Kind.STEPS for field in row.fields)]
        row = self.chance.choice(rows)
        if self.chance.random() < 0.4:
            return self.chance.choice(_WORDS[:9])
        if row.shorthand and row.field(row.shorthand).kind is Kind.STEPS and self.careful:
            return Map([(row.name, self.value(row.field(row.shorthand), depth))])
        short = next((field for field in row.fields if field.name == row.shorthand), None)
        content = (
            self.value(short, depth, row.name) if short and self.chance.random() < 0.7 else self.element(row, depth)
        )
        traits = [field for field in TRAITS if self.wanted(field, self.rare / 6)]
        return Map([(row.name, content), *((field.name, self.value(field, depth)) for field in traits)])
