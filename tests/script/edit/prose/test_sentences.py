import pytest

from calmcast.script.edit.prose.sentences import MOST_WORDS, as_said, lines, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another! A third? And so on", ["One thing.", "Another!", "A third?", "And so on"]),
        ("Dr. Who and J. Low, e.g. now. Then I. And you.", ["Dr. Who and J. Low, e.g. now.", "Then I.", "And you."]),
        ("He said “rest.” Then he left.", ["He said “rest.”", "Then he left."]),
        ("Jane Doe, Ph.D. Low, M.D. and St. Ives.", ["Jane Doe, Ph.D. Low, M.D. and St. Ives."]),
        ("See No. 5, Vol. 2, p. 12. No. Let it be.", ["See No. 5, Vol. 2, p. 12.", "No.", "Let it be."]),
        ("At 7 a.m. or 9 p.m. you rest. At 7 a.m. Rest.", ["At 7 a.m. or 9 p.m. you rest.", "At 7 a.m.", "Rest."]),
        ("Legs, arms, etc. are heavy, approx. 5 kg.", ["Legs, arms, etc. are heavy, approx. 5 kg."]),
        ("—", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [said.text for said in sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do it 3× or 2x, then x4.", "Do it three times or two times, then four times."),
        ("Once more, 1×. And 25x.", "Once more, once. And 25 times."),
        ("Feet → knees -> hips, in & out.", "Feet, then knees, then hips, in and out."),
        ("w/ a blanket, w/o shoes, ~5 min, #2", "with a blanket, without shoes, about 5 min, number 2"),
        ("**Bold** and _soft_ `code` | more", "Bold and soft code, more"),
        ("Do it 10 x. Or 2 × 5 ,or 3 x 4.", "Do it ten times. Or 2 × 5, or 3 x 4."),
        ("Turn 90° left / right", "Turn 90 degrees left, right"),
        ("5x5 is 25, and 2_000 a snake_case", "5x5 is 25, and 2_000 a snake_case"),
    ],
)
def test_signs_are_words(text: str, expected: str) -> None:
    assert as_said(text) == expected


def test_signs_are_english_words_in_english_only() -> None:
    assert as_said("3× *links* & rechts", english=False) == "3× links & rechts"


def test_long_sentences_end_their_lines_where_clauses_end() -> None:
    text = (
        "And when you are ready, and only then, let your attention wander to your feet, which have carried you "
        "all day, and let them rest."
    )
    assert lines(text) == (
        "And when you are ready, and only then, let your attention wander to your feet,",
        "which have carried you all day, and let them rest.",
    )
    endless = " ".join(["word"] * 100)
    assert " ".join(lines(endless)) == endless
    assert max(len(line.split()) for line in lines(endless)) <= MOST_WORDS
