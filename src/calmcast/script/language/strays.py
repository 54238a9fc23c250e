"""Steps that are none, and keys that no step has: what whoever wrote them meant."""

import re

from calmcast.diagnostics import Problem
from calmcast.script.language.fields import unknown_key
from calmcast.script.language.grammar import STEPS
from calmcast.script.language.kinds import Element
from calmcast.script.language.nodes import Mapping, Node, Scalar
from calmcast.script.language.slips import quoted
from calmcast.script.language.traits import NAMES
from calmcast.script.language.wording import MEANT, MEANT_KEYS
from calmcast.text import shorten, suggestion

STEP_ELEMENTS = {element.name: element for element in STEPS}


def unknown_step(node: Mapping) -> Problem:
    """Return the problem of a mapping that is no step."""
    if not node.entries:
        return Problem("empty", "this step is empty", node.source, "write a line, or a step such as pause: 6s")
    # what any step may carry is right, wherever it stands: what is wrong is the first key beside it
    key, value = next((entry for entry in node.entries if entry[0].text not in NAMES), node.entries[0])
    folded = key.text.strip().casefold()
    if all(key.text in NAMES for key, _ in node):
        hint = f"add what it is about: {key.text}: ..., and below it say: Words. or steps: with a list"
        return Problem("no-step", f"`{key.text}` stands here without a step", key.source, hint)
    if MEANT_KEYS.get(key.text, key.text) == "bed":
        return _stray_bed(key)
    meant = folded if folded in STEP_ELEMENTS else MEANT.get(folded)
    line = key.lines[0][key.source.column - 1 :].strip() if key.lines else key.text
    if meant:
        return Problem("unknown-key", f"there is no step `{key.text}`", key.source, _meant(meant, value, line))
    prose = isinstance(value, Scalar) and len(node.entries) == 1
    if prose and not (suggestion(key.text, STEP_ELEMENTS) and " " not in key.text):
        message = "a colon inside an unquoted line makes YAML take what stands before it for a key"
        return Problem("colon-in-line", message, key.source, f"put the whole text in quotes: - {quoted(line)}")
    return unknown_key(key, (*STEP_ELEMENTS, *NAMES), "calmcast's language")


def _meant(name: str, value: Node, line: str) -> str:
    """Return how the step that was meant is written; `line` is how it stands there."""
    element = STEP_ELEMENTS[name]
    written = shorten(value.text, 30) if isinstance(value, Scalar) else ""
    hint = f"did you mean - {name}: "
    if element.silence and written and not re.search(r"\d", written):  # `Rest: let it all go.` may be a line
        return f"{hint}{element.fields[0].example}? A line that has a colon stands in quotes: - {quoted(line)}"
    written = "" if name == "bell" and not written[:1].isalpha() else written  # a bell has a name
    return f"{hint}{written or element.fields[0].example}"


def misplaced(key: Scalar, element: Element) -> Problem:
    """Return the problem of a key that stands beside a step's name, and that no step carries."""
    if field := next((field for field in element.fields if field.name == key.text), None):
        first = element.fields[0]
        inside = f"{{{first.name}: {first.example}, {key.text}: ...}}"
        hint = f"write {element.name}: {field.example if key.text == element.shorthand else inside}"
        return Problem("misplaced-key", f"`{key.text}` belongs inside `{element.name}`", key.source, hint)
    if MEANT_KEYS.get(key.text, key.text) == "bed":
        return _stray_bed(key)
    return unknown_key(key, NAMES, f"a step with `{element.name}`")


def _stray_bed(key: Scalar) -> Problem:
    hint = "write bed: rain in a line beside the title of the segment, or of the script"
    return Problem("misplaced-key", "a bed lies under a whole segment, or a whole script", key.source, hint)
