"""Dataclasses as what JSON holds, and back, by their fields: one rule a type, the same both ways.

A field is left out where there is nothing in it and nothing is its default (None, an empty text, list or object); one
that is not given (`init=False`) is written, and not read. Of several dataclasses, that one is meant whose `kind` an
object has, or the one whose `kind` is any.
"""

import math
from collections.abc import Mapping, Sized
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from calmcast.model.within import Within


class MisfitError(ValueError):
    """Something is not there, or not what it should be: `str(error)` says where it stands, as `events[3].start`."""


def plain(value: object) -> Any:
    """Return a value as the objects, lists, texts and numbers of JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        held = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: plain(inner) for each, inner in held if not (_is_optional(each) and _is_nothing(inner))}
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in sorted(value.items())}
    if isinstance(value, tuple):
        return [plain(inner) for inner in value]
    return value


def shaped(kind: Any, value: object, place: str = "") -> Any:
    """Return the value of a type of which `plain` made this. Raises MisfitError where it is none.

    `place`: where it stands. What no field is called is passed over. A whole number will do for any other.
    """
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if is_dataclass(kind) and isinstance(value, dict):
        return _object(kind, value, f"{place}." if place else "")
    if origin is UnionType or origin is Union:
        return _one_of(inner, value, place)
    if origin is Annotated:
        return _within(inner[1], shaped(inner[0], value, place), place)
    if origin is tuple and isinstance(value, list):
        return _list(inner, value, place)
    if origin is Mapping and isinstance(value, dict):
        return {name: shaped(inner[1], held, f"{place}.{name}") for name, held in value.items()}
    if origin is float and type(value) in {int, float}:
        return _finite(value, place)
    if type(value) is origin or (origin is Literal and (type(value), value) in [(type(each), each) for each in inner]):
        return value
    raise MisfitError(place)


def _object(kind: Any, value: Mapping[str, object], within: str) -> Any:
    """Return a dataclass of its fields, `within` standing before their names."""
    hints = _hints(kind)
    given = {
        each.name: shaped(hints[each.name], value.get(each.name), within + each.name)
        for each in fields(kind)
        if each.init and (each.name in value or not _is_optional(each))
    }
    try:
        return kind(**given)
    except ValueError as error:  # what it says of itself: the field that does not go with the others
        raise MisfitError(f"{within}{error}") from None


def _one_of(kinds: tuple[Any, ...], value: object, place: str) -> Any:
    """Return a value as what it may be: nothing, or the dataclass of its kind."""
    if type(None) in kinds:
        return None if value is None else shaped(kinds[0], value, place)
    told = value.get("kind") if isinstance(value, dict) else None
    for kind in kinds:
        wanted = _hints(kind)["kind"]
        if told in get_args(wanted) or type(told) is wanted:
            return shaped(kind, value, place)
    raise MisfitError(f"{place}.kind")


def _list(kinds: tuple[Any, ...], values: list[object], place: str) -> tuple[Any, ...]:
    """Return the values of a list, as many as there are of one type, or one of each."""
    if kinds[-1] is ...:
        kinds = kinds[:1] * len(values)
    if len(kinds) != len(values):
        raise MisfitError(place)
    pairs = enumerate(zip(kinds, values, strict=True))
    return tuple(shaped(kind, value, f"{place}[{nth}]") for nth, (kind, value) in pairs)


def _finite(value: Any, place: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MisfitError(place)
    return number


def _within(bounds: Within, value: Any, place: str) -> Any:
    if not bounds.least <= value <= bounds.most:
        raise MisfitError(place)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _is_optional(field: Field[Any]) -> bool:
    return field.default_factory is not MISSING or _is_nothing(field.default)


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, Sized) and not len(value))
