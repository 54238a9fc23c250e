"""What lies in the folder of a `FolderStore`: a file for each key, by kind and first digits, and what there was before.

kept-1/recording/3f/recording-3f2a...     a shard is the files of one such folder: `recording-3f`
kept-1/index.sqlite3
kept-1/_drafts/   kept-1/_leases/
"""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from calmcast.files import process_gone, process_mark
from calmcast.store.store import KEY

LAYOUT = 1
"""Part of the folder's name in which all is kept. Goes up when files lie or look another way."""

_INSIDE = re.compile(r"kept-[0-9]+")
_FORMER = re.compile(r"[0-9a-f]{64}\.(recording|bed)|\.[0-9a-f]{64}\.[0-9a-f]{16}\.part")
"""What calmcast kept in the folder itself, and in `beds`, before it kept more than recordings and beds."""
_KIND, _DIGITS = re.compile(r"[a-z]+"), re.compile(r"[0-9a-f]{2}")
_DRAFT = re.compile(r"([0-9a-f]{8}-[0-9]+)-[0-9a-f]{16}")
_DAY_S = 24 * 60 * 60


def inside(folder: Path) -> Path:
    """Return where a store's own files are."""
    return folder / f"kept-{LAYOUT}"


def file_of(inside: Path, key: str) -> Path:
    """Return where the bytes of a key are. Raises ValueError for what is no key."""
    return Path(_place(inside, key))


def size_of(inside: Path, key: str) -> int | None:
    """Return the bytes of a key's file; None where there is none. Raises ValueError as `file_of`."""
    try:
        return os.stat(_place(inside, key)).st_size  # noqa: PTH116 - a Path would take longer to make than to ask
    except OSError:
        return None


def _place(inside: Path, key: str) -> str:
    match = KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"{key} is no key")
    return f"{inside}/{match[1]}/{match[2][:2]}/{key}"


def shards(inside: Path) -> Iterator[str]:
    """Yield the names of the shards there are, in order."""
    for kind in _folders(inside, _KIND):
        for digits in _folders(inside / kind, _DIGITS):
            yield f"{kind}-{digits}"


def files_of(inside: Path, shard: str) -> dict[str, tuple[int, int]]:
    """Return the size of each file of a shard and when it came, as `time.time()`, by its key."""
    kind, _, digits = shard.partition("-")
    found = dict[str, tuple[int, int]]()
    with suppress(OSError), os.scandir(inside / kind / digits) as entries:
        for entry in entries:
            if entry.name.startswith(shard) and KEY.fullmatch(entry.name):
                with suppress(OSError):
                    is_ = entry.stat(follow_symlinks=False)
                    found[entry.name] = is_.st_size, int(is_.st_mtime)
    return found


def former(folder: Path) -> Iterator[Path]:
    """Yield the files that an earlier calmcast kept in a store's folder, and nobody reads any more."""
    for place in (folder, folder / "beds"):
        yield from (path for path in _paths(place) if _FORMER.fullmatch(path.name))
    for place in _paths(folder):
        if _INSIDE.fullmatch(place.name) and place != inside(folder):
            yield from (path for path in sorted(place.rglob("*")) if path.is_file())


def draft(inside: Path) -> Path:
    """Return a new file's path for what is being written; its folder is made."""
    drafts = inside / "_drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    return drafts / f"{process_mark()}-{secrets.token_hex(8)}"


def sweep(inside: Path) -> None:
    """Remove what killed processes left half-written."""
    for path in _paths(inside / "_drafts"):
        if made := _DRAFT.fullmatch(path.name):
            with suppress(OSError):
                if process_gone(made[1]) or time.time() - path.stat().st_mtime > _DAY_S:
                    path.unlink()


def _folders(place: Path, name: re.Pattern[str]) -> list[str]:
    return [path.name for path in _paths(place) if name.fullmatch(path.name)]


def _paths(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []
