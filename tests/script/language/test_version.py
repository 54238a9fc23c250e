"""A version and what it extends: what is put in, replaced and left out, and how one script leads to the next."""

from pathlib import Path

import pytest

from calmcast.diagnostics import Problem, Severity
from calmcast.model.script import Segment
from calmcast.model.steps import Group, Line
from calmcast.script.lint.sounding import every_bell
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library, LoadedScript

BASE = """\
title: Base
about: What it is.
length: 10 min
voice: calm
options: {knees: {ask: Knees, choices: [as you like, "yes", "no"]}}
segments:
  - title: Welcome
    steps: [Hello, {say: Your knees, when: {knees: "yes"}}]
  - a
  - {use: b, optional: 2}
  - a
  - out
"""
SEGMENTS = {
    "a": "title: First\nsteps: [From a]\n",
    "b": "title: Second\nsteps: [From b]\n",
    "c": "title: Third\nsteps: [From c]\n",
    "out": "title: The way out\nkeep: yes\nrole: exit\nsteps: [Roll over]\n",
    "kept": "title: Kept\nkeep: yes\nsteps: [Kept]\n",
    "looks": "title: Looks\nsteps: [{steps: [{use: check}]}]\n",
    "check": "title: Check\nrole: check\nsteps: [Are you well?]\n",
}


def load(folder: Path, version: str, name: str = "v", **scripts: str) -> LoadedScript:
    """Write the base, its segments and a version of it, and return the version as loaded."""
    (folder / "scripts" / "segments").mkdir(parents=True, exist_ok=True)
    for segment, text in SEGMENTS.items():
        (folder / "scripts" / "segments" / f"{segment}.yaml").write_text(text, encoding="utf-8")
    for script, text in {"base": BASE, name: version, **scripts}.items():
        (folder / "scripts" / f"{script}.yaml").write_text(text, encoding="utf-8")
    return Library(Folder(folder)).script(name)


def names(loaded: LoadedScript) -> list[str]:
    assert loaded.script is not None
    return [segment.name for segment in loaded.script.segments if isinstance(segment, Segment)]


def found(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(str(p.severity), p.code, str(p.source)) for p in problems]


def test_what_is_not_said_is_as_it_was(tmp_path: Path) -> None:
    loaded = load(tmp_path, "extends: base\n")
    script = loaded.script
    assert script is not None
    assert loaded.problems == ()
    assert (script.name, script.title, script.about, script.voice) == ("v", "Base", "What it is.", "calm")
    assert script.lengths == (600 * 44_100,)
    assert names(loaded) == ["Welcome", "a", "b", "a", "out"]
    assert loaded.extends == ("base",)
    assert [file for file, _ in loaded.sources] == [
        "scripts/v.yaml", "scripts/base.yaml", "scripts/segments/a.yaml", "scripts/segments/b.yaml",
        "scripts/segments/out.yaml",
    ]  # fmt: skip


def test_what_is_said_is_changed(tmp_path: Path) -> None:
    text = "extends: base\ntitle: T\nabout: A\nlanguage: de\nvoice: plain\nlength: 5 min\ngap: 2s\n"
    script = load(tmp_path, text).script
    assert script is not None
    assert (script.title, script.about, script.language, script.voice) == ("T", "A", "de", "plain")
    assert (script.lengths, script.gap.natural) == ((300 * 44_100,), 88_200)
    assert str(script.voice_source) == "scripts/v.yaml:5:8"


def test_options_are_merged_field_by_field(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, 'extends: base\noptions: {knees: {default: "yes"}, feet: {ask: F, choices: [warm, cold]}}\n'
    )
    assert loaded.script is not None
    options = {o.name: (o.ask, o.choices, o.usual) for o in loaded.script.options}
    assert options["knees"] == ("Knees", ("as you like", "yes", "no"), "yes")
    assert options["feet"] == ("F", ("warm", "cold"), "warm")
    faulty = load(tmp_path, "extends: base\noptions: {knees: {default: perhaps}, hands: {default: warm}}\n")
    assert [p.code for p in faulty.problems] == ["unknown-choice", "no-choices"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("drop: [Welcome]", ["a", "b", "a", "out"]),
        ("drop: a", ["Welcome", "b", "out"]),
        ("replace: {A: c}", ["Welcome", "c", "b", "c", "out"]),
        ("replace: {welcome: {title: Hi, steps: [Hi]}}", ["Hi", "a", "b", "a", "out"]),
        ("insert: [{after: a, segment: c}]", ["Welcome", "a", "b", "a", "c", "out"]),
        ("insert: [{before: a, segment: c}]", ["Welcome", "c", "a", "b", "a", "out"]),
        ("insert: [{before: WELCOME, segment: {title: In, steps: [In]}}]", ["In", "Welcome", "a", "b", "a", "out"]),
        ("insert: [{after: b, segment: c}, {after: b, segment: kept}]", ["Welcome", "a", "b", "c", "kept", "a", "out"]),
        ("insert: [{before: b, segment: c}, {before: b, segment: a}]", ["Welcome", "a", "c", "a", "b", "a", "out"]),
        (
            "insert: [{after: b, segment: c}, {after: c, segment: kept}, {after: b, segment: check}]",
            ["Welcome", "a", "b", "c", "kept", "check", "a", "out"],
        ),
        ("drop: [b]\ninsert: [{after: b, segment: c}]", ["Welcome", "a", "c", "a", "out"]),
        ("replace: {b: c}\ninsert: [{after: c, segment: kept}]", ["Welcome", "a", "c", "kept", "a", "out"]),
    ],
)  # fmt: skip
def test_segments_change(tmp_path: Path, changes: str, expected: list[str]) -> None:
    loaded = load(tmp_path, f"extends: base\n{changes}\n")
    assert loaded.problems == ()
    assert names(loaded) == expected


def test_a_bare_name_stands_under_the_conditions_of_what_stood_there(tmp_path: Path) -> None:
    script = load(tmp_path, "extends: base\nreplace: {b: c}\n").script
    assert script is not None
    assert [s.traits.rank for s in script.segments] == [None, None, 2, None, None]
    script = load(tmp_path, "extends: base\nreplace: {b: {use: c, optional: 5}}\n").script
    assert script is not None
    assert script.segments[2].traits.rank == 5


@pytest.mark.parametrize(
    ("changes", "expected", "hint"),
    [
        ("replace: {welcom: c}", ("error", "unknown-segment", "scripts/v.yaml:2:11"), "did you mean `Welcome`?"),
        ("insert: [{after: z, segment: c}]", ("error", "unknown-segment", "scripts/v.yaml:2:18"), "there is: Welcome"),
        ("replace: {b: cc}", ("error", "unknown-segment", "scripts/v.yaml:2:14"), ""),
        ("drop: [welcome, zz]", ("warning", "nothing-to-drop", "scripts/v.yaml:2:17"), "there is: Welcome, a, b, out"),
        ("replace: {b: c, B: a}", ("error", "replaced-twice", "scripts/v.yaml:2:17"), "keep one"),
        ("replace: {b: c}\ndrop: [b]", ("error", "replaced-and-dropped", "scripts/v.yaml:3:8"), "keep one"),
    ],
)  # fmt: skip
def test_names_that_the_base_has_not(tmp_path: Path, changes: str, expected: tuple[str, str, str], hint: str) -> None:
    problems = load(tmp_path, f"extends: base\n{changes}\n").problems
    assert found(problems) == [expected]
    assert hint in (problems[0].hint or "")


def test_something_must_be_left(tmp_path: Path) -> None:
    problems = load(tmp_path, "extends: base\ndrop: [Welcome, a, b, out]\n").problems
    assert "nothing-left" in [p.code for p in problems if p.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("drop: [out]", "this leaves out the way out: `out`"),
        ("replace: {out: c}", "this leaves out the way out: `out`"),
        ("replace: {out: check}", "this leaves out the way out: `out`"),
        ("replace: {out: {title: O, role: exit, steps: [Up]}}", None),
        ("replace: {out: {title: O, steps: [{say: Up, role: exit}]}}", None),
        ("replace: {out: {use: c, allow: {safety-segment: they stay}}}", None),
        ("drop: [out]\ninsert: [{after: b, segment: {use: c, role: exit}}]", None),
        ("replace: {a: c}", None),
    ],
)
def test_safety_is_not_left_out_unseen(tmp_path: Path, changes: str, said: str | None) -> None:
    problems = load(tmp_path, f"extends: base\n{changes}\n").problems
    assert [(p.code, p.severity, p.message) for p in problems] == (
        [("safety-segment", Severity.WARNING, said)] if said else []
    )
    assert all(p.hint for p in problems)


def test_safety_inside_used_segments_and_kept_ones(tmp_path: Path) -> None:
    middle = "extends: base\ninsert: [{after: b, segment: looks}, {after: b, segment: kept}]\n"
    problems = load(tmp_path, "extends: m\ndrop: [looks, kept]\n", m=middle).problems
    assert [p.message for p in problems] == [
        "this leaves out a comfort check: `looks`",
        "this leaves out `kept`, which is kept in every track",
    ]


def test_what_is_left_out_is_no_source_and_its_faults_do_not_matter(tmp_path: Path) -> None:
    load(tmp_path, "extends: base\ndrop: [b]\n")
    (tmp_path / "scripts" / "segments" / "b.yaml").write_text("title: B\nsteps: [{puase: 3s}]\n")
    loaded = Library(Folder(tmp_path)).script("v")
    assert loaded.problems == ()
    assert "scripts/segments/b.yaml" not in [file for file, _ in loaded.sources]


def test_a_version_of_a_version(tmp_path: Path) -> None:
    loaded = load(tmp_path, "extends: m\ntitle: V\ndrop: [c]\n", m="extends: base\nabout: M\nreplace: {a: c}\n")
    assert loaded.script is not None
    assert (loaded.script.title, loaded.script.about, loaded.extends) == ("V", "M", ("m", "base"))
    assert names(loaded) == ["Welcome", "b", "out"]
    assert [file for file, _ in loaded.sources][:3] == ["scripts/v.yaml", "scripts/m.yaml", "scripts/base.yaml"]


def test_problems_of_the_base_are_shown_with_its_file(tmp_path: Path) -> None:
    loaded = load(tmp_path, "extends: m\n", m="extends: base\nreplace: {zz: c}\nlenght: 3\n")
    assert [str(p.source) for p in loaded.problems] == ["scripts/m.yaml:2:11", "scripts/m.yaml:3:1"]
    loaded = load(tmp_path, "extends: m\n", m="- no\n")
    assert loaded.script is None
    assert found(loaded.problems) == [("error", "not-a-script", "scripts/m.yaml:1:1")]


def test_a_base_that_is_not_there_is_shown_with_the_whole_chain(tmp_path: Path) -> None:
    (problem,) = load(tmp_path, "extends: basse\n").problems
    assert (problem.code, str(problem.source), problem.hint) == (
        "unknown-script", "scripts/v.yaml:1:10", "did you mean `base`?",
    )  # fmt: skip
    (problem,) = load(tmp_path, "extends: m\n", m="extends: zzz\n").problems
    assert str(problem.source) == "scripts/m.yaml:1:10"
    assert "`v` extends `m` extends `zzz`" in problem.message
    (problem,) = load(tmp_path, "extends: out\n").problems
    assert "is a segment" in (problem.hint or "")


def test_circles_are_shown_whole(tmp_path: Path) -> None:
    loaded = load(tmp_path, "extends: m\n", m="extends: n\n", n="extends: v\n")
    assert loaded.script is None
    assert found(loaded.problems) == [("error", "circle", "scripts/n.yaml:1:10")]
    assert "`v` extends `m` extends `n` extends `v`" in loaded.problems[0].message
    (problem,) = load(tmp_path, "extends: v\n").problems
    assert problem.code == "circle"


def test_chains_have_an_end(tmp_path: Path) -> None:
    chain = {f"n{i}": f"extends: n{i + 1}\n" for i in range(7)} | {"n7": BASE}
    loaded = load(tmp_path, "extends: n0\n", **chain)
    assert loaded.problems == ()
    assert len(loaded.extends) == 8
    (problem,) = load(tmp_path, "extends: v\n", "w", **chain).problems
    assert (problem.code, str(problem.source)) == ("too-deep", "scripts/n6.yaml:1:10")


def test_a_script_that_extends_its_own_name_extends_the_one_that_ships(tmp_path: Path) -> None:
    loaded = load(tmp_path, "extends: psoas-release\ntitle: Mine\n", "psoas-release")
    assert loaded.script is not None
    assert loaded.script.title == "Mine"
    assert len(loaded.script.segments) > 3
    assert [file for file, _ in loaded.sources][:2] == [
        "scripts/psoas-release.yaml", "calmcast:scripts/psoas-release.yaml",
    ]  # fmt: skip
    further = load(tmp_path, "extends: psoas-release\n")
    assert further.script is not None
    assert further.script.title == "Mine"
    assert further.extends == ("psoas-release", "psoas-release")


def test_a_base_next_to_a_script_elsewhere(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.yaml").write_text("extends: base\n")
    (other / "base.yaml").write_text("title: Beside\nsegments: [breath]\n")
    load(tmp_path / "here", "extends: base\n")
    loaded = Library(Folder(tmp_path / "here")).script(str(other / "x.yaml"))
    assert loaded.script is not None
    assert loaded.script.title == "Beside"


def test_ones_own_segment_wins_in_a_shipped_base_too(tmp_path: Path) -> None:
    load(tmp_path, "extends: psoas-release\n")
    (tmp_path / "scripts" / "segments" / "gentle-exit.yaml").write_text("title: My own\nsteps: [Mine]\n")
    script = Library(Folder(tmp_path)).script("v").script
    assert script is not None
    own = next(s for s in script.segments if isinstance(s, Segment) and s.name == "gentle-exit")
    assert isinstance(own.steps[0], Line)
    assert own.steps[0].text == "Mine"


def test_segments_that_use_each_other_are_looked_into_once(tmp_path: Path) -> None:
    """Ten levels of ten uses are ten thousand million steps; to look for safety words each is read once."""
    load(tmp_path, "extends: deep\ndrop: [s0]\n", deep="title: D\nsegments: [s0, a]\n")
    for level in range(10):
        uses = ", ".join(["{use: s" + str(level + 1) + "}"] * 10)
        (tmp_path / "scripts" / "segments" / f"s{level}.yaml").write_text(f"title: S\nsteps: [{uses}]\n")
    (tmp_path / "scripts" / "segments" / "s10.yaml").write_text("title: S\nsteps: [{say: Well?, role: check}]\n")
    loaded = Library(Folder(tmp_path)).script("v")
    assert [p.code for p in loaded.problems] == ["safety-segment"]
    assert names(loaded) == ["a"]
    assert loaded.script is not None
    assert not isinstance(loaded.script.segments[0], Group)


SOUNDING = """\
title: Base
bed: {sound: rain, level: -26 dB}
bells: {start: bowl, every: {time: 5 min, sound: soft}}
stereo: yes
segments:
  - {use: a, bed: sea, level: -3 dB}
  - b
"""


def test_sounds_are_inherited_replaced_and_taken_away(tmp_path: Path) -> None:
    def sounds(version: str) -> tuple[str | None, list[str], bool]:
        script = load(tmp_path, f"extends: base\n{version}", base=SOUNDING).script
        assert script is not None
        bed = script.bed.made_of.name if script.bed and script.bed.made_of else None
        return bed, [bell.strike.name for bell in every_bell(script)], script.stereo

    assert sounds("") == ("rain", ["bowl", "soft"], True)
    assert sounds("bed: drone\n") == ("drone", ["bowl", "soft"], True)
    assert sounds("bed: none\n") == (None, ["bowl", "soft"], True)
    assert sounds("bells: {end: wood}\n") == ("rain", ["wood"], True)
    assert sounds("bells: none\n") == ("rain", [], True)
    assert sounds("stereo: no\n") == ("rain", ["bowl", "soft"], False)


@pytest.mark.parametrize(
    ("change", "bed", "level"),
    [
        ("replace: {a: c}", "sea", -3.0),
        ("replace: {a: {use: c, level: 2 dB}}", None, 2.0),
        ("replace: {a: {use: c, bed: wind}}", "wind", 0.0),
        ("replace: {a: {title: T, bed: wind, steps: [Hello]}}", "wind", 0.0),
        ("drop: [a]\ninsert: [{before: b, segment: {use: c, bed: night}}]", "night", 0.0),
    ],
)
def test_a_bare_name_lies_over_the_bed_of_what_stood_there(
    tmp_path: Path, change: str, bed: str | None, level: float
) -> None:
    script = load(tmp_path, f"extends: base\n{change}\n", base=SOUNDING).script
    assert script is not None
    first = script.segments[0]
    assert (first.bed.made_of.name if first.bed and first.bed.made_of else None, first.traits.level) == (bed, level)
