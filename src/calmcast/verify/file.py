"""The file as such: its bytes, its length, its form, and its highest points."""

import math

from calmcast.model.manifest import Manifest
from calmcast.publish.tagged import Digests
from calmcast.units import SAMPLE_RATE, format_span
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.listen import FileStream
from calmcast.verify.measure import Measured


def file_itself(manifest: Manifest, measured: Measured, digests: Digests, cut_at: int) -> tuple[Finding, ...]:
    """Return what there is to say of a file.

    `cut_at`: where, in samples, it has too much or too little.
    """
    stream = measured.stream
    due = -(-manifest.samples * stream.rate // SAMPLE_RATE) if stream.rate else manifest.samples
    length, errors = _length(stream.samples, due, stream.rate), _errors(stream.faults)
    channels = _channels(stream.channels), _channels(manifest.channels)
    rate = manifest.file.rate if manifest.file else SAMPLE_RATE
    return (
        _bytes(manifest, digests),
        judged("length", f"{due} samples", length, well=stream.samples == due, at=cut_at),
        judged("decoding", "no errors", errors, well=not stream.faults),
        judged("channels", channels[1], channels[0], well=stream.channels == manifest.channels),
        judged("sample rate", f"{rate} Hz", f"{stream.rate} Hz", well=stream.rate == rate),
        *([_bit_rate(manifest.kbps, stream)] if manifest.file is None or manifest.file.format == "mp3" else []),
    )


def _bytes(manifest: Manifest, digests: Digests) -> Finding:
    found = "another, or changed since"
    if same_sound := digests.audio == manifest.audio_sha256.lower():
        found = "the same sound, and another tag"
    if same := same_sound and digests.tag == manifest.tag_sha256.lower():
        found = "the same bytes"
    return judged("file", "the one that was made", found, well=same)


def _bit_rate(due: int, stream: FileStream) -> Finding:
    """Return what there is to say of the bit rate of an MP3, which is constant; others vary."""
    kbps = " to ".join(map(str, sorted({*stream.kbps[:1], *stream.kbps[-1:]})))
    return judged("bit rate", f"{due} kbit/s", f"{kbps} kbit/s", well=stream.kbps == (due,))


def _length(samples: int, due: int, rate: int) -> str:
    over = samples - due
    if not over or not rate:
        return f"{samples} samples"
    lasts = f"{abs(over) / rate:.4f} s" if abs(over) < rate // 20 else format_span(abs(over) * SAMPLE_RATE // rate)
    return (
        f"{samples} samples: {lasts} too {'long' if over > 0 else 'short'} ({abs(over)} sample{'s' * (abs(over) != 1)})"
    )


def _errors(faults: int) -> str:
    if not faults:
        return "none"
    return "a place that cannot be decoded" if faults == 1 else f"{faults} places that cannot be decoded"


def _channels(count: int) -> str:
    return {1: "1 (mono)", 2: "2 (stereo)"}.get(count, str(count))


def heights(manifest: Manifest, measured: Measured) -> tuple[Finding, ...]:
    """Return what there is to say of a track's true peak, and of clipping."""
    ceiling = manifest.loudness.true_peak_dbtp
    peak = 20.0 * math.log10(measured.peak) if measured.peak > 0.0 else -math.inf
    found = f"{peak:.1f} dBTP" if peak > -math.inf else "silence"
    clipped = [Fault("the sound is cut off at full scale", at) for at in measured.clipped]
    return (
        judged("true peak", f"at most {ceiling:.1f} dBTP", found, well=peak <= ceiling, at=measured.peak_at),
        *told("clipping", "none", clipped, "none"),
    )
