"""The short track that only brings one out: what a script has of it, and how long it lasts."""

from collections.abc import Mapping
from dataclasses import replace

from calmcast.errors import ScriptError
from calmcast.model.script import Bells, Script, Segment
from calmcast.model.steps import walk
from calmcast.publish.handout.strings import Overrides, strings
from calmcast.script.language.options import choose, settle
from calmcast.script.lint.placed import placed
from calmcast.track.performance import AS_USUAL, Performance, runnable
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.library import LoadedScript

_WAY_OUT_SAMPLES = 75 * SAMPLE_RATE


def way_out(
    loaded: LoadedScript, choices: Mapping[str, str] = AS_USUAL, overrides: Overrides | None = None
) -> LoadedScript:
    """Return the way out of a script, else the parts whose role is the exit, as a script of their own.

    Where it has no title of its own, that is a string of the script's language; `overrides` are the teacher's own.

    Raises ScriptError for a script that cannot run, for one without such a part, and for choices that leave none of it.
    """
    script = runnable(loaded)
    found = _ways_out(script)
    if not found:
        hint = "add way-out: and a segment's name to it; or role: exit to the segment that brings people back"
        raise ScriptError(f"{loaded.name} has no way out that can stand alone", hint)
    alone = replace(
        script,
        name=f"{script.name}-exit",
        title=way_out_title(script, script.title, overrides),
        about=found[0].about or script.about,
        lengths=(),
        segments=found,
        bells=Bells(steps=script.bells.steps),
        way_out=None,
    )
    _must_be_left(alone, loaded.name, choices)
    return replace(loaded, name=alone.name, script=alone)


def way_out_title(script: Script, whole: str, overrides: Overrides | None = None) -> str:
    """Return what the way out of a track of this script is called, where that track is called `whole`."""
    way = script.way_out
    own = way.title if isinstance(way, Segment) else strings(script.language, overrides)("come-back")
    return own if whole.casefold() in own.casefold() else f"{own}: {whole}"


def _must_be_left(alone: Script, name: str, choices: Mapping[str, str]) -> None:
    """Raise ScriptError where these choices leave nothing of a way out."""
    values = choose(alone.options, choices)
    try:
        settle(alone, values)
    except ScriptError as error:
        asked = frozenset[str]().union(*(each.asks for each in placed(alone)))
        because = ", ".join(f"{option}: {value}" for option, value in values.items() if option in asked)
        hint = f"choose otherwise (calmcast options {name}), or give it a way-out that no choice leaves out"
        raise ScriptError(f"with {because}, {name} has no way out", hint) from error


def way_out_length(performance: Performance) -> int:
    """Return how long a track that only brings one out usually is, in samples: about 75 s, as near as it can be."""
    least, most = performance.feasible
    wanted = max(-(-least // SAMPLE_RATE) * SAMPLE_RATE, _WAY_OUT_SAMPLES)
    return wanted if most is None else min(wanted, most)


def _ways_out(script: Script) -> tuple[Segment, ...]:
    """Return the segment that a script names as its way out, else what it has of parts whose role is the exit."""
    if isinstance(own := script.way_out, Segment):
        return (replace(own, traits=replace(own.traits, role=own.traits.role or "exit")),)
    return tuple(way for segment in script.chapters if (way := _part_out(segment)))


def _part_out(segment: Segment) -> Segment | None:
    if segment.traits.role == "exit":
        return segment
    steps = tuple(step for step in walk(segment.steps) if step.traits.role == "exit")
    return replace(segment, steps=steps) if steps else None
