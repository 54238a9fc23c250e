"""Screenplays: what somebody says stands below a name in capitals; what is seen and done is not spoken."""

import re

from calmcast.script.edit.prose.manuscript import Row, Rows, speech

_SCENE = re.compile(r"\s*(?:\d{1,3}\s+)?(?:INT|EXT|INT\.?/EXT|I/E|FADE (?:IN|OUT|TO)|CUT TO|DISSOLVE TO)\b[^a-z]*")
_NAME = re.compile(r"\s*(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ .'’&-]{1,30}[A-ZÀ-Þ])\s*(?:\([^()]{1,20}\)\s*){0,3}")
_FEWEST_NAMES = 2
_LEAST_SHARE = 0.3
"""Of the words; where less than that is said below names, the text is no screenplay."""
_ACTION = "perhaps what is seen, and not said, as in a screenplay"


def screenplay(rows: Rows) -> Rows:
    """Leave out the names above what is said, and as doubtful what stands below none, from the first scene on."""
    first = next((index for index, row in speech(rows) if _SCENE.fullmatch(row.text)), None)
    if first is None:
        return rows
    names = {index for index in range(first, len(rows)) if _is_name(rows, index)}
    said = {index for name in names for index in _below(rows, name)}
    scenes = {index for index, row in speech(rows) if _SCENE.fullmatch(row.text)}
    indents = {_indent(rows[index]) for index in said} - {0}
    known = said | names | scenes
    beside = {
        index for index, row in speech(rows) if index > first and index not in known and not _is_said(row, indents)
    }
    if len(names) < _FEWEST_NAMES or _words(rows, said) < _LEAST_SHARE * (_words(rows, said) + _words(rows, beside)):
        return rows
    return tuple(
        row.out("who speaks") if index in names
        else row.out("a direction") if index in scenes
        else row.out(_ACTION, doubtful=True) if index in beside
        else row
        for index, row in enumerate(rows)
    )  # fmt: skip


def _is_said(row: Row, indents: set[int]) -> bool:
    """Return whether a row is a direction in brackets among what is said, or stands as far in as that does."""
    text = row.text.strip()
    return (text[:1] == "(" and text[-1:] == ")") or _indent(row) in indents


def _indent(row: Row) -> int:
    return len(row.text) - len(row.text.lstrip())


def _is_name(rows: Rows, index: int) -> bool:
    """Return whether a row is a name in capitals that begins a paragraph, with words right below it."""
    above = rows[index - 1] if index else None
    below = rows[index + 1] if index + 1 < len(rows) else None
    begins = above is None or not above.text.strip()
    return begins and below is not None and below.may_be_spoken and _named(rows[index])


def _named(row: Row) -> bool:
    return row.may_be_spoken and bool(_NAME.fullmatch(row.text)) and not _SCENE.fullmatch(row.text)


def _below(rows: Rows, name: int) -> list[int]:
    """Return the rows of the paragraph below a name."""
    end = name + 1
    while end < len(rows) and rows[end].text.strip():
        end += 1
    return [index for index in range(name + 1, end) if rows[index].may_be_spoken]


def _words(rows: Rows, indexes: set[int]) -> int:
    return sum(len(rows[index].text.split()) for index in indexes)
