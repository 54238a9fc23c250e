"""A folder's files as one ZIP, which computers and phones unpack without a program of their own."""

import os
import shutil
import stat
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from calmcast.errors import PublishError
from calmcast.files import atomic_file

_TEXT = frozenset({
    ".css", ".html", ".js", ".json", ".lrc", ".m3u8", ".md", ".svg", ".txt", ".vtt", ".webmanifest", ".xml", ".xspf",
})  # fmt: skip
"""Endings of what becomes smaller; sound and pictures are packed already."""
_EARLIEST = date(1980, 1, 1)
"""The earliest day that a ZIP can say (APPNOTE 4.4.6)."""
_BLOCK_BYTES = 1 << 20
_MODE = stat.S_IFREG | 0o644
_UNIX = 3


def write_archive(
    folder: Path,
    files: Collection[str],
    path: Path,
    top: str,
    day: date = _EARLIEST,
    *,
    instead: Mapping[str, str | bytes] = MappingProxyType({}),
    first: str = "",
) -> None:
    """Write these files of `folder` to the ZIP at `path`, all inside one folder called `top`.

    `files` are names from the folder on, with `/` between their parts; `instead` says what stands under a name that the
    folder does not have so: the file of another name, or what it holds. The same files make the same bytes, in
    whatever order they are named: sorted, with `first` before all others, all of midnight of `day`, readable by
    everybody. The ZIP grows on disk a
    block at a time, with sizes ahead of the contents (no data descriptors, APPNOTE 4.3.9), and uses ZIP64 only for a
    file of 2 GB and more; it is whole or absent.

    Raises PublishError for a name that leads out of the folder, through a link too, for two that differ in case
    alone, for the ZIP itself, and where a file is missing or the ZIP cannot be written.
    """
    names = sorted(set(files), key=lambda name: (name != first, name))
    _check_names((top,), parts=1)
    _check_names(names)
    sources = {name: instead.get(name, name) for name in names}
    for source in sources.values():
        if isinstance(source, str):
            _check_names((source,))
            _check_file(folder, source, path)
    with atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, source in sources.items():
            entry = _entry(f"{top}/{name}", max(day, _EARLIEST))
            if isinstance(source, str):
                _add(archive, folder / source, entry)
            else:
                archive.writestr(entry, source)


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    packed = PurePosixPath(name).suffix.lower() in _TEXT
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.create_system = _UNIX  # on Windows too
    entry.external_attr = _MODE << 16
    return entry


def _add(archive: zipfile.ZipFile, source: Path, entry: zipfile.ZipInfo) -> None:
    with source.open("rb") as content:
        entry.file_size = os.fstat(content.fileno()).st_size  # from which zipfile tells whether it needs ZIP64
        with archive.open(entry, "w") as packed:
            shutil.copyfileobj(content, packed, _BLOCK_BYTES)


def _check_names(names: Sequence[str], parts: int | None = None) -> None:
    seen = dict[str, str]()
    for name in names:
        pieces = name.split("/")
        if not all(map(_is_plain, pieces)) or (parts and len(pieces) != parts):
            raise PublishError(f"`{name}` cannot be the name of a file in a ZIP", "name it inside the folder, plainly")
        if (other := seen.setdefault(name.casefold(), name)) != name:
            raise PublishError(f"`{other}` and `{name}` are one file on many computers", "rename one of them")


def _is_plain(part: str) -> bool:
    """Return whether a name's part is safe wherever it is unpacked: no way up or out, no drive, nothing unseen."""
    return part not in {"", ".", ".."} and part.isprintable() and not set(part) & set('\\:*?"<>|')


def _check_file(folder: Path, name: str, path: Path) -> None:
    """Raise PublishError unless an ordinary file lies there, with no link on the way, that is not the ZIP itself."""
    place = folder
    for part in name.split("/"):
        place /= part
        if place.is_symlink():
            raise PublishError(f"{place} is a link, and a ZIP takes only files", "put the file itself there")
    if not place.is_file():
        raise PublishError(f"there is no file {place} for the ZIP", "make it again, then the ZIP")
    if place.absolute() == path.absolute():
        raise PublishError(f"{path} cannot hold itself", "leave it out of its own files")
