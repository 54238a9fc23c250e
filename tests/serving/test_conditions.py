from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.serving.conditions import Version, range_holds, verdict

HELD = Version('"abc"', 1_000_000_000)
AT = "Sun, 09 Sep 2001 01:46:40 GMT"
BEFORE = "Sun, 09 Sep 2001 01:46:39 GMT"
AFTER = "Sun, 09 Sep 2001 01:46:41 GMT"


def test_the_date_is_as_http_writes_it() -> None:
    assert HELD.date == AT


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 200),
        ({"if-none-match": '"abc"'}, 304),
        ({"if-none-match": 'W/"abc"'}, 304),
        ({"if-none-match": '"x", W/"y,z" , "abc"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"'}, 200),
        ({"if-none-match": "abc"}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-none-match": '"x"', "if-modified-since": AT}, 200),
        ({"if-modified-since": AT}, 304),
        ({"if-modified-since": AFTER}, 304),
        ({"if-modified-since": BEFORE}, 200),
        ({"if-modified-since": "Sunday, 09-Sep-01 01:46:40 GMT"}, 304),
        ({"if-modified-since": "Sun Sep  9 01:46:40 2001"}, 304),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-match": '"abc"'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": 'W/"abc"'}, 412),
        ({"if-match": '"x"'}, 412),
        ({"if-match": '"abc"', "if-unmodified-since": BEFORE}, 200),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": AT}, 200),
        ({"if-match": '"abc"', "if-none-match": '"abc"'}, 304),
    ],
)
def test_verdicts(fields: dict[str, str], code: int) -> None:
    assert verdict(fields, HELD) == HTTPStatus(code)


@given(st.text())
def test_no_field_is_too_odd(text: str) -> None:
    for name in ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since"):
        verdict({name: text}, HELD)
    range_holds(text, HELD, 0)


@pytest.mark.parametrize(
    ("condition", "now", "holds"),
    [
        (None, 0, True),
        ('"abc"', 0, True),
        ('"x"', 0, False),
        ('W/"abc"', 0, False),
        ('"abc", "x"', 0, False),
        (AT, HELD.modified + 1, True),
        (AT, HELD.modified + 0.5, False),
        (AFTER, HELD.modified + 9, False),
        (BEFORE, HELD.modified + 9, False),
        ("abc", HELD.modified + 9, False),
    ],
)
def test_a_part_goes_only_with_the_same_file(condition: str | None, now: float, *, holds: bool) -> None:
    assert range_holds(condition, HELD, now) is holds
