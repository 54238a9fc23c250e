"""What a listener may miss in a track, as warnings: from scripts whose words last half a second each."""

from pathlib import Path

import pytest

from calmcast.diagnostics import Problem, SourceRef
from calmcast.planning.layout import lay_out
from calmcast.script.language.fields import warning
from calmcast.track.time_warnings import facts, once, told
from calmcast.units import SAMPLE_RATE
from tests.conftest import Calmcast
from tests.planning.scripts import measure

MINUTE = 60 * SAMPLE_RATE
GAP = "{about: 0.5s, least: 0.4s, most: 0.6s}"
QUIET = "{title: Quiet, steps: [I'll be quiet now., rest: 1 min]}"
OUT = "{title: Out, role: exit, steps: [Come back.]}"


def codes(segments: str, minutes: float, guidance: str = "medium", head: str = "") -> list[str]:
    """Return the codes of what is told of a track, in alphabetical order."""
    return sorted(problem.code for problem in found(segments, minutes, guidance, head))


def found(segments: str, minutes: float, guidance: str = "medium", head: str = "") -> tuple[Problem, ...]:
    measured = measure(f"title: T\ngap: {GAP}\n{head}segments: [{segments}]\n")
    timeline = lay_out(measured, round(minutes * MINUTE))
    return told(facts(measured.script, timeline), measured.script, guidance)


def set_up(words: int, silence_s: float) -> str:
    """Return a part that sets up: so many words in lines of four, then a silence."""
    lines = ", ".join(["Find a soft pillow."] * (words // 4))
    return f"{{title: Set up, role: setup, steps: [{lines}, hold: {silence_s}s]}}"


def test_four_minutes_without_a_check() -> None:
    assert codes(f"{QUIET}, {OUT}", 4) == []
    (problem,) = found(f"{QUIET}, {OUT}", 10)
    assert problem.code == "no-check"
    assert problem.message.startswith("at 10 min, nobody asks after comfort from 0:00 to 9:5")
    assert codes(f"{QUIET}, {OUT}", 10, head="allow: {no-check: they sit}\n") == []


def test_what_an_estimate_leaves_in_doubt_is_not_told() -> None:
    measured = measure(f"title: T\ngap: {GAP}\nsegments: [{QUIET}, {OUT}]\n")
    for seconds, expected in ((260, []), (290, ["no-check"])):
        about = facts(measured.script, lay_out(measured, seconds * SAMPLE_RATE))
        spoken, guessed = (told(about, measured.script, "medium", by_estimate=by) for by in (False, True))
        assert [problem.code for problem in spoken] == ["no-check"]
        assert [problem.code for problem in guessed] == expected


def test_every_stretch_without_a_check_in_one_sentence() -> None:
    check = "{title: Check, role: check, steps: [Comfortable?]}"
    (problem,) = found(f"{QUIET}, {check}, {QUIET}, {OUT}", 12)
    assert problem.message.count("from ") == 2
    assert ", nor from 6:" in problem.message


def test_sleep_needs_no_check_and_no_announcement() -> None:
    sleep = "{title: Night, role: sleep, steps: [Good night., rest: 1 min]}"
    assert codes(sleep, 30) == []
    assert codes(sleep.replace("role: sleep, ", ""), 30) == ["no-check", "unannounced-silence"]


def test_a_check_late_in_a_track_that_ends_in_sleep() -> None:
    check = "{title: Check, role: check, steps: [Comfortable?]}"
    sleep = "{title: Night, role: sleep, steps: [Good night., hold: 10s]}"
    assert codes(f"{QUIET}, {check}, {sleep}", 3) == ["late-check"]
    (problem,) = found(f"{QUIET}, {check}, {sleep}", 3)
    assert "begins at 2:4" in problem.message
    assert codes(f"{QUIET}, {check}, {OUT}", 3) == []
    assert codes(f"{check}, {QUIET}, {sleep}", 3) == []


def test_a_silence_that_comes_round_is_told_of_once() -> None:
    round_ = "{title: R, repeat: 3, steps: [Here we are., pause: 70s]}"
    (problem,) = found(f"{round_}, {OUT}", 3.6)
    assert problem.code == "unannounced-silence"
    assert problem.message.endswith("is not announced, nor 2 more from here")


@pytest.mark.parametrize(
    ("words", "silence_s", "hurried"),
    [(150, 35, True), (150, 37, False), (60, 11, True), (60, 13, False), (32, 0.5, False), (400, 0.5, True)],
)
def test_setting_up_without_time(words: int, silence_s: float, hurried: bool) -> None:
    """At ten minutes 60 s are silent where 75 s are said, less where less is asked; under 60 % of that it is told."""
    check = "{title: Check, role: check, repeat: 1 or more, steps: [Comfortable? Quiet now., rest: 50s]}"
    assert ("hurried-setup" in codes(f"{set_up(words, silence_s)}, {check}, {OUT}", 10)) == hurried


def test_a_short_track_has_no_time_to_set_up() -> None:
    short = f"{set_up(120, 1)}, {{title: C, role: check, steps: [Comfortable?]}}, {QUIET}, {OUT}"
    assert codes(short, 3.9) == []
    assert codes(short, 4.2) == ["hurried-setup"]


def test_the_share_of_silence_where_somebody_is_set_up_to_rest() -> None:
    check = "{title: C, role: check, repeat: 1 or more, steps: [Comfortable? I'll be quiet., rest: 2 min]}"
    silent = f"{set_up(8, 10)}, {check}, {OUT}"
    (problem,) = found(silent, 10)
    assert problem.code == "silence-share"
    assert "9" in problem.message.split("%")[0]
    assert problem.message.endswith("guided rests of that length have 48% to 62%")
    assert problem.hint
    assert "say a little more" in problem.hint
    assert codes(silent, 10, "less") == []
    assert codes(silent.replace("role: setup, ", ""), 10) == []
    assert codes(silent, 40) == []
    words = ", ".join(["One two three."] * 30)
    spoken = f"{{title: C, role: check, repeat: 1 or more, steps: [{words}, rest: 10s]}}"
    assert codes(f"{set_up(8, 10)}, {spoken}, {OUT}", 10) == ["silence-share"]


def test_nobody_is_looked_after_where_nobody_speaks() -> None:
    assert codes("{title: Bells, steps: [bell: soft, rest: 1 min, bell: soft]}", 20) == []


def test_what_is_told_of_several_tracks_is_told_once() -> None:
    here, there = SourceRef("a.yaml", 1, 1), SourceRef("b.yaml", 1, 1)
    no_check, other = warning("no-check", "at 5 min, m", here), warning("no-check", "at 5 min, n", there)
    every = [(5 * MINUTE, [no_check]), (10 * MINUTE, [no_check]), (10 * MINUTE, [no_check]), (5 * MINUTE, [other])]
    assert [problem.message for problem in once(every)] == ["at 5 min, m (also at 10 min)", "at 5 min, n"]
    assert once(every, [no_check]) == (other,)


HURRIED = """\
title: Hurried
length: 10 min
segments:
  - title: Quiet
    steps: [I'll be quiet for a while., rest: 1 min]
  - {title: Feelings, role: notice, steps: [A feeling may come.]}
  - {title: Out, role: exit, steps: [Come back in your own time.]}
"""


@pytest.fixture
def hurried(workspace: Path) -> Path:
    path = workspace / "scripts" / "hurried.yaml"
    path.write_text(HURRIED, encoding="utf-8")
    return path


def test_check_tells_it_at_the_scripts_own_length_and_speaks_nothing(
    calmcast: Calmcast, hurried: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "store"))
    run = calmcast("check", "hurried")
    assert "at 10 min (by estimate), nobody asks after comfort from 0:00 to 9:" in run.err
    assert run.out.endswith("1 script: 0 errors, 1 warning\n")
    assert calmcast("check", "hurried", "--strict").code == 2
    assert not list((tmp_path / "store").rglob("recording-*"))
    hurried.write_text(HURRIED.replace("length: 10 min", "length: 3 min"), encoding="utf-8")
    assert calmcast("check", "hurried", "--strict").code == 0
    hurried.write_text(HURRIED.replace("length:", "allow: {no-check: they sit}\nlength:"), encoding="utf-8")
    assert calmcast("check", "hurried", "--strict").code == 0


def test_check_of_a_length_tells_of_that_alone(calmcast: Calmcast, hurried: Path) -> None:
    run = calmcast("check", "hurried", "-l", "3")
    assert "nobody asks" not in run.err
    run = calmcast("check", "hurried", "-l", "5,6,3")
    assert run.err.count("nobody asks") == 1
    assert "(also at 6 min)" in run.err


def test_render_tells_it_of_the_lengths_that_it_makes(calmcast: Calmcast, hurried: Path) -> None:
    run = calmcast("render", "hurried", "-l", "5,6,3")
    assert run.err.count("nobody asks after comfort") == 1
    assert "scripts/hurried.yaml:1:1: warning: at 5 min, nobody asks after comfort from 0:00 to 4:" in run.err
    assert "by estimate" not in run.err
    assert "title: Hurried" not in run.err
    run = calmcast("render", "hurried", "-l", "5,3", "--json")
    assert run.err == ""
    long, short = run.json["tracks"]
    assert [told["code"] for told in long["warnings"]] == ["no-check"]
    assert long["warnings"][0].keys() == {"code", "severity", "message", "hint", "file", "line", "column"}
    assert short["warnings"] == []


def test_a_class_tells_it_of_its_tracks(calmcast: Calmcast, hurried: Path) -> None:
    folder = hurried.parent / "classes"
    folder.mkdir()
    (folder / "week.yaml").write_text("title: Week\ntracks: [{script: hurried, lengths: [5 min, 3 min]}]\n")
    run = calmcast("playlist", "week")
    assert run.code == 0
    assert run.err.count("at 5 min, nobody asks after comfort") == 1
    tracks = calmcast("playlist", "week", "--json").json["sets"][0]["tracks"]
    assert [[told["code"] for told in track["warnings"]] for track in tracks if track["number"]] == [["no-check"], []]
