"""HTML and SSML, a whole page or tags here and there in a text -> rows, headings and items as Markdown has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from calmcast.script.edit.prose.manuscript import Row, Rows
from calmcast.script.edit.prose.silences import silence
from calmcast.script.edit.prose.tags import Comment, Tag, Words, tokens
from calmcast.script.edit.prose.vocabulary import vocabulary

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PART = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li)\b[^<>]*>", re.IGNORECASE)
_LOOKED_AT, _FEWEST_PARTS = 3_000, 3
_PARAGRAPH = vocabulary("p div section article main header blockquote ul ol dl dt dd body html speak center hr")
_SPOKEN_THROUGH = vocabulary(
    "a abbr b bookmark c ruby rt rp v big cite em emphasis font i ins label lang mark phoneme prosody q s say-as "
    "sentence small span strike "
    "strong sub sup token tt u voice w wbr time kbd var samp dfn bdi bdo details summary fieldset legend "
    "tbody thead meta link base img input source track col area param embed object map picture"
)
_UNREAD = vocabulary("script style head svg noscript template iframe metadata")
_LEFT_OUT: Mapping[str, str] = dict.fromkeys(_UNREAD, "") | {
    "del": "crossed out", "nav": "links", "footer": "the foot of the page", "figure": "a picture", "aside": "an aside",
    "form": "a form", "button": "a form", "select": "a form", "textarea": "a form", "table": "a table", "code": "code",
    "pre": "code", "desc": "a description",
}  # fmt: skip
"""What is not spoken with all that is inside it, and why; of what has no reason, nobody has to be told."""
_PAUSES = frozenset({"break", "silence", "pause"})
_BREAKS = {"none": "", "x-weak": "", "weak": "0.5s", "medium": "1s", "strong": "2s", "x-strong": "3s"}
_BOLD_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*font-weight:\s*(?:[6-9]00|bold)")
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:[6-9]00|bold)")
_CELLS, _BAR = frozenset({"table", "tr", "td", "th"}), "| "
_HEADING = re.compile(r"h[1-6]")
_EMPHASIS = frozenset({"b", "strong", "i", "em", "u", "cite", "span"})
_MOST_PIECES = 3
"""Of an emphasis that is a pause; none has more tags inside."""


@dataclass(slots=True)
class _Page:
    """The rows written so far, and what is open."""

    is_page: bool
    bold_classes: frozenset[str]
    rows: list[Row] = field(default_factory=list[Row])
    comments: list[Row] = field(default_factory=list[Row])
    pieces: list[str] = field(default_factory=list[str])
    number: int = 1
    start: str = ""
    """What the next row opens with: `# `, `- `."""
    why: str = ""
    bold: list[bool] = field(default_factory=list[bool])
    emphasis: list[int] = field(default_factory=list[int])
    """Where the words in emphasis begin, among the pieces."""
    is_bold: bool = True
    """Whether all words of this row are bold."""
    skipped: str = ""
    """The tag inside which nothing is spoken; `depth` counts it."""
    depth: int = 0

    def skip(self, tag: Tag) -> None:
        """Let nothing be spoken from here to where this tag closes."""
        if not tag.is_empty:
            self.skipped, self.depth, self.number = tag.name, 1, tag.row

    def write(self, text: str, row: int) -> None:
        if not self.is_page:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self.end_row()
                    self.number = row + index
                self._write(line)
            return
        if text.strip() and not any(piece.strip() for piece in self.pieces):
            self.number = row
        self._write(re.sub(r"\s+", " ", text))

    def _write(self, text: str) -> None:
        self.is_bold = self.is_bold and (any(self.bold) or not text.strip())
        self.pieces.append(text)

    def end_row(self) -> None:
        text = "".join(self.pieces)
        text = " ".join(text.split()) if self.is_page else text
        if text and self.is_bold and not self.start and self.is_page:
            text = f"**{text}**"
        self.rows.append(Row(self.number, (self.start + text) if text else "", self.why if text else ""))
        self.start = "" if text else self.start
        self.pieces, self.is_bold, self.why = [], True, ""

    def end_paragraph(self) -> None:
        if any(piece.strip() for piece in self.pieces) or not self.is_page:
            self.end_row()
        if self.rows and self.rows[-1].text:
            self.rows.append(Row(self.number, ""))


def is_page(text: str) -> bool:
    """Return whether a text is a page of HTML, or a part of one."""
    head = text[:_LOOKED_AT]
    return _PAGE.search(head) is not None or ("<speak" not in head and len(_PART.findall(head)) >= _FEWEST_PARTS)


def rows_of_markup(text: str) -> Rows:
    """Return the rows of a text with tags; of a page of HTML, its paragraphs.

    Tags that ask for a silence become `[pause 500ms]`; those of which nothing is known stay, in square brackets.
    """
    whole = is_page(text)
    classes = frozenset(_BOLD_CLASS.findall(text)) if whole and "font-weight" in text else frozenset[str]()
    page = _Page(whole, classes)
    for token in tokens(text):
        match token:
            case Words(text=words, row=row):
                if not page.skipped:
                    page.write(words, row)
                elif _LEFT_OUT.get(page.skipped):
                    page.pieces.append(f"{' '.join(words.split())} ")
            case Comment(text=words, row=row):
                _comment(page, words, row)
            case Tag():
                _tag(page, token)
    if page.skipped:
        page.start, page.why = "", _LEFT_OUT.get(page.skipped) or "a tag that is never closed"
    page.end_row()
    return (*page.rows, *page.comments)


def _comment(page: _Page, words: str, row: int) -> None:
    if not page.skipped and words and (page.rows or page.pieces or not page.is_page):
        page.comments.append(Row(row, " ".join(words.split()), "a comment"))


def _tag(page: _Page, tag: Tag) -> None:
    if page.skipped:
        if tag.name == page.skipped and not tag.is_empty:
            page.depth += -1 if tag.closes else 1
        if page.depth == 0:
            _end_skipped(page)
    elif page.is_page and tag.name in _CELLS:
        _cell(page, tag)
    elif tag.name in _LEFT_OUT and not (tag.name in ("code", "pre") and not page.is_page):
        if not tag.closes and not tag.is_empty:
            if _LEFT_OUT[tag.name]:
                page.end_paragraph()
            page.skip(tag)
    elif _is_hidden(tag):
        page.skip(tag)
    elif tag.name in _PAUSES:
        pause = "" if tag.closes else _pause(tag)
        page.pieces.append(f" [pause {pause}] " if pause else " ")
    elif tag.name == "br":
        page.end_row() if page.start != _BAR else page.pieces.append(" ")
    elif _HEADING.fullmatch(tag.name) or tag.name in ("title", "li", *_PARAGRAPH):
        _block(page, tag)
    else:
        _inline(page, tag)


def _is_hidden(tag: Tag) -> bool:
    """Return whether nobody sees what is inside a tag, or only who looks for Word's comments."""
    style = tag.attributes.get("style", "").replace(" ", "")
    comment = tag.attributes.get("class", "").lower().startswith(("msocom", "msocommentref"))
    hidden = "display:none" in style or "mso-element:comment" in style or comment
    return not (tag.closes or tag.is_empty or tag.name == "hr") and hidden


def _end_skipped(page: _Page) -> None:
    why, page.skipped = _LEFT_OUT.get(page.skipped, ""), ""
    if why:
        page.start, page.why, page.is_bold = "", why, False
        page.end_paragraph()


def _cell(page: _Page, tag: Tag) -> None:
    """Write the cells of a table into one row, as Markdown has them."""
    if tag.name == "table":
        page.end_paragraph()
        page.start = ""
    elif tag.name == "tr":
        if any(piece.strip() for piece in page.pieces):
            page.end_row()
        page.start = "" if tag.closes else _BAR
    elif tag.closes:
        page.pieces.append(" | ")


def _block(page: _Page, tag: Tag) -> None:
    inside_item = page.start == "- " and tag.name in _PARAGRAPH
    if inside_item or page.start == _BAR:
        page.pieces.append(" " if page.start == _BAR else "")
        return
    if tag.name == "li" and page.is_page:
        if any(piece.strip() for piece in page.pieces):
            page.end_row()
        page.start = "" if tag.closes else "- "
        return
    page.end_paragraph()
    classes = tag.attributes.get("class", "").split()
    if tag.closes:
        page.start = ""
    elif tag.name in ("h1", "title") or "title" in classes:
        page.start = "# "
    elif _HEADING.fullmatch(tag.name):
        page.start = "#" * int(tag.name[1]) + " "


def _inline(page: _Page, tag: Tag) -> None:
    target = tag.attributes.get("href", "")
    if tag.name in _EMPHASIS:
        _stress(page, tag)
    if tag.name == "sub" and "alias" in tag.attributes:
        page.pieces.append(tag.attributes["alias"])
        page.skip(tag)
    elif tag.name == "a" and target.startswith(("#cmnt_ref", "#ftnt_ref")):
        page.why = "a comment on the text"
    elif tag.name == "a" and target.startswith(("#cmnt", "#ftnt")):
        page.skip(tag)
    elif tag.name in ("b", "strong", "span"):
        if tag.closes:
            page.bold.pop() if page.bold else None
        else:
            named = page.bold_classes & set(tag.attributes.get("class", "").split())
            heavy = bool(named) or _BOLD_STYLE.search(tag.attributes.get("style", "")) is not None
            page.bold.append(tag.name != "span" or heavy)
    elif tag.name in ("audio", "mark") and tag.attributes:
        page.pieces.append(f" [{tag.attributes.get('src') or tag.attributes.get('name') or tag.name}] ")
        if tag.name == "audio":
            page.skip(tag)
    elif not (page.is_page or tag.closes or tag.prefixed or tag.name in _SPOKEN_THROUGH):
        page.pieces.append(f"[{f'{tag.name} {tag.rest}'.strip()}]")


def _stress(page: _Page, tag: Tag) -> None:
    """Put brackets around a pause that stands in emphasis after a sentence, as those in Markdown are known by stars."""
    if not tag.closes:
        page.emphasis.append(len(page.pieces))
        return
    begin = page.emphasis.pop() if page.emphasis else len(page.pieces)
    if len(page.pieces) - begin > _MOST_PIECES:
        return
    text = "".join(page.pieces[begin:]).strip()
    if text[:1] in ("[", "(", "{") or silence(text, bracketed=True) is None:
        return
    before = next((page.pieces[place] for place in reversed(range(begin)) if page.pieces[place].strip()), "")
    if before.rstrip("\"”’') ")[-1:] in tuple(".!?…:"):
        page.pieces[begin:] = [f" [{text}] "]


def _pause(tag: Tag) -> str:
    """Return how long a tag asks to be silent, as written; empty where it does not."""
    for key, unit in (("time", ""), ("value", ""), ("duration", ""), ("length", ""), ("msec", "ms"), ("sec", "s")):
        if value := tag.attributes.get(key):
            return value + (unit if value[-1:].isdigit() else "")
    if strength := tag.attributes.get("strength"):
        return _BREAKS.get(strength.lower(), "1s")
    return tag.rest.strip(' :="') or "1s"
