"""Which bytes of a file a request asks for: RFC 9110 section 14."""

import re
from dataclasses import dataclass

_UNIT = re.compile(r"bytes[ \t]*=(.*)", re.IGNORECASE | re.DOTALL)
_SPAN = re.compile(r"([0-9]*)-([0-9]*)")
_PAST_ANY_FILE = 10**20


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, in bytes: from `start` on, before `end`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """A range that begins after the file ends: answered with 416."""


def requested(header: str | None, size: int) -> Span | Unsatisfiable | None:
    """Return which bytes of a file of `size` bytes the field `Range` asks for; None: all of it, as without the field.

    All of it is also for what cannot be read, other units and several ranges (RFC 9110 14.2 leaves that to the
    server). The last bytes of an empty file are all of it, as a Content-Range cannot say "nothing".
    """
    unit = _UNIT.fullmatch(header.strip(" \t")) if header else None
    if unit is None:
        return None
    parts = [part for part in (part.strip(" \t") for part in unit[1].split(",")) if part]
    span = _SPAN.fullmatch(parts[0]) if len(parts) == 1 else None
    if span is None or not any(span.groups()):
        return None
    first, last = span.groups()
    if not first:
        return _suffix(_number(last), size)
    start, end = _number(first), _number(last) + 1 if last else size
    if end <= start and last:
        return None  # the last byte before the first: not a range at all
    return Span(start, min(end, size)) if start < size else Unsatisfiable()


def _suffix(length: int, size: int) -> Span | Unsatisfiable | None:
    if not length:
        return Unsatisfiable()
    return Span(max(0, size - length), size) if size else None


def _number(digits: str) -> int:
    """Return a number of any length; Python refuses to read thousands of digits."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= 20 else _PAST_ANY_FILE
