"""The straight line: a track and its manifest -> findings, and what a picture of it shows."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.audio.loudness import lufs
from calmcast.errors import SoundError
from calmcast.verify.around import beds, sound_and_silence, struck
from calmcast.verify.captions import captions
from calmcast.verify.described import Described, read_manifest
from calmcast.verify.expected import Expected, expected
from calmcast.verify.file import file_itself
from calmcast.verify.findings import Fault, Finding, told
from calmcast.verify.hearing import Listener
from calmcast.verify.heights import heights
from calmcast.verify.lines import lines_there, speech
from calmcast.verify.listen import BLOCK, MOMENT
from calmcast.verify.measure import TENTH, Measured, Report, measured, sha256
from calmcast.verify.moves import Move, moves, put_back, told_of
from calmcast.verify.remade import Stretch, can_be_remade, unlike
from calmcast.verify.stereo import stereo
from calmcast.verify.tags import tags

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHORT_TERM = 300
"""Moments: 3 s (EBU Tech 3341)."""
_EACH = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """A track that was looked at."""

    track: Path
    described: Described
    findings: tuple[Finding, ...]
    columns: tuple[tuple[float, float], ...]
    """The lowest and the highest sample of each of 840 equal stretches, full scale = 1."""
    loudness: tuple[tuple[int, float], ...]
    """(sample, short-term loudness over 3 s in LUFS), about every second."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that are off."""
        return tuple(finding for finding in self.findings if finding.severity == "off")


def description(track: Path) -> Described:
    """Return what the manifest beside a track says of it.

    Raises SoundError where there is no such track, and PublishError where its manifest is missing or cannot be read.
    """
    if track.suffix.lower() == ".json":
        raise SoundError(f"{track} is a manifest", f"name the track itself: {track.with_suffix('.mp3')}")
    if not track.exists():
        raise SoundError(f"there is no track {track}", "look at its name and its folder")
    return read_manifest(track.with_suffix(".json"))


def verify(track: Path, report: Report = lambda done: None) -> Verified:
    """Decode a track and hold it against its manifest, its captions and its tag.

    `report` is called with how many samples have been decoded. What is wrong is among the findings. Raises as
    `description`, and SoundError where the track cannot be decoded.
    """
    described = description(track)
    heard = measured(track, described.timeline, report)
    moved = _moves(described, heard)
    sounds = _put_back(described, heard, moved)
    should = expected(described, len(sounds.powers))
    listener = Listener(described, should, sounds.powers)
    lines = listener.lines()
    sides = stereo(described, sounds.sides, lines)
    # With a dead channel every bed sounds otherwise, and that has been said.
    is_whole = all(finding.severity == "ok" for finding in sides)
    other = unlike(described, should, sounds.hues, moved) if is_whole else ()
    powers = _without(other, should, sounds.powers)
    findings = (
        *_manifest(described),
        *file_itself(described, sounds, sha256(track)),
        *told_of(moved),
        speech(described, should, listener, lines),
        *heights(described, sounds),
        *lines_there(lines, described.speech_lufs),
        *sound_and_silence(should, powers),
        *struck(described, should, sounds.powers),
        *beds(described, should, powers),
        *_sound_of_beds(described, other),
        *sides,
        *tags(described, track),
        *captions(track, lines),
    )
    return Verified(track, described, findings, heard.columns, _loudness(heard))


def _manifest(described: Described) -> tuple[Finding, ...]:
    """Look whether a manifest fits itself: everything within its track, chapters without gaps."""
    timeline, faults = described.timeline, list[Fault]()
    ends = [0, *(chapter.end for chapter in timeline.chapters)]
    starts = [*(chapter.start for chapter in timeline.chapters), timeline.samples]
    if timeline.chapters and ends != starts:
        faults.append(Fault("its chapters leave a gap, overlap, or end elsewhere than the track"))
    things = (*timeline.events, *timeline.beds, *timeline.breaths)
    if beyond := [thing for thing in things if thing.end > timeline.samples]:
        faults.append(Fault("something in it ends after the track", beyond[0].start))
    if max((event.end for event in timeline.events), default=0) < timeline.samples:
        faults.append(Fault("its events end before the track"))
    events = [event.start for event in timeline.events]
    if events != sorted(events):
        faults.append(Fault("its events are not in the order of time"))
    return told("manifest", "fits itself", faults, "it does")


def _moves(described: Described, heard: Measured) -> tuple[Move, ...]:
    """Return where a track comes early or late."""
    listener = Listener(described, expected(described, len(heard.powers)), heard.powers)
    return moves(listener.contours(), listener.sums, (heard.samples - described.timeline.samples) // MOMENT)


def _put_back(described: Described, heard: Measured, moved: tuple[Move, ...]) -> Measured:
    """Return what a track would sound like if nothing in it came early or late.

    In a part that is not there only the beds sound. Where a sound begins or ends, moves leave no telling of clicks.
    """
    import numpy as np

    if not moved:
        return heard
    at = put_back(moved, len(heard.powers), 1)
    bed = expected(described, len(at)).bed
    clicks = tuple(click for click in heard.clicks if not click.is_at_edge)
    powers = np.where(at < 0, bed, heard.powers[np.maximum(at, 0)])
    sides = heard.sides
    if len(sides):
        sides = sides[np.maximum(put_back(moved, len(sides), TENTH // MOMENT), 0)]
    return replace(heard, powers=powers, sides=sides, clicks=clicks)


def _without(stretches: tuple[Stretch, ...], should: Expected, powers: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return a track's powers as if the beds were as they should be in stretches that are told of."""
    powers = powers.copy()
    for stretch in stretches:
        place = slice(max(0, stretch.start - BLOCK) // MOMENT, (stretch.end + BLOCK) // MOMENT)
        powers[place] = should.bed[place]
    return powers


def _sound_of_beds(described: Described, other: tuple[Stretch, ...]) -> tuple[Finding, ...]:
    if not described.timeline.beds:
        return ()
    otherwise = "as it was made" if can_be_remade(described) else "not compared: of a file, or of another calmcast"
    return told("sound of the bed", "as it was made", [stretch.fault for stretch in other], otherwise)


def _loudness(sounds: Measured) -> tuple[tuple[int, float], ...]:
    """Return the short-term loudness about every second, each at the middle of its window."""
    import numpy as np

    sums: NDArray[np.float64] = np.concatenate(([0.0], np.cumsum(sounds.powers, dtype=np.float64)))
    middles = np.arange(0, len(sounds.powers) + 1, _EACH)
    first = np.clip(middles - _SHORT_TERM // 2, 0, None)
    last = np.clip(middles + _SHORT_TERM // 2, None, len(sounds.powers))
    means = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    return tuple((int(at) * MOMENT, lufs(mean)) for at, mean in zip(middles, means.tolist(), strict=True))
