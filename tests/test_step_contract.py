"""What every step of the grammar does, from the words of a script to the check of a finished track.

A new row of `STEPS` is tested by being there; one that no code knows (`zwirl`) shows that a silent step needs no more.
"""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from calmcast.diagnostics import Problem
from calmcast.model.manifest import Manifest
from calmcast.model.script import Script, every_line, every_step
from calmcast.model.steps import Plain
from calmcast.model.timeline import Event, Silence, Spoken, Struck, Timeline, TrackInfo
from calmcast.planning.amounts import sayings
from calmcast.planning.choice import natural_length
from calmcast.planning.layout import feasible_lengths, lay_out
from calmcast.planning.parts import parts_of
from calmcast.publish.manifest import Mastering, decode, encode, manifest_of
from calmcast.publish.pictures.picture import Ribbon, svg
from calmcast.publish.tagged import Digests
from calmcast.script.edit.changes import _segment_in_words
from calmcast.script.language import strays
from calmcast.script.language.builder import build_script, build_segment
from calmcast.script.language.grammar import STEPS, TRAITS
from calmcast.script.language.kinds import Element, Field, Kind
from calmcast.script.language.nodes import Mapping
from calmcast.script.language.reader import read
from calmcast.script.language.reference import schema
from calmcast.script.language.steps import parse_field
from calmcast.script.lint.checks import check_parts
from calmcast.script.lint.placed import placed
from calmcast.script.lint.safety import check_announcements
from calmcast.script.lint.spoken import check_words
from calmcast.units import SAMPLE_RATE
from tests.planning.scripts import measure, script_of

S = SAMPLE_RATE
ZWIRL = Element(
    "zwirl",
    "Time to zwirl.",
    "- zwirl: 20s",
    (Field("time", Kind.DURATION, "How long.", "20s", required=True),),
    shorthand="time",
    silence="fixed",
)
SHIPPED = tuple(row for row in STEPS if row.name != "use")
"""`use` is another segment's steps: it is gone once a script is composed."""
ROWS = (*SHIPPED, ZWIRL)
SILENT = tuple(row for row in ROWS if row.silence)
EXAMPLES = {
    "bell": "- bell: soft",
    "one of": "- one of: [Let your back be wide., Let your back rest.]",
    "steps": "- steps: [Let go., pause: 2s]",
    "rest": "- rest: {about: 20s, least: 10s}",
    "say": "- say: Let your shoulders soften.",
}
"""For rows whose own example has several, or names files."""


@pytest.fixture(autouse=True)
def _a_row_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(strays.STEP_ELEMENTS, ZWIRL.name, ZWIRL)


def step(row: Element) -> str:
    """Return an example of a step, as it stands behind the hyphen."""
    return EXAMPLES.get(row.name, row.example.split("\n")[0]).removeprefix("- ")


def script(row: Element, **traits: str) -> str:
    """Return a script with a line, the step, a line and a rest; `traits` stand on a group around the step."""
    carried = "".join(f"        {name}: {value}\n" for name, value in traits.items())
    return (
        "title: A\nsegments:\n  - title: One\n    steps:\n      - Before it.\n      - steps:\n"
        f"          - {step(row)}\n{carried}      - After it.\n      - rest: {{about: 30s, least: 10s}}\n"
    )


def carrying(row: Element, trait: str) -> str:
    """Return that script, with something that the step itself carries."""
    return script(row).replace(f"          - {step(row)}\n", f"          - {step(row)}\n            {trait}\n")


def laid_out(text: str) -> Timeline:
    measured = measure(text)
    return lay_out(measured, natural_length(measured))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_is_read_and_laid_out_to_the_sample(row: Element) -> None:
    measured = measure(script(row))
    least, _ = feasible_lengths(measured)
    for samples in (least, natural_length(measured), 3 * natural_length(measured)):
        timeline = lay_out(measured, samples)
        events = sorted(timeline.events, key=lambda event: event.start)
        assert max(event.start + event.samples for event in events) == samples
        silences = [event for event in events if isinstance(event, Silence)]
        assert all(a.start + a.samples <= b.start for a, b in pairwise(silences))


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_a_silent_row_has_the_fields_of_its_kind(row: Element) -> None:
    fields = [(field.name, field.kind, field.required) for field in row.fields]
    if row.silence == "fixed":
        assert (row.shorthand, fields) == ("time", [("time", Kind.DURATION, True)])
    else:
        glue = [("about", Kind.DURATION, True), ("least", Kind.DURATION, False), ("most", Kind.DURATION, False)]
        assert (row.shorthand, fields[:3]) == ("about", glue)
        assert row.silence == "filling" or fields == glue


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_example_of_each_field_can_be_read(row: Element) -> None:
    for field in row.fields:
        if field.kind in (Kind.STEPS, Kind.SPEECH):
            continue  # steps of any kind, and lines, which the other tests read
        wrong: list[Problem] = []
        node, _ = read(f"field: {field.example}\n".encode(), "x.yaml")
        assert isinstance(node, Mapping)
        assert parse_field(node.entries[0][1], field, wrong) is not None
        assert not wrong


def test_a_fixed_row_without_its_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(ZWIRL, fields=(replace(ZWIRL.fields[0], name="long"),), shorthand="long")
    monkeypatch.setitem(strays.STEP_ELEMENTS, ZWIRL.name, wrong)
    with pytest.raises(TypeError, match="`zwirl`"):
        script_of(script(ZWIRL))


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_a_silent_step_is_a_silence_of_its_kind(row: Element) -> None:
    timeline = laid_out(script(row))
    kinds = [event.kind for event in timeline.events if isinstance(event, Silence)]
    assert row.name in kinds
    exact = laid_out(script(row).replace(step(row), f"{row.name}: 20s"))
    assert 882_000 in {e.samples for e in exact.events if isinstance(e, Silence) and e.kind == row.name}
    if row.silence == "fixed":
        for text in (script(row), script(row).replace("30s", "90s")):
            lengths = {e.samples for e in laid_out(text).events if isinstance(e, Silence) and e.kind == row.name}
            assert len(lengths) == 1


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_a_silent_step_that_lost_its_colon_is_told_and_nothing_else_of_it(row: Element) -> None:
    read_as = script_of(script(row).replace(step(row), f"{row.name} 20s"))
    found = [(p.code, p.hint) for p in (*check_parts(read_as), *check_words(read_as, ()))]
    assert found == [("spoken-step", f"a silence is written - {row.name}: 20s")]


@pytest.mark.parametrize("written", ["", " 20", " soon", " [20s]"])
@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_a_slip_in_it_is_told_in_the_words_that_stand_there(row: Element, written: str) -> None:
    (problem,) = problems(script(row).replace(step(row), f"{row.name}:{written}"))
    told = f"{problem.message}; {problem.hint}"
    assert not re.search(r"`(time|about)`|write (time|about):", told), (
        "the field that a shorthand stands for was not written"
    )
    assert f"`{row.name}`" in told or f"`{written.strip()}`" in told


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_words_behind_its_name_and_a_colon_may_have_been_meant_as_a_line(row: Element) -> None:
    line = f"{row.name.title()}: let it all go."
    (problem,) = problems(script(row).replace(step(row), line))
    assert problem.hint == (
        f'did you mean - {row.name}: {row.fields[0].example}? A line that has a colon stands in quotes: - "{line}"'
    )


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row.name)
def test_the_schema_for_editors_takes_what_check_takes(row: Element) -> None:
    validator = Draft202012Validator(schema())
    assert not list(validator.iter_errors(yaml.safe_load(script(row))))
    checked = any(field.name == "check" for field in row.fields)  # what it says may be louder or softer
    for trait in (trait for trait in TRAITS if trait.name != "level" or not checked):
        text = carrying(row, f"{trait.name}: {trait.example}")
        refused = {"misplaced-key", "silent-level"} & {*codes(text)}
        assert validator.is_valid(yaml.safe_load(text)) == (not refused), f"`{trait.name}` on `{row.name}`"


@pytest.mark.parametrize("row", [row for row in SHIPPED if row.silence], ids=lambda row: row.name)
def test_the_glossary_has_it(row: Element) -> None:
    glossary = Path(__file__).parents[1] / "docs" / "glossary.md"
    assert re.search(rf"\*\*[^*|]*\b{row.name}\b", glossary.read_text(encoding="utf-8")), "say it in docs/glossary.md"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_picture_shows_it(row: Element) -> None:
    timeline = laid_out(script(row))
    without = laid_out(script(row).replace(f"          - {step(row)}\n", "          - hold: 1s\n"))
    assert svg("A", [Ribbon(timeline, "1 min")]).startswith("<svg")
    sounds = len(timeline.events) - len(timeline.silences) > len(without.events) - len(without.silences)
    assert sounds == (not row.silence)
    assert (described_as(timeline) != described_as(without)) == sounds, "tell of it in `_told` of publish/pictures"


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row.name)
def test_a_long_silence_that_nothing_announces_is_told(row: Element) -> None:
    text = script(row).replace(step(row), f"{row.name}: 5 min")
    found = [problem for _, problem in check_announcements(placed(script_of(text)))]
    assert [problem.code for problem in found] == ["unannounced-silence"]


@pytest.mark.parametrize("row", [row for row in ROWS if not row.silence], ids=lambda row: row.name)
def test_words_or_a_bell_before_a_long_silence_are_no_silence_themselves(row: Element) -> None:
    text = script(row).replace("rest: {about: 30s, least: 10s}", "rest: {about: 5 min, least: 10s}")
    found = [problem for _, problem in check_announcements(placed(script_of(text)))]
    assert [problem.code for problem in found] == ["unannounced-silence"]
    announced = text.replace("- After it.", "- I will be quiet for a while.")
    assert not list(check_announcements(placed(script_of(announced))))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_sounds_has_a_level_and_a_silence_has_none(row: Element) -> None:
    text = carrying(row, "level: 3 dB")
    own = any(field.name == "level" for field in row.fields)
    assert codes(text) == (["silent-level"] if row.silence else ["misplaced-key"] if own else [])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_one_of_holds_what_sounds_or_is_silent_by_itself(row: Element) -> None:
    text = f"title: A\nsegments:\n  - title: One\n    steps:\n      - one of:\n        - steps: [One., {step(row)}]\n"
    node, _ = read(f"title: A\nsteps:\n  - {step(row)}\n".encode(), "x.yaml")
    segment, _ = build_segment(node, "x", "x.yaml")
    assert segment
    plain = isinstance(segment.steps[0], Plain) and row.silence != "filling"
    assert codes(text) == ([] if plain else ["one-of"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_line_inside_it_is_spoken_and_every_condition_on_it_is_met(row: Element) -> None:
    text = f"{script(row, when='{support: low}')}options: {{support: {{ask: A, choices: [low, high]}}}}\n"
    kept, left_out = script_of(text, support="low"), script_of(text, support="high")
    assert len(list(every_step(kept))) > len(list(every_step(left_out)))
    said = {line.pieces for line in sayings(parts_of(kept).tree).values()}
    assert said == {line.pieces for line in every_line(kept)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_manifest_says_it_and_verify_reads_it_back(row: Element) -> None:
    timeline = laid_out(script(row))
    manifest = described(timeline)
    assert decode(encode(manifest), "x") == manifest
    assert [(event.start, event.samples, event.kind) for event in manifest.events] == [
        (event.start, event.samples, kind(event)) for event in timeline.events
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_diff_says_that_it_has_gone(row: Element) -> None:
    was, now = script_of(script(row)), script_of(script(replace(row, name="pause", example="- pause: 1s")))
    assert told(was) != told(now) or row.name == "pause"


def described_as(timeline: Timeline) -> str:
    """Return what the picture says in words of what is in it."""
    found = re.search(r"<desc[^>]*>(.*?)</desc>", svg("A", [Ribbon(timeline, "1 min")]), re.DOTALL)
    assert found
    return found[1]


def described(timeline: Timeline) -> Manifest:
    info = TrackInfo("A", "calmcast", "A", "", "en-US", "calm")
    bells = [e.strike for e in timeline.events if isinstance(e, Struck)]
    mastering = Mastering(96, {}, {}, {}, dict.fromkeys(bells, -23.0))
    return manifest_of(
        info, timeline, script="a", options={}, sources={}, voices={}, mastering=mastering, versions={},
        digests=Digests("", "0" * 64, ""),
    )  # fmt: skip


def problems(text: str) -> list[Problem]:
    node, found = read(text.encode(), "x.yaml")
    _, more = build_script(node, "x", "x.yaml")
    return [*found, *more]


def codes(text: str) -> list[str]:
    return [problem.code for problem in problems(text)]


def told(of: Script) -> list[str]:
    return [line for segment in of.chapters for line in _segment_in_words(segment)]


def kind(event: Event) -> str:
    if isinstance(event, Silence):
        return event.kind
    return "line" if isinstance(event, Spoken) else "bell"
