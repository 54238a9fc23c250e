import pytest

from calmcast.script.language.numbers import in_words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0", "zero"),
        ("7", "seven"),
        ("12", "twelve"),
        ("40", "forty"),
        ("99", "ninety-nine"),
        ("100", "one hundred"),
        ("115", "one hundred fifteen"),
        ("1000", "one thousand"),
        ("1,250", "one thousand two hundred fifty"),
        ("999999", "nine hundred ninety-nine thousand nine hundred ninety-nine"),
        ("1000000", None),
        ("1st", "first"),
        ("22nd", "twenty-second"),
        ("30th", "thirtieth"),
        ("112th", "one hundred twelfth"),
        ("90s", "ninety seconds"),
        ("10min", "ten minutes"),
        ("4x", None),
        ("1.5", None),
        ("1,25", None),
        ("5:30", None),
    ],
)
def test_numbers(written: str, said: str | None) -> None:
    assert in_words(written) == said
