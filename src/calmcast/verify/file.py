"""The file as such: its bytes, its length, its form."""

from calmcast.units import SAMPLE_RATE, format_span
from calmcast.verify.described import Described
from calmcast.verify.findings import Finding, judged
from calmcast.verify.measure import Measured


def file_itself(described: Described, measured: Measured, digest: str) -> tuple[Finding, ...]:
    """Return what there is to say of a file. `digest`: its SHA-256 in hexadecimal digits."""
    recording, timeline = measured.recording, described.timeline
    due = -(-timeline.samples * recording.rate // SAMPLE_RATE) if recording.rate else timeline.samples
    kbps = " to ".join(map(str, sorted({*recording.kbps[:1], *recording.kbps[-1:]})))
    same = digest == described.audio_sha256.lower()
    return (
        judged("file", "the one that was made", "the same bytes" if same else "another, or changed since", well=same),
        judged(
            "length",
            f"{due} samples",
            _length(recording.samples, due, recording.rate),
            well=recording.samples == due,
            at=min(measured.samples, timeline.samples),
        ),
        judged("decoding", "no errors", _errors(recording.faults), well=not recording.faults),
        judged(
            "channels",
            _channels(timeline.channels),
            _channels(recording.channels),
            well=recording.channels == timeline.channels,
        ),
        judged("sample rate", f"{SAMPLE_RATE} Hz", f"{recording.rate} Hz", well=recording.rate == SAMPLE_RATE),
        judged(
            "bit rate",
            f"{described.kbps} kbit/s" if described.kbps else "the same throughout",
            f"{kbps} kbit/s",
            well=len(recording.kbps) == 1 and described.kbps in {None, *recording.kbps},
        ),
    )


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
