"""One script, voice and length: one track, whatever was made before and whatever of it is left."""

import random
from pathlib import Path

import pytest

from tests.conftest import Calmcast

SCRIPT = """title: Any store
voice: calm
segments:
  - title: One
    steps:
      - Lie down and let your weight go
      - {steps: [Let the floor have your shoulders, {hold: 4s}], optional: 2}
      - {steps: [Let the floor have your hips, {hold: 4s}], optional: 1}
      - rest: 10s
  - title: Two
    steps:
      - bell: soft
      - {steps: [Your breath comes by itself, And goes by itself], repeat: 1 to 3}
      - pause: {about: 3s, least: 1s, most: 20s}
      - Come back, as slowly as you like
"""
LENGTHS = ("40 s", "55 s", "1:10", "1:31", "2 min")


@pytest.fixture
def references(workspace: Path, tmp_path: Path, calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The track of each length, each made in a store of its own."""
    (workspace / "scripts" / "any.yaml").write_text(SCRIPT, encoding="utf-8")
    made = []
    for number, length in enumerate(LENGTHS):
        monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / f"store-{number}"))
        made.append(rendered(calmcast, workspace, length))
    assert len({*made}) == len(LENGTHS)
    return made


def rendered(calmcast: Calmcast, workspace: Path, length: str) -> bytes:
    path = workspace / "track.mp3"
    run = calmcast("render", "any", "--length", length, "--output", path)
    assert run.code == 0, run.err
    sound = path.read_bytes()
    path.unlink()
    return sound


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
def test_the_same_bytes_with_any_store(
    seed: int,
    references: list[bytes],
    workspace: Path,
    tmp_path: Path,
    calmcast: Calmcast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In any order of lengths, with files of the store taken away or damaged in between."""
    chance, store = random.Random(seed), tmp_path / "any-store"
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    for _ in range(7):
        number = chance.randrange(len(LENGTHS))
        assert rendered(calmcast, workspace, LENGTHS[number]) == references[number]
        for file in sorted(path for path in store.rglob("*") if path.is_file() and path.stat().st_size):
            match chance.randrange(6):
                case 0:
                    file.unlink()
                case 1:
                    content = bytearray(file.read_bytes())
                    content[chance.randrange(len(content)) : chance.randrange(len(content)) + 1] = b"\xa5"
                    file.write_bytes(content)
