"""The folder that is served, and which of its files an address names: never one outside it, never a hidden one."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote_to_bytes

INDEX = "index.html"
_TARGET = re.compile(r"/[!-~]*")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Site:
    """A folder whose files are served."""

    root: Path
    without: frozenset[str] = frozenset()
    """What right in it is not served, in lower case: what is meant for others."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file to be sent."""

    path: Path
    name: str
    """As it was asked for."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same folder's address with its final slash, which relative links in its page need."""

    address: str


def find(site: Site, target: str) -> Page | Elsewhere | None:
    """Return what a request's target names: `/`, `/a%20b.mp3?x`; None where there is nothing to be had by that name.

    A folder is its index.html; a folder without a slash at its end is elsewhere. Links are followed inside the folder.
    """
    address, mark, query = target.partition("?")
    parts = _parts(address)
    if parts is None or (parts and parts[0].lower() in site.without):
        return None
    name = parts[-1] if parts else ""
    try:
        root = site.root.resolve(strict=True)
        path = root.joinpath(*filter(None, parts)).resolve(strict=True)
        inside = path.relative_to(root).parts
        if any(part.startswith(".") for part in inside) or (inside and inside[0].lower() in site.without):
            return None
        if not path.is_dir():
            return Page(path, name) if name and path.is_file() else None
        if name:
            return Elsewhere("/" + "/".join(map(quote, parts)) + "/" + mark + query)
    except (OSError, ValueError, RuntimeError):  # not there, too long, outside, links in a circle
        return None
    return find(site, f"{address}{INDEX}") if (path / INDEX).is_file() else None


def opened(page: Page) -> tuple[BinaryIO, os.stat_result]:
    """Open a page's file and return it with its state. Raises OSError where it is gone, or no file any more."""
    file = page.path.open("rb")
    try:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError(str(page.path))
    except BaseException:
        file.close()
        raise
    return file, status


def _parts(address: str) -> list[str] | None:
    """Return the parts of an address as names, the last one empty after a slash; None where one is no plain name.

    Each part is decoded once, so `%252e` stays a strange name and is no dot. No two slashes stand together: a
    redirect to `//name/` would lead to another machine.
    """
    if not _TARGET.fullmatch(address) or _BROKEN_ESCAPE.search(address):
        return None
    try:
        parts = [unquote_to_bytes(part).decode() for part in address[1:].split("/")]
    except UnicodeDecodeError:
        return None
    plain = all(map(_plain, parts[:-1])) and (not parts[-1] or _plain(parts[-1]))
    return (parts if parts != [""] else []) if plain else None


def _plain(part: str) -> bool:
    """Return whether this is an ordinary file's name on every system: nothing hidden, no drive, no stream, no path."""
    return (
        bool(part)
        and not part.startswith(".")
        and not part.endswith((" ", "."))
        and part.isprintable()
        and not set(part) & set('/\\:*?"<>|')
    )
