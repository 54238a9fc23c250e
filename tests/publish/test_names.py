import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.publish.names import readable_name, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Psoas release", "psoas-release"),
        ("  Évening — wind‑down!  ", "evening-wind-down"),
        ("Don’t rush: a body scan", "dont-rush-a-body-scan"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("Straße, Łódź, Ærø, İstanbul", "strasse-lodz-aero-istanbul"),
        ("m\u0302 e\u0301", "m-e"),
        ("ﬁve ① Ｗｉｄｅ", "five-1-wide"),
        ("Ends in dots...", "ends-in-dots"),
        ("../../etc/passwd", "etc-passwd"),
        ("NUL", "nul-track"),
        ("com1", "com1-track"),
        ("com¹", "com1-track"),
        ("console", "console"),
        ("", "untitled"),
        ("🧘‍♀️ …", "untitled"),
        ("呼吸 练习", "呼吸-练习"),
        ("Покой тела", "покой-тела"),
        ("विश्राम", "विश्राम"),
    ],
)
def test_a_title_becomes_a_name(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_long_title_is_cut_between_words() -> None:
    name = safe_name("long " * 40)
    assert name == "-".join(["long"] * 16)


def test_a_long_word_is_cut_between_characters() -> None:
    assert safe_name("x" * 300) == "x" * 80
    assert safe_name("呼" * 300) == "呼" * 26


@given(st.text(max_size=200))
def test_any_text_makes_a_portable_name(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= 86
    assert not set(name) & set('<>:"/\\|?*. ')
    assert all(unicodedata.category(c)[0] != "C" for c in name)
    assert not name.startswith("-")
    assert not name.endswith("-")
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Open me", "Open me"),
        ("  Hier\n starten! ", "Hier starten"),
        ("Öffne mich (zuerst)", "Öffne mich (zuerst)"),
        ("a/b\\c:d*e", "a b c d e"),
        ("../../etc", "etc"),
        ("😴", "x"),
        ("", "x"),
        ("CON", "x"),
        ("с чего начать", "с чего начать"),
        ("é" * 100, "é" * 40),
    ],
)
def test_readable_names(text: str, name: str) -> None:
    assert readable_name(text, "x") == name
