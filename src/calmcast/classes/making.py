"""Tracks that are missing or changed are made, several at a time, and none of the others."""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from calmcast.classes.sets import Failure, SetTrack
from calmcast.errors import CalmcastError, PublishError
from calmcast.publish.tagged import Digests
from calmcast.track.performance import Progress
from calmcast.track.render import Planned, render
from calmcast.track.retag import Standing, retagged
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Work:
    """A track, the folder that it belongs in, and what lies there."""

    track: SetTrack
    folder: Path
    standing: Standing

    @property
    def path(self) -> Path:
        return self.folder / self.track.file


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of tracks that were to be made, by path."""

    digests: dict[Path, Digests]
    failures: dict[Path, Failure]


class _StoppedError(Exception):
    """Whoever makes the tracks was told to stop."""


def make(
    workspace: Workspace,
    works: Sequence[Work],
    jobs: int,
    progress: Progress,
) -> Finished:
    """Make tracks, `jobs` at a time, and return what became of each; one that cannot be made does not hold up others.

    An interruption ends all of them at once, none half-written.
    """
    meter, stop = _Meter(progress, sum(work.track.samples for work in works)), Event()

    def one(work: Work) -> Digests:
        def told(what: str, done: int, total: int) -> None:
            if stop.is_set():
                raise _StoppedError
            if what == work.path.name:
                meter.reached(work.path, done)

        if work.standing.due == "tag":
            made = retagged(workspace, work.track.track, work.path, work.standing)
        else:
            made = render(workspace, work.track.track, work.path, told)
        if not work.path.is_file():
            raise PublishError(f"{work.path} was removed while the class was being made", "run it again")
        return made.digests

    finished = Finished({}, {})
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting = {pool.submit(one, work): work for work in works}
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    work = waiting.pop(future)
                    try:
                        finished.digests[work.path] = future.result()
                    except CalmcastError as error:
                        finished.failures[work.path] = Failure(work.track.number, work.track.title, error)
        finally:
            stop.set()
            for future in waiting:
                future.cancel()
    return finished


class _Meter:
    """Adds up how much of several tracks is made, in seconds, whichever thread says so."""

    def __init__(self, progress: Progress, samples: int) -> None:
        self._progress, self._total = progress, samples // SAMPLE_RATE
        self._lock, self._reached = Lock(), dict[Path, int]()

    def reached(self, path: Path, seconds: int) -> None:
        with self._lock:
            self._reached[path] = seconds
            self._progress("making, in seconds", sum(self._reached.values()), self._total)


def kept_bytes(track: Planned) -> int:
    """Return about how many bytes a track's MP3 has."""
    return track.timeline.samples * track.kbps * 125 // SAMPLE_RATE
