"""The grammar table -> `docs/script-format.md` and the JSON Schema that editors read.

A test keeps both current; `make docs` writes them anew.
"""

import json
from collections.abc import Mapping
from typing import Any

from calmcast.script.codes import CODES
from calmcast.script.grammar import (
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
from calmcast.script.kinds import Element, Field, Kind
from calmcast.script.voice_grammar import LEXICON, TEMPO, TONE, VOICE, WORD

_KIND_NAMES = {
    Kind.TEXT: "text",
    Kind.SPEECH: "words, with `[2s]` silences inside",
    Kind.NAME: "name",
    Kind.DURATION: "time",
    Kind.LENGTH: "time, or a number of minutes",
    Kind.LEVEL: "level in dB",
    Kind.YES_NO: "yes or no",
    Kind.LANGUAGE: "language tag",
    Kind.SOUND: "name of a bell",
    Kind.GLUE: "time, or `{about, least, most}`",
    Kind.STEPS: "list of steps",
    Kind.SEGMENTS: "list of segments",
    Kind.NAMES: "name, or list of names",
    Kind.GAPS: "`{phrase, sentence}`",
    Kind.TEMPO: "words a minute, or `{words, by}`",
    Kind.SPEED: "number of words a minute",
    Kind.BY: "silence or syllables",
    Kind.PERCENT: "percentage",
    Kind.HERTZ: "frequency in Hz",
    Kind.TONE: "`{low-cut, shelf, open, room}`",
    Kind.PREFER: "list of engines with settings",
    Kind.WORDS: "list of words",
    Kind.PHONEMES: "text by alphabet",
    Kind.COUNT: "`3`, `1 to 6`, `1 or more`",
    Kind.NUMBER: "number, or no",
    Kind.RANK: "yes, or a number from 1 on",
    Kind.PACE: "`10 % a minute`",
    Kind.ROLE: "name of a role",
    Kind.WHEN: "values by option",
    Kind.ALLOW: "reasons by warning",
    Kind.CUES: "lines by part of the breath",
    Kind.OPTIONS: "options by name",
    Kind.CHOICES: "list of texts",
    Kind.TEXTS: "text, or list of texts",
    Kind.REPLACE: "segments by name",
    Kind.INSERT: "list of insertions",
    Kind.SEGMENT: "name, or a segment",
}

_INTRODUCTION = """\
# The script format

<!-- Written by `make docs` from src/calmcast/script/grammar.py: change it there. -->

A script is a text file that reads like the class itself. It is written in YAML: `key: value` on a line,
lists with a hyphen and a space, and two spaces for each step inwards.

**Times** are written `6s`, `0.5s`, `90 seconds`, `1m30s`, `1:30`, `10 min`, `1h5m`.
**Levels** are written `-6 dB`. **Names** are file names without their ending.
A line that has a colon followed by a space, or that begins with one of `[ { " ' * & ! % @ |` and a few other signs,
goes in double quotes: `- "Remember: there is no hurry."`

A file in your own `scripts/`, `scripts/segments/` or `voices/` wins over the one that ships, by name.
Between two lines with nothing between them lies the script's `gap`.
`calmcast check` shows every mistake with its line, and what to write instead.
"""


_OPTIONS = """\
An option is used by `when`, on a step or a segment, and by its name in curly brackets in a line:

```yaml
- when: {head: high bolster}
  say: The taller bolster can carry the weight of your head.
- when: {knees: [a cushion, a blanket], not: {legs: long}}    # several keys: all must hold
  say: Let {knees} hold your knees.
```

It is chosen with `--set head="high bolster"`, or asked for with `--ask`. A segment names the options that it uses; a
script's own `options` win, and may give another `default` alone.
"""

_LENGTHS = """\
### What a longer track has more of

A track takes what is always there, then the `optional` parts by number (1 first), then one more `repeat`, round of
`breathe` or stretch of a `rest` with a check at a time, where the least of what is possible is there yet. It takes so
much that its silences are nearest to their natural lengths. So a longer track has all that a shorter one has, in the
same order. A part with `from` is there in every track of that length or more, and in no shorter one; what is added
after it has to wait for it, so choose a length at which there is room.

A rest without `most` is never strained by growing: the next part comes only when all of it fits. Where each rest has
its `most`, and a group with `repeat: 1 or more` holds them, longer tracks get more rounds, not ever longer rests.
"""


def markdown(bells: Mapping[str, str], engines: Mapping[str, Mapping[str, str]]) -> str:
    """Return the whole of `docs/script-format.md`.

    `bells`: what each bell sounds like, by name; `engines`: what each setting means, by engine and name.
    """
    parts = [
        _INTRODUCTION,
        _section("A script", SCRIPT),
        _section("A segment", SEGMENT),
        "In a script's `segments`, a name stands for a segment's file; "
        f"`use` adds something to it:\n\n```yaml\n{SEGMENT_USE.example}\n```\n",
        _section("An option", OPTION),
        _OPTIONS,
        _section("A version of another script", VERSION),
        "## Steps\n\nA step is a line of text, or exactly one of these:\n",
        *(_step(element) for element in STEPS),
        "### Bells\n\n" + _list(bells),
        "### On any step\n\nA step written as a mapping, and a segment as a whole, may also carry:\n",
        _table(TRAITS),
        _LENGTHS,
        "### Warnings\n\n`calmcast check` gives these, and `allow: {code: reason}` on a step, a segment or the script "
        "silences one there and inside:\n\n" + _list(CODES),
        "# Voices\n\nA voice profile names the engines that can speak it; a lexicon says how words are pronounced.\n"
        "`calmcast voices` says who speaks each here, `calmcast voices add` gets neural voices, `calmcast record` your "
        "own.\n",
        _section("A voice", VOICE),
        _section("Its pace", TEMPO),
        _section("Its tone", TONE),
        "### Engines\n\n" + "\n".join(f"`{name}`:\n\n{_list(settings)}" for name, settings in engines.items()),
        _section("A lexicon", LEXICON),
        _section("A word of a lexicon", WORD),
        "## Refused\n\nDuplicate or unknown keys, tabs, YAML's anchors, aliases, merges and tags, files over 1 MiB, "
        "nesting over 32, scripts of more than 20 000 steps, segments that use each other in a circle, and paths "
        "in place of names. Curly quotes, non-breaking spaces, UTF-16, a byte order mark and Windows line ends are "
        "accepted.\n",
    ]
    return "\n".join(parts)


def _list(meanings: Mapping[str, str]) -> str:
    return "".join(f"- `{name}`: {meaning}\n" for name, meaning in meanings.items())


def _section(title: str, element: Element) -> str:
    return f"## {title}\n\n{element.help}\n\n```yaml\n{element.example}\n```\n\n{_table(element.fields)}"


def _step(element: Element) -> str:
    fields = _table(element.fields) if len(element.fields) > 1 else ""
    return f"### `{element.name}`\n\n{element.help}\n\n```yaml\n{element.example}\n```\n\n{fields}"


def _table(fields: tuple[Field, ...]) -> str:
    rows = ["| key | value | meaning |", "|---|---|---|"]
    for field in fields:
        note = " Required." if field.required else f" Default: `{field.default}`." if field.default else ""
        rows.append(f"| `{field.name}` | {_KIND_NAMES[field.kind]} | {field.help}{note} |")
    return "\n".join(rows) + "\n"


def schema() -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) for scripts and segments, for completion and help in editors."""
    steps: list[dict[str, Any]] = [{"type": "string", "description": STEPS[0].help}]
    steps += [_step_schema(element) for element in STEPS]
    glue = _object(Element("glue", "An elastic silence.", "", GLUE_FIELDS))
    reference = _object(SEGMENT_USE)
    segment = _object(SEGMENT)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "calmcast script or segment",
        "oneOf": [{"$ref": "#/$defs/script"}, {"$ref": "#/$defs/version"}, {"$ref": "#/$defs/segment"}],
        "$defs": {
            "script": _object(SCRIPT),
            "version": _object(VERSION),
            "option": _object(OPTION),
            "when": {
                "type": "object",
                "properties": {"not": {"$ref": "#/$defs/when"}},
                "additionalProperties": {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]},
            },
            "segment": segment,
            "reference": reference,
            "step": {"oneOf": steps},
            "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1},
            "glue": {"oneOf": [{"$ref": "#/$defs/time"}, glue]},
            "time": {
                "type": "string",
                "pattern": r"^\s*([0-9.]+\s*(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms)\s*)+$|^[0-9:.]+$",
                "description": "A time: 6s, 1m30s, 1:30, 10 min.",
            },
        },
    }


def _field_schema(field: Field) -> dict[str, Any]:
    described = {"description": field.help, "examples": [field.example]} if field.example else {}
    return described | _kind_schema(field.kind)


def schema_text() -> str:
    """Return the JSON Schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _object(element: Element) -> dict[str, Any]:
    return {
        "type": "object",
        "description": element.help,
        "properties": {field.name: _field_schema(field) for field in element.fields},
        "required": [field.name for field in element.fields if field.required],
        "additionalProperties": False,
    }


def _step_schema(element: Element) -> dict[str, Any]:
    """Return the schema of a step: its own key, by shorthand or by its fields, and what any step may carry."""
    short = element.field(element.shorthand or element.fields[0].name)
    form = _field_schema(short)
    if element.shorthand is None:
        form = _object(element)
    elif short.kind is not Kind.STEPS:
        form = {"oneOf": [form, _object(element)]}
    step = _object(Element(element.name, element.help, "", TRAITS))
    step["properties"] = {element.name: form, **step["properties"]}
    return step | {"required": [element.name]}


_SEGMENT = {"oneOf": [{"type": "string"}, {"$ref": "#/$defs/reference"}, {"$ref": "#/$defs/segment"}]}
_COUNT = r"^\s*\d{1,3}(\s*(to|-|–)\s*\d{1,3}|\s+or\s+more)?\s*$"
_TEXT = {"type": ["string", "boolean", "number"]}
"""A text that YAML may take for something else: yes, 4."""


def _kind_schema(kind: Kind) -> dict[str, Any]:
    """Return the schema of a kind of field; INSERT and CUES are objects of fields themselves."""
    if kind is Kind.INSERT:
        return {"type": "array", "minItems": 1, "items": _object(INSERTION)}
    return _object(CUES) if kind is Kind.CUES else _KIND_SCHEMAS.get(kind, {"type": "string"})


_KIND_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.DURATION: {"$ref": "#/$defs/time"},
    Kind.LENGTH: {"oneOf": [{"$ref": "#/$defs/time"}, {"type": "number", "exclusiveMinimum": 0}]},
    Kind.YES_NO: {"enum": [True, False, "yes", "no"]},
    Kind.GLUE: {"$ref": "#/$defs/glue"},
    Kind.STEPS: {"$ref": "#/$defs/steps"},
    Kind.SEGMENTS: {
        "type": "array",
        "minItems": 1,
        "items": _SEGMENT,
    },
    Kind.SEGMENT: _SEGMENT,
    Kind.REPLACE: {"type": "object", "additionalProperties": _SEGMENT},
    Kind.COUNT: {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _COUNT}]},
    Kind.NUMBER: {"oneOf": [{"type": "integer", "minimum": 0}, {"enum": ["no", False]}]},
    Kind.RANK: {"oneOf": [{"type": "integer", "minimum": 1}, {"enum": ["yes", "no", True, False]}]},
    Kind.ROLE: {"enum": list(ROLES)},
    Kind.WHEN: {"$ref": "#/$defs/when"},
    Kind.ALLOW: {"type": "object", "additionalProperties": {"type": "string"}},
    Kind.OPTIONS: {"type": "object", "additionalProperties": {"$ref": "#/$defs/option"}},
    Kind.CHOICES: {"type": "array", "minItems": 2, "items": _TEXT},
    Kind.TEXTS: {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
