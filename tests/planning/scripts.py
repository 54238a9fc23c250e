"""Scripts for the planner's tests: from text, with lines that last half a second a word."""

import itertools

from calmcast.model.script import Script
from calmcast.model.sound import Ringing, Strike
from calmcast.model.steps import Line, OneOf
from calmcast.model.timeline import Silence, Spoken, Struck, Timeline
from calmcast.model.voice import Recording
from calmcast.planning.amounts import leaves, sayings
from calmcast.planning.choice import TimedScript
from calmcast.planning.layout import measured
from calmcast.planning.parts import parts_of
from calmcast.planning.unfold import plain
from calmcast.script.language.builder import build_script
from calmcast.script.language.compose import compose
from calmcast.script.language.options import choose, settle
from calmcast.script.language.reader import read
from calmcast.units import SAMPLE_RATE

S = SAMPLE_RATE
BELL = 5 * S
BELLS = {Strike("soft"): Ringing(BELL, (), 0.0), Strike("bowl"): Ringing(2 * BELL, (), 0.0)}


def script_of(text: str, **chosen: str) -> Script:
    """Return a script without segments of other files, composed and settled."""
    node, problems = read(text.encode(), "x.yaml")
    built, more = build_script(node, "x", "x.yaml")
    assert not problems
    assert not more
    assert isinstance(built, Script)
    script, wrong = compose(built, lambda name: None, lambda name, source: None)
    assert not wrong
    return settle(script, choose(script.options, chosen))


def measure(text: str, guidance: str = "medium", **chosen: str) -> TimedScript:
    script = script_of(text, **chosen)
    lines = sayings(parts_of(script).tree)
    return measured(script, {saying: recording(line) for saying, line in lines.items()}, BELLS, guidance)


def recording(line: Line) -> Recording:
    return Recording(line.text, len(line.text.split()) * S // 2, (), (), 0.0)


def one_segment(*steps: str) -> TimedScript:
    """Return a script of one segment; each step as it stands after its hyphen."""
    return measure("title: A\nsegments:\n  - title: One\n    steps:\n" + "".join(f"      - {s}\n" for s in steps))


def shape(timeline: Timeline) -> list[tuple[str, float]]:
    """Return (kind, seconds) of each event."""
    return [
        ("bell" if isinstance(e, Struck) else "line", e.samples / S)
        if isinstance(e, Spoken | Struck)
        else (e.kind, e.samples / S)
        for e in timeline.events
    ]


def texts(timeline: Timeline) -> list[str]:
    """Return what is said, in order."""
    return [clip.text for clip in timeline.lines]


def is_within(part: list[str], whole: list[str]) -> bool:
    """Return whether `part` is what is left of `whole` when some of it is taken out."""
    rest = iter(whole)
    return all(any(word == other for other in rest) for word in part)


def ends_meet(timeline: Timeline) -> bool:
    """Return whether each event begins where what came before lets it, and the last ends the track."""
    position = 0
    for event, after in itertools.zip_longest(timeline.events, timeline.events[1:]):
        if event.start != position:
            return False
        rings_on = isinstance(event, Struck) and after and after.start == event.start
        position = event.start if rings_on else event.end
    return position == timeline.samples


def places(timeline: Timeline) -> list[str]:
    """Return where each thing that sounds or is silent is written, in order, without the gaps between lines."""
    every = (e for e in timeline.events if not isinstance(e, Silence) or e.kind != "pause")
    return [str(event.source) for event in every]


def without_variants(found: list[str], script: Script) -> list[str]:
    """Return the places with those of a `one of`'s variants taken for one: which is said depends on its turn."""
    first = dict[str, str]()
    inner = set[str]()
    for leaf in leaves(parts_of(script).tree):
        if isinstance(leaf.step, OneOf):
            for variant in leaf.step.variants:
                steps = plain(variant)
                first[str(steps[0].source)] = str(leaf.step.source)
                inner |= {str(step.source) for step in steps[1:]}
    return [first.get(place, place) for place in found if place not in inner]
