"""Spoken lines as timed text: WebVTT for players and pages, LRC for music apps."""

import textwrap
from collections.abc import Iterator
from itertools import pairwise

from calmcast.model.timeline import Timeline, TrackInfo
from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE, milliseconds

_ROW = 42
"""Characters in a caption row before it is wrapped: the usual measure of subtitle guidelines."""
_MOST_ROWS = 3
_LINGER_SAMPLES = 4 * SAMPLE_RATE
"""How long an LRC line may stay after it was spoken."""


def webvtt(timeline: Timeline, info: TrackInfo) -> str:
    """Return the spoken lines as WebVTT (W3C), a cue a line, with its own number, in time order.

    Cues last as long as their lines sound, to the millisecond, at least one, and never overlap. Text is escaped
    and wrapped into rows of about 42 characters, at most three.
    """
    blocks = [f"WEBVTT - {_note(info.title)}", f"NOTE Language: {_note(info.language)}"]
    for number, (start, end, rows) in enumerate(_cues(timeline), start=1):
        text = "\n".join(map(_escaped, rows))
        blocks.append(f"{number}\n{_vtt_time(start)} --> {_vtt_time(end)}\n{text}")
    return "\n\n".join(blocks) + "\n"


def srt(timeline: Timeline) -> str:
    """Return the spoken lines as SubRip, cues as in `webvtt`: what video sites take."""
    blocks = list[str]()
    for number, (start, end, rows) in enumerate(_cues(timeline), start=1):
        times = f"{_vtt_time(start)} --> {_vtt_time(end)}".replace(".", ",")
        blocks.append(f"{number}\n{times}\n" + "\n".join(rows) + "\n")
    return "\n".join(blocks)


def lrc(timeline: Timeline, info: TrackInfo) -> str:
    """Return the spoken lines as LRC, to the hundredth of a second.

    Where more than 4 s without words follow a line, an empty line clears it when it has been spoken.
    """
    tags = {
        "ti": info.title,
        "ar": info.artist,
        "al": info.album,
        "la": info.language,
        "length": _lrc_time(timeline.samples)[1:-4],
    }
    rows = [f"[{tag}:{_unbracketed(value)}]" for tag, value in tags.items() if one_line(value)]
    cues = [*captions(timeline), (timeline.samples, timeline.samples, "")]
    for (start, end, text), (next_start, _, _) in pairwise(cues):
        rows.append(f"{_lrc_time(start)}{_unbracketed(text)}")
        if next_start - end > _LINGER_SAMPLES:
            rows.append(_lrc_time(end))
    return "\n".join(rows) + "\n"


def _cues(timeline: Timeline) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (start in ms, end in ms, rows) of every caption; none overlaps the one before it."""
    shown_until = 0
    for start, end, text in captions(timeline):
        first = max(milliseconds(start), shown_until)
        shown_until = max(milliseconds(end), first + 1)
        yield first, shown_until, _rows(text)


def captions(timeline: Timeline) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text) of every line that has text: when it is heard, in samples."""
    for line in timeline.lines:
        if text := one_line(line.text):
            first, last = line.recording.heard or (0, line.samples)
            yield line.start + first, line.start + last, text


def _rows(text: str) -> list[str]:
    """Return `text` in as few rows as hold it, of about equal width."""
    count = min(-(-len(text) // _ROW), _MOST_ROWS)
    width = -(-len(text) // count)
    while len(rows := textwrap.wrap(text, width, break_on_hyphens=False)) > count:
        width += 1
    return rows


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _note(text: str) -> str:
    # The header and notes know no escapes, and an arrow in them would start a cue.
    return one_line(text).replace("-->", "→")


def _unbracketed(text: str) -> str:
    # LRC knows no escapes either: a bracket starts or ends a time.
    return one_line(text).translate(str.maketrans("[]", "()"))


def _vtt_time(ms: int) -> str:
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _lrc_time(samples: int) -> str:
    hundredths = (samples * 100 + SAMPLE_RATE // 2) // SAMPLE_RATE
    return f"[{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}]"
