"""Which sounds of a script cannot sound, and which leave the words hard to hear; each test has its script in it."""

from pathlib import Path

import pytest

from calmcast.diagnostics import Problem, Severity
from calmcast.model.script import Script
from calmcast.model.sound import BedSound, Strike
from calmcast.script.lint.checks import check
from calmcast.script.lint.codes import CODES
from calmcast.script.lint.sounding import Fault, check_sounds, every_bell
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library
from tests.script.lint.test_care import under

WAY_OUT = "  - {title: Out, role: exit, steps: [Take your time., {rest: {about: 9s, most: 1 min}}]}\n"


def loaded(folder: Path, text: str, **segments: str) -> tuple[Script, tuple[Problem, ...]]:
    """Return a script with this text, and segments of their own, composed; and the warnings of that."""
    (folder / "scripts" / "segments").mkdir(parents=True, exist_ok=True)
    (folder / "scripts" / "x.yaml").write_text(f"title: X\n{text}", encoding="utf-8")
    for name, written in segments.items():
        (folder / "scripts" / "segments" / f"{name}.yaml").write_text(written, encoding="utf-8")
    found = Library(Folder(folder)).script("x")
    assert found.script is not None
    assert not [problem for problem in found.problems if problem.severity is Severity.ERROR]
    return found.script, found.problems


def warned(folder: Path, head: str, segments: str) -> list[tuple[str, int]]:
    script, _ = loaded(folder, f"{head}segments:\n{segments}{WAY_OUT}")
    return [(p.code, p.source.line) for p in check(script, ("calm",))]


EVERY = """\
bed: {sound: fog}
bells:
  start: {sound: b1, pitch: A1}
  end: b2
  between: b3
  every: {time: 5 min, sound: b4}
  at:
    - {time: 50 %, file: b5.wav}
segments:
  - use: a
    bed: {file: fog.mp3}
  - a
  - title: T
    bed: fog
    steps:
      - bell: b6
      - {steps: [{bell: b6}], optional: yes}
      - one of: [One., {steps: [Two., {bell: b7}]}]
      - rest: {about: 20s, every: 1 min, check: a}
"""
A = "title: A\nbed: {sound: drone, key: B}\nsteps: [{bell: b8}, Hello.]\n"


def no_strike(strike: Strike) -> Fault | None:
    return f"no {strike.name} at {strike.pitch}", "choose another"


def no_bed(made_of: BedSound) -> Fault | None:
    return f"no {made_of.name} in {made_of.key}", None


def test_each_is_told_once_at_each_place(tmp_path: Path) -> None:
    script, _ = loaded(tmp_path, EVERY, a=A)
    problems = check_sounds(script, no_strike, no_bed)
    assert all(p.severity is Severity.ERROR for p in problems)
    bells = [(under(p), p.source.line, p.message) for p in problems if p.code == "no-such-bell"]
    assert bells == [
        ("b1", 4, "no b1 at A1"), ("b2", 5, "no b2 at None"), ("b3", 6, "no b3 at None"), ("b4", 7, "no b4 at None"),
        ("b5.wav", 9, "no b5.wav at None"), ("b8", 3, "no b8 at None"), ("b6", 17, "no b6 at None"),
        ("b6", 18, "no b6 at None"), ("b7", 19, "no b7 at None"),
    ]  # fmt: skip
    beds = [(under(p), str(p.source), p.message) for p in problems if p.code == "no-such-bed"]
    assert beds == [
        ("fog", "scripts/x.yaml:2:14", "no fog in None"), ("fog.mp3", "scripts/x.yaml:12:17", "no fog.mp3 in None"),
        ("drone", "scripts/segments/a.yaml:2:14", "no drone in B"), ("fog", "scripts/x.yaml:15:10", "no fog in None"),
    ]  # fmt: skip
    assert {p.hint for p in problems if p.code == "no-such-bell"} == {"choose another"}


def test_each_sound_is_asked_of_once(tmp_path: Path) -> None:
    script, _ = loaded(tmp_path, EVERY, a=A)
    struck, laid = list[Strike](), list[BedSound]()
    assert check_sounds(script, struck.append, laid.append) == ()
    assert len(struck) == len(set(struck)) == 8
    assert [bed.name for bed in laid] == ["fog", "fog.mp3", "drone"]
    assert [bell.strike.name for bell in every_bell(script)].count("b6") == 2


def test_no_bed_is_no_fault(tmp_path: Path) -> None:
    script, _ = loaded(tmp_path, "bed: none\nsegments: [{title: T, bed: none, steps: [Hello.]}]\n")
    assert check_sounds(script, no_strike, no_bed) == ()


@pytest.mark.parametrize(
    ("bed", "loud"),
    [
        ("{sound: rain, level: -6 dB}", False),
        ("{sound: rain, level: -5 dB}", True),
        ("{sound: rain, level: -12 dB, dip: 0 dB}", False),
        ("{sound: rain, level: -11 dB, dip: 0 dB}", True),
        ("{file: a.mp3, level: 0 dB, dip: 20 dB}", False),
        ("{file: a.mp3, level: 0 dB, dip: 3 dB}", True),
    ],
)
def test_words_are_heard_over_their_bed(tmp_path: Path, bed: str, loud: bool) -> None:
    expected = [("loud-bed", 2)] if loud else []
    assert warned(tmp_path, f"bed: {bed}\n", "  - {title: T, steps: [Hello., How are you?]}\n") == expected


def test_where_nobody_speaks_a_bed_may_be_loud(tmp_path: Path) -> None:
    steps = "steps: [{bell: soft}, {rest: 30s}]"
    found = warned(tmp_path, "", f"  - {{title: T, role: notice, bed: {{sound: sea, level: 0 dB}}, {steps}}}\n")
    assert found == []


def test_the_words_of_a_breath_are_words(tmp_path: Path) -> None:
    steps = "steps: [{breathe: {in: 4s, out: 6s, rounds: 4, say: {in: In.}}}]"
    found = warned(tmp_path, "", f"  - {{title: T, bed: {{sound: sea, level: 0 dB}}, {steps}}}\n")
    assert found == [("loud-bed", 3)]


def test_a_loud_bed_is_allowed(tmp_path: Path) -> None:
    bed, allow = "bed: {sound: sea, level: 0 dB}", "allow: {loud-bed: it is a song}"
    assert warned(tmp_path, f"{bed}\n{allow}\n", "  - {title: T, steps: [Hello.]}\n") == []
    assert warned(tmp_path, "", f"  - {{title: T, {bed}, {allow}, steps: [Hello.]}}\n") == []


def test_a_segment_s_bed_is_the_one_that_counts(tmp_path: Path) -> None:
    quiet = "bed: {sound: rain, level: -22 dB}"
    script, _ = loaded(
        tmp_path,
        "bed: {sound: sea, level: 0 dB}\nsegments:\n  - a\n  - {use: b, bed: none}\n",
        a=f"title: A\n{quiet}\nsteps: [Hello.]\n",
        b="title: B\nbed: {sound: sea, level: 0 dB}\nsteps: [Hello.]\n",
    )
    assert "loud-bed" not in [p.code for p in check(script, ("calm",))]


def test_bells_leave_time_to_rest(tmp_path: Path) -> None:
    every = "bells: {every: [{time: 29s, sound: soft}, {time: 30s, sound: wood}], at: [{time: 5s, sound: soft}]}\n"
    assert warned(tmp_path, every, "") == [("many-bells", 2)]
    assert warned(tmp_path, f"{every}allow: {{many-bells: to count}}\n", "") == []


def test_levels_that_add_up(tmp_path: Path) -> None:
    script, _ = loaded(
        tmp_path,
        "segments:\n  - {use: a, level: -10 dB}\n  - {title: T, level: 4 dB, steps: [{say: Hello., level: 3 dB}]}\n",
        a="title: A\nlevel: -8 dB\nsteps:\n  - {say: Soft., level: -2 dB}\n  - {say: Softer., level: -3 dB}\n",
    )
    assert [s.traits.level for s in script.segments] == [-18.0, 4.0]
    found = [p for p in check(script, ("calm",)) if p.code == "far-level"]
    assert [(under(p), p.message) for p in found] == [
        ("Softer.", "with the levels around it, this line is 21 dB softer than the voice"),
        ("Hello.", "with the levels around it, this line is 7 dB louder than the voice"),
    ]


@pytest.mark.parametrize(
    ("head", "own", "warned_of"),
    [
        ("", "", True),
        ("bed: rain\n", "", False),
        ("bed: rain\n", "bed: none, ", True),
        ("", "bed: rain, ", False),
        ("bed: none\n", "", True),
    ],
)
def test_a_bed_makes_up_for_an_announcement(tmp_path: Path, head: str, own: str, warned_of: bool) -> None:
    silence = f"  - {{title: T, {own}steps: [Hello., {{rest: {{about: 90s, most: 2 min}}}}]}}\n"
    script, _ = loaded(tmp_path, f"{head}segments:\n{silence}{WAY_OUT}")
    problems = [p for p in check(script, ("calm",)) if p.code == "unannounced-silence"]
    assert bool(problems) == warned_of
    assert all("bed: rain" in (p.hint or "") for p in problems)


def test_a_tone_says_when_to_breathe(tmp_path: Path) -> None:
    steps = "steps: [{{breathe: {{in: 4s, out: 6s, rounds: 4{}}}}}]"
    for tone, found in (("", [("silent-breath", 3)]), (", tone: swell", []), (", tone: none", [("silent-breath", 3)])):
        assert warned(tmp_path, "", f"  - {{title: T, {steps.format(tone)}}}\n") == found


def test_the_bed_of_a_segment_among_steps_is_not_lost_unseen(tmp_path: Path) -> None:
    bedded = "title: A\nbed: sea\nsteps: [Hello.]\n"
    uses = "segments:\n  - {title: T, steps: [{use: a}, {rest: {about: 9s, every: 1 min, check: a}}]}\n"
    _, problems = loaded(tmp_path, uses, a=bedded)
    assert [(p.code, p.severity, under(p)) for p in problems] == [("lost-bed", Severity.WARNING, "a")] * 2
    assert loaded(tmp_path, f"allow: {{lost-bed: it is short}}\n{uses}", a=bedded)[1] == ()
    assert loaded(tmp_path, uses, a=f"{bedded}allow: {{lost-bed: it is short}}\n")[1] == ()


def test_every_code_of_these_warnings_can_be_allowed() -> None:
    assert {"loud-bed", "lost-bed", "far-level", "many-bells"} <= CODES.keys()
