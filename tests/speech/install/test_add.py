"""A neural voice put in place and taken away, with a small real model that sherpa-onnx runs."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.engines.registry import find as engine
from calmcast.speech.install import trial
from calmcast.speech.install.add import add, remove
from calmcast.speech.install.download import Effort
from calmcast.speech.install.lock import alone
from calmcast.speech.install.places import source_at
from calmcast.speech.models.installed import find, installed
from calmcast.speech.models.source import ModelSource, RemoteFile, Terms, Way
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.models.serving import Shelf, serving
from tests.speech.speaking import finish, jobs
from tests.speech.toy_model import build_toy_kitten, build_toy_kokoro, build_toy_voice, pack_toy_voice

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("sherpa_onnx", "onnx")),
    reason="sherpa-onnx, or onnx, which builds the test's model, is not installed",
)
QUICK = Effort(stall_s=2.0, tries=2, wait_s=0.01)
TERMS = Terms("CC0", "yes", "you may sell tracks", "https://example.org")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack_toy_voice(tmp_path_factory.mktemp("packed"))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def left(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.name not in {".lock", ".downloads"})


def offer(address: str, data: bytes, kind: str = "vits", *extras: RemoteFile) -> ModelSource:
    file = RemoteFile(address, len(data), sha256(data).hexdigest())
    return ModelSource("toy-voice", "a tone", "en-GB", TERMS, (Way(kind, file, extras),))


@pytest.mark.real
def test_a_voice_from_the_web_speaks(models: Path, archive: Path, tmp_path: Path) -> None:
    data, told = archive.read_bytes(), list[tuple[str, int, int]]()
    with serving(Shelf(data, manners=["cut"])) as shelf:
        source = offer(shelf.address, data)
        added = add(source, progress=lambda *now: told.append(now), effort=QUICK)
        assert shelf.asked == [None, "bytes=1000-"]
        assert add(source) == added
        assert len(shelf.asked) == 2
    assert added == find("toy-voice")
    assert (added.kind, added.language, added.licence) == ("vits", "en-GB", "CC0")
    assert added.digest == sha256(data).hexdigest()
    assert left(models) == ["toy-voice"]
    assert not [*(models / ".downloads").iterdir()]
    assert {what for what, _, _ in told} == {"MB of voice.tar.bz2", "archives unpacked", "voices tried out"}
    said, new = speak(
        jobs("sherpa", "Rest now, and let go.", settings={"voice": "toy-voice"}),
        Recordings.at(tmp_path / "store"),
        finish,
    )
    assert new == 1
    assert said[0].samples > 22_050


@pytest.mark.real
@pytest.mark.parametrize(
    ("build", "kind"), [(build_toy_voice, "vits"), (build_toy_kokoro, "kokoro"), (build_toy_kitten, "kitten")]
)
def test_a_voice_from_a_folder(models: Path, tmp_path: Path, build: Callable[[Path, str], Path], kind: str) -> None:
    folder = build(tmp_path, "made")
    first = add(source_at(str(folder), "my-voice", "en-AU"))
    assert (first.kind, first.language, first.licence) == (kind, "en-AU", "not known")
    (folder / "README").write_text("more")
    again = add(source_at(str(folder), "my-voice"), force=True)
    assert again.digest != first.digest
    assert (models / "my-voice" / "README").exists()
    assert left(models) == ["my-voice"]


@pytest.mark.real
def test_further_files_come_along(models: Path, archive: Path) -> None:
    data = archive.read_bytes()
    with serving(Shelf(data)) as shelf, serving(Shelf(b"more")) as other:
        extra = RemoteFile(f"{other.address}/notes.txt?download=true", 4, sha256(b"more").hexdigest())
        model = add(offer(shelf.address, data, "vits", extra), effort=QUICK)
    assert (model.folder / "notes.txt").read_bytes() == b"more"
    assert not [*(models / ".downloads").iterdir()]


def broken_no_tokens(folder: Path) -> None:
    (folder / "tokens.txt").unlink()


def broken_cut(folder: Path) -> None:
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes()[:-500])


def broken_text(folder: Path) -> None:
    (folder / "model.onnx").write_text("not a model at all")


def broken_tokens(folder: Path) -> None:
    (folder / "tokens.txt").write_text("a 0\n")


@pytest.mark.real
@pytest.mark.parametrize("breaking", [broken_no_tokens, broken_cut, broken_text, broken_tokens])
def test_a_model_that_does_not_speak_is_never_here(
    models: Path, tmp_path: Path, breaking: Callable[[Path], None]
) -> None:
    folder = build_toy_voice(tmp_path, "made")
    add(source_at(str(folder), "my-voice"))
    before = find("my-voice")
    breaking(folder)
    with pytest.raises(SpeechError) as caught:
        add(source_at(str(folder), "other-voice"))
    assert caught.value.hint
    with pytest.raises(SpeechError):
        add(source_at(str(folder), "my-voice"), force=True)
    assert installed() == (before,)
    assert left(models) == ["my-voice"]


@pytest.mark.real
def test_a_model_of_another_kind_than_was_promised(models: Path, archive: Path) -> None:
    data = archive.read_bytes()
    with serving(Shelf(data)) as shelf, pytest.raises(SpeechError, match="is a vits model, where a kokoro model"):
        add(offer(shelf.address, data, "kokoro"), effort=QUICK)
    assert left(models) == []


@pytest.mark.real
def test_removing(models: Path, tmp_path: Path) -> None:
    add(source_at(str(build_toy_voice(tmp_path, "made")), "my-voice"))
    assert remove("my-voice").name == "my-voice"
    assert installed() == ()
    assert left(models) == []
    with pytest.raises(SpeechError, match="no neural voice `my-voice` here"):
        remove("my-voice")


def test_what_speaks_is_asked_for_before_anything_is_fetched(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_trouble", lambda name: ("not installed", f"pip install {name}"))
    with serving(Shelf(b"x")) as shelf, pytest.raises(SpeechError) as caught:
        add(source_at(shelf.address, "my-voice"))
    assert "pip install 'calmcast[neural]'" in str(caught.value.hint)
    assert "pip install 'calmcast[voice]'" in str(caught.value.hint)
    assert shelf.asked == []
    assert not models.exists()


@pytest.mark.real
def test_an_archive_that_means_harm_leaves_nothing(models: Path, tmp_path: Path) -> None:
    import tarfile

    with tarfile.open(tmp_path / "bad.tar", "w") as opened:
        opened.addfile(tarfile.TarInfo("../escaped"))
    with pytest.raises(SpeechError, match="outside its folder"):
        add(source_at(str(tmp_path / "bad.tar"), "my-voice"))
    assert left(models) == []


@pytest.mark.real
def test_one_at_a_time(models: Path, tmp_path: Path) -> None:
    folder = build_toy_voice(tmp_path, "made")
    with alone(models), pytest.raises(SpeechError, match="another calmcast is adding"):
        add(source_at(str(folder), "my-voice"))
    assert add(source_at(str(folder), "my-voice")) == find("my-voice")


@pytest.mark.real
def test_what_was_left_behind_is_swept(models: Path, tmp_path: Path) -> None:
    for name in (".adding-1", ".removing-1", ".downloads"):
        (models / name).mkdir(parents=True)
        (models / name / "half").write_bytes(b"x")
    old = models / ".downloads" / "old.part"
    old.write_bytes(b"x")
    os.utime(old, (time.time() - 30 * 86_400,) * 2)
    add(source_at(str(build_toy_voice(tmp_path, "made")), "my-voice"))
    assert left(models) == ["my-voice"]
    assert [path.name for path in (models / ".downloads").iterdir()] == ["half"]


@pytest.mark.real
def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(SpeechError, match="cannot be kept in") as caught:
        add(source_at(str(build_toy_voice(tmp_path, "made")), "my-voice"))
    assert "CALMCAST_MODELS" in str(caught.value.hint)


@pytest.mark.real
def test_a_voice_that_cannot_be_replaced_stays(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, tried = source_at(str(build_toy_voice(tmp_path, "made")), "my-voice"), list[Path]()
    here = add(source)

    def refused(path: Path, place: Path) -> None:
        tried.append(path)
        if len(tried) == 2:
            raise OSError(errno.EIO, "Input/output error")
        path.replace(place)

    monkeypatch.setattr(sys.modules[add.__module__], "move", refused)
    with pytest.raises(SpeechError, match="cannot be kept in"):
        add(source, force=True)
    assert (find("my-voice"), left(models)) == (here, ["my-voice"])


ADD = """
    import sys
    from calmcast.cli.models import add

    add.main([*sys.argv[1:], "--yes"])
"""


@pytest.mark.real
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("when", [".downloads", ".adding-*/*", ".adding-*/toy-voice"])
def test_killed_while_it_adds_and_then_again(models: Path, archive: Path, when: str) -> None:
    data = archive.read_bytes()
    manners = ["stall"] if when == ".downloads" else []
    with serving(Shelf(data, manners=manners)) as shelf:
        command = [sys.executable, "-c", textwrap.dedent(ADD), "--from", shelf.address, "--name", "toy-voice"]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not [*models.glob(when)] and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        if when == ".downloads":
            time.sleep(0.3)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert find("toy-voice") is None or when.endswith("toy-voice")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert find("toy-voice") is not None
    assert [name for name in left(models) if name.startswith(".")] == [] or "already" in done.stdout
    assert engine("sherpa").trouble() is None
    shutil.rmtree(models)
