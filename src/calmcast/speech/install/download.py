"""A file from an address: resumed where it broke off, checked, whole or absent.

What has come so far is kept beside the place as `NAME.part`, with a note of the address and of the version that the
server named (RFC 9110: Range, If-Range), so a later run goes on with it only where it is still the same file.
"""

import errno
import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from calmcast.errors import SpeechError
from calmcast.files import file_digest
from calmcast.jsonfile import read_object
from calmcast.speech.install.connection import BrokenError, ChangedError, answer, host

MOST_BYTES = 4_000_000_000
"""No file larger than this is fetched."""

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes that there will be (0: not known)."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_AGAIN = "run the same command again: it goes on where it stopped"
_MORE_ROOM = "free some space, or name another folder with CALMCAST_MODELS"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a silent server is waited for, and how often a broken connection is made anew."""

    stall_s: float = 30.0
    tries: int = 5
    wait_s: float = 1.0
    """Before the second try, in seconds; twice as long before each further one."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is fetched, and how large it may be."""

    address: str
    size: int | None
    most: int


def download(
    address: str,
    path: Path,
    *,
    size: int | None = None,
    sha256: str | None = None,
    most: int = MOST_BYTES,
    progress: Progress | None = None,
    effort: Effort | None = None,
) -> str:
    """Fetch `address` (http, https, file) to `path` and return its SHA-256: 64 hex digits.

    `size` (bytes) and `sha256` are what it must have; None: any, up to `most` bytes. A file that is at `path` already
    is taken where its checksum is the wanted one, else fetched anew. Missing folders are made. Raises SpeechError
    where it can't be had, is too large or is not the wanted one; then nothing is at `path`, and what had come is kept
    for the next run only where it may still be of use.
    """
    effort = effort or Effort()
    part = _Part(path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if sha256 and file_digest(path) == sha256:
                return sha256
            path.unlink()
        _fetch_with_tries(_Wanted(address, size, most), part, progress or _silent, effort)
        digest = file_digest(part.file)
        if sha256 and digest != sha256:
            part.discard()
            raise SpeechError(
                f"what came from {address} is not the file that was expected, and was thrown away",
                "run the same command again; where that does not help, its source has changed: update calmcast",
            )
        part.file.replace(path)
        part.discard()
    except OSError as error:
        raise _unwritable(error, path.parent) from error
    return digest


@dataclass(frozen=True, slots=True)
class _Part:
    """What has come so far, and the note of what it is a part of."""

    file: Path
    note: Path

    def begin(self, address: str, validator: str, total: int | None) -> None:
        self.note.write_text(json.dumps({"address": address, "validator": validator, "total": total}), "utf-8")

    def kept(self, address: str) -> tuple[int, str, int | None]:
        """Return how many bytes are here, the version they are of, and its size; (0, "", None) where of no use."""
        try:
            note = read_object(self.note)
            validator, total = str(note["validator"]), note["total"]
            if note["address"] == address and validator and (total is None or isinstance(total, int)):
                return self.file.stat().st_size, validator, total
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return 0, "", None

    def discard(self) -> None:
        for path in (self.file, self.note):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _silent(done: int, total: int) -> None:
    pass


def _fetch_with_tries(wanted: _Wanted, part: _Part, progress: Progress, effort: Effort) -> None:
    wait_s = effort.wait_s
    for left in reversed(range(effort.tries)):
        try:
            _fetch(wanted, part, progress, effort.stall_s)
        except BrokenError as broken:
            if isinstance(broken, ChangedError):
                part.discard()
            if not left:
                raise SpeechError(f"the download from {host(wanted.address)} broke off: {broken}", _AGAIN) from None
            time.sleep(wait_s)
            wait_s *= 2
        else:
            return


def _fetch(wanted: _Wanted, part: _Part, progress: Progress, stall_s: float) -> None:
    """Bring the part to its end, in one connection."""
    have, version, total = part.kept(wanted.address)
    if have and have == total:
        return
    with answer(wanted.address, have, version, stall_s) as coming:
        _check_size(wanted, coming.total, part)
        if not coming.start:
            part.begin(wanted.address, coming.version, coming.total)
        _check_room(part.file.parent, (coming.total or 0) - coming.start)
        done = coming.start
        with part.file.open("ab" if done else "wb", buffering=0) as file:
            for chunk in coming.chunks:
                done += len(chunk)
                _check_most(wanted, done, part)
                _write(file, chunk, part)
                progress(done, coming.total or 0)
    if coming.total is not None and done < coming.total:
        raise BrokenError(f"{done} of {coming.total} bytes came")
    _check_size(wanted, done, part)


def _check_size(wanted: _Wanted, total: int | None, part: _Part) -> None:
    if total is None:
        return
    if wanted.size is not None and total != wanted.size:
        part.discard()
        raise SpeechError(
            f"{wanted.address} has {total} bytes where {wanted.size} were expected: it is another file now",
            f"update calmcast; or take it as it is now: calmcast voices add --from {wanted.address} --name NAME",
        )
    _check_most(wanted, total, part)


def _check_most(wanted: _Wanted, total: int, part: _Part) -> None:
    if total > wanted.most:
        part.discard()
        raise SpeechError(f"{wanted.address} is larger than {wanted.most / 1e6:.0f} MB", "choose a smaller voice")


def _check_room(folder: Path, more: int) -> None:
    free = shutil.disk_usage(folder).free
    if more > free:
        raise SpeechError(
            f"there is no room for {more / 1e6:.0f} MB on the disk of {folder}, only for {free / 1e6:.0f} MB",
            _MORE_ROOM,
        )


def _write(file: BinaryIO, chunk: bytes, part: _Part) -> None:
    left = memoryview(chunk)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        if error.errno in _NO_ROOM:
            # A full disk is of no use to anyone, so the space is given back.
            file.close()
            part.discard()
        raise


def _unwritable(error: OSError, folder: Path) -> SpeechError:
    if error.errno in _NO_ROOM:
        return SpeechError(f"the disk of {folder} is full; what had come was removed", _MORE_ROOM)
    return SpeechError(
        f"{folder} cannot be written: {error.strerror or error}",
        "name a folder that is yours to write in with CALMCAST_MODELS",
    )
