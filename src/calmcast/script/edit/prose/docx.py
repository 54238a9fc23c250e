"""A Word document (.docx) -> rows, one for each paragraph, with headings, items and bold as Markdown has them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from calmcast.script.edit.prose.docx_parts import DOCUMENT, STYLES, Parts, opened
from calmcast.script.edit.prose.manuscript import Manuscript, Row, Rows
from calmcast.text import counted, shorten

_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}
"""What stands in a paragraph for words that stand elsewhere, and what these are."""
_BESIDE_PAGES = (("header", "at the top of its pages"), ("footer", "at the foot of its pages"))
_HIDDEN, _BOXED = "hidden text", "in a text box"
_HEADING = re.compile(r"heading (\d)|(title)")
_CONTENTS = re.compile(r"toc(?: \d| heading)|table of figures")
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNREAD = frozenset({"del", "moveFrom", "Fallback", "instrText", "footnotePr"})
"""What stands in these is no part of the text as it is now."""
_MOST_PLACES = 12
"""So many are named where something is told of many paragraphs."""
_CLOSES = frozenset({"body", "tc", "txbxContent"})
"""Where these end no paragraph goes on."""
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class _Open:
    """A paragraph that is being read."""

    pieces: list[str] = field(default_factory=list[str])
    start: str = ""
    is_bold: bool = True
    goes_on: bool = False
    """Its end is deleted: the next one belongs to it."""
    why: str = ""
    """Why its style says that it is not spoken."""


@dataclass(slots=True)
class _Reader:
    """What was read so far: paragraphs, and the one that is open."""

    styles: "_Styles"
    rows: list[Row] = field(default_factory=list[Row])
    references: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """The paragraphs in which a footnote, a comment or the like is referred to."""
    number: int = 0
    now: _Open = field(default_factory=_Open)
    around: list[_Open] = field(default_factory=list[_Open])
    """The paragraphs in which a text box stands that is being read."""
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
                self.number += not self.around
                self.now = self.now if self.now.goes_on else _Open()
                self.now.goes_on = False
            case "txbxContent":
                self.around.append(self.now)
                self.now = _Open()
            case "del" if "rPr" in self.open[-2:] and "pPr" in self.open[-3:]:
                self.now.goes_on = True
            case "footnoteReference" | "endnoteReference" | "commentReference" if not self.unread:
                self.references.setdefault(_REFERENCES[name], []).append(self.number)
            case "r":
                self.run = {}
            case "rStyle" | "b" | "vanish" | "strike" | "dstrike" if "rPr" in self.open[-3:] and "r" in self.open[-4:]:
                is_style = name == "rStyle"
                self.run["vanish" if is_style else name] = value in self.styles.out if is_style else _is_on(value)
            case "pStyle":
                self.now.start, self.now.why = self.styles.starts.get(value, ""), self.styles.out.get(value, "")
            case "outlineLvl" if value.isdigit() and int(value) < 6 and "pPr" in self.open[-2:]:
                self.now.start = "#" * (int(value) + 1) + " "
            case "numPr" if not self.now.start:
                self.now.start = "- "
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
        if (name == "p" and not self.now.goes_on) or (name in _CLOSES and self.now.goes_on):
            self._ends_paragraph()
        if name == "txbxContent":
            self.now, self.run = self.around.pop(), {}
        self.tables -= name == "tbl"

    def says(self, text: str) -> None:
        if self.in_text:
            self._says(text)

    def _says(self, text: str) -> None:
        if self.unread:
            return
        struck = self.run.get("strike") or self.run.get("dstrike")
        if why := _HIDDEN if self.run.get("vanish") else "crossed out" if struck else "":
            self.rows.append(Row(self.number, text, why))
            return
        self.now.is_bold = self.now.is_bold and (self.run.get("b", False) or not text.strip())
        self.now.pieces.append(text)

    def _ends_paragraph(self) -> None:
        start, text = self.now.start, "".join(self.now.pieces).strip()
        is_item = start.startswith("- ")
        if text and not is_item:
            self.rows.append(Row(self.number, ""))
        if text:
            text = f"**{text}**" if self.now.is_bold and not start and "\n" not in text else start + text
            why = self.now.why or (_BOXED if self.around else "a table" if self.tables else "")
            self.rows += (Row(self.number, line, why, is_doubtful=why == _BOXED) for line in text.split("\n"))
        if not (text and is_item):
            self.rows.append(Row(self.number, ""))
        self.now = _Open()


def _is_on(value: str) -> bool:
    return value.lower() not in _OFF


def read_docx(data: bytes, called: str) -> Manuscript:
    """Return the paragraphs of a Word document, numbered as they stand in it, without what is deleted.

    Hidden text is left out; what stands in text boxes is doubtful, unless most of the text does. Notes tell of
    footnotes and comments, which are not read, and of what stands at the top and the foot of its pages.
    Raises ScriptError for one that is broken, too large, or made to harm; `called` is its name there.
    """
    with opened(data, called) as parts:
        styles = _Styles()
        parts.read(STYLES, styles) if parts.has(STYLES) else None
        reader = _Reader(styles)
        parts.read(DOCUMENT, reader)
        pages = [note for kind, where in _BESIDE_PAGES for note in _beside_pages(parts, kind, where)]
    references = (_referred(kind, places) for kind in _REFERENCES.values() if (places := reader.references.get(kind)))
    return Manuscript(_unless_most(reader.rows), "paragraph", (*references, *pages))


def _unless_most(rows: Sequence[Row]) -> Rows:
    """Return rows of which those in text boxes may be spoken where most of the words stand there."""
    boxed = sum(len(row.text.split()) for row in rows if row.why == _BOXED)
    if 2 * boxed <= boxed + sum(len(row.text.split()) for row in rows if row.may_be_spoken):
        return tuple(rows)
    return tuple(replace(row, why="", is_doubtful=False) if row.why == _BOXED else row for row in rows)


def _referred(kind: str, places: Sequence[int]) -> str:
    """Return a note on what is referred to in some paragraphs: `2 footnotes are left out: paragraphs 4 and 9`."""
    *others, last = map(str, dict.fromkeys(places))
    if len(others) >= _MOST_PLACES:
        others, last = others[:_MOST_PLACES], f"{len(others) + 1 - _MOST_PLACES} more"
    where = f"paragraphs {', '.join(others)} and {last}" if others else f"paragraph {last}"
    return f"{counted(len(places), kind)} {'is' if len(places) == 1 else 'are'} left out: {where}"


def _beside_pages(parts: Parts, kind: str, where: str) -> tuple[str, ...]:
    """Return a note on the headers or footers that have words; no note where none has."""
    found = [words for name in parts.named(kind) if any(map(str.isalpha, words := parts.words(name)))]
    if not found:
        return ()
    shown = ", ".join(f"“{shorten(words)}”" for words in dict.fromkeys(found))
    return (f"{counted(len(found), kind)} {'is' if len(found) == 1 else 'are'} left out, {where}: {shown}",)


@dataclass(slots=True)
class _Styles:
    """What paragraphs of each style open with, and which styles are not spoken, and why."""

    starts: dict[str, str] = field(default_factory=dict[str, str])
    out: dict[str, str] = field(default_factory=dict[str, str])
    style: str = ""

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, value = tag.rpartition(" ")[2], attributes.get("val", "")
        if name == "style":
            kind = attributes.get("type", "paragraph")
            self.style = attributes.get("styleId", "") if kind in ("paragraph", "character") else ""
        elif not self.style:
            return
        elif name == "vanish" and _is_on(value):
            self.out[self.style] = _HIDDEN
        elif name == "name" and _CONTENTS.fullmatch(value.lower()):
            self.out[self.style] = "a list of what is in it"
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
