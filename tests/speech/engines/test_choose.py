"""Which engine speaks a voice, and why not a better one."""

import sys
from dataclasses import replace

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.errors import SpeechError
from calmcast.model.voice import EngineChoice, Pace, Voice
from calmcast.speech.engine import check_settings
from calmcast.speech.engines.choose import check_voice, choose, tuned
from calmcast.speech.engines.registry import find

SOURCE = SourceRef("voices/calm.yaml", 4, 5)
NOT_HERE = "pico" if sys.platform != "linux" else "system"


def voice(*choices: tuple[str, dict[str, str]]) -> Voice:
    """Return a voice that prefers these engines in order."""
    prefer = tuple(EngineChoice(name, tuple(sorted(settings.items())), SOURCE) for name, settings in choices)
    return Voice("calm", "", "en-US", prefer, 0, 0, (), SOURCE)


def test_the_first_engine_that_runs_here_is_chosen() -> None:
    chosen = choose(voice((NOT_HERE, {}), ("tone", {"rate": "120"}), ("espeak", {})))
    assert chosen.engine.name == "tone"
    assert chosen.settings == {"rate": "120"}
    assert [one.engine for one in chosen.passed_over] == [NOT_HERE]
    assert chosen.passed_over[0].reason
    assert chosen.passed_over[0].fix


def test_a_voice_that_cannot_speak_here_says_why_and_what_to_do() -> None:
    with pytest.raises(SpeechError, match=f"the voice calm cannot speak here .{NOT_HERE}: ") as caught:
        choose(voice((NOT_HERE, {})))
    assert caught.value.hint


def test_a_voice_without_engines_says_so() -> None:
    with pytest.raises(SpeechError, match="names no engine"):
        choose(voice())


def test_wrong_settings_are_told_with_their_place() -> None:
    wrong = voice(("tone", {"rate": "quick"}))
    with pytest.raises(SpeechError, match=r"voices/calm\.yaml:4:5: `rate: quick` does not suit the engine tone"):
        choose(wrong)
    (problem,) = check_voice(wrong)
    assert (problem.code, problem.source) == ("bad-setting", SOURCE)


def test_every_mistake_of_a_voice_is_found() -> None:
    problems = check_voice(voice(("tune", {}), ("tone", {"rate": "1", "colour": "red"}), (NOT_HERE, {})))
    assert [problem.code for problem in problems] == ["unknown-engine", "bad-setting", "bad-setting"]
    assert problems[0].hint == "did you mean `tone`?"


@pytest.mark.parametrize("name", ["pico", "espeak", "tone", "sherpa", "system", "flite", "command"])
def test_a_pace_of_syllables_and_a_pitch_become_settings_that_suit(name: str) -> None:
    engine = find(name)
    for words, percent in ((60, 50), (110, 95), (300, 200)):
        asked = tuned(replace(voice(), pace=Pace(words, "syllables"), pitch=percent), engine)
        assert check_settings(engine, asked) == ()
        assert any(value != engine.settings[setting].default for setting, value in asked.items())
    assert tuned(replace(voice(), pace=Pace(110, "silence")), engine) == {}


def test_what_a_profile_sets_for_an_engine_wins_over_its_pace() -> None:
    paced = replace(voice(("tone", {"rate": "120"})), pace=Pace(90, "syllables"), pitch=50)
    assert choose(paced).settings == {"rate": "120", "pitch": "110"}
