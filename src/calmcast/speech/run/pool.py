"""Lines spoken side by side: a thread waits for each process, and the caller's own hears of the recordings."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from calmcast.model.voice import Recording
from calmcast.speech.run.booth import Booth
from calmcast.speech.run.orders import SpeechOrder

_BEAT_S = 0.2
"""How often the waiting thread looks up, so that Ctrl-C is heard on every system."""


@dataclass(frozen=True, slots=True)
class _Failure:
    place: int
    error: BaseException


def booths_for(lines: int, processes: int | None) -> int:
    """Return how many booths serve so many lines: one a core where `processes` is None, never more than lines."""
    return max(1, min(processes or os.cpu_count() or 1, lines))


def record_in(
    booths: Sequence[Booth],
    orders: Sequence[SpeechOrder],
    keep: Callable[[Recording, bytes], None],
    on_recorded: Callable[[Recording], None],
) -> None:
    """Have every line spoken, in the booths side by side, and each kept at once; tell of it in this thread.

    Raises what the first line raises that fails: no further one is begun, those begun are finished. Closes the booths
    in any case; where this thread is interrupted, at once.
    """
    shift = _Shift(orders, keep)
    threads = [threading.Thread(target=shift.run, args=(booth,), daemon=True) for booth in booths]
    failures: list[_Failure] = []
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or not shift.results.empty():
            try:
                result = shift.results.get(timeout=_BEAT_S)
            except Empty:
                continue
            if isinstance(result, _Failure):
                failures.append(result)
            elif result is not None:
                on_recorded(result)
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
        raise min(failures, key=lambda failure: failure.place).error


class _Shift:
    """Lines given out one after another to the threads that ask."""

    def __init__(self, orders: Sequence[SpeechOrder], keep: Callable[[Recording, bytes], None]) -> None:
        self._orders = iter(enumerate(orders))
        self._keep = keep
        self._lock = threading.Lock()
        self._over = False
        self.results: SimpleQueue[Recording | _Failure | None] = SimpleQueue()

    def run(self, booth: Booth) -> None:
        """Work until nothing is left, then close the booth."""
        try:
            while (given := self._next()) is not None:
                place, order = given
                try:
                    recording, pcm = booth.record(order)
                    self._keep(recording, pcm)
                    self.results.put(recording)
                except BaseException as error:  # noqa: BLE001 - raised again, in the caller's thread
                    self.stop()
                    self.results.put(_Failure(place, error))
        finally:
            booth.close()
            # Wakes the caller's thread, which waits for results while any thread lives.
            self.results.put(None)

    def stop(self) -> None:
        """Give out no more."""
        self._over = True

    def _next(self) -> tuple[int, SpeechOrder] | None:
        with self._lock:
            return None if self._over else next(self._orders, None)
