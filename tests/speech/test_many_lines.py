"""Many lines, real engines: none wrong, none missing, the same bytes whoever speaks them and in whatever order."""

from itertools import product
from pathlib import Path

import pytest

from calmcast.speech.engines.registry import find
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import finish, jobs

LINES = tuple(
    f"{verb} your {part} {end}"
    for verb, part, end in product(
        ("Let", "Feel how", "Allow", "Notice how", "Rest"),
        ("shoulders", "left hip", "jaw", "lower belly", "back of the head", "right thigh", "psoas", "breath"),
        (
            "grow heavy.",
            "and the floor meet.",
            "soften, a little more each time.",
            "now; there is nothing to do.",
            "go",
        ),
    )
)


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("engine", ["espeak", "pico"])
def test_two_hundred_lines_are_all_right(engine: str, tmp_path: Path) -> None:
    if trouble := find(engine).trouble():
        pytest.skip(f"{trouble[0]}: {trouble[1]}")
    assert len({*LINES}) == 200
    store, other = Recordings.at(tmp_path / "a"), Recordings.at(tmp_path / "b")

    recordings, new = speak(jobs(engine, *LINES), store, finish, processes=2)
    backwards, _ = speak(jobs(engine, *LINES[::-1]), other, finish, processes=1)

    assert new == 200
    assert recordings == backwards[::-1]
    assert [*map(store.pcm, recordings)] == [*map(other.pcm, recordings)]
    assert len({store.pcm(recording) for recording in recordings}) == 200
    for line, recording in zip(LINES, recordings, strict=True):
        letters_a_second = sum(map(str.isalpha, line)) / (recording.samples / 44_100)
        assert 7 < letters_a_second < 25, line
