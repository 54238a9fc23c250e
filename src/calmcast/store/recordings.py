"""Recordings kept by content: a line spoken once serves every length, every track and every later run.

A file is one line of JSON, then the samples (16-bit little-endian). It is written beside its place and renamed, and
read only where its checksum holds, so two processes may share a folder and any of them may be killed.
"""

import json
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Recording

FORMAT = 5
"""Part of every key. Goes up when recordings are trimmed, measured or kept in another way."""

_NAME = re.compile(r"([0-9a-f]{64})\.recording")
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{16}\.part")
_STALE_S = 60 * 60
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """How much a store holds."""

    recordings: int
    size_bytes: int


class Store:
    """The recordings of one folder, which is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._swept = False

    def get(self, key: str) -> Recording | None:
        """Return the recording of this key, or None where there is none, or one that is damaged."""
        found = self._read(self._path(key))
        return found[0] if found else None

    def pcm(self, recording: Recording) -> bytes:
        """Return a recording's samples: mono, 16-bit little-endian, at 44 100 Hz.

        Raises SpeechError where they are gone or damaged.
        """
        found = self._read(self._path(recording.key))
        if found is None or found[0].samples != recording.samples:
            raise SpeechError("a recording is gone or damaged", "run the command again: the line is spoken anew")
        return found[1]

    def put(self, recording: Recording, pcm: bytes) -> None:
        """Keep a recording and its samples, in place of any of the same key. Raises SpeechError where it can't."""
        if len(pcm) != 2 * recording.samples:
            raise ValueError(f"{len(pcm)} bytes are not {recording.samples} samples")
        path = self._path(recording.key)
        draft = path.with_name(f".{recording.key}.{secrets.token_hex(8)}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            try:
                draft.write_bytes(_header(recording, pcm) + pcm)
                self._rename(draft, path)
            except BaseException:
                with suppress(OSError):
                    draft.unlink()
                raise
        except OSError as error:
            raise SpeechError(
                f"recordings cannot be kept in {self.folder}: {error.strerror or error}",
                "free some space there, or name another folder in settings.yaml or with CALMCAST_STORE",
            ) from error

    def info(self) -> StoreInfo:
        """Return how many recordings there are and their bytes."""
        sizes = []
        for path in self._files():
            with suppress(OSError):
                sizes.append(path.stat().st_size)
        return StoreInfo(len(sizes), sum(sizes))

    def verify(self) -> tuple[Path, ...]:
        """Return the files that are no whole recordings, in order of name. They are made anew when they are needed."""
        return tuple(path for path in self._files() if self._read(path) is None)

    def clear(self) -> int:
        """Remove every recording; return how many. Raises SpeechError where one can't be removed."""
        removed = 0
        for path in self._files():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise SpeechError(f"{path} cannot be removed: {error.strerror}", "close what has it open") from error
            removed += 1
        return removed

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.recording"

    def _files(self) -> Iterator[Path]:
        try:
            paths = sorted(self.folder.iterdir())
        except OSError:
            return
        yield from (path for path in paths if _NAME.fullmatch(path.name))

    def _read(self, path: Path) -> tuple[Recording, bytes] | None:
        try:
            with path.open("rb") as file:
                header = json.loads(file.readline(_LONGEST_HEADER))
                pcm = file.read()
            recording = _recording(header)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        whole = path.name == f"{recording.key}.recording" and len(pcm) == 2 * recording.samples
        return (recording, pcm) if whole and header.get("sha256") == _checksum(header, pcm) else None

    def _rename(self, draft: Path, path: Path) -> None:
        try:
            draft.replace(path)
        except PermissionError:
            # On Windows another process may have the same recording open: then it is there already.
            if sys.platform != "win32" or self._read(path) is None:
                raise
            draft.unlink()

    def _sweep(self) -> None:
        """Remove, once, what killed processes left half-written."""
        if self._swept:
            return
        self._swept = True
        for path in self.folder.iterdir():
            if _DRAFT.fullmatch(path.name):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > _STALE_S:
                        path.unlink()


def _header(recording: Recording, pcm: bytes) -> bytes:
    header = {
        "calmcast": FORMAT,
        "key": recording.key,
        "samples": recording.samples,
        "silences": recording.silences,
        "loudness": recording.loudness,
        "peak": recording.peak,
        "heard": recording.heard,
    }
    return json.dumps({**header, "sha256": _checksum(header, pcm)}).encode("ascii") + b"\n"


def _checksum(header: dict[str, Any], pcm: bytes) -> str:
    """Return the checksum of all else that the header says, and of the samples."""
    said = {name: value for name, value in header.items() if name != "sha256"}
    return sha256(json.dumps(said, sort_keys=True).encode("ascii") + b"\n" + pcm).hexdigest()


def _recording(header: dict[str, Any]) -> Recording:
    if header["calmcast"] != FORMAT:
        raise ValueError("another format")
    return Recording(
        key=str(header["key"]),
        samples=int(header["samples"]),
        silences=tuple((int(start), int(length)) for start, length in header["silences"]),
        loudness=tuple(float(window) for window in header["loudness"]),
        peak=float(header["peak"]),
        heard=(int(header["heard"][0]), int(header["heard"][1])) if header["heard"] else None,
    )
