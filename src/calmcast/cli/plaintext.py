"""A file of plain text, from whatever editor it comes."""

from pathlib import Path

from calmcast.errors import ScriptError

MOST_BYTES = 500_000
"""About ten hours of speech; larger files are refused."""

_NOT_TEXT = (b"{\\rtf", b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")


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
    if len(data) > MOST_BYTES:
        raise ScriptError(f"{path} is too long for one track", "divide it, and make a script of each part")
    if data.startswith(_NOT_TEXT) or (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        hint = "save it as plain text (.txt): in most editors under Save As"
        raise ScriptError(f"{path} is no plain text", hint)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
