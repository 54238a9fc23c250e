"""The grammar table -> the JSON Schema that editors read. A test keeps it current; `make docs` writes it anew."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from calmcast.model.sound import NO_BED, BreathSound
from calmcast.model.timeline import Quality
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
from calmcast.script.language.settings_grammar import WORKSPACE_SETTINGS
from calmcast.script.language.sound_grammar import BED, BELL_AT, BELL_EVERY, BELLS, BREATH_TONE


def schema() -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) for scripts, segments, classes and settings, for completion and help."""
    steps: list[dict[str, Any]] = [{"type": "string", "description": STEPS[0].help}]
    steps += [_step_schema(element) for element in STEPS]
    glue = _object(Element("glue", "An elastic silence.", "", GLUE_FIELDS))
    reference = _object(SEGMENT_USE)
    segment = _object(SEGMENT)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "calmcast script, segment, class or settings",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("script", "version", "segment", "class", "settings")],
        "$defs": {
            "script": _object(SCRIPT),
            "version": _object(VERSION),
            "class": _object(CLASS),
            "settings": _object(WORKSPACE_SETTINGS),
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
            "bell": _named(next(element for element in STEPS if element.name == "bell")),
            "bells": {"oneOf": [_NONE, _object(BELLS)]},
            "bed": {"oneOf": [*_named(BED)["oneOf"], {"enum": [False]}]},
            "glue": {"oneOf": [{"$ref": "#/$defs/time"}, glue]},
            "time": {
                "type": "string",
                "pattern": r"^\s*([0-9.]+\s*(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms)\s*)+$|^[0-9:.]+$",
                "description": "A time: 6s, 1m30s, 1:30, 10 min.",
            },
            "bell-at": _sound(BELL_AT),
            "bell-every": _sound(BELL_EVERY),
            **{f"trait-{field.name}": _field_schema(field) for field in TRAITS},
        },
    }


def _field_schema(field: Field) -> dict[str, Any]:
    described = {"description": field.help, "examples": [field.example]} if field.example else {}
    return described | _kind_schema(field.kind)


def _property(field: Field) -> dict[str, Any]:
    """Return the schema of a field where it stands: what any step may carry is written once, among the definitions."""
    return {"$ref": f"#/$defs/trait-{field.name}"} if field in TRAITS else _field_schema(field)


def schema_text() -> str:
    """Return the JSON Schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _object(element: Element) -> dict[str, Any]:
    return {
        "type": "object",
        "description": element.help,
        "properties": {field.name: _property(field) for field in element.fields},
        "required": [field.name for field in element.fields if field.required],
        "additionalProperties": False,
    }


def _step_schema(element: Element) -> dict[str, Any]:
    """Return the schema of a step: its own key, by shorthand or by its fields, and what any step may carry."""
    short = element.field(element.shorthand or element.fields[0].name)
    form = _field_schema(short)
    if element.shorthand is None:
        form = _object(element)
    elif short.kind is Kind.SOUND:
        form = {"$ref": "#/$defs/bell"}
    elif short.kind is not Kind.STEPS:
        form = {"oneOf": [form, _object(element)]}
    step = _object(Element(element.name, element.help, "", tuple(_carried(element))))
    step["properties"] = {element.name: form, **step["properties"]}
    return step | {"required": [element.name]}


def _carried(element: Element) -> Iterator[Field]:
    """Yield what a step may carry: nothing that belongs inside it, and no level where it is silent from end to end."""
    own = {field.name for field in element.fields}
    silent = bool(element.silence) and "check" not in own
    yield from (field for field in TRAITS if field.name not in own and not (silent and field.name == "level"))


def _sound(element: Element) -> dict[str, Any]:
    """Return the schema of a sound's fields, `sound` or `file` among them."""
    return _object(element) | {"oneOf": [{"required": ["sound"]}, {"required": ["file"]}]}


def _named(element: Element) -> dict[str, Any]:
    return {"oneOf": [{"type": "string"}, _sound(element)]}


def _listed(name: str) -> dict[str, Any]:
    one = {"$ref": f"#/$defs/{name}"}
    return {"oneOf": [one, {"type": "array", "minItems": 1, "items": one}]}


_NONE = {"enum": [NO_BED, False]}
_SEGMENT = {"oneOf": [{"type": "string"}, {"$ref": "#/$defs/reference"}, {"$ref": "#/$defs/segment"}]}
_COUNT = r"^\s*\d{1,3}(\s*(to|-|–)\s*\d{1,3}|\s+or\s+more)?\s*$"
_TEXT = {"type": ["string", "boolean", "number"]}
"""A text that YAML may take for something else: yes, 4."""


def _kind_schema(kind: Kind) -> dict[str, Any]:
    """Return the schema of a kind of field; some are objects of fields themselves."""
    if kind is Kind.INSERT:
        return {"type": "array", "minItems": 1, "items": _object(INSERTION)}
    if kind in (Kind.BELL_AT, Kind.BELL_EVERY):
        return _listed("bell-at" if kind is Kind.BELL_AT else "bell-every")
    if kind is Kind.BREATH_TONE:
        return {"oneOf": [{"enum": [*get_args(BreathSound), NO_BED, False]}, _object(BREATH_TONE)]}
    if kind is Kind.TRACKS:
        return {"type": "array", "minItems": 1, "items": {"oneOf": [{"type": "string"}, _object(TRACK)]}}
    if kind is Kind.CLIENTS:
        return {"type": "object", "additionalProperties": _object(CLIENT)}
    return _object(CUES) if kind is Kind.CUES else _KIND_SCHEMAS.get(kind, {"type": "string"})


_LENGTH = {"oneOf": [{"$ref": "#/$defs/time"}, {"type": "number", "exclusiveMinimum": 0}]}
_KIND_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.DURATION: {"$ref": "#/$defs/time"},
    Kind.LENGTH: _LENGTH,
    Kind.LENGTHS: {"oneOf": [*_LENGTH["oneOf"], {"type": "array", "minItems": 1, "items": _LENGTH}]},
    Kind.SETTINGS: {"type": "object", "additionalProperties": _TEXT},
    Kind.STRINGS: {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _TEXT}},
    Kind.QUALITY: {"enum": list(get_args(Quality))},
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
    Kind.PITCH: {"type": ["string", "number"]},
    Kind.MOMENT: {"type": ["string", "integer"]},
    Kind.SEED: {"type": "integer", "minimum": 0},
    Kind.BELL: {"$ref": "#/$defs/bell"},
    Kind.BELLS: {"$ref": "#/$defs/bells"},
    Kind.BED: {"$ref": "#/$defs/bed"},
}
