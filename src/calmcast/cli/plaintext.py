"""Plain text, from whatever editor or program it comes."""

import sys
from pathlib import Path

from calmcast.errors import ScriptError

MOST_BYTES = 500_000
"""About ten hours of speech; more is refused."""

_NOT_TEXT = (b"{\\rtf", b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")
_STANDARD_INPUT = "standard input"


def plain_text(path: Path) -> str:
    """Return a file's text: UTF-8 or UTF-16, else as Windows' older editors write it (cp1252).

    Raises ScriptError where it cannot be read, is too large, or is a word processor's own file.
    """
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise ScriptError(f"{path} cannot be read: {reason}", "check the name of the text's file") from error
    return _decoded(data, str(path))


def piped_text() -> str:
    """Return what comes in on standard input, as `plain_text`."""
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""
    except (OSError, ValueError) as error:
        raise ScriptError(f"{_STANDARD_INPUT} cannot be read", "give the text itself, or --file FILE") from error
    return _decoded(data, _STANDARD_INPUT)


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, each on one line; an empty line ends one."""
    found, lines = list[str](), list[str]()
    for line in (*text.splitlines(), ""):
        words = " ".join(line.split())
        if words:
            lines.append(words)
        elif lines:
            found.append(" ".join(lines))
            lines.clear()
    return tuple(found)


def _decoded(data: bytes, called: str) -> str:
    if len(data) > MOST_BYTES:
        hint = "divide it into parts, and make a track of each"
        raise ScriptError(f"{called} is too long for one track: more than {MOST_BYTES // 1000} kB of text", hint)
    if data.startswith(_NOT_TEXT) or (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        hint = "save it as plain text (.txt): in most editors under Save As"
        raise ScriptError(f"{called} is no plain text", hint)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
