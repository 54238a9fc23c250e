"""What stands in settings besides names and times: a folder, and how large it may grow."""

import re
from pathlib import PurePath

from calmcast.text import shorten
from calmcast.units import UnitError, format_bytes, parse_bytes

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")

LEAST_BYTES = 100_000_000
"""A smaller store would make most things again and again."""


def parse_size(text: str) -> int:
    """Return the bytes that a store may have. Raises UnitError where that is no size, or too small to be of use."""
    size = parse_bytes(text)
    if size < LEAST_BYTES:
        least = format_bytes(LEAST_BYTES)
        raise UnitError(f"{text.strip()} are too little", f"write {least} or more: 4 GB")
    return size


def parse_folder(text: str, flavour: type[PurePath] = PurePath) -> str:
    """Return a folder's whole path as written, where it may begin with `~`. Raises UnitError for any other.

    `flavour`: how paths are written on this computer.
    """
    path = text.strip()
    shown, hint = shorten(path, 60), "write its whole path, or one from ~ on: ~/calmcast"
    if not path.isprintable():
        raise UnitError(f"`{shown}` is not a folder's path", hint)
    if _ADDRESS.match(path):
        raise UnitError(f"`{shown}` is an address, and not a folder on this computer", hint)
    place = flavour(path)
    if not place.is_absolute() and place.parts[:1] != ("~",):
        raise UnitError(f"`{shown}` is not the whole path of a folder on this computer", hint)
    return path
