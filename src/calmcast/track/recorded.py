"""A person's own voice: the lines there are to read, and each reading as a recording of the store."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.diagnostics import SourceRef
from calmcast.errors import SoundError
from calmcast.model.script import Script, every_line
from calmcast.model.steps import Line
from calmcast.model.traits import Traits
from calmcast.model.voice import Recording, Tone
from calmcast.script.language.lines import build_line
from calmcast.script.language.nodes import Scalar
from calmcast.store.recordings import FORMAT, Store
from calmcast.takes.ledger import Take, add_takes, keep_original
from calmcast.takes.prompts import Prompt, prompt_id, same_text
from calmcast.track.studio import Narrator, Studio
from calmcast.units import SAMPLE_RATE, format_clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLEANING = 1
"""Part of the store's key. Goes up when readings are cleaned or levelled in another way."""
LEVEL_LUFS = -24.0
"""All readings are brought to this loudness, so that one evening's sound like another's."""
HEARD_OF_A_ROOM = 60 * SAMPLE_RATE
"""What is listened to of a recording to know its room, in samples."""

_MANNERS = {
    "setup": "plainly, as you would set it up in class",
    "notice": "softly, with room after each sentence",
    "check": "lightly, as if in passing",
    "announce": "softly, as if in passing",
    "exit": "a little brighter, and unhurried",
    "sleep": "softer with each sentence, as if leaving the room",
}


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


def prompts(script: Script) -> tuple[Prompt, ...]:
    """Return what there is to read in a settled script and its way out, in order, each line once."""
    found = dict[str, Prompt]()
    for segment in script.composed:
        manner = _MANNERS.get(segment.traits.role or "", "calmly, with a breath after each sentence")
        for line in every_line(replace(script, segments=(segment,), way_out=None)):
            name, text = prompt_id(segment.name, line.written), line.written
            prompt = Prompt(len(found) + 1, name, text, segment.title or segment.name, manner)
            found.setdefault(same_text(text), prompt)
    return tuple(found.values())


def recordings(
    readings: Sequence[Reading], store: Store, on_progress: Callable[[int, int], None]
) -> Mapping[str, Recording]:
    """Return the recording of each reading by its key: from the store where it is there, else cut, cleaned and kept.

    Raises SoundError where a file cannot be read, SpeechError where the store cannot keep it.
    """
    every = {reading.key: reading for reading in readings}
    found = {key: recording for key in every if (recording := store.get(key))}
    missing = sorted((r for key, r in every.items() if key not in found), key=_place)
    done = 0
    if missing:
        on_progress(done, len(missing))
    for (folder, file), group in groupby(missing, key=lambda reading: (reading.folder, reading.take.file)):
        room = _room(folder / file)
        for reading, samples in _cut([*group]):
            recording, pcm = _finished(reading, samples, room)
            store.put(recording, pcm)
            found[reading.key] = recording
            done += 1
            on_progress(done, len(missing))
    return found


def _place(reading: Reading) -> tuple[str, str, int, int]:
    return str(reading.folder), reading.take.file, reading.take.start, reading.take.end


def _cut(readings: list[Reading]) -> "Iterator[tuple[Reading, NDArray[np.float32]]]":
    """Yield the sound of each reading of one file; one that overlaps the one before it needs another pass."""
    from calmcast.takes.reading import samples_of

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


def _room(path: Path) -> "NDArray[np.float32] | None":
    """Return how the room sounds in which a recording was made, from its first minute; None: it is not to be told."""
    import numpy as np

    from calmcast.audio.clean import room_tone
    from calmcast.takes.reading import blocks

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
    reading: Reading, samples: "NDArray[np.float32]", room: "NDArray[np.float32] | None"
) -> tuple[Recording, bytes]:
    """Return a reading cleaned, trimmed and levelled, as the store keeps it."""
    import numpy as np

    from calmcast.audio.clean import clean
    from calmcast.audio.finish import finish
    from calmcast.speech.run.recording import heard, trim

    sound = levelled(trim(clean(samples, room).samples), LEVEL_LUFS)
    pcm, loudness, peak = finish(np.rint(sound * 32_767).astype(np.int16), reading.tone)
    recording = Recording(reading.key, len(pcm), (), loudness, peak, heard(pcm))
    return recording, pcm.astype("<i2").tobytes()


def levelled(samples: "NDArray[np.float32]", lufs: float) -> "NDArray[np.float32]":
    """Return speech at a loudness; its peaks are held so far that nothing clips."""
    import numpy as np

    from calmcast.audio.limiter import limit
    from calmcast.audio.loudness import integrated, measure

    scaled = samples / max(1.0, float(np.abs(samples).max(initial=0.0)))
    around = np.pad(np.rint(scaled * 32_767).astype(np.int16), SAMPLE_RATE * 3 // 10)
    windows, _ = measure(around)
    loudness = integrated(windows)
    if not np.isfinite(loudness):
        return np.asarray(scaled, np.float32)
    louder = scaled.astype(np.float64) * 10 ** (min(lufs - loudness, 40.0) / 20)
    return limit(louder, -3.0).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file that was brought in."""

    path: Path
    takes: tuple[Take, ...]
    missing: tuple[Prompt, ...]
    """The lines that were not found in it."""
    left: tuple[str, ...]
    """Where it has sounds that belong to no line, as clock times."""


def references(
    studio: Studio, narrator: Narrator, reading: Sequence[Prompt], on_progress: Callable[[int, int], None]
) -> tuple[Recording, ...]:
    """Return each line as another voice says it, to know by how long it takes and how it sounds.

    Raises SpeechError where it cannot be spoken.
    """
    from calmcast.audio.finish import finish
    from calmcast.speech.run.speak import speak

    jobs = [narrator.job(_line(prompt)) for prompt in reading]
    return speak(jobs, studio.store, finish, on_progress=on_progress)[0]


def bring_long_take(
    studio: Studio, folder: Path, path: Path, reading: Sequence[Prompt], spoken: Sequence[Recording]
) -> Brought:
    """Take one long recording of lines read in order: kept, cut at its silences, and matched to the lines.

    `spoken`: each line in another voice. Raises SoundError where the file is no whole recording.
    """
    import numpy as np

    from calmcast.takes.cut import islands
    from calmcast.takes.match import match
    from calmcast.takes.reading import listen

    def reference(index: int) -> "NDArray[np.float32]":
        pcm = np.frombuffer(studio.store.pcm(spoken[index]), "<i2")
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
    left = tuple(format_clock(island.start) for island in matching.left)
    return Brought(path, add_takes(folder, takes), missing, left)


def bring_line(folder: Path, path: Path, prompt: Prompt, expected_s: float | None) -> Brought:
    """Take a recording of one line: kept, and its silent ends left out. Raises SoundError where nothing is in it.

    One that does not last about `expected_s` is doubted.
    """
    from calmcast.takes.cut import islands
    from calmcast.takes.match import MARGIN
    from calmcast.takes.reading import listen

    heard = listen(path)
    found = [island for island in islands(heard) if not island.faint] or islands(heard)
    if not found:
        raise SoundError(f"there is nothing to hear in {path.name}", f"record line {prompt.number} again")
    start, end = max(0, found[0].start - MARGIN), min(heard.samples, found[-1].end + MARGIN)
    took_s = (end - start) / SAMPLE_RATE
    off = expected_s is not None and not 0.5 <= took_s / expected_s <= 2.0
    doubt = f"this takes {took_s:.1f} s, and the line about {expected_s:.1f} s: is it this line?" if off else None
    take = Take(prompt.id, prompt.text, keep_original(folder, path), start, end, doubt, False, 0)
    return Brought(path, add_takes(folder, (take,)), (), ())


def keep_reading(folder: Path, prompt: Prompt, samples: "NDArray[np.int16]") -> Take:
    """Keep what a microphone heard, mono at 44 100 Hz, as the newest reading of a line.

    Raises SoundError where there is nothing to hear in it.
    """
    import wave
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="calmcast-") as draft:
        path = Path(draft) / f"{prompt.id}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(samples.astype("<i2").tobytes())
        return bring_line(folder, path, prompt, None).takes[0]


def _line(prompt: Prompt) -> Line:
    """Return a prompt as the line that it was made from."""
    place = SourceRef("(the reading sheet)", prompt.number, 1)
    built = build_line(Scalar(prompt.text, place), Traits(), [])
    return built if isinstance(built, Line) else Line((prompt.text,), Traits(), place)
