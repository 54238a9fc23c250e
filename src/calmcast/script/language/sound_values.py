"""Texts -> what is chosen about a sound: its level, pitch, key and file, and when it is heard."""

import posixpath
import re
from fractions import Fraction

from calmcast.text import shorten
from calmcast.units import UnitError, parse_duration

LONGEST_PATH = 500
"""Characters of a sound file's path."""
LONGEST_NAME = 255
"""Bytes of a file's or a folder's name that file systems take."""

_LEVEL = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,3})?)\s*(?:dB|LU)", re.IGNORECASE)
_PITCH = re.compile(r"[A-G][#♯b♭]?[0-9]|[0-9]{1,5}(?:\.[0-9]{1,3})?\s*(?:Hz)?", re.IGNORECASE)
_KEY = re.compile(r"([A-G])([#♯b♭]?)", re.IGNORECASE)
_SEED = re.compile(r"[0-9]{1,9}")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*(?:%|percent|per cent)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def parse_level(text: str, bounds: tuple[float, float], example: str) -> float:
    """Return a level in decibels. LU, as loudness meters have it, is the same step. Raises UnitError."""
    written = _LEVEL.fullmatch(text.replace("−", "-").strip())
    if not written:
        raise UnitError(f"`{shorten(text)}` is not a level", f"write a level such as {example}")
    level, (least, most) = float(written[1]), bounds
    if not least <= level <= most:
        low, high = (f"{bound:+g} dB" if least < 0 < bound else f"{bound:g} dB" for bound in bounds)
        raise UnitError(f"`{shorten(text)}` is outside {low} to {high}", f"write a level in between, such as {example}")
    return level


def parse_pitch(text: str) -> str:
    """Return a pitch as written: `A3`, `F#3`, `220 Hz`. Raises UnitError for what is no pitch."""
    words = " ".join(text.split())
    if not _PITCH.fullmatch(words):
        hint = "write a note such as A3, F#3 or Bb2 (C4 is middle C), or a frequency such as 220 Hz"
        raise UnitError(f"`{shorten(text)}` is not a pitch", hint)
    return words


def parse_key(text: str) -> str:
    """Return a note without an octave in its usual form: `D`, `F#`, `Bb`. Raises UnitError."""
    match = _KEY.fullmatch(text.strip())
    if not match:
        hint = "write a note from A to G, with # or b if you like: D, F#, Bb"
        raise UnitError(f"`{shorten(text)}` is not a key", hint)
    return match[1].upper() + {"♯": "#", "♭": "b"}.get(match[2], match[2].lower())


def parse_seed(text: str) -> int:
    """Return a whole number from 0 on. Raises UnitError."""
    if not _SEED.fullmatch(text.strip()):
        raise UnitError(f"`{shorten(text)}` is not a whole number", "write a number such as 3: each is another stretch")
    return int(text.strip())


def parse_moment(text: str) -> int | Fraction:
    """Return when, in samples from the beginning of a track (less than 0: from its end), or its share of the track.

    Raises UnitError, for the very beginning and the very end too: those bells have keys of their own.
    """
    words = " ".join(text.replace("−", "-").replace("–", "-").split())
    if match := _SHARE.fullmatch(words):
        share = Fraction(match[1]) / 100
        if not 0 < share < 1:
            hint = "write a share such as 50 %; the bells at the beginning and at the end are start: and end:"
            raise UnitError(f"`{shorten(text)}` is not between the beginning and the end", hint)
        return share
    try:
        samples = parse_duration(words.removeprefix("-"))
    except UnitError as error:
        hint = "write 3:00 (from the beginning), -1:00 (before the end) or 50 %; for the very beginning there is start:"
        raise UnitError(str(error), hint) from error
    return -samples if words.startswith("-") else samples


def parse_picture(text: str) -> str:
    """Return a picture's path as `parse_file`. Raises UnitError."""
    return parse_file(text, "pictures/me.jpg")


def parse_file(text: str, example: str = "music/rain.mp3") -> str:
    """Return a file's path from the workspace's folder on, with forward slashes. Raises UnitError.

    It stays inside: no address, no absolute path, no `~` and no `..`.
    """
    path = text.strip()
    shown, hint = (
        shorten(path, 60),
        f"put the file into the workspace's folder, and write its path there: {example}",
    )
    if (
        len(path) > LONGEST_PATH
        or not path.isprintable()
        or any(len(part.encode()) > LONGEST_NAME for part in path.split("/"))
    ):
        raise UnitError(f"`{shown}` is not a file's path", hint)
    if _DRIVE.match(path) or path.startswith(("/", "\\")):
        raise UnitError(f"`{shown}` is a place on one computer alone", hint)
    if _URL.match(path):
        raise UnitError(f"`{shown}` is an address, and calmcast reads only files", hint)
    if path.startswith("~"):
        raise UnitError(f"`{shown}` is in a home folder, which is another on each computer", hint)
    if "\\" in path:
        forward = path.replace("\\", "/")
        raise UnitError(f"`{shown}` has backslashes", f"write {forward}")
    if ".." in path.split("/"):
        straight = posixpath.normpath(path)
        if straight.startswith(".."):
            raise UnitError(f"`{shown}` leads out of the workspace", hint)
        raise UnitError(f"`{shown}` goes into a folder and out again", f"write {straight}")
    if path.endswith("/") or posixpath.normpath(path) == ".":
        raise UnitError(f"`{shown}` is a folder", f"write a file's path: {example}")
    return posixpath.normpath(path)
