"""The parts of a Word document (.docx), which is a ZIP archive of XML from anywhere.

Sizes are limited before anything is unpacked, and a document type, by which entities could grow, is refused
(decision 15).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from calmcast.errors import ScriptError

MOST_BYTES = 30_000_000
"""Of a file, and of all that is read of it when unpacked."""
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
_AGAIN = "save it as plain text (.txt), and use that"


class PartReader(Protocol):
    """What reads a part of the file: the tags and the words of its XML."""

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def ends(self, tag: str) -> None: ...
    def says(self, text: str) -> None: ...


@dataclass(slots=True)
class Parts:
    """The parts of a document, of which `MOST_BYTES` are unpacked in all."""

    archive: zipfile.ZipFile
    called: str
    left: int = MOST_BYTES

    def has(self, name: str) -> bool:
        return name in self.archive.namelist()

    def named(self, kind: str) -> list[str]:
        """Return the names of its headers, or footers, in order."""
        return sorted(name for name in set(self.archive.namelist()) if re.fullmatch(rf"word/{kind}\d*\.xml", name))

    def words(self, name: str) -> str:
        """Return the words of a part, without any structure."""
        words = _Words()
        self.read(name, words)
        return " ".join("".join(words.pieces).split())

    def read(self, name: str, reader: PartReader) -> None:
        with self.archive.open(name) as part:
            data = part.read(self.left + 1)
        if len(data) > self.left:
            text = f"{self.called} is too large when it is unpacked: more than {MOST_BYTES // 1_000_000} MB"
            raise ScriptError(text, _AGAIN)
        self.left -= len(data)
        _parse(data, reader, self.called)


def is_docx(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and DOCUMENT in _names(data)


@contextmanager
def opened(data: bytes, called: str) -> Iterator[Parts]:
    """Open a document. Raises ScriptError for one that is broken or too large, also while it is read."""
    if len(data) > MOST_BYTES:
        raise ScriptError(f"{called} is too large: more than {MOST_BYTES // 1_000_000} MB", _AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Parts(archive, called)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise ScriptError(f"{called} is a broken Word document", f"open it in Word, and {_AGAIN}") from error


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def _parse(data: bytes, reader: PartReader, called: str) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuses(*_: object) -> None:
        raise ScriptError(f"{called} has a document type, as no Word document has", f"open it in Word, and {_AGAIN}")

    def begins(tag: str, attributes: Mapping[str, str]) -> None:
        reader.begins(tag, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    parser.StartDoctypeDeclHandler = refuses
    parser.StartElementHandler, parser.EndElementHandler = begins, reader.ends
    parser.CharacterDataHandler = reader.says
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ScriptError(f"{called} is a broken Word document", f"open it in Word, and {_AGAIN}") from error


@dataclass(slots=True)
class _Words:
    """The words of a part."""

    pieces: list[str] = field(default_factory=list[str])
    open: list[str] = field(default_factory=list[str])

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.open.append(tag.rpartition(" ")[2])

    def ends(self, tag: str) -> None:
        if self.open.pop() == "p":
            self.pieces.append(" ")

    def says(self, text: str) -> None:
        if self.open[-1] == "t" and "Fallback" not in self.open:
            self.pieces.append(text)
