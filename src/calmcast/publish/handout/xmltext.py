"""XML that any reader takes: elements with plain text, and a document in UTF-8."""

from xml.etree import ElementTree as ET

from calmcast.text import one_line

_FORBIDDEN = str.maketrans("", "", "\ufffe\uffff")
_TURNING = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def line(text: str) -> str:
    """Return `text` on one line, without what XML 1.0 cannot carry (its production 2, Char).

    Nor does it keep what would turn the direction of what stands around it.
    """
    return " ".join(one_line(text).translate(_FORBIDDEN | _TURNING).split())


def tag(language: str) -> str:
    """Return a language as XML and HTML want it (BCP 47): `en_US` is `en-US`."""
    return line(language).replace("_", "-")


def add(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Add an element to `parent` and return it; the text and the attributes' values must be free of control characters.

    A name may have a prefix that the root declares (`itunes:author`).
    """
    element = ET.SubElement(parent, name, attributes)
    element.text = text or None
    return element


def written(root: ET.Element) -> str:
    """Return the whole document as text, to be written in UTF-8."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
