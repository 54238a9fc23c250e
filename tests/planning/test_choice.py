"""Only the lines that a length needs are spoken, and the model is as good as it has to be."""

from collections.abc import Mapping

import pytest

from calmcast.errors import LengthError
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, sayings
from calmcast.planning.choice import TimedScript, extremes, natural_length
from calmcast.planning.layout import lay_out, measured
from calmcast.planning.parts import parts_of
from tests.planning.scripts import BELLS, S, recording, script_of

SCRIPT = """
title: A
segments:
  - title: One
    steps:
      - Always here
      - {steps: [First to come, {hold: 20s}], optional: 1}
      - {steps: [Second to come, {hold: 20s}], optional: 2}
      - {steps: [Third to come, {hold: 20s}], optional: 3}
      - {pause: {about: 5s, least: 1s, most: 15s}}
      - The end
"""


class Speaker:
    """Speaks what it is asked, `slower` times as slowly as the model says, and remembers it."""

    def __init__(self, slower: float) -> None:
        self.slower = slower
        self.asked = set[str]()

    def __call__(self, lines: Mapping[Saying, Line]) -> dict[Saying, Recording]:
        self.asked |= {line.text for line in lines.values()}
        return {
            saying: Recording(line.text, round(recording(line).samples * self.slower), (), (), 0.0)
            for saying, line in lines.items()
        }


def ready(speaker: Speaker, text: str = SCRIPT) -> TimedScript:
    script = script_of(text)
    modelled = {saying: recording(line) for saying, line in sayings(parts_of(script).tree).items()}
    return measured(script, modelled, BELLS, "medium", speaker)


def test_a_short_length_speaks_little() -> None:
    speaker = Speaker(1.0)
    timeline = lay_out(ready(speaker), 12 * S)
    assert [line.text for line in timeline.lines] == ["Always here", "The end"]
    assert speaker.asked == {"Always here", "The end"}


def test_what_is_planned_is_what_is_spoken() -> None:
    for length in range(12, 80, 4):
        speaker = Speaker(1.03)
        try:
            timeline = lay_out(ready(speaker), length * S)
        except LengthError:
            continue
        assert {line.text for line in timeline.lines} == speaker.asked


@pytest.mark.parametrize("slower", [0.5, 0.8, 1.25, 3.0])
def test_the_fit_is_exact_however_wrong_the_model_is(slower: float) -> None:
    rungs = []
    for tenths in range(60, 1000, 7):
        try:
            timeline = lay_out(ready(Speaker(slower)), tenths * S // 10)
        except LengthError:
            continue
        assert timeline.samples == tenths * S // 10
        assert all(S <= silence.samples <= 15 * S for silence in timeline.silences if silence.source.line == 10)
        rungs.append(len(timeline.lines))
    assert rungs == sorted(rungs)
    assert len(set(rungs)) == 4


def test_a_refusal_knows_both_sides() -> None:
    speaker = Speaker(1.0)
    text = SCRIPT.replace("most: 15s", "most: 6s")
    with pytest.raises(LengthError) as caught:
        lay_out(ready(speaker, text), 20 * S)
    assert {"Always here", "The end", "First to come"} <= speaker.asked
    assert "Third to come" not in speaker.asked or caught.value.feasible[1] is not None
    assert caught.value.hint
    assert caught.value.hint.startswith("ask for 0:0")


def test_bounds_are_measured() -> None:
    least, most = extremes(ready(Speaker(2.0)))
    assert least == (2 + 2) * S + S  # two lines of two words, twice as slow, and the shortest pause
    assert most is not None
    assert natural_length(ready(Speaker(2.0))) > natural_length(ready(Speaker(1.0)))
