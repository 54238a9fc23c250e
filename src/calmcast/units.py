"""Durations, samples, decibels and bytes: parsing what people write, formatting what people read.

Inside calmcast, time is a whole number of samples at 44 100 Hz (`SAMPLE_RATE`). Nothing here
touches a float on the way from text to samples, so `0.1s` is 4 410 samples on every machine.
"""

import re
from fractions import Fraction

SAMPLE_RATE = 44_100
"""Samples per second of every recording, timeline and track."""

FRAME = 1152
"""Samples per channel of an MP3 frame: the grid on which sounds begin."""

LONGEST = 24 * 60 * 60 * SAMPLE_RATE
"""The longest duration accepted anywhere, in samples: one day."""

_UNIT_SECONDS: dict[str, int | Fraction] = {
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "ms": Fraction(1, 1000),
}  # fmt: skip
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_PART = re.compile(rf"({_NUMBER})\s*([a-z]+)\s*")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,4}):([0-9]{2}(?:\.[0-9]{1,9})?)")
_BARE_NUMBER = re.compile(_NUMBER)
_UNIT_BYTES = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SIZE = re.compile(rf"({_NUMBER})\s*([a-z]*)")


class UnitError(ValueError):
    """What a person wrote is no duration, level or size. `str(error)` is a plain sentence; `hint` says what is one."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


_DURATION_HINT = "write a time such as 6s, 1m30s, 1:30 or 10 min"


def parse_duration(text: str) -> int:
    """Return the samples in a written duration: `6s`, `1m30s`, `1:30`, `1:02:03`, `10 min`, `1h5m`, `0.5s`.

    Raises UnitError for anything else, for nothing at all (`0s`), and for more than a day.
    """
    samples = _samples(text)
    if not samples:
        raise UnitError(f"`{text.strip()}` is no time at all", "a time is longer than nothing: 0.5s, 6s, 1 min")
    return samples


def parse_offset(text: str) -> int:
    """Return the samples from a beginning to a written moment. As `parse_duration`, but `0`, `0s`, `0:00` are 0."""
    words = text.strip()
    return 0 if _BARE_NUMBER.fullmatch(words) and not Fraction(words) else _samples(words)


def _samples(text: str) -> int:
    words = " ".join(text.replace("−", "-").split()).lower()
    samples = round((_clock_seconds(words) if ":" in words else _part_seconds(words)) * SAMPLE_RATE)
    if samples > LONGEST:
        raise UnitError(f"`{text.strip()}` is longer than a day", _DURATION_HINT)
    return samples


def parse_length(text: str) -> int:
    """Return the samples in a track length. As `parse_duration`, but a bare number counts minutes (`10`)."""
    if _BARE_NUMBER.fullmatch(text.strip()):
        return parse_duration(f"{text.strip()} min")
    return parse_duration(text)


def _clock_seconds(words: str) -> Fraction:
    match = _CLOCK.fullmatch(words)
    if not match:
        raise UnitError(f"`{words}` is not a time", "with colons, write minutes:seconds, such as 1:30, or 1:02:03")
    hours, minutes, seconds = match.groups()
    if Fraction(seconds) >= 60 or (hours and int(minutes) >= 60):
        raise UnitError(f"`{words}` is not a time", "after a colon, numbers go up to 59: 1:30, 1:02:03")
    return Fraction(hours or 0) * 3600 + Fraction(minutes) * 60 + Fraction(seconds)


def _part_seconds(words: str) -> Fraction:
    if words.startswith("-"):
        raise UnitError(f"`{words}` is less than nothing", _DURATION_HINT)
    if not words:
        raise UnitError("there is no time here", _DURATION_HINT)
    if _BARE_NUMBER.fullmatch(words):
        raise UnitError(f"`{words}` has no unit", f"write {words}s for seconds or {words} min for minutes")
    total, position, smallest = Fraction(0), 0, Fraction(10**6)
    for part in _PART.finditer(words):
        number, unit = part.groups()
        if part.start() != position or unit not in _UNIT_SECONDS:
            break
        size = Fraction(_UNIT_SECONDS[unit])
        if size >= smallest:
            raise UnitError(f"`{words}` is not a time", "write the larger unit first, and each once: 1m30s")
        total, position, smallest = total + Fraction(number) * size, part.end(), size
    if position != len(words):
        raise UnitError(f"`{words}` is not a time", _DURATION_HINT)
    return total


def gain(decibels: float) -> float:
    """Return the amplitude factor for a level difference in decibels."""
    return float(10.0 ** (decibels / 20.0))


def seconds(samples: int) -> float:
    """Return samples as seconds."""
    return samples / SAMPLE_RATE


def milliseconds(samples: int) -> int:
    """Return samples as whole milliseconds, rounded to the nearest."""
    return (samples * 1000 + SAMPLE_RATE // 2) // SAMPLE_RATE


def format_clock(samples: int) -> str:
    """Return a time to read, to the second: `0:07`, `9:59`, `1:02:03`."""
    total = (samples + SAMPLE_RATE // 2) // SAMPLE_RATE
    minutes, secs = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def format_at_least(samples: int) -> str:
    """Return a clock time that is not less than this: to the next full second."""
    return format_clock(-(-samples // SAMPLE_RATE) * SAMPLE_RATE)


def format_at_most(samples: int) -> str:
    """Return a clock time that is not more than this: to the last full second."""
    return format_clock(samples // SAMPLE_RATE * SAMPLE_RATE)


def format_span(samples: int) -> str:
    """Return how long something lasts, to read: `6.2 s`, from a minute on `1:07`."""
    return f"{samples / SAMPLE_RATE:.1f} s" if samples < 60 * SAMPLE_RATE else format_clock(samples)


def format_length(samples: int) -> str:
    """Return a duration in words, exact to the millisecond: `10 min`, `7 min 30 s`, `1 h 5 min`, `0.5 s`."""
    minutes, millis = divmod(milliseconds(samples), 60_000)
    hours, minutes = divmod(minutes, 60)
    secs = f"{millis / 1000:.3f}".rstrip("0").rstrip(".")
    parts = [f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes), f"{secs} s" * bool(millis)]
    return " ".join(filter(None, parts)) or "0 s"


def length_slug(samples: int) -> str:
    """Return a length for file names: `10min`, `7min30s`, `1h5min`."""
    return format_length(samples).replace(" ", "")


def parse_bytes(text: str) -> int:
    """Return the bytes in a written size: `4 GB`, `500MB`, `1.5 TB`, each unit a thousand times the one before it."""
    words = text.strip().lower()
    match = _SIZE.fullmatch(words)
    if not match or match[2] not in _UNIT_BYTES:
        missing = match and not match[2]
        told = f"`{text.strip()}` has no unit" if missing else f"`{text.strip()}` is not a size"
        raise UnitError(told, f"write {words} MB or {words} GB" if missing else "write a size such as 4 GB or 500 MB")
    return round(Fraction(match[1]) * _UNIT_BYTES[match[2]])


def format_bytes(size: int) -> str:
    """Return a size to read: `4 GB`, `12.3 MB`, `0 MB`."""
    unit = next((unit for unit in ("TB", "GB") if size >= _UNIT_BYTES[unit.lower()]), "MB")
    return f"{size / _UNIT_BYTES[unit.lower()]:.1f}".removesuffix(".0") + f" {unit}"
