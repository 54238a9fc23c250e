"""What a folder holds that calmcast made: a list in the folder itself, so that nothing else is ever removed."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from calmcast.errors import PublishError
from calmcast.inside import check_inside
from calmcast.jsonfile import read_object
from calmcast.seen import looked_at

LIST = "playlist.json"
CLIENTS = "clients"
"""The folder in a class's folder that holds those of its clients."""
Form = Literal["zip", "one-file", "mp3", "mp3-zip"]
"""What a set is sent as: its folder packed, a page with the sound inside, or the MP3s alone, in a folder or packed."""
_MP3S = "-mp3"
_NUMBER = re.compile(r"^[0-9]{2,}-")
_FORMAT = 2
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""What the files are called that calmcast makes here: no folders, nothing hidden."""


@dataclass(frozen=True, slots=True)
class Owned:
    """The list of a folder."""

    files: tuple[str, ...] = ()
    """Names of files in it."""
    client: str = ""
    """For whom they were made, by the name that files have; empty: for everybody."""


def owned(folder: Path) -> Owned:
    """Return what a folder holds that calmcast made; nothing where it has no list that can be read."""
    try:
        listed = read_object(folder / LIST)
        files, client = listed["files"], str(listed.get("client", ""))
        names = tuple(str(name) for name in files if _NAME.fullmatch(str(name)))
        return Owned(names, client if _NAME.fullmatch(client) else "")
    except (OSError, ValueError, KeyError, TypeError):
        return Owned()


def list_text(files: Collection[str], client: str) -> str:
    """Return the list as its file has it, for a folder that holds these files."""
    whose = {"client": client} if client else {}
    return json.dumps({"format": _FORMAT, **whose, "files": sorted(files)}, indent=2) + "\n"


def strays(folder: Path, belong: Collection[Path]) -> tuple[Path, ...]:
    """Return the files in a class's folder that calmcast made and that are not among those that belong there.

    Those of clients that the class has no longer are among them.
    """
    found = [place / name for place in _folders(folder) for name in (*owned(place).files, LIST)]
    left = [path for path in found if path not in belong and looked_at(path).is_file()]
    gone = {path.parent for path in left if path.name == LIST and path.parent.parent.name == CLIENTS}
    packed = {path for place in gone for path in _package_files(folder, place)} - {*belong}
    return tuple(sorted((*left, *(path for path in packed if looked_at(path).is_file()))))


def packages(folder: Path, place: Path) -> dict[Form, Path]:
    """Return where a set is written to be sent, beside the class's `folder`; `place` is where the set lies.

    `mp3` is a folder. A page to be sent has a name for those who get it: `After class, Mara.html`.
    """
    parts = [folder.name, *([owned(place).client or place.name] if place != folder else [])]
    stem = "-".join(parts)
    said = ", ".join(part[:1].upper() + part[1:].replace("-", " ") for part in parts)
    names: dict[Form, str] = {
        "zip": f"{stem}.zip",
        "one-file": f"{said}.html",
        "mp3": f"{stem}{_MP3S}",
        "mp3-zip": f"{stem}{_MP3S}.zip",
    }
    return {form: folder.with_name(name) for form, name in names.items()}


def is_numbered(name: str, files: Collection[str]) -> bool:
    """Return whether a file's name is that of one of these files, with or without a number before it."""
    return _NUMBER.sub("", name) in files


def _package_files(folder: Path, place: Path) -> Iterator[Path]:
    """Yield the files that a set was sent as."""
    files = owned(place).files
    for path in packages(folder, place).values():
        if looked_at(path).is_dir() and not path.is_symlink():
            yield from (each for each in path.iterdir() if is_numbered(each.name, files))
        else:
            yield path


def _folders(folder: Path) -> Iterator[Path]:
    yield folder
    clients = folder / CLIENTS
    if looked_at(clients).is_dir():
        yield clients
        yield from sorted(path for path in clients.iterdir() if path.is_dir() and not path.is_symlink())


def remove(paths: Collection[Path]) -> None:
    """Remove files, and folders that have become empty by that. Raises PublishError where one cannot be removed."""
    for path in paths:
        check_inside(path)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise PublishError(f"{path} cannot be removed: {reason}", "close any program that has it open") from error
    emptied = {
        path.parent
        for path in paths
        if CLIENTS in (path.parent.name, path.parent.parent.name) or path.parent.name.endswith(_MP3S)
    }
    for folder in sorted({*emptied, *(each.parent for each in emptied if each.name != CLIENTS)}, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
