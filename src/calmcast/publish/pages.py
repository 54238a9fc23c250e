"""Pages to look at and listen to: the reading sheet, the review of recordings, the choice of voices.

Each is one HTML file that asks nothing of the internet. Audio is named by paths relative to the page, with forward
slashes. What scripts and people wrote is escaped wherever it stands. A page speaks English itself; what it shows of a
script carries the script's language.
"""

import json
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE, UnitError, format_length, format_span, parse_duration

State = Literal["taken", "doubtful", "missing", "stale"]
"""Of a recording: good; to be listened to; not there; of words that have changed since."""

_STATE_NAMES: dict[State, str] = {
    "taken": "recorded",
    "doubtful": "please listen",
    "missing": "not recorded",
    "stale": "the words have changed",
}
_TEXT_WIDTH = 76
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
# What HTML and UTF-8 cannot carry: controls and lone surrogates.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN_SCALAR = re.compile(r"[^\W\d_][\w-]*")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line to read aloud: its number on the sheet, its id, its words, and how it should sound (or nothing)."""

    number: int
    id: str
    text: str
    """As in the script: `[2s]` is a silence."""
    manner: str


@dataclass(frozen=True, slots=True)
class SheetSegment:
    """The lines of a segment that are to be read."""

    title: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line and what is recorded of it."""

    number: int
    id: str
    text: str
    audio: str | None
    """The path of its sound, relative to the page."""
    length_s: float
    doubt: str | None
    """Why it should be listened to, as a sentence."""
    state: State
    place: str
    """Where it was cut from: file and time."""
    accept_command: str | None
    """Says that it is right. Commands that end in the line's id become one command with the ids of all lines."""
    mend_command: str | None
    """Cuts it anew, with the times as they are now."""


@dataclass(frozen=True, slots=True)
class VoiceSample:
    """A voice and what it said. Without samples it is a voice that cannot speak here: the note says why."""

    name: str
    about: str
    language: str
    engine: str
    samples: tuple[tuple[str, str], ...]
    """Text, and the path of its sound relative to the page; the same texts in the same order for every voice."""
    note: str
    command: str | None = None
    """What would get a voice that is not here."""


def sheet_page(
    title: str, voice: str, language: str, segments: tuple[SheetSegment, ...], missing: int, total: int
) -> str:
    """Return the reading sheet as HTML, for A4 and for a screen.

    `language` is a BCP 47 tag; `missing` of the script's `total` lines have no recording yet.
    """
    progress, how = _to_record(missing, total), _how_to_record(segments, voice)
    return _page("sheet.html", language, title=title, voice=voice, progress=progress, how=how, segments=segments)


def sheet_text(
    title: str, voice: str, language: str, segments: tuple[SheetSegment, ...], missing: int, total: int
) -> str:
    """Return the same as `sheet_page`, as plain text in lines of at most 76 characters where its words allow it."""
    heading = f"{one_line(title)} ({one_line(language)})" if language.strip() else one_line(title)
    parts = [heading, "=" * min(len(heading), _TEXT_WIDTH), f"Voice: {one_line(voice)}. {_to_record(missing, total)}."]
    parts += ["", "How to record", "-------------", *_list_items(_how_to_record(segments, voice))]
    for segment in segments:
        name = one_line(segment.title)
        parts += ["", "", name, "-" * min(len(name), _TEXT_WIDTH)]
        manner = ""
        for line in segment.lines:
            parts.append("")
            if line.manner and line.manner != manner:
                parts += [*textwrap.wrap(f"(How it sounds: {one_line(line.manner)})", _TEXT_WIDTH), ""]
            manner = line.manner
            parts += _wrapped(f"[ ] {line.number:>3}  ", "".join(_with_marks(line.text)))
            parts.append(f"         ({one_line(line.id)})")
    if not any(segment.lines for segment in segments):
        parts += ["", "There is nothing to read: every line is recorded."]
    return _UNWRITABLE.sub("", "\n".join(parts)) + "\n"


def review_page(title: str, voice: str, language: str, lines: tuple[ReviewLine, ...]) -> str:
    """Return the page on which recordings are listened to, line by line, and marked as right or wrong.

    Marks stay in the browser; at the end of the page stand the commands that follow from them.
    """
    states = Counter(line.state for line in lines)
    look = states["doubtful"] + states["stale"]
    filters = (("All", "", len(lines)), ("Doubtful", "doubtful stale", look), ("Missing", "missing", states["missing"]))
    progress = f"{_lines(len(lines))}, {look or 'none'} to listen to closely, {states['missing'] or 'none'} missing"
    missing = ", ".join(f"line {line.number}" for line in lines if line.state == "missing")
    about = {"progress": progress, "filters": filters, "missing": missing, "state_names": _STATE_NAMES}
    return _page("review.html", language, title=title, voice=voice, lines=lines, **about)


def voices_page(title: str, language: str, voices: tuple[VoiceSample, ...]) -> str:
    """Return the page on which voices are heard saying the same lines, side by side, and chosen.

    `language` is that of the title.
    """
    here = [voice for voice in voices if voice.samples]
    away = [voice for voice in voices if not voice.samples]
    progress = "Listen to each, and take the one that you would like to rest to."
    return _page("voices.html", language, title=title, progress=progress, here=here, away=away)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _to_record(missing: int, total: int) -> str:
    if not missing:
        return f"{_lines(total)}, all recorded"
    if missing == total:
        return f"{_lines(total)} to record"
    return f"{missing} of {_lines(total)} to record, the others are there already"


def _how_to_record(segments: Sequence[SheetSegment], voice: str) -> tuple[str, ...]:
    steps = [
        "Find a quiet room, with curtains, a bed or a sofa. Close the window, and silence the telephone.",
        "Lay or hold the telephone a hand’s breadth from your mouth, a little to the side, and leave it there.",
        "Record all lines in one go, in this order. After each line, be silent for about two seconds.",
        "After a slip, wait a moment and read the same line again, right away. The later reading is taken.",
        "Or make one file for each line, and name it by the line’s number: 12.m4a.",
        "Read the words alone, without their numbers. Wait a moment before the first and after the last.",
        f"Bring it in with: calmcast record import FILE --voice {shlex.quote(voice)}",
    ]
    silences = [silence for segment in segments for line in segment.lines for _, silence in _pieces(line.text)]
    if any(silences):
        sign = next(filter(None, silences))
        steps.insert(3, f"Where a line has … ({sign}) …, be silent for about as long, then read on.")
    return tuple(steps)


def _list_items(steps: Sequence[str]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield from _wrapped(f"{number}. ", step)


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(one_line(text), _TEXT_WIDTH, initial_indent=label, subsequent_indent=" " * len(label))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a line and the silence after them to read (`2 s`), or nothing. Other brackets are words."""
    words, end = "", 0
    for bracket in _BRACKET.finditer(text):
        words, end = words + text[end : bracket.start()], bracket.end()
        try:
            silence = format_length(parse_duration(bracket[1]))
        except UnitError:
            words += bracket[0]
        else:
            yield words.strip(), silence
            words = ""
    yield (words + text[end:]).strip(), ""


def _with_marks(text: str) -> Iterator[str]:
    for words, silence in _pieces(text):
        yield f"{words} … ({silence}) … " if silence else words


def _marked(text: str) -> Markup:
    """Return a line's text with its silences as visible marks."""
    mark = Markup('{} <span class="silence" lang="en" dir="ltr">… ({}) …</span> ')
    return Markup("").join(mark.format(words, silence) if silence else words for words, silence in _pieces(text))


def _address(path: str) -> str:
    """Return a relative path as a URL; never one that leads off this disk."""
    return "./" + quote(path, errors="surrogateescape")


def _tag(language: str) -> str:
    """Return a language as HTML's `lang` wants it: `en_US` is `en-US`."""
    return language.strip().replace("_", "-")


def _scalar(name: str) -> str:
    """Return a name as YAML carries it: in quotes where it is not plain words."""
    return name if _PLAIN_SCALAR.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _span(length_s: float) -> str:
    return format_span(round(length_s * SAMPLE_RATE))


def _page(template: str, language: str, **values: Any) -> str:
    page = _environment().get_template(template).render(language=_tag(language), **values)
    return _UNWRITABLE.sub("", page)


@cache
def _environment() -> Environment:
    loader = PackageLoader("calmcast.publish")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters |= {"marked": _marked, "address": _address, "tag": _tag, "scalar": _scalar, "span": _span}
    return found
