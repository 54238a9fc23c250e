"""Texts as YAML takes them, and edits at the places of nodes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from calmcast.script.edit.writing import Edit, edited, end_of, inserted, start_of, written
from calmcast.script.language.nodes import Mapping, Scalar, Sequence
from calmcast.script.language.reader import read

PRINTABLE = st.text(st.characters(exclude_categories=["C"], exclude_characters="\u2028\u2029\x85"), max_size=40)


@given(PRINTABLE)
def test_every_text_is_read_as_it_was(text: str) -> None:
    flat = " ".join(text.split())
    assert yaml.safe_load(f"- {written(text)}\n") == [flat]
    assert yaml.safe_load(f"a: {written(text)}\n") == {"a": flat}
    assert yaml.safe_load(f"{{a: [{written(text, flow=True)}, b]}}\n") == {"a": [flat, "b"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let go, and rest. Isn't it good?", "Let go, and rest. Isn't it good?"),
        ("Note: breathe", '"Note: breathe"'),
        ("no", '"no"'),
        ("10", '"10"'),
        ("10 breaths", "10 breaths"),
        ("“Rest.”", '"“Rest.”"'),
        ('She said "rest"', 'She said "rest"'),
        ("- hyphen", '"- hyphen"'),
    ],
)
def test_only_what_needs_quotes_has_them(text: str, expected: str) -> None:
    assert written(text) == expected


SCALARS = """\
- One line.   # a comment
- "In “quotes”, # and \\" inside"   # after
- 'It''s: here'
- Two lines
  that go on.   # comment
- "two
  quoted"  # comment
- |
  a block
  of two

- >-
  folded
- “curly”
- [in, flow, "a, b"]
"""


def test_the_end_of_every_form_of_text() -> None:
    """A mark set at both ends of each text stands around it alone."""
    node, problems = read(SCALARS.encode(), "x.yaml")
    assert isinstance(node, Sequence)
    assert problems == ()
    flow = node.items[-1]
    assert isinstance(flow, Sequence)
    scalars = [item for item in (*node.items[:-1], *flow.items) if isinstance(item, Scalar)]
    lines = SCALARS.split("\n")
    marks = [edit for s in scalars for edit in (inserted(start_of(s), "<<"), inserted(end_of(s, lines), ">>"))]
    assert (
        edited(SCALARS, marks)
        == """\
- <<One line.>>   # a comment
- <<"In “quotes”, # and \\" inside">>   # after
- <<'It''s: here'>>
- <<Two lines
  that go on.>>   # comment
- <<"two
  quoted">>  # comment
- <<|
  a block
  of two>>

- <<>-
  folded>>
- <<“curly”>>
- [<<in>>, <<flow>>, <<"a, b">>]
"""
    )


def test_edits_at_one_place_keep_their_order() -> None:
    assert edited("ab\ncd", [inserted((1, 2), "1"), Edit((1, 2), (2, 2), "2"), inserted((1, 1), "0")]) == "0a12d"


def test_a_mapping_between_brackets() -> None:
    node, _ = read(b"a: {b: c}", "x.yaml")
    assert isinstance(node, Mapping)
