import pytest

from calmcast.script.edit.prose.durations import time_in


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", 5), ("5 sec.", 5), ("12 seconds", 12), ("500ms", 0.5), ("1500 msec", 1.5), ("1,5 s", 1.5),
        ("2.5 minutes", 150), ("1 1/2 minutes", 90), ("1½ min", 90), ("3/4 min", 45), ("half a minute", 30),
        ("a minute and a half", 90), ("two and a half minutes", 150), ("2 m 30 s", 150), ("1m30s", 90),
        ("1 minute and 15 seconds", 75), ("2 minutes, 10 seconds", 130), ("1 hour", 3600), ("2-3 minutes", 120),
        ("5 to 8 seconds", 5), ("between 20 and 30 seconds", 20), ("a few seconds", 3), ("a couple of minutes", 120),
        ("twenty-five seconds", 25), ("forty five secs", 45), ("3 breaths", 24), ("30-second", 30), ("1:30", 90),
        ("00:01:15", 75), ("0:45.5", 45), ("1'30\"", 90), ("30″", 30), ("10 Sekunden", 10), ("2 Minuten", 120),
    ],
)  # fmt: skip
def test_every_form(text: str, seconds: float) -> None:
    for place in (text, f"about {text} of quiet"):
        time = time_in(place)
        assert time is not None
        assert time.seconds == seconds
        assert time.has_unit
    assert time_in(f"x {text} y", bare=False) is not None


@pytest.mark.parametrize(("text", "seconds"), [("5", 5), ("90", 90), ("1000", 1), ("1500", 1.5), ("pause 3", 3)])
def test_a_number_without_a_unit_counts_seconds_or_where_it_is_large_milliseconds(text: str, seconds: float) -> None:
    time = time_in(text)
    assert time is not None
    assert (time.seconds, time.has_unit) == (seconds, False)
    assert time_in(text, bare=False) is None


@pytest.mark.parametrize("text", ["", "a few", "soon", "the 3rd minute-book of x", "5 o'clock", "minutes"])
def test_what_is_no_time(text: str) -> None:
    assert time_in(text, bare=False) is None
