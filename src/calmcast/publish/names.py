"""Names for files that every system takes."""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType

APPLE_ICON = "apple-touch-icon.png"
ICONS: Mapping[str, int] = MappingProxyType({"icon-192.png": 192, "icon-512.png": 512, APPLE_ICON: 180})
"""Pictures of a class for home screens, and how many pixels each has both ways."""
_LONGEST_BYTES = 80
_LONGEST_ASCII = 48
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def safe_name(text: str) -> str:
    """Return a file-name stem for `text` that Linux, macOS and Windows all take: `Psoas release!` is `psoas-release`.

    Lower case, words joined by hyphens, at most 80 bytes of UTF-8, never empty, never a Windows device name
    (CON, NUL). Latin letters become ASCII (Unicode NFKD without its marks); other scripts stay, in NFC.
    The name of a name is that name.
    """
    composed = unicodedata.normalize("NFC", text.lower()).translate(_LATIN)
    # A word of marks alone is what is left of an emoji.
    words = (word for word in "".join(map(_plain, composed)).split() if any(map(str.isalnum, word)))
    name = _shortened(unicodedata.normalize("NFC", "-".join(words)))
    return f"{name}-track" if name in _WINDOWS_DEVICES else name or "untitled"


def ascii_name(text: str, otherwise: str = "untitled") -> str:
    """Return a file-name stem for `text` of lower-case ASCII letters, digits and hyphens alone, at most 48 characters.

    A text of which nothing would be left, because it is in another script or all signs, becomes `otherwise` and six
    characters that are always the same for it.
    """
    plain = "-".join(re.findall(r"[a-z0-9]+", safe_name(text)))
    if not plain or not any(map(str.isalnum, text)):
        return f"{otherwise}-{sha256(text.encode(errors='replace')).hexdigest()[:6]}"
    if len(plain) <= _LONGEST_ASCII:
        return plain
    return plain[: _LONGEST_ASCII + 1].rpartition("-")[0] or plain[:_LONGEST_ASCII]


def readable_name(text: str, otherwise: str) -> str:
    """Return a file-name stem as people read it, `Open me`, which Linux, macOS and Windows all take.

    Letters, digits, spaces and a few signs stay as they are; at most 80 bytes of UTF-8. A text of which nothing would
    be left becomes `otherwise`.
    """
    kept = "".join(c if c.isalnum() or c in " -,()'" or unicodedata.category(c) == "Mn" else " " for c in text)
    name = unicodedata.normalize("NFC", " ".join(kept.split())).strip(" -,'")
    while len(name.encode()) > _LONGEST_BYTES:
        name = name[:-1].rstrip()
    return name if any(map(str.isalnum, name)) and name.casefold() not in _WINDOWS_DEVICES else otherwise


def _plain(character: str) -> str:
    """Return the character as a name keeps it: ASCII where it can be, nothing for an apostrophe, a space for a sign."""
    ascii_form = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)).lower()
    if ascii_form.isascii() and ascii_form.isalnum():
        return ascii_form
    loose_mark = "\u0300" <= character <= "\u036f"
    if loose_mark or character in "'’ʼ" or unicodedata.category(character) == "Cf":
        return ""
    return character if unicodedata.category(character)[0] in "LNM" else " "


def _shortened(name: str) -> str:
    """Return `name` cut to 80 bytes, at a hyphen where it has one, so that no word loses its end."""
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    cut = name.encode()[: _LONGEST_BYTES + 1].decode(errors="ignore")
    if "-" in cut:
        return cut.rpartition("-")[0]
    return name.encode()[:_LONGEST_BYTES].decode(errors="ignore")
