"""Files that somebody recorded -> takes of the lines that are read in them. The files are kept as they are."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.errors import SoundError
from calmcast.model.voice import Recording
from calmcast.scratch import scratch
from calmcast.store.recordings import Recordings
from calmcast.takes.cut import islands
from calmcast.takes.ledger import Take, add_takes, keep_original
from calmcast.takes.match import MARGIN, match
from calmcast.takes.prompts import Prompt
from calmcast.takes.reading import listen
from calmcast.units import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file that was brought in."""

    path: Path
    takes: tuple[Take, ...]
    missing: tuple[Prompt, ...]
    """The lines that were not found in it."""


def bring_long_take(
    store: Recordings, folder: Path, path: Path, reading: Sequence[Prompt], spoken: Sequence[Recording]
) -> Brought:
    """Take one long recording of lines read in order: kept, cut at its silences, and matched to the lines.

    `spoken`: each line in another voice. Raises SoundError where the file is no whole recording.
    """

    def reference(index: int) -> NDArray[np.float32]:
        pcm = np.frombuffer(store.pcm(spoken[index]), "<i2")
        return (pcm / np.float32(32_768)).astype(np.float32)

    heard = listen(path)
    expected = [recording.samples / SAMPLE_RATE for recording in spoken]
    matching = match(heard, islands(heard), reading, expected, reference)
    found = [each for each in matching.lines if each]
    if not found:
        hint = "is it the right file? the sheet asks for other words: calmcast record sheet"
        raise SoundError(f"none of the sheet's lines is in {path.name}", hint)
    file = keep_original(folder, path)
    takes = tuple(
        Take(each.prompt.id, each.prompt.text, file, each.start, each.end, "; ".join(each.doubts) or None, False, 0)
        for each in found
    )
    missing = tuple(prompt for prompt, each in zip(reading, matching.lines, strict=True) if each is None)
    return Brought(path, add_takes(folder, takes), missing)


def bring_line(folder: Path, path: Path, prompt: Prompt, expected_s: float | None) -> Brought:
    """Take a recording of one line: kept, and its silent ends left out. Raises SoundError where nothing is in it.

    One that does not last about `expected_s` is doubted.
    """
    heard = listen(path)
    found = [island for island in islands(heard) if not island.faint] or islands(heard)
    if not found:
        raise SoundError(f"there is nothing to hear in {path.name}", f"record line {prompt.number} again")
    start, end = max(0, found[0].start - MARGIN), min(heard.samples, found[-1].end + MARGIN)
    took_s = (end - start) / SAMPLE_RATE
    off = expected_s is not None and not 0.5 <= took_s / expected_s <= 2.0
    doubt = f"this takes {took_s:.1f} s, and the line about {expected_s:.1f} s: is it this line?" if off else None
    take = Take(prompt.id, prompt.text, keep_original(folder, path), start, end, doubt, False, 0)
    return Brought(path, add_takes(folder, (take,)), ())


def keep_reading(folder: Path, prompt: Prompt, samples: NDArray[np.int16]) -> Take:
    """Keep what a microphone heard, mono at 44 100 Hz, as the newest reading of a line.

    Raises SoundError where there is nothing to hear in it.
    """
    with scratch() as draft:
        path = draft / f"{prompt.id}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(samples.astype("<i2").tobytes())
        return bring_line(folder, path, prompt, None).takes[0]
