"""What a run goes by: every file and folder that it looks at while it is watched, each as it was then.

Python tells of every file that is opened and every folder that is listed, whichever library asks for it (PEP 578), so
nobody has to remember what he has read. Only what is asked without opening anything has to be told: whether a file is
there (`looked_at`), and what another program says (`answer`). `wrote` tells what a run has made itself.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
State = str | None
"""What is at a path, in words that change when that does; None: nothing."""
Names = frozenset[str]
"""What is in a folder: a folder's name with `/` behind it, a link's with `@`."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_FILE_TYPE, _ORDINARY = 0o170000, 0o100000
"""Of a file's mode, as `stat` has them: importing it would cost every command."""
_CHUNK = 1 << 20


class Seen:
    """What a run has looked at, each as it was when it first did, by path."""

    def __init__(self) -> None:
        self.read = dict[str, State]()
        """Files that were opened: their size and digest."""
        self.listed = dict[str, Names | None]()
        """Folders whose content was asked for."""
        self.looked = dict[str, State]()
        """What was only looked at: whether it is there, how large and how old."""
        self.answers = dict[tuple[str, ...], str]()
        """What programs said, by the arguments that they were run with."""
        self.made = dict[str, State]()
        """Files that the run has made, each as it was then: how large, how old and when it was last touched."""
        self.changed = set[str]()
        """What it has written, renamed or removed on the way."""
        self.created = set[str]()
        """Folders that it has made."""
        self.apart = set[str]()
        """Folders whose content makes a run no other: it follows from all else."""
        self.whole = True
        """False: something could not be made out."""

    def has_left(self, path: str) -> bool:
        """Return whether a file is as the run has made it, and nobody has touched it since."""
        return self.made.get(path) == _touched(path) is not None


_watchers: tuple[Seen, ...] = ()
"""The first sees the whole run, each further one what is done inside the one before."""
_own = set[int]()
"""Threads that look at something for this module's sake."""


@contextmanager
def watching() -> Iterator[Seen]:
    """Yield what is seen while the block runs."""
    global _watchers  # noqa: PLW0603
    _listen()
    before = _watchers
    seen = Seen()
    _watchers = (*before, seen)
    try:
        yield seen
    finally:
        _watchers = before


def looked_at(path: "Path") -> "Path":
    """Return a path of which somebody asks whether it is there, how large or how old it is."""
    if _watchers and get_ident() not in _own:
        _note("looked", path, presence)
    return path


def answer(arguments: Sequence[str], limit_s: float = 10.0) -> str:
    """Return all that a program prints when it is asked for its version or its voices; nothing where it fails."""
    import subprocess  # few commands ask anybody

    if sys.platform == "win32":
        hidden = subprocess.CREATE_NO_WINDOW
    else:
        hidden = 0
    try:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=limit_s,
            check=False,
            creationflags=hidden,
        )
        said = done.stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    for seen in _watchers:
        seen.answers[tuple(arguments)] = said
    return said


def wrote(path: "Path") -> None:
    """Tell that a file has been made, whole."""
    place = os.path.abspath(path)
    for seen in _watchers:
        seen.made[place] = _touched(place)


def as_made(path: "Path | str") -> bool:
    """Return whether a file is as the run that is watched has made it."""
    return bool(_watchers) and _watchers[0].has_left(os.path.abspath(path))


def set_apart(folder: "Path") -> None:
    """Tell that what is in a folder follows from all else, so that a run is the same whatever is there."""
    for seen in _watchers:
        seen.apart.add(os.path.abspath(folder))


@contextmanager
def aside() -> Iterator[None]:
    """Look at nothing while the block runs, in this thread: what it does makes the run no other."""
    thread = get_ident()
    if thread in _own:
        yield
        return
    _own.add(thread)
    try:
        yield
    finally:
        _own.discard(thread)


def content(path: str) -> State:
    """Return the size and the SHA-256 of a file, or that something else is there."""
    digest, size = hashlib.sha256(), 0
    try:
        if os.stat(path).st_mode & _FILE_TYPE != _ORDINARY:
            return "no file"
        with open(path, "rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        return None if isinstance(error, FileNotFoundError) else f"error {error.errno}"
    return f"{size} {digest.hexdigest()}"


def names(path: str) -> Names | None:
    """Return what is in a folder, but for what Python keeps beside its code; None: there is no such folder."""
    try:
        with os.scandir(path) as entries:
            return frozenset(entry.name + _sign(entry) for entry in entries if entry.name != "__pycache__")
    except OSError:
        return None


def _sign(entry: "os.DirEntry[str]") -> str:
    return "@" if entry.is_symlink() else "/" if entry.is_dir() else ""


def presence(path: str) -> State:
    """Return what is at a path: a file of this size and age, or something else."""
    try:
        about = os.stat(path)
    except OSError:
        return None
    return f"{about.st_size} {about.st_mtime_ns}" if about.st_mode & _FILE_TYPE == _ORDINARY else "no file"


def _touched(path: str) -> State:
    """Return how large and how old a file is, and when it was last touched, of which no program can set the time."""
    try:
        about = os.stat(path)
    except OSError:
        return None
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"


def _listen() -> None:
    """Have Python tell us from now on; it cannot be told to stop, so what it tells is passed over in between."""
    if not _listening:
        _listening.append(True)
        sys.addaudithook(_hear)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_forget)


_listening = list[bool]()


def _forget() -> None:
    """Look at nothing in a process that was forked: what it sees would reach nobody."""
    global _watchers  # noqa: PLW0603
    _watchers = ()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watchers or get_ident() in _own:
        return
    if event == "open":
        path, mode, flags = arguments
        if not isinstance(path, int):
            _opened(path, mode, flags)
    elif event in ("os.listdir", "os.scandir"):
        if not isinstance(arguments[0], int):
            _note("listed", arguments[0] or ".", names)
    elif event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir"):
        for path in arguments[: 2 if event == "os.rename" else 1]:
            _change(path, created=event == "os.mkdir" and not os.path.lexists(path))


def _opened(path: Any, mode: str | None, flags: int) -> None:
    writes = bool(set(mode) & set("wxa+")) if mode else bool((flags or 0) & _WRITES)
    if writes:
        _change(path)
    elif not _is_apart(os.fsdecode(path)):
        _note("read", path, content)


def _is_apart(path: str) -> bool:
    """Return whether a file is the system's, which is another each time, code that Python imports, or set apart."""
    code = path.endswith(".pyc") or (path.endswith(".py") and path.startswith(_CODE))
    return code or path.startswith(("/dev/", "/proc/", "/sys/", *(f"{each}{os.sep}" for each in _watchers[0].apart)))


_CODE = (sys.prefix, sys.base_prefix, os.path.dirname(os.path.abspath(__file__)))
"""Where code lies: which of it a run has used, and how old that is, is known without watching."""


def _change(path: Any, *, created: bool = False) -> None:
    place = os.path.abspath(os.fsdecode(path))
    for seen in _watchers:
        seen.changed.add(place)
        if created:
            seen.created.add(place)


def _note(kind: str, path: Any, look: Callable[[str], T]) -> None:
    """Note what is at a path, unless it is known already, or of the run's own making."""
    try:
        with aside():
            place = os.path.abspath(os.fsdecode(path))
            first = _watchers[0]
            known: dict[str, T] = getattr(first, kind)
            if place not in known:
                if place in first.changed and kind == "read":
                    return
                known[place] = look(place)
            for seen in _watchers[1:]:
                getattr(seen, kind)[place] = known[place]
    except (OSError, ValueError):
        for seen in _watchers:
            seen.whole = False
