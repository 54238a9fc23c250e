"""Utterances -> recordings: from the store where they are there, else spoken, measured and kept."""

import pickle
from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from calmcast.model.voice import Recording
from calmcast.scratch import scratch
from calmcast.speech.run.job import Patience, SpeechJob
from calmcast.speech.run.orders import SpeechOrder, orders_of
from calmcast.store.recordings import Recordings

if TYPE_CHECKING:
    from calmcast.speech.run.line import Finish

_PATIENT = Patience()


def speak(
    jobs: Sequence[SpeechJob],
    store: Recordings,
    finish: "Finish",
    *,
    processes: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    on_recording: Callable[[int, Recording], None] | None = None,
    patience: Patience = _PATIENT,
) -> tuple[tuple[Recording, ...], int]:
    """Return the recording of each job, in order, and how many had to be spoken; equal jobs share one.

    Lines are spoken in the order of the jobs, each in one process from its first phrase to its finish; `processes` work
    side by side (None: one a core). `finish` must pickle. In this thread, `on_progress(done, total)` counts recordings
    that had to be spoken, from (0, total) on, and `on_recording(index, recording)` tells of each job when its samples
    are in the store, first of those that were there before. Raises UnspokenError for the first job that can't be
    spoken, within a time that `patience` bounds; what was spoken before is kept. Raises SpeechError where the store
    can't keep it. The store is told how each is spoken once more, should its samples be damaged.
    """
    orders = orders_of(jobs)

    manner = finish, processes, patience
    store.again.update({order.key: partial(_record, [order], *manner) for order in orders})
    found = store.several(order.key for order in orders)
    missing = [order for order in dict.fromkeys(orders) if order.key not in found]
    done = 0

    def tell(keys: Collection[str]) -> None:
        if on_recording:
            for index, order in enumerate(orders):
                if order.key in keys:
                    on_recording(index, found[order.key])

    def recorded(recording: Recording) -> None:
        nonlocal done
        found[recording.key] = recording
        done += 1
        if on_progress:
            on_progress(done, len(missing))
        tell({recording.key})

    tell(found.keys())
    if missing:
        if on_progress:
            on_progress(0, len(missing))
        _record(missing, *manner, store, recorded)
    return tuple(found[order.key] for order in orders), len(missing)


def _record(
    orders: list[SpeechOrder],
    finish: "Finish",
    processes: int | None,
    patience: Patience,
    store: Recordings,
    recorded: Callable[[Recording], None] = lambda recording: None,
) -> None:
    """Speak these lines and keep them, and tell of each."""
    from calmcast.speech.run.booth import Booth
    from calmcast.speech.run.pool import booths_for, record_in

    finishing = pickle.dumps(finish)
    with scratch() as here:
        for number, group in enumerate(_by_voice(orders)):
            voice = group[0].engine, dict(group[0].settings)
            folders = [here / f"{number}-{i}" for i in range(booths_for(len(group), processes))]
            booths = [Booth(*voice, folder, patience, finishing) for folder in folders]
            record_in(booths, group, store.put, recorded)


def _by_voice(orders: list[SpeechOrder]) -> list[list[SpeechOrder]]:
    """Return the orders in groups of one engine and settings, in the order of their first."""

    def voice(order: SpeechOrder) -> tuple[str, tuple[tuple[str, str], ...]]:
        return order.engine.name, order.settings

    groups = [list(group) for _, group in groupby(sorted(orders, key=voice), key=voice)]
    return sorted(groups, key=lambda group: group[0].index)
