"""Each file of JSON that lies in a workspace, damaged: whoever reads it says so, or makes it again; nothing is lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Calmcast
from tests.test_jsonfile import DAMAGE

SCRIPT = "title: Mine\nvoice: tones\nsegments:\n  - title: One\n    steps: [Hello there., rest: 10s, Goodbye.]\n"
CLASS = "title: Two\nvoice: tones\ntracks:\n  - {script: mine, lengths: 20s}\n"


def other_types(value: Any) -> Any:
    """Return the same shape in which each thing at the ends is of another type."""
    match value:
        case dict():
            return {name: other_types(inner) for name, inner in value.items()}
        case list():
            return [other_types(inner) for inner in value] or {}
        case str():
            return [len(value)]
        case _:
            return str(value)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {name: lambda _, data=data: data for name, data in DAMAGE.items()} | {
    "half": lambda whole: whole[: len(whole) // 2],
    "empty object": lambda _: b"{}",
    "other types": lambda whole: json.dumps(other_types(json.loads(whole))).encode(),
}


@pytest.fixture
def full(workspace: Path, calmcast: Calmcast) -> Path:
    """A workspace with a track, a class, a reading sheet and a ledger."""
    (workspace / "scripts" / "mine.yaml").write_text(SCRIPT, encoding="utf-8")
    (workspace / "voices" / "tones.yaml").write_text("about: Tones.\nprefer: [{engine: tone}]\n", encoding="utf-8")
    (workspace / "scripts" / "classes").mkdir(exist_ok=True)
    (workspace / "scripts" / "classes" / "two.yaml").write_text(CLASS, encoding="utf-8")
    assert calmcast("render", "mine", "-l", "20s").code == 0
    assert calmcast("playlist", "two").code == 0
    assert calmcast("say", "Hello there.", "-v", "tones", "-o", workspace / "1.wav").code == 0
    assert calmcast("record", "sheet", "mine").code == 0
    assert calmcast("record", "import", workspace / "1.wav", "--as", "lines").code == 0
    return workspace


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(damage, id=name, marks=() if name == "other types" else pytest.mark.long)
        for name, damage in DAMAGES.items()
    ],
)
def test_damage_is_told_or_mended(full: Path, calmcast: Calmcast, damage: Callable[[bytes], bytes]) -> None:
    files = [*(full / "output").rglob("*.json"), *(full / "recordings").rglob("*.json")]
    originals = {path: path.read_bytes() for path in (full / "recordings").rglob("*.wav")}
    assert {path.name for path in files} >= {"sheet.json", "takes.json", "mine_20s.json", "playlist.json"}
    for path in files:
        path.write_bytes(damage(path.read_bytes()))
    ledger = (full / "recordings" / "my-recordings" / "takes.json").read_bytes()
    assert calmcast("verify", "output").code in (6, 7)
    for words in ("render mine -l 20s", "playlist two", "check", "doctor"):
        run = calmcast(*words.split())
        assert run.code in (0, 1, 5), run.err
    assert calmcast("verify", "output").code == 0
    for words in ("record sheet mine", "record review", "render mine -l 20s -v my-recordings"):
        run = calmcast(*words.split())
        assert run.code == 0 or "takes.json" in run.err or "sheet.json" in run.err, run.err
    assert (full / "recordings" / "my-recordings" / "takes.json").read_bytes() == ledger
    assert {path: path.read_bytes() for path in originals} == originals
