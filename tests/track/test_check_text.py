"""What the checks find in a text is kept by it: the same again for the same text, and looked for anew for any other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from calmcast.diagnostics import Problem
from calmcast.track.check import load_script
from calmcast.workspace.workspace import Workspace

SCRIPT = """\
title: Rest
segments:
  - title: One
    steps:
      - The psoas is deep in you, and Dr. Crane says so.
      - rest: 2 min
"""


def found(folder: Path) -> tuple[Problem, ...]:
    return load_script(Workspace.at(folder), "rest").problems


def findings(store: Path) -> int:
    return sum(path.is_file() for path in store.rglob("findings-*"))


@pytest.fixture
def own(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (workspace / "scripts" / "rest.yaml").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "own"))
    return tmp_path / "own"


def test_they_are_the_same_as_when_they_were_looked_for(workspace: Path, own: Path) -> None:
    first = found(workspace)
    assert len(first) > 1
    assert findings(own) == 1
    again = found(workspace)
    assert again == first
    assert [(str(each), each.source.width) for each in again] == [(str(each), each.source.width) for each in first]
    assert findings(own) == 1


def own_voice(folder: Path) -> None:
    (folder / "voices").mkdir(exist_ok=True)
    (folder / "voices" / "other.yaml").write_text("engines: [{engine: espeak-ng, voice: en-us}]\n", encoding="utf-8")


def own_lexicon(folder: Path) -> None:
    (folder / "voices" / "lexicon").mkdir(parents=True, exist_ok=True)
    (folder / "voices" / "lexicon" / "en.yaml").write_text("- {word: Crane, say: crayn}\n", encoding="utf-8")


def other_words(folder: Path) -> None:
    (folder / "scripts" / "rest.yaml").write_text(SCRIPT.replace("deep", "far"), encoding="utf-8")


def moved_down(folder: Path) -> None:
    (folder / "scripts" / "rest.yaml").write_text("# mine\n" + SCRIPT, encoding="utf-8")


@pytest.mark.parametrize("change", [own_voice, own_lexicon, other_words, moved_down])
def test_they_are_looked_for_anew(workspace: Path, own: Path, change: Callable[[Path], None]) -> None:
    found(workspace)
    change(workspace)
    new = found(workspace)
    assert findings(own) == 2
    assert change is not moved_down or min(each.source.line for each in new) > 1


def test_damaged_ones_are_looked_for_anew(workspace: Path, own: Path) -> None:
    first = found(workspace)
    (kept,) = own.rglob("findings-*")
    kept.write_bytes(kept.read_bytes()[:-9] + b"x" * 9)
    assert found(workspace) == first


def test_a_folder_that_keeps_nothing_does_no_harm(workspace: Path, own: Path) -> None:
    own.write_text("a file where the store should be", encoding="utf-8")
    assert len(found(workspace)) > 1
