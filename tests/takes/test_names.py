"""A file's name means a line, or it is said why not."""

from pathlib import Path

import pytest

from calmcast.takes.names import meant, names_a_line, prompts_by_name
from calmcast.takes.prompts import Prompt

PROMPTS = tuple(
    Prompt(number, name, name, segment, "")
    for number, name, segment in (
        (7, "settle-7k2m", "settle"),
        (12, "settle-b9dh", "settle"),
        (13, "quiet-round-c4c4", "quiet-round"),
        (2024, "exit-xxxx", "exit"),
    )
)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("settle-7k2m.m4a", 7),
        ("SETTLE 7K2M (2).wav", 7),
        ("settle_7k2m copy.wav", 7),
        ("07 settle-7k2m.wav", 7),
        ("quiet round c4c4.mp3", 13),
        ("12.m4a", 12),
        ("Line 12 (2).m4a", 12),
        ("012 settle.wav", 12),
        ("New Recording 12.m4a", 12),
        ("#13.ogg", 13),
        ("2025-03-04 line 7.m4a", 7),
        ("line12.m4a", 12),
    ],
)
def test_a_name_means_a_line(name: str, number: int) -> None:
    prompt = meant(name, PROMPTS)
    assert isinstance(prompt, Prompt), prompt
    assert prompt.number == number


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("New Recording.m4a", "means no line"),
        ("rest.wav", "means no line"),
        ("99.m4a", "there is no line 99"),
        ("7 12.m4a", "more than one number"),
        ("2025-03-04.m4a", "more than one number"),
        ("12 settle-7k2m.wav", "more than one line"),
        ("settle-7k2m settle-b9dh.wav", "more than one line"),
        ("012 quiet round.wav", "says quiet-round, but line 12 is in settle"),
        ("settle-7k2mm.wav", "more than one number"),
        ("", "means no line"),
    ],
)
def test_what_is_not_clear_is_said(name: str, why: str) -> None:
    sentence = meant(name, PROMPTS)
    assert isinstance(sentence, str)
    assert why in sentence
    assert "put the line's number" in sentence


def test_a_second_reading_comes_after_the_first() -> None:
    names = ["Line 12 (2).m4a", "holiday.m4a", "Line 12.m4a", "Line 12 (10).m4a", "7.m4a"]
    found, unknown = prompts_by_name([Path(name) for name in names], PROMPTS)
    assert [path.name for path, prompt in found if prompt.number == 12] == [
        "Line 12.m4a",
        "Line 12 (2).m4a",
        "Line 12 (10).m4a",
    ]
    assert unknown == [Path("holiday.m4a")]


@pytest.mark.parametrize(
    "name", ["12.m4a", "Line 12.m4a", "012 settle.wav", "no. 7 (2).m4a", "Settle 7K2M.wav", "99.m4a"]
)
def test_names_that_are_meant_to_be_a_lines(name: str) -> None:
    assert names_a_line(name, PROMPTS)


@pytest.mark.parametrize(
    "name", ["2026-11-29.m4a", "20261129_071500.m4a", "New Recording 12.m4a", "29.11.26 evening.m4a", "my reading.m4a"]
)
def test_names_that_phones_give_to_whatever_they_record(name: str) -> None:
    assert not names_a_line(name, PROMPTS)
