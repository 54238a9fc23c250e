"""Numbers as a script has them: how often, how many, how early, how much slower; and the names of roles."""

import re
from fractions import Fraction

from calmcast.model.script import Count
from calmcast.script.grammar import ROLES
from calmcast.script.wording import NO, YES, shorten, suggestion
from calmcast.units import UnitError

_COUNT = re.compile(r"(\d{1,3})(?:\s*(?:to|-|–)\s*(\d{1,3})|\s+or\s+(more))?")


def parse_count(text: str) -> Count:
    """Return how often: `3`, `1 to 6`, `1 or more`. Raises UnitError."""
    match = _COUNT.fullmatch(" ".join(text.split()).casefold())
    hint = "write how often: 3, 1 to 6, or 1 or more"
    if not match:
        raise UnitError(f"`{shorten(text)}` is not how often", hint)
    least = int(match[1])
    most = None if match[3] else int(match[2] or least)
    if most is not None and (most < least or most == 0):
        raise UnitError(f"`{shorten(text)}` is never" if not most else f"{most} is less than {least}", hint)
    return Count(least, most)


def parse_number(text: str) -> int:
    """Return a whole number from 0 on; `no` is 0. Raises UnitError."""
    word = text.strip().casefold()
    if word in NO:
        return 0
    if not re.fullmatch(r"\d{1,3}", word):
        raise UnitError(f"`{shorten(text)}` is not a number", "write a whole number such as 3, or no")
    return int(word)


def parse_rank(text: str) -> int | None:
    """Return how early something is dropped: 1 for yes, None for no. Raises UnitError."""
    word = text.strip().casefold()
    if word in NO:
        return None
    if word in YES:
        return 1
    if not re.fullmatch(r"[1-9]\d?", word):
        hint = "write yes, or how early it is dropped: a number from 1 to 99"
        raise UnitError(f"`{shorten(text)}` is neither yes nor a number", hint)
    return int(word)


_PACE = re.compile(r"(\d{1,2}(?:\.\d)?)\s*(?:%|percent|per cent)(?:\s*(?:a|per)\s*min(?:ute)?)?")


def parse_pace(text: str) -> int:
    """Return how much slower in a minute, in tenths of a percent. Raises UnitError."""
    match = _PACE.fullmatch(" ".join(text.split()).casefold())
    if not match:
        raise UnitError(f"`{shorten(text)}` is not a pace", "write slower: 10 % a minute")
    return int(Fraction(match[1]) * 10)


def parse_role(text: str) -> str:
    """Return the name of a role. Raises UnitError."""
    word = text.strip().casefold()
    if word not in ROLES:
        raise UnitError(f"there is no role `{shorten(text)}`", suggestion(word, ROLES) or f"one of: {', '.join(ROLES)}")
    return word
