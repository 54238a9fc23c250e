"""Plain text, from whatever editor or program it comes."""

from calmcast.errors import ScriptError
from calmcast.script.language.characters import without_forbidden

MOST_BYTES = 500_000
"""About ten hours of speech; more is refused."""
_NOT_TEXT = (b"{\\rtf", b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")


def decoded(data: bytes, called: str) -> str:
    """Return a text that is UTF-8 or UTF-16, else as Windows' older editors write it (cp1252).

    Raises ScriptError where it is too large, or a word processor's own file; `called` is its name there.
    """
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


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, each on one line, with nothing invisible in it; an empty line ends one."""
    found, lines = list[str](), list[str]()
    for line in (*text.splitlines(), ""):
        words = " ".join(without_forbidden(line).split())
        if words:
            lines.append(words)
        elif lines:
            found.append(" ".join(lines))
            lines.clear()
    return tuple(found)
