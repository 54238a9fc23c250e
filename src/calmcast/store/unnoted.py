"""What a process has put into a folder, and the index does not know yet."""

import time
import weakref
from contextlib import suppress
from pathlib import Path

from calmcast.store.index import Index
from calmcast.store.listing import size_of
from calmcast.store.sealed import Sealed

_MOST = 32
"""So many wait for each other, to be noted at once: each question costs the index more than a file does."""


class Unnoted:
    """Files that wait to be noted: until there are many, somebody asks, or nobody has this any more.

    What a process that is killed has not noted is found when the files are listed.
    """

    def __init__(self, index: Index, folder: Path) -> None:
        self._index = index
        self._folder = folder
        self._put = dict[str, Sealed]()
        weakref.finalize(self, _note_all, index, folder, self._put)

    def add(self, key: str, seal: Sealed) -> None:
        self._put[key] = seal
        if len(self._put) >= _MOST:
            self.note_all()

    def note_all(self) -> None:
        _note_all(self._index, self._folder, self._put)


def _note_all(index: Index, folder: Path, put: dict[str, Sealed]) -> None:
    taken = dict[str, Sealed]()
    try:
        with suppress(KeyError):  # one by one, for other threads put meanwhile
            while True:
                key, seal = put.popitem()
                taken[key] = seal
        # What somebody has removed meanwhile is not noted.
        there = {key: (seal.size, seal.seal) for key, seal in taken.items() if size_of(folder, key) == seal.size}
        index.add(there, int(time.time()))
    except BaseException:  # interrupted: they wait on
        put |= taken
        raise
