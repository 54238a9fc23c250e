"""Where a voice is, which files it is, and what it is called."""

from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.install import places
from calmcast.speech.install.places import check_name, file_name, source_at
from calmcast.speech.models.catalogue import offered

WEB = "https://example.org/en_US-amy-low.onnx"


@pytest.mark.parametrize("name", ["", "a", "My-Voice", "../x", "a/b", "-x", ".x", "con", "x" * 65, "stimme ä"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(SpeechError, match="cannot be a voice's name"):
        check_name(name)


def test_the_name_of_the_voice_that_comes_with_calmcast_is_taken() -> None:
    with pytest.raises(SpeechError, match="comes with calmcast"):
        check_name("joe")


def test_a_place_with_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="there is nothing at"):
        source_at(str(tmp_path / "nowhere"), "my-voice")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (WEB, "piper-en-us-amy-low"),
        (f"{WEB}?download=true", "piper-en-us-amy-low"),
        (f"{WEB}.json", "piper-en-us-amy-low"),
        ("https://example.org/My%20Voice%20(2).ONNX", "piper-my-voice-2"),
        ("https://example.org/piper-x.onnx", "piper-x"),
        ("https://example.org/vits-piper-en_US-amy-low.tar.bz2", "piper-en-us-amy-low"),
        ("https://example.org/kokoro-en-v0_19.zip?x=1", "kokoro-en-v0-19"),
        ("https://example.org/mine.tgz", "mine"),
    ],
)
def test_a_voice_at_an_address_has_a_name(place: str, name: str) -> None:
    source = source_at(place)
    assert source.name == name
    check_name(source.name)
    assert source_at(place, "my-voice").name == "my-voice"


@pytest.mark.parametrize("place", ["https://example.org/", "https://example.org", "https://example.org/声.tar"])
def test_an_address_that_tells_no_name(place: str) -> None:
    with pytest.raises(SpeechError, match="does not say how the voice is called") as caught:
        source_at(place)
    assert caught.value.hint == "--name my-voice says it"


def test_both_files_of_an_address() -> None:
    for place in (f"{WEB}?a=b", f"{WEB}.json?a=b"):
        (way,) = source_at(place).ways
        assert [file.address for file in way.files] == [f"{WEB}?a=b", f"{WEB}.json?a=b"]
        assert (way.kind, way.engine, way.loose) == ("piper", "piper", True)
    (way,) = source_at("https://example.org/mine.tar.bz2").ways
    assert (way.kind, way.engine, way.loose) == ("", "", False)
    assert file_name(f"{WEB}?a=b/c") == "en_US-amy-low.onnx"


def test_two_files_on_disk(tmp_path: Path) -> None:
    (tmp_path / "x#1.onnx").write_bytes(b"12345")
    with pytest.raises(SpeechError, match=r"x#1\.onnx\.json is not beside x#1\.onnx"):
        source_at(str(tmp_path / "x#1.onnx"))
    (tmp_path / "x#1.json").write_bytes(b"1")
    (way,) = source_at(str(tmp_path / "x#1.onnx")).ways
    assert [Path(file.address).name for file in way.files] == ["x#1.onnx", "x#1.json"]
    assert way.size == 6
    (tmp_path / "x#1.onnx.json").write_bytes(b"12")
    source = source_at(str(tmp_path / "x#1.onnx.json"))
    assert source.name == "piper-x-1"
    assert [Path(file.address).name for file in source.ways[0].files] == ["x#1.onnx", "x#1.onnx.json"]
    (tmp_path / "x#1.onnx").unlink()
    with pytest.raises(SpeechError, match=r"x#1\.onnx is not beside x#1\.onnx\.json"):
        source_at(str(tmp_path / "x#1.onnx.json"))


def test_a_file_that_the_catalogue_knows_has_its_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    joe = offered("piper-en-us-joe-medium")
    assert source_at(f"{joe.ways[0].file.address}?download=true", "my-voice").terms == joe.terms
    assert source_at("https://example.org/en_US-joe-medium.onnx").terms.licence == "not known"
    for ending in ("onnx", "onnx.json"):
        (tmp_path / f"mine.{ending}").write_bytes(b"1")
    assert source_at(str(tmp_path / "mine.onnx")).terms.licence == "not known"
    monkeypatch.setattr(places, "file_digest", lambda path: joe.ways[0].file.sha256)
    assert source_at(str(tmp_path / "mine.onnx")).terms == joe.terms


def test_a_folder_is_called_as_the_voice_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "Download 1" / "voice"
    folder.mkdir(parents=True)
    (folder / "de_DE-x-low.onnx").write_bytes(b"")
    assert source_at(str(folder.parent)).name == "download-1"
    (folder / "de_DE-x-low.onnx.json").write_bytes(b"")
    assert source_at(str(folder.parent)).name == "piper-de-de-x-low"
    (folder / "other.onnx").write_bytes(b"")
    (folder / "other.json").write_bytes(b"")
    assert source_at(str(folder)).name == "voice"
