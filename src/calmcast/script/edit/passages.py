"""A stranger's plain text -> passages of paragraphs: headings, blank lines and Markdown understood."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from calmcast.script.edit.prose import Item, Said, items, silence

MOST_PASSAGES = 15
LONGEST_TITLE = 30
"""Characters of a chapter's title that players show."""
_WORDS_A_PASSAGE = 270
_LONGEST_PARAGRAPH = 90
"""In words; a longer one is divided between sentences."""

_DANGLING = frozenset(
    ("a", "an", "and", "at", "by", "for", "in", "is", "of", "on", "or", "that", "the", "to", "with", "your")
)
"""Words that a title does not end with."""

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_UNDERLINE = re.compile(r"(=|-){3,}\s*")
_RULE = re.compile(r"\s*(?:[-*_~]\s*){3,}")
_BULLET = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+(?=\S)")
_BOLD_LINE = re.compile(r"(\*\*|__)([^*_]+)\1:?")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`+)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")
_SPACES = dict.fromkeys(map(ord, "\t\xa0\u2007\u202f\u2028\u2029\x85\x0b"), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the text that becomes a segment."""

    title: str
    paragraphs: tuple[tuple[Item, ...], ...]

    @property
    def words(self) -> int:
        return words(item for paragraph in self.paragraphs for item in paragraph)


def words(paragraph: Iterable[Item]) -> int:
    """Return how many words are spoken."""
    return sum(item.words for item in paragraph if isinstance(item, Said))


def passages(text: str) -> tuple[str, tuple[Passage, ...]]:
    """Return a text's title, empty where it has none, and its passages in order, `MOST_PASSAGES` at most.

    Headings begin passages; a text without them, or a very long part of one, is divided evenly between paragraphs.
    Passages are titled by their headings, else by their first words, each title once.
    """
    blocks = _blocks(_cleaned(text))
    titled = bool(blocks) and _is_title(blocks)
    title, blocks = (blocks[0][1], blocks[1:]) if titled else ("", blocks)
    found = [part for passage in _headed(blocks) for part in _divided(passage)]
    while len(found) > MOST_PASSAGES:
        pairs = [first.words + second.words for first, second in pairwise(found)]
        least = pairs.index(min(pairs))
        first, second = found[least : least + 2]
        found[least : least + 2] = [replace(first, paragraphs=(*first.paragraphs, *second.paragraphs))]
    return _short(title, 60), _titled(found)


def _is_title(blocks: list[tuple[int, str]]) -> bool:
    """Return whether the first block is the text's title: its only heading so high, or a short line without a stop."""
    level, text = blocks[0]
    if level:
        return [each for each, _ in blocks if each and each <= level] == [level]
    alone = len(text.split()) <= 8 and text[-1].isalnum() and text[0].isupper()
    return len(blocks) > 2 and alone and silence(text) is None


def _cleaned(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").translate(_SPACES | _INVISIBLE)
    text = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
    return [line.strip() for line in text.split("\n")]


def _blocks(lines: list[str]) -> list[tuple[int, str]]:
    """Return headings, with their level, and paragraphs, on one line, with level 0."""
    blocks, block = list[tuple[int, str]](), list[str]()
    loose = not any(not line for line in lines[1:-1])  # without a blank line, each line is a paragraph

    def close() -> None:
        if block:
            blocks.append(_paragraph(block))
            block.clear()

    for line in (line.removeprefix(">").strip() for line in lines):
        if (match := _HEADING.fullmatch(line)) and match[2]:
            close()
            blocks.append((len(match[1]), _plain(match[2].rstrip(" #"))))
        elif len(block) == 1 and _UNDERLINE.fullmatch(line):
            blocks.append((1 if line[0] == "=" else 2, _plain(block.pop())))
        elif not line or _RULE.fullmatch(line):
            close()
        else:
            block.append(line)
            if loose and line[-1] in '.!?…”"':
                close()
    close()
    return blocks


def _paragraph(lines: list[str]) -> tuple[int, str]:
    first = lines[0]
    if len(lines) == 1 and len(first.split()) <= 7 and silence(first) is None:
        heading = _plain(first).rstrip(":")
        capitals = first.isupper() and len(first) > 3
        if (capitals or _BOLD_LINE.fullmatch(first)) and heading[-1:].isalnum():
            return 3, heading.capitalize() if capitals else heading
    longest = max(map(len, lines))
    joined = list[str]()
    for line, follows in zip(lines, [*lines[1:], ""], strict=True):
        item = _BULLET.match(line)
        plain = _plain(line[item.end() :] if item else line)
        begins = _BULLET.match(follows) or (follows[:1].isupper() and (len(line) < 0.7 * longest or longest < 45))
        ends = plain[-1:].isalnum() and (begins or (item and not follows))
        joined.append(plain + "." if ends else plain)
        if silence(line):
            joined[-1] = f"[{plain}]"
    return 0, " ".join(joined)


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return text.strip()


def _headed(blocks: list[tuple[int, str]]) -> list[Passage]:
    found, title, paragraphs = list[Passage](), "", list[tuple[Item, ...]]()
    wordless: tuple[Item, ...] = ()
    for level, text in (*blocks, (1, "")):
        if level:
            if paragraphs:
                found.append(Passage(title, tuple(paragraphs)))
                paragraphs = []
            title = text
            continue
        paragraph = (*wordless, *items(text))
        wordless = () if words(paragraph) else paragraph
        if not wordless:
            paragraphs += _shorter(paragraph)
        elif paragraphs:
            # A bell or a pause in a line of its own belongs to what comes before it.
            paragraphs[-1] += wordless
            wordless = ()
    if wordless and found:
        *others, last = found[-1].paragraphs
        found[-1] = replace(found[-1], paragraphs=(*others, (*last, *wordless)))
    return found


def _shorter(paragraph: tuple[Item, ...]) -> list[tuple[Item, ...]]:
    """Return a paragraph, divided evenly between sentences where it is long."""
    parts = -(-words(paragraph) // _LONGEST_PARAGRAPH)
    if parts <= 1:
        return [paragraph] if paragraph else []
    total, spoken, divided = words(paragraph), 0, [list[Item]() for _ in range(parts)]
    place = 0
    for item in paragraph:
        if isinstance(item, Said):
            place = max(place, min(parts - 1, (2 * spoken + item.words) * parts // (2 * total))) if spoken else 0
            spoken += item.words
        divided[place].append(item)
    return [tuple(part) for part in divided if part]


def _divided(passage: Passage) -> list[Passage]:
    """Return a passage in parts of a usual length, divided between paragraphs."""
    parts = min(MOST_PASSAGES, round(passage.words / _WORDS_A_PASSAGE))
    if parts <= 1 or (passage.title and passage.words < 2 * _WORDS_A_PASSAGE):
        return [passage]
    spoken, divided = 0, [list[tuple[Item, ...]]() for _ in range(parts)]
    for paragraph in passage.paragraphs:
        count = words(paragraph)
        divided[min(parts - 1, (2 * spoken + count) * parts // (2 * passage.words))].append(paragraph)
        spoken += count
    kept = [tuple(part) for part in divided if part]
    return [Passage(passage.title if index == 0 else "", part) for index, part in enumerate(kept)]


def _titled(found: list[Passage]) -> tuple[Passage, ...]:
    titled, seen = list[Passage](), dict[str, int]()
    for passage in found:
        said = (item for paragraph in passage.paragraphs for item in paragraph if isinstance(item, Said))
        title = _short(passage.title, LONGEST_TITLE) or _short(_opening(next(said).lines[0]), LONGEST_TITLE) or "Part"
        count = seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        titled.append(replace(passage, title=title if count == 1 else f"{_short(title, LONGEST_TITLE - 3)} {count}"))
    return tuple(titled)


def _opening(sentence: str) -> str:
    clause = re.split(r"[,;:.!?—–]", sentence, maxsplit=1)[0]
    words_ = clause.split()[:5]
    while len(words_) > 2 and words_[-1].casefold() in _DANGLING:
        words_.pop()
    return " ".join(words_)


def _short(text: str, most: int) -> str:
    """Return a title without brackets, cut between words."""
    flat = " ".join(re.sub(r"[\[\]{}<>]", " ", text).split()).strip(' .,:;-–—*_#"“”')
    if len(flat) <= most:
        return flat
    whole = (flat[: most + 1].rpartition(" ")[0] or flat[:most]).split()
    while len(whole) > 1 and whole[-1].casefold() in _DANGLING:
        whole.pop()
    return " ".join(whole).rstrip(" .,:;-–—")
