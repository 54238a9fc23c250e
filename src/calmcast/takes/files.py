"""Files that are whole or absent, and one process at a time where several would write over each other."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from calmcast.errors import SoundError
from calmcast.files import check_inside

_WAIT_S, _STALE_S = 10.0, 5.0


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """Yield a name beside `path` to write under; what still has it at the end is removed."""
    check_inside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}.part")
    try:
        yield draft
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process changes the ledger. A lock that a killed process left is taken over."""
    lock = folder / ".calmcast.lock"
    check_inside(lock)
    deadline = time.monotonic() + _WAIT_S
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise SoundError(f"another calmcast is busy in {folder}", f"wait until it is done, or remove {lock}")
            time.sleep(0.02)
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()


def _locked(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except (FileExistsError, PermissionError):
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > _STALE_S:
                lock.unlink()
        return False
    return True


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Say an operating system's error plainly, as a SoundError."""
    try:
        yield
    except OSError as error:
        what = error.filename if error.errno in (errno.ENOENT, errno.EISDIR) else path
        raise SoundError(
            f"{what} cannot be read or written: {error.strerror or error}", "check the folder and the free space there"
        ) from error


def to_disk(path: Path) -> None:
    """Wait until a file is on disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
