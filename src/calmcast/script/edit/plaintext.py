"""Plain text, from whatever editor or program it comes."""

import re

from calmcast.errors import ScriptError
from calmcast.script.language.characters import without_forbidden

MOST_BYTES = 500_000
"""About ten hours of speech; more is refused."""

_AS_TEXT = "open it in the program that made it, and save it as plain text (.txt) or as .docx"
_OTHER_FILES = (
    (b"{\\rtf", "a rich text file (.rtf)", _AS_TEXT),
    (b"%PDF", "a PDF", "open it, copy its words into a text file (.txt), and use that"),
    (b"\xd0\xcf\x11\xe0", "a file of an old Word, or locked", "open it, and save it as .docx, without a password"),
    (b"PK\x03\x04", "a packed file", _AS_TEXT),
    (b"bplist00", "a web archive", "save the page as text (.txt), or copy its words into a text file"),
    (b"\x89PNG", "a picture", "write its words into a text file (.txt)"),
    (b"\xff\xd8\xff", "a picture", "write its words into a text file (.txt)"),
    (b"ID3", "a recording", "a recording is taken in by: calmcast record import"),
    (b"RIFF", "a recording", "a recording is taken in by: calmcast record import"),
)
"""How files begin that are no plain text, what they are, and what to do."""
_CAPITAL_INSIDE = re.compile(r"[a-z][À-ÖØ-ÞŸ](?=[a-z\s.,;!?]|$)")
_MANGLED = {
    "â€™": "’", "â€˜": "‘", "â€œ": "“", "â€\x9d": "”", "â€�": "”", "â€“": "–", "â€”": "—", "â€¦": "…", "â€¢": "•",
    "Â\xa0": " ", "Ã©": "é", "Ã¨": "è", "Ã¼": "ü", "Ã¶": "ö", "Ã¤": "ä", "ÃŸ": "ß", "Ã±": "ñ", "Ã¡": "á", "Ã³": "ó",
}  # fmt: skip
"""UTF-8 that some program took for cp1252 and saved so."""


def decoded(data: bytes, called: str) -> str:
    """Return a text that is UTF-8 or UTF-16, else as older editors of Windows (cp1252) or the Mac (Mac Roman) write it.

    Raises ScriptError where it is too large, or another program's own file; `called` is its name there.
    """
    if len(data) > MOST_BYTES:
        hint = "divide it into parts, and make a track of each"
        raise ScriptError(f"{called} is too long for one track: more than {MOST_BYTES // 1000} kB of text", hint)
    for beginning, what, hint in _OTHER_FILES:
        if data.startswith(beginning):
            raise ScriptError(f"{called} is no plain text: it is {what}", hint)
    if encoding := _encoding(data):
        return data.decode(encoding, "replace")
    if b"\0" in data:
        raise ScriptError(f"{called} is no plain text", _AS_TEXT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _of_one_byte(data)
    for mangled, sign in _MANGLED.items() if "â€" in text or "Ã" in text or "Â" in text else ():
        text = text.replace(mangled, sign)
    return text


def _encoding(data: bytes) -> str | None:
    """Return the encoding of a text with two or four bytes for each sign; it need not say so at its beginning."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding
    pairs = len(data) // 2
    if not pairs or b"\0" not in data:
        return None
    empty_after, empty_before = data[1::2].count(0), data[0::2].count(0)
    if empty_after > 0.7 * pairs and not empty_before:
        return "utf-16-le"
    return "utf-16-be" if empty_before > 0.7 * pairs and not empty_after else None


def _of_one_byte(data: bytes) -> str:
    """Return a text of one byte for each sign: that reading of it in which fewer signs stand where none would."""
    readings = [data.decode(encoding, "replace") for encoding in ("cp1252", "mac-roman")]
    if b"\r" in data and b"\n" not in data:
        readings.reverse()
    return min(readings, key=_oddities)


def _oddities(text: str) -> int:
    signs = sum(sign in "\ufffd¤¥¦§¨¬¯±´¶¸¹º¼½¾×÷√≈∆∂∑∏∫Ωπ∞≤≥◊ˆ˜ˇ˘˙˚˝˛ıŒœﬁﬂƒ‡†‰Ł" for sign in text)
    return signs + len(_CAPITAL_INSIDE.findall(text))


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
