"""A Word document (.docx) -> rows, one for each paragraph, with headings, items and bold as Markdown has them.

A document is a ZIP archive of XML from anywhere: sizes are limited before anything is unpacked, and a document type,
by which entities could grow, is refused (decision 15).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from calmcast.errors import ScriptError
from calmcast.script.edit.prose.manuscript import Row, Rows

MOST_BYTES = 30_000_000
"""Of a file, and of each of its parts when unpacked."""
_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_HEADING = re.compile(r"heading (\d)|(title)")
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNREAD = frozenset({"del", "moveFrom", "Fallback", "instrText", "footnotePr"})
"""What stands in these is no part of the text as it is now."""
_OFF = frozenset({"0", "false", "off", "none"})
_AGAIN = "save it as plain text (.txt), and use that"


@dataclass(slots=True)
class _Reader:
    """What was read so far: paragraphs, and the one that is open."""

    styles: Mapping[str, str]
    rows: list[Row] = field(default_factory=list[Row])
    number: int = 0
    pieces: list[str] = field(default_factory=list[str])
    start: str = ""
    is_bold: bool = True
    run: dict[str, bool] = field(default_factory=dict[str, bool])
    open: list[str] = field(default_factory=list[str])
    unread: int = 0
    """How many tags are open inside which nothing is read."""
    tables: int = 0
    in_text: bool = False

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.open.append(name)
        self.unread += name in _UNREAD
        self.tables += name == "tbl"
        value = attributes.get("val", "")
        match name:
            case "p":
                if self.pieces:
                    self._ends_paragraph()
                self.number, self.start = self.number + 1, ""
            case "r":
                self.run = {}
            case "b" | "vanish" | "strike" | "dstrike" if "rPr" in self.open[-3:] and "r" in self.open[-4:]:
                self.run[name] = value.lower() not in _OFF
            case "pStyle":
                self.start = self.styles.get(value, "")
            case "outlineLvl" if value.isdigit() and int(value) < 6 and "pPr" in self.open[-2:]:
                self.start = "#" * (int(value) + 1) + " "
            case "numPr" if not self.start:
                self.start = "- "
            case "t":
                self.in_text = True
            case "tab" | "br" | "cr" | "noBreakHyphen" if "pPr" not in self.open and "tabs" not in self.open:
                self._says(_SPACES[name])
            case _:
                pass

    def ends(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self.open.pop()
        self.unread -= name in _UNREAD
        self.in_text = self.in_text and name != "t"
        if name == "p":
            self._ends_paragraph()
        self.tables -= name == "tbl"

    def says(self, text: str) -> None:
        if self.in_text:
            self._says(text)

    def _says(self, text: str) -> None:
        if self.unread or self.run.get("vanish"):
            return
        if self.run.get("strike") or self.run.get("dstrike"):
            self.rows.append(Row(self.number, text, "crossed out"))
            return
        self.is_bold = self.is_bold and (self.run.get("b", False) or not text.strip())
        self.pieces.append(text)

    def _ends_paragraph(self) -> None:
        text, is_item = "".join(self.pieces).strip(), self.start.startswith("- ")
        if text and not is_item:
            self.rows.append(Row(self.number, ""))
        if text:
            text = f"**{text}**" if self.is_bold and not self.start and "\n" not in text else self.start + text
            why = "a table" if self.tables else ""
            self.rows += (Row(self.number, line, why) for line in text.split("\n"))
        if not (text and is_item):
            self.rows.append(Row(self.number, ""))
        self.pieces, self.is_bold = [], True


def is_docx(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and _DOCUMENT in _names(data)


def rows_of_docx(data: bytes, called: str) -> Rows:
    """Return the paragraphs of a Word document, numbered as they stand in it, without what is hidden or deleted.

    Headers, footers, comments and footnotes stand in other parts of the file, and are not read.
    Raises ScriptError for one that is broken, too large, or made to harm; `called` is its name there.
    """
    if len(data) > MOST_BYTES:
        raise ScriptError(f"{called} is too large: more than {MOST_BYTES // 1_000_000} MB", _AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            styles = _Styles()
            if _STYLES in archive.namelist():
                _parse(_part(archive, _STYLES, called), styles, called)
            reader = _Reader(styles.starts)
            _parse(_part(archive, _DOCUMENT, called), reader, called)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise ScriptError(f"{called} is a broken Word document", f"open it in Word, and {_AGAIN}") from error
    return tuple(reader.rows)


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def _part(archive: zipfile.ZipFile, name: str, called: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ScriptError(f"{called} is too large when it is unpacked: more than {MOST_BYTES // 1_000_000} MB", _AGAIN)
    return data


def _parse(data: bytes, reader: "_Reader | _Styles", called: str) -> None:
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
class _Styles:
    """What paragraphs of each style open with."""

    starts: dict[str, str] = field(default_factory=dict[str, str])
    style: str = ""

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, value = tag.rpartition(" ")[2], attributes.get("val", "")
        if name == "style":
            self.style = attributes.get("styleId", "") if attributes.get("type", "paragraph") == "paragraph" else ""
        elif not self.style:
            return
        elif name == "name" and (match := _HEADING.fullmatch(value.lower())):
            self.starts[self.style] = "#" * int(match[1] or 1) + " "
        elif name == "name" and value.lower().startswith("list"):
            self.starts[self.style] = "- " if value.lower() != "list paragraph" else ""
        elif name == "outlineLvl" and value.isdigit() and int(value) < 6:
            self.starts.setdefault(self.style, "#" * (int(value) + 1) + " ")

    def ends(self, tag: str) -> None:
        pass

    def says(self, text: str) -> None:
        pass
