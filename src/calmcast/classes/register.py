"""What must last of a class, kept beside its file: by which name, id and day each track is known, and where each
client's folder is.

`tuesday.register.json` is an original, as `tuesday.yaml` is: from the two, all of `output/` can be made again. One that
cannot be read is told and left alone, never written over.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from calmcast.classes.load import LoadedClass
from calmcast.classes.owned_files import CLIENTS
from calmcast.errors import PublishError
from calmcast.files import locked, write_bytes
from calmcast.inside import check_inside
from calmcast.jsonfile import read_object
from calmcast.publish.codec import MisfitError, plain, shaped
from calmcast.seen import looked_at
from calmcast.workspace.folder import CLASSES, Folder, ships

FORMAT: Literal[1] = 1
ENDING = ".register.json"
LOCK = ".calmcast.lock"
_WAIT_S = 10.0
_MOST_BYTES = 64 << 20
_STEM = re.compile(r"[a-z0-9][a-z0-9.-]{0,95}")
_FOLDER = re.compile(rf"(?:{CLIENTS}/[a-z0-9][a-z0-9-]{{0,63}})?")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a class asks for, by which its tracks are told from each other."""

    script: str
    samples: int
    """0: its way out, which is as long as it takes."""
    choices: tuple[tuple[str, str], ...]
    """Options and values, in lower case."""
    manner: str
    """Voice, bed and channels, where the class says them."""
    title: str
    nth: int = 1
    """Of several that are alike."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A track of a set, of now or of earlier."""

    file: str
    """The name of its files, without their endings."""
    id: str
    """By which a podcast app knows it."""
    came: str
    """The moment since which it can be had (ISO 8601); empty: it was not made yet."""
    gone: bool
    """Whether the class asks for it no longer."""
    asked: Asked

    def __post_init__(self) -> None:
        if not _STEM.fullmatch(self.file):
            raise ValueError("file")
        try:
            moment(self.came)
        except ValueError:
            raise ValueError("came") from None


@dataclass(frozen=True, slots=True)
class Roll:
    """The tracks of everybody's set, or of a client's."""

    client: str
    """The client's name as files have it; empty: everybody."""
    folder: str
    """Where the set lies, from the class's folder on. A client's cannot be guessed."""
    feed_id: str
    """By which a directory knows its feed, wherever that moves; empty: it has none yet."""
    feed_sha256: str
    """Of the feed as it was last written, without when that was."""
    feed_changed: str
    """When the feed said something new last (ISO 8601)."""
    tracks: tuple[Enrolment, ...]

    def __post_init__(self) -> None:
        if not _FOLDER.fullmatch(self.folder) or bool(self.client) != bool(self.folder):
            raise ValueError("folder")
        if len({enrolment.file for enrolment in self.tracks}) < len(self.tracks):
            raise ValueError("tracks")
        try:
            moment(self.feed_changed)
        except ValueError:
            raise ValueError("feed_changed") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What must last of a class."""

    format: Literal[1] = FORMAT
    sets: tuple[Roll, ...]

    def __post_init__(self) -> None:
        for each in ("client", "folder"):
            if len({getattr(roll, each) for roll in self.sets}) < len(self.sets):
                raise ValueError("sets")

    def roll(self, client: str) -> Roll | None:
        """Return the roll of a client, by the name that files have; empty: everybody's."""
        return next((roll for roll in self.sets if roll.client == client), None)


def both(one: Register, other: Register) -> Register:
    """Return a register that has all of one, and what only the other has."""
    rolls = {roll.client: roll for roll in (*other.sets, *one.sets)}
    for roll in other.sets:
        there = {enrolment.file for enrolment in rolls[roll.client].tracks}
        more = (enrolment for enrolment in roll.tracks if enrolment.file not in there)
        rolls[roll.client] = replace(rolls[roll.client], tracks=(*rolls[roll.client].tracks, *more))
    return Register(sets=tuple(rolls.values()))


def moment(text: str) -> datetime:
    """Return the moment that a register writes so; empty: one before all others. Raises ValueError."""
    found = datetime.fromisoformat(text) if text else _NEVER
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def written(when: datetime) -> str:
    """Return a moment as a register has it, to the second."""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def register_path(folder: Folder, loaded: LoadedClass) -> Path:
    """Return where the register of a class is, or would be: beside its file, or in the workspace for one that ships."""
    beside = folder.root / CLASSES if ships(loaded.file) else loaded.file.parent
    return beside / f"{loaded.name}{ENDING}"


def read_register(path: Path) -> Register:
    """Return the register at a path; an empty one where there is none. Raises PublishError where it can't be read."""
    if looked_at(path).exists() and not path.is_file():
        raise PublishError(f"{path} is no file", "move it away: what must last of a class is kept there")
    try:
        content = read_object(path, _MOST_BYTES)
        told = content.get("format")
        if type(told) is int and told > FORMAT:
            raise PublishError(f"{path} was written by a newer calmcast", "make the class with that one")
        found: Register = shaped(Register, content)
    except FileNotFoundError:
        return Register(sets=())
    except MisfitError as error:
        raise _damaged(path, f"`{error}` is missing or wrong") from None
    except ValueError:
        raise _damaged(path, "it is no JSON") from None
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise PublishError(f"{path} cannot be read: {reason}", "look at its permissions") from error
    return found


def _damaged(path: Path, why: str) -> PublishError:
    return PublishError(
        f"{path} is damaged ({why}); it says when each track first came, and where each client's folder is",
        "put back a copy of it, from a backup say; or move it away: then every track is new to podcast apps, and every "
        "client gets a new folder",
    )


def write_register(path: Path, register: Register) -> None:
    """Write a register, whole or not at all. Raises PublishError."""
    write_bytes(path, (json.dumps(plain(register), ensure_ascii=False, indent=1) + "\n").encode())


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process from changing the register while the block runs. Raises PublishError."""
    lock = path.with_name(LOCK)
    check_inside(lock)
    if lock.is_symlink() or (lock.exists() and not lock.is_file()):
        raise PublishError(f"{lock} is no file", "move it away: it says that calmcast is at work there")
    with ExitStack() as held:
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(lock, _WAIT_S))
        except BlockingIOError:
            raise PublishError(f"another calmcast is busy in {lock.parent}", "wait until it is done") from None
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            hint = "what must last of a class is kept there: choose a folder that is yours to write in"
            raise PublishError(f"{lock.parent} may not be written: {reason}", hint) from error
        yield
