"""What an ONNX file says about itself: as the onnx library reads it, and a plain reason where it is none."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.speech.models.onnx_metadata import read_metadata
from tests.speech.toy_model import build_toy_kokoro, build_toy_voice


def test_it_reads_what_the_onnx_library_reads(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    for folder in (build_toy_voice(tmp_path), build_toy_kokoro(tmp_path)):
        model = onnx.load(str(folder / "model.onnx"))
        assert read_metadata(folder / "model.onnx") == {entry.key: entry.value for entry in model.metadata_props}


def test_long_and_foreign_texts_are_read(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    path = build_toy_voice(tmp_path) / "model.onnx"
    model = onnx.load(str(path))
    facts = {"about": "śavāsana 你好", "long": "x" * 70_000, "empty": ""}
    onnx.helper.set_model_props(model, facts)
    onnx.save(model, str(path))
    assert read_metadata(path) == facts


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no ONNX file"),
        (b"<html>Not found</html>", "no ONNX file|cut short"),
        (b"\x08\x08", "no ONNX file"),
        (b"\xff" * 30, "no ONNX file"),
        (b"\x3a\x80", "cut short"),
        (b"\x3a\xff\xff\xff\xff\x0f", "cut short"),
    ],
)
def test_what_is_no_model_is_told(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        read_metadata(tmp_path / "model.onnx")


def test_a_model_cut_anywhere_is_told_or_lacks_what_was_cut(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = build_toy_voice(tmp_path) / "model.onnx"
    content, whole = path.read_bytes(), read_metadata(path)
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        try:
            assert len(read_metadata(path)) < len(whole)
        except ValueError:
            continue


@given(st.binary(max_size=200))
def test_any_bytes_give_metadata_or_a_reason(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.onnx"
    path.write_bytes(content)
    with suppress(ValueError):
        assert isinstance(read_metadata(path), dict)
