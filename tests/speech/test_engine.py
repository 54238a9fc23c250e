"""What a voice profile may set, and how text is made harmless."""

import pytest

from calmcast.model.voice import Phrase, Pronounced
from calmcast.speech.engine import check_settings, clean, resolve_settings, words
from calmcast.speech.engines.registry import find


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ({"rat": "150"}, "the engine tone has no setting `rat`", "did you mean `rate`?"),
        ({"zzz": "150"}, "the engine tone has no setting `zzz`", "there are: pitch, rate"),
        ({"rate": "fast"}, "`rate: fast` does not suit the engine tone", "write a whole number from 50 to 400"),
        ({"rate": "49"}, "`rate: 49` does not suit the engine tone", "write a whole number from 50 to 400"),
        ({"rate": "150.5"}, "`rate: 150.5` does not suit the engine tone", "write a whole number from 50 to 400"),
        ({"rate": "9" * 5000}, "does not suit the engine tone", "write a whole number from 50 to 400"),
        ({"rate": "²"}, "does not suit the engine tone", "write a whole number"),
        ({"rate": ""}, "does not suit the engine tone", "write a whole number"),
    ],
)
def test_a_wrong_setting_is_told_with_what_is_right(settings: dict[str, str], message: str, hint: str) -> None:
    ((told, advice),) = check_settings(find("tone"), settings)
    assert message in told
    assert hint in advice


def test_a_choice_outside_the_list_is_told_with_the_nearest() -> None:
    ((told, advice),) = check_settings(find("pico"), {"voice": "en-UK"})
    assert told == "`voice: en-UK` does not suit the engine pico"
    assert advice in {"did you mean `en-US`?", "did you mean `en-GB`?"}


@pytest.mark.parametrize("engine", ["tone", "pico", "espeak", "system"])
def test_the_defaults_are_right(engine: str) -> None:
    found = find(engine)
    if engine != "espeak" or found.trouble() is None:
        assert not check_settings(found, resolve_settings(found, {}))


def test_settings_that_sound_the_same_are_the_same() -> None:
    tone = find("tone")
    assert resolve_settings(tone, {}) == resolve_settings(tone, {"rate": " 0150 ", "pitch": "220"})


def test_text_is_composed_and_freed_of_what_cannot_be_said() -> None:
    assert clean("cafe\u0301 so\u00adft\u200b\ufeff\x00a\tb\x1b") == "café soft a b "


def test_the_words_of_a_phrase_are_what_was_written() -> None:
    assert words(Phrase(("Your ", Pronounced("psoas", "s'oU#as"), " softens."), 0)) == "Your psoas softens."
