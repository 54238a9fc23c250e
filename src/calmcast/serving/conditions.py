"""Whether a client already has what it asks for: RFC 9110 sections 8.8 and 13."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one state of a file from another."""

    tag: str
    """Strong: an `ETag` with its quotes."""
    modified: int
    """In whole seconds since 1970."""

    @property
    def date(self) -> str:
        """When it was last changed, as `Last-Modified` says it."""
        return formatdate(self.modified, usegmt=True)


def version(status: os.stat_result) -> Version:
    """Return the version of an open file. A file that is replaced whole has another inode, so the tag is strong."""
    tag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'
    return Version(tag, max(0, int(status.st_mtime)))


def verdict(fields: Mapping[str, str], held: Version) -> HTTPStatus:
    """Return OK, NOT_MODIFIED or PRECONDITION_FAILED for a GET or HEAD, in the order of RFC 9110 13.2.2.

    `fields` are the request's, by lower-case name.
    """
    if (wanted := fields.get("if-match")) is not None:
        if not _lists(wanted, held.tag, strong=True):
            return HTTPStatus.PRECONDITION_FAILED
    elif (moment := _moment(fields.get("if-unmodified-since"))) is not None and held.modified > moment:
        return HTTPStatus.PRECONDITION_FAILED
    if (known := fields.get("if-none-match")) is not None:
        return HTTPStatus.NOT_MODIFIED if _lists(known, held.tag) else HTTPStatus.OK
    moment = _moment(fields.get("if-modified-since"))
    return HTTPStatus.NOT_MODIFIED if moment is not None and held.modified <= moment else HTTPStatus.OK


def range_holds(condition: str | None, held: Version, now: float) -> bool:
    """Return whether a part may be sent, rather than the whole, by the field `If-Range` (RFC 9110 13.1.5).

    A date is good enough only when the file was not changed within the last second, `now` in seconds since 1970:
    a second change in that second would have the same date.
    """
    if condition is None:
        return True
    condition = condition.strip(" \t")
    if condition.startswith(('"', "W/")):
        return condition == held.tag
    return _moment(condition) == held.modified and held.modified <= now - 1


def _lists(field: str, tag: str, *, strong: bool = False) -> bool:
    """Return whether a list of tags has this one; weak ones count unless `strong`."""
    if field.strip(" \t") == "*":
        return True
    return any((found if strong else found.removeprefix("W/")) == tag for found in _TAG.findall(field))


def _moment(date: str | None) -> int | None:
    """Return a date in seconds since 1970; None where there is none that can be read, which counts as no field."""
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
