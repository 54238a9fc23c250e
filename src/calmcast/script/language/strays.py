"""Steps that are none, and keys that no step has: what whoever wrote them meant."""

from calmcast.diagnostics import Problem
from calmcast.script.language.fields import unknown_key
from calmcast.script.language.grammar import STEPS
from calmcast.script.language.kinds import Element
from calmcast.script.language.nodes import Mapping, Scalar
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
    if meant:
        written = shorten(value.text, 30) if isinstance(value, Scalar) else ""
        written = "" if meant == "bell" and not written[:1].isalpha() else written  # a bell has a name
        hint = f"did you mean - {meant}: {written or STEP_ELEMENTS[meant].fields[0].example}"
        return Problem("unknown-key", f"there is no step `{key.text}`", key.source, hint)
    prose = isinstance(value, Scalar) and len(node.entries) == 1
    if prose and not (suggestion(key.text, STEP_ELEMENTS) and " " not in key.text):
        line = key.lines[0][key.source.column - 1 :].strip() if key.lines else key.text
        message = "a colon inside an unquoted line makes YAML take what stands before it for a key"
        return Problem("colon-in-line", message, key.source, f"put the whole text in quotes: - {quoted(line)}")
    return unknown_key(key, (*STEP_ELEMENTS, *NAMES), "calmcast's language")


def misplaced(key: Scalar, element: Element) -> Problem:
    """Return the problem of a key that stands beside a step's name, and that no step carries."""
    if any(field.name == key.text for field in element.fields):
        hint = f"write {element.name}: {{{element.fields[0].name}: {element.fields[0].example}, {key.text}: ...}}"
        return Problem("misplaced-key", f"`{key.text}` belongs inside `{element.name}`", key.source, hint)
    if MEANT_KEYS.get(key.text, key.text) == "bed":
        return _stray_bed(key)
    return unknown_key(key, NAMES, f"a step with `{element.name}`")


def _stray_bed(key: Scalar) -> Problem:
    hint = "write bed: rain in a line beside the title of the segment, or of the script"
    return Problem("misplaced-key", "a bed lies under a whole segment, or a whole script", key.source, hint)
