"""The day on which a track came: told when it is made, kept whatever happens, and never in the future."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from calmcast.classes.dates import dated, first_day, first_moment, with_feed
from calmcast.classes.register import Asked, Enrolment, Register, Roll, moment, written
from tests.publish.handout.evening import a_class

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
FILES = ("a", "b", "c")
NEW = tuple(Enrolment(file, file, "", gone=False, asked=Asked(file, 1, (), "", file)) for file in FILES)
ROLL = Roll("", "", "", "", "", NEW)


def came(roll: Roll) -> list[datetime | None]:
    return [moment(each.came) if each.came else None for each in roll.tracks]


def at(roll: Roll, since: datetime, there: tuple[str, ...] = FILES, *, all_known: bool = True) -> Roll:
    return dated(roll, there, FILES, since, all_known=all_known)


def test_what_comes_together_is_a_second_apart_in_the_order_of_the_class_and_the_last_is_new() -> None:
    assert came(at(ROLL, NOW, ("c", "a", "b"))) == [NOW - timedelta(seconds=s) for s in (1, 0, 2)]


def test_what_was_not_made_comes_when_it_is() -> None:
    first = at(ROLL, NOW, ("a", "c"))
    assert came(first)[1] is None
    later = at(first, NOW + timedelta(weeks=1))
    assert came(later) == [came(first)[0], NOW + timedelta(weeks=1), came(first)[2]]
    assert at(later, NOW + timedelta(weeks=2)) == later


def test_what_is_not_asked_for_has_gone_unless_too_little_is_known() -> None:
    for all_known in (True, False):
        roll = dated(ROLL, ("a",), ("a",), NOW, all_known=all_known)
        assert [each.gone for each in roll.tracks] == [False, all_known, all_known]
        back = at(roll, NOW)
        assert [each.gone for each in back.tracks] == [False] * 3


def test_the_day_of_a_class_is_that_of_what_comes_first_and_never_in_the_future() -> None:
    empty, full = Register(sets=(ROLL,)), Register(sets=(at(ROLL, NOW),))
    assert first_moment(empty, date(2021, 3, 4), NOW) == datetime(2021, 3, 4, 12, tzinfo=UTC)
    for register, published in (
        (empty, None),
        (empty, NOW.date()),
        (empty, date(2027, 1, 1)),
        (full, date(2021, 3, 4)),
    ):
        assert first_moment(register, published, NOW) == NOW
    assert first_day(at(ROLL, NOW), NOW + timedelta(weeks=1)) == NOW.date()


def test_a_day_by_a_clock_that_was_wrong_is_mended() -> None:
    wrong = at(ROLL, NOW + timedelta(days=400))
    assert all(when and when <= NOW for when in came(at(wrong, NOW)))


def test_a_feed_has_changed_when_it_says_something_new() -> None:
    handed, roll = with_feed(a_class(), ROLL, NOW)
    assert (handed.changed, moment(roll.feed_changed)) == (NOW, NOW)
    assert handed.id == roll.feed_id
    later = NOW + timedelta(weeks=1)
    assert with_feed(a_class(), roll, later) == (handed, roll)
    changed, other = with_feed(replace(a_class(), about="Otherwise."), roll, later)
    assert (changed.changed, changed.id) == (later, roll.feed_id)
    assert other.feed_changed == written(later)
    assert with_feed(replace(a_class(), url=""), roll, later)[1] == roll
