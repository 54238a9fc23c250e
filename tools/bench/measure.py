"""What a piece of work takes: time, processors, memory."""

import os
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.bench.scene import CALMCAST, Scene

CORES = len(os.sched_getaffinity(0))
"""On which all of this may run."""

_EVERY_S = 0.02
_HIGHEST = re.compile(r"VmHWM:\s*(\d+) kB")
_KB = 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """What one round took."""

    value: float
    """In seconds as a clock on the wall counts them, or in bytes."""
    cpu_s: float | None = None
    """Of all processes together."""


def timed(work: Callable[[], object]) -> Taken:
    """Return the time that `work` takes, and that of the processes which it starts and waits for."""
    os.sync()  # what was written before has no part in it
    before, began = _cpu_s(), time.perf_counter()
    work()
    return Taken(time.perf_counter() - began, _cpu_s() - before)


def peaks(scene: Scene, arguments: str) -> tuple[int, int]:
    """Return the most bytes that calmcast's own process had in memory, and the most that any process below it had.

    Linux alone tells. Raises CalledProcessError.
    """
    own = others = 0
    command = [*CALMCAST, *arguments.split()]
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=scene.desk, env=scene.environment, stdout=silent, stderr=silent) as process:
        while process.poll() is None:
            own = max(own, _peak(process.pid))
            others = max([others, *map(_peak, _below(process.pid))])
            time.sleep(_EVERY_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return own, others


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(process: int) -> int:
    """Return the most bytes a process has had in memory since it began; 0 where it is gone."""
    found = _HIGHEST.search(_read(Path(f"/proc/{process}/status")))
    return int(found[1]) * _KB if found else 0


def _below(process: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that they have."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, _read(children).split()):
            yield child
            yield from _below(child)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace")
    except OSError:
        return ""
