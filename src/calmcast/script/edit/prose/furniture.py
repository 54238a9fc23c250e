"""Rows that are no speech by their form: front matter, code, commands of a typesetter, the feet of pages."""

import re
from collections import Counter
from itertools import pairwise

from calmcast.script.edit.prose.manuscript import Row, Rows, left_out, speech

_SPACES = dict.fromkeys((*range(0x2000, 0x200B), 0xA0, 0x1680, 0x202F, 0x3000, 0x85, 0x0B), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f"))
_PICTURES = re.compile("[\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23ff\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\u20e3]+")
_BULLETS = "-*+•●○◦▪▫■□‣⁃∙·➢➤►▶→✓✔–—\uf0b7\uf0a7\uf0d8\uf0a8\uf0fc\uf02d"
_BULLET = re.compile(rf"\s*(?:[{re.escape(_BULLETS)}]|o(?=\t)|§(?=\s))[ \t]+(?=\S)")
_BULLET_O = re.compile(r"\s*o +(?=\S)")
_TASK = re.compile(r"^(\s{0,20}(?:- |\d{1,3}[.)] )\s{0,3})\[[ xX]?\]\s{1,3}(?=\S)")
"""An item that somebody has done, or not: `- [x] `."""
_CROSSED = re.compile(r"(?<!~)~~(?![\s~])([^~]{1,600})~~(?!~)")
_BLANKS = re.compile(r"\s{40,}")
"""So many come to as few as that: patterns that begin with blanks take a time that grows as the square of a run."""
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_APART = re.compile(r"\b([zudoi])\. (B|h|a|ä|E)\.")
"""An abbreviation of two words, as German has them: `z. B.`."""
_RAISED = re.compile(r"(?<=[^\W\d_]{2}[.!?])\d{1,2}(?=\s+[A-ZÄÖÜ])")
"""A footnote's number, which stood higher before the text was copied."""
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\](?:\([^()]{0,500}\)|\[[^\[\]]{0,60}\])")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{0,500}(?:\s[^()]{0,100})?\)")
_MATTER = {"---": ("---", "..."), "+++": ("+++",), ";;;": (";;;",)}
_MATTER_ROW = re.compile(r"\s*(?:[\w .-]{1,40}\s*[:=].*|-\s.*|#.*|[\]\[{}].*|\s+\S.*)?")
_MOST_MATTER = 200
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_SECTION = re.compile(r"\s*\\(title|part|chapter|(?:sub)*section|paragraph)\*?\{([^{}]*)\}\s*")
_COMMAND = re.compile(r"\s*\\[a-zA-Z@]+\*?(?:\s*(?:\{[^{}]*\}|\[[^\[\]]*\]))*\s*(?:\\\\)?\s*")
_STYLED = re.compile(r"\\(?:text\w\w|emph|underline|textsc)\{([^{}]*)\}")
_PAUSE = re.compile(r"\\(?:pause|silence|break)\b\s*(?:[\[{(]([^\]})]{0,40})[\]})])?")
_INSIDE = re.compile(r"\\[a-zA-Z]+\*?(?:\{[^{}]*\})?")
_ESCAPED = re.compile(r"\\([^\w\s])")
_COMMENT = re.compile(r"\s*(?:%%?|//+|\[//\]:|\[\^[^\[\]]{1,20}\]:|\[comment\]:|/\*).*", re.IGNORECASE)
_TO_SELF = re.compile(r"\s*#+\s*(?:note to self|note|todo|fixme)\b.*:.*", re.IGNORECASE)
_LEVELS = {"title": 1, "part": 1, "chapter": 2, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 4}

_ADDRESS = r"(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|[\w-]+\.(?:com|org|net|info|edu|co\.uk|de)(?:/\S*)?)"
ORIGIN = "where it comes from"
_WHO = r"(?:[^:]{1,40}:\s*)?"
_FEET: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "the foot of a page",
        (
            r"(?:page|seite|p\.|pg\.?)\s*\|?\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?",
            r"\d{1,4}\s*(?:\|\s*page|of\s+\d{1,4}|/\s*\d{1,4})",
            r"[-–—]+\s*\d{1,4}\s*(?:(?:of|/)\s*\d{1,4}\s*)?[-–—]+",
            r"[^.!?]{0,60}\bpage \d{1,4} (?:of|/) \d{1,4}\b[^.!?]{0,60}",
            r".{1,60}\W+(?:page|seite) \d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?",
            r"page \d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W+.{1,60}(?<![.!?])",
            r"(?![^.!?]*\d\s*[-–—|,]\s*\d)[^.!?]{1,60}\s[-–—|]\s*\d{1,4}\s*[-–—|]?",
        ),
    ),
    (
        "copyright",
        (
            r"(?:.{0,60}\s)?(?:©|\(c\)|copyright)(?:\s|\d).{0,200}",
            r".{0,120}\ball rights reserved\b.{0,120}",
            r".{0,80}\b(?:creative commons|cc[ -]by(?:-\w\w)*|licen[sc]ed under|licen[sc]e:)(?:\s.{0,160})?",
        ),
    ),
    (
        "an address",
        (
            rf"(?:visit(?: us at)?|see|more at|website|web|e-?mail|contact|source|from)?:?\s*{_ADDRESS}\.?",
            rf"(?:follow (?:me|us)\b|find (?:me|us|more)\b|visit (?:me|us)\b|subscribe\b).{{0,60}}{_ADDRESS}.{{0,40}}",
        ),
    ),
    (
        ORIGIN,
        (
            r"(?:downloaded|retrieved|printed|adapted|reprinted|excerpted|taken) (?:from|by|with)\b.{0,200}",
            r"(?:script|text|words|meditation|written|recorded|narrated|translated|edited|compiled|"
            r"prepared) by\b.{0,120}",
            r"(?:subtitles?|subtitled|captions?|captioned|synced|corrected|transcribed|transcript(?:ion)?)"
            r"(?: (?:and|&) \w{1,20})? by\b.{0,120}",
            r"untertitel(?:ung)? (?:von|der|des|durch|im auftrag)\b.{0,120}",
            r"(?:last )?(?:updated|modified|revised|edited)(?: on)?:?\s.{0,20}\d.{0,20}",
            r"(?:version|draft|rev(?:ision)?\.?) v?\d[\w.]*\b.{0,60}",
            r"(?:music|sounds?|soundtrack|photo|cover|image|art) (?:credits?|by|courtesy)\b.{0,120}",
            r"sent from my .{1,30}",
        ),
    ),
    (
        "of a chat",
        (
            rf"{_WHO}messages (?:and calls|to this \w+) are (?:\w+ )*end-to-end encrypted\b.{{0,200}}",
            rf"{_WHO}nachrichten und anrufe sind ende-zu-ende-verschlüsselt\b.{{0,200}}",
            rf"{_WHO}[<\[]?(?:image|photo|video|audio|voice message|sticker|gif|document|media) omitted[>\]]?",
            rf"{_WHO}[<\[]?(?:bild|audio|video|medien|dokument) (?:weggelassen|ausgeschlossen)[>\]]?",
            rf"{_WHO}(?:this message was deleted|you deleted this message|diese nachricht wurde gelöscht)\.?",
        ),
    ),
    (
        "a caption",
        (r"(?:figure|fig\.|abbildung|abb\.|table|tabelle) \d{1,2}(?:\.\d{1,2})?[:.]\s.{1,160}",),
    ),
    ("a footnote", (r"\d{1,2} (?:see|cf\.|siehe|vgl\.) .{1,160}",)),
    ("the number of a part", (r"(?:slide|scene|frame|clip|card|cue)\s*#?\s*\d{1,3}\s*:?",)),
    ("a direction", (r"(?-i:(?:FADE|CUT|DISSOLVE|INT|EXT)\b[A-Z .:/-]{0,40})",)),
    ("tags", (r"(?:#[^\W\d]\w*[\s,]*){2,}",)),
    (
        "a mark of its end",
        (
            r"\W{0,4}(?:end|the end|fin|ende|end (?:of )?(?:the )?(?:\w+ )?(?:script|meditation|recording|session|"
            r"transcript|document|practice|relaxation|text|audio|file))\W{0,4}",
            r"\(?(?:word count:? )?\d{1,5} words(?: total)?\)?",
            r"#{3,}",
            r"-\s*30\s*-",
        ),
    ),
)
"""Why a whole row is the foot of a page or of a text, and what such rows look like."""
_FOOT = tuple((why, re.compile("|".join(patterns), re.IGNORECASE)) for why, patterns in _FEET)
_LONGEST_FOOT = 260
_DIVIDED = re.compile(r"[^\W\d_]{2}-\s*$")
_REST_OF_WORD = re.compile(r"\s*(?!(?:and|or|und|oder|bzw|et|y|e|o)\b)([^\W\d_A-ZÄÖÜ]\S+)\s*")
"""`in- and` or `ein- und` is no divided word."""
_NUMBER_ALONE = re.compile(r"\s*\d{1,3}\s*")
_RUNNING, _SHORT = 3, 60
"""So often a short row comes beside the foot of a page before it counts as one, too."""


def links(rows: Rows) -> Rows:
    """Leave out rows that are nothing but a link."""
    return tuple(row.out("a link") if _LINK.fullmatch(row.text.strip("-*> \t")) else row for row in rows)


def readable(rows: Rows) -> Rows:
    """Return rows without signs that no voice can say; form feeds end a page; a bullet of any sort is `- `."""
    bulleted = any(_BULLET.match(row.text) for row in rows)
    pages = [page for row in rows for page in _pages(row)]
    return tuple(row.saying(_readable(row.text, bulleted=bulleted)) for row in pages)


def _pages(row: Row) -> Rows:
    """Return a row, divided by empty ones where a page ends."""
    first, *others = row.text.split("\f")
    return (row.saying(first), *(each for part in others for each in (row.saying(""), row.saying(part))))


def _readable(text: str, *, bulleted: bool) -> str:
    text = _TERMINAL.sub("", text).rstrip()
    text = _RAISED.sub("", text)
    text = _APART.sub(r"\1.\2.", f"{text[:-1]}-" if text.endswith("\u00ad") else text)
    clean = _LINK.sub(r"\1", _IMAGE.sub("", text.translate(_SPACES | _INVISIBLE)))
    bullet = _BULLET.match(clean) or (_BULLET_O.match(clean) if bulleted else None)
    if bullet and not _is_rule(clean):
        clean = "- " + clean[bullet.end() :]
    clean = _TASK.sub(r"\1", _PICTURES.sub(" ", clean).replace("\t", " "), count=1)
    return _squeezed("".join(sign for sign in clean if sign.isprintable()).rstrip())


def _squeezed(text: str) -> str:
    return _BLANKS.sub(" " * 40, text)


def _is_rule(text: str) -> bool:
    signs = set(text.split())
    return bool(signs) and set("".join(signs)) <= set("-*_~=") and len("".join(text.split())) >= 3


def front_matter(rows: Rows) -> Rows:
    """Leave out fields between two rules at the very beginning; its title becomes the text's."""
    first = next((index for index, row in enumerate(rows) if row.text.strip()), None)
    closes = _MATTER.get(rows[first].text.strip()) if first is not None else None
    if first is None or closes is None:
        return rows
    for index in range(first + 1, min(len(rows), first + _MOST_MATTER)):
        text = rows[index].text
        if text.strip() in closes:
            title = next((found for row in rows[first:index] if (found := _title(row.text))), "")
            out = left_out(rows, "front matter", range(first, index + 1))
            if not title:
                return out
            return (*out[: index + 1], Row(rows[index].number, f"# {title}"), *out[index + 1 :])
        if not _MATTER_ROW.fullmatch(text):
            return rows
    return rows


def _title(text: str) -> str:
    key, colon, value = text.replace("=", ":", 1).partition(":")
    return value.strip().strip("\"'“”") if colon and key.strip().lower() == "title" else ""


def crossed_out(rows: Rows) -> Rows:
    """Leave out what is crossed out: `~~old~~ new words`."""
    found = {index: _CROSSED.findall(row.text) for index, row in speech(rows) if "~~" in row.text}
    made = (
        row.saying(_squeezed(_CROSSED.sub("", row.text).strip())) if found.get(index) else row
        for index, row in enumerate(rows)
    )
    return (*made, *(Row(rows[index].number, old, "crossed out") for index, olds in found.items() for old in olds))


def fences(rows: Rows) -> Rows:
    """Leave out what stands between fences, unless it is most of the text: then only the fences."""
    stretches, opened, mark = list[range](), -1, ""
    for index, row in enumerate(rows):
        if not (fence := _FENCE.match(row.text)):
            continue
        if opened < 0:
            opened, mark = index, fence[1]
        elif fence[1].startswith(mark) and not row.text.strip().strip(mark[0]):
            stretches.append(range(opened, index + 1))
            opened = -1
    inside = [index for stretch in stretches for index in stretch]
    words = sum(len(rows[index].text.split()) for index in inside)
    if 2 * words > sum(len(row.text.split()) for _, row in speech(rows)):
        inside = [edge for stretch in stretches for edge in (stretch[0], stretch[-1])]
    return left_out(rows, "code", inside)


def commands(rows: Rows) -> Rows:
    """Leave out comments and commands of a typesetter; a backslash at the end of a line ends it, and is not said."""
    return tuple(row if row.why else _without_commands(row) for row in rows)


def _without_commands(row: Row) -> Row:
    if "\\" not in row.text and not _COMMENT.match(row.text) and not _TO_SELF.match(row.text):
        return row
    row = row.saying(_PAUSE.sub(lambda match: f"[pause {match[1] or ''}]", row.text))
    if section := _SECTION.fullmatch(row.text):
        return row.saying(f"{'#' * _LEVELS[section[1]]} {section[2]}")
    if _COMMENT.fullmatch(row.text) or _TO_SELF.fullmatch(row.text):
        return row.out("a comment")
    if _COMMAND.fullmatch(row.text):
        return row.out("a command")
    text = row.text.rstrip()
    ends = text.endswith("\\")
    text = _ESCAPED.sub(r"\1", _STYLED.sub(r"\1", text.rstrip("\\")))
    return Row(row.number, _squeezed(_INSIDE.sub(" ", text).replace("\\", " ").strip()), breaks=ends)


def feet(rows: Rows) -> Rows:
    """Leave out the feet and heads of pages, copyright, addresses, and marks of the end."""
    why = {index: found for index, row in speech(rows) if (found := foot(row.text))}
    why |= dict.fromkeys(_page_numbers(rows), "the number of a page")
    beside = {near for index in why for near in (index - 2, index - 1, index + 1, index + 2)}
    short = Counter(said for _, row in speech(rows) if len(said := " ".join(row.text.split())) <= _SHORT)
    heads = [
        index for index, row in speech(rows)
        if index in beside and short[" ".join(row.text.split())] >= _RUNNING and index not in why
    ]  # fmt: skip
    first = next((index for index, _ in speech(rows)), 0)
    if any(rows[index].text.split() == rows[first].text.split() for index in heads):
        heads.append(first)
    why |= dict.fromkeys(heads, "the head of a page")
    return tuple(row.out(why[index]) if index in why else row for index, row in enumerate(rows))


def hyphenated(rows: Rows) -> Rows:
    """Put words together again that were divided where a row ends: `exhala-` and `tion`."""
    whole = [*rows]
    for index, (above, below) in enumerate(pairwise(rows)):
        divided = above.may_be_spoken and below.may_be_spoken and _DIVIDED.search(above.text)
        if divided and (rest := _REST_OF_WORD.match(below.text)):
            whole[index] = whole[index].saying(whole[index].text.rstrip()[:-1] + rest[1])
            whole[index + 1] = below.saying(below.text[rest.end() :])
    return tuple(row for row, before in zip(whole, rows, strict=True) if row.text.strip() or not before.text.strip())


def foot(text: str) -> str:
    """Return why a row is the foot of a page or of a text; empty where it is none."""
    words = text.strip(" \t*_#>|-–—") if not text.strip().startswith(("-", "–", "—", "#", "*")) else text.strip(" *_>")
    if len(words) > _LONGEST_FOOT:
        return ""
    return next((why for why, pattern in _FOOT if pattern.fullmatch(words.strip())), "")


def _page_numbers(rows: Rows) -> list[int]:
    """Return where numbers stand alone that rise by one, as those of pages do."""
    alone = [(index, int(row.text)) for index, row in speech(rows) if _NUMBER_ALONE.fullmatch(row.text)]
    if len(alone) == 1:
        index, _ = alone[0]
        return [index] if all(not row.may_be_spoken for row in rows[index + 1 :]) else []
    rising = all(after - before == 1 for (_, before), (_, after) in pairwise(alone))
    apart = all(any(row.may_be_spoken for row in rows[a + 1 : b]) for (a, _), (b, _) in pairwise(alone))
    return [index for index, _ in alone] if rising and apart else []
