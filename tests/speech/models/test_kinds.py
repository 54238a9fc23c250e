"""What a folder of files is, told from the files."""

from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.models.kinds import UNKNOWN_LANGUAGE, kind_of, language_of
from tests.speech.toy_model import build_toy_kitten, build_toy_kokoro, build_toy_piper, build_toy_voice


@pytest.mark.parametrize(
    ("files", "called", "kind"),
    [
        (["en_US-amy-low.onnx", "tokens.txt", "en_US-amy-low.onnx.json"], "amy", "vits"),
        (["model.onnx", "tokens.txt", "voices.bin"], "kokoro-en", "kokoro"),
        (["model.fp16.onnx", "tokens.txt", "voices.bin"], "kitten-nano-en", "kitten"),
        (["model-steps-3.onnx", "hifigan_v2.onnx", "tokens.txt"], "mine", "matcha"),
        (["model-steps-3.onnx", "vocos-22khz-univ.onnx", "tokens.txt"], "mine", "matcha"),
    ],
)
def test_kinds(tmp_path: Path, files: list[str], called: str, kind: str) -> None:
    for name in files:
        (tmp_path / name).write_bytes(b"x")
    assert kind_of(tmp_path, called) == kind


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (["README.md"], "no .onnx file"),
        (["model.onnx"], "model.onnx.json is missing"),
        (["model.onnx", "other.onnx.json"], "model.onnx.json is missing"),
        (["model.onnx", "model.onnx.json"], "model.onnx.json is damaged"),
        (["model.onnx", "voices.bin"], "no tokens.txt"),
        (["a.onnx", "b.onnx", "tokens.txt"], "several models: a.onnx, b.onnx"),
        (["a.onnx", "b.onnx", "a.onnx.json", "b.onnx.json"], "several models: a.onnx, b.onnx"),
        (["hifigan_v2.onnx", "tokens.txt"], "several models|no model"),
        (["model-steps-3.onnx", "tokens.txt"], "lacks a vocoder"),
    ],
)
def test_what_is_none_is_told_in_words(tmp_path: Path, files: list[str], reason: str) -> None:
    for name in files:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(SpeechError, match=reason) as caught:
        kind_of(tmp_path, "mine")
    assert caught.value.hint


def test_a_model_that_says_what_it_is(tmp_path: Path) -> None:
    assert kind_of(build_toy_voice(tmp_path, "one"), "mine") == "vits"
    assert kind_of(build_toy_kokoro(tmp_path, "two"), "mine") == "kokoro"
    assert kind_of(build_toy_kitten(tmp_path, "three"), "mine") == "kitten"


def test_a_voice_of_piper_is_told_from_one_made_for_sherpa(tmp_path: Path) -> None:
    folder = build_toy_piper(tmp_path, "one")
    assert kind_of(folder, "mine") == "piper"
    (folder / "tokens.txt").write_text("_ 0\n")
    assert kind_of(folder, "mine") == "vits"


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_a_model_of_piper_that_is_cut_short_or_empty(tmp_path: Path, keep: int) -> None:
    folder = build_toy_piper(tmp_path, "one")
    (model,) = folder.glob("*.onnx")
    model.write_bytes(model.read_bytes()[:keep])
    with pytest.raises(SpeechError, match=f"{model.name} cannot be used: it is"):
        kind_of(folder, "mine")


@pytest.mark.parametrize(
    ("notes", "language"),
    [
        ('{"language": {"code": "en_GB"}}', "en-GB"),
        ('{"language": {"code": 5}}', UNKNOWN_LANGUAGE),
        ('{"language": {"code": 5}, "espeak": {"voice": "en-gb-x-rp"}}', "en-GB"),
        ('{"espeak": {"voice": "de"}}', "de"),
        ("{", UNKNOWN_LANGUAGE),
        ("[]", UNKNOWN_LANGUAGE),
    ],
)
def test_languages(tmp_path: Path, notes: str, language: str) -> None:
    assert language_of(tmp_path) == UNKNOWN_LANGUAGE
    (tmp_path / "voice.onnx.json").write_text(notes)
    assert language_of(tmp_path) == language
