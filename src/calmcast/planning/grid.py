"""Sounds begin on a grid, that of MP3 frames, so that what was encoded for one length serves every other.

A sound is moved to the nearest place (13 ms at most, where there is room), never over another; the silences beside it
take that up, and the track's length stays.
"""

from collections.abc import Sequence


def on_grid(starts: Sequence[int], sounding: Sequence[bool], rigid: Sequence[bool], grid: int) -> list[int]:
    """Return when each moment begins, and the last one's end, with sounds on multiples of `grid`.

    `starts`: when each begins, in order, and when the last one ends; `sounding`: which of them are sounds, which keep
    their lengths; `rigid`: which belong together with those beside them. From the first sound of such a run to its last
    one, all keep their distances, and only the first is on the grid. A sound between two silences is moved; it stays
    where they leave no room.
    """
    runs = _runs(sounding, rigid)
    firsts = [run.start for run in runs]
    places = _placed([*(starts[first] for first in firsts), starts[-1]], [sounding[first] for first in firsts], grid)
    placed = [
        starts[index] + place - starts[run.start] for run, place in zip(runs, places, strict=False) for index in run
    ]
    return [*placed, places[-1]]


def _runs(sounding: Sequence[bool], rigid: Sequence[bool]) -> list[range]:
    """Return what is moved by itself: each moment, and each run of rigid ones from its first sound to its last."""
    runs, index = list[range](), 0
    while index < len(sounding):
        end = index + 1
        if sounding[index]:
            after = next((i for i in range(index, len(rigid)) if not rigid[i]), len(rigid))
            end = max((i + 1 for i in range(index, after) if sounding[i]), default=end)
        runs.append(range(index, end))
        index = end
    return runs


def _placed(starts: Sequence[int], sounding: Sequence[bool], grid: int) -> list[int]:
    placed, free = list(starts), 0
    following = _next_sounding(sounding)
    silent = [True, *(not sounds for sounds in sounding), False]
    for index, sounds in enumerate(sounding):
        if not sounds:
            placed[index] = free if index and sounding[index - 1] else max(starts[index], free)
            continue
        start, samples = starts[index], starts[index + 1] - starts[index]
        if silent[index] and silent[index + 2]:
            last = starts[following[index]] - samples if samples else start
            placed[index] = _near(start, max(free, start - grid + 1), min(last, start + grid - 1), grid)
        free = placed[index] + samples
    for index in range(len(sounding) - 1, -1, -1):
        if not sounding[index]:
            placed[index] = min(placed[index], placed[index + 1])
    return placed


def _near(start: int, first: int, last: int, grid: int) -> int:
    """Return the place on the grid from `first` to `last` nearest to `start`, or `start` where there is none."""
    nearest = (start + grid // 2) // grid * grid
    near = (place for place in (nearest, nearest - grid, nearest + grid) if first <= place <= last)
    return min(near, key=lambda place: abs(place - start), default=start)


def _next_sounding(sounding: Sequence[bool]) -> list[int]:
    """Return for each moment the index of the next one that sounds; the length where none does."""
    following, after = [len(sounding)] * len(sounding), len(sounding)
    for index in range(len(sounding) - 1, -1, -1):
        following[index] = after
        after = index if sounding[index] else after
    return following
