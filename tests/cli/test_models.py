"""`calmcast voices add` and `remove`: what is asked, what is said, and what scripts get."""

import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from calmcast.cli.models import _NO_LANGUAGE, add, remove
from calmcast.speech.install import trial
from tests.conftest import Calmcast
from tests.speech.models.serving import Shelf, serving
from tests.speech.toy_model import build_toy_piper, build_toy_voice

speaks = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("sherpa_onnx", "onnx")),
    reason="sherpa-onnx, or onnx, which builds the test's model, is not installed",
)


@pytest.fixture(autouse=True)
def models(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def only(monkeypatch: pytest.MonkeyPatch, *engines: str) -> None:
    """Have these engines installed, as it seems, and no others."""
    monkeypatch.setattr(trial, "_trouble", lambda name: None if name in engines else ("missing", f"pip install {name}"))


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


def test_nobody_to_agree_means_no(calmcast: Calmcast, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "sherpa")
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
    only(monkeypatch)
    done = calmcast("voices", "add", "kitten-nano-en", "--yes")
    assert done.code == 4
    assert "pip install sherpa" in done.err
    assert "27 MB" not in done.err
    assert "pip install piper" in calmcast("voices", "add", "piper-en-us-joe-medium", "--yes").err


def test_what_is_fetched_depends_on_what_is_installed(calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "from https://huggingface.co/rhasspy/piper-voices/resolve/main/en/en_US/kristin/medium/en_US-kristin-medium"
    only(monkeypatch, "sherpa")
    assert "vits-piper-en_US-kristin-medium.tar.bz2" in calmcast("voices", "add", "piper-en-us-kristin-medium").err
    refused = calmcast("voices", "add", "piper-en-us-kristin-medium", "--as", "piper")
    assert refused.code == 4
    assert "pip install piper" in refused.err
    only(monkeypatch, "sherpa", "piper")
    told = calmcast("voices", "add", "piper-en-us-kristin-medium").err
    assert f"{plain}.onnx\n" in told
    assert "(64 MB)" in told
    assert "licence: public domain; you may sell" in told
    packed = calmcast("voices", "add", "piper-en-us-kristin-medium", "--as", "sherpa").err
    assert "vits-piper-en_US-kristin-medium.tar.bz2" in packed
    refused = calmcast("voices", "add", "kitten-nano-en", "--as", "piper")
    assert "kitten-nano-en cannot be had for piper, only for sherpa" in refused.err
    entries = {entry["name"]: entry for entry in calmcast("voices", "add", "--json").json["voices"]}
    kristin = entries["piper-en-us-kristin-medium"]
    assert (kristin["engine"], kristin["kind"]) == ("piper", "piper")
    assert [way["engine"] for way in kristin["ways"]] == ["piper", "sherpa"]
    assert entries["piper-en-us-joe-medium"]["selling"] == "unclear"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kitten-nona-en"], "did you mean `kitten-nano-en`?"),
        (["--from", "nowhere.tar", "--name", "my-voice"], "there is nothing at nowhere.tar"),
        (["--from", "nowhere.onnx"], "there is nothing at nowhere.onnx"),
        (["--from", ".", "--name", "My Voice"], "cannot be a voice's name"),
        (["--from", ".", "--name", "joe"], "is the voice that comes with calmcast"),
    ],
)
def test_slips(calmcast: Calmcast, arguments: list[str], said: str) -> None:
    done = calmcast("voices", "add", *arguments, "--yes")
    assert done.code == 4
    assert said in done.err


@pytest.mark.parametrize(
    "arguments",
    [["--name", "x"], ["--as", "piper"], ["--from", "x", "--as", "piper"], ["a", "--from", "x", "--name", "b"]],
)
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
    assert f"here, for sherpa; your own; not known; from {made}" in calmcast("voices", "add").out
    listed = calmcast("voices", "add", "--json").json["voices"][-1]
    assert (listed["name"], listed["installed"]) == ("my-voice", True)
    (shown,) = [line for line in calmcast("voices").out.splitlines() if line.startswith("my-voice ")]
    assert shown.split() == ["my-voice", "sherpa", "und", "unclear", "not", "known;", "from", str(made)]
    assert calmcast("voices", "--json").json["models"] == [listed]
    assert calmcast("voices", "remove", "my-voice", "--yes", "--json").json == {"name": "my-voice", "removed": True}
    assert not (models / "my-voice").exists()
    gone = calmcast("voices", "remove", "my-voice")
    assert gone.code == 4
    assert "there is no neural voice `my-voice` here" in gone.err


@speaks
@pytest.mark.real
@pytest.mark.skipif(find_spec("piper") is None, reason="piper-tts is not installed")
def test_a_voice_of_piper_comes_as_it_is(
    calmcast: Calmcast, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_toy_piper(tmp_path, "made") / "en_US-toy-low.onnx"
    first = calmcast("voices", "add", "--from", model, "--yes")
    assert first.code == 0, first.err
    assert "piper-en-us-toy-low: (" not in first.err
    assert "{engine: piper, voice: piper-en-us-toy-low}" in first.out
    assert _NO_LANGUAGE not in first.err
    again = calmcast("voices", "add", "--from", model)
    assert "piper-en-us-toy-low is here already, for the engine piper" in again.out
    told = calmcast("voices", "add", "--from", model, "--json").json
    assert (told["engine"], told["kind"], told["language"], told["from"]) == ("piper", "piper", "en-US", str(model))
    assert "voices" in calmcast("voices", "add", "--json").json
    model.with_suffix(".onnx.json").unlink()
    refused = calmcast("voices", "add", "--from", model, "--force", "--yes")
    assert refused.code == 4
    assert "en_US-toy-low.onnx.json is not beside en_US-toy-low.onnx" in refused.err
    assert [path.name for path in models.iterdir() if not path.name.startswith(".")] == ["piper-en-us-toy-low"]


@speaks
@pytest.mark.real
def test_a_download_that_fails_ends_with_its_exit_code(calmcast: Calmcast, models: Path) -> None:
    with serving(Shelf(b"no archive at all")) as shelf:
        done = calmcast("voices", "add", "--from", shelf.address, "--name", "my-voice", "--yes")
    assert done.code == 4
    assert "is damaged or no archive" in done.err
    assert not (models / "my-voice").exists()
