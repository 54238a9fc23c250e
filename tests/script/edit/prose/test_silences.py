import pytest

from calmcast.script.edit.prose.silences import LONGEST_GUESS_S, USUAL_S, silence, silence_inside, time_alone


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("pause 5s", 5), ("pause:3s", 3), ("Pause 5 seconds.", 5), ("Pause for a few seconds.", 3),
        ("-- pause 4s --", 4), ("_- Pause (~ 30 seconds) -_", 30), ("two minutes of silence", 120),
        ("30 second pause", 30),
        ("Wait 10 sec", 10), ("Allow 20 seconds of silence", 20), ("a pause of 5 to 8 seconds", 5),
        ("silence, 10 min", 600),
        ("Pause — 1:30", 90), ("PAUSE (10 Sekunden)", 10),
    ],
)  # fmt: skip
def test_a_pause_with_its_length(text: str, seconds: int) -> None:
    found = silence(text)
    assert found is not None
    assert (found.seconds, found.guess) == (seconds, "")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("Pause", USUAL_S), ("(pause ...)", USUAL_S), ("long pause", 20), ("a short pause", 3), ("beat", 3),
     ("kurze Pause", 3),
     ("PAUSE:5", 5), ("pause:1000", 1), ("[pause 300]", 0.3), ("pause 170", 170)],
)  # fmt: skip
def test_a_guessed_pause_says_so_and_is_never_long(text: str, seconds: float) -> None:
    found = silence(text)
    assert found is not None
    assert found.guess
    assert found.seconds == seconds <= LONGEST_GUESS_S


@pytest.mark.parametrize(
    "text",
    ["Let us pause here for a moment", "Pause here for a moment.", "rest", "A break in the clouds", "(you)", "two",
     "Let there be silence.", "Be still", "Pause 2 and 3 and rest", "Feel the silence between 2 breaths", "x" * 500],
)  # fmt: skip
def test_words_to_somebody_who_rests(text: str) -> None:
    assert silence(text) is None


def test_in_brackets_less_is_said_to_listeners() -> None:
    for text in ("hold 5 s", "rest for 1 min", "pause here, 5 s"):
        assert silence(text) is None or text.startswith("pause")
        assert silence(text, bracketed=True) is not None
    assert silence("hold", bracketed=True) is None
    assert silence_inside("pause and breathe") is not None
    assert silence_inside("breathe") is None


def test_a_time_alone_in_its_line() -> None:
    assert [
        found and found.seconds for found in map(time_alone, ("[30 seconds]", "(about 2 min)", "(10 minutes)"))
    ] == [
        30,
        120,
        LONGEST_GUESS_S,
    ]
    assert time_alone("Savasana (10 minutes)") is None
    assert time_alone("[30]") is None
