"""A track that was looked at, as a picture."""

from calmcast.model.timeline import Chapter
from calmcast.publish.pictures.waveform import waveform_svg
from calmcast.text import counted
from calmcast.verify.verify import Verified


def picture(verified: Verified) -> str:
    """Return a track that was looked at as SVG: its waveform, its loudness, and where something is off."""
    manifest = verified.manifest
    placed = [(finding.at, f"{finding.name}: {finding.found}") for finding in verified.faults if finding.at is not None]
    return waveform_svg(
        manifest.title,
        f"{verified.track.name}: {_in_short(verified)}",
        manifest.samples,
        [Chapter(chapter.title, chapter.start, chapter.end) for chapter in manifest.chapters],
        verified.columns,
        verified.loudness,
        manifest.loudness.speech_lufs,
        placed,
    )


def _in_short(verified: "Verified") -> str:
    """Return how many things are off, and which of them have no place in a picture."""
    if not verified.faults:
        return "all is well"
    elsewhere = dict.fromkeys(finding.name for finding in verified.faults if finding.at is None)
    not_shown = f"; not marked here: {', '.join(elsewhere)}" if elsewhere else ""
    return f"{counted(len(verified.faults), 'thing')} off{not_shown}"
