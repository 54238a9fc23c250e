"""Paced breathing: its counts, its rounds and its words."""

from typing import get_args

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.sound import BreathTone
from calmcast.model.steps import Breathe, Group, Line, Phase, PhaseName
from calmcast.model.traits import Count, Traits
from calmcast.script.language.fields import Problems, Value, Values, as_scalar, read_fields
from calmcast.script.language.grammar import CUES
from calmcast.script.language.kinds import Field
from calmcast.script.language.lines import build_line
from calmcast.script.language.nodes import Mapping, Node
from calmcast.units import SAMPLE_RATE

_QUICKEST, _SLOWEST = SAMPLE_RATE // 2, 60 * SAMPLE_RATE


def build_breathe(read: Values, traits: Traits, source: SourceRef, problems: Problems) -> Breathe | None:
    """Return paced breathing from its fields; what is wrong with them goes to `problems`."""
    rounds = read.get("rounds", Count)
    if rounds is None:
        return None
    cues = dict(read.get("say", tuple) or ())
    parts = get_args(PhaseName)
    for part in parts:
        samples = read.get(part, int)
        if samples is not None and not _QUICKEST <= samples <= _SLOWEST:
            message = "a part of a breath takes from half a second to a minute"
            problems.append(Problem("bad-count", message, read.places[part], f"write {part}: 4s"))
        if samples is None and part in cues:
            hint = f"add {part}: 2s, or leave its words out"
            problems.append(Problem("cue-without-count", f"`{part}` has words, and no count", cues[part].source, hint))
    phases = tuple(Phase(part, n, cues.get(part)) for part in parts if (n := read.get(part, int)) is not None)
    voiced, remind = read.get("voice_rounds", int) or 0, read.get("remind", int) or 0
    slower, tone = read.get("slower", int) or 0, read.get("tone", BreathTone)
    return Breathe(phases, rounds, voiced, remind, slower, traits, source, tone)


def parse_cues(node: Node, field: Field, problems: Problems) -> Value | None:
    """Return what is said in a breath: (part, line) in the order of the parts."""
    if not isinstance(node, Mapping):
        hint = f"write say: {field.example}"
        problems.append(Problem("wrong-form", "`say` names what is said in each part", node.source, hint))
        return None
    cues = read_fields(node, CUES, _cue, problems, "`say`")
    return tuple((name, cue) for name in get_args(PhaseName) if (cue := cues.get(name, Line)))


def _cue(node: Node, field: Field, problems: Problems) -> Value | None:
    scalar = as_scalar(node, field, problems)
    cue = build_line(scalar, Traits(), problems) if scalar else None
    if isinstance(cue, Group):
        hint = "the count goes on by itself after the words"
        problems.append(Problem("bad-bracket", "words of a breath have no silence at their ends", node.source, hint))
        return None
    return cue
