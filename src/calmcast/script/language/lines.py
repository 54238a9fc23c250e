"""A line's text -> words and the silences between them."""

import re
from collections import Counter
from dataclasses import replace

from calmcast.diagnostics import Problem
from calmcast.model.steps import SAID, Group, Line, Quiet, Step
from calmcast.model.traits import Traits
from calmcast.script.language.fields import Problems
from calmcast.script.language.nodes import Scalar
from calmcast.text import shorten
from calmcast.units import SAMPLE_RATE, UnitError, parse_duration

TIME_INSIDE = re.compile(r"(?<!\d)\d++(?:\.\d+)?\s*(?:h|min|m|s|sec)\w*")
"""A time among other words."""

PLACEHOLDER = re.compile(r"\{\s*([^\W_][\w -]{0,79})\}")
"""An option among the words: its value is said in its place."""

_INSIDE_A_WORD = re.compile(rf"\w{SAID.pattern}|{SAID.pattern}\w")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_LONGEST_INSIDE = 60 * SAMPLE_RATE


def build_line(node: Scalar, traits: Traits, problems: Problems) -> Step | None:
    """Return a line; silences that open or close it become holds around it."""
    before = len(problems)
    pieces = _pieces(node, problems)
    if len(problems) > before:
        return None
    joined = [] if node.quoted else [line for line in node.lines[1:] if line.lstrip().startswith("- ")]
    if joined:
        message = "this hyphen is indented so far that the line counts as part of the one above"
        hint = "begin it in the same column as the hyphen above"
        problems.append(Problem("joined-line", message, node.place_of(joined[0].strip()), hint))
        return None
    if not any(isinstance(piece, str) for piece in pieces):
        comment = any("#" in line for line in node.lines)
        hint = "write words to speak, or a silence as a step: - hold: 2s"
        hint = "what stands after # is a comment; put the line in quotes to have it spoken" if comment else hint
        problems.append(Problem("nothing-to-say", "there is nothing to speak in this line", node.source, hint))
        return None
    first = next(i for i, piece in enumerate(pieces) if isinstance(piece, str))
    last = next(i for i in range(len(pieces) - 1, -1, -1) if isinstance(pieces[i], str))
    spoken = tuple(pieces[first : last + 1])
    around = [Quiet("hold", piece, Traits(), node.source) for piece in pieces[:first] if isinstance(piece, int)]
    after = [Quiet("hold", piece, Traits(), node.source) for piece in pieces[last + 1 :] if isinstance(piece, int)]
    if not around and not after:
        return Line(spoken, traits, node.source)
    line = Line(spoken, Traits(id=traits.id), node.source)
    return Group((*around, line, *after), replace(traits, id=None), node.source)


_MOST_PROBLEMS = 20
"""So much is told of one line; more would be the same again."""


def _pieces(node: Scalar, problems: Problems) -> list[str | int]:
    pieces: list[str | int] = []
    end, before, seen = 0, len(problems), Counter[str]()
    for match in _BRACKET.finditer(node.text):
        _add_words(pieces, node, node.text[end : match.start()], problems)
        end = match.end()
        if len(problems) - before >= _MOST_PROBLEMS:
            return pieces
        try:
            silence = parse_duration(match[1])
            if silence > _LONGEST_INSIDE:
                raise UnitError(
                    f"`{match[0]}` is longer than a minute", "put a long silence between two lines: pause: 2 min"
                )
            pieces.append(silence)
        except UnitError as error:
            time = TIME_INSIDE.search(match[1])
            hint = f"write [{time[0]}]" if time else "in brackets stands a silence such as [2s]; words go without"
            place = node.place_of(match[0], seen[match[0]])
            problems.append(Problem("bad-bracket", f"`{shorten(match[0])}` is not a silence: {error}", place, hint))
        seen[match[0]] += 1
    _add_words(pieces, node, node.text[end:], problems)
    return pieces


def _add_words(pieces: list[str | int], node: Scalar, text: str, problems: Problems) -> None:
    words = " ".join(text.split())
    if inside := _INSIDE_A_WORD.search(words):
        hint = "put the whole word in: {psoas|so-as}"
        message = "how a word is said stands here for a part of a word"
        problems.append(Problem("said-part", message, node.place_of(inside[0]), hint))
        return
    for written, said in SAID.findall(words):
        if complaint := _unsayable(said):
            problems.append(Problem("said-how", complaint, node.place_of(f"{written}|"), _SAID_HINT))
            return
    if stray := re.search(r"[{}]", PLACEHOLDER.sub("", SAID.sub("", words))):
        hint = "in curly brackets stands an option's name, {head}, or a word and how it is said, {psoas|so-as}"
        message = f"this `{stray[0]}` belongs to no option"
        if "|" in words:
            message, hint = "this is no word with how it is said", _SAID_HINT
        problems.append(Problem("open-bracket", message, node.place_of(stray[0]), hint))
        return
    for sign, message in (("[", "this bracket is never closed"), ("]", "this bracket was never opened")):
        if sign in words:
            hint = "a silence inside a line looks like this: [2s]"
            problems.append(Problem("open-bracket", message, node.place_of(sign), hint))
            return
    if any(c.isalnum() for c in words):
        pieces.append(words)
    elif words and pieces and isinstance(pieces[-1], str):
        pieces[-1] += words


_SAID_HINT = "write {psoas|so-as}, {psoas|/ˈsoʊæs/}, {SI|as letters} or {204|as digits}"


def _unsayable(said: str) -> str | None:
    """Return what is wrong with how a word is to be said, or None."""
    if said.startswith("/") != (said.endswith("/") and len(said) > 1):
        return "phonemes stand between two slashes"
    return None if any(c.isalpha() or c.isdigit() for c in said) else f"`{shorten(said)}` cannot be said"
