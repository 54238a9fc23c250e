"""Tables: beside a text they are not spoken; where the table is the text, what is said stands in one of its columns."""

import re

from calmcast.script.edit.prose.durations import time_in
from calmcast.script.edit.prose.manuscript import Row, Rows, left_out, speech
from calmcast.script.edit.prose.silences import silence
from calmcast.text import shorten

_TABLE = re.compile(r"\s*(?:\|(?!\|).*\|.*|\+[-=+]{3,}\+?|(?=[:-]*--)[:-]++\s*\|[\s|:-]*)\s*")
_RULED = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
_WHY = "a table"
_FEWEST_ROWS, _SHARE = 3, 2
"""A table is the text where it has so many rows, and so many times the words of all else."""
_WORDS_OF_A_HEADER = 3
_FEWEST_COLUMNS = 3
"""So many make a table of rows with tabs; two may be a label or a number, and what is said."""
_SHOWN = 30
_GUTTER, _FEWEST_IN_COLUMNS, _WORDS_IN_A_COLUMN = "   ", 3, 2
"""Two columns have so many spaces between them, in so many rows, and so many words on either side."""
COLUMNS = (
    'perhaps two columns: "{first}" and "{second}" stand in one line, and are spoken one after the other; '
    "if they are columns, put the second below the first"
)


def tabbed(rows: Rows) -> Rows:
    """Return rows of cells that tabs part, as a table is copied, with bars between them; others as they are."""
    filled = [row for row in rows if row.text.strip()]
    tabs = {row.text.count("\t") for row in filled}
    if len(filled) < _FEWEST_ROWS or len(tabs) > 1 or tabs == {0}:
        return rows
    header = [cell.strip() for cell in filled[0].text.split("\t")]
    if not any(map(silence, header)) and len(header) < _FEWEST_COLUMNS:
        return rows
    return tuple(row.saying("| " + row.text.replace("\t", " | ") + " |") if row.text.strip() else row for row in rows)


def tables(rows: Rows) -> Rows:
    """Leave out tables, rows of cells and those beside a row that rules them, but for one that is the text."""
    out = {index for index, row in speech(rows) if _TABLE.fullmatch(row.text)}
    ruled = [index for index, row in speech(rows) if _RULED.fullmatch(row.text)]
    for place in ruled:
        out |= {place, max(0, place - 1)}
        below = place + 1
        while below < len(rows) and "|" in rows[below].text:
            out.add(below)
            below += 1
    cells = {index: _cells(rows[index].text) for index in sorted(out) if index not in ruled}
    others = sum(len(row.text.split()) for index, row in speech(rows) if index not in out and row.text[:1] != "#")
    column = _said(list(cells.values()))
    words = sum(len(row[column].split()) for row in cells.values() if column < len(row))
    if len(cells) < _FEWEST_ROWS or words < _SHARE * others:
        return left_out(rows, _WHY, out)
    return _spoken(left_out(rows, _WHY, ruled), cells, column)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip().strip("|").split("|")]


def _said(cells: list[list[str]]) -> int:
    """Return the column with the most words."""
    widest = max(map(len, cells), default=0)
    counts = [sum(len(row[column].split()) for row in cells if column < len(row)) for column in range(widest)]
    return counts.index(max(counts)) if counts else 0


def _spoken(rows: Rows, cells: dict[int, list[str]], column: int) -> Rows:
    """Return rows in which one column is said, with its pauses from the column of that name; the others are told."""
    header = next(iter(cells.values()))
    pauses = [number for number, name in enumerate(header) if number != column and silence(name)]
    headed = pauses or (column < len(header) and len(header[column].split()) <= _WORDS_OF_A_HEADER)
    made = list[Row]()
    for index, row in enumerate(rows):
        if index not in cells:
            made.append(row)
            continue
        found = cells[index]
        if headed and found is header:
            made.append(row.out(_WHY))
            continue
        waits = [_pause(found[number]) for number in pauses if number < len(found)]
        said = found[column] if column < len(found) else ""
        others = [cell for number, cell in enumerate(found) if cell and number not in (column, *pauses)]
        made += (row.saying(" ".join(filter(None, (said, *waits)))), row.saying(""))
        made.append(row.saying(" / ".join(others)).out("beside what is said, in a table"))
    return tuple(made)


def _pause(cell: str) -> str:
    """Return a silence as a text asks for it; of a cell that asks for none, the cell in brackets."""
    return f"[{cell}]" if silence(cell) else f"[pause {cell}]" if time_in(cell) else f"({cell})" if cell else ""


def columns(rows: Rows) -> tuple[str, ...]:
    """Return a note where two columns seem to stand beside each other, with spaces between them; no note elsewhere."""
    filled = [row.text.strip() for _, row in speech(rows)]
    halves = ((left.strip(), right.strip()) for left, _, right in (text.partition(_GUTTER) for text in filled))
    two = [pair for pair in halves if all(map(_is_column, pair))]
    if len(two) < _FEWEST_IN_COLUMNS or 3 * len(two) < len(filled):
        return ()
    first, second = (shorten(side, _SHOWN) for side in two[0])
    return (COLUMNS.format(first=first, second=second),)


def _is_column(text: str) -> bool:
    return len(text.split()) >= _WORDS_IN_A_COLUMN and silence(text) is None
