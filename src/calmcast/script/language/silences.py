"""Nodes -> elastic silences: a natural length, and how far it may shrink and stretch."""

from calmcast.diagnostics import Problem
from calmcast.model.traits import Glue
from calmcast.script.language.fields import Problems, Values, parse_plain, read_fields
from calmcast.script.language.grammar import GLUE_FIELDS
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.nodes import Node, Scalar, Sequence


def parse_gap(node: Node, field: Field, problems: Problems) -> Glue | None:
    """Return a silence that stretches only so far."""
    return parse_glue(node, problems, field.name, stretches=True)


def parse_glue(node: Node, problems: Problems, what: str, *, stretches: bool) -> Glue | None:
    """Return an elastic silence: a duration, or a mapping of `about`, `least` and `most`."""
    if isinstance(node, Scalar):
        natural = parse_plain(node, Field(what, Kind.DURATION, "", "6s"), problems)
        return glue(natural, None, None, stretches) if isinstance(natural, int) else None
    if isinstance(node, Sequence):
        hint = f"write {what}: 6s, or {what}: {{about: 6s, least: 3s, most: 20s}}"
        problems.append(Problem("wrong-form", f"`{what}` is a time or a mapping, not a list", node.source, hint))
        return None
    before = len(problems)
    read = read_fields(node, Element(what, "", "", GLUE_FIELDS), parse_plain, problems, f"`{what}`")
    return read_glue(read, problems, stretches=stretches) if len(problems) == before else None


def read_glue(read: Values, problems: Problems, *, stretches: bool) -> Glue | None:
    """Return the silence that the fields `about`, `least` and `most` describe.

    Its bounds are half and, where it `stretches` only so far, double the natural length unless written.
    """
    natural, least, most = (read.get(name, int) for name in ("about", "least", "most"))
    if natural is None:
        return None
    for name, wrong in (
        ("least", least is not None and least > natural),
        ("most", most is not None and most < natural),
    ):
        if wrong:
            message = f"`{name}` is {'more' if name == 'least' else 'less'} than `about`"
            hint = "least is at most about, and most at least about"
            problems.append(Problem("bad-bounds", message, read.places[name], hint))
            return None
    return glue(natural, least, most, stretches)


def glue(natural: int, least: int | None, most: int | None, stretches: bool) -> Glue:
    """Return a silence with the bounds that were written, or those that the language gives it."""
    usual_most = 2 * natural if stretches else None
    weight = natural if stretches else 10 * natural
    return Glue(natural, natural // 2 if least is None else least, usual_most if most is None else most, weight)
