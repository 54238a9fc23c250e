"""Letters that an engine does not know."""

import pytest

from calmcast.speech.engines.letters import fold, foreign


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("prāṇāyāma", "pranayama"),
        ("Śavāsana", "Savasana"),
        ("Łódź", "Lódz"),
        ("Đà Nẵng", "Dà Nang"),
        ("café", "café"),
        ("œuvre", "oeuvre"),
        ("ĳs", "ijs"),
        ("٣ and 3", "3 and 3"),
        ("plain, with signs: 1/2 % — …", "plain, with signs: 1/2 % — …"),
        ("你好", "你好"),
    ],
)
def test_a_letter_beyond_latin_1_becomes_plain(written: str, plain: str) -> None:
    assert fold(written, lambda c: c <= "\u00ff") == plain


def test_foreign_letters_are_named_once() -> None:
    assert foreign("yes, 你好 and 你 or да, 2ª", ("LATIN",)) == "你好да"
    assert foreign("Ω and é", ("LATIN", "GREEK")) == ""
