"""The folder that is served, and which of its files an address names: never one outside it, never a hidden one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

INDEX = "index.html"
_PATH = re.compile(r"/[!-~]*")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Site:
    """A folder whose files are served."""

    root: Path
    without: frozenset[str] = frozenset()
    """What right in it is not served, in lower case: what is meant for others."""
    base: tuple[str, ...] = ()
    """The names that its addresses begin with: `tuesday` for `/tuesday/index.html`. Browsers keep what belongs to a
    page by its address, and so keep apart what is served after one another."""

    @property
    def address(self) -> str:
        """Its own address on the server: `/tuesday/`."""
        return _address([*self.base, ""])


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same folder's address with its final slash, which relative links in its page need."""

    address: str


def find(site: Site, address: str) -> Path | Elsewhere | None:
    """Return the file that an address means, as it was asked for and without its query: `/`, `/a%20b.mp3`; None: none.

    A folder is its index.html; a folder without a slash at its end is elsewhere. Links are followed inside the folder.
    """
    parts = _parts(address)
    if parts is None:
        return None
    depth = len(site.base)
    if depth and parts in ([""], list(site.base)):
        return Elsewhere(site.address)
    if parts[:depth] != list(site.base):
        return None
    inner, name = parts[depth:], parts[-1]
    try:
        root = site.root.resolve(strict=True)
        path = root.joinpath(*filter(None, inner)).resolve(strict=True)
        inside = path.relative_to(root).parts
        if any(part.startswith(".") for part in inside) or _is_without(site, inner) or _is_without(site, inside):
            return None
        if not path.is_dir():
            return path if name and path.is_file() else None
        if name:
            return Elsewhere(_address([*parts, ""]))
    except (OSError, ValueError, RuntimeError):  # not there, too long, outside, links in a circle
        return None
    return find(site, f"{address}{INDEX}") if (path / INDEX).is_file() else None


def _address(parts: Sequence[str]) -> str:
    return "/" + "/".join(map(quote, parts))


def _is_without(site: Site, inside: Sequence[str]) -> bool:
    return bool(inside) and inside[0].lower() in site.without


def _parts(address: str) -> list[str] | None:
    """Return the parts of an address as names, the last one empty after a slash; None where one is no plain name.

    Each part is decoded once, so `%252e` stays a strange name and is no dot. No two slashes stand together: a
    redirect to `//name/` would lead to another machine.
    """
    if not _PATH.fullmatch(address) or _BROKEN_ESCAPE.search(address):
        return None
    try:
        parts = [unquote_to_bytes(part).decode() for part in address[1:].split("/")]
    except UnicodeDecodeError:
        return None
    plain = all(map(_plain, parts[:-1])) and (not parts[-1] or _plain(parts[-1]))
    return parts if plain else None


def _plain(part: str) -> bool:
    """Return whether this is an ordinary file's name on every system: nothing hidden, no drive, no stream, no path."""
    return (
        bool(part)
        and not part.startswith(".")
        and not part.endswith((" ", "."))
        and part.isprintable()
        and not set(part) & set('/\\:*?"<>|')
    )
