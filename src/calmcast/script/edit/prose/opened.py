"""The bytes of a file -> its rows: plain text, Markdown, HTML, a Word document."""

from calmcast.errors import ScriptError
from calmcast.script.edit.plaintext import MOST_BYTES as MOST_OF_TEXT
from calmcast.script.edit.plaintext import decoded
from calmcast.script.edit.prose.docx import read_docx
from calmcast.script.edit.prose.docx_parts import MOST_BYTES as MOST_OF_DOCX
from calmcast.script.edit.prose.docx_parts import is_docx
from calmcast.script.edit.prose.manuscript import Manuscript, Row, Rows
from calmcast.script.edit.prose.markup import rows_of_markup
from calmcast.script.language.reader import LONG_NUMBER

MOST_BYTES = max(MOST_OF_TEXT, MOST_OF_DOCX)
MOST_ROWS = 30_000
"""With words; a script of more would have more steps than one can have."""


def manuscript(data: bytes, called: str) -> Manuscript:
    """Return the rows of a file. Raises ScriptError for what is no text, or too long; `called` is its name there."""
    found = read_docx(data, called) if is_docx(data) else Manuscript(rows_of(decoded(data, called)))
    if row := next((row for row in found.rows if LONG_NUMBER.search(row.text)), None):
        raise ScriptError(f"{called} has a number of a thousand digits in line {row.number}", "leave it out")
    if sum(1 + row.text.count("\f") for row in found.rows if row.may_be_spoken) > MOST_ROWS:
        hint = "divide it into parts, and make a track of each"
        raise ScriptError(f"{called} is too long for one track: more than {MOST_ROWS} lines of text", hint)
    return found


def rows_of(text: str) -> Rows:
    """Return the rows of a text, its tags and entities understood."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    if "<" in lines or "&" in lines:
        return rows_of_markup(lines)
    return tuple(Row(number, line) for number, line in enumerate(lines.split("\n"), 1))
