"""The lines of a sheet with what was read of each, as a track will have it, to listen to and to say what is right."""

import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from calmcast.files import atomic_file
from calmcast.model.timeline import Island
from calmcast.model.voice import Recording, Tone, Voice
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.pages import ReviewLine, State
from calmcast.store.recordings import Recordings
from calmcast.takes.ledger import Take, load_ledger
from calmcast.takes.prompts import Prompt, same_text
from calmcast.takes.recordings import Reading, recordings
from calmcast.takes.sheet import Sheet
from calmcast.units import seconds


def reviewed(
    sheet: Sheet, voice: Voice, folder: Path, store: Recordings, show: Callable[[int, int], None]
) -> tuple[ReviewLine, ...]:
    """Return every line of a sheet with what is in the voice's folder of it; what can be heard is put there, too."""
    ledger = load_ledger(folder)
    latest, texts = ledger.latest(), [same_text(prompt.text) for prompt in sheet.prompts]
    old = {same_text(now): take for take, now in ledger.stale(tuple(prompt.text for prompt in sheet.prompts))}
    sounds = _sounds(folder, [latest[text] for text in texts if text in latest], voice.tone, store, show)
    return tuple(
        _taken(prompt, latest[text], *sounds[latest[text].number], voice.name)
        if text in latest
        else _missing(prompt, old.get(text))
        for prompt, text in zip(sheet.prompts, texts, strict=True)
    )


def _missing(prompt: Prompt, old: Take | None) -> ReviewLine:
    doubt = f"its words have changed; the recording says: {old.text}" if old else None
    state: State = "stale" if old else "missing"
    return ReviewLine(prompt.number, prompt.id, prompt.text, None, 0.0, doubt, state, "", None, None)


def _taken(prompt: Prompt, take: Take, sound: str, recording: Recording, voice: str) -> ReviewLine:
    start, end = f"{seconds(take.start):.2f}s", f"{seconds(take.end):.2f}s"
    return ReviewLine(
        number=prompt.number,
        id=take.id,
        text=prompt.text,
        audio=sound,
        length_s=seconds(recording.samples),
        doubt=None if take.accepted else take.doubt,
        state="taken" if take.good else "doubtful",
        place=f"{Path(take.file).name}, {start} to {end}",
        accept_command=f"calmcast record accept --voice {shlex.quote(voice)} {take.id}",
        mend_command=f"calmcast record mend --voice {shlex.quote(voice)} {take.id} --from {start} --to {end}",
    )


def _sounds(
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
