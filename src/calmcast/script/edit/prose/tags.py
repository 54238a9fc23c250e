"""Marked-up text (HTML, SSML) -> words and tags, in one walk that never looks at a sign twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<rest>[^<>]{0,2000})>")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'/>]+)")
_RAW = frozenset({"script", "style"})
"""What stands in these is no markup."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands between tags, its entities replaced."""

    text: str
    row: int
    """The line on which it begins, counted from 1."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that opens or closes; `name` in small letters, without a prefix."""

    name: str
    row: int
    closes: bool = False
    is_empty: bool = False
    """It closes itself: nothing is inside it."""
    rest: str = ""
    """What stands after its name."""
    prefixed: bool = False
    attributes: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, a declaration or the like: what is marked as not to be read."""

    text: str
    row: int


def tokens(text: str) -> Iterator[Words | Tag | Comment]:
    """Yield what a text is made of; a `<` that opens nothing is one of its words. Its time grows with its length."""
    position = begin = 0
    row, counted = 1, 0
    ends = dict[str, int]()
    while (at := text.find("<", position)) >= 0:
        found = _comment(text, at, ends) or _tag(text, at)
        if found is None:
            position = at + 1
            continue
        token, end = found
        if begin < at:
            row, counted = row + text.count("\n", counted, begin), begin
            yield Words(plain(text[begin:at]), row)
        row, counted = row + text.count("\n", counted, at), at
        match token:
            case str():
                yield Comment(token, row)
            case re.Match():
                tag = _of(token, row)
                yield tag
                if tag.name in _RAW and not tag.closes:
                    end = _end_of_raw(text, end, tag.name, ends)
        position = begin = end
    if begin < len(text):
        row += text.count("\n", counted, begin)
        yield Words(plain(text[begin:]), row)


def plain(text: str) -> str:
    """Return a text with its entities replaced, also those that were written twice (`&amp;nbsp;`)."""
    return unescape(unescape(text)) if "&" in text else text


def _comment(text: str, at: int, ends: dict[str, int]) -> tuple[str, int] | None:
    """Return a comment that begins here, and where it ends. `ends` remembers which ends are nowhere."""
    for opens, closes in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")):
        if text.startswith(opens, at):
            end = _after(text, closes, at + len(opens), ends)
            return None if end is None else (text[at + len(opens) : end - len(closes)].strip(), end)
    return None


def _after(text: str, sought: str, begin: int, ends: dict[str, int]) -> int | None:
    if ends.get(sought) == -1:
        return None
    found = ends[sought] = text.find(sought, begin)
    return None if found < 0 else found + len(sought)


def _tag(text: str, at: int) -> tuple[re.Match[str], int] | None:
    match = _TAG.match(text, at)
    return (match, match.end()) if match else None


def _of(match: re.Match[str], row: int) -> Tag:
    prefix, colon, name = match["name"].lower().partition(".")[0].rpartition(":")
    attributes = {key.lower(): plain(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(match["rest"])}
    prefixed = bool(colon and prefix) or "://" in match[0] or "@" in match[0]
    rest = match["rest"].rstrip()
    return Tag(
        name or prefix,
        row,
        bool(match["close"]),
        rest.endswith("/"),
        rest.strip(" /"),
        prefixed,
        attributes,
    )


def _end_of_raw(text: str, begin: int, name: str, ends: dict[str, int]) -> int:
    end = _after(text, f"</{name}", begin, ends)
    return len(text) if end is None else end - len(name) - 2
