"""A line's name and identity follow from its words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.takes.prompts import fixed_silences, prompt_id, same_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hello. I’m glad you came!", "hello im glad you came"),
        ("  In,  [2s] and — out… ", "in 2s and out"),
        ("Süß, ÜBER", "süss über"),
        ("目を閉じて。", "目を閉じて"),
        ("…", ""),
    ],
)
def test_the_same_words_are_the_same_line(text: str, plain: str) -> None:
    assert same_text(text) == plain


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert same_text(same_text(text)) == same_text(text)


@given(st.text(), st.text())
def test_an_id_is_a_file_name_on_every_system(segment: str, text: str) -> None:
    name = prompt_id(segment, text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[bcdfghjkmnpqrstvwxz2-9]{4}", name)
    assert len(name) <= 30


def test_an_id_stays_while_the_words_stay() -> None:
    assert (
        prompt_id("settle", "You can stay.")
        == prompt_id("Settle!", "you can  STAY")
        == "settle-" + prompt_id("settle", "You can stay.")[-4:]
    )
    assert prompt_id("settle", "You can stay.") != prompt_id("settle", "You can go.")


def test_ids_of_many_lines_differ() -> None:
    assert len({prompt_id("rest", f"line {i}") for i in range(300)}) == 300


def test_fixed_silences_are_found() -> None:
    assert fixed_silences("In [2s] and out [0.5s], [softly].") == (88_200, 22_050)
