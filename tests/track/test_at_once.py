"""Two commands of a kind at the same time in one workspace: both end well, and what lies there is as of one alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from calmcast.takes.ledger import load_ledger
from tests.classes.test_playlist import CLASS, LIE, OUT, REST, SIT
from tests.cli.test_record import LINES, OWN, script, take
from tests.conftest import Calmcast
from tests.track.test_killed import Files, files_in

__all__ = ["script"]

Command = tuple[str, ...]
SECRET = 26
"""Letters of such a name."""


def at_once(commands: Sequence[Command], folder: Path, store: Path) -> list[tuple[int, str]]:
    """Return how each command ends, and what it complains of."""
    env = os.environ | {"CALMCAST_STORE": str(store)}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "calmcast", *command],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    ended = []
    for process in running:
        _, complaint = process.communicate(timeout=120)
        ended.append((process.returncode, complaint))
    return ended


def without_secrets(files: Files) -> Files:
    """Return files with the name of the one client's folder, which nobody can guess, as `SECRET`."""
    names = {name for path in files if (name := Path(path).parts[2:3]) and "clients" in path and len(name[0]) == SECRET}
    assert len(names) < 2, "there is one client"
    secret = next(iter(names), ("no clients",))[0]
    return {path.replace(secret, "SECRET"): data.replace(secret.encode(), b"SECRET") for path, data in files.items()}


@pytest.mark.long
@pytest.mark.parametrize(
    "commands",
    [
        [("render", "rest", "-l", "30s,45s")] * 2,
        [("render", "rest", "-l", "30s"), ("render", "sit", "-l", "30s")],
        [("plan", "rest"), ("render", "rest", "-l", "30s")],
        [("playlist", "tuesday")] * 2,
        [("playlist", "tuesday"), ("render", "rest")] * 2,
    ],
    ids=["renders", "other renders", "plan and render", "playlists", "playlists and renders"],
)
def test_what_two_make_is_what_one_makes(workspace: Path, tmp_path: Path, commands: list[Command]) -> None:
    texts = {"segments/lie": LIE, "segments/out": OUT, "rest": REST, "sit": SIT, "classes/tuesday": CLASS}
    (workspace / "scripts" / "classes").mkdir()
    for name, text in texts.items():
        (workspace / "scripts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    made = list[Files]()
    for number, groups in enumerate(([[command] for command in dict.fromkeys(commands)], [commands])):
        folder = Path(shutil.copytree(workspace, tmp_path / str(number) / "classes"))
        for group in groups:
            for code, complaint in at_once(group, folder, tmp_path / f"store-{number}"):
                assert code == 0, complaint
        made.append(without_secrets(files_in(folder / "output")))
    alone, together = made
    assert [name for name, data in together.items() if data != alone.get(name)] == []
    assert alone.keys() == together.keys()


@pytest.mark.long
@pytest.mark.usefixtures("script")
def test_what_two_bring_in_is_there_once(calmcast: Calmcast, workspace: Path, tmp_path: Path) -> None:
    calmcast("record", "sheet", "mine")
    brought = take(workspace, LINES)
    for code, complaint in at_once([("record", "import", str(brought))] * 2, workspace, tmp_path / "store"):
        assert code == 0, complaint
    assert len([*(workspace / OWN / "originals").iterdir()]) == 1
    newest = load_ledger(workspace / OWN).newest()
    assert len(newest) == len(LINES)
    assert len({each.number for each in load_ledger(workspace / OWN).takes}) == len(load_ledger(workspace / OWN).takes)
    assert calmcast("render", "mine", "--strict-voice").code == 0


def test_of_two_new_scripts_of_one_name_one_is_made(workspace: Path, tmp_path: Path) -> None:
    (workspace / "a.txt").write_text("Lie down.\n\nFeel the floor.\n", encoding="utf-8")
    (workspace / "b.txt").write_text("Sit down.\n\nFeel the chair.\n", encoding="utf-8")
    for name in ("one", "two", "three"):
        commands = [("new", name, "--text", text) for text in ("a.txt", "b.txt")]
        (first, _), (second, _) = at_once(commands, workspace, tmp_path / "store")
        assert sorted((first, second)) == [0, 6]
        written = (workspace / "scripts" / f"{name}.yaml").read_text(encoding="utf-8")
        assert ("Feel the floor." in written, "Feel the chair." in written) == (first == 0, second == 0)
