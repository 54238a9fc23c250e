"""Killed at any moment while something is brought in, added or removed, calmcast loses nothing that was there."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from calmcast.speech.models.installed import find
from calmcast.store.folder import FolderStore
from tests.cli.test_record import LINES, OWN, take
from tests.cli.test_store import grow_old
from tests.conftest import Calmcast
from tests.speech.toy_model import build_toy_voice
from tests.track.test_killed import NOW, assert_sound, assert_whole, files_in, killed, steps_of

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="there are no groups of processes to kill"),
]


def test_while_readings_are_imported(workspace: Path, calmcast: Calmcast, tmp_path: Path) -> None:
    """Every recording stays, and the ledger is the one before or the one after."""
    steps = "".join(f"  - {line}\n  - pause: 2s\n" for line in LINES[:3])
    script = f"title: Mine\nvoice: my-recordings\nsegments:\n- title: All\n  role: exit\n  steps:\n{steps}"
    (workspace / "scripts" / "mine.yaml").write_text(script, encoding="utf-8")
    assert calmcast("record", "sheet", "mine").code == 0
    for _ in range(2):
        assert calmcast("record", "import", take(workspace, LINES[:2], "earlier.wav")).code == 0
    kept, backup, later = workspace / OWN, tmp_path / "backup", take(workspace, LINES[:3], "later.wav")
    shutil.copytree(kept, backup)
    command, before = ("record", "import", str(later)), files_in(kept)
    number = steps_of(command)
    after, times = files_in(kept), 0
    moments = [("", 1 + number * moment // 12) for moment in range(12)]
    for ending, at in [*moments, *((ending, at) for ending in (".wav", ".bak", ".json") for at in (1, 2))]:
        shutil.rmtree(kept)
        shutil.copytree(backup, kept)
        was_running = killed(command, ending, at)
        times += was_running
        left = files_in(kept)
        assert left.keys() >= before.keys(), (ending, at)
        assert_whole(left, [before, after])
        if left["takes.json"] == before["takes.json"]:
            assert calmcast(*command).code == 0
        now = files_in(kept)
        assert {name: now[name] for name in after} == after
        assert all(name.startswith(".calmcast-") for name in now.keys() - after.keys())
    assert times > 12


def test_while_the_store_is_trimmed(workspace: Path, calmcast: Calmcast, tmp_path: Path, in_own: Path) -> None:
    render, trim, output = (
        ("render", "rest", "-l", "1 min", "-v", "plain"),
        ("store", "trim", "--to", "100 KB"),
        "output",
    )
    (workspace / "scripts" / "rest.yaml").write_text(NOW, encoding="utf-8")
    assert calmcast(*render).code == 0
    whole, backup = files_in(workspace / output), tmp_path / "backup"
    grow_old(in_own)
    shutil.copytree(in_own, backup)
    number = steps_of(trim)
    assert FolderStore(in_own).info().size_bytes <= 100_000
    for moment in range(12):
        for folder in (in_own, workspace / output):
            shutil.rmtree(folder)
        shutil.copytree(backup, in_own)
        assert killed(trim, "", 1 + number * moment // 12)
        assert FolderStore(in_own).verify() == ()
        assert calmcast(*trim).code == 0
        assert_sound(in_own)
        assert calmcast(*render).code == 0
        assert files_in(workspace / output) == whole


@pytest.fixture
def in_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own."""
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.mark.real
@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("sherpa_onnx", "onnx")),
    reason="sherpa-onnx, or onnx, which builds the test's model, is not installed",
)
def test_while_a_voice_is_added_in_place_of_another(
    workspace: Path, calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is here stays until the other is; where it had given up its name, it gets it again."""
    models, backup = tmp_path / "models", tmp_path / "backup"
    monkeypatch.setenv("CALMCAST_MODELS", str(models))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    add = ("voices", "add", "--from", str(build_toy_voice(tmp_path, "made")), "--name", "toy-voice", "--yes", "--force")
    assert calmcast(*add).code == 0
    shutil.copytree(models, backup)
    voice, there = files_in(models / "toy-voice"), 0
    number = steps_of(add)
    moments = [("", 1 + number * moment // 5) for moment in range(5)]
    for ending, at in [*moments, *(("toy-voice", at) for at in (1, 2, 3))]:
        shutil.rmtree(models)
        shutil.copytree(backup, models)
        killed(add, ending, at)
        if find("toy-voice"):
            there += 1
            assert files_in(models / "toy-voice").keys() == voice.keys()
        refused = calmcast("voices", "add", "--from", str(workspace), "--name", "toy-voice", "--yes", "--force")
        assert refused.code == 4, "an empty folder is no voice"
        assert find("toy-voice") is not None
        assert calmcast(*add).code == 0
        assert files_in(models / "toy-voice").keys() == voice.keys()
        assert list(models.glob(".*-*")) == []
    assert there < len(moments) + 3, "it was killed where neither had the name"
