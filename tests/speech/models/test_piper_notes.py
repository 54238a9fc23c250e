"""What Piper writes about a voice, held to its form."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmcast.errors import SpeechError
from calmcast.speech.models.piper_notes import check_notes, language_code
from tests.speech.toy_model import PIPER_NOTES


def test_notes_as_they_should_be(tmp_path: Path) -> None:
    path = tmp_path / "x.onnx.json"
    for notes in (PIPER_NOTES, {k: v for k, v in PIPER_NOTES.items() if k not in {"inference", "phoneme_type"}}):
        for mark in (b"", b"\xef\xbb\xbf"):
            path.write_bytes(mark + json.dumps(notes).encode())
            check_notes(path)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"audio": {"sample_rate": "22050"}}, "audio.sample_rate"),
        ({"audio": {"sample_rate": True}}, "audio.sample_rate"),
        ({"audio": [22050]}, "audio.sample_rate"),
        ({"espeak": {"voice": ""}}, "espeak.voice"),
        ({"espeak": None}, "espeak.voice"),
        ({"phoneme_id_map": {}}, "phoneme_id_map"),
        ({"phoneme_id_map": PIPER_NOTES["phoneme_id_map"] | {"a": "b"}}, "phoneme_id_map"),
        ({"phoneme_id_map": PIPER_NOTES["phoneme_id_map"] | {"a": [-1]}}, "phoneme_id_map"),
        ({"num_symbols": 0}, "num_symbols"),
        ({"num_speakers": None}, "num_speakers"),
        ({"inference": 1}, "inference"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changed: dict[str, Any], named: str) -> None:
    path = tmp_path / "x.onnx.json"
    path.write_text(json.dumps(PIPER_NOTES | changed))
    with pytest.raises(SpeechError, match=f"x.onnx.json is not what Piper writes about a voice: `{named}`") as caught:
        check_notes(path)
    assert caught.value.hint
    with pytest.raises(SpeechError, match=r"^mine\.json is not"):
        check_notes(path, "mine.json")


@pytest.mark.parametrize("data", [b"", b"null", b"[1]", b"{", b"[" * 99_999, b"\0\1\2", b"<html>"])
def test_what_is_another_thing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.onnx.json").write_bytes(data)
    with pytest.raises(SpeechError):
        check_notes(tmp_path / "x.onnx.json")
    with pytest.raises(SpeechError, match="cannot be read: no such file"):
        check_notes(tmp_path / "y.onnx.json")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["code", "voice", "_", "^"]), inner),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*PIPER_NOTES]), value=_VALUES)
def test_any_notes_are_taken_or_refused_in_words(tmp_path: Path, name: str, value: object) -> None:
    notes = PIPER_NOTES | {name: value}
    (tmp_path / "x.onnx.json").write_text(json.dumps(notes))
    with suppress(SpeechError):
        check_notes(tmp_path / "x.onnx.json")
    assert isinstance(language_code(notes), str)
