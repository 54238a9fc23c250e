"""What a folder holds that calmcast made: a list in the folder itself, so that nothing else is ever removed."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calmcast.classes.load import CLIENTS
from calmcast.errors import PublishError
from calmcast.inside import check_inside
from calmcast.jsonfile import read_object
from calmcast.seen import looked_at

LIST = "playlist.json"
_FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""What the files are called that calmcast makes here: no folders, nothing hidden."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """The list of a folder."""

    published: date | None
    """The day on which its tracks were first made."""
    files: tuple[str, ...]
    """Names of files in it."""


NOTHING = Belongings(None, ())


def belongings(folder: Path) -> Belongings:
    """Return what a folder holds that calmcast made; nothing where it has no list that can be read."""
    try:
        listed = read_object(folder / LIST)
        files = tuple(str(name) for name in listed["files"] if _NAME.fullmatch(str(name)))
        return Belongings(date.fromisoformat(listed["published"]), files)
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING


def list_text(published: date, files: Collection[str]) -> str:
    """Return the list as its file has it, for a folder that holds these files."""
    return json.dumps({"format": _FORMAT, "published": published.isoformat(), "files": sorted(files)}, indent=2) + "\n"


def strays(folder: Path, belong: Collection[Path]) -> tuple[Path, ...]:
    """Return the files in a class's folder that calmcast made and that are not among those that belong there.

    Those of clients that the class has no longer are among them.
    """
    found = [place / name for place in _folders(folder) for name in (*belongings(place).files, LIST)]
    left = [path for path in found if path not in belong and looked_at(path).is_file()]
    gone = {path.parent for path in left if path.name == LIST}
    packed = [archive_of(folder, place) for place in gone if looked_at(archive_of(folder, place)).is_file()]
    return tuple(sorted((*left, *packed)))


def archive_of(folder: Path, place: Path) -> Path:
    """Return the file that a set is packed into, beside the class's `folder`; `place` is where the set lies."""
    name = "-".join((folder.name, *place.relative_to(folder).parts[1:]))
    return folder.with_name(f"{name}.zip")


def _folders(folder: Path) -> Iterator[Path]:
    yield folder
    clients = folder / CLIENTS
    if looked_at(clients).is_dir():
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
    for folder in {path.parent for path in paths if path.parent.parent.name == CLIENTS}:
        for emptied in (folder, folder.parent):
            if emptied.is_dir() and not any(emptied.iterdir()):
                emptied.rmdir()
