"""What is to be read aloud: the lines of a script, each with a name that stays while its words stay."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from calmcast.model.script import Script, every_line
from calmcast.units import UnitError, parse_duration

_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
"""No vowels, so that no word comes about by chance; nothing that looks or sounds like another: 0 and o, 1 and l."""
_MARKS = 4
_LONGEST_SLUG = 24
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ′`´")
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SILENCE = re.compile(r"\[([^\]]*)\]")
_MANNERS = {
    "setup": "plainly, as you would set it up in class",
    "notice": "softly, with room after each sentence",
    "check": "lightly, as if in passing",
    "announce": "softly, as if in passing",
    "exit": "a little brighter, and unhurried",
    "sleep": "softer with each sentence, as if leaving the room",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A line to be read."""

    number: int
    """Its place on the reading sheet, from 1."""
    id: str
    text: str
    segment: str
    manner: str
    """How to read it, in the teacher's own words; may be empty."""


def prompts(script: Script, said: Container[str] | None = None, before: Sequence[Prompt] = ()) -> tuple[Prompt, ...]:
    """Return what there is to read in a settled script and its way out, in order, each line once.

    `said`: the normal forms of the lines that are wanted (None: all); `before`: what is read before it, and leads.
    """
    found = {same_text(prompt.text): prompt for prompt in before}
    for segment in script.composed:
        manner = _MANNERS.get(segment.traits.role or "", "calmly, with a breath after each sentence")
        for line in every_line(replace(script, segments=(segment,), way_out=None)):
            name, text = prompt_id(segment.name, line.written), line.written
            if said is None or same_text(text) in said:
                prompt = Prompt(len(found) + 1, name, text, segment.title or segment.name, manner)
                found.setdefault(same_text(text), prompt)
    return tuple(found.values())


def same_text(text: str) -> str:
    """Return the normal form of a line, which is its identity: a take belongs to the words that were read.

    Lower case, no punctuation, single spaces: `Hello. I’m glad!` is `hello im glad`. A fixed silence is part of what
    was read: `in [2s] out` is `in 2s out`.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    return " ".join("".join(map(_kept, unicodedata.normalize("NFC", plain))).split())


def prompt_id(segment: str, text: str) -> str:
    """Return a line's name, to say aloud and to name files with: `settle-7k2m`.

    ASCII, lower case: the segment's name, and four letters or digits from a hash (SHA-256) of the line's normal form.
    The same words in the same segment have the same id wherever they stand.
    """
    rest = int.from_bytes(sha256(same_text(text).encode()).digest()[:8], "big")
    mark = ""
    for _ in range(_MARKS):
        rest, digit = divmod(rest, len(_ALPHABET))
        mark += _ALPHABET[digit]
    return f"{_slug(segment)}-{mark}"


def fixed_silences(text: str) -> tuple[int, ...]:
    """Return the silences that stand inside a line (`[2s]`), in samples at 44 100 Hz."""
    return tuple(samples for inner in _SILENCE.findall(text) if (samples := _samples(inner)))


def _samples(text: str) -> int:
    try:
        return parse_duration(text)
    except UnitError:
        return 0


def _kept(character: str) -> str:
    return character if unicodedata.category(character)[0] in "LNM" else " "


def _slug(segment: str) -> str:
    """Return a segment's name in ASCII, words joined by hyphens; `line` where nothing of it is ASCII."""
    plain = unicodedata.normalize("NFKD", segment.lower().translate(_LATIN).translate(_APOSTROPHES))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", letters)
    slug = ""
    for word in words:
        if slug and len(slug) + 1 + len(word) > _LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word[:_LONGEST_SLUG]
    return slug or "line"
