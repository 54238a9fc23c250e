import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.units import (
    LONGEST,
    SAMPLE_RATE,
    UnitError,
    format_at_least,
    format_at_most,
    format_clock,
    format_length,
    format_span,
    length_slug,
    milliseconds,
    parse_duration,
    parse_length,
    parse_offset,
)

S = SAMPLE_RATE


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6s", 6), ("0.5s", 0.5), ("90 seconds", 90), ("1m30s", 90), ("1 m 30 s", 90), ("1:30", 90), ("01:30", 90),
        ("1:02:03", 3723), ("90:00", 5400), ("10 min", 600), ("10min", 600), ("1h5m", 3900), ("1 hour", 3600),
        ("250 ms", 0.25), ("1:30.5", 90.5), ("  2 Minutes ", 120), ("24h", 86_400),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds * S


@pytest.mark.parametrize("text", ["0", "0s", "0:00", "0 min", " 0.0 ", "00:00"])
def test_a_moment_may_be_the_beginning_and_a_span_is_longer_than_nothing(text: str) -> None:
    assert parse_offset(text) == 0
    with pytest.raises(UnitError):
        parse_duration(text)


def test_any_other_moment_is_written_as_a_span_is() -> None:
    assert parse_offset("1:30") == 90 * S
    for wrong in ("6", "-3s", "", "25h"):
        with pytest.raises(UnitError):
            parse_offset(wrong)


@pytest.mark.parametrize(
    "text",
    ["", " ", "0s", "0:00", "-3s", "−3s", "5 parsecs", "nan", "inf", "1e9h", "6", "1.5", "s", "6 s s", "30s1m", "1m1m",
     "1:60", "1:2", "1:75:00", ":30", "25h", "999999999h", "6s!", "six seconds", "1_0s", "٣s", "0x6s", "1,5s", "+6s"],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_duration(text)
    assert str(caught.value)
    assert caught.value.hint


def test_a_bare_number_is_minutes_only_for_a_length() -> None:
    assert parse_length("10") == parse_length(" 10 ") == 600 * S
    assert parse_length("7.5") == 450 * S
    assert parse_length("7:30") == 450 * S


def test_tenths_are_exact() -> None:
    assert parse_duration("0.1s") == 4410
    assert sum(parse_duration("0.1s") for _ in range(10)) == parse_duration("1s")


@given(st.integers(1, LONGEST))
def test_a_length_reads_back(samples: int) -> None:
    whole_ms = milliseconds(samples) or 1
    exact = whole_ms * S // 1000
    assert milliseconds(parse_duration(format_length(exact))) == milliseconds(exact)


@pytest.mark.parametrize(
    ("seconds", "length", "slug", "clock"),
    [(600, "10 min", "10min", "10:00"), (450, "7 min 30 s", "7min30s", "7:30"),
     (3900, "1 h 5 min", "1h5min", "1:05:00"),
     (75, "1 min 15 s", "1min15s", "1:15"), (0.5, "0.5 s", "0.5s", "0:01"), (0, "0 s", "0s", "0:00")],
)  # fmt: skip
def test_formats(seconds: float, length: str, slug: str, clock: str) -> None:
    samples = round(seconds * S)
    assert (format_length(samples), length_slug(samples), format_clock(samples)) == (length, slug, clock)


def test_bounds_are_rounded_to_the_safe_side() -> None:
    assert format_at_least(10 * S + 1) == "0:11"
    assert format_at_most(10 * S + S - 1) == "0:10"
    assert format_span(62 * S // 10) == "6.2 s"
    assert format_span(67 * S) == "1:07"
