from pathlib import Path

import pytest

from calmcast.diagnostics import Problem
from calmcast.model.script import Script, Segment
from calmcast.model.sound import Bed, BedSound
from calmcast.model.steps import Line
from calmcast.planning.amounts import leaves
from calmcast.planning.parts import Leaf, parts_of
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library, LoadedScript


def load(folder: Path, **files: str) -> LoadedScript:
    """Write `script` and segments, and return the script as loaded."""
    (folder / "scripts" / "segments").mkdir(parents=True)
    for name, text in files.items():
        place = "scripts/x.yaml" if name == "script" else f"scripts/segments/{name}.yaml"
        (folder / place).write_text(text, encoding="utf-8")
    return Library(Folder(folder)).script("x")


def spoken(script: Script) -> list[tuple[str, Leaf]]:
    """Return the lines of a script, each with what it inherits."""
    return [(leaf.step.text, leaf) for leaf in leaves(parts_of(script).tree) if isinstance(leaf.step, Line)]


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.source)) for problem in problems]


def test_segments_by_name_and_in_place(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nsegments:\n  - a\n  - {title: In place, steps: [Hello, {use: b}]}\n  - {use: b, keep: yes}\n",
        a="title: A\nsteps: [From a, {use: b}]\n",
        b="title: B\nsteps: [From b]\n",
    )
    assert loaded.problems == ()
    assert loaded.script is not None
    assert [text for text, _ in spoken(loaded.script)] == ["From a", "From b", "Hello", "From b", "From b"]
    last = loaded.script.segments[-1]
    assert isinstance(last, Segment)
    assert last.traits.keep
    assert [name for name, _ in loaded.sources] == [
        "scripts/x.yaml",
        "scripts/segments/a.yaml",
        "scripts/segments/b.yaml",
    ]


def test_voices_and_keep_reach_inwards(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nvoice: v1\nsegments: [a, {title: T, voice: v3, steps: [Three, {say: Four, voice: v4}]}]\n",
        a="title: A\nsteps:\n  - One\n  - voice: v2\n    keep: yes\n    steps: [Two]\n",
    )
    assert loaded.script is not None
    assert [(text, leaf.voice, leaf.keep) for text, leaf in spoken(loaded.script)] == [
        ("One", "v1", False), ("Two", "v2", True), ("Three", "v3", False), ("Four", "v4", False),
    ]  # fmt: skip


def test_every_missing_segment_is_shown_with_a_suggestion(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nsegments:\n  - sette\n  - title: T\n    steps:\n      - use: breth\n      - use: breth\n",
    )
    assert codes(loaded.problems) == [
        ("unknown-segment", "scripts/x.yaml:3:5"),
        ("unknown-segment", "scripts/x.yaml:6:14"),
        ("unknown-segment", "scripts/x.yaml:7:14"),
    ]
    assert loaded.problems[0].hint == "did you mean `settle`?"


def test_circles_are_shown_whole(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nsegments: [a]\n",
        a="title: A\nsteps: [Hello, {use: b}]\n",
        b="title: B\nsteps: [Hello, {use: c}]\n",
        c="title: C\nsteps: [Hello, {use: a}]\n",
    )
    assert codes(loaded.problems) == [("circle", "scripts/segments/c.yaml:2:22")]
    assert "`a` uses `b` uses `c` uses `a`" in loaded.problems[0].message


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nlenght: 3\nsegments: [a, b]\n",
        a="title: A\nsteps: [{pause: long}]\n",
        b="title: B\nsteps:\n  - Note: this\n  - [2s] that\n",
    )
    assert codes(loaded.problems) == [
        ("bad-duration", "scripts/segments/a.yaml:2:17"),
        ("colon-in-line", "scripts/segments/b.yaml:3:5"),
        ("opening-sign", "scripts/segments/b.yaml:4:5"),
        ("unknown-key", "scripts/x.yaml:2:1"),
    ]


def test_uses_that_multiply_are_counted_not_made(tmp_path: Path) -> None:
    """Ten levels of ten uses are ten thousand million steps."""
    levels = {f"s{i}": f"title: S\nsteps: [{', '.join(['{use: s' + str(i + 1) + '}'] * 10)}]\n" for i in range(10)}
    loaded = load(tmp_path, script="title: X\nsegments: [s0]\n", **levels, s10="title: S\nsteps: [Hello]\n")
    assert codes(loaded.problems) == [("too-many-steps", "scripts/x.yaml:2:12")]
    assert loaded.script is not None
    first = loaded.script.segments[0]
    assert isinstance(first, Segment)
    assert first.steps == (), "nobody has to look at any of them"


def test_a_chain_of_uses_has_an_end(tmp_path: Path) -> None:
    levels = {f"s{i}": f"title: S\nsteps: [{{use: s{i + 1}}}]\n" for i in range(60)}
    loaded = load(tmp_path, script="title: X\nsegments: [s50]\n", **levels, s60="title: S\nsteps: [Hello]\n")
    assert loaded.problems == ()
    (tmp_path / "scripts" / "x.yaml").write_text("title: X\nsegments: [s0]\n")
    loaded = Library(Folder(tmp_path)).script("x")
    assert codes(loaded.problems) == [("too-deep", "scripts/segments/s11.yaml:2:15")]


def test_deep_groups_in_deep_uses_are_laid_out(tmp_path: Path) -> None:
    """As deep as both limits let it be: 12 segments of groups as deep as a file may be."""
    opening, closing = "{steps: [" * 14, "]}" * 14
    levels = {f"s{i}": f"title: S\nsteps: [{opening}{{use: s{i + 1}}}{closing}]\n" for i in range(11)}
    loaded = load(tmp_path, script="title: X\nsegments: [s0]\n", **levels, s11="title: S\nsteps: [Hello]\n")
    assert loaded.problems == ()
    assert loaded.script is not None
    assert len(spoken(loaded.script)) == 1


def test_a_script_elsewhere_brings_its_own_segments(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "segments").mkdir(parents=True)
    (other / "x.yaml").write_text("title: X\nsegments: [settle]\n")
    (other / "segments" / "settle.yaml").write_text("title: Mine\nsteps: [Mine]\n")
    loaded = Library(Folder(tmp_path / "empty")).script(str(other / "x.yaml"))
    assert loaded.script is not None
    assert [segment.title for segment in loaded.script.segments if isinstance(segment, Segment)] == ["Mine"]


@pytest.mark.parametrize("name", ["x/../x", "../x"])
def test_names_never_leave_the_workspace(tmp_path: Path, name: str) -> None:
    loaded = load(tmp_path, script=f"title: X\nsegments: [{name}]\n")
    assert codes(loaded.problems) == [("bad-name", "scripts/x.yaml:2:12")]


def test_the_bed_of_the_place_wins_over_that_of_the_segment(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nbed: rain\nsegments: [a, {use: a, bed: wind}, {use: a, bed: none}, b, {use: b, bed: wind}]\n",
        a="title: A\nbed: {sound: sea, level: -30 dB}\nsteps: [From a]\n",
        b="title: B\nsteps: [From b]\n",
    )
    assert loaded.problems == ()
    assert loaded.script is not None
    sea, wind = Bed(BedSound("sea"), -30.0), Bed(BedSound("wind"))
    assert [segment.bed for segment in loaded.script.segments] == [sea, wind, Bed(None), None, wind]


def test_levels_of_places_and_segments_add_up(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        script="title: X\nsegments: [a, {use: a, level: -3 dB}, {title: T, steps: [{use: a, level: 2 dB}]}]\n",
        a="title: A\nlevel: -4 dB\nsteps: [From a]\n",
    )
    assert loaded.script is not None
    *segments, last = loaded.script.segments
    assert [segment.traits.level for segment in segments] == [-4.0, -7.0]
    assert isinstance(last, Segment)
    assert last.steps[0].traits.level == -2.0
