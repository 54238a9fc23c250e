"""Nodes -> a Script or a Segment, with every problem found on the way.

Each function returns what it could build and adds to `problems` what it could not. No third party here.
"""

import re
from collections.abc import Callable

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import (
    Bell,
    Glue,
    Group,
    Hold,
    Line,
    Pause,
    Rest,
    Script,
    Segment,
    SegmentRef,
    Step,
    Traits,
    Use,
)
from calmcast.script.fields import (
    Problems,
    Value,
    Values,
    as_scalar,
    glue,
    parse_glue,
    parse_plain,
    read_fields,
    shorten,
    suggestion,
    unknown_key,
)
from calmcast.script.grammar import LATER, MEANT, SCRIPT, SEGMENT, SEGMENT_USE, STEPS, TRAITS, Element, Field, Kind
from calmcast.script.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.slips import quoted
from calmcast.units import SAMPLE_RATE, UnitError, parse_duration

GAP = glue(SAMPLE_RATE * 9 // 10, SAMPLE_RATE * 4 // 10, SAMPLE_RATE * 18 // 10, stretches=True)
"""The silence between two lines with nothing between them, where a script does not say."""

_STEPS = {element.name: element for element in STEPS}
_TRAITS = {field.name: field for field in TRAITS}
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_LONGEST_INSIDE = 60 * SAMPLE_RATE


def build_script(node: Node | None, name: str, file: str) -> tuple[Script | None, tuple[Problem, ...]]:
    """Return the script that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        hint = "begin with title: and segments: (`calmcast new` writes a script to start from)"
        return None, (_not_a("script", node, file, hint),)
    if node.get("steps") is not None and node.get("segments") is None:
        hint = "write segments: and, under it, a list of segments; what has steps: is a segment (scripts/segments/)"
        return None, (Problem("not-a-script", "a script has `segments`, not `steps`", node.source, hint),)
    read = read_fields(node, SCRIPT, _parse, problems, "a script")
    if not read.complete:
        return None, tuple(problems)
    script = Script(
        name=name,
        title=read.text("title"),
        about=read.text("about"),
        language=read.text("language"),
        voice=read.text("voice"),
        voice_source=read.places.get("voice", node.source),
        length=read.get("length", int),
        gap=read.get("gap", Glue) or GAP,
        segments=read.get("segments", tuple) or (),
        source=node.source,
    )
    return script, tuple(problems)


def build_segment(node: Node | None, name: str, file: str) -> tuple[Segment | None, tuple[Problem, ...]]:
    """Return the segment that a document holds (None where it cannot be built) and its problems."""
    problems: Problems = []
    if not isinstance(node, Mapping):
        return None, (_not_a("segment", node, file, "begin with title: and steps:"),)
    if node.get("segments") is not None:
        hint = "scripts live in scripts/, segments in scripts/segments/; a segment has steps:"
        return None, (Problem("not-a-segment", "this is a script, not a segment", node.source, hint),)
    segment = _segment(node, name, problems)
    return segment, tuple(problems)


def _not_a(what: str, node: Node | None, file: str, hint: str) -> Problem:
    if node is None or (isinstance(node, Scalar) and not node.text):
        return Problem("empty-file", "this file is empty", SourceRef(file, 1, 1), hint)
    form = "a list" if isinstance(node, Sequence) else "one text"
    return Problem(f"not-a-{what}", f"a {what} is a mapping of keys to values, and this is {form}", node.source, hint)


def _segment(node: Mapping, name: str | None, problems: Problems) -> Segment | None:
    read = read_fields(node, SEGMENT, _parse, problems, "a segment")
    if not read.complete:
        return None
    title = read.text("title")
    steps = read.get("steps", tuple) or ()
    return Segment(name or title, title, read.text("about"), steps, _traits(read), node.source)


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    """Read a field of any kind."""
    special = _LISTS.get(field.kind)
    return special(node, field, problems) if special else parse_plain(node, field, problems)


def _items(node: Node, field: Field, problems: Problems) -> tuple[Node, ...] | None:
    """Return the items of a list that is not empty, or None with the reason among the problems."""
    if isinstance(node, Sequence) and node.items:
        return node.items
    if isinstance(node, Scalar) and node.faulty:
        return None
    empty = isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.text.strip())
    message = f"`{field.name}` is empty" if empty else f"`{field.name}` is a list: each item on its own line after `- `"
    hint = "write each on a line of its own, beginning with a hyphen and a space"
    problems.append(Problem("empty" if empty else "wrong-form", message, node.source, hint))
    return None


def _steps(node: Node, field: Field, problems: Problems) -> tuple[Step, ...] | None:
    items = _items(node, field, problems)
    if items is None:
        return None
    steps = (_step(item, problems) for item in items)
    return tuple(step for step in steps if step is not None)


def _segments(node: Node, field: Field, problems: Problems) -> tuple[Segment | SegmentRef, ...] | None:
    items = _items(node, field, problems)
    if items is None:
        return None
    segments = (_segment_item(item, problems) for item in items)
    return tuple(segment for segment in segments if segment is not None)


def _segment_item(node: Node, problems: Problems) -> Segment | SegmentRef | None:
    if isinstance(node, Mapping):
        if node.get("use") is not None:
            read = read_fields(node, SEGMENT_USE, _parse, problems, "a segment used by name")
            return SegmentRef(read.text("use"), _traits(read), read.places["use"]) if read.complete else None
        steps = [key for key, _ in node if key.text in _STEPS and key.text != "steps"]
        if steps and node.get("title") is None:
            problems.append(_stray_step(steps[0].source))
            return None
        return _segment(node, None, problems)
    if isinstance(node, Scalar) and len(node.text.split()) > 3:
        problems.append(_stray_step(node.source))
        return None
    name = _parse(node, Field("segments", Kind.NAME, "", "[setup, settle]"), problems)
    return SegmentRef(name, Traits(), node.source) if isinstance(name, str) else None


def _stray_step(source: SourceRef) -> Problem:
    hint = "begin a segment with - title: ... and put its steps under steps:, or name a segment's file"
    return Problem("stray-step", "a step stands here, where a script lists its segments", source, hint)


def _step(node: Node, problems: Problems) -> Step | None:
    if isinstance(node, Scalar):
        return None if node.faulty else _line(node, Traits(), problems)
    if isinstance(node, Sequence):
        inside = node.items[0].text if len(node.items) == 1 and isinstance(node.items[0], Scalar) else ""
        time = re.search(r"\d+(?:\.\d+)?\s*(?:h|min|m|s|sec)\w*", inside)
        hint = f"for a silence write - hold: {time[0] if time else '2s'}; for a group write - steps: with a list below"
        problems.append(Problem("wrong-form", "a step is a line or a mapping, not a list", node.source, hint))
        return None
    names = [key for key, _ in node if key.text in _STEPS]
    if len(names) == 1:
        return _known_step(node, _STEPS[names[0].text], problems)
    if names:
        message = f"`{names[0].text}` and `{names[1].text}` are two steps in one"
        problems.append(Problem("two-steps", message, names[1].source, "begin a new line with - for the second"))
    else:
        problems.append(_unknown_step(node))
    return None


def _unknown_step(node: Mapping) -> Problem:
    if not node.entries:
        return Problem("empty", "this step is empty", node.source, "write a line, or a step such as pause: 6s")
    key, value = node.entries[0]
    folded = key.text.strip().casefold()
    meant = folded if folded in _STEPS else MEANT.get(folded)
    if meant:
        written = shorten(value.text, 30) if isinstance(value, Scalar) else ""
        hint = f"did you mean - {meant}: {written or _STEPS[meant].fields[0].example}"
        return Problem("unknown-key", f"there is no step `{key.text}`", key.source, hint)
    prose = isinstance(value, Scalar) and len(node.entries) == 1 and key.text not in LATER
    if prose and not (suggestion(key.text, _STEPS) and " " not in key.text):
        line = key.lines[0][key.source.column - 1 :].strip() if key.lines else key.text
        message = "a colon inside an unquoted line makes YAML take what stands before it for a key"
        return Problem("colon-in-line", message, key.source, f"put the whole text in quotes: - {quoted(line)}")
    return unknown_key(key, (*_STEPS, *_TRAITS), "calmcast's language")


def _known_step(node: Mapping, element: Element, problems: Problems) -> Step | None:
    value = next(value for key, value in node if key.text == element.name)
    for key, _ in node:
        if key.text != element.name and key.text not in _TRAITS and not key.faulty:
            problems.append(_misplaced(key, element))
    own = Mapping(tuple(entry for entry in node if entry[0].text in _TRAITS), node.source)
    traits = _traits(read_fields(own, Element("step", "", "", TRAITS), _parse, problems, "a step"))
    return _CONSTRUCTORS[element.name](value, element, traits, problems)


def _misplaced(key: Scalar, element: Element) -> Problem:
    if any(field.name == key.text for field in element.fields):
        hint = f"write {element.name}: {{{element.fields[0].name}: {element.fields[0].example}, {key.text}: ...}}"
        return Problem("misplaced-key", f"`{key.text}` belongs inside `{element.name}`", key.source, hint)
    return unknown_key(key, _TRAITS, f"a step with `{element.name}`")


def _values(node: Node, element: Element, problems: Problems) -> Values | None:
    """Return the fields of a step written as a mapping or by its shorthand; None where it cannot be built."""
    if not isinstance(node, Mapping):
        key = Scalar(element.shorthand or "", node.source)
        if isinstance(node, Scalar) and not node.text.strip():
            node = Scalar("", node.source, node.lines, faulty=node.faulty)
        node = Mapping(((key, node),), node.source)
    read = read_fields(node, element, _parse, problems, f"`{element.name}`")
    return read if read.complete else None


def _traits(read: Values) -> Traits:
    voice = read.get("voice", str)
    return Traits(read.get("keep", bool) or False, voice, read.get("id", str), read.places.get("voice"))


def _say(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    if isinstance(node, Mapping):
        read_fields(node, element, lambda value, *_: value, problems, f"`{element.name}`")
        text = node.get("text")
        if text is None:
            return None
        node = text
    scalar = as_scalar(node, element.fields[0], problems)
    return _line(scalar, traits, problems) if scalar else None


def _line(node: Scalar, traits: Traits, problems: Problems) -> Step | None:
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
    line = Line(tuple(pieces[first : last + 1]), traits, node.source)
    around = [Hold(piece, traits, node.source) for piece in pieces[:first] if isinstance(piece, int)]
    after = [Hold(piece, traits, node.source) for piece in pieces[last + 1 :] if isinstance(piece, int)]
    return Group((*around, line, *after), Traits(), node.source) if around or after else line


def _pieces(node: Scalar, problems: Problems) -> list[str | int]:
    pieces: list[str | int] = []
    end = 0
    for match in _BRACKET.finditer(node.text):
        _add_words(pieces, node, node.text[end : match.start()], problems)
        end = match.end()
        seen = node.text[: match.start()].count(match[0])
        try:
            silence = parse_duration(match[1])
            if silence > _LONGEST_INSIDE:
                raise UnitError(
                    f"`{match[0]}` is longer than a minute", "put a long silence between two lines: pause: 2 min"
                )
            pieces.append(silence)
        except UnitError as error:
            time = re.search(r"\d+(?:\.\d+)?\s*(?:h|min|m|s|sec)\w*", match[1])
            hint = f"write [{time[0]}]" if time else "in brackets stands a silence such as [2s]; words go without"
            place = node.place_of(match[0], seen)
            problems.append(Problem("bad-bracket", f"`{shorten(match[0])}` is not a silence: {error}", place, hint))
    _add_words(pieces, node, node.text[end:], problems)
    return pieces


def _add_words(pieces: list[str | int], node: Scalar, text: str, problems: Problems) -> None:
    words = " ".join(text.split())
    for sign, code, message, hint in _SIGNS:
        if sign in words:
            problems.append(Problem(code, message, node.place_of(sign), hint))
            return
    if any(c.isalnum() for c in words):
        pieces.append(words)
    elif words and pieces and isinstance(pieces[-1], str):
        pieces[-1] += words


_SIGNS = (
    ("[", "open-bracket", "this bracket is never closed", "a silence inside a line looks like this: [2s]"),
    ("]", "open-bracket", "this bracket was never opened", "a silence inside a line looks like this: [2s]"),
    ("{", "not-yet", "this version of calmcast does not know { } in a line yet", "leave the curly brackets out"),
)


def _pause(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    elastic = parse_glue(node, problems, element.name, stretches=True)
    return Pause(elastic, traits, node.source) if elastic else None


def _rest(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    elastic = parse_glue(node, problems, element.name, stretches=False)
    return Rest(elastic, traits, node.source) if elastic else None


def _hold(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    read = _values(node, element, problems)
    return Hold(read.get("time", int) or 0, traits, node.source) if read else None


def _bell(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    read = _values(node, element, problems)
    if read is None:
        return None
    level, wait = read.get("level", float) or 0.0, read.get("wait", bool) is not False
    return Bell(read.text("sound"), level, wait, traits, read.places["sound"])


def _use(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    read = _values(node, element, problems)
    return Use(read.text("segment"), traits, read.places["segment"]) if read else None


def _group(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    steps = _steps(node, element.field("steps"), problems)
    return Group(steps, traits, node.source) if steps else None


_CONSTRUCTORS: dict[str, Callable[[Node, Element, Traits, Problems], Step | None]] = {
    "say": _say,
    "pause": _pause,
    "hold": _hold,
    "rest": _rest,
    "bell": _bell,
    "use": _use,
    "steps": _group,
}

_LISTS: dict[Kind, Callable[[Node, Field, Problems], Value | None]] = {Kind.STEPS: _steps, Kind.SEGMENTS: _segments}
