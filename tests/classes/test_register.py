"""What must last of a class: read with suspicion, never written over where it is damaged, the same for two at once."""

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from calmcast.classes.load import load_class
from calmcast.classes.register import (
    Asked,
    Enrolment,
    Register,
    Roll,
    both,
    read_register,
    register_path,
    write_register,
)
from calmcast.errors import PublishError
from calmcast.store.store import RECORDING
from calmcast.workspace.workspace import Workspace
from tests.cli.test_damaged_json import DAMAGES
from tests.conftest import Calmcast

ASKED = Asked("rest", 60, (("head", "high"),), "calm rain", "Rest")
ENROLMENT = Enrolment("rest-1min", "urn:uuid:1", "2026-03-02T08:30:00+00:00", gone=False, asked=ASKED)
MARA = Roll("mara", "clients/abc", "id", "00", "2026-03-02T08:30:00+00:00", (ENROLMENT,))
WHOLE = Register(sets=(Roll("", "", "", "", "", ()), MARA))
SCRIPT = (
    "title: Rest\nlength: 20s\nsegments: [{title: Lie, steps: [Lie down., {rest: 5s}]}]\nallow: {no-way-out: a test}\n"
)
CLASS = "title: Tuesday\nurl: https://example.org/\ntracks: [rest]\nfor:\n  Mara: {}\n"


@pytest.fixture
def place(workspace: Path) -> Path:
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    (workspace / "scripts" / "classes" / "tuesday.yaml").write_text(CLASS, encoding="utf-8")
    return workspace


def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.register.json"
    assert read_register(path) == Register(sets=())
    write_register(path, WHOLE)
    assert read_register(path) == WHOLE


def test_two_registers_become_one_that_loses_nothing() -> None:
    other = Enrolment("sit-1min", "urn:uuid:2", "", gone=False, asked=ASKED)
    more = Register(
        sets=(Roll("mara", "clients/other", "", "", "", (other, ENROLMENT)), Roll("bo", "clients/bo", "", "", "", ()))
    )
    found = both(WHOLE, more)
    assert [roll.client for roll in found.sets] == ["mara", "bo", ""]
    mara = found.roll("mara")
    assert mara
    assert (mara.folder, mara.tracks) == ("clients/abc", (ENROLMENT, other))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("sets", 1, "folder"), "clients/../.."),
        (("sets", 1, "folder"), "/etc"),
        (("sets", 1, "folder"), ""),
        (("sets", 0, "folder"), "clients/abc"),
        (("sets", 1, "client"), ""),
        (("sets", 1, "feed_changed"), "soon"),
        (("sets", 1, "tracks", 0, "file"), "../up"),
        (("sets", 1, "tracks", 0, "file"), "A"),
        (("sets", 1, "tracks", 0, "came"), "2026-03-02"),
        (("sets", 1, "tracks", 0, "gone"), "no"),
        (("sets", 1, "tracks", 0, "asked", "samples"), "60"),
        (("sets", 1, "tracks", 0, "asked", "choices"), [["head"]]),
        (("sets", 1, "tracks"), None),
        (("format",), "1"),
    ],
)
def test_what_is_wrong_in_it_is_told(tmp_path: Path, where: tuple[str | int, ...], value: object) -> None:
    path = tmp_path / "a.register.json"
    write_register(path, WHOLE)
    content = json.loads(path.read_text(encoding="utf-8"))
    inner = content
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PublishError, match="damaged"):
        read_register(path)
    path.write_text(json.dumps(content | {"format": 2}), encoding="utf-8")
    with pytest.raises(PublishError, match="newer calmcast"):
        read_register(path)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_is_told_before_anything_is_spoken_and_stays_as_it_is(
    place: Path, calmcast: Calmcast, damage: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "nothing"))
    register = place / "scripts/classes/tuesday.register.json"
    write_register(register, WHOLE)
    damaged = damage(register.read_bytes())
    register.write_bytes(damaged)
    for command in (("playlist", "tuesday"), ("playlist", "tuesday", "--prune"), ("plan", "tuesday")):
        done = calmcast(*command)
        assert done.code == 6
        assert "tuesday.register.json is damaged" in done.err
        assert "backup" in done.err
    assert register.read_bytes() == damaged
    assert Workspace.at(place).store.info().number(RECORDING) == 0
    assert not (place / "output").exists()


def test_without_output_all_that_lasts_is_the_same(place: Path, calmcast: Calmcast) -> None:
    assert calmcast("playlist", "tuesday").code == 0
    before = {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    shutil.rmtree(place / "output")
    assert calmcast("playlist", "tuesday").code == 0
    assert {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_two_at_once_agree(place: Path, calmcast_process: Calmcast) -> None:
    codes = list[int]()
    threads = [
        threading.Thread(target=lambda: codes.append(calmcast_process("playlist", "tuesday").code)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0]
    register = read_register(place / "scripts/classes/tuesday.register.json")
    assert [roll.client for roll in register.sets] == ["", "mara"]
    assert [path.parent.name for path in (place / "output/tuesday/clients").glob("*/index.html")] == [
        Path(register.sets[1].folder).name
    ]
    assert all(entry.came for roll in register.sets for entry in roll.tracks)


def test_it_is_no_class_and_no_script(place: Path, calmcast: Calmcast) -> None:
    calmcast("playlist", "tuesday")
    assert {path.name for path in (place / "scripts/classes").iterdir()} == {
        "tuesday.yaml", "tuesday.register.json", ".calmcast.lock"
    }  # fmt: skip
    assert calmcast("check").code == 0
    assert "register" not in calmcast("classes").out + calmcast("scripts").out


def test_that_of_a_class_that_ships_lies_in_the_workspace(workspace: Path, calmcast: Calmcast) -> None:
    here = Workspace.at(workspace)
    place = register_path(here.folder, load_class(here, "after-class"))
    assert place == workspace / "scripts" / "classes" / "after-class.register.json"


@pytest.mark.usefixtures("modes_hold")
def test_a_folder_that_cannot_be_written(place: Path, calmcast: Calmcast) -> None:
    folder = place / "scripts/classes"
    folder.chmod(0o500)
    done = calmcast("playlist", "tuesday")
    folder.chmod(0o700)
    assert done.code == 6
    assert "may not be written" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
@pytest.mark.parametrize("name", ["tuesday.register.json", ".calmcast.lock"])
def test_what_a_stranger_put_in_its_place_is_left_alone(place: Path, calmcast: Calmcast, name: str) -> None:
    strange, own = place / "scripts/classes" / name, place.parent / "own"
    os.mkfifo(strange)  # who opened it would wait for ever
    assert (calmcast("playlist", "tuesday").code, "is no file" in calmcast("playlist", "tuesday").err) == (6, True)
    strange.unlink()
    strange.symlink_to(own)
    calmcast("playlist", "tuesday")
    assert not own.exists()


def test_one_that_is_gone_is_told(place: Path, calmcast: Calmcast) -> None:
    said = "every track is new"
    assert said not in calmcast("playlist", "tuesday").err
    (place / "scripts" / "classes" / "tuesday.register.json").unlink()
    run = calmcast("playlist", "tuesday")
    assert run.code == 0
    assert said in run.err
