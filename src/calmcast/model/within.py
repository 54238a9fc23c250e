"""Bounds of a number, as a note of its type: `Annotated[int, Within(0, 10)]`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Within:
    """Between what a number has to be."""

    least: float
    most: float
