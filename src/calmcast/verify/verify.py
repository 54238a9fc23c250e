"""The straight line: a track and its manifest -> findings, and what a picture of it shows."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import lufs
from calmcast.errors import SoundError
from calmcast.model.manifest import Manifest
from calmcast.publish.formats import manifest_path
from calmcast.publish.manifest import read_manifest
from calmcast.publish.places import Place
from calmcast.publish.tagged import digests
from calmcast.verify.around import beds, sound_and_silence, struck
from calmcast.verify.captions import captions
from calmcast.verify.cut import cut
from calmcast.verify.expected import expected
from calmcast.verify.file import file_itself, heights
from calmcast.verify.findings import Fault, Finding, told
from calmcast.verify.lines import heard, lines
from calmcast.verify.listen import MOMENT
from calmcast.verify.measure import Measured, Report, measured
from calmcast.verify.promises import promises
from calmcast.verify.tags import tags

_SHORT_TERM = 300
"""Moments: 3 s (EBU Tech 3341)."""
_EACH = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """A track that was looked at."""

    track: Path
    manifest: Manifest
    findings: tuple[Finding, ...]
    columns: tuple[tuple[float, float], ...]
    """The lowest and the highest sample of each of 840 equal stretches of what it should be, full scale = 1."""
    loudness: tuple[tuple[int, float], ...]
    """(sample, short-term loudness over 3 s in LUFS), about every second."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that are off."""
        return tuple(finding for finding in self.findings if finding.severity == "off")


def manifest_beside(track: Path) -> Manifest:
    """Return the manifest of a track.

    Raises SoundError where there is no such track, and PublishError where its manifest is missing or cannot be read.
    """
    if track.suffix.lower() == ".json":
        of = track.with_suffix("")
        raise SoundError(f"{track} is a manifest", f"name the track itself: {of if of.suffix else f'{of}.mp3'}")
    if not track.exists():
        raise SoundError(f"there is no track {track}", "look at its name and its folder")
    return read_manifest(manifest_path(track))


def verify(track: Path, report: Report = lambda done: None, place: Place | None = None) -> Verified:
    """Decode a track and hold it against its manifest, its captions and its tag, and against what a place asks for.

    `report` is called with how many samples have been decoded. What is wrong is among the findings. Raises as
    `manifest_beside`, and SoundError where the track cannot be decoded.
    """
    manifest = manifest_beside(track)
    sounds, should = measured(track, report), expected(manifest)
    where = cut(manifest, should, sounds.powers)
    powers = where.mended(sounds.powers, should.bed)
    spoken = heard(manifest, should, powers, where.mended(sounds.tops, np.zeros_like(should.bed)))
    findings = (
        *_manifest(manifest),
        *file_itself(manifest, sounds, digests(track), where.at * MOMENT),
        *lines(manifest, should, spoken),
        *heights(manifest, sounds),
        *sound_and_silence(should, powers),
        *struck(manifest, should, powers),
        *beds(manifest, should, powers),
        *tags(manifest, track),
        *captions(track, spoken),
        *(promises(place, manifest, sounds, track) if place else ()),
    )
    return Verified(track, manifest, findings, sounds.columns(manifest.samples), _loudness(sounds))


def _manifest(manifest: Manifest) -> tuple[Finding, ...]:
    """Look whether a manifest fits itself: everything within its track, chapters without gaps."""
    faults = list[Fault]()
    ends = [0, *(chapter.end for chapter in manifest.chapters)]
    starts = [*(chapter.start for chapter in manifest.chapters), manifest.samples]
    if manifest.chapters and ends != starts:
        faults.append(Fault("its chapters leave a gap, overlap, or end elsewhere than the track"))
    things = (*manifest.events, *manifest.beds, *manifest.breaths)
    if beyond := [thing for thing in things if thing.end > manifest.samples]:
        faults.append(Fault("something in it ends after the track", beyond[0].start))
    if max((event.end for event in manifest.events), default=0) < manifest.samples:
        faults.append(Fault("its events end before the track"))
    events = [event.start for event in manifest.events]
    if events != sorted(events):
        faults.append(Fault("its events are not in the order of time"))
    return told("manifest", "fits itself", faults, "it does")


def _loudness(sounds: Measured) -> tuple[tuple[int, float], ...]:
    """Return the short-term loudness about every second, each at the middle of its window."""
    sums: NDArray[np.float64] = np.concatenate(([0.0], np.cumsum(sounds.powers, dtype=np.float64)))
    middles = np.arange(0, len(sounds.powers) + 1, _EACH)
    first = np.clip(middles - _SHORT_TERM // 2, 0, None)
    last = np.clip(middles + _SHORT_TERM // 2, None, len(sounds.powers))
    means = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    return tuple((int(at) * MOMENT, lufs(mean)) for at, mean in zip(middles, means.tolist(), strict=True))
