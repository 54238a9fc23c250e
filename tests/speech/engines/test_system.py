"""The system's voices: what can be known without Windows or macOS."""

import sys
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.engine import isolation
from calmcast.speech.engines.registry import find
from calmcast.speech.engines.system import _voice_id, _wait_until_written

VOICES = (
    ("com.apple.voice.compact.en-US.Samantha", "Samantha"),
    ("HKEY_LOCAL_MACHINE/ZIRA", "Microsoft Zira Desktop - English (United States)"),
    ("HKEY_LOCAL_MACHINE/DAVID", "Microsoft David Desktop - English (United States)"),
)


@pytest.mark.parametrize(
    ("name", "number"),
    [("samantha", 0), (VOICES[0][0], 0), ("Microsoft Zira", 1), ("microsoft david desktop", 2), (VOICES[2][1], 2)],
)
def test_a_voice_is_found_by_id_by_name_and_by_the_beginning_of_its_name(name: str, number: int) -> None:
    assert _voice_id(name, VOICES) == VOICES[number][0]


def test_a_voice_that_is_not_installed_is_told_with_the_nearest() -> None:
    with pytest.raises(SpeechError, match="no voice `Samanta`") as caught:
        _voice_id("Samanta", VOICES)
    assert caught.value.hint == "did you mean `Samantha`?"


def test_each_phrase_has_a_process_of_its_own() -> None:
    assert isolation(find("system"), {}) == "fresh"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the engine runs here")
def test_it_says_why_it_does_not_run_here() -> None:
    assert find("system").trouble() == (
        "the engine `system` is for Windows and macOS",
        "use the engine `pico` or `espeak`",
    )


def test_a_file_that_is_there_is_waited_for_no_longer(tmp_path: Path) -> None:
    (tmp_path / "a.aiff").write_bytes(b"FORM")
    _wait_until_written(tmp_path / "a.aiff")
