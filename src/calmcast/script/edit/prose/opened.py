"""The bytes of a file -> its rows: plain text, Markdown, HTML, a Word document."""

from calmcast.script.edit.plaintext import MOST_BYTES as MOST_OF_TEXT
from calmcast.script.edit.plaintext import decoded
from calmcast.script.edit.prose.docx import MOST_BYTES as MOST_OF_DOCX
from calmcast.script.edit.prose.docx import is_docx, rows_of_docx
from calmcast.script.edit.prose.manuscript import Manuscript, Row, Rows
from calmcast.script.edit.prose.markup import rows_of_markup

MOST_BYTES = max(MOST_OF_TEXT, MOST_OF_DOCX)


def manuscript(data: bytes, called: str) -> Manuscript:
    """Return the rows of a file. Raises ScriptError for what is no text, or too long; `called` is its name there."""
    if is_docx(data):
        return Manuscript(rows_of_docx(data, called), "paragraph")
    return Manuscript(rows_of(decoded(data, called)))


def rows_of(text: str) -> Rows:
    """Return the rows of a text, its tags and entities understood."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    if "<" in lines or "&" in lines:
        return rows_of_markup(lines)
    return tuple(Row(number, line) for number, line in enumerate(lines.split("\n"), 1))
