"""Tracks to verify: rendered as a teacher renders them, then decoded, changed, and encoded again as tracks are."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from calmcast.model.manifest import Manifest
from calmcast.publish.formats import manifest_path
from calmcast.publish.lame import MAKEUP_DB
from calmcast.publish.manifest import encode, read_manifest
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.tagged import digests
from calmcast.units import SAMPLE_RATE, gain
from calmcast.verify.verify import Verified
from tests.islands import whole

Sound = NDArray[np.float64]
"""(samples, channels), full scale = 1."""

Fault = Callable[[Manifest, Sound], Sound]
"""What is done to the sound of a track."""

SCRIPT = """\
title: A rest
length: 80s
allow: {missing-exit: only for tests, missing-notice: only for tests, unannounced-silence: only for tests}
segments:
  - title: Arriving
    steps:
      - bell: soft
      - hold: 3s
      - Hello. I'm glad that you came here today.
      - pause: 2s
      - Let your shoulders <soften> & rest.
      - pause: 2s
      - Nothing here has to be right, and there is nothing at all that you have to do.
      - hold: 3s
  - title: A long rest on the floor, with a long name
    steps:
      - say: I'll be quiet for a while.
        level: -3 dB
      - rest: 14s
  - title: Breath
    steps:
      - breathe: {in: 3s, out: 4s, rounds: 2, tone: tones, say: {in: In., out: Out.}, voice_rounds: 1, remind: no}
      - hold: 3s
  - title: Back
    steps:
      - Take your time, and come back gently.
      - hold: 2s
      - bell: bowl
"""


def samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def manifest_of(track: Path) -> Manifest:
    return read_manifest(manifest_path(track))


def sound_of(track: Path) -> Sound:
    """Return what a track sounds like before its encoder, which makes everything a little softer."""
    sound, rate = soundfile.read(track, always_2d=True)
    assert rate == SAMPLE_RATE
    return np.asarray(sound * gain(MAKEUP_DB), np.float64)


def copied(track: Path, folder: Path) -> Path:
    """Return a track that was copied there, with what lies beside it."""
    for ending in (".mp3", ".json", ".vtt", ".lrc"):
        shutil.copy(track.with_suffix(ending), folder)
    return folder / track.name


def changed(track: Path, folder: Path, fault: Fault) -> Path:
    """Return a copy of a track whose sound was changed, and whose manifest knows nothing of that but its digest."""
    copy, manifest = copied(track, folder), manifest_of(track)
    sound = fault(manifest, sound_of(track))
    pcm = np.rint(sound * 32_768).clip(-32_768, 32_767).astype("<i2")
    tag = tag_of(track)
    with copy.open("wb+") as file:
        file.write(tag)
        write_mp3(file, whole(pcm), samples=len(pcm), channels=pcm.shape[1], kbps=manifest.kbps)
    return signed(copy)


def tag_of(track: Path) -> bytes:
    """Return the ID3 tag at the beginning of a track (ID3v2.3, 3.1: its size without its header, 7 bits a byte)."""
    data = track.read_bytes()
    size = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    return data[:size]


def signed(track: Path) -> Path:
    """Make a manifest say that the file is as it was made, so that only what is wrong in it is told."""
    found = digests(track)
    return noted(track, replace(manifest_of(track), audio_sha256=found.audio, tag_sha256=found.tag))


def noted(track: Path, manifest: Manifest) -> Path:
    manifest_path(track).write_text(encode(manifest), encoding="utf-8")
    return track


def off(verified: Verified) -> dict[str, str]:
    """Return what the first finding of each name says that is off."""
    return {finding.name: finding.found for finding in reversed(verified.faults)}


def places(verified: Verified, name: str) -> list[float]:
    """Return where the findings of a name are, in seconds."""
    return [finding.at / SAMPLE_RATE for finding in verified.faults if finding.name == name and finding.at is not None]
