"""Nodes -> steps: what a segment's list holds, each step by its row of the grammar and its constructor here."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from calmcast.diagnostics import Problem
from calmcast.model.script import (
    Bell,
    Condition,
    Count,
    Glue,
    Group,
    Hold,
    Line,
    OneOf,
    Pause,
    Rest,
    Role,
    Step,
    Traits,
    Use,
)
from calmcast.script.breathing import build_breathe, parse_cues
from calmcast.script.conditions import parse_allow, parse_options, parse_when
from calmcast.script.fields import (
    Problems,
    Value,
    Values,
    as_scalar,
    parse_glue,
    parse_plain,
    read_fields,
    read_glue,
    unknown_key,
)
from calmcast.script.grammar import LATER, MEANT, STEPS, TRAITS
from calmcast.script.kinds import Element, Field, Kind
from calmcast.script.lines import TIME_INSIDE, build_line
from calmcast.script.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.slips import quoted
from calmcast.script.wording import shorten, suggestion

STEP_ELEMENTS = {element.name: element for element in STEPS}
_TRAITS = {field.name: field for field in TRAITS}
_CARRIED = Element("step", "", "", TRAITS)


def build_steps(node: Node, field: Field, problems: Problems) -> tuple[Step, ...] | None:
    items = list_items(node, field, problems)
    if items is None:
        return None
    steps = (_step(item, problems) for item in items)
    return tuple(step for step in steps if step is not None)


def list_items(node: Node, field: Field, problems: Problems) -> tuple[Node, ...] | None:
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


def parse_field(node: Node, field: Field, problems: Problems) -> Value | None:
    """Read a field of a step or a segment, of any kind."""
    return _PARSERS.get(field.kind, parse_plain)(node, field, problems)


def read_traits(read: Values, problems: Problems) -> Traits:
    """Return what a step or a segment carries besides its own fields."""
    when, repeat, keep = read.get("when", Condition), read.get("repeat", Count), read.get("keep", bool) or False
    loose = [name for name in ("optional", "from") if read.get(name, int) is not None]
    loose += ["repeat"] if repeat and repeat.least != repeat.most else []
    if keep and loose:
        hint = "keep is for what is always there, and always the same number of times: leave one of them out"
        message = f"`keep` and `{loose[0]}` contradict each other"
        problems.append(Problem("keep-or-drop", message, read.places[loose[0]], hint))
    return Traits(
        keep=keep,
        voice=read.get("voice", str),
        id=read.get("id", str),
        when=(when,) if when else (),
        since=read.get("from", int),
        rank=read.get("optional", int),
        repeat=repeat,
        role=next((role for role in get_args(Role) if role == read.get("role", str)), None),
        allow=read.get("allow", tuple) or (),
        untranslated=read.get("untranslated", bool) or False,
        voice_source=read.places.get("voice"),
    )


def _step(node: Node, problems: Problems) -> Step | None:
    if isinstance(node, Scalar):
        return None if node.faulty else build_line(node, Traits(), problems)
    if isinstance(node, Sequence):
        inside = node.items[0].text if len(node.items) == 1 and isinstance(node.items[0], Scalar) else ""
        time = TIME_INSIDE.search(inside)
        hint = f"for a silence write - hold: {time[0] if time else '2s'}; for a group write - steps: with a list below"
        problems.append(Problem("wrong-form", "a step is a line or a mapping, not a list", node.source, hint))
        return None
    names = [key for key, _ in node if key.text in STEP_ELEMENTS]
    if len(names) == 1:
        return _known_step(node, STEP_ELEMENTS[names[0].text], problems)
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
    if all(key.text in _TRAITS for key, _ in node):
        hint = f"add what it is about: {key.text}: ..., and below it say: Words. or steps: with a list"
        return Problem("no-step", f"`{key.text}` stands here without a step", key.source, hint)
    meant = folded if folded in STEP_ELEMENTS else MEANT.get(folded)
    if meant:
        written = shorten(value.text, 30) if isinstance(value, Scalar) else ""
        hint = f"did you mean - {meant}: {written or STEP_ELEMENTS[meant].fields[0].example}"
        return Problem("unknown-key", f"there is no step `{key.text}`", key.source, hint)
    prose = isinstance(value, Scalar) and len(node.entries) == 1 and key.text not in LATER
    if prose and not (suggestion(key.text, STEP_ELEMENTS) and " " not in key.text):
        line = key.lines[0][key.source.column - 1 :].strip() if key.lines else key.text
        message = "a colon inside an unquoted line makes YAML take what stands before it for a key"
        return Problem("colon-in-line", message, key.source, f"put the whole text in quotes: - {quoted(line)}")
    return unknown_key(key, (*STEP_ELEMENTS, *_TRAITS), "calmcast's language")


def _known_step(node: Mapping, element: Element, problems: Problems) -> Step | None:
    value = next(value for key, value in node if key.text == element.name)
    for key, _ in node:
        if key.text != element.name and key.text not in _TRAITS and not key.faulty:
            problems.append(_misplaced(key, element))
    own = Mapping(tuple(entry for entry in node if entry[0].text in _TRAITS), node.source)
    traits = read_traits(read_fields(own, _CARRIED, parse_field, problems, "a step"), problems)
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
    read = read_fields(node, element, parse_field, problems, f"`{element.name}`")
    return read if read.complete else None


def _say(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    if isinstance(node, Mapping):
        read_fields(node, element, lambda value, *_: value, problems, f"`{element.name}`")
        text = node.get("text")
        if text is None:
            return None
        node = text
    scalar = as_scalar(node, element.fields[0], problems)
    return build_line(scalar, traits, problems) if scalar else None


def _pause(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    elastic = parse_glue(node, problems, element.name, stretches=True)
    return Pause(elastic, traits, node.source) if elastic else None


def _rest(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    before = len(problems)
    read = _values(node, element, problems)
    elastic = read_glue(read, problems, stretches=False) if read and len(problems) == before else None
    if read is None or elastic is None:
        return None
    every, segment = read.get("every", int), read.get("check", str)
    if every is None and segment is None:
        return Rest(elastic, None, traits, node.source)
    problem = _faulty_check(read, every, segment, elastic)
    if problem or segment is None or every is None:
        problems += [problem] if problem else []
        return None
    check = Use(segment, Traits(), read.places["check"])
    return Rest(replace(elastic, most=every), check, traits, node.source)


def _faulty_check(read: Values, every: int | None, segment: str | None, elastic: Glue) -> Problem | None:
    """Return what is wrong with the check that interrupts a rest."""
    if every is None or segment is None:
        has, lacks = ("every", "check: si-joint-check") if every else ("check", "every: 3 min")
        return Problem("half-check", f"`{has}` needs its other half", read.places[has], f"add {lacks}")
    if "most" in read.places:
        hint = "leave most out: a longer track has more stretches"
        return Problem("bad-bounds", "`every` is the most of each stretch", read.places["most"], hint)
    if every < elastic.natural:
        hint = "about is a stretch's usual length, and every the longest it may be"
        return Problem("bad-bounds", "`every` is less than `about`", read.places["every"], hint)
    return None


def _breathe(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    if not isinstance(node, Mapping):
        hint = f"write {element.example.removeprefix('- ')}"
        problems.append(Problem("wrong-form", "`breathe` needs its counts", node.source, hint))
        return None
    read = _values(node, element, problems)
    return build_breathe(read, traits, node.source, problems) if read else None


def _one_of(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    steps = build_steps(node, element.field("one of"), problems)
    if not steps:
        return None
    steps = tuple(replace(s, steps=_unwrapped(s.steps)) if isinstance(s, Group) else s for s in steps)
    for step in steps:
        for part in step.steps if isinstance(step, Group) else (step,):
            if not isinstance(part, Line | Pause | Hold | Bell):
                hint = "put it before or after the one of"
                message = "`one of` holds lines, and groups of lines, pauses, holds and bells"
                problems.append(Problem("one-of", message, part.source, hint))
            elif part.traits.rank or part.traits.since or part.traits.repeat:
                message = "inside `one of` nothing is optional or repeated"
                problems.append(Problem("one-of", message, part.source, "put this on the whole one of"))
    variants = tuple(s if isinstance(s, Line | Group) else Group((s,), Traits(), s.source) for s in steps)
    return OneOf(variants, traits, node.source)


def _unwrapped(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return steps with the silences that open or close a line beside it, not in a group with it."""
    found = list[Step]()
    for step in steps:
        # what was built of one line stands where that line does; a group that was written stands before its first step
        if isinstance(step, Group) and all(part.source == step.source for part in step.steps):
            found += (replace(part, traits=replace(step.traits, id=part.traits.id)) for part in step.steps)
        else:
            found.append(step)
    return tuple(found)


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
    steps = build_steps(node, element.field("steps"), problems)
    return Group(steps, traits, node.source) if steps else None


_CONSTRUCTORS: dict[str, Callable[[Node, Element, Traits, Problems], Step | None]] = {
    "say": _say,
    "pause": _pause,
    "hold": _hold,
    "rest": _rest,
    "bell": _bell,
    "breathe": _breathe,
    "one of": _one_of,
    "use": _use,
    "steps": _group,
}

_PARSERS: dict[Kind, Callable[[Node, Field, Problems], Value | None]] = {
    Kind.STEPS: build_steps,
    Kind.WHEN: parse_when,
    Kind.ALLOW: parse_allow,
    Kind.OPTIONS: parse_options,
    Kind.CUES: parse_cues,
}
