import pytest

from calmcast.text import cut_at_word, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n\n b\tc\u2028d\u0085e ", "a b c d e"),
        ("a\0b\x1bc\ud800d", "abcd"),
        ("“curly” – 🧘‍♀️ – سلام", "“curly” – 🧘‍♀️ – سلام"),
        ("\n", ""),
    ],
)
def test_text_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("Settle", 6, "Settle"),
        ("Settle in and rest", 12, "Settle in…"),
        ("Settle in, then rest", 12, "Settle in…"),
        ("Unverwechselbarkeiten", 10, "Unverwech…"),
    ],
)
def test_text_is_cut_between_words(text: str, longest: int, short: str) -> None:
    assert cut_at_word(text, longest) == short
    assert len(short) <= longest
