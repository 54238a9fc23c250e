"""Captions, held against the manifest and against what is heard: `.vtt` and `.lrc`."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from statistics import median
from typing import NamedTuple

from calmcast.text import one_line
from calmcast.units import SAMPLE_RATE
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.lines import MASKED_S, ONSET_S, Heard

_CUE = re.compile(r"(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3}) --> (?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})")
_ROW = re.compile(r"\[(\d{2,}):(\d\d)\.(\d\d)\](.*)")
_ROUNDED_S = 0.011
"""Times are rounded: to a millisecond, to a hundredth of a second."""
_ALL = 3
"""Fewer captions that are late alike are told one by one."""
_BRACKETS = str.maketrans("[]", "()")


class Cue(NamedTuple):
    """A caption: when it comes, in seconds, and its text."""

    at: float
    text: str


def captions(track: Path, lines: tuple[Heard, ...]) -> tuple[Finding, ...]:
    """Return what there is to say of the captions beside a track."""
    spoken = [line for line in lines if one_line(line.line.text)]
    return tuple(
        finding
        for ending, read in ((".vtt", read_vtt), (".lrc", read_lrc))
        for finding in _findings(track.with_suffix(ending), ending, spoken, read)
    )


def _findings(path: Path, ending: str, lines: Sequence[Heard], read: Callable[[str], list[Cue]]) -> tuple[Finding, ...]:
    name, expected = f"captions ({ending})", "the lines as they are heard"
    try:
        cues = read(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return (judged(name, expected, f"there is no {path.name}", well=False),)
    except (OSError, UnicodeDecodeError):
        return (judged(name, expected, f"{path.name} cannot be read", well=False),)
    pairs = list(zip(cues, lines, strict=False))
    if len(pairs) == len(cues) == len(lines) and (late := _all_late(pairs)):
        return told(name, expected, [Fault(f"all captions are shown {_off(late)} their place")], "")
    faults = [Fault(what, line.due[0]) for cue, line in pairs if (what := _wrong(cue, line, ending))]
    if len(cues) != len(lines):
        faults.append(Fault(f"there are {len(cues)} captions for {len(lines)} lines"))
    return told(name, expected, faults, f"{len(cues)} captions")


def _wrong(cue: Cue, line: Heard, ending: str) -> str:
    """Return what is wrong with a caption, or nothing."""
    text = one_line(line.line.text)
    if cue.text != (text.translate(_BRACKETS) if ending == ".lrc" else text):
        return f"“{cue.text}” is shown for {line.words}"
    if abs(late := cue.at - line.due[0] / SAMPLE_RATE) > _ROUNDED_S:
        return f"{line.words} is shown {_off(late)} its place"
    if line.start is not None:
        late = cue.at - line.start / SAMPLE_RATE
        # What a bed hides is heard later than it begins.
        if not -ONSET_S - MASKED_S * line.masked <= late <= ONSET_S:
            return f"{line.words} is shown {_off(late)} its sound"
    return ""


def _all_late(pairs: "list[tuple[Cue, Heard]]") -> float:
    """Return by how many seconds all captions come late, each alike (negative: early); 0: they do not."""
    lates = [cue.at - line.due[0] / SAMPLE_RATE for cue, line in pairs]
    if len(lates) < _ALL or max(lates) - min(lates) > 2 * _ROUNDED_S or abs(median(lates)) <= _ROUNDED_S:
        return 0.0
    return median(lates)


def _off(late: float) -> str:
    return f"{abs(late):.2f} s {'after' if late > 0 else 'before'}"


def read_vtt(text: str) -> list[Cue]:
    """Return the cues of a WebVTT file, their text on one line and without escapes; none where it is no such file."""
    if not text.startswith("WEBVTT"):
        return []
    cues = list[Cue]()
    for block in re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n")):
        rows = block.strip("\n").split("\n")
        for nth, row in enumerate(rows[:2]):
            if found := _CUE.match(row):
                cues.append(Cue(_vtt_seconds(found.groups()[:4]), unescape(" ".join(rows[nth + 1 :]))))
                break
    return cues


def _vtt_seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, whole, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000


def read_lrc(text: str) -> list[Cue]:
    """Return the rows of an LRC file that have words; an empty one clears the row before it."""
    rows = (_ROW.fullmatch(row) for row in text.splitlines())
    return [Cue(int(m[1]) * 60 + int(m[2]) + int(m[3]) / 100, m[4]) for m in rows if m and m[4]]
