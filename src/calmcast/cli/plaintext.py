"""Plain text from a file or another program."""

import sys
from pathlib import Path

from calmcast.errors import ScriptError
from calmcast.files import expanded
from calmcast.script.edit.plaintext import MOST_BYTES, decoded

_STANDARD_INPUT = "standard input"


def plain_text(path: Path) -> str:
    """Return a file's text. Raises ScriptError where it cannot be read, or is no plain text."""
    return decoded(read_file(path, MOST_BYTES), str(path))


def read_file(path: Path, most: int) -> bytes:
    """Return what a file holds, `most` bytes and one more at most. Raises ScriptError where it cannot be read."""
    try:
        with expanded(path).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise ScriptError(f"{path} cannot be read: {reason}", "check the name of the text's file") from error


def piped_text() -> str:
    """Return what comes in on standard input, as `plain_text`."""
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""
    except (OSError, ValueError) as error:
        raise ScriptError(f"{_STANDARD_INPUT} cannot be read", "give the text itself, or --file FILE") from error
    return decoded(data, _STANDARD_INPUT)
