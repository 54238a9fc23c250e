"""Range against RFC 9110 section 14, and against a model that writes the range it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.serving.ranges import Span, Unsatisfiable, requested

NO = Unsatisfiable()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-99", Span(0, 100)),
        ("bytes=10-", Span(10, 100)),
        ("bytes=-10", Span(90, 100)),
        ("bytes=-1000", Span(0, 100)),
        ("bytes=90-1000", Span(90, 100)),
        ("bytes=99-", Span(99, 100)),
        ("bytes=100-", NO),
        ("bytes=100-200", NO),
        ("bytes=-0", NO),
        ("BYTES = 1-2", Span(1, 3)),
        ("bytes=,1-2 ,", Span(1, 3)),
        ("bytes=000001-000002", Span(1, 3)),
        (f"bytes={'0' * 9_000}1-{'9' * 9_000}", Span(1, 100)),
        (f"bytes={'9' * 9_000}-", NO),
        (f"bytes=-{'9' * 9_000}", Span(0, 100)),
        ("bytes=2-1", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=,", None),
        ("bytes", None),
        ("bytes=1", None),
        ("bytes=1-2-3", None),
        ("bytes=--1", None),
        ("bytes=+1-2", None),
        ("bytes=1_0-20", None),
        ("bytes=0x1-0x2", None),
        ("bytes=\u00b2-\u00b3", None),
        ("bytes=1 - 2", None),
        ("bytes=0-1,3-4", None),
        ("bytes=500-,600-", None),
        ("seconds=0-10", None),
        ("bytes=0-1\n", None),
    ],
)
def test_a_file_of_100_bytes(header: str | None, expected: Span | Unsatisfiable | None) -> None:
    assert requested(header, 100) == expected


def test_an_empty_file() -> None:
    assert requested("bytes=0-", 0) == NO
    assert requested("bytes=-5", 0) is None
    assert requested("bytes=-0", 0) == NO


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60) | st.none())
def test_a_range_takes_the_bytes_it_names(size: int, first: int, last: int | None) -> None:
    span = requested(f"bytes={first}-{'' if last is None else last}", size)
    named = [index for index in range(size) if index >= first and (last is None or index <= last)]
    if last is not None and last < first:
        assert span is None
    elif named:
        assert isinstance(span, Span)
        assert list(range(size))[span.start : span.end] == named
        assert span.size == len(named)
    else:
        assert span == NO


@given(st.integers(1, 50), st.integers(0, 60))
def test_a_suffix_takes_the_last_bytes(size: int, length: int) -> None:
    span = requested(f"bytes=-{length}", size)
    if length:
        assert span == Span(max(0, size - length), size)
    else:
        assert span == NO


@given(st.text(max_size=40) | st.from_regex(r"bytes ?=[-0-9, \t]*", fullmatch=True), st.integers(0, 30))
def test_whatever_is_asked_no_byte_lies_outside(header: str, size: int) -> None:
    span = requested(header, size)
    assert span is None or span == NO or (isinstance(span, Span) and 0 <= span.start < span.end <= size)
