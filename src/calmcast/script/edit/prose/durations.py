"""How people write a length of time, in every form that is known: one grammar for brackets, tags, items, headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

_UNITS_S: dict[str, Fraction] = {
    "ms msec msecs millisecond milliseconds": Fraction(1, 1000),
    "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondo secondi": Fraction(1),
    "m min mins minute minutes minuten minuto minutos minuti": Fraction(60),
    "h hr hrs hour hours": Fraction(3600),
    "breath breaths atemzug atemzüge atemzügen": Fraction(8),
    "count counts beat beats": Fraction(1),
    "moment moments": Fraction(5),
}
_UNIT_S = {name: seconds for names, seconds in _UNITS_S.items() for name in names.split()}
_ONES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_WORDS: dict[str, int | Fraction] = {
    **_ONES, **_TENS,
    **{f"{ten}{joint}{one}": _TENS[ten] + _ONES[one] for ten in _TENS for one in _ONES for joint in "- "},
    "a": 1, "an": 1, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "a few": 3, "few": 3, "several": 5, "a couple of": 2, "a couple": 2,
    "half a": Fraction(1, 2), "half an": Fraction(1, 2), "one and a half": Fraction(3, 2),
    "two and a half": Fraction(5, 2),
}  # fmt: skip
_VULGAR = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_DIGITS = r"\d{1,6}(?:[.,]\d{1,3})?"
_PARTS = rf"\d{{1,2}}\s*/\s*\d{{1,2}}|[{''.join(_VULGAR)}]"
_NUMBER = rf"(?:\d{{1,3}}\s+(?:{_PARTS})|\d{{1,3}}[{''.join(_VULGAR)}]|{_PARTS}|{_DIGITS}|\b(?:{_either(_WORDS)})\b)"
_UNIT = rf"(?:{_either(_UNIT_S)})(?![^\W\d_]|['’])\.?"
_UP_TO = r"\s*(?:-|–|—|to|or|and|bis)\s*"
_MEASURE = re.compile(
    rf"(?P<low>{_NUMBER})(?:{_UP_TO}(?P<high>{_NUMBER}))?[\s-]*(?P<unit>{_UNIT})(?P<half>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|and)?\s*", re.IGNORECASE)
_PRIMES = re.compile(r"(?P<m>\d{1,3})\s*['′’]\s*(?:(?P<s>\d{1,2})\s*[\"″”])?|(?P<only>\d{1,3})\s*[\"″”]")
_CLOCK = re.compile(r"(?<![\d:])(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>\d\d)(?:[.,]\d{1,3})?(?![\d:])")
_BARE = re.compile(rf"(?P<n>{_DIGITS}|{_PARTS})(?:{_UP_TO}(?:{_DIGITS}))?(?![\w:])")
_LEAST_MS = 200
"""A number without a unit, from here on, counts milliseconds: nobody means 200 seconds by it."""


@dataclass(frozen=True, slots=True)
class Time:
    """A length of time among other words: its seconds, and where it stands."""

    seconds: float
    start: int
    end: int
    has_unit: bool
    """Whether it says what it counts; else its number was taken for seconds, or milliseconds where it is large."""


def time_in(text: str, *, bare: bool = True) -> Time | None:
    """Return the first length of time in a text; of a range, its lower end.

    `bare`: a number without a unit is one, too, where there is no other.
    """
    if clock := _CLOCK.search(text):
        seconds = int(clock["h"] or 0) * 3600 + int(clock["m"]) * 60 + int(clock["s"])
        return Time(seconds, *clock.span(), has_unit=True)
    if measure := _MEASURE.search(text):
        return _added(text, measure)
    if primes := _PRIMES.search(text):
        seconds = int(primes["only"]) if primes["only"] else int(primes["m"]) * 60 + int(primes["s"] or 0)
        return Time(seconds, *primes.span(), has_unit=True)
    if bare and (number := _BARE.search(text)):
        value = _number(number["n"])
        return Time(float(value if value < _LEAST_MS else value / 1000), *number.span(), has_unit=False)
    return None


def _added(text: str, first: re.Match[str]) -> Time:
    """Return a time and those of smaller units that follow it: `2 m 30 s`, `1 minute and 15 seconds`."""
    total, unit, end = _seconds(first), _unit_s(first), first.end()
    while (joint := _AND.match(text, end)) and (more := _MEASURE.match(text, joint.end())) and _unit_s(more) < unit:
        total, unit, end = total + _seconds(more), _unit_s(more), more.end()
    return Time(float(total), first.start(), end, has_unit=True)


def _unit_s(measure: re.Match[str]) -> Fraction:
    return _UNIT_S[measure["unit"].lower().rstrip(".")]


def _seconds(measure: re.Match[str]) -> Fraction:
    number = _number(measure["low"]) + (Fraction(1, 2) if measure["half"] else 0)
    return number * _unit_s(measure)


def _number(text: str) -> Fraction:
    """Return a number: `90`, `1,5`, `1 1/2`, `½`, `a few`."""
    words = " ".join(text.lower().split())
    if words in _WORDS:
        return Fraction(_WORDS[words])
    if words[-1] in _VULGAR:
        whole = words[:-1].strip()
        return _VULGAR[words[-1]] + (int(whole) if whole else 0)
    if "/" in words:
        before, _, below = words.partition("/")
        *wholes, above = before.split()
        parts = Fraction(int(above), int(below)) if int(below) else Fraction(0)
        return parts + sum(map(int, wholes))
    return Fraction(words.replace(",", "."))
