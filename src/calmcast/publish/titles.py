"""A track's title as lists on phones show it: with its length, `Psoas release, 10 min`."""

from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE, format_length


def spoken_length(samples: int) -> str:
    """Return a length to read, to the second: `10 min`, `7 min 30 s`."""
    return format_length((samples + SAMPLE_RATE // 2) // SAMPLE_RATE * SAMPLE_RATE)


def with_length(title: str, samples: int) -> str:
    """Return a title with its length behind it, unless it says that already; none stays none."""
    if not one_line(title) or without_length(title, samples) != title:
        return title
    return f"{title}, {spoken_length(samples)}"


def without_length(title: str, samples: int) -> str:
    """Return a title without the length that stands behind it: `Rest, 10 min` is `Rest`."""
    length = spoken_length(samples)
    for ending in (f", {length}", f": {length}", f" ({length})"):
        title = title.removesuffix(ending)
    return title
