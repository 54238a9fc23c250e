"""Archives taken apart as if they were meant to do harm: nothing outside the folder, no links, no bombs."""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from calmcast.errors import SpeechError

_CHUNK = 1 << 18
_LONGEST_HEADER = 1 << 16
_SMALL = 64_000_000
_MOST_TIMES = 50
"""Voices shrink to no less than a third when packed; what shrinks to a fiftieth is a bomb."""
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))})
_LEFT_BY_FINDER = frozenset({"__MACOSX", ".DS_Store"})
_ABOUT_OTHERS = frozenset(
    {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
)
_DAMAGED = (
    *(tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, MemoryError),
    *(ValueError, LookupError, RuntimeError, struct.error),
)
"""What the libraries raise over bytes that are no archive; the second line where they did not think of it."""
_ANOTHER = "use another archive, from a place that you trust"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold."""

    size: int = 4_000_000_000
    """In bytes, unpacked."""
    files: int = 20_000
    depth: int = 12
    """Folders within folders."""


def unpack(archive: Path, folder: Path, limits: Limits | None = None) -> Path:
    """Unpack a .tar, .tar.bz2, .tar.gz, .tar.xz or .zip into `folder`, which is made; return where its files are.

    That is `folder`, or the one folder in it where the archive holds nothing else. What the archive is is told by its
    first bytes, not by its name. Only ordinary files and folders come out, with no rights or owners of their own.
    Raises SpeechError for anything else, for more than `limits`, and for a damaged archive; what came out by then is
    left in `folder`.
    """
    limits = limits or Limits()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        most = min(limits.size, max(_SMALL, _MOST_TIMES * archive.stat().st_size))
        unpacked = _Unpacked(archive.name, folder, limits, most)
        if _start(archive) in {b"PK\3\4", b"PK\5\6"}:
            _unzip(archive, unpacked)
        else:
            _untar(archive, unpacked)
    except _DAMAGED as error:
        raise _refusal(archive.name, f"is damaged or no archive ({error or type(error).__name__})") from error
    except OSError as error:
        if error.errno is None:  # bz2 and gzip say so of bytes that make no sense
            raise _refusal(archive.name, f"is damaged ({error})") from error
        raise SpeechError(
            f"{archive.name} cannot be unpacked into {folder.parent}: {error.strerror}",
            "free some space, or name another folder with CALMCAST_MODELS",
        ) from error
    return top(folder)


def copy(place: Path, folder: Path, limits: Limits | None = None) -> None:
    """Copy what is in the folder `place` into `folder`, under the same rules as `unpack`; links as what they name."""
    limits = limits or Limits()
    copied = _Unpacked(place.name, folder, limits, limits.size)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(place.rglob("*")):
        if path.is_file():
            with path.open("rb") as contents:
                copied.add(path.relative_to(place).as_posix(), contents)


def top(folder: Path) -> Path:
    """Return the folder that holds the files: the one folder in `folder` where there is nothing else, or `folder`."""
    entries = [path for path in folder.iterdir() if path.name not in _LEFT_BY_FINDER]
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else folder


class _Unpacked:
    """What came out so far, and whether more may."""

    def __init__(self, archive: str, folder: Path, limits: Limits, most: int) -> None:
        self._archive = archive
        self._folder = folder
        self._limits = limits
        self._most = most
        self._size = 0
        self._entries = 0
        self._seen: set[str] = set()

    def add(self, name: str, contents: IO[bytes] | None) -> None:
        """Write a file, or make a folder where `contents` is None."""
        self._entries += 1
        if self._entries > self._limits.files:
            raise self.refusal(f"holds more than {self._limits.files} files")
        parts = self._parts(name)
        if not parts or parts[-1].startswith("._") or _LEFT_BY_FINDER & set(parts):
            return
        path = self._folder.joinpath(*parts)
        try:
            if contents is None:
                path.mkdir(parents=True, exist_ok=True)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise self.refusal(f"has {name} both as a file and as a folder") from None
        key = unicodedata.normalize("NFC", "/".join(parts)).casefold()
        if key in self._seen or path.exists():
            raise self.refusal(f"has {name} twice")
        self._seen.add(key)
        self._copy(contents, path)

    def refusal(self, reason: str) -> SpeechError:
        return _refusal(self._archive, reason)

    def _copy(self, contents: IO[bytes], path: Path) -> None:
        with path.open("xb") as file:
            while chunk := contents.read(_CHUNK):
                self._size += len(chunk)
                if self._size > self._most:
                    raise self.refusal(f"grows to more than {self._most // 10**6} MB, too large for what it is")
                file.write(chunk)

    def _parts(self, name: str) -> tuple[str, ...]:
        """Return the folders and the file that a name stands for. Raises SpeechError for one that leads elsewhere."""
        parts = tuple(part for part in name.split("/") if part not in {"", "."})
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts:
            raise self.refusal(f"wants to write outside its folder ({name!r})")
        if any(unicodedata.category(c) in {"Cc", "Cs"} for c in name) or any(map(unfit, parts)):
            raise self.refusal(f"holds a file whose name no system takes ({name!r})")
        if len(parts) > self._limits.depth:
            raise self.refusal(f"has folders more than {self._limits.depth} deep")
        return parts


def unfit(part: str) -> bool:
    """Return whether a file's or folder's name is one that some system refuses (Windows: devices, a dot at the end)."""
    reserved = part.partition(".")[0].casefold() in _RESERVED
    return reserved or part[-1] in ". " or any(c in part for c in '<>"|?*') or len(part.encode()) > 255


def _refusal(archive: str, reason: str) -> SpeechError:
    return SpeechError(f"{archive} {reason}, so it was not unpacked", _ANOTHER)


class _Member(tarfile.TarInfo):
    """An entry of a tar whose long names and comments, which tarfile reads at once, are short enough for that."""

    @classmethod
    def frombuf(cls, buf: Any, encoding: Any, errors: str) -> "_Member":
        member = super().frombuf(buf, encoding, errors)
        if member.type in _ABOUT_OTHERS and member.size > _LONGEST_HEADER:
            raise tarfile.ReadError("a name in it is too long")
        return member


def _untar(archive: Path, unpacked: _Unpacked) -> None:
    with _decompressed(archive) as stream, tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as tar:
        for member in tar:
            if member.isdir():
                unpacked.add(member.name, None)
            elif member.isreg() and not member.issparse():
                unpacked.add(member.name, tar.extractfile(member))
            else:
                raise unpacked.refusal(f"holds a link or a device ({member.name})")


def _start(archive: Path) -> bytes:
    with archive.open("rb") as file:
        return file.read(4)


@contextmanager
def _decompressed(archive: Path) -> Iterator[Any]:
    with archive.open("rb") as file:
        start = file.read(6)
        file.seek(0)
        if start.startswith(b"BZh"):
            with bz2.BZ2File(file) as stream:
                yield stream
        elif start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=file) as stream:
                yield stream
        elif start == b"\xfd7zXZ\0":
            with lzma.LZMAFile(file) as stream:
                yield stream
        else:
            yield file


def _unzip(archive: Path, unpacked: _Unpacked) -> None:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise unpacked.refusal(f"holds a link or a device ({entry.filename})")
            if entry.flag_bits & 1:
                raise unpacked.refusal("is locked with a password")
            if entry.orig_filename.endswith("/"):
                unpacked.add(entry.orig_filename, None)
            else:
                with opened.open(entry) as contents:
                    unpacked.add(entry.orig_filename, contents)
