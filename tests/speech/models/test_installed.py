"""Which neural voices are here: those with a note that can be read."""

import json
from pathlib import Path

import pytest

from calmcast.speech.models.installed import NOTE, InstalledModel, find, installed, models_folder

FACTS = {"name": "toy", "kind": "vits", "language": "en-US", "licence": "CC0", "digest": "ab" * 32}


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def put(models: Path, folder: str, note: object) -> None:
    (models / folder).mkdir(parents=True)
    text = note if isinstance(note, str) else json.dumps(note)
    (models / folder / NOTE).write_text(text, encoding="utf-8")


def test_voices_come_by_name(models: Path) -> None:
    assert installed() == ()
    put(models, "toy", FACTS | {"from": "https://example.org"})
    put(models, "a-toy", FACTS | {"name": "a-toy"})
    assert [model.name for model in installed()] == ["a-toy", "toy"]
    toy = InstalledModel("toy", models / "toy", "vits", "en-US", "CC0", "ab" * 32, "https://example.org")
    assert find("toy") == toy
    assert toy.engine == "sherpa"
    assert find("TOY") == find("toy")
    assert find("troy") is None


def test_what_an_early_note_does_not_hold_is_left_open(models: Path) -> None:
    put(models, "toy", FACTS)
    put(models, "joe", FACTS | {"name": "joe", "kind": "piper", "from": "/joe.onnx", "selling": "no"})
    joe, toy = installed()
    assert (toy.origin, toy.selling) == ("", "")
    assert (joe.origin, joe.selling, joe.engine) == ("/joe.onnx", "no", "piper")


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", {}, FACTS | {"kind": 5}, FACTS | {"name": "other"}, "[" * 99_999]
)
def test_a_note_that_is_none(models: Path, note: object) -> None:
    put(models, "toy", note)
    assert installed() == ()


def test_what_is_being_made_is_not_here_yet(models: Path) -> None:
    put(models, ".adding-12", FACTS | {"name": ".adding-12"})
    (models / "note.txt").write_text("mine")
    assert installed() == ()


def test_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALMCAST_MODELS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert models_folder().name == "models"
    assert "calmcast" in models_folder().parts
    monkeypatch.setenv("CALMCAST_MODELS", "~/voices")
    assert models_folder() == tmp_path / "voices"
