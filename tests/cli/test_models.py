"""`calmcast voices add` and `remove`: what is asked, what is said, and what scripts get."""

import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from calmcast.cli.models import add, remove
from calmcast.speech.models import trial
from tests.conftest import Calmcast
from tests.speech.models.serving import Shelf, serving
from tests.speech.toy_model import build_toy_voice

speaks = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("sherpa_onnx", "onnx")),
    reason="sherpa-onnx, or onnx, which builds the test's model, is not installed",
)


@pytest.fixture(autouse=True)
def models(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_the_catalogue_is_listed(calmcast: Calmcast, models: Path) -> None:
    done = calmcast("voices", "add")
    assert done.code == 0
    assert "piper-en-us-ljspeech-medium" in done.out
    assert "whether tracks that it speaks may be sold" in done.out
    assert "research only" in done.out
    listed = calmcast("voices", "add", "--json").json
    assert listed["folder"] == str(models)
    first = listed["voices"][0]
    assert first["files"][0]["address"].startswith("https://")
    assert first["installed"] is False
    assert not models.exists()


def test_nobody_to_agree_means_no(calmcast: Calmcast, models: Path) -> None:
    done = calmcast("voices", "add", "piper-en-us-lessac-medium")
    assert done.code == 4
    assert "67 MB" in done.err
    assert "may not be sold" in done.err
    assert "--yes" in done.err
    assert not models.exists()


def test_one_can_say_no(calmcast: Calmcast, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    done = calmcast("voices", "add", "kitten-nano-en")
    assert done.code == 0
    assert "Nothing was added." in done.out
    assert not models.exists()


def test_what_is_missing_is_said_before_anything_is_asked(calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "find_spec", lambda name: None)
    done = calmcast("voices", "add", "kitten-nano-en", "--yes")
    assert done.code == 4
    assert "pip install 'calmcast[neural]'" in done.err
    assert "27 MB" not in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kitten-nona-en"], "did you mean `kitten-nano-en`?"),
        (["--from", "nowhere.tar", "--name", "my-voice"], "there is nothing at nowhere.tar"),
        (["--from", ".", "--name", "My Voice"], "cannot be a voice's name"),
    ],
)
def test_slips(calmcast: Calmcast, arguments: list[str], said: str) -> None:
    done = calmcast("voices", "add", *arguments, "--yes")
    assert done.code == 4
    assert said in done.err


@pytest.mark.parametrize("arguments", [["--from", "x"], ["--name", "x"], ["a", "--from", "x", "--name", "b"]])
def test_options_that_do_not_go_together(calmcast: Calmcast, arguments: list[str]) -> None:
    assert calmcast("voices", "add", *arguments).code == 2


def test_names_complete(models: Path) -> None:
    context = click.Context(add)
    assert [item.value for item in add.params[0].type.shell_complete(context, add.params[0], "piper-nl")] == [
        "piper-nl-be-rdh-medium",
        "piper-nl-be-nathalie-x-low",
    ]
    assert remove.params[0].type.shell_complete(context, remove.params[0], "") == []


def test_help_has_an_example(calmcast: Calmcast) -> None:
    assert "calmcast voices add piper" in calmcast("voices", "add", "--help").out
    assert "calmcast voices remove piper" in calmcast("voices", "remove", "--help").out


@speaks
@pytest.mark.real
def test_a_voice_comes_and_goes(calmcast: Calmcast, models: Path, tmp_path: Path) -> None:
    made = build_toy_voice(tmp_path, "made")
    first = calmcast("voices", "add", "--from", made, "--name", "my-voice", "--language", "en-GB", "--yes")
    assert first.code == 0, first.err
    assert "my-voice is here, and speaks" in first.out
    assert "{engine: sherpa, voice: my-voice}" in first.out
    again = calmcast("voices", "add", "my-voice", "--from", made)
    assert again.code == 0
    assert "my-voice is here already" in again.out
    told = calmcast("voices", "add", "--from", made, "--name", "my-voice", "--force", "--yes", "--json").json
    assert (told["name"], told["added"], told["kind"]) == ("my-voice", True, "vits")
    assert calmcast("voices", "add", "--from", made, "--name", "my-voice", "--json").json["added"] is False
    assert "here; your own; not known" in calmcast("voices", "add").out
    listed = calmcast("voices", "add", "--json").json["voices"][-1]
    assert (listed["name"], listed["installed"]) == ("my-voice", True)
    assert calmcast("voices", "remove", "my-voice", "--yes", "--json").json == {"name": "my-voice", "removed": True}
    assert not (models / "my-voice").exists()
    gone = calmcast("voices", "remove", "my-voice")
    assert gone.code == 4
    assert "there is no neural voice `my-voice` here" in gone.err


@speaks
@pytest.mark.real
def test_a_download_that_fails_ends_with_its_exit_code(calmcast: Calmcast, models: Path) -> None:
    with serving(Shelf(b"no archive at all")) as shelf:
        done = calmcast("voices", "add", "--from", shelf.address, "--name", "my-voice", "--yes")
    assert done.code == 4
    assert "is damaged or no archive" in done.err
    assert not (models / "my-voice").exists()
