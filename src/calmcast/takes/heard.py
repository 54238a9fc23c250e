"""Readings as a track will have them, each in a file of its own to listen to."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from calmcast.files import atomic_file
from calmcast.model.timeline import Island
from calmcast.model.voice import Recording, Tone
from calmcast.publish.mp3 import write_mp3
from calmcast.store.recordings import Recordings
from calmcast.takes.ledger import Take
from calmcast.takes.recordings import Reading, recordings


def heard_in(
    folder: Path, takes: Sequence[Take], tone: Tone, store: Recordings, show: Callable[[int, int], None]
) -> dict[int, tuple[str, Recording]]:
    """Return, by the take's number, the file in a voice's folder that plays each, and its recording."""
    readings = {take.number: Reading(take, folder, tone) for take in takes}
    made = recordings(tuple(readings.values()), store, show)
    found: dict[int, tuple[str, Recording]] = {}
    for number, reading in readings.items():
        recording = made[reading.key]
        name = f"review/{reading.take.id}-{recording.key[:8]}.mp3"
        if not (folder / name).is_file():
            with atomic_file(folder / name) as file:
                whole = Island(0, recording.samples, None, partial(_stretch, store.pcm(recording)))
                write_mp3(file, [whole], samples=recording.samples, kbps=64)
        found[number] = (name, recording)
    return found


def _stretch(pcm: bytes, first: int, last: int) -> bytes:
    return pcm[2 * first : 2 * last]
