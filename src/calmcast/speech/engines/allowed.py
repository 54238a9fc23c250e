"""Programs that a voice's profile would run: which of them the user has allowed, each as it was then.

A workspace may come from somebody else, so nothing that it names runs before the user of this computer has said so.
What was allowed stands among the user's own settings, never in a workspace: a file for each program with all that it is
told, the folder in which it runs, and the content of the program and of every file among its arguments. Where one of
these is another, it is another program, and not allowed.
"""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from platformdirs import user_config_path

from calmcast.errors import PublishError
from calmcast.files import file_digest, write_bytes
from calmcast.invisible import visible
from calmcast.jsonfile import read_object
from calmcast.seen import looked_at
from calmcast.speech.engine import Trouble

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Errand:
    """A program, and what it is told."""

    arguments: tuple[str, ...]
    """The program's whole path first; with placeholders."""
    voice: str
    """What stands for `{voice}` in them; the other placeholders are numbers, the text, and files of calmcast's own."""
    folder: str
    """In which it runs."""
    files: tuple[tuple[str, str], ...]
    """The program and each argument that names a file: the path, and the SHA-256 of its content."""

    @property
    def digest(self) -> str:
        """What tells it from every other: 64 hex digits."""
        return sha256(json.dumps([_FORMAT, *astuple(self)]).encode()).hexdigest()

    @property
    def line(self) -> str:
        """The whole command as in a shell, nothing in it invisible."""
        return visible(shlex.join(_with_voice(self.arguments, self.voice)))

    @property
    def short(self) -> str:
        """The same without the program's folder: it may stand in a manifest, which is handed on."""
        program, *told = _with_voice(self.arguments, self.voice)
        return visible(shlex.join((Path(program).name, *told)))


@runtime_checkable
class Asking(Protocol):
    """An engine that runs what a profile names, and so only what the user has allowed."""

    def errand(self, settings: Mapping[str, str]) -> Errand:
        """Return what these settings, as a profile has them, would run. Raises SpeechError where nothing can be."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An errand that the user has allowed."""

    voice: str
    """The name of the voice that wanted it."""
    errand: Errand


def errand_of(arguments: Sequence[str], voice: str) -> Errand:
    """Return the errand of a program, given by its whole path, with these arguments, as its files are now.

    An argument names a file by itself, or after its `=`.
    """
    named = dict[str, None]()
    for argument in _with_voice(arguments, voice):
        named |= dict.fromkeys((argument, argument.rpartition("=")[2]))
    paths = (Path(name).absolute() for name in named if name)
    files = ((str(path), _digest(path)) for path in dict.fromkeys(paths) if _is_file(path))
    return Errand(tuple(arguments), voice, str(Path.cwd()), tuple(files))


def _with_voice(arguments: Sequence[str], voice: str) -> list[str]:
    return [argument.replace("{voice}", voice) for argument in arguments]


def unallowed(voice: str, errand: Errand) -> Trouble | None:
    """Return why an errand is not run for a voice, and how it would be; None where the user has allowed it."""
    if is_allowed(errand):
        return None
    reason = f"it would run a program that you have not allowed as it is now: {errand.short}"
    return reason, f"calmcast voices allow {shlex.quote(visible(voice))}"


def is_allowed(errand: Errand) -> bool:
    """Return whether the user has allowed an errand as it is now."""
    return _read(_place(errand)) is not None


def allow(voice: str, errand: Errand) -> None:
    """Remember that the user allows an errand as it is now, for a voice of this name. Raises PublishError."""
    known = {"calmcast": _FORMAT, "for": voice, **asdict(errand)}
    write_bytes(_place(errand), (json.dumps(known, indent=2) + "\n").encode())


def forbid(voice: str, errands: Sequence[Errand] = ()) -> tuple[Allowed, ...]:
    """Forget what was allowed for voices of this name, and these errands; return what it was. Raises PublishError."""
    digests = {errand.digest for errand in errands}
    gone = tuple(each for each in every_allowed() if each.voice == voice or each.errand.digest in digests)
    for each in gone:
        path = _place(each.errand)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            reason = (error.strerror or "no reason given").lower()
            raise PublishError(f"{path} cannot be removed: {reason}", "close any program that has it open") from error
    return gone


def every_allowed() -> tuple[Allowed, ...]:
    """Return all that the user has allowed, by voice and command."""
    found = list[Allowed]()
    with suppress(OSError):
        found += filter(None, map(_read, _folder().iterdir()))
    return tuple(sorted(found, key=lambda each: (each.voice, each.errand.arguments, each.errand.folder)))


def _folder() -> Path:
    return user_config_path("calmcast", appauthor=False) / "allowed"


def _place(errand: Errand) -> Path:
    return _folder() / f"{errand.digest}.json"


def _read(path: Path) -> Allowed | None:
    """Return what a file allows; None where it is none of ours, is damaged, or is that of something else."""
    try:
        known = read_object(path)
        files = tuple((str(file), str(digest)) for file, digest in known["files"])
        arguments = tuple(map(str, known["arguments"]))
        errand = Errand(arguments, str(known["voice"]), str(known["folder"]), files)
        whole = known["calmcast"] == _FORMAT and path.stem == errand.digest
        return Allowed(str(known["for"]), errand) if whole else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _is_file(path: Path) -> bool:
    try:
        return looked_at(path).is_file()
    except (OSError, ValueError):  # too long for a name, say
        return False


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, "" where it cannot be read."""
    try:
        about = path.stat()
        return _content(path, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _content(path: Path, *_state: int) -> str:
    """Return the SHA-256 of a file, which is the same while nothing of its state is another."""
    return file_digest(path)


def told(errand: Errand) -> Iterator[str]:
    """Yield in lines what an errand would run, and to which content it is held."""
    yield f"  {errand.line}"
    yield f"  in {visible(errand.folder)}"
    for path, digest in errand.files:
        yield f"  {visible(path)} as it is now (SHA-256 {digest[:16]})"
