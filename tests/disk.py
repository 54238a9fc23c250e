"""A disk on which a single thing goes wrong: the nth that is opened to be written, written, named, removed or kept."""

import builtins
import errno
import io
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from calmcast.store import folder as store_folder

FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES)
"""There is no room, the disk is broken, it is somebody else's."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_SQLITE = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EIO: sqlite3.SQLITE_IOERR,
    errno.EACCES: sqlite3.SQLITE_CANTOPEN,
}
_File: TypeAlias = "str | bytes | int | os.PathLike[str]"


@dataclass(slots=True)
class Disk:
    """What is done on a disk, in order, and which of it fails."""

    root: Path
    """Only what lies in here counts; what has no path any more, or none yet, does wherever it is."""
    fails_at: int = 0
    """The first is 1; 0: nothing fails."""
    fault: int = errno.EIO
    steps: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, what: str, path: "_File | None" = None) -> None:
        """Note a step; raise OSError if it is the one that fails."""
        if self._fails(what):
            raise OSError(self.fault, os.strerror(self.fault), *(() if path is None else (os.fspath(path),)))  # type: ignore[arg-type]

    def index_step(self, what: str) -> None:
        """Note what SQLite does; raise sqlite3.Error as it does if that fails."""
        if self._fails(what):
            failed = sqlite3.OperationalError(os.strerror(self.fault))
            failed.sqlite_errorcode = _SQLITE[self.fault]
            raise failed

    def has(self, file: _File) -> bool:
        """Return whether a file, by its path or its descriptor, is on this disk."""
        if isinstance(file, int):
            return stat.S_ISREG(os.fstat(file).st_mode)
        return Path(os.fsdecode(file)).absolute().is_relative_to(self.root)

    def _fails(self, what: str) -> bool:
        with self._lock:
            self.steps.append(what)
            return len(self.steps) == self.fails_at


@contextmanager
def disk(root: Path, fails_at: int = 0, fault: int = errno.EIO) -> Iterator[Disk]:
    """Count what is done in a folder while the block runs, and let the nth fail, once."""
    made = Disk(root, fails_at, fault)
    with pytest.MonkeyPatch.context() as patch:
        _patch_files(patch, made)
        _patch_names(patch, made)
        _patch_index(patch, made)
        yield made


def _patch_files(patch: pytest.MonkeyPatch, on: Disk) -> None:
    """Count each opening of a file to be written, and what then reaches it: buffered bytes do when they are flushed."""
    real, real_open, real_sync = io.open, os.open, os.fsync

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            on.step("write")
            return super().write(data)

    def opened(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
        newline: Any = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        if not set(mode) & set("wax+") or not on.has(file):
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if not isinstance(file, int):
            on.step("open", file)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)

    def os_opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & _WRITES and on.has(path):
            on.step("open", path)
        return real_open(path, flags, mode, dir_fd=dir_fd)

    def synced(file: int) -> None:
        on.step("fsync")
        real_sync(file)

    patch.setattr(io, "open", opened)
    patch.setattr(builtins, "open", opened)
    patch.setattr(os, "open", os_opened)
    patch.setattr(os, "fsync", synced)
    patch.setattr(store_folder, "fsync", synced)


def _patch_names(patch: pytest.MonkeyPatch, on: Disk) -> None:
    """Count what gives a name, takes one away, or makes a folder."""
    for name in ("link", "rename", "replace", "unlink", "remove", "mkdir"):
        patch.setattr(os, name, _counted(on, name, getattr(os, name)))


def _counted(on: Disk, name: str, real: Any) -> Any:
    def call(path: Any, *arguments: Any, **more: Any) -> Any:
        if name == "link" or on.has(path):
            on.step(name, path)
        return real(path, *arguments, **more)

    return call


def _patch_index(patch: pytest.MonkeyPatch, on: Disk) -> None:
    """Count each opening of an index, and each time that it is to be changed."""
    real = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
            if statement in {"BEGIN IMMEDIATE", "COMMIT"}:
                on.index_step(statement.lower())
            return super().execute(statement, *arguments)

    def connected(path: Any, **more: Any) -> sqlite3.Connection:
        on.index_step("connect")
        return real(path, factory=Connection, **more)

    patch.setattr(sqlite3, "connect", connected)
