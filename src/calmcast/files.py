"""Files that are whole or absent.

Where the system can (Linux), a file grows without a name and gets its name in one step, so even a
process that is killed leaves nothing behind. Elsewhere it grows under a hidden name beside its place.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from typing import BinaryIO

from calmcast.errors import PublishError
from calmcast.inside import check_inside
from calmcast.seen import aside, wrote

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_DRAFT = re.compile(r"\.calmcast-([0-9a-f]{8}-[0-9]+)-[0-9a-f]{16}\.part")
_STALE_AFTER_S = 24 * 60 * 60
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Yield an empty file, open for reading, writing and seeking, that takes the name `path` when the block ends well.

    Before that, and if the block raises or the process is killed, whatever stood at `path` stands there
    unchanged. Missing folders are made. A link at `path` is replaced by the file. The bytes are on disk when
    the block has ended. Raises PublishError where the file cannot be written; an error of the block's
    own passes through.
    """
    foreign: OSError | None = None
    try:
        _check_place(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        with _draft(path) as file:
            try:
                yield file
            except OSError as error:
                # A failed write names no file; an OSError that does comes from something else in the block.
                if error.filename is not None or error.errno not in _NO_ROOM:
                    foreign = error
                raise
        wrote(path)
    except OSError as error:
        if error is foreign:
            raise
        raise _refusal(error, path) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all, as `atomic_file`."""
    with atomic_file(path) as file:
        file.write(data)


def expanded(path: Path | str) -> Path:
    """Return a path that somebody wrote, `~` and `~name` as their homes; where nobody knows of one, as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file: 64 hex digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(path: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Keep every other process out of the block for this file, which is made; a process that ends lets go, however.

    A folder that is there may stand for the file, but not on Windows. Raises BlockingIOError where another is in it
    after so many seconds, any other OSError where there can be no file.
    """
    until = time.monotonic() + wait_s
    held = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        while not _lock(held):
            if time.monotonic() >= until:
                raise BlockingIOError(f"another process is at {path}")
            time.sleep(0.02)
        yield
    finally:
        os.close(held)


def _lock(held: int) -> bool:
    """Return whether this process has the lock of an open file now."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # some network folders know no locks: there people are trusted to do one thing at a time
    return True


def _check_place(path: Path) -> None:
    """Raise PublishError if `path` leads out of its workspace, or if a folder or a device stands there."""
    check_inside(path)
    with suppress(FileNotFoundError):
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise PublishError(f"{path} is a folder, so no file can take its name", "name a file inside it")
        if not stat.S_ISREG(mode):
            raise PublishError(f"{path} is not an ordinary file", "name a file that may be replaced")


@contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    descriptor = _nameless_descriptor(path.parent)
    with _hidden_draft(path) if descriptor is None else _nameless_draft(descriptor, path) as file:
        yield file
    if os.name == "posix":
        # The new name is on disk only when its folder is; some network folders cannot be synced.
        with suppress(OSError), _folder_descriptor(path.parent) as folder:
            os.fsync(folder)


def _nameless_descriptor(folder: Path) -> int | None:
    """Return a new file without a name in `folder` (Linux, open(2) O_TMPFILE), or None where there is no such thing."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not Path("/proc/self/fd").is_dir():
        return None
    with suppress(OSError):
        return os.open(folder, flag | os.O_RDWR | os.O_CLOEXEC, 0o666)
    return None


@contextmanager
def _nameless_draft(descriptor: int, path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        _to_disk(file)
        try:
            _link(file, path)
        except OSError:
            # Some network folders make a nameless file and then refuse to name it.
            file.seek(0)
            with _hidden_draft(path) as copy:
                shutil.copyfileobj(file, copy)


@contextmanager
def _hidden_draft(path: Path) -> Iterator[BinaryIO]:
    hidden = path.with_name(hidden_name())
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(hidden, flags, 0o666)
    with _gone_on_failure(hidden):
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            _to_disk(file)
        move(hidden, path)


@contextmanager
def _gone_on_failure(hidden: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            hidden.unlink()
        raise


def _link(file: BinaryIO, path: Path) -> None:
    """Give the nameless `file` the name `path`, in one step."""
    nameless = f"/proc/self/fd/{file.fileno()}"
    # With a folder descriptor Python calls linkat(2), which follows the link in /proc; link(2) would not.
    with _folder_descriptor(path.parent) as folder:
        try:
            os.link(nameless, path.name, dst_dir_fd=folder, follow_symlinks=True)
        except FileExistsError:
            hidden = path.with_name(hidden_name())
            os.link(nameless, hidden.name, dst_dir_fd=folder, follow_symlinks=True)
            with _gone_on_failure(hidden):
                hidden.replace(path)


@contextmanager
def _folder_descriptor(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def move(path: Path, place: Path) -> None:
    """Give a new file or folder the name `place`, in place of any file that has it."""
    for wait_s in (0.05, 0.1, 0.2, 0.4, 0.8):
        try:
            path.replace(place)
        except PermissionError:
            # On Windows a virus scanner holds what is new for a moment.
            if sys.platform != "win32":
                raise
            time.sleep(wait_s)
        else:
            return
    path.replace(place)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def process_mark() -> str:
    """Return what tells this process from others in a file's name, those of other machines too: `host-process`."""
    return f"{_host()}-{os.getpid()}"


def process_gone(mark: str) -> bool:
    """Return whether a process has ended, by its mark. Of another machine's nothing is known, so it has not."""
    host, _, process = mark.partition("-")
    return host == _host() and not _runs(int(process))


def _host() -> str:
    return f"{zlib.crc32(node().encode()):08x}"


def hidden_name() -> str:
    """Return a new name for a file that is to take another when it is whole; `sweep` knows it."""
    return f".calmcast-{process_mark()}-{os.urandom(8).hex()}.part"


def sweep(folder: Path) -> None:
    """Remove hidden drafts whose process was killed, and any older than a day."""
    with aside(), suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            draft = _DRAFT.fullmatch(entry.name)
            if draft:
                with suppress(OSError):
                    old = time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE_AFTER_S
                    if old or process_gone(draft[1]):
                        Path(entry.path).unlink()


def _runs(process: int) -> bool:
    """Return whether a process of this machine runs; where asking would end it (Windows), say that it does."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _refusal(error: OSError, path: Path) -> PublishError:
    """Return what an operating system's error means for the person who wants the file at `path`."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return PublishError(
                f"the disk is full, so {path} was not written", "free some space, then run the same command again"
            )
        case errno.EFBIG:
            return PublishError(f"{path} grew larger than this disk allows", "choose a folder on another disk")
        case errno.EACCES | errno.EPERM:
            return PublishError(
                f"{path} may not be written",
                "close any program that has it open, or choose a folder that is yours to write in",
            )
        case errno.EROFS:
            return PublishError(f"{path} lies on a disk that can only be read", "choose another folder")
        case errno.ENAMETOOLONG:
            return PublishError(f"the name {path.name} is too long for this disk", "choose a shorter name")
        case errno.ENOTDIR | errno.EEXIST:
            return PublishError(
                f"{path} cannot be written, because a part of {path.parent} is a file and no folder",
                "choose another folder",
            )
        case _:
            reason = error.strerror or type(error).__name__
            return PublishError(f"{path} cannot be written: {reason}", "choose another name or another folder")
