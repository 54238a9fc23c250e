"""Nodes -> values, by the grammar table: every field of an element checked for presence, name and type."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.script.language.class_values import parse_address, parse_contact, parse_date, parse_quality
from calmcast.script.language.counts import (
    parse_by,
    parse_count,
    parse_hertz,
    parse_number,
    parse_pace,
    parse_percent,
    parse_rank,
    parse_role,
    parse_speed,
)
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.settings_values import parse_folder, parse_size
from calmcast.script.language.sound_values import (
    parse_file,
    parse_key,
    parse_level,
    parse_moment,
    parse_picture,
    parse_pitch,
    parse_seed,
)
from calmcast.script.language.voice_grammar import ALPHABETS
from calmcast.script.language.wording import MEANT_KEYS, NO, YES
from calmcast.text import instead_of, shorten, suggestion
from calmcast.units import UnitError, parse_duration, parse_length

Problems = list[Problem]
T = TypeVar("T")
Value = object
"""What a field's text came to; its Kind says which type."""

NAME = re.compile(r"[^\W_](?:[\w -]{0,78}\w)?")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of one element as read: value and place by field name; absent fields have their defaults."""

    values: dict[str, Value]
    places: dict[str, SourceRef]
    complete: bool
    """False: a required field is missing or wrong, so nothing can be built."""

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return the field's value where it has one of this type."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else None

    def text(self, name: str) -> str:
        return self.get(name, str) or ""


def unknown_key(key: Scalar, known: Iterable[str], what: str) -> Problem:
    """Return the problem of a key that `what` (such as "a segment") does not have."""
    known = tuple(known)
    meant = MEANT_KEYS.get(key.text.strip().casefold())
    close = f"did you mean `{meant}`?" if meant in known else suggestion(key.text, known)
    hint = close or f"it can have: {', '.join(known)}"
    return Problem("unknown-key", f"{what} has no `{shorten(key.text)}`", key.source, hint)


def read_fields(node: Mapping, element: Element, parse: "Parse", problems: Problems, what: str) -> Values:
    """Return the fields of `element` as the mapping gives them; what is wrong goes to `problems`."""
    values: dict[str, Value] = {f.name: parse_default(f, parse) for f in element.fields if f.default is not None}
    places: dict[str, SourceRef] = {}
    complete = True
    known = {f.name: f for f in element.fields}
    for key, value in node:
        field = known.get(key.text)
        if field is None:
            if not key.faulty:
                problems.append(unknown_key(key, known, what))
            continue
        places[field.name] = value.source
        parsed = parse(value, field, problems)
        if parsed is None:
            complete = complete and not field.required
        else:
            values[field.name] = parsed
    for field in element.fields:
        if field.required and field.name not in places:
            complete = False
            hint = f"add {field.name}: {field.example}"
            problems.append(Problem("missing-key", f"{what} needs `{field.name}`", node.source, hint))
    return Values(values, places, complete)


Parse = Callable[[Node, Field, Problems], Value | None]
"""Reads a field's node: its value, or None with the reason among the problems."""


def parse_default(field: Field, parse: Parse) -> Value | None:
    """Return the value that a field has when it is not written; None for those whose element decides."""
    if field.kind in _SCALAR_KINDS or field.kind is Kind.LEVEL:
        return parse(Scalar(field.default or "", SourceRef("", 1, 1)), field, [])
    return None


def parse_plain(node: Node, field: Field, problems: Problems) -> Value | None:
    """Read a field of a plain kind: text, name, duration, level, yes or no, language, names, phonemes."""
    if field.kind in (Kind.NAMES, Kind.TEXTS):
        return _names(node, field, problems)
    if field.kind is Kind.PHONEMES:
        return _phonemes(node, problems)
    scalar = as_scalar(node, field, problems)
    if scalar is None:
        return None
    try:
        if field.kind is Kind.LEVEL:
            return parse_level(scalar.text, field.bounds, field.example)
        return _SCALAR_KINDS[field.kind](scalar.text)
    except UnitError as error:
        problems.append(Problem(f"bad-{field.kind.name.lower()}", str(error), scalar.source, error.hint))
        return None


def as_scalar(node: Node, field: Field, problems: Problems) -> Scalar | None:
    """Return the node as a text that is not empty, or None with the reason among the problems."""
    if not isinstance(node, Scalar):
        form = "a list" if isinstance(node, Sequence) else "a mapping"
        hint = f"write {field.name}: {field.example}"
        problems.append(Problem("wrong-form", f"`{field.name}` is one value, not {form}", node.source, hint))
        return None
    if node.faulty:
        return None
    if not node.text.strip():
        hint = f"write {field.name}: {field.example}"
        problems.append(Problem("empty", f"`{field.name}` is empty", node.source, hint))
        return None
    return node


def parse_name(text: str) -> str:
    """Return a name that can be a file's name everywhere. Raises UnitError for paths and signs."""
    name = " ".join(text.split())
    if "/" in name or "\\" in name or name.startswith(".") or ":" in name:
        hint = "write the name alone, without folders and without .yaml"
        raise UnitError(f"`{shorten(name)}` looks like a path", hint)
    if name.lower().endswith((".yaml", ".yml")):
        raise UnitError(f"`{shorten(name)}` has an ending", f"write the name alone: {name.rpartition('.')[0]}")
    if not NAME.fullmatch(name):
        raise UnitError(f"`{shorten(name)}` is not a name", "a name is made of letters, digits and hyphens: my-settle")
    return name


def parse_sound(text: str) -> str:
    """Return the name of a sound. Raises UnitError, for a file's path with how it is written."""
    path = text.strip().replace("\\", "/")
    if "/" in path or _ENDING.search(path):
        raise UnitError(f"`{shorten(text)}` looks like a file", f"write {{file: {path}}}")
    return parse_name(text)


def parse_yes_no(text: str) -> bool:
    """Return True for yes, False for no. Raises UnitError for anything else."""
    word = text.strip().casefold()
    if word not in YES | NO:
        raise UnitError(f"`{shorten(text)}` is neither yes nor no", "write yes or no")
    return word in YES


def parse_language(text: str) -> str:
    """Return a language tag in its usual form: `de`, `en-GB`. Raises UnitError."""
    if not _LANGUAGE.fullmatch(text.strip()):
        raise UnitError(f"`{shorten(text)}` is not a language", "write a language tag such as en-US, de or fr-CA")
    language, *rest = text.strip().split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def _text(text: str) -> str:
    return " ".join(text.split())


_SCALAR_KINDS: dict[Kind, Callable[[str], Value | None]] = {
    Kind.TEXT: _text,
    Kind.NAME: parse_name,
    Kind.SOUND: parse_sound,
    Kind.DURATION: parse_duration,
    Kind.LENGTH: parse_length,
    Kind.YES_NO: parse_yes_no,
    Kind.LANGUAGE: parse_language,
    Kind.COUNT: parse_count,
    Kind.NUMBER: parse_number,
    Kind.RANK: parse_rank,
    Kind.PACE: parse_pace,
    Kind.ROLE: parse_role,
    Kind.BY: parse_by,
    Kind.SPEED: parse_speed,
    Kind.PERCENT: parse_percent,
    Kind.HERTZ: parse_hertz,
    Kind.FILE: parse_file,
    Kind.PICTURE: parse_picture,
    Kind.PITCH: parse_pitch,
    Kind.KEY: parse_key,
    Kind.SEED: parse_seed,
    Kind.MOMENT: parse_moment,
    Kind.QUALITY: parse_quality,
    Kind.DATE: parse_date,
    Kind.ADDRESS: parse_address,
    Kind.CONTACT: parse_contact,
    Kind.FOLDER: parse_folder,
    Kind.SIZE: parse_size,
}


def _names(node: Node, field: Field, problems: Problems) -> tuple[str, ...] | None:
    items = node.items if isinstance(node, Sequence) else (node,)
    name = Field(field.name, Kind.NAME if field.kind is Kind.NAMES else Kind.TEXT, field.help, field.example)
    read = [parse_plain(item, name, problems) for item in items]
    return tuple(item for item in read if isinstance(item, str))


def _phonemes(node: Node, problems: Problems) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(node, Mapping):
        hint = 'write phonemes: {ipa: "ˈsoʊ.æs"}'
        problems.append(Problem("wrong-form", "`phonemes` names an alphabet for each text", node.source, hint))
        return None
    fields = tuple(Field(name, Kind.TEXT, "", "...") for name in ALPHABETS)
    read = read_fields(node, Element("phonemes", "", "", fields), parse_plain, problems, "`phonemes`")
    return tuple((name, read.text(name)) for name in ALPHABETS if name in read.values)


def unknown(what: str, name: str, source: SourceRef, known: Collection[str]) -> Problem:
    """Return the problem of a name that stands for nothing; `known` are those that stand for something."""
    return Problem(f"unknown-{what}", f"there is no {what} `{name}`", source, instead_of(name, sorted(known)))


def warning(code: str, message: str, source: SourceRef, hint: str | None = None) -> Problem:
    """Return a problem that does not stop the run."""
    return Problem(code, message, source, hint, Severity.WARNING)
