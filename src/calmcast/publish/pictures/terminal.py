"""A track as a ribbon of characters: words, silence, breath, marks, names and a time axis in a few lines."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.text import Text

from calmcast.model.timeline import Timeline, spoken_spans
from calmcast.publish.pictures.lettering import printable
from calmcast.publish.pictures.marks import MarkKind, marks_of
from calmcast.publish.pictures.ribbon import runs, wave
from calmcast.units import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of a ribbon, each one cell wide."""

    words: str
    """From silence to a cell full of words."""
    waves: str
    """From a breath that is out to one that is in."""
    marks: dict[MarkKind, str]
    begins: str
    """What stands before a part's name."""
    cut: str
    """What stands for the rest of a name."""

    def writable(self, encoding: str) -> bool:
        """Return whether an encoding has all of them."""
        try:
            "".join((self.words, self.waves, *self.marks.values(), self.begins, self.cut)).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


BLOCKS = Signs("·░▒▓█", "▁▂▃▄▅▆▇", {"bell": "♪", "notice": "♡", "check": "✓", "exit": "→"}, "│", "…")
ASCII = Signs(".-=#", "~", {"bell": "o", "notice": "i", "check": "v", "exit": ">"}, "|", ".")

_COLOURS = ("cyan", "yellow", "magenta", "green", "blue")
_PRECEDENCE: tuple[MarkKind, ...] = ("exit", "check", "notice", "bell")
_MEANINGS: dict[MarkKind, str] = {"bell": "bell", "notice": "notice", "check": "check", "exit": "way out"}
_KEY_LINES = 3
_LONGEST_NAME = 30
_TICK = 9
_STEPS_S = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
_SHORTEST_WAVE = 4
"""In cells; where breaths are shorter, one wave stands for several."""


def ribbon_lines(label: str, timeline: Timeline, width: int, signs: Signs = BLOCKS) -> list[Text]:
    """Return a track as at most 8 lines, none wider than `width` cells.

    They are its label, its marks, its ribbon, its parts' names (a number where there is no room), the time, and up to
    three lines of a key to the numbers.
    """
    samples = max(timeline.samples, 1)
    edges = [cell * samples // width for cell in range(width + 1)]
    colours = [_COLOURS[index % len(_COLOURS)] for index in range(len(timeline.chapters))]
    starts = [chapter.start for chapter in timeline.chapters]
    ribbon = Text()
    for cell, (sign, is_silence) in enumerate(_cells(timeline, edges, signs)):
        part = max(0, bisect_right(starts, edges[cell]) - 1)
        ribbon.append(sign, style="dim" if is_silence else colours[part] if colours else "")
    names = [_cut(printable(chapter.title) or "untitled", _LONGEST_NAME, signs.cut) for chapter in timeline.chapters]
    cells = [start * width // samples for start in starts]
    named, entries = _names_line(names, cells, colours, width, signs)
    key = [Text(line) for line in _key_lines(entries, width, signs)]
    heading = Text(_cut(printable(label), width, signs.cut), style="bold")
    return [heading, Text(_marks_line(timeline, width, signs)), ribbon, named, Text(_time_line(samples, width)), *key]


def _cells(timeline: Timeline, edges: Sequence[int], signs: Signs) -> list[tuple[str, bool]]:
    """Return the sign of each cell between edges, and whether it is silence."""
    cells, spans = list[tuple[str, bool]](), spoken_spans(timeline)
    waves = [wave(run, _SHORTEST_WAVE * edges[-1] / (len(edges) - 1)) for run in runs(timeline.breaths)]
    for start, end in pairwise(edges):
        while spans and spans[0][1] <= start:
            spans.pop(0)
        spoken = 0
        for first, last in spans:
            if first >= end:
                break
            spoken += min(last, end) - max(first, start)
        level = _level(waves, (start + end) // 2)
        if level is not None:
            cells.append((signs.waves[round(level * (len(signs.waves) - 1))], False))
            continue
        share = min(1.0, spoken / max(end - start, 1))
        full = len(signs.words) - 1
        cells.append((signs.words[min(full, int(share * full) + 1) if spoken else 0], not spoken))
    return cells


def _level(waves: Sequence[Sequence[tuple[int, float]]], sample: int) -> float | None:
    """Return how full the breath is at a sample, 0 to 1; None: no breath is paced there."""
    for points in waves:
        for (start, before), (end, after) in pairwise(points):
            if start <= sample < end:
                return before + (after - before) * (sample - start) / (end - start)
    return None


def _marks_line(timeline: Timeline, width: int, signs: Signs) -> str:
    """Return the marks, each above its cell or the next to the right; where there is no room, the less needed go."""
    line = [" "] * width
    for kind in _PRECEDENCE:
        for sample in (at for at, found in marks_of(timeline) if found == kind):
            cell = min(sample * width // max(timeline.samples, 1), width - 1)
            if line[cell] != " " and cell + 1 < width:
                cell += 1
            if line[cell] == " ":
                line[cell] = signs.marks[kind]
    return "".join(line).rstrip()


def _names_line(
    names: Sequence[str], cells: Sequence[int], colours: Sequence[str], width: int, signs: Signs
) -> tuple[Text, list[str]]:
    """Return the names below the cells where their parts begin, and with their numbers those without room."""
    line, entries = Text(), dict[str, None]()
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}
    for index, (name, cell, after) in enumerate(zip(names, cells, [*cells[1:], width], strict=True)):
        text, room = name, after - cell - len(signs.begins)
        if cell_len(name) > room - (after < width):
            text = str(numbers[name])
            entries[f"{text} {name}"] = None
        if cell_len(text) <= room:
            line.append(" " * (cell - line.cell_len) + signs.begins + text, style=colours[index])
    return line, list(entries)


def _time_line(samples: int, width: int) -> str:
    step = next((s for s in _STEPS_S if s * SAMPLE_RATE * width / samples >= _TICK), _STEPS_S[-1])
    has_hours = samples > 3600 * SAMPLE_RATE
    line = ""
    for second in range(0, samples // SAMPLE_RATE + 1, step):
        whole, rest = divmod(second // 60 if has_hours else second, 60)
        label = f"{whole}:{rest:02}"
        cell = second * SAMPLE_RATE * width // samples
        if cell + len(label) <= width and cell >= len(line):
            line = line.ljust(cell) + label
    return line


def _key_lines(entries: Sequence[str], width: int, signs: Signs) -> list[str]:
    """Return numbered names in at most three lines, shortened as far as that takes; then the last ones go."""
    for longest in range(min(_LONGEST_NAME + 4, width), 7, -1):
        lines = _filled([_cut(entry, longest, signs.cut) for entry in entries], width)
        if len(lines) <= _KEY_LINES:
            return lines
    last = _cut(lines[_KEY_LINES - 1], width - 2, signs.cut)
    return [*lines[: _KEY_LINES - 1], last if last.endswith(signs.cut) else f"{last} {signs.cut}"]


def _filled(entries: Sequence[str], width: int) -> list[str]:
    lines = list[str]()
    for entry in entries:
        if lines and cell_len(lines[-1]) + 2 + cell_len(entry) <= width:
            lines[-1] += "  " + entry
        else:
            lines.append(entry)
    return lines


def _cut(text: str, widest: int, cut: str) -> str:
    """Return `text` in at most so many cells, what is left off as `cut`."""
    if cell_len(text) <= widest:
        return text
    while text and cell_len(text) + len(cut) > widest:
        text = text[:-1]
    return text.rstrip() + cut


def signs_in_words(timelines: Sequence[Timeline], signs: Signs) -> str:
    """Return in a line what the signs in the ribbons of these plans mean."""
    used = {kind for timeline in timelines for _, kind in marks_of(timeline)}
    parts = [f"{signs.words[-1]} words", f"{signs.words[0]} silence"]
    if any(timeline.breaths for timeline in timelines):
        parts.append(f"{signs.waves[::3]} breath")
    return "  ".join([*parts, *(f"{signs.marks[kind]} {_MEANINGS[kind]}" for kind in signs.marks if kind in used)])
