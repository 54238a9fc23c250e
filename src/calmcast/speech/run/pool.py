"""Many things said at once: a thread for each booth, the results handed to the caller's own thread."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from calmcast.speech.run.booth import Booth

Item = TypeVar("Item")
Result = TypeVar("Result")

_BEAT_S = 0.2
"""How often the waiting thread looks up, so that Ctrl-C is heard on every system."""


@dataclass(frozen=True, slots=True)
class _Failure:
    index: int
    error: BaseException


class WorkError(Exception):
    """The work on an item failed: the `index` of the first item that did, and the `error` it raised."""

    def __init__(self, index: int, error: BaseException) -> None:
        super().__init__(index, error)
        self.index = index
        self.error = error


def booths_for(items: int, jobs: int | None) -> int:
    """Return how many booths serve so many items: one a core where `jobs` is None, never more than items."""
    return max(1, min(jobs or os.cpu_count() or 1, items))


def work_in(
    booths: Sequence[Booth],
    items: Sequence[Item],
    work: Callable[[Booth, Item], Result],
    on_done: Callable[[int, Result], None],
) -> None:
    """Do `work` on every item, in the booths side by side; hand index and result to `on_done`, in this thread.

    Raises WorkError where work on an item fails: no further item is begun, those begun are finished. Closes the booths
    in any case; where this thread is interrupted, at once.
    """
    shift = _Shift(items, work)
    threads = [threading.Thread(target=shift.run, args=(booth,), daemon=True) for booth in booths]
    failures: list[_Failure] = []
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or not shift.results.empty():
            try:
                outcome = shift.results.get(timeout=_BEAT_S)
            except Empty:
                continue
            if isinstance(outcome, _Failure):
                failures.append(outcome)
            elif outcome is not None:
                on_done(*outcome)
    except BaseException:
        shift.stop()
        for booth in booths:
            booth.abandon()
        raise
    finally:
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    if failures:
        first = min(failures, key=lambda failure: failure.index)
        raise WorkError(first.index, first.error)


class _Shift(Generic[Item, Result]):
    """Items given out one after another to the threads that ask."""

    def __init__(self, items: Sequence[Item], work: Callable[[Booth, Item], Result]) -> None:
        self._items = iter(enumerate(items))
        self._work = work
        self._lock = threading.Lock()
        self._over = False
        self.results: SimpleQueue[tuple[int, Result] | _Failure | None] = SimpleQueue()

    def run(self, booth: Booth) -> None:
        """Work until nothing is left, then close the booth."""
        try:
            while (given := self._next()) is not None:
                index, item = given
                try:
                    self.results.put((index, self._work(booth, item)))
                except BaseException as error:  # noqa: BLE001 - raised again, in the caller's thread
                    self.stop()
                    self.results.put(_Failure(index, error))
        finally:
            booth.close()
            # Wakes the caller's thread, which waits for results while any thread lives.
            self.results.put(None)

    def stop(self) -> None:
        """Give out no more."""
        self._over = True

    def _next(self) -> tuple[int, Item] | None:
        with self._lock:
            return None if self._over else next(self._items, None)
