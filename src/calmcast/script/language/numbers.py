"""Numbers in English words, for hints."""

import re

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENDINGS = {"st": "", "nd": "", "rd": "", "th": "", "s": " seconds", "m": " metres", "min": " minutes", "h": " hours"}
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
             "twelve": "twelfth"}  # fmt: skip
LARGEST = 999_999


def in_words(text: str) -> str | None:
    """Return a whole number up to 999 999, as it is written (`10`, `1,000`, `2nd`, `90s`), in words; else None."""
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d+)([a-z]*)", text.casefold())
    digits = match[1].replace(",", "").lstrip("0") if match else ""
    if not match or match[2] not in ("", *_ENDINGS) or len(digits) > len(str(LARGEST)):
        return None
    words = _words(int(digits or "0"))
    if match[2] in ("st", "nd", "rd", "th"):
        return _ordinal(words)
    return words + _ENDINGS.get(match[2], "")


def _words(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            front, rest = divmod(number, size)
            return f"{_words(front)} {name}" + (f" {_words(rest)}" if rest else "")
    raise ValueError(number)


def _ordinal(words: str) -> str:
    *_, last = re.split(r"[ -]", words)
    ending = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return words.removesuffix(last) + ending
