"""What steps are built of."""

import pytest

from calmcast.diagnostics import Problem
from calmcast.model.steps import Line, OneOf, Quiet
from calmcast.script.language.builder import build_segment
from calmcast.script.language.reader import read
from calmcast.units import SAMPLE_RATE as S
from tests.planning.scripts import one_segment, shape


def built(step: str) -> tuple[OneOf | None, tuple[Problem, ...]]:
    node, problems = read(f"title: A\nsteps:\n  - {step}\n".encode(), "x.yaml")
    assert not problems
    segment, problems = build_segment(node, "x", "x.yaml")
    step_ = segment.steps[0] if segment and segment.steps else None
    return (step_ if isinstance(step_, OneOf) else None), problems


def variant(step: str) -> tuple[Line | Quiet, ...]:
    """Return what the first variant of a `one of` holds."""
    one_of, problems = built(step)
    assert problems == ()
    assert one_of
    group = one_of.variants[0]
    found = tuple(part for part in group.steps if isinstance(part, Line | Quiet))
    assert len(found) == len(group.steps)
    return found


def said(parts: tuple[Line | Quiet, ...]) -> list[str | float]:
    return [part.text if isinstance(part, Line) else part.natural / S for part in parts]


def test_a_line_of_a_one_of_may_open_and_close_with_a_silence() -> None:
    assert said(variant('one of: [{steps: ["One. [2s]", Two.]}]')) == ["One.", 2, "Two."]
    assert said(variant('one of: [{steps: ["[1s] One. [2s] [3s]", "Two. [4s]"]}]')) == [1, "One.", 2, 3, "Two.", 4]
    assert said(variant("one of:\n      - steps:\n          - One. [2s]\n          - Two.")) == ["One.", 2, "Two."]
    assert said(variant('one of: ["One. [2s]", Two.]')) == ["One.", 2]


def test_what_such_a_line_carries_stays_with_it() -> None:
    line, silence, other = variant(
        'one of: [{steps: [{say: "One. [2s]", id: first, voice: plain, when: {knees: yes}}, Two.]}]'
    )
    assert (line.traits.id, line.traits.voice, silence.traits.id) == ("first", "plain", None)
    assert line.traits.when == silence.traits.when
    assert line.traits.when
    assert not other.traits.when


def test_such_a_line_is_laid_out_in_its_place() -> None:
    from calmcast.planning.choice import natural_length
    from calmcast.planning.layout import lay_out

    script = one_segment('one of: [{steps: ["One two. [2s]", Three four.]}, Five.]', "pause: 5s")
    assert shape(lay_out(script, natural_length(script)))[:3] == [("line", 1), ("hold", 2), ("line", 1)]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("one of: [{steps: [{steps: [One.]}, Two.]}]", "`one of` holds lines"),
        ("one of:\n      - steps:\n          - steps:\n              - One.", "`one of` holds lines"),
        ('one of: [{steps: [{say: "One. [2s]", optional: 1}, Two.]}]', "nothing is optional"),
    ],
)
def test_what_a_one_of_cannot_hold(step: str, message: str) -> None:
    _, problems = built(step)
    assert {(problem.code, message in problem.message) for problem in problems} == {("one-of", True)}
