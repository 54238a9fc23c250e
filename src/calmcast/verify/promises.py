"""What a place asks of a track, held against the file: kind, rate, loudness, peak, size, and what lies beside it."""

import math
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from calmcast.audio.loudness import integrated
from calmcast.model.manifest import Manifest
from calmcast.publish.formats import MP3, format_of
from calmcast.publish.places import LUFS_WITHIN, Delivery, Place, picture_path, rings_last
from calmcast.units import SAMPLE_RATE, format_bytes, format_length
from calmcast.verify.findings import Finding, judged
from calmcast.verify.listen import ALONE, MOMENT
from calmcast.verify.measure import Measured

_STEP, _WINDOW = SAMPLE_RATE // 10 // MOMENT, 4 * SAMPLE_RATE // 10 // MOMENT
"""Moments: 100 ms, 400 ms."""


def promises(place: Place, manifest: Manifest, sounds: Measured, track: Path) -> tuple[Finding, ...]:
    """Return what there is to say of a track as a place asks for it; what is only advised is never off."""
    found = (*_file(place, manifest, sounds, track), *_levels(place, sounds), *_beside(place, track))
    return (*found, *_content(place, manifest))


def _file(place: Place, manifest: Manifest, sounds: Measured, track: Path) -> Iterator[Finding]:
    form = format_of(track) or MP3
    delivery, stream = Delivery(form, place), sounds.stream
    kinds = " or ".join(f".{name}" for name in place.formats)
    yield _judged(place, "kind of file", kinds, form.ending, well=form.name in place.formats)
    yield _judged(place, "sample rate", f"{delivery.rate} Hz", f"{stream.rate} Hz", well=stream.rate == delivery.rate)
    if place.channels:
        yield _judged(
            place, "channels", str(place.channels), str(stream.channels), well=stream.channels == place.channels
        )
    if place.kbps:
        rates, well = " or ".join(map(str, place.kbps)), manifest.kbps in place.kbps
        most = "" if form is MP3 else "at most "  # other encoders spend less on silence
        found = f"{most}{manifest.kbps} kbit/s" if manifest.kbps else "nothing is left out"
        yield _judged(place, "bit rate", f"{rates} kbit/s", found, well=well)
    if place.most_bytes:
        size = track.stat().st_size
        yield _judged(
            place, "size", f"under {format_bytes(place.most_bytes)}", format_bytes(size), well=size < place.most_bytes
        )


def _levels(place: Place, sounds: Measured) -> Iterator[Finding]:
    if place.rms_db:
        least, most = place.rms_db
        level = 10.0 * math.log10(max(sounds.mean_square, 1e-12))
        yield _judged(
            place, "mean level", f"{least:.0f} to {most:.0f} dBFS", f"{level:.1f} dBFS", well=least <= level <= most
        )
    elif place.lufs is not None:
        loudness = _integrated(sounds)
        expected, well = f"{place.lufs:.0f} LUFS, 1 more or less", abs(loudness - place.lufs) <= LUFS_WITHIN
        yield _judged(place, "loudness", expected, f"{loudness:.1f} LUFS", well=well)
    peak = 20.0 * math.log10(max(sounds.peak, 1e-12))
    well = peak <= place.peak_dbtp
    yield _judged(place, "true peak", f"at most {place.peak_dbtp:.0f} dBTP", f"{peak:.1f} dBTP", well=well)


def _integrated(sounds: Measured) -> float:
    """Return the loudness of a whole track in LUFS, as a place's own meter finds it (ITU-R BS.1770-4)."""
    sums = np.concatenate(([0.0], np.cumsum(sounds.powers, dtype=np.float64)))
    windows = (sums[_WINDOW::_STEP] - sums[:-_WINDOW:_STEP]) / _WINDOW
    return integrated(windows)


def _beside(place: Place, track: Path) -> Iterator[Finding]:
    if wanted := place.picture:
        path, due = picture_path(track), (wanted.width, wanted.height)
        size = _size_of(path)
        found = "x".join(map(str, size)) + " pixels" if size else f"there is no {path.name}"
        yield _judged(place, "picture", f"{due[0]}x{due[1]} pixels", found, well=size == due)
    if place.srt:
        path = track.with_suffix(".srt")
        found = path.name if path.is_file() else f"there is no {path.name}"
        yield _judged(place, "captions (.srt)", "beside it", found, well=path.is_file())


def _size_of(picture: Path) -> tuple[int, int] | None:
    try:
        with av.open(str(picture.absolute()), options=ALONE, metadata_errors="replace") as file:
            found = file.streams.video[0]
            return (found.width, found.height) if found.width else None
    except (av.FFmpegError, OSError, IndexError):
        return None


def _content(place: Place, manifest: Manifest) -> Iterator[Finding]:
    if place.person:
        voice = {"no": "a person's", "yes": "synthetic", "partly": "partly synthetic"}
        found = voice.get(manifest.synthetic_voice, "none")
        yield _judged(place, "voice", "a person's", found, well=manifest.synthetic_voice == "no")
    if place.lengths:
        least, most = map(format_length, place.lengths)
        yield _judged(place, "length", f"{least} to {most} is advised", format_length(manifest.samples), well=True)
    if place.end_bell:
        rings = rings_last((bell.start for bell in manifest.bells), (line.end for line in manifest.lines))
        yield _judged(place, "bell at the end", "one is advised", "one" if rings else "none", well=True)


def _judged(place: Place, what: str, expected: str, found: str, *, well: bool) -> Finding:
    return judged(f"{place.name}: {what}", expected, found, well=well)
