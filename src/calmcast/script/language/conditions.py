"""Nodes -> what a script leaves open: options, and the conditions that ask for their values."""

from calmcast.diagnostics import Problem
from calmcast.model.script import Option
from calmcast.model.traits import Clause, Condition
from calmcast.script.language.fields import NAME, Problems, Value, as_scalar, parse_plain, read_fields
from calmcast.script.language.grammar import OPTION
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Mapping, Node, Scalar, Sequence
from calmcast.text import shorten

NOT = "not"
MOST_CHOICES = 20


def parse_when(node: Node, field: Field, problems: Problems) -> Condition | None:
    """Return the condition that a mapping of options to values states."""
    if not isinstance(node, Mapping) or not node.entries:
        hint = f"write {field.name}: {field.example}"
        problems.append(Problem("wrong-form", f"`{field.name}` names options and their values", node.source, hint))
        return None
    clauses, unless, before = list[Clause](), None, len(problems)
    for key, value in node:
        if key.text == NOT:
            unless = parse_when(value, Field(NOT, Kind.WHEN, "", "{head: high bolster}"), problems)
            continue
        if values := _texts(value, Field(key.text, Kind.TEXT, "", "high bolster"), problems):
            clauses.append(Clause(key.text.strip(), values, key.source))
    return Condition(tuple(clauses), unless) if len(problems) == before else None


def parse_choices(node: Node, field: Field, problems: Problems) -> tuple[str, ...] | None:
    """Return a list of at least two texts that differ."""
    if not isinstance(node, Sequence) or not 2 <= len(node.items) <= MOST_CHOICES:
        message = f"`{field.name}` is a list of two texts or more ({MOST_CHOICES} at most)"
        problems.append(Problem("wrong-form", message, node.source, f"write {field.name}: {field.example}"))
        return None
    texts = _texts(node, field, problems)
    folded = [text.casefold() for text in texts]
    for item, text in zip(node.items, folded, strict=False):
        if folded.count(text) > 1:
            problems.append(Problem("same-choice", f"`{shorten(text)}` stands here twice", item.source, "drop one"))
            return None
    return texts if len(texts) == len(node.items) else None


def _texts(node: Node, field: Field, problems: Problems) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    text = Field(field.name, Kind.TEXT, field.help, field.example)
    read = [parse_plain(item, text, problems) for item in items]
    return tuple(item for item in read if isinstance(item, str))


def parse_options(node: Node, field: Field, problems: Problems) -> tuple[Option, ...] | None:
    """Return the options that a mapping of names defines."""
    if not isinstance(node, Mapping):
        hint = "write options: {head: {ask: Support under the head, choices: [low bolster, high bolster]}}"
        problems.append(Problem("wrong-form", "`options` names each option", node.source, hint))
        return None
    options = [_option(key, value, problems) for key, value in node]
    return tuple(option for option in options if option)


def _option(key: Scalar, node: Node, problems: Problems) -> Option | None:
    name = key.text.strip()
    if not NAME.fullmatch(name) or name == NOT:
        hint = "a name is made of letters, digits and hyphens: head"
        problems.append(Problem("bad-name", f"`{shorten(name)}` cannot name an option", key.source, hint))
        return None
    if isinstance(node, Scalar):  # knees: "yes" changes the default alone
        changed = parse_plain(node, OPTION.field("default"), problems)
        return Option(name, "", (), changed, key.source) if isinstance(changed, str) else None
    if not isinstance(node, Mapping):
        hint = f"write {name}: {{ask: What is asked, choices: [low, high]}}"
        problems.append(Problem("wrong-form", f"`{name}` needs its choices", node.source, hint))
        return None
    before = len(problems)
    read = read_fields(node, OPTION, _parse, problems, "an option")
    if len(problems) > before:
        return None
    choices: tuple[str, ...] = read.get("choices", tuple) or ()
    default = read.get("default", str)
    if choices and default is not None and default.casefold() not in map(str.casefold, choices):
        hint = f"the choices are: {', '.join(choices)}"
        problems.append(Problem("unknown-choice", f"`{shorten(default)}` is none of the choices",
                                read.places["default"], hint))  # fmt: skip
        return None
    return Option(name, read.text("ask"), choices, default, key.source)


def _parse(node: Node, field: Field, problems: Problems) -> Value | None:
    if field.kind is Kind.CHOICES:
        return parse_choices(node, field, problems)
    return parse_plain(node, field, problems)


def parse_allow(node: Node, field: Field, problems: Problems) -> tuple[tuple[str, str], ...] | None:
    """Return the warnings that are not wanted, each with its reason."""
    if not isinstance(node, Mapping):
        hint = f"write {field.name}: {field.example}; `calmcast check` shows each warning's code"
        problems.append(Problem("wrong-form", f"`{field.name}` gives each warning's reason", node.source, hint))
        return None
    reasons = ((key, as_scalar(value, Field(key.text, Kind.TEXT, "", "why"), problems)) for key, value in node)
    return tuple((key.text.strip(), " ".join(reason.text.split())) for key, reason in reasons if reason)
