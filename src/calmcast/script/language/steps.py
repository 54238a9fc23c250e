"""Nodes -> steps: what a segment's list holds, each step by its row of the grammar and its constructor here."""

from collections.abc import Callable
from dataclasses import replace

from calmcast.diagnostics import Problem
from calmcast.model.steps import Group, OneOf, Plain, Quiet, Step, Use
from calmcast.model.traits import Glue, Traits
from calmcast.script.language.breathing import build_breathe, parse_cues
from calmcast.script.language.conditions import parse_allow, parse_options, parse_when
from calmcast.script.language.fields import (
    Problems,
    Value,
    Values,
    as_scalar,
    parse_plain,
    read_fields,
)
from calmcast.script.language.grammar import TRAITS
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.lines import TIME_INSIDE, build_line
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.script.language.silences import parse_gap, parse_glue, read_glue
from calmcast.script.language.sounds import build_bell, parse_bed, parse_bells, parse_breath_tone
from calmcast.script.language.strays import STEP_ELEMENTS, misplaced, unknown_step
from calmcast.script.language.traits import is_trait, level_of_silence, own_traits, read_traits

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
        problems.append(unknown_step(node))
    return None


def _known_step(node: Mapping, element: Element, problems: Problems) -> Step | None:
    value = next(value for key, value in node if key.text == element.name)
    for key, _ in node:
        if key.text != element.name and not is_trait(key, element) and not key.faulty:
            problems.append(misplaced(key, element))
    carried = own_traits(node, element)
    traits = read_traits(read_fields(carried, _CARRIED, parse_field, problems, "a step"), problems)
    build = _quiet if element.silence else _CONSTRUCTORS[element.name]
    step = build(value, element, traits, problems)
    problems += [problem] if step and (problem := level_of_silence(step, carried)) else []
    return step


def _values(node: Node, element: Element, problems: Problems) -> Values | None:
    """Return the fields of a step written as a mapping or by its shorthand; None where it cannot be built."""

    def parse_short(value: Node, field: Field, problems: Problems) -> Value | None:
        # who wrote `hold: 4` is told of `hold`, and not of the `time` that it stands for
        return parse_field(value, replace(field, name=element.name), problems)

    parse = parse_field if isinstance(node, Mapping) else parse_short
    if not isinstance(node, Mapping):
        node = Mapping(((Scalar(element.shorthand or "", node.source), node),), node.source)
    read = read_fields(node, element, parse, problems, f"`{element.name}`")
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


def _quiet(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    """Build a silence of any kind, as its row of the grammar says."""
    kind, fills, before = element.name, element.silence == "filling", len(problems)
    if element.silence == "fixed":
        read = _values(node, element, problems)
        return Quiet(kind, _fixed(read, element), traits, node.source) if read else None
    if not fills:
        glue = parse_glue(node, problems, kind, stretches=True)
        return Quiet(kind, glue, traits, node.source) if glue else None
    read = _values(node, element, problems)
    elastic = read_glue(read, problems, stretches=False) if read and len(problems) == before else None
    if read is None or elastic is None:
        return None
    every, segment = read.get("every", int), read.get("check", str)
    if every is None and segment is None:
        return Quiet(kind, elastic, traits, node.source, fills)
    problem = _faulty_check(read, every, segment, elastic)
    if problem or segment is None or every is None:
        problems += [problem] if problem else []
        return None
    check = Use(segment, Traits(), read.places["check"])
    return Quiet(kind, replace(elastic, most=every), traits, node.source, fills, check)


def _fixed(read: Values, element: Element) -> int:
    """Return the length of a fixed silence. Raises TypeError where its row of the grammar is made wrongly."""
    if (time := read.get("time", int)) is None:
        raise TypeError(f"the row `{element.name}` is fixed, and has no required `time` that is a duration")
    return time


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
    variants = tuple(map(_variant, steps))
    for part in (part for variant in variants for part in variant.steps):
        if not isinstance(part, Plain) or (isinstance(part, Quiet) and part.fills):
            message = "`one of` holds lines, and groups of lines, silences and bells"
            problems.append(Problem("one-of", message, part.source, "put it before or after the one of"))
        elif part.traits.rank or part.traits.since or part.traits.repeat:
            message = "inside `one of` nothing is optional or repeated"
            problems.append(Problem("one-of", message, part.source, "put this on the whole one of"))
    return OneOf(variants, traits, node.source)


def _variant(step: Step) -> Group:
    """Return one of the ways of a `one of` as a group, whatever stands there."""
    return (
        replace(step, steps=_unwrapped(step.steps))
        if isinstance(step, Group)
        else Group((step,), Traits(), step.source)
    )


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


def _bell(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    return build_bell(node, traits, problems)


def _use(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    read = _values(node, element, problems)
    return Use(read.text("segment"), traits, read.places["segment"]) if read else None


def _group(node: Node, element: Element, traits: Traits, problems: Problems) -> Step | None:
    steps = build_steps(node, element.field("steps"), problems)
    return Group(steps, traits, node.source) if steps else None


_CONSTRUCTORS: dict[str, Callable[[Node, Element, Traits, Problems], Step | None]] = {
    "say": _say,
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
    Kind.GLUE: parse_gap,
    Kind.BED: parse_bed,
    Kind.BELLS: parse_bells,
    Kind.BREATH_TONE: parse_breath_tone,
}
