"""What a folder of files is, told from the files."""

from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.models.kinds import UNKNOWN_LANGUAGE, kind_of, language_of
from tests.speech.toy_model import build_toy_kitten, build_toy_kokoro, build_toy_voice


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
        (["model.onnx"], "no tokens.txt"),
        (["a.onnx", "b.onnx", "tokens.txt"], "several models: a.onnx, b.onnx"),
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


@pytest.mark.parametrize(
    ("notes", "language"),
    [
        ('{"language": {"code": "en_GB"}}', "en-GB"),
        ('{"language": {"code": 5}}', UNKNOWN_LANGUAGE),
        ("{", UNKNOWN_LANGUAGE),
        ("[]", UNKNOWN_LANGUAGE),
    ],
)
def test_languages(tmp_path: Path, notes: str, language: str) -> None:
    assert language_of(tmp_path) == UNKNOWN_LANGUAGE
    (tmp_path / "voice.onnx.json").write_text(notes)
    assert language_of(tmp_path) == language
