"""A person's own voice: each reading, cut, cleaned and levelled, as a recording of the store."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.clean import clean, room_tone
from calmcast.audio.finish import finish
from calmcast.audio.limiter import limit
from calmcast.audio.loudness import integrated, measure
from calmcast.model.voice import Recording, Tone
from calmcast.speech.run.recording import heard, trim
from calmcast.store.recordings import FORMAT, Recordings
from calmcast.takes.ledger import Take
from calmcast.takes.reading import blocks, samples_of
from calmcast.units import SAMPLE_RATE

CLEANING = 1
"""Part of the store's key. Goes up when readings are cleaned or levelled in another way."""
LEVEL_LUFS = -24.0
"""All readings are brought to this loudness, so that one evening's sound like another's."""
HEARD_OF_A_ROOM = 60 * SAMPLE_RATE
"""What is listened to of a recording to know its room, in samples."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A take, where its file is, and how it is to sound."""

    take: Take
    folder: Path
    tone: Tone

    @property
    def key(self) -> str:
        """Its key in the store. The file's name has its content's hash in it."""
        content = [FORMAT, "take", CLEANING, self.take.file, self.take.start, self.take.end, [*astuple(self.tone)]]
        return sha256(json.dumps(content).encode("ascii")).hexdigest()


def recordings(
    readings: Sequence[Reading], store: Recordings, on_progress: Callable[[int, int], None]
) -> Mapping[str, Recording]:
    """Return the recording of each reading by its key: from the store where it is there, else cut, cleaned and kept.

    Raises SoundError where a file cannot be read, SpeechError where the store cannot keep it.
    """
    every = {reading.key: reading for reading in readings}
    store.again.update({key: partial(_make, [reading]) for key, reading in every.items()})
    found = store.several(every)
    missing = [reading for key, reading in every.items() if key not in found]
    if missing:
        on_progress(0, len(missing))
        found |= _make(missing, store, lambda done: on_progress(done, len(missing)))
    return found


def _make(
    readings: Sequence[Reading], store: Recordings, on_made: Callable[[int], None] = lambda done: None
) -> dict[str, Recording]:
    """Cut, clean and keep these readings; `on_made` is told how many there are by now."""
    made = dict[str, Recording]()
    by_file = groupby(sorted(readings, key=_place), key=lambda reading: (reading.folder, reading.take.file))
    for (folder, file), group in by_file:
        room = _room(folder / file)
        for reading, samples in _cut([*group]):
            recording, pcm = _finished(reading, samples, room)
            store.put(recording, pcm)
            made[reading.key] = recording
            on_made(len(made))
    return made


def _place(reading: Reading) -> tuple[str, str, int, int]:
    return str(reading.folder), reading.take.file, reading.take.start, reading.take.end


def _cut(readings: list[Reading]) -> "Iterator[tuple[Reading, NDArray[np.float32]]]":
    """Yield the sound of each reading of one file; one that overlaps the one before it needs another pass."""
    path = readings[0].folder / readings[0].take.file
    while readings:
        now, later, end = list[Reading](), list[Reading](), 0
        for reading in readings:
            if reading.take.start >= end:
                now.append(reading)
                end = reading.take.end
            else:
                later.append(reading)
        yield from zip(now, samples_of(path, [(r.take.start, r.take.end) for r in now]), strict=True)
        readings = later


def _room(path: Path) -> NDArray[np.float32] | None:
    """Return how the room sounds in which a recording was made, from its first minute; None: it is not to be told."""
    heard: list[NDArray[np.float32]] = []
    samples = 0
    for block in blocks(path):
        heard.append(block)
        samples += len(block)
        if samples >= HEARD_OF_A_ROOM:
            break
    found = room_tone(np.concatenate(heard)) if heard else np.zeros(0, np.float32)
    return found if len(found) else None


def _finished(
    reading: Reading, samples: NDArray[np.float32], room: NDArray[np.float32] | None
) -> tuple[Recording, bytes]:
    """Return a reading cleaned, trimmed and levelled, as the store keeps it."""
    sound = levelled(trim(clean(samples, room).samples), LEVEL_LUFS)
    pcm, loudness, peak = finish(np.rint(sound * 32_767).astype(np.int16), reading.tone)
    recording = Recording(reading.key, len(pcm), (), loudness, peak, heard(pcm))
    return recording, pcm.astype("<i2").tobytes()


def levelled(samples: NDArray[np.float32], lufs: float) -> NDArray[np.float32]:
    """Return speech at a loudness; its peaks are held so far that nothing clips."""
    scaled = samples / max(1.0, float(np.abs(samples).max(initial=0.0)))
    around = np.pad(np.rint(scaled * 32_767).astype(np.int16), SAMPLE_RATE * 3 // 10)
    windows, _ = measure(around)
    loudness = integrated(windows)
    if not np.isfinite(loudness):
        return np.asarray(scaled, np.float32)
    louder = scaled.astype(np.float64) * 10 ** (min(lufs - loudness, 40.0) / 20)
    return limit(louder, -3.0).astype(np.float32)
