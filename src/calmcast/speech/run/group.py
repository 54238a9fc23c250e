"""Many lines of one voice, spoken side by side: each said, laid out, finished and kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.model.voice import Recording, Tone
from calmcast.speech.run.booth import Booth, Patience, UnsaidError
from calmcast.speech.run.orders import SpeechOrder, UnspokenError
from calmcast.speech.run.pool import WorkError, work_in
from calmcast.speech.run.recording import assemble, heard
from calmcast.speech.words.pace import LONGEST_PACED
from calmcast.store.recordings import Recordings

Finish = Callable[[NDArray[np.int16], Tone], tuple[NDArray[np.int16], tuple[float, ...], float]]
"""Samples as spoken -> as kept, with their loudness windows and true peak as `model.voice.Recording` has them."""


def speak_group(
    orders: list[SpeechOrder],
    folders: list[Path],
    store: Recordings,
    finish: Finish,
    keep: Callable[[Recording], None],
    patience: Patience,
) -> None:
    engine, settings = orders[0].engine, dict(orders[0].settings)
    booths = [Booth(engine, settings, folder, patience) for folder in folders]

    def record(booth: Booth, order: SpeechOrder) -> Recording:
        booth.open()
        phrases: list[tuple[NDArray[np.float32], int]] = []
        for breath in order.breaths:
            said = booth.say(breath.text, breath.words)
            for clause, (silence, lasts) in zip(said, breath.times, strict=True):
                if clause is not None:
                    phrases.append((clause, max(silence, min(lasts - len(clause), LONGEST_PACED))))
        samples, silences = assemble(phrases)
        samples, loudness, peak = finish(samples, order.tone)
        recording = Recording(order.key, len(samples), silences, loudness, peak, heard(samples))
        store.put(recording, samples.astype("<i2").tobytes())
        return recording

    try:
        work_in(booths, orders, record, lambda _, recording: keep(recording))
    except WorkError as failed:
        if isinstance(failed.error, UnsaidError):
            index = orders[failed.index].index
            raise UnspokenError(index, failed.error.message, failed.error.hint) from None
        raise failed.error from None
