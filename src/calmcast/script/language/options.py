"""Options: those of a script and its segments as one list, and the script that a choice leaves."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import ScriptError
from calmcast.model.script import Option, Script, Segment, SegmentRef, every_line, every_step
from calmcast.model.steps import Bell, Breathe, Group, Line, OneOf, Quiet, Step, Use
from calmcast.model.traits import Condition, Traits
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.text import instead_of, shorten, suggestion

GUIDANCE = Option("guidance", "How much is said", ("medium", "more", "less"), None, SourceRef("", 1, 1))
"""The option that every script has."""


def merged(own: tuple[Option, ...], of_segments: Iterable[Option]) -> tuple[tuple[Option, ...], tuple[Problem, ...]]:
    """Return a script's options with those of its segments, and what is wrong with them.

    A script's own words win, field by field; segments that share an option give it the same choices.
    """
    options, problems = {GUIDANCE.name: GUIDANCE}, list[Problem]()
    for option in of_segments:
        known = options.setdefault(option.name, option)
        if _folded(known.choices) != _folded(option.choices) and option.choices:
            hint = f"there it has: {', '.join(known.choices)}; give both the same, or name one of them otherwise"
            message = f"`{option.name}` has other choices in {known.source or 'calmcast'}"
            problems.append(Problem("other-choices", message, option.source, hint))
    for option in own:
        known = options.get(option.name, option)
        choices = option.choices if option.name != GUIDANCE.name and option.choices else known.choices
        default = option.default if option.default is not None or option.choices else known.default
        options[option.name] = Option(option.name, option.ask or known.ask, choices, default, option.source)
    for option in options.values():
        if not option.choices:
            others = [name for name, other in options.items() if other.choices]
            usual = f"write {option.name}: {{ask: What is asked, choices: [low, high]}}"
            hint = suggestion(option.name, others) or usual
            message = f"`{option.name}` has no choices, and no segment here gives it any"
            problems.append(Problem("no-choices", message, option.source, hint))
        elif option.default is not None and option.default.casefold() not in _folded(option.choices):
            problems.append(no_such_choice(option.name, option.default, option.choices, option.source))
    return tuple(option for option in options.values() if option.choices), tuple(problems)


def check_options(script: Script) -> tuple[Problem, ...]:
    """Every `when` and every `{...}` of a composed script names an option that it has, and values of that option."""
    options = {option.name: option for option in script.options}
    problems = list[Problem]()
    for traits in _every_traits(script):
        for condition in traits.when:
            problems += _check_condition(condition, options)
    for line in every_line(script):
        for name in PLACEHOLDER.findall(line.text):
            if name.strip() not in options:
                problems.append(_unknown(name.strip(), line.source, options))
    return tuple(problems)


def _check_condition(condition: Condition, options: Mapping[str, Option]) -> Iterator[Problem]:
    for clause in condition.clauses:
        option = options.get(clause.option)
        if option is None:
            yield _unknown(clause.option, clause.source, options)
            continue
        for value in clause.values:
            if value.casefold() not in _folded(option.choices):
                yield no_such_choice(option.name, value, option.choices, clause.source)
    if condition.unless:
        yield from _check_condition(condition.unless, options)


def no_such_choice(option: str, value: str, choices: Collection[str], source: SourceRef) -> Problem:
    """Return the problem of a value that an option does not have."""
    message = f"`{shorten(value)}` is none of the choices of `{option}`"
    return Problem("unknown-choice", message, source, instead_of(value, choices, "the choices are"))


def _unknown(name: str, source: SourceRef, options: Mapping[str, Option]) -> Problem:
    hint = suggestion(name, options) or f"add it: options: {{{name}: {{ask: What is asked, choices: [one, other]}}}}"
    return Problem("unknown-option", f"there is no option `{shorten(name)}`", source, hint)


def choose(options: tuple[Option, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every option: as given, else its default. Raises ScriptError for what cannot be chosen."""
    by_name = {option.name.casefold(): option for option in options}
    chosen, wrong, hints = {option.name: option.usual for option in options}, list[str](), list[str]()
    for name, value in given.items():
        option = by_name.get(name.strip().casefold())
        if option is None:
            wrong.append(f"there is no option `{shorten(name)}`")
            hints.append(instead_of(name, [each.name for each in options]))
            continue
        folded = {choice.casefold(): choice for choice in option.choices}
        word = " ".join(value.split()).casefold()
        if word not in folded:
            wrong.append(f"`{shorten(value)}` is none of the choices of `{option.name}`")
            hints.append(instead_of(word, option.choices, "the choices are"))
            continue
        chosen[option.name] = folded[word]
    if wrong:
        raise ScriptError("; ".join(wrong), "; ".join(dict.fromkeys(hints)))
    return chosen


def settle(script: Script, values: Mapping[str, str]) -> Script:
    """Return a composed script as these values of its options leave it: without `when` and without `{...}`.

    Segments and groups with nothing left are gone. Raises ScriptError where nothing at all is left.
    """
    segments = tuple(done for segment in script.segments if (done := _segment(segment, values)))
    if not segments:
        raise ScriptError("with these choices nothing is left of the script", "see `calmcast options`")
    way_out = _segment(script.way_out, values) if script.way_out else None
    return replace(script, title=filled(script.title, values), segments=segments, way_out=way_out)


def _segment(segment: Segment | SegmentRef, values: Mapping[str, str]) -> Segment | None:
    """Return what the values leave of a composed script's segment."""
    if not isinstance(segment, Segment) or not _holds(segment.traits, values):
        return None
    steps, title = _settled(segment.steps, values), filled(segment.title, values)
    return replace(segment, title=title, steps=steps, traits=_plain(segment.traits)) if steps else None


def _settled(steps: tuple[Step, ...], values: Mapping[str, str]) -> tuple[Step, ...]:
    return tuple(done for step in steps if _holds(step.traits, values) and (done := _step(step, values)))


def _step(step: Step, values: Mapping[str, str]) -> Step | None:
    """Return what the values leave of a step that is there; None: nothing."""
    traits = _plain(step.traits)
    match step:
        case Line():
            return _line(step, values)
        case Group():
            return _group(step, values)
        case OneOf():
            variants = tuple(v for variant in step.variants if (v := _group(variant, values)))
            return replace(step, variants=variants, traits=traits) if variants else None
        case Breathe():
            phases = tuple(replace(p, cue=_line(p.cue, values)) if p.cue else p for p in step.phases)
            return replace(step, phases=phases, traits=traits)
        case Quiet():
            check = _group(step.check, values) if isinstance(step.check, Group) else None
            return step if traits is step.traits and check is step.check else replace(step, check=check, traits=traits)
        case Bell() | Use():
            return step if traits is step.traits else replace(step, traits=traits)
        case _:
            assert_never(step)


def _line(line: Line, values: Mapping[str, str]) -> Line:
    pieces = tuple(filled(piece, values) if isinstance(piece, str) else piece for piece in line.pieces)
    if pieces == line.pieces and not line.traits.when:
        return line
    return replace(line, pieces=pieces, traits=_plain(line.traits))


def _group(group: Group, values: Mapping[str, str]) -> Group | None:
    """Return what the values leave of a group; None: nothing."""
    steps = _settled(group.steps, values) if _holds(group.traits, values) else ()
    return replace(group, steps=steps, traits=_plain(group.traits)) if steps else None


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with each `{option}` replaced by its value."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1].strip(), match[0]), text)


def _holds(traits: Traits, values: Mapping[str, str]) -> bool:
    return all(_met(condition, values) for condition in traits.when)


def _met(condition: Condition, values: Mapping[str, str]) -> bool:
    met = all(values.get(c.option, "").casefold() in _folded(c.values) for c in condition.clauses)
    return met and not (condition.unless and _met(condition.unless, values))


def _plain(traits: Traits) -> Traits:
    return replace(traits, when=()) if traits.when else traits


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, texts))


def _every_traits(script: Script) -> Iterator[Traits]:
    yield from (segment.traits for segment in script.composed)
    yield from (step.traits for step in every_step(script))


def chosen(options: tuple[Option, ...], values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the options whose value is not their default, with the value, in the script's order."""
    return tuple((o.name, values[o.name]) for o in options if values.get(o.name, o.usual) != o.usual)
