"""A track is known again whatever becomes of its class, and what is new gets a name that lasts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.classes.enrol import on_roll
from calmcast.classes.register import Asked, Roll
from calmcast.units import SAMPLE_RATE

MINUTE = 60 * SAMPLE_RATE
NOBODY = Roll("", "", "", "", "", ())
REST = Asked("rest", MINUTE, (), "", "Rest")
HIGH, LOW = (replace(REST, choices=(("head", value),)) for value in ("high", "low"))
LONG = replace(REST, samples=10 * MINUTE)
WAY_OUT = Asked("rest", 0, (), "", "Coming back early: Rest")


def enrolled(*weeks: list[Asked]) -> list[dict[Asked, str]]:
    """Return, week for week, by which name each track that is asked for is known."""
    roll, found = NOBODY, list[dict[Asked, str]]()
    for wanted in weeks:
        roll = on_roll("tuesday", roll, wanted)
        roll = replace(roll, tracks=tuple(replace(entry, gone=entry.asked not in wanted) for entry in roll.tracks))
        known = {entry.asked: entry.file for entry in roll.tracks}
        found.append({asked: known[asked] for asked in wanted})
    return found


def test_names_have_no_numbers() -> None:
    (names,) = enrolled([REST, LONG, WAY_OUT, replace(REST, script="sit", title="Sit: a pause, after work")])
    assert [*names.values()] == ["rest-1min", "rest-10min", "coming-back-early-rest", "sit-a-pause-after-work-1min"]


def test_two_of_one_name_are_told_apart_by_what_is_chosen_and_keep_that_in_any_order() -> None:
    first, second, third = enrolled([HIGH, LOW], [LOW, HIGH], [LOW, REST, HIGH])
    assert first == {HIGH: "rest-head-high-1min", LOW: "rest-head-low-1min"}
    assert second == first
    assert third == first | {REST: "rest-1min"}


def test_what_nothing_tells_apart_is_counted_and_keeps_its_count() -> None:
    again = replace(REST, nth=2)
    first, second = enrolled([REST, again], [replace(REST, script="other"), REST, again])
    assert [*first.values()] == ["rest-1min", "rest-1min-2"]
    assert [*second.values()] == ["rest-1min-3", "rest-1min", "rest-1min-2"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "A long rest"},
        {"manner": "low rain"},
        {"choices": (("head", "high"),)},
        {"title": "Another", "manner": "low", "choices": (("arms", "up"),)},
    ],
)
def test_a_track_that_is_changed_is_the_same_track(change: dict[str, str]) -> None:
    changed = replace(REST, **change)  # type: ignore[arg-type]
    first, second = enrolled([REST, LONG], [LONG, changed])
    assert second == {LONG: first[LONG], changed: first[REST]}


def test_of_several_that_are_changed_each_stays_what_it_was() -> None:
    one, other = (replace(each, manner="low") for each in (HIGH, LOW))
    first, second = enrolled([HIGH, LOW], [other, one])
    assert second == {other: first[LOW], one: first[HIGH]}


def test_another_length_or_script_is_another_track() -> None:
    for other in (replace(REST, samples=2 * MINUTE), replace(REST, script="sit")):
        first, second = enrolled([REST], [other])
        assert second[other] != first[REST]


def test_what_had_gone_comes_back_as_what_it_was_and_as_nothing_else() -> None:
    first, _, third = enrolled([HIGH, LONG], [LONG], [LONG, LOW, HIGH])
    assert third[HIGH] == first[HIGH]
    assert third[LOW] != first[HIGH]


def test_names_of_other_files_are_left_to_them() -> None:
    roll = on_roll("tuesday", NOBODY, [REST, WAY_OUT], {"rest-1min.mp3", "coming-back-early-rest.wav"})
    assert [entry.file for entry in roll.tracks] == ["rest-1min-2", "coming-back-early-rest-2"]
    assert on_roll("tuesday", roll, [REST, WAY_OUT], {"rest-1min-2.mp3"}) == roll


def test_classes_and_clients_share_no_ids() -> None:
    mara = Roll("mara", "clients/x", "", "", "", ())
    ids = {on_roll(name, roll, [REST]).tracks[0].id for name in ("a", "b") for roll in (NOBODY, mara)}
    assert len(ids) == 4


ASKED = st.builds(
    Asked,
    script=st.sampled_from(["rest", "sit"]),
    samples=st.sampled_from([0, MINUTE, 10 * MINUTE]),
    choices=st.sampled_from([(), (("head", "high"),), (("head", "low"),)]),
    manner=st.sampled_from(["", "low"]),
    title=st.sampled_from(["Rest", "Sit", "休息", "x" * 300]),
    nth=st.integers(1, 2),
)


@given(st.lists(st.lists(ASKED, unique=True, max_size=6), min_size=1, max_size=6))
def test_whatever_is_asked_for_no_name_and_no_id_is_ever_given_twice(weeks: list[list[Asked]]) -> None:
    roll = NOBODY
    for wanted in weeks:
        before, roll = roll, on_roll("tuesday", roll, wanted)
        assert [(e.file, e.id) for e in roll.tracks[: len(before.tracks)]] == [(e.file, e.id) for e in before.tracks]
        assert len({e.file for e in roll.tracks}) == len({e.id for e in roll.tracks}) == len(roll.tracks)
        assert {*wanted} <= {e.asked for e in roll.tracks}
        assert len({e.asked for e in roll.tracks}) == len(roll.tracks)
        assert on_roll("tuesday", roll, wanted[::-1]) == roll
        gone = tuple(replace(e, gone=e.asked not in wanted) for e in roll.tracks)
        roll = replace(roll, tracks=gone)
