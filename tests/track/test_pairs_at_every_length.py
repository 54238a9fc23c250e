"""`check` warns of half of a pair just where some length has it: all lengths are walked."""

from pathlib import Path

import pytest

from calmcast.errors import LengthError
from calmcast.model.timeline import Spoken
from calmcast.planning.layout import lay_out
from calmcast.track.check import load_script
from calmcast.track.performance import by_estimate
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.workspace import Workspace

FIRST, SECOND = "Make two tight fists.", "Now open your hands."
LONGER = "hold: 20s"
REST = "rest: {about: 20s, most: 30s}"
STEPS = {
    "both always": f"[{FIRST}, {SECOND}, rest: 1 min]",
    "both in one group": f"[{{optional: 2, steps: [{FIRST}, Hold., {SECOND}]}}, rest: 1 min, Be.]",
    "the second may go": f"[{FIRST}, rest: 1 min, {{optional: 2, steps: [{SECOND}]}}]",
    "the first may go": f"[{{optional: 2, steps: [{FIRST}]}}, rest: 1 min, {SECOND}]",
    "two groups": f"[{{optional: 2, steps: [{FIRST}, {LONGER}]}}, rest: 1 min, "
    f"{{optional: 3, steps: [{SECOND}, {LONGER}]}}]",
    "one group in the other": f"[{{optional: 2, steps: [{FIRST}, {{optional: 3, steps: [{SECOND}]}}]}}, "
    "rest: 1 min, Be.]",
    "from one length on": f"[{{from: 4 min, steps: [{FIRST}]}}, rest: 1 min, {{from: 4 min, steps: [{SECOND}]}}, Be.]",
    "from two lengths on": f"[{{from: 4 min, steps: [{FIRST}]}}, rest: 1 min, {{from: 6 min, steps: [{SECOND}]}}, Be.]",
    "in what comes again": f"[{{repeat: 1 or more, steps: [{FIRST}, {SECOND}, {REST}]}}]",
    "before what comes again": f"[{FIRST}, {{repeat: 1 or more, steps: [{SECOND}, {REST}]}}]",
    "before what may come": f"[{FIRST}, rest: 9s, {{repeat: 0 or more, steps: [{SECOND}, {REST}]}}]",
}


@pytest.mark.parametrize("kind", STEPS)
def test_a_warning_tells_of_half_of_a_pair_just_where_a_length_has_it(workspace: Path, kind: str) -> None:
    script = workspace / "scripts" / "paired.yaml"
    script.write_text(f"title: P\nvoice: plain\nsegments:\n  - title: A\n    steps: {STEPS[kind]}\n", encoding="utf-8")
    here = Workspace.at(workspace)
    loaded = load_script(here, "paired")
    performance = by_estimate(here, loaded, {})
    halves = False
    for seconds in range(1, 8 * 60, 3):
        try:
            events = lay_out(performance.timed, seconds * SAMPLE_RATE).events
        except LengthError:
            continue
        texts = {event.text for event in events if isinstance(event, Spoken)}
        halves = halves or (FIRST in texts) != (SECOND in texts)
    assert ("open-pair" in {problem.code for problem in loaded.problems}) == halves
