"""XML -> elements with their places.

The parser is expat, which knows the line of everything. A document type, and with it every entity but XML's own five,
is refused before it is read: a few lines of them fill the memory, or fetch other files.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from calmcast.diagnostics import Problem, SourceRef

DEEPEST = 32
"""Deeper nesting is refused."""


class RefusedError(Exception):
    """The file cannot be read, because of a problem in it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Element:
    """An element of an XML file, and what it holds."""

    name: str
    """Its namespace, a space, and its name."""
    attributes: dict[str, str]
    """By name; one of a namespace as the element's."""
    source: SourceRef
    children: "list[Element]" = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text without that of its children, composed (NFC), white space as single spaces."""
        return unicodedata.normalize("NFC", " ".join("".join(self.texts).split()))

    def named(self, name: str) -> "Iterator[Element]":
        """Yield the children of this name, in order."""
        return (child for child in self.children if child.name == name)


def parsed(data: bytes, file: str) -> Element:
    """Return the root of an XML file; `file` is the name shown in problems. Raises RefusedError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    document = Element("", {}, SourceRef(file, 1, 1))
    inside = [document]

    def place() -> SourceRef:
        return SourceRef(file, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(inside) > DEEPEST:
            message = f"this is nested more than {DEEPEST} deep"
            raise RefusedError(Problem("too-deep", message, place(), "a lexicon is flat: look at the tags above"))
        element = Element(name, attributes, place())
        inside[-1].children.append(element)
        inside.append(element)

    def end(_: str) -> None:
        inside.pop()

    def take(text: str) -> None:
        inside[-1].texts.append(text)

    def refuse(*_: object) -> None:
        hint = "delete the lines of <!DOCTYPE ...>, and write out what its entities stand for"
        raise RefusedError(Problem("document-type", "a document type is not allowed here", place(), hint))

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = take, refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        source = SourceRef(file, error.lineno, error.offset + 1)
        message = f"this is not well-formed XML: {expat.ErrorString(error.code)}"
        hint = "mend it there, or save it anew in the program that it comes from"
        raise RefusedError(Problem("not-xml", message, source, hint)) from None
    except (LookupError, ValueError):
        source = SourceRef(file, 1, 1)
        problem = Problem("not-utf-8", "the encoding that this file names is not known", source, "save it as UTF-8")
        raise RefusedError(problem) from None
    return document.children[0]
