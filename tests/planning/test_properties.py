"""Any script with any elements at any length: what must hold.

`make test` tries 1 500 plans, `make test-long` 10 000, and with `CALMCAST_PLANS=100000` as many.
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from calmcast.errors import LengthError
from calmcast.model.script import Script
from calmcast.model.steps import Bell, Line, OneOf, Quiet
from calmcast.model.timeline import Silence, Spoken, Timeline
from calmcast.model.traits import Glue
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, leaves, sayings
from calmcast.planning.choice import TimedScript, nearest
from calmcast.planning.layout import feasible_lengths, lay_out, measured
from calmcast.planning.parts import Leaf, Part, parts_of
from calmcast.planning.unfold import plain
from calmcast.units import FRAME
from tests.planning.scripts import BELLS, S, ends_meet, is_within, places, recording, script_of, without_variants

PLANS = int(os.environ.get("CALMCAST_PLANS", "10000"))
A_SCRIPT = 25
"""Plans of one script."""


def random_script(chance: random.Random) -> str:
    """Return a script of every element that there is."""
    number = 0

    def line() -> str:
        nonlocal number
        number += 1
        return f"W{number} " + " ".join(["word"] * chance.randint(0, 9))

    def traits(depth: int) -> str:
        roll = chance.random()
        if roll < 0.15:
            return f", optional: {chance.randint(1, 4)}"
        if roll < 0.22:
            return f", from: {chance.randint(1, 600)}s"
        if roll < 0.25:
            return f", from: {chance.randint(1, 600)}s, optional: {chance.randint(1, 4)}"
        if roll < 0.35:
            least = chance.randint(0, 3)
            more = chance.choice(
                [f"to {chance.randint(max(least, 1), 8)}", "or more" if depth == 0 else f"to {least + 2}"]
            )
            return f", repeat: {least} {more}"
        return ", keep: yes" if roll < 0.45 else ""

    def step(depth: int) -> str:
        kind = chance.choice(
            ["line"] * 6
            + ["pause"] * 4
            + ["hold", "rest", "bell", "bell", "breathe", "one of"]
            + ["group"] * 3 * (depth < 3)
        )
        if kind == "line":
            return f"{{say: {line()}{traits(9) if chance.random() < 0.3 else ''}}}"
        if kind == "pause":
            n = chance.randint(1, 90)
            bounds = f"{{about: {n}s, least: {chance.randint(1, n)}s, most: {n + chance.randint(0, 100)}s}}"
            return f"{{pause: {chance.choice([f'{n}s', bounds])}{traits(9) if chance.random() < 0.2 else ''}}}"
        if kind == "hold":
            return f"{{hold: {chance.randint(1, 20)}s}}"
        if kind == "rest":
            n = chance.randint(1, 200)
            return f"{{rest: {chance.choice([f'{n}s', f'{{about: {n}s, most: {n + 60}s}}'])}}}"
        if kind == "bell":
            more = traits(9) if chance.random() < 0.2 else ""
            return f"{{bell: {{sound: soft, wait: {chance.choice(['yes', 'no'])}}}{more}}}"
        if kind == "breathe":
            least = chance.randint(0, 4)
            rounds = chance.choice([f"{least} to {least + chance.randint(1, 9)}", f"{least} or more"])
            slower = chance.choice(["", ", slower: 12 % a minute"])
            say = chance.choice(["", ", say: {in: In, out: Out}"])
            return f"{{breathe: {{in: 4s, out: 6s, rounds: {rounds}{say}{slower}}}}}"
        if kind == "one of":
            variants = ", ".join(f'"{line()}"' for _ in range(chance.randint(1, 4)))
            return f"{{one of: [{variants}, {{steps: [{line()}, {{pause: 3s}}, {line()}]}}]}}"
        inner = ", ".join(step(depth + 1) for _ in range(chance.randint(1, 5)))
        return f"{{steps: [{inner}]{traits(depth)}}}"

    def segment(number: int) -> str:
        inside = ", ".join(step(0) for _ in range(chance.randint(1, 8)))
        return f"  - {{title: S{number}, steps: [{inside}]{traits(1) if chance.random() < 0.3 else ''}}}\n"

    segments = [segment(number) for number in range(chance.randint(1, 5))]
    return "title: A\nsegments:\n" + "".join(segments)


def measure(script: Script, chance: random.Random) -> TimedScript:
    """Return a script whose lines take other times than a model says, by up to a tenth; it speaks what it is asked."""
    modelled, spoken = dict[Saying, Recording](), dict[Saying, Recording]()
    for saying, line in sayings(parts_of(script).tree).items():
        usual = recording(line)
        samples = S if line.text in ("In", "Out") else usual.samples + chance.randint(0, S)
        spoken[saying] = replace(usual, samples=samples)
        modelled[saying] = replace(usual, samples=round(samples * chance.uniform(0.9, 1.1)))
    guidance = chance.choice(["less", "medium", "medium", "more"])
    return measured(script, modelled, BELLS, guidance, lambda lines: {saying: spoken[saying] for saying in lines})


def bounds_of(script: Script) -> dict[object, tuple[int, int | None]]:
    """Return the bounds of every pause and rest by its place; those that are kept have their natural length."""
    found = dict[object, tuple[int, int | None]]()
    for leaf in leaves(parts_of(script).tree):
        variants = leaf.step.variants if isinstance(leaf.step, OneOf) else ()
        for step in (leaf.step, *(step for variant in variants for step in plain(variant))):
            if isinstance(step, Quiet) and isinstance(step.time, Glue):
                found[step.source] = step.time.least, step.time.most
    return found


def always(parts: Iterable[Part]) -> Iterator[Leaf]:
    """Yield the leaves that nothing can take away."""
    for part in parts:
        if isinstance(part, Leaf):
            yield part
        elif part.gate is None and part.wheel is None:
            yield from always(part.parts)


def is_heard(leaf: Leaf) -> bool:
    return isinstance(leaf.step, Line | Bell) or (isinstance(leaf.step, Quiet) and leaf.step.kind == "hold")


def check_plan(
    timeline: Timeline, samples: int, script: TimedScript, bounds: dict[object, tuple[int, int | None]], slack: int = 0
) -> None:
    assert timeline.samples == samples
    assert ends_meet(timeline)
    assert all(event.end <= samples for event in timeline.events)
    assert all(a.end <= b.start for a, b in zip(timeline.lines, timeline.lines[1:], strict=False))
    gap = script.modelled.gap
    for event in timeline.events:
        if isinstance(event, Silence) and event.kind in ("pause", "rest"):
            least, most = bounds.get(event.source, (gap.least, gap.most))
            least = min(least, gap.least) if event.kind == "pause" else least
            most = None if most is None else max(most, gap.most or 0)
            assert least - slack <= event.samples
            assert most is None or event.samples <= most + slack
        elif isinstance(event, Spoken):
            assert event.samples == event.recording.samples
    assert timeline.chapters[0].start == 0
    assert timeline.chapters[-1].end == samples
    assert all(a.end == b.start for a, b in zip(timeline.chapters, timeline.chapters[1:], strict=False))
    assert all(0 <= event.segment < len(timeline.chapters) for event in timeline.events)


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=[pytest.mark.long] * (seed >= 6)) for seed in range(max(1, PLANS // A_SCRIPT // 10))],
)
def test_any_script_at_any_length(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        text = random_script(chance)
        script = script_of(text)
        ready, bounds = measure(script, chance), bounds_of(script)
        try:
            least, most = feasible_lengths(ready)
        except LengthError:
            assert all(leaf not in list(always(ready.parts.tree)) for leaf in leaves(ready.parts.tree))
            continue
        top = most if most is not None else max(3 * least, 900 * S)
        lengths = sorted(
            {least, *([most] if most else []), *(chance.randint(least, max(top, least)) for _ in range(A_SCRIPT))}
        )
        shorter: list[str] = []
        kept = [str(leaf.step.source) for leaf in always(parts_of(script).tree) if leaf.keep and is_heard(leaf)]
        for samples in lengths:
            timeline = _planned(ready, samples)
            if timeline is None:
                continue
            check_plan(timeline, samples, ready, bounds)
            on_grid = lay_out(ready, samples, FRAME)
            check_plan(on_grid, samples, ready, bounds, 2 * FRAME)  # a sound moves by less than a frame
            assert places(on_grid) == places(timeline)
            assert [*map(type, on_grid.events)] == [*map(type, timeline.events)]
            for moved, event in zip(on_grid.events, timeline.events, strict=True):
                assert abs(moved.start - event.start) < FRAME
            now = without_variants(places(timeline), script)
            assert is_within(kept, now)
            assert is_within(shorter, now), text
            shorter = now
        assert lay_out(ready, least) == lay_out(ready, least)


def _planned(ready: TimedScript, samples: int) -> Timeline | None:
    """Return the plan, or None where a gap between two rungs has no length like this; the refusal's offers hold."""
    try:
        return lay_out(ready, samples)
    except LengthError:
        below, above = nearest(ready, samples)
        assert below is not None
        assert above is not None
        assert below < samples < above
        for offered in (below, above):
            assert lay_out(ready, offered).samples == offered
        return None


def test_a_script_of_5000_steps_is_planned_at_any_length() -> None:
    chance = random.Random(5)
    steps = []
    for i in range(1250):
        steps += [f"W{i} word word", f"{{pause: {chance.randint(2, 9)}s, optional: {chance.randint(1, 99)}}}"]
        steps += [f"{{say: X{i} word, optional: {1 + i % 99}}}", f"{{steps: [Y{i}], repeat: 1 to 4}}"]
    text = "title: A\nsegments:\n  - title: One\n    steps:\n" + "".join(
        f"      - {s}\n" for s in [*steps, "rest: 1 min"]
    )
    ready = measure(script_of(text), chance)
    least, _ = feasible_lengths(ready)
    counts = []
    for share in (Fraction(1), Fraction(11, 10), Fraction(3, 2), Fraction(8)):
        timeline = lay_out(ready, int(least * share))
        assert ends_meet(timeline)
        counts.append(len(timeline.lines))
    assert counts == sorted(counts)
    assert counts[-1] == 1250 * 2 + 1250 * 4
