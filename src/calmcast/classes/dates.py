"""When each track of a class first came, and when its feed said something new last: told once, and kept."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from calmcast.classes.register import Enrolment, Register, Roll, moment, written
from calmcast.model.handout import Handout
from calmcast.publish.handout.feed import feed, feed_id

_AHEAD = timedelta(days=1)
"""What came so far in the future came by a clock that was wrong."""


def first_moment(register: Register, published: date | None, now: datetime) -> datetime:
    """Return since when what comes now can be had: since now, or where nothing came before, since the class's day.

    Never in the future.
    """
    came = any(enrolment.came for roll in register.sets for enrolment in roll.tracks)
    return min(now, datetime.combine(published, time(12), UTC)) if published and not came else now


def dated(roll: Roll, there: Sequence[str], wanted: Collection[str], since: datetime, *, all_known: bool) -> Roll:
    """Return a roll in which all that lies `there`, named in the order of the class, has come: what is new, just now.

    New tracks are a second apart, so that their order holds. What is not `wanted` has gone, unless a track is among it
    of which too little is known (`all_known` is false).
    """
    known = {enrolment.file: enrolment for enrolment in roll.tracks}
    new = [file for file in there if not known[file].came or moment(known[file].came) > since + _AHEAD]
    came = {file: written(since - timedelta(seconds=after)) for after, file in enumerate(reversed(new))}

    def today(enrolment: Enrolment) -> Enrolment:
        gone = enrolment.file not in wanted and (all_known or enrolment.gone)
        return replace(enrolment, came=came.get(enrolment.file, enrolment.came), gone=gone)

    return replace(roll, tracks=tuple(map(today, roll.tracks)))


def first_day(roll: Roll, now: datetime) -> date:
    """Return the day on which the first track of a set came."""
    return min((moment(enrolment.came) for enrolment in roll.tracks if enrolment.came), default=now).date()


def with_feed(handed: Handout, roll: Roll, now: datetime) -> tuple[Handout, Roll]:
    """Return a handout that knows its feed's id and when that changed, and the roll that keeps both.

    A feed that says what it said before has not changed, whenever it is written.
    """
    if not handed.url or not handed.tracks:
        return handed, roll
    roll = replace(roll, feed_id=roll.feed_id or feed_id(handed.url))
    known = replace(handed, id=roll.feed_id)
    digest = sha256(feed(known).encode()).hexdigest()
    if digest != roll.feed_sha256 or moment(roll.feed_changed) > now + _AHEAD:
        roll = replace(roll, feed_sha256=digest, feed_changed=written(now))
    return replace(known, changed=moment(roll.feed_changed)), roll
