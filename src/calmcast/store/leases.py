"""Which processes use a folder: each leaves a file there while it runs, whose name says since when.

One of a process that was killed counts for nothing; of another machine's, nobody can tell, so it counts for a day.
"""

import os
import re
import secrets
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from calmcast.files import process_gone, process_mark

_LEASE = re.compile(r"([0-9a-f]{8}-[0-9]+)-([0-9]+)-[0-9a-f]{16}")
_LONGEST_S = 24 * 60 * 60


class Lease:
    """One process's use of a folder, from the first `take` on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken = False

    def take(self) -> None:
        """Say that this process uses the folder, where that can be said and was not yet; at first there may be none."""
        if self._taken:
            return
        path = self._folder / f"{process_mark()}-{int(time.time())}-{secrets.token_hex(8)}"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            path.touch()
            self._taken = True
            weakref.finalize(self, _give_back, path, os.getpid())


def _give_back(path: Path, process: int) -> None:
    # A forked child has its parent's lease, and ends before it.
    if os.getpid() == process:
        with suppress(OSError):
            path.unlink()


def used_since(folder: Path) -> float:
    """Return since when the longest of the running processes uses a folder, as `time.time()`; now, where none does."""
    return min((since for _, since, counts in _leases(folder) if counts), default=time.time())


def forget_killed(folder: Path) -> bool:
    """Remove leases that no longer count; return whether there were any, whose processes may have left work undone."""
    dead = [path for path, _, counts in _leases(folder) if not counts]
    for path in dead:
        with suppress(OSError):
            path.unlink()
    return bool(dead)


def _leases(folder: Path) -> Iterator[tuple[Path, int, bool]]:
    """Yield each lease: its file, since when it is, and whether it counts."""
    with suppress(OSError):
        for path in folder.iterdir():
            if lease := _LEASE.fullmatch(path.name):
                since = int(lease[2])
                yield path, since, not process_gone(lease[1]) and time.time() - since <= _LONGEST_S
