"""What any step, and any segment, may carry besides its own fields."""

from typing import get_args

from calmcast.diagnostics import Problem
from calmcast.model.steps import Quiet, Step
from calmcast.model.traits import Condition, Count, Role, Traits
from calmcast.script.language.fields import Problems, Values
from calmcast.script.language.grammar import TRAITS
from calmcast.script.language.kinds import Element
from calmcast.script.language.nodes import Mapping, Scalar

NAMES = tuple(field.name for field in TRAITS)


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
        level=read.get("level", float) or 0.0,
        role=next((role for role in get_args(Role) if role == read.get("role", str)), None),
        allow=read.get("allow", tuple) or (),
        untranslated=read.get("untranslated", bool) or False,
        voice_source=read.places.get("voice"),
    )


def own_traits(node: Mapping, element: Element) -> Mapping:
    """Return those entries of a step that it carries besides its own fields.

    A key that is a field of the step belongs inside it: a bell's `level` is the bell's.
    """
    return Mapping(tuple(entry for entry in node if is_trait(entry[0], element)), node.source)


def is_trait(key: Scalar, element: Element) -> bool:
    """Return whether a key beside a step's name is one that any step may carry."""
    return key.text in NAMES and all(field.name != key.text for field in element.fields)


def level_of_silence(step: Step, carried: Mapping) -> Problem | None:
    """Return the problem of a silence that is to be louder or softer."""
    silent = isinstance(step, Quiet) and step.check is None
    level = next((key for key, _ in carried if key.text == "level"), None)
    if level is None or not silent:
        return None
    hint = "put it on a line, on a group, or on the whole segment"
    return Problem("silent-level", "a silence has no level", level.source, hint)
