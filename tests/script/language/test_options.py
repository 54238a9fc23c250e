"""What a script leaves open, and what a choice leaves of it."""

from pathlib import Path

import pytest

from calmcast.errors import ScriptError
from calmcast.model.script import Script, every_line
from calmcast.model.steps import Line
from calmcast.script.language.options import check_options, choose, chosen, settle
from tests.script.language.test_compose import codes, load

HEAD = "options:\n  head: {ask: Support, choices: [low bolster, high bolster]}\n  knees: {choices: [no, yes]}\n"


def script(folder: Path, steps: str, options: str = HEAD, **segments: str) -> Script:
    loaded = load(folder, script=f"title: X\n{options}segments:\n  - title: One\n    steps:\n{steps}", **segments)
    assert loaded.problems == ()
    assert loaded.script is not None
    return loaded.script


def said(script: Script, **values: str) -> list[str]:
    return [line.text for line in every_line(settle(script, choose(script.options, values)))]


def test_when_all_any_and_not(tmp_path: Path) -> None:
    steps = """
      - Always
      - {say: High, when: {head: high bolster}}
      - {say: High with knees, when: {head: high bolster, knees: yes}}
      - {say: Either, when: {head: [low bolster, high bolster]}}
      - {say: Not high, when: {not: {head: high bolster}}}
      - {say: High and not with knees, when: {head: HIGH Bolster, not: {knees: yes}}}
"""
    made = script(tmp_path, steps)
    assert said(made) == ["Always", "Either", "Not high"]
    assert said(made, head="High  Bolster") == ["Always", "High", "Either", "High and not with knees"]
    assert said(made, head="high bolster", knees="yes") == ["Always", "High", "High with knees", "Either"]


def test_when_on_groups_uses_rests_cues_and_variants(tmp_path: Path) -> None:
    steps = """
      - when: {knees: yes}
        steps: [A, {pause: 2s}]
      - {use: b, when: {head: low bolster}}
      - one of: [One, {say: Two, when: {knees: yes}}]
      - rest: {about: 30s, every: 60s, check: c}
      - breathe: {in: 4s, out: 4s, rounds: 2, say: {in: "In with the {head}."}}
"""
    made = script(
        tmp_path,
        steps,
        b="title: B\nwhen: {knees: yes}\nsteps: [B]\n",
        c="title: C\nwhen: {knees: yes}\nsteps: [C]\n",
    )
    assert said(made) == ["One", "In with the low bolster."]
    assert said(made, knees="yes") == ["A", "B", "One", "Two", "C", "In with the low bolster."]
    assert said(made, knees="yes", head="high bolster") == ["A", "One", "Two", "C", "In with the high bolster."]


def test_values_in_words_and_titles(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script=f"title: With {{head}}\n{HEAD}segments:\n  - title: On the {{head}}\n    steps:\n"
        "      - The {head} holds you.\n",
    )
    assert loaded.script is not None
    settled = settle(loaded.script, choose(loaded.script.options, {}))
    assert settled.title == "With low bolster"
    assert settled.segments[0].title == "On the low bolster"  # type: ignore[union-attr]  # composed
    assert said(loaded.script) == ["The low bolster holds you."]


def test_what_is_left_of_nothing_is_refused(tmp_path: Path) -> None:
    made = script(tmp_path, "      - {say: A, when: {knees: yes}}\n")
    with pytest.raises(ScriptError, match="nothing is left"):
        said(made)
    assert said(made, knees="yes") == ["A"]


def test_segments_bring_their_options_and_the_script_may_change_the_default(tmp_path: Path) -> None:
    segment = (
        "title: A\noptions: {head: {ask: Support, choices: [low, high]}}\nsteps: [{say: High, when: {head: high}}, B]\n"
    )
    loaded = load(
        tmp_path,
        script="title: X\noptions: {head: high, guidance: {default: less}}\nsegments: [a]\n",
        a=segment,
    )
    assert loaded.problems == ()
    assert loaded.script is not None
    assert said(loaded.script) == ["High", "B"]
    assert choose(loaded.script.options, {})["guidance"] == "less"
    head = next(option for option in loaded.script.options if option.name == "head")
    assert (head.ask, head.usual) == ("Support", "high")


@pytest.mark.parametrize(
    ("options", "segments", "expected"),
    [
        ("{head: {default: low}}", "[a]", []),
        ("{head: {default: lwo}}", "[a]", [("unknown-choice", "scripts/x.yaml:2:11")]),
        ("{haed: {default: low}}", "[a]", [("no-choices", "scripts/x.yaml:2:11")]),
        ("{}", "[a, b]", [("other-choices", "scripts/segments/b.yaml:2:11")]),
        ("{guidance: {default: most}}", "[a]", [("unknown-choice", "scripts/x.yaml:2:11")]),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: str, segments: str, expected: list[tuple[str, str]]) -> None:
    loaded = load(
        tmp_path,
        script=f"title: X\noptions: {options}\nsegments: {segments}\n",
        a="title: A\noptions: {head: {choices: [low, high]}}\nsteps: [A]\n",
        b="title: B\noptions: {head: {choices: [flat, high]}}\nsteps: [B]\n",
    )
    assert codes(loaded.problems) == expected


def test_unknown_options_and_values_are_found_wherever_they_stand(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script=f"""title: X
{HEAD}segments:
  - title: One
    when: {{hed: low bolster}}
    steps:
      - say: A
        when: {{head: lo bolster}}
      - say: The {{haed}} there.
      - say: B
        when: {{not: {{nees: no}}}}
""",
    )
    assert loaded.script is not None
    found = check_options(loaded.script)
    assert sorted((problem.code, problem.source.line) for problem in found) == [
        ("unknown-choice", 10), ("unknown-option", 7), ("unknown-option", 11), ("unknown-option", 13),
    ]  # fmt: skip
    assert {"did you mean `head`?", "did you mean `low bolster`?", "did you mean `knees`?"} == {p.hint for p in found}


def test_choices_that_cannot_be_are_all_named(tmp_path: Path) -> None:
    made = script(tmp_path, "      - A\n")
    with pytest.raises(ScriptError) as caught:
        choose(made.options, {"hed": "low", "knees": "yep"})
    assert "no option `hed`" in caught.value.message
    assert "`yep` is none of the choices of `knees`" in caught.value.message
    assert "did you mean `head`?" in (caught.value.hint or "")


def test_only_what_differs_is_a_variant(tmp_path: Path) -> None:
    made = script(tmp_path, "      - A\n")
    values = choose(made.options, {"HEAD": "high bolster", "knees": "no"})
    assert chosen(made.options, values) == (("head", "high bolster"),)


def test_lines_keep_their_place(tmp_path: Path) -> None:
    made = script(tmp_path, '      - "{knees}, said the head"\n')
    settled = settle(made, choose(made.options, {}))
    line = next(iter(every_line(settled)))
    assert isinstance(line, Line)
    assert (line.text, line.source.line) == ("no, said the head", 8)
