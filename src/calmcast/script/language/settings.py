"""A document -> settings, a workspace's or a user's own, with every problem found on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.settings import UNSETTLED, OwnString, StoreSettings, UserSettings, WorkspaceSettings
from calmcast.model.sound import Bed
from calmcast.script.language.classes import parse_lengths
from calmcast.script.language.fields import Problems, Value, Values, as_scalar, parse_language, parse_plain, read_fields
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar
from calmcast.script.language.settings_grammar import STORE, USER_SETTINGS, WORKSPACE_SETTINGS
from calmcast.script.language.sounds import parse_bed
from calmcast.units import UnitError


def build_workspace_settings(node: Node | None) -> tuple[WorkspaceSettings, tuple[Problem, ...]]:
    """Return what a teacher's document settles, as far as it can be read, and its problems. None: it is empty."""
    read, problems = _read(node, WORKSPACE_SETTINGS)
    if read is None:
        return UNSETTLED, problems
    lengths: tuple[tuple[int, SourceRef], ...] = read.get("lengths", tuple) or ()
    settings = WorkspaceSettings(
        name=read.text("name"),
        contact=read.text("contact"),
        picture=read.text("picture"),
        picture_source=read.places.get("picture"),
        voice=read.get("voice", str),
        voice_source=read.places.get("voice"),
        language=read.get("language", str),
        lengths=tuple(dict.fromkeys(samples for samples, _ in lengths)),
        bed=read.get("bed", Bed),
        strings=read.get("strings", tuple) or (),
    )
    return settings, problems


def build_user_settings(node: Node | None) -> tuple[UserSettings, tuple[Problem, ...]]:
    """Return what a user's document settles, as far as it can be read, and its problems. None: it is empty."""
    read, problems = _read(node, USER_SETTINGS)
    store = read.get("store", StoreSettings) if read else None
    return UserSettings(store or StoreSettings()), problems


def _read(node: Node | None, element: Element) -> tuple[Values | None, tuple[Problem, ...]]:
    """Return the fields that are written, and no defaults: those hold where nothing else is said, either."""
    if node is None or (isinstance(node, Scalar) and not node.text):
        return None, ()
    if not isinstance(node, Mapping):
        names, example = ", ".join(field.name for field in element.fields), element.example.partition("\n")[0]
        hint = f"write a key and a value, such as {example}; it can have: {names}"
        message = f"{element.name} is a mapping of keys to values"
        return None, (Problem("not-settings", message, node.source, hint),)
    problems: Problems = []
    read = read_fields(node, _written(element), _parse, problems, element.name)
    return read, tuple(problems)


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    parsers = {Kind.LENGTHS: parse_lengths, Kind.BED: parse_bed, Kind.STORE: _store, Kind.STRINGS: _strings}
    return parsers.get(field.kind, parse_plain)(node, field, problems)


def _store(node: Node, field: Field, problems: Problems) -> StoreSettings | None:
    if not isinstance(node, Mapping):
        message = "`store` is a mapping that says the `folder`, the `size` or both"
        problems.append(Problem("wrong-form", message, node.source, f"write store: {field.example}"))
        return None
    read = read_fields(node, _written(STORE), parse_plain, problems, "`store`")
    folder = read.get("folder", str)
    return StoreSettings(Path(folder) if folder else None, read.get("size", int))


def _strings(node: Node, field: Field, problems: Problems) -> tuple[OwnString, ...] | None:
    """Return a teacher's own words; whether there are such ids is found out where the tables are."""
    found = list[OwnString]()
    for language, texts in _entries(node, "`strings` are texts by language", field.example, problems):
        try:
            tag = parse_language(language.text)
        except UnitError as error:
            problems.append(Problem("bad-language", str(error), language.source, error.hint))
            continue
        for key, value in _entries(texts, f"what is said in {tag} are texts by id", field.example, problems):
            text = as_scalar(value, Field(key.text.strip(), Kind.TEXT, "", "..."), problems)
            if text:
                found.append(OwnString(tag, key.text.strip(), " ".join(text.text.split()), key.source, text.source))
    return tuple(found)


def _entries(node: Node, what: str, example: str, problems: Problems) -> Iterator[tuple[Scalar, Node]]:
    """Yield the sound entries of a mapping; of anything else, tell that it is none."""
    if not isinstance(node, Mapping):
        problems.append(Problem("wrong-form", what, node.source, f"write strings: {example}"))
        return
    yield from ((key, value) for key, value in node if not key.faulty)


def _written(element: Element) -> Element:
    """Return an element without defaults, so that only what is written is read."""
    return replace(element, fields=tuple(replace(field, default=None) for field in element.fields))
