import json
from pathlib import Path

import pytest
from tools.bench.measure import Taken, peaks
from tools.bench.report import Measured, markdown, shape, text
from tools.bench.rows import ROWS, Row, Unit
from tools.bench.scene import Lab, Scene

from calmcast.store.folder import FolderStore
from calmcast.store.store import content_key


def measured(
    unit: Unit, ours: float, peer: float | None, must: float | None = 0.5, aim: float | None = 0.25
) -> Measured:
    row = Row("some", "one | the other", lambda lab: Taken(0), None, must, aim, unit)
    return Measured(row, (Taken(9 * ours, 1), Taken(ours, 2), Taken(0, 3)), (Taken(peer, 1.5),) if peer else ())


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (measured("x", 1, 4), "aim"),
        (measured("x", 1, 3), "must"),
        (measured("x", 1, 1), "no"),
        (measured("x", 1, None), ""),
        (measured("s", 0.2, 0.1), "aim"),
        (measured("s", 0.6, None), "no"),
        (measured("MB", 400_000, 1), "must"),
        (measured("MB", 600_000, 1, aim=None), "no"),
        (measured("x", 1, 4, must=None, aim=None), ""),
    ],
)
def test_the_median_is_held_to_what_is_expected(found: Measured, holds: str) -> None:
    assert found.holds == holds


def test_a_table_has_every_row_and_is_filled() -> None:
    table = markdown([measured("x", 1, 4), measured("s", 0.6, None)]).splitlines()
    assert table[2] == r"| one \| the other | 1.00 s | 4.00 s | 0.25 x | 0.50 x | 0.25 x | aim | 2.00 s | 1.50 s |"
    assert table[3] == r"| one \| the other | 0.60 s | – | – | 0.5 s | 0.25 s | no | 2.00 s | – |"
    assert table[-1].startswith("Median of 3, ")
    assert "150 MB" in text([measured("MB", 150e6, 90e6)])


def test_programs_are_told_every_round() -> None:
    (told,) = json.loads(shape([measured("x", 1, 4)]))["rows"]
    assert told["ours"] == {"median": 1, "rounds": [9, 1, 0], "cpu_s": 2}
    assert (told["ratio"], told["holds"]) == (0.25, "aim")
    assert json.loads(shape([measured("s", 1, None)]))["rows"][0]["peer"] is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_sound(row: Row) -> None:
    assert [each.name for each in ROWS].count(row.name) == 1
    assert row.aim is None or row.must is None or row.aim < row.must
    assert row.peer or row.unit == "s"


def test_a_fresh_scene_has_what_is_kept_and_nothing_that_was_made(tmp_path: Path) -> None:
    lab, key = Lab(tmp_path), content_key("frames", 1)

    def make(scene: Scene) -> None:
        FolderStore(scene.store).put(key, b"kept")
        for made in (scene.desk / "output" / "a.mp3", scene.home / ".cache" / "calmcast" / "stamps" / "a"):
            made.parent.mkdir(parents=True)
            made.touch()

    scene = lab.once("scene", make)
    assert lab.once("scene", lambda scene: pytest.fail("made twice")) == scene
    FolderStore(lab.fresh(scene).store).put(content_key("frames", 2), b"new")
    fresh = lab.fresh(scene)
    assert FolderStore(fresh.store).get(key) == b"kept"
    assert {len([*FolderStore(each.store).info().holdings]) for each in (scene, fresh)} == {1}
    assert [path.name for path in fresh.folder.rglob("a*") if path.is_file()] == []


@pytest.mark.real
def test_memory_is_told_of_calmcast_and_of_those_that_speak(tmp_path: Path) -> None:
    scene = Lab(tmp_path).once("scene", lambda scene: None)
    own, others = peaks(scene, "say Hello. -v plain -o hello.wav")
    assert 20e6 < others < own < 300e6
    assert peaks(scene, "--help")[1] == 0
