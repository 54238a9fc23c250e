"""Times beside the words: subtitles (SRT, VTT), time stamps, the dates of a chat. None of them is spoken."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from calmcast.script.edit.prose.furniture import ORIGIN, foot
from calmcast.script.edit.prose.headings import is_capital_title
from calmcast.script.edit.prose.manuscript import Row, Rows, left_out, speech

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d\d(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-+>\s*({_CLOCK})(?:\s.*)?")
_NUMBER = re.compile(r"\s*\d{1,5}\s*")
_VTT = re.compile(r"\s*(?:(?:WEBVTT|NOTE|STYLE|REGION)(?:\s.*)?|(?:Kind|Language|X-TIMESTAMP[\w-]*)\s*[:=].*)")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}|<[vci][ .][^<>]*>|</[vci]>|<\d[\d:.,]*>")
_TURN = re.compile(r"(?:[-–—‐]|>>+)\s*(?P<who>[A-ZÀ-Þ][A-ZÀ-Þ .'’0-9-]{0,30}:(?:\s|$))?\s*")
"""How a subtitle begins where somebody else speaks."""
_SONG, _AROUND_A_SONG = frozenset("♪♫♬♩"), " \t-–—[]()."
_NUMBERING = "numbers and times of subtitles"
_SHORTEST_GAP_S = 1.5
"""A gap between subtitles that is shorter is no pause."""
_LONGEST_GAP_S = 180
_LONGEST_JOINED = 50
"""Words; rows that no full stop ends are joined up to here."""

_SPAN = rf"{_CLOCK}(?:\s*[-–—]+>?\s*{_CLOCK})?"
_STAMP = re.compile(
    rf"\s*(?:(?P<open>[\[(<])\s*{_SPAN}\s*[\])>](?:\s*[-–—:|]\s)?|{_SPAN}(?:\s*[-–—:|]\s|\s|$))\s*(?P<words>.*)"
)
_MINUTES = re.compile(
    r"\s*(?P<span>(?:min(?:ute)?s?\.?\s*)?\d{1,3}\s*[-–—]\s*\d{1,3}\s*(?:min\w*\.?)?(?=\s*[:.]\s)"
    r"|\d{1,3}\s?min\w*\.?(?=:\s|\s[-–—]\s))\s*[:.–—-]\s+(?P<words>\S.*)",
    re.IGNORECASE,
)
_CHAT_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}:\d\d(?::\d\d)?(?:\s?[APap]\.?[Mm]\.?)?"
_CHAT = re.compile(rf"\s*(?:\[{_CHAT_DATE}\]|{_CHAT_DATE}\s+-)\s*(?P<words>.*)")
_SENDER = re.compile(r"(?P<who>[^:]{1,40}):(?:\s+(?P<words>\S.*)|\s*)")
_UNSAVED = re.compile(r"\+\d[\d\s()./-]{5,22}|~.{1,40}")
"""How a chat writes who is none of one's contacts: by the number, or the name that they gave themselves."""
_EDITED = re.compile(r"[\[<](?:this message was edited|diese nachricht wurde bearbeitet)\.?[\]>]", re.IGNORECASE)
_CHAT_HEAD = re.compile(
    r"(?:.{0,40}\s)?(?:(?:today|yesterday) at )?\d{1,2}:\d\d(?::\d\d)?\s?[AP]M|.{1,40}\s[-—–|]\s\d{1,2}:\d\d",
    re.IGNORECASE,
)
_FEWEST_STAMPS = 2
_FEWEST_CLOCKS, _WORDS_OF_A_PART = 4, 7
_SHORT_CLOCK = 4
"""Characters of `0:30`, as a pause may be written; `00:30` is the hour of a recording."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """A subtitle's words, and its times in seconds."""

    rows: Rows
    begins_s: float
    ends_s: float


def songs(rows: Rows) -> Rows:
    """Leave out rows between the signs of music, as subtitles have what is sung."""
    sung, is_open = list[int](), False
    for index, row in speech(rows):
        words = row.text.strip(_AROUND_A_SONG)
        begins, ends = words[:1] in _SONG, words[-1:] in _SONG
        if begins or (is_open and ends):
            sung.append(index)
        is_open = begins and not ends
    return left_out(rows, "music", sung) if 2 * len(sung) <= sum(1 for _ in speech(rows)) else rows


def subtitles(rows: Rows) -> Rows:
    """Leave out the numbers and times of subtitles; a gap between them becomes a pause, words that go on are joined."""
    timings = [index for index, row in speech(rows) if _TIMING.fullmatch(row.text)]
    if not timings:
        return rows
    heads = dict.fromkeys(timings, _NUMBERING)
    for index in timings:
        if index and (index == 1 or not rows[index - 2].text.strip() or _NUMBER.fullmatch(rows[index - 1].text)):
            heads[index - 1] = _NUMBERING
    heads |= {index: _NUMBERING for index, row in speech(rows) if _VTT.fullmatch(row.text)}
    heads |= {index: ORIGIN for index, row in speech(rows) if row.text[:1].isupper() and foot(row.text) == ORIGIN}
    out = tuple(row.out(heads[index]) if index in heads else row for index, row in enumerate(rows))
    cues = [
        _cue(rows[index].text, out[index + 1 : after])
        for index, after in pairwise([*timings, len(rows)])
    ]  # fmt: skip
    spoken = [row for cue, follows in zip(cues, [*cues[1:], None], strict=True) for row in _spoken(cue, follows)]
    return (*(row for row in out if row.why), *_joined(out[: timings[0]], spoken))


def _cue(timing: str, rows: Rows) -> _Cue:
    match = _TIMING.fullmatch(timing)
    begins, ends = (_seconds(match[1]), _seconds(match[2])) if match else (0.0, 0.0)
    clean = (row.saying(_said(row.text)) for row in rows)
    return _Cue(tuple(row for row in clean if row.may_be_spoken), begins, ends)


def _said(text: str) -> str:
    """Return a subtitle's row without times, styles, and what says that somebody else speaks."""
    plain = _OVERRIDE.sub("", text).strip()
    turn = _TURN.match(plain)
    return plain[turn.end() :] if turn else plain


def _seconds(clock: str) -> float:
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _spoken(cue: _Cue, follows: _Cue | None) -> Rows:
    """Return a subtitle's words on one row, with the pause after it, where there is one."""
    if not cue.rows:
        return ()
    text = " ".join(row.text for row in cue.rows)
    gap = follows.begins_s - cue.ends_s if follows else 0.0
    row = cue.rows[0].saying(text)
    if gap < _SHORTEST_GAP_S:
        return (row,)
    return (replace(row, text=f"{text} [pause {min(gap, _LONGEST_GAP_S):.1f} seconds]", breaks=True),)


def _joined(before: Rows, spoken: list[Row]) -> list[Row]:
    """Return subtitles as paragraphs: a row goes on until a sentence ends."""
    found, pieces = [row for row in before if not row.why], list[Row]()
    for row in spoken:
        pieces.append(row)
        is_long = sum(len(piece.text.split()) for piece in pieces) >= _LONGEST_JOINED
        if is_long or row.breaks or row.text.rstrip("\"”’')")[-1:] in ".!?…":
            found += (Row(pieces[0].number, " ".join(piece.text for piece in pieces)), Row(row.number, ""))
            pieces.clear()
    return [*found, *([Row(pieces[0].number, " ".join(piece.text for piece in pieces))] if pieces else [])]


def chats(rows: Rows) -> Rows:
    """Take the dates and hours of a chat from its rows; who speaks is left for the labels, but for strangers."""
    dated = {index: match["words"] for index, row in speech(rows) if (match := _CHAT.match(row.text))}
    if dated:
        plain = tuple(row.saying(dated[index]) if index in dated else row for index, row in enumerate(rows))
        return _without_strangers(_without_marks(plain), dated)
    heads = [index for index, row in speech(rows) if len(row.text) < 60 and _CHAT_HEAD.fullmatch(row.text.strip())]
    if len(heads) < _FEWEST_STAMPS:
        return rows
    return tuple(row.out("who writes, and when") if index in heads else row for index, row in enumerate(rows))


def _without_marks(rows: Rows) -> Rows:
    """Return the rows of a chat without the mark that a message was edited."""
    found = {index: match[0] for index, row in speech(rows) if (match := _EDITED.search(row.text))}
    made = (row.saying(_EDITED.sub("", row.text).rstrip()) if index in found else row for index, row in enumerate(rows))
    return (*made, *(Row(rows[index].number, mark, "of a chat") for index, mark in found.items()))


def _without_strangers(rows: Rows, messages: Collection[int]) -> Rows:
    """Take who writes from messages where one of them is no contact: then every message says who writes it.

    What says it not is the program's own: who was added, who left.
    """
    found = {index: match for index in messages if (match := _SENDER.fullmatch(rows[index].text))}
    if not any(_UNSAVED.fullmatch(match["who"].strip()) for match in found.values()):
        return rows
    told = {index for index in messages if index not in found}
    made = (
        row.saying(found[index]["words"] or "") if index in found else row.out("of a chat") if index in told else row
        for index, row in enumerate(rows)
    )
    whom = {index: " ".join(match["who"].split()) for index, match in found.items()}
    return (*made, *(Row(rows[index].number, f"{who}:", "who speaks") for index, who in whom.items()))


def stamps(rows: Rows) -> Rows:
    """Take time stamps from the beginnings of rows, and leave out those that stand alone and rise: no pauses."""
    found = {index: match for index, row in speech(rows) if (match := _STAMP.fullmatch(_undecorated(row.text)))}
    minutes = {index: match for index, row in speech(rows) if (match := _MINUTES.fullmatch(_undecorated(row.text)))}
    planned = {index: match["span"] for index, match in minutes.items()} if len(minutes) >= _FEWEST_STAMPS else {}
    rows = tuple(
        row.saying(_planned(minutes[index]["words"])) if index in planned else row for index, row in enumerate(rows)
    )
    leading = {index for index, match in found.items() if match["words"]}
    bracketed = {index for index in leading if found[index]["open"]}
    alone = [index for index, match in found.items() if not match["words"]]
    if len(leading) < _FEWEST_STAMPS:
        leading = bracketed
    if not _rise([rows[index].text for index in alone]):
        alone = []
    taken = {index: _decorated_as(rows[index].text, found[index]["words"]) for index in leading}
    taken |= {index: f"### {taken[index]}" for index in _parts(rows, {index: found[index] for index in leading})}
    out = tuple(
        row.out("a time stamp") if index in alone else row.saying(taken[index]) if index in taken else row
        for index, row in enumerate(rows)
    )
    made = _transcript(out, alone[0]) if alone else out
    told = {index: _stamp(rows[index].text) for index in taken} | planned
    return (*made, *(Row(rows[index].number, stamp, "a time stamp") for index, stamp in told.items()))


def _parts(rows: Rows, found: Mapping[int, re.Match[str]]) -> set[int]:
    """Return which rows with stamps are titles of parts, as a plan has them.

    So are those in capitals; and a few words without a stop, where stamps span minutes that five divides, or where
    words without a stamp stand below nearly all of them.
    """
    capitals = {index for index, match in found.items() if is_capital_title(match["words"])}
    titles = {index for index, match in found.items() if _is_part(match["words"]) and match["words"][:1].isupper()}
    spans = [index for index, match in found.items() if len(re.findall(_CLOCK, _undecorated(rows[index].text))) > 1]
    clocks = [clock for index in spans for clock in re.findall(_CLOCK, rows[index].text)]
    if len(clocks) >= _FEWEST_CLOCKS and all(clock.endswith(("0", "5")) for clock in clocks):
        return capitals | titles.intersection(spans)
    spoken = [index for index, _ in speech(rows)]
    below = {index for index, follows in pairwise(spoken) if index in titles and follows not in found}
    return capitals | (below if 4 * len(below) >= 3 * len(found) else set())


def _is_part(words: str) -> bool:
    return len(words.split()) <= _WORDS_OF_A_PART and words[-1:] not in tuple(".!?…:,;")


def _planned(words: str) -> str:
    """Return what stands beside minutes in a plan: a few words without a stop are the title of a part."""
    return f"### {words}" if _is_part(words) else words


def _stamp(text: str) -> str:
    match = re.search(_CLOCK, text)
    return match[0] if match else ""


def _transcript(rows: Rows, first: int) -> Rows:
    """Return rows that stood between time stamps, joined into sentences where most of them end in the midst of one."""
    spoken = [row for _, row in speech(rows[first:])]
    ended = sum(row.text.rstrip()[-1:] in ".!?…" for row in spoken)
    if 2 * ended > len(spoken):
        return rows
    return (*rows[:first], *(row for row in rows[first:] if row.why), *_joined((), spoken))


def _decorated_as(before: str, words: str) -> str:
    """Return words in bold where they were so with their stamp."""
    return f"**{words.strip('* ')}**" if before.strip().startswith("**") and before.strip().endswith("**") else words


def _undecorated(text: str) -> str:
    return text.strip().removeprefix("- ").strip("*_ ")


def _rise(texts: list[str]) -> bool:
    """Return whether times mostly rise, or fall: hours of a recording or what is left of it, not lengths of pauses."""
    clocks = [match[0] for text in texts if (match := re.search(_CLOCK, text))]
    seconds = [*map(_seconds, clocks)]
    rising, falling = (sum(sign * (b - a) > 0 for a, b in pairwise(seconds)) for sign in (1, -1))
    fewest = _FEWEST_STAMPS if any(len(clock) > _SHORT_CLOCK for clock in clocks) else _FEWEST_STAMPS + 1
    return len(clocks) >= fewest and 4 * max(rising, falling) >= 3 * (len(clocks) - 1)
