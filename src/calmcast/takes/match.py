"""Islands of sound + the lines that were read, in order -> where each line is, and how sure that is.

Told by three things: how long each line should take at the reader's own pace, how long the silences are, and, where the
fallback voice can say the lines too, how they sound. The last is what aligning a text by a synthetic voice rests on
(`likeness`). The pace and the spread around it are the reader's, found by doing it over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.takes.costs import SPREAD, Groups, costs_of, first_divide, found_divide, groups_of, paces_of, pauses_of
from calmcast.takes.cut import Island
from calmcast.takes.doubts import UNSURE, Found, doubts_of, place_doubts
from calmcast.takes.envelope import Envelope, envelope
from calmcast.takes.likeness import distances, log_ratios, outlines
from calmcast.takes.order import Alignment, Group, cheapest
from calmcast.takes.prompts import Prompt, fixed_silences
from calmcast.units import SAMPLE_RATE

References = Callable[[int], NDArray[np.float32] | None]
Table = tuple[NDArray[np.float64], ...]

MARGIN = SAMPLE_RATE * 8 // 100
"""What a line keeps of the silences around it, in samples, for the softest sounds: 80 ms."""

_ANY_PACE = 0.75
"""Before the reader's pace is known: a line may take `exp` of this longer or shorter than expected."""
_PACES = tuple(0.5 * 2 ** (step / 5) for step in range(11))
"""How much slower or faster than expected a reader may be: half to double."""
_PASSES = 3
_SHORTEST_S = 0.2
"""No line is expected to take less."""
_BETTER = 5.0
"""Nats by which other ends may sound better before that is a doubt."""
_AROUND = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Where a line was read."""

    prompt: Prompt
    start: int
    """In samples of the recording; MARGIN of silence is kept at both ends, where there is as much."""
    end: int
    doubts: tuple[str, ...]
    """What a person should listen to, a plain sentence each; empty: none."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of a recording."""

    lines: tuple[Match | None, ...]
    """For each prompt."""
    left: tuple[Island, ...]
    """What belongs to no line, breaths and clicks left out: coughs, false starts, earlier readings."""


def match(
    heard: Envelope,
    islands: Sequence[Island],
    prompts: Sequence[Prompt],
    expected: Sequence[float],
    references: "References | None" = None,
) -> Matching:
    """Return where each prompt was read, in the order of the sheet; lines may be missing, and sounds belong to none.

    `expected`: for each prompt the seconds that it should take, its fixed silences among them, at any one pace.
    `references`: another voice's reading of the prompt at an index, mono at 44 100 Hz, or None; with them a line is
    known by its sound. Of a line that was read several times in a row the last reading is taken.
    """
    words = tuple(island for island in islands if not island.faint)
    if not words or not prompts:
        return Matching((None,) * len(prompts), words)
    groups = groups_of(words)
    fixed = [fixed_silences(prompt.text) for prompt in prompts]
    fixed_s = np.array([sum(silences) / SAMPLE_RATE for silences in fixed])
    spoken_s = np.maximum(np.array(expected, float) - fixed_s, _SHORTEST_S)
    counts = [len(silences) for silences in fixed]
    divide_s = first_divide(groups.gaps_s, len(prompts))
    pauses = pauses_of(groups, counts, divide_s)
    longest_s = max(2.5 * divide_s, 1.5 + max(map(max, filter(None, fixed)), default=0) / SAMPLE_RATE)
    alike = _alike(heard, groups, spoken_s + fixed_s, longest_s, references) if references else None
    tries = (cheapest(costs_of(groups, spoken_s * pace + fixed_s, SPREAD, pauses, alike)).cost for pace in _PACES)
    paces, spread = np.full(len(prompts), _PACES[int(np.argmin([*tries]))]), SPREAD
    for _ in range(_PASSES):
        order = cheapest(costs_of(groups, spoken_s * paces + fixed_s, spread, pauses, alike))
        paces, spread = paces_of(groups, order, spoken_s, fixed_s, paces)
        divide_s = found_divide(groups, order, divide_s)
        pauses = pauses_of(groups, counts, divide_s)
    order = cheapest(costs_of(groups, spoken_s * paces + fixed_s, spread, pauses, alike))
    return _matching(heard, words, prompts, order, spoken_s * paces + fixed_s, alike)


def _alike(
    heard: Envelope, groups: Groups, lasts_s: "NDArray[np.float64]", longest_s: float, references: "References"
) -> "Table | None":
    """Return what each line's being each group costs by its sound; 0 where there is no telling.

    No line has a silence longer than `longest_s`.
    """
    said = {i: sound for i in range(len(lasts_s)) if (sound := references(i)) is not None}
    if not said:
        return None
    models = outlines([(envelope([sound]), ((0, len(sound)),)) for sound in said.values()])
    pieces = outlines([(heard, [(island.start, island.end) for island in groups.islands])])
    islands, most = groups.seconds.shape
    runs = np.argwhere(np.isfinite(groups.seconds))
    runs = runs[[groups.gaps_s[a + 1 : a + 1 + more].max(initial=0.0) <= longest_s for a, more in runs.tolist()]]
    joined = [np.concatenate(pieces[first : first + more + 1]) for first, more in runs.tolist()]
    lengths_s = groups.seconds[runs[:, 0], runs[:, 1]]
    pairs = np.argwhere(np.abs(np.log(lengths_s)[:, None] - np.log(lasts_s[list(said)])) <= _ANY_PACE)
    table = np.full((len(runs), len(said)), np.inf)
    table[pairs[:, 0], pairs[:, 1]] = distances(joined, models, pairs)
    ratios = log_ratios(table)
    costs = [np.zeros((islands, most)) for _ in lasts_s]
    for i, ratio in zip(said, ratios.T, strict=True):
        costs[i][:] = ratios.max()
        costs[i][runs[:, 0], runs[:, 1]] = ratio
    return tuple(costs)


def _matching(
    heard: Envelope,
    words: tuple[Island, ...],
    prompts: Sequence[Prompt],
    order: Alignment,
    lasts_s: "NDArray[np.float64]",
    alike: "Table | None",
) -> Matching:
    lines: list[Match | None] = []
    used: set[int] = set()
    adrift = sum(margin < UNSURE for margin in order.margins) > len(prompts) / 4
    around = len(prompts) if adrift else _AROUND
    for i, (prompt, group) in enumerate(zip(prompts, order.groups, strict=True)):
        if not group:
            lines.append(None)
            continue
        used.update(range(*group))
        sounds, better = _sounds(alike[i], group) if alike else (0.0, 0.0)
        edges = min(order.edges[i], _BETTER - better)
        # Lengths alone carry a slip on to the next lines, so there a line is as sure as those around it.
        margin = order.margins[i] if sounds else min(order.margins[max(0, i - around) : i + around + 1])
        found = Found(prompt, group, order.earlier[i], margin, edges, float(lasts_s[i]), sounds)
        doubts = (*place_doubts(i, order.groups, words, heard), *doubts_of(found, words, heard, order.groups))
        lines.append(Match(prompt, *_span(heard, words, group), doubts))
    return Matching(tuple(lines), tuple(island for i, island in enumerate(words) if i not in used))


def _sounds(line: "NDArray[np.float64]", group: Group) -> tuple[float, float]:
    """Return what a group's sound costs, and how much less it costs if the line begins or ends elsewhere."""
    first, last = group
    here = float(line[first, last - first - 1])
    ends_there = [line[start, last - start - 1] for start in range(max(0, last - line.shape[1]), last)]
    return here, here - float(min(line[first].min(), np.min(ends_there)))


def _span(heard: Envelope, words: tuple[Island, ...], group: tuple[int, int]) -> tuple[int, int]:
    """Return a group's start and end with the margins around it, at most half of the silence there."""
    first, last = group
    start, end = words[first].start, words[last - 1].end
    before = start - words[first - 1].end if first else 2 * start
    after = (words[last].start if last < len(words) else 2 * heard.samples - end) - end
    return start - min(MARGIN, before // 2), end + min(MARGIN, after // 2)
