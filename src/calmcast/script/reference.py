"""The grammar table -> `docs/script-format.md` and the JSON Schema that editors read.

A test keeps both current; `make docs` writes them anew.
"""

import json
from collections.abc import Mapping
from typing import Any

from calmcast.script.grammar import (
    GLUE_FIELDS,
    LEXICON,
    SCRIPT,
    SEGMENT,
    SEGMENT_USE,
    STEPS,
    TRAITS,
    VOICE,
    WORD,
    Element,
    Field,
    Kind,
)

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
    Kind.PREFER: "list of engines with settings",
    Kind.WORDS: "list of words",
    Kind.PHONEMES: "text by alphabet",
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
        "## Steps\n\nA step is a line of text, or exactly one of these:\n",
        *(_step(element) for element in STEPS),
        "### Bells\n\n" + _list(bells),
        "### On any step\n\nA step written as a mapping, and a segment as a whole, may also carry:\n",
        _table(TRAITS),
        "# Voices\n\nA voice profile names the engines that can speak it; a lexicon says how words are pronounced.\n",
        _section("A voice", VOICE),
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
        "oneOf": [{"$ref": "#/$defs/script"}, {"$ref": "#/$defs/segment"}],
        "$defs": {
            "script": _object(SCRIPT),
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
    if short.kind is not Kind.STEPS:
        form = {"oneOf": [form, _object(element)]}
    step = _object(Element(element.name, element.help, "", TRAITS))
    step["properties"] = {element.name: form, **step["properties"]}
    return step | {"required": [element.name]}


def _field_schema(field: Field) -> dict[str, Any]:
    described = {"description": field.help, "examples": [field.example]} if field.example else {}
    return described | _KIND_SCHEMAS.get(field.kind, {"type": "string"})


_KIND_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.DURATION: {"$ref": "#/$defs/time"},
    Kind.LENGTH: {"oneOf": [{"$ref": "#/$defs/time"}, {"type": "number", "exclusiveMinimum": 0}]},
    Kind.YES_NO: {"enum": [True, False, "yes", "no"]},
    Kind.GLUE: {"$ref": "#/$defs/glue"},
    Kind.STEPS: {"$ref": "#/$defs/steps"},
    Kind.SEGMENTS: {
        "type": "array",
        "minItems": 1,
        "items": {"oneOf": [{"type": "string"}, {"$ref": "#/$defs/reference"}, {"$ref": "#/$defs/segment"}]},
    },
}
