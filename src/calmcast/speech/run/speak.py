"""Utterances -> recordings: from the store where they are there, else spoken, measured and kept."""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from calmcast.model.voice import Recording
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.run.orders import SpeechOrder, orders_of
from calmcast.store.recordings import Recordings

if TYPE_CHECKING:
    from calmcast.speech.run.booth import Patience
    from calmcast.speech.run.group import Finish


def speak(
    jobs: Sequence[SpeechJob],
    store: Recordings,
    finish: "Finish",
    *,
    processes: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    patience: "Patience | None" = None,
) -> tuple[tuple[Recording, ...], int]:
    """Return the recording of each job, in order, and how many had to be spoken; equal jobs share one.

    `processes` speak side by side (None: one a core). `on_progress(done, total)` counts recordings that had to be
    spoken, from (0, total) on, in this thread. Raises UnspokenError for the first job that can't be spoken, within a
    time that `patience` bounds; what was spoken before is kept. Raises SpeechError where the store can't keep it.
    """
    orders = orders_of(jobs)
    found = store.several(order.key for order in orders)
    missing = [order for order in dict.fromkeys(orders) if order.key not in found]
    done = 0

    def keep(recording: Recording) -> None:
        nonlocal done
        found[recording.key] = recording
        done += 1
        if on_progress:
            on_progress(done, len(missing))

    if missing:
        from calmcast.speech.run.booth import Patience
        from calmcast.speech.run.group import speak_group
        from calmcast.speech.run.pool import booths_for

        if on_progress:
            on_progress(0, len(missing))
        with TemporaryDirectory(prefix="calmcast-", ignore_cleanup_errors=True) as folder:
            for number, group in enumerate(_by_voice(missing)):
                folders = [Path(folder) / f"{number}-{i}" for i in range(booths_for(len(group), processes))]
                speak_group(group, folders, store, finish, keep, patience or Patience())
    return tuple(found[order.key] for order in orders), len(missing)


def _by_voice(orders: list[SpeechOrder]) -> list[list[SpeechOrder]]:
    """Return the orders in groups of one engine and settings, in the order of their first."""

    def voice(order: SpeechOrder) -> tuple[str, tuple[tuple[str, str], ...]]:
        return order.engine.name, order.settings

    groups = [list(group) for _, group in groupby(sorted(orders, key=voice), key=voice)]
    return sorted(groups, key=lambda group: group[0].index)
