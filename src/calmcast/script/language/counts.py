"""Numbers as a script has them: how often, how many, how early, how much slower; and the names of roles."""

import re
from fractions import Fraction

from calmcast.model.traits import Count
from calmcast.script.language.grammar import ROLES
from calmcast.script.language.wording import NO, YES
from calmcast.text import shorten, suggestion
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


_PERCENT = re.compile(r"(\d{1,3})\s*(?:%|percent|per cent)?")
_HERTZ = re.compile(r"(\d{1,4})\s*(?:hz)?")


def parse_percent(text: str) -> int:
    """Return a whole number of percent, 0 to 200. Raises UnitError."""
    match = _PERCENT.fullmatch(text.strip().casefold())
    if not match or int(match[1]) > 200:
        raise UnitError(f"`{shorten(text)}` is not a percentage from 0 to 200", "write a number such as 95 %")
    return int(match[1])


def parse_hertz(text: str) -> int:
    """Return a frequency in Hz, 0 to 400. Raises UnitError."""
    match = _HERTZ.fullmatch(text.strip().casefold())
    if not match or int(match[1]) > 400:
        raise UnitError(f"`{shorten(text)}` is not a frequency from 0 to 400 Hz", "write a number such as 80 Hz")
    return int(match[1])


def parse_speed(text: str) -> int:
    """Return a number of words a minute, 60 to 300. Raises UnitError."""
    word = text.strip()
    if not re.fullmatch(r"\d{2,3}", word) or not 60 <= int(word) <= 300:
        hint = "write a number from 60 to 300: 110 is calm, 150 is everyday speech"
        raise UnitError(f"`{shorten(text)}` is no number of words a minute", hint)
    return int(word)


def parse_by(text: str) -> str:
    """Return what makes a voice slow: `silence` or `syllables`. Raises UnitError."""
    word = text.strip().casefold()
    if word not in ("silence", "syllables"):
        raise UnitError(f"a pace is not made by `{shorten(text)}`", "write by: silence, or by: syllables")
    return word


def parse_role(text: str) -> str:
    """Return the name of a role. Raises UnitError."""
    word = text.strip().casefold()
    if word not in ROLES:
        raise UnitError(f"there is no role `{shorten(text)}`", suggestion(word, ROLES) or f"one of: {', '.join(ROLES)}")
    return word
