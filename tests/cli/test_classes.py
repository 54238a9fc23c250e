"""Classes on the command line: written, checked, listed and planned."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.conftest import Calmcast


@pytest.fixture
def tuesday(workspace: Path, calmcast: Calmcast) -> Path:
    script = "title: Rest\nlength: 1 min\nsegments:\n  - title: Lie\n    steps: [Lie down., {rest: 30s}]\n"
    (workspace / "scripts" / "rest.yaml").write_text(script, encoding="utf-8")
    (workspace / "scripts" / "classes").mkdir()
    path = workspace / "scripts" / "classes" / "tuesday.yaml"
    tracks = "  - {script: rest, lengths: [1 min, 90s], note: N}\n  - {script: rest, title: Again}\n"
    path.write_text(f"title: Tuesday\ntracks:\n{tracks}for: {{Mara: {{voice: plain}}}}\n", encoding="utf-8")
    return path


def test_a_new_class_is_sound_and_can_be_planned(workspace: Path, calmcast: Calmcast) -> None:
    done = calmcast("new", "my class", "--class", "--track", "seated-pause", "--title", 'The "slow" one: it')
    assert done.code == 0
    path = workspace / "scripts" / "classes" / "my class.yaml"
    assert str(path.name) in done.out
    assert done.err == ""
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["title"] == 'The "slow" one: it'
    assert calmcast("check", "my class").code == 0
    again = calmcast("new", "my class", "--class")
    assert again.code == 6
    assert "there already" in again.err


def test_all_that_a_new_class_shows_as_comments_is_right(workspace: Path, calmcast: Calmcast) -> None:
    calmcast("new", "tuesday", "--class")
    path = workspace / "scripts" / "classes" / "tuesday.yaml"
    head, rest = path.read_text(encoding="utf-8").split("title:", 1)
    path.write_text("title:" + rest.replace("\n# ", "\n").replace("\n#  ", "\n "), encoding="utf-8")
    done = calmcast("check", "tuesday", "--json")
    assert [p for p in done.json["problems"] if p["file"].endswith("tuesday.yaml")] == []
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["for"]["Mara"]["options"]
    assert head


def test_what_goes_with_a_class(calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("new", "a", "--track", "seated-pause").code == 2
    assert calmcast("new", "a", "--class", "--from", "seated-pause").code == 2
    assert calmcast("new", "a", "--class", "--track", "seated-pase").code == 2


def test_check_tells_slips_of_a_class_with_their_places(tuesday: Path, calmcast: Calmcast) -> None:
    done = calmcast("check", "tuesday")
    assert (done.code, "1 class: 0 errors" in done.out) == (0, True)
    tuesday.write_text("title: T\ntracks:\n  - rset\n  - {script: rest, lenghts: 3}\n", encoding="utf-8")
    done = calmcast("check", "tuesday")
    assert done.code == 2
    assert "tuesday.yaml:3:5: error: there is no script `rset`" in done.err
    assert "    ^^^^" in done.err or "      ^^^^" in done.err
    assert "tuesday.yaml:4:20: error: a track has no `lenghts`" in done.err
    assert calmcast("check", "tuesday", "--length", "5").code == 2


def test_a_plan_of_all_tracks(tuesday: Path, calmcast: Calmcast, tmp_path: Path) -> None:
    done = calmcast("plan", "tuesday")
    assert done.code == 0
    assert "rest-1min.mp3" in done.out
    assert "rest-1min30s.mp3" in done.out
    assert "again-1min.mp3" in done.out
    assert re.search(r"2  Rest +1 min 30 s", done.out)
    assert "3 tracks: 3:30 in all" in done.out
    assert "Tuesday, for Mara" in done.out
    plan = calmcast("plan", "tuesday", "--json").json
    assert [each["client"] for each in plan["sets"]] == [None, "Mara"]
    assert [track["samples"] for track in plan["sets"][0]["tracks"]] == [44_100 * s for s in (60, 90, 60)]
    assert plan["sets"][0]["bytes"] == sum(track["bytes"] for track in plan["sets"][0]["tracks"])
    drawn = calmcast("plan", "tuesday", "--svg", tmp_path / "p.svg")
    assert drawn.code == 0
    words = " ".join(ElementTree.parse(tmp_path / "p.svg").getroot().itertext())
    assert words.count("for Mara") >= 3
    assert "3 tracks, 3:30 in all" in words
    assert calmcast("plan", "tuesday", "--length", "5").code == 2


def test_a_plan_by_estimate_speaks_nothing(
    tuesday: Path, calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "nothing"
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    done = calmcast("plan", "tuesday", "--estimate")
    assert done.code == 0
    assert "(estimated)" in done.out
    assert not [*store.rglob("recording-*")]


def test_a_track_that_cannot_be_is_told_and_the_others_planned(tuesday: Path, calmcast: Calmcast) -> None:
    tuesday.write_text("title: T\ntracks:\n  - {script: rest, lengths: [1 min, 1s]}\n", encoding="utf-8")
    done = calmcast("plan", "tuesday")
    assert done.code == 3
    assert "rest-1min.mp3" in done.out
    assert "track 2, Rest" in done.err


def test_classes_are_listed(tuesday: Path, calmcast: Calmcast) -> None:
    rows = {row["name"]: row for row in json.loads(calmcast("classes", "--json").out)["classes"]}
    assert rows["tuesday"] == {
        "name": "tuesday", "title": "Tuesday", "tracks": "3", "for": "Mara", "about": "", "from": "you"
    }  # fmt: skip
    assert rows["after-class"]["from"] == "calmcast"
    tuesday.write_text("title: T\n", encoding="utf-8")
    assert "cannot be read" in calmcast("classes").out


def test_a_class_is_no_script(tuesday: Path, calmcast: Calmcast) -> None:
    done = calmcast("render", "tuesday")
    assert done.code == 2
    assert "calmcast playlist tuesday" in done.err
