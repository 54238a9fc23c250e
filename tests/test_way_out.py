"""The short track that only brings one out: what it is made of, what a version makes of it, and where there is none."""

import json
from pathlib import Path

import pytest

from calmcast.publish.titles import spoken_length
from tests.conftest import Calmcast

REST = """\
title: Rest
length: 1 min
options: {head: {ask: Under the head, choices: [low, high]}}
segments:
  - title: Lie
    steps:
      - Lie down.
      - {say: Rest it high., when: {head: high}}
      - rest: 20s
  - {title: Feelings, role: notice, steps: [A feeling may come.]}
  - {title: Out, role: exit, steps: [The usual way., {pause: 2s}]}
way-out: back
"""
BACK = """\
title: Coming back early
options: {shaking: {ask: What is shaken, choices: [hands, all]}}
steps:
  - Good that you listen to yourself.
  - {say: Shake your hands., when: {shaking: hands}}
  - {say: Shake all over., when: {shaking: all}}
  - pause: {about: 30s, most: 1 min}
"""


@pytest.fixture
def rest(workspace: Path) -> Path:
    """A script whose way out is a segment of its own."""
    scripts = workspace / "scripts"
    (scripts / "segments" / "back.yaml").write_text(BACK, encoding="utf-8")
    (scripts / "rest.yaml").write_text(REST, encoding="utf-8")
    return scripts / "rest.yaml"


def made(calmcast: Calmcast, *arguments: str) -> tuple[str, list[str]]:
    """Return the title of the track that brings one out, which says its length too, and what is said in it."""
    run = calmcast("exit", *arguments, "--json")
    assert run.code == 0, run.err
    manifest = json.loads(Path(run.json["tracks"][0]["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    title, length = manifest["title"].rsplit(", ", 1)
    assert length == spoken_length(manifest["samples"])
    return title, [event["text"] for event in manifest["events"] if event.get("text")]


def test_it_is_made_of_the_segment_that_the_script_names(calmcast: Calmcast, rest: Path) -> None:
    title, said = made(calmcast, "rest")
    assert title == "Coming back early: Rest"
    assert said == ["Good that you listen to yourself.", "Shake your hands."]
    _, said = made(calmcast, "rest", "--set", "shaking=all")
    assert said[-1] == "Shake all over."


def test_it_is_no_part_of_the_track_itself(calmcast: Calmcast, rest: Path) -> None:
    plan = calmcast("plan", "rest", "--json").json
    assert [chapter["title"] for chapter in plan["chapters"]] == ["Lie", "Feelings", "Out"]
    assert "listen to yourself" not in json.dumps(plan)
    assert plan["options"].keys() == {"guidance", "head", "shaking"}


def test_where_it_has_no_title_of_its_own_that_speaks_the_language_of_the_script(
    calmcast: Calmcast, rest: Path, workspace: Path
) -> None:
    german = "language: de\nallow: {other-language: only for tests}\n"
    rest.write_text(REST.replace("way-out: back\n", german), encoding="utf-8")
    assert made(calmcast, "rest")[0] == "Früher zurückkommen: Rest"
    (workspace / "calmcast.yaml").write_text('strings: {de: {come-back: "Sanft zurück"}}\n', encoding="utf-8")
    assert made(calmcast, "rest")[0] == "Sanft zurück: Rest"


def test_without_one_it_is_made_of_the_exit(calmcast: Calmcast, rest: Path) -> None:
    rest.write_text(REST.replace("way-out: back\n", ""), encoding="utf-8")
    assert made(calmcast, "rest") == ("Coming back early: Rest", ["The usual way."])
    rest.write_text(REST.replace("way-out: back\n", "").replace("role: exit, ", ""), encoding="utf-8")
    run = calmcast("exit", "rest")
    assert run.code == 2
    assert "rest has no way out that can stand alone" in run.err


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("{use: back, bed: rain}", "Coming back early: Rest"),
        ("{title: Up from the rest, steps: [Good., Shake your hands.]}", "Up from the rest"),
    ],
)
def test_it_is_written_as_any_segment(calmcast: Calmcast, rest: Path, written: str, title: str) -> None:
    rest.write_text(REST.replace("way-out: back", f"way-out: {written}"), encoding="utf-8")
    assert made(calmcast, "rest")[0] == title


def test_it_is_checked_as_part_of_the_script(calmcast: Calmcast, rest: Path) -> None:
    assert calmcast("check", "rest", "--strict").code == 0
    segment = rest.parent / "segments" / "back.yaml"
    segment.write_text(BACK.replace("Good that you listen", "You must listen"), encoding="utf-8")
    assert "scripts/segments/back.yaml:4:5: warning: `you must` is a command" in calmcast("check", "rest").err
    segment.write_text(BACK.replace("shaking: all", "shaking: alll"), encoding="utf-8")
    assert "`alll` is none of the choices of `shaking`" in calmcast("check", "rest").err
    rest.write_text(REST.replace("way-out: back", "way-out: bakc"), encoding="utf-8")
    run = calmcast("check", "rest")
    assert run.code == 2
    assert "scripts/rest.yaml:12:10: error: there is no segment `bakc`" in run.err
    assert "did you mean `back`?" in run.err
    rest.write_text(REST.replace("way-out: back", "way_out: back"), encoding="utf-8")
    assert "did you mean `way-out`?" in calmcast("check", "rest").err


def test_it_does_not_stand_in_for_what_the_track_lacks(calmcast: Calmcast, rest: Path) -> None:
    """The track itself has its own exit, and something in it that grows."""
    segment = rest.parent / "segments" / "back.yaml"
    segment.write_text(BACK.replace("title:", "role: exit\ntitle:") + "  - rest: 10s\n", encoding="utf-8")
    rest.write_text(REST.replace("role: exit, ", "").replace("rest: 20s", "pause: 20s"), encoding="utf-8")
    codes = [problem["code"] for problem in calmcast("check", "rest", "--json").json["problems"]]
    assert {"missing-exit", "no-rest"} <= {*codes}


def test_a_version_has_it_too_or_another(calmcast: Calmcast, rest: Path) -> None:
    version = rest.parent / "mine.yaml"
    version.write_text("extends: rest\ntitle: Mine\n", encoding="utf-8")
    assert made(calmcast, "mine") == (
        "Coming back early: Mine",
        ["Good that you listen to yourself.", "Shake your hands."],
    )
    version.write_text("extends: rest\ntitle: Mine\nway-out: {title: Up, steps: [Up we go.]}\n", encoding="utf-8")
    assert made(calmcast, "mine") == ("Up: Mine", ["Up we go."])
    assert "way-out: back -> Up" in calmcast("diff", "mine").out


def test_a_copy_has_a_copy_of_it(calmcast: Calmcast, rest: Path) -> None:
    run = calmcast("new", "copied", "--from", "rest", "--copy")
    assert run.code == 0, run.err
    assert "way-out: copied-back" in (rest.parent / "copied.yaml").read_text(encoding="utf-8")
    assert made(calmcast, "copied")[0] == "Coming back early: Rest"


def test_the_sheet_asks_for_its_lines(calmcast: Calmcast, rest: Path, workspace: Path) -> None:
    assert calmcast("record", "sheet", "rest").code == 0
    (sheet,) = workspace.rglob("sheet.txt")
    assert "Good that you listen to yourself." in sheet.read_text(encoding="utf-8")


def test_choices_that_leave_nothing_of_it_are_named(calmcast: Calmcast, rest: Path) -> None:
    rest.write_text(
        REST.replace("way-out: back\n", "").replace("role: exit, ", "role: exit, when: {head: low}, "),
        encoding="utf-8",
    )
    run = calmcast("exit", "rest", "--set", "head=high")
    assert run.code == 2
    assert "with head: high, rest has no way out" in run.err
    assert calmcast("exit", "rest", "--set", "head=low").code == 0


def test_a_class_says_once_that_tracks_have_none(calmcast: Calmcast, rest: Path) -> None:
    sit = "title: Sit\nlength: 20s\nsegments: [{title: S, steps: [Sit., rest: 5s]}]\n"
    (rest.parent / "sit.yaml").write_text(sit, encoding="utf-8")
    rest.write_text(REST.replace("back\n", "{title: Up, when: {head: low}, steps: [Up.]}\n"), encoding="utf-8")
    folder = rest.parent / "classes"
    folder.mkdir()
    tracks = "tracks: [rest, sit, {script: rest, options: {head: high}}, {script: sit, lengths: 30s}]\n"
    (folder / "week.yaml").write_text(f"title: Week\n{tracks}", encoding="utf-8")
    expected = (
        "warning: some tracks will have no way to come back early: sit has no way out that can stand alone; "
        "with head: high, rest has no way out\n"
    )
    for command in ("check", "playlist"):
        run = calmcast(command, "week")
        assert run.code == 0, run.err
        assert run.err.count("come back early") == 1
        assert expected in run.err
    assert "1 way out" in run.out
    allowed = sit.replace("length:", "allow: {no-way-out: they sit}\nlength:")
    (rest.parent / "sit.yaml").write_text(allowed, encoding="utf-8")
    assert "early: with head: high, rest has no way out\n" in calmcast("check", "week").err


def test_a_way_out_that_cannot_be_made_is_told_of(calmcast: Calmcast, rest: Path) -> None:
    cue = "breathe: {in: 1s, out: 4s, rounds: 2, say: {in: Breathe in slowly through your nose.}}"
    rest.write_text(REST.replace("back\n", f"{{title: Up, steps: [{cue}]}}\n"), encoding="utf-8")
    folder = rest.parent / "classes"
    folder.mkdir()
    (folder / "week.yaml").write_text("title: Week\ntracks: [rest]\n", encoding="utf-8")
    run = calmcast("playlist", "week")
    assert run.code == 2
    assert "the way out of rest, cannot be made: a breath's words are longer than its count" in run.err
    assert "1 track, " in run.out
