"""Engines that ship and engines of other packages; a broken one is named, never gone."""

from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.engines.registry import engines, find
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import finish, install, install_faulty, jobs


def test_the_engines_that_ship_are_found_by_their_names() -> None:
    assert [engine.name for engine in engines()][:6] == ["piper", "sherpa", "pico", "espeak", "system", "tone"]


def test_an_unknown_engine_is_told_with_the_nearest() -> None:
    with pytest.raises(SpeechError, match="there is no speech engine `espeek`") as caught:
        find("espeek")
    assert caught.value.hint == "did you mean `espeak`?"


def test_an_engine_of_another_package_speaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install_faulty(monkeypatch, tmp_path / "package")
    recordings, _ = speak(
        jobs("faulty", "A line.", settings={"folder": str(tmp_path)}), Recordings.at(tmp_path / "store"), finish
    )
    assert recordings[0].samples > 10_000


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("no_such_module:ENGINE", "could not be loaded: ModuleNotFoundError"),
        ("tests.speech.faulty_engine:NO_SUCH", "could not be loaded: AttributeError"),
        ("tests.speech.faulty_engine:NEVER_S", "is not a speech engine of that name"),
        ("tests.speech.faulty_engine:SHARED", "is not a speech engine of that name"),
    ],
)
def test_a_broken_engine_says_why(target: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path / "package", "flutes", {"flute": target})
    trouble = find("flute").trouble()
    assert trouble is not None
    assert reason in trouble[0]
    assert trouble[1] == "update or remove the package flutes"
    assert "flute" in [engine.name for engine in engines()]


def test_two_engines_of_one_name_both_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path / "a", "flutes", {"faulty": "tests.speech.faulty_engine:SHARED"})
    install(monkeypatch, tmp_path / "b", "pipes", {"faulty": "tests.speech.faulty_engine:SHARED"})
    troubles = [engine.trouble() for engine in engines() if engine.name == "faulty"]
    assert [trouble and trouble[0] for trouble in troubles] == [
        "flutes names its engine `faulty`, a name that is taken",
        "pipes names its engine `faulty`, a name that is taken",
    ]


def test_no_package_takes_the_place_of_an_engine_that_ships(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path / "package", "flutes", {"tone": "tests.speech.faulty_engine:SHARED"})
    assert find("tone").trouble() is None
    assert "flutes names its engine `tone`, a name that is taken" in str([engine.trouble() for engine in engines()])
