"""JSON that anybody may have written or a disk has damaged: an object, or a ValueError that says why not."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_DEEPEST = 100
_TOO_DEEP = "it is nested too deeply"

LARGEST = 1 << 24
"""Bytes of a file that is read: nothing that calmcast writes comes near it."""


def read_object(path: Path, most_bytes: int = LARGEST) -> dict[str, Any]:
    """Return the object in a file. Raises OSError where it cannot be read, and ValueError as `object_of`."""
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise ValueError("it is far too large")
    return object_of(data)


def object_of(data: str | bytes) -> dict[str, Any]:
    """Return the object that a JSON text is.

    Raises ValueError for anything else, however deep it is nested, and for a number that is none (NaN, 1e999).
    """
    try:
        found = json.loads(data, parse_constant=_number, parse_float=_number)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    _check_depth(found)
    return found


def _check_depth(found: object) -> None:
    """Raise ValueError where something is nested deeper than anybody who goes through it may go."""
    level = [found]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _within(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def _number(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"{word} is no number")
    return number
