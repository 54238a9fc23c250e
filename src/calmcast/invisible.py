"""Characters that nobody sees, but that a terminal or a page obeys: control characters, and what turns letters around.

They are refused in what calmcast reads (`script/language/characters`), and shown as their numbers in what it prints
(`cli/entry`). This is loaded before each command, so it stands on `re` alone.
"""

import re

TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Unicode's Bidi_Control: they turn the order in which letters are shown, so that a text reads otherwise than it is."""
FORBIDDEN = f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff{TURNS}]"
"""For `re`: any of these characters. A tab and a line end are none."""

_FORBIDDEN = re.compile(FORBIDDEN)
_COLOUR = r"\x1b\[[0-9;]*m"
_PRINTED = re.compile(f"({_COLOUR})|{FORBIDDEN}")


def printed(text: str) -> str:
    r"""Return a text as it is printed: colours stay, any other such character is its number, as in JSON: `\u001b`."""
    return _PRINTED.sub(lambda found: found[1] or _number(found[0]), text) if _FORBIDDEN.search(text) else text


def visible(text: str) -> str:
    """Return a text in which all can be seen that is not a plain space, or is shown as its number."""
    return "".join(c if c.isprintable() else _number(c) for c in text)


def _number(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x1_0000 else f"\\U{code:08x}"
