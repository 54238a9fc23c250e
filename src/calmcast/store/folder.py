"""A store in a folder of this computer: a file for each key, and an index of them.

Files are written beside their place and renamed, so several processes may share a folder and any of them be killed at
any moment. They are the truth; the index only saves opening them, and remembers when each was last used.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from os import SEEK_END, fsync, utime
from pathlib import Path
from typing import BinaryIO

from calmcast.seen import set_apart
from calmcast.store.index import Index
from calmcast.store.leases import Lease, forget_killed, used_since
from calmcast.store.listing import draft, file_of, files_of, former, inside, shards, size_of, sweep
from calmcast.store.sealed import Sealed, data_in, digest_of, is_whole, opened, seal_in, sealed
from calmcast.store.store import Draft, Holding, StoreInfo
from calmcast.store.unnoted import Unnoted

_GRAIN_S = 10 * 60
"""Last use is noted to so many seconds, so that a command which finds everything writes nothing."""
_DAY_S = 24 * 60 * 60
"""So often the index is brought in step with the files."""
_QUIET_S = 0.5
"""No command is held up for longer by that."""
_AT_ONCE = 16
"""Shards that are listed while others wait: of a store with a hundred thousand files, in 60 ms."""


class FolderStore:
    """The store in one folder, which is made when the first is kept. See `Store`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        set_apart(folder)
        self._inside = inside(folder)
        self._index = Index(self._inside / "index.sqlite3")
        self._leases = self._inside / "_leases"
        self._lease = Lease(self._leases)
        self._read = dict[str, Sealed]()
        """What was read, and its use is not noted yet."""
        self._unnoted = Unnoted(self._index, self._inside)
        self._lacked = False
        """Whether something was not there: by now it may have been put, here or by another process."""

    def __reduce__(self) -> tuple[type["FolderStore"], tuple[Path]]:
        return FolderStore, (self.folder,)

    @property
    def place(self) -> str:
        return str(self.folder)

    def get(self, key: str) -> bytes | None:
        try:
            with file_of(self._inside, key).open("rb") as file:
                found = data_in(file, key)
        except OSError:
            self._lacked = True
            return None
        if found is None:
            self._drop(key)
            return None
        self._read[key], data = found
        return data

    def heads(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: seal.head for key, seal in self._known([*dict.fromkeys(keys)]).items()}

    def path(self, key: str) -> Path | None:
        path = file_of(self._inside, key)
        if not self._known([key]):
            return None
        if _whole(path):
            return path
        self._drop(key)
        return None

    def put(self, key: str, data: bytes, head: bytes = b"") -> None:
        with self._drafted(key) as file:
            seal = sealed(key, len(data), sha256(data).digest(), head)
            file.write(data)
            file.write(seal.seal)
        self._lacked = True
        self._unnoted.add(key, seal)

    @contextmanager
    def filling(self, key: str) -> Iterator[Draft]:
        with self._drafted(key) as file:
            filled = Draft(file)
            yield filled
            length = file.seek(0, SEEK_END)
            seal = sealed(key, length, digest_of(file, length), filled.head)
            file.write(seal.seal)
            file.flush()
            fsync(file.fileno())  # whoever reads it in stretches does not look at all of it
        self._lacked = True
        self._unnoted.add(key, seal)

    def info(self) -> StoreInfo:
        self._unnoted.note_all()
        self._list(before=0)
        number = size = 0
        for path in former(self.folder):
            with suppress(OSError):
                number, size = number + 1, size + path.stat().st_size
        return StoreInfo(self._holdings(), Holding("former", number, size))

    def trim(self, most_bytes: int) -> Holding:
        self._unnoted.note_all()
        self._list(before=int(time.time()) - _DAY_S)
        return self._trimmed(most_bytes)

    def settle(self, most_bytes: int) -> None:
        self._unnoted.note_all()
        now = int(time.time())
        read, self._read = self._read, {}
        if read:
            noted, _ = self._index.seals([*read], now, now - _GRAIN_S)
            self._index.add({key: (seal.size, seal.seal) for key, seal in read.items() if key not in noted}, now)
        if self._lacked:
            self._lacked = False
            self._list(before=now - _DAY_S, until=time.monotonic() + _QUIET_S)
            self._trimmed(most_bytes)

    def verify(self) -> tuple[str, ...]:
        damaged = list[str]()
        for shard in shards(self._inside):
            for key in sorted(files_of(self._inside, shard)):
                path = file_of(self._inside, key)
                if not _whole(path):
                    damaged.append(str(path))
                    self._drop(key)
        self._index.check()
        self._list(before=int(time.time()) + _DAY_S)
        return tuple(damaged)

    def clear(self) -> int:
        kept = [file_of(self._inside, key) for shard in shards(self._inside) for key in files_of(self._inside, shard)]
        for path in (*kept, *former(self.folder)):
            path.unlink(missing_ok=True)
        sweep(self._inside)
        self._index.discard()
        return len(kept)

    def _known(self, keys: list[str]) -> dict[str, Sealed]:
        """Return what is known of those keys that are there; they stay while this process runs."""
        self._lease.take()
        self._unnoted.note_all()
        now = int(time.time())
        seals, undated = self._index.seals(keys, now, now - _GRAIN_S)
        self._use(undated)
        found, new = dict[str, Sealed](), dict[str, tuple[int, bytes]]()
        for key in keys:
            seal = opened(key, seals[key]) if key in seals else None
            if seal is None or size_of(self._inside, key) != seal.size:
                seal = _seal_of(file_of(self._inside, key))
                if seal:
                    new[key] = seal.size, seal.seal
            if seal:
                found[key] = seal
        if not self._index.add(new, now):
            self._use(new)
        for key in new:
            if size_of(self._inside, key) is None:  # whoever trims was faster, and could not know that it is used
                del found[key]
        self._index.drop([key for key in (*seals, *new) if key not in found])
        self._lacked |= len(found) < len(keys)
        return found

    def _use(self, keys: Iterable[str]) -> None:
        """Date files to now, of which the index cannot be told that they are used: see `_remove_former`."""
        for key in keys:
            with suppress(OSError):
                utime(file_of(self._inside, key))

    def _drop(self, key: str) -> None:
        """Remove what is damaged."""
        self._lacked = True
        self._remove(key)
        self._index.drop([key])

    def _remove_former(self, used: int, key: str) -> bool:
        """Return whether a key's file is gone; one that came since `used` stays, whatever the index could be told."""
        with suppress(OSError):
            if file_of(self._inside, key).stat().st_mtime >= used:
                return False
        return self._remove(key)

    def _remove(self, key: str) -> bool:
        """Return whether a key's file is gone."""
        try:
            file_of(self._inside, key).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    @contextmanager
    def _drafted(self, key: str) -> Iterator[BinaryIO]:
        """Yield a file that takes the place of a key's when the block ends well."""
        path = file_of(self._inside, key)
        drafted = draft(self._inside)
        self._lease.take()
        try:
            with drafted.open("x+b") as file:
                yield file
            path.parent.mkdir(parents=True, exist_ok=True)
            _rename(drafted, path)
        except BaseException:
            with suppress(OSError):
                drafted.unlink(missing_ok=True)
            raise

    def _list(self, before: int, until: float = float("inf")) -> None:
        """Bring the index in step with the shards that were not listed, or last before a time; some at least."""
        if forget_killed(self._leases):
            self._index.unlist()  # what they have put may not be noted
        listed, now = self._index.listed(), int(time.time())
        due = [shard for shard in shards(self._inside) if listed.get(shard, -1) < before]
        for first in range(0, len(due), _AT_ONCE):
            self._index.relist(due[first : first + _AT_ONCE], now, partial(files_of, self._inside))
            if time.monotonic() > until:
                return

    def _holdings(self) -> tuple[Holding, ...]:
        """Return what there is, as the index has it; where it has not, as it lies there."""
        there = [*shards(self._inside)]
        if self._index.listed().keys() >= {*there}:
            return tuple(Holding(*total) for total in self._index.totals())
        sizes = dict[str, list[int]]()
        for shard in there:
            found = sizes.setdefault(shard.partition("-")[0], [])
            found += [size for size, _ in files_of(self._inside, shard).values()]
        return tuple(Holding(kind, len(each), sum(each)) for kind, each in sorted(sizes.items()) if each)

    def _trimmed(self, most_bytes: int) -> Holding:
        sweep(self._inside)
        number = freed = 0
        for path in former(self.folder):
            with suppress(OSError):
                size = path.stat().st_size
                path.unlink()
                number, freed = number + 1, freed + size
        used = int(used_since(self._leases)) - _GRAIN_S
        excess = sum(size for _, _, size in self._index.totals()) - most_bytes
        while excess > 0:
            gone, bytes_ = self._index.least_used(used, excess, partial(self._remove_former, used))
            if not gone:
                break
            number, freed, excess = number + gone, freed + bytes_, excess - bytes_
        return Holding("removed", number, freed)


def _seal_of(path: Path) -> Sealed | None:
    try:
        with path.open("rb") as file:
            return seal_in(file, path.name)
    except OSError:
        return None


def _whole(path: Path) -> bool:
    """Return whether a file is sound, or gone by now."""
    try:
        with path.open("rb") as file:
            return is_whole(file, path.name)
    except OSError as error:
        return isinstance(error, FileNotFoundError)


def _rename(drafted: Path, path: Path) -> None:
    try:
        drafted.replace(path)
    except PermissionError:
        # On Windows another process may have the same file open: then it is there already.
        if sys.platform != "win32" or _seal_of(path) is None:
            raise
        drafted.unlink()
