"""An index of the files of a folder: how large each is, when it was last used, and a copy of its seal.

It is a convenience and never the truth. Missing, damaged, of another version or in nobody's power to write, it costs
time and nothing else: every method then does nothing, and returns what an empty index would.

It keeps a rollback journal, because a write-ahead log needs memory that processes share, which network folders do not
have. Nothing waits for the disk: what a power cut spoils is found damaged and made anew. Each method has a connection
of its own, so a process may fork at any time, and threads need not know of each other.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

VERSION = 1
"""Goes up when the tables change: an index of another version is made anew."""
_APPLICATION = 0x63616C6D
"""What SQLite's file header says of whose file it is."""
_PATIENCE_S, _LESS_PATIENCE_S = 2.0, 0.05
"""So long another process is waited for; and where that was in vain, by the questions after it."""
_held = set[Path]()
"""Indexes that were waited for in vain, until something could be written there."""
_AT_ONCE = 500
"""Keys in one statement; SQLite takes 999 everywhere."""

_TABLES = (
    "CREATE TABLE kept (key TEXT PRIMARY KEY, size INTEGER, used INTEGER, seal BLOB) WITHOUT ROWID",
    "CREATE INDEX by_use ON kept (used, key, size)",
    "CREATE TABLE shards (name TEXT PRIMARY KEY, listed INTEGER)",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
_LOOK = "SELECT key, used, seal FROM kept WHERE seal IS NOT NULL AND key IN ({})"
_PUT = """
INSERT INTO kept VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET size = excluded.size, used = excluded.used, seal = excluded.seal
"""
_TOTALS = "SELECT substr(key, 1, instr(key, '-') - 1), count(*), sum(size) FROM kept GROUP BY 1 ORDER BY 1"

_BEYOND_US = frozenset(
    {
        sqlite3.SQLITE_AUTH, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""Errors that say nothing of the index itself: it is held by others, or there is no room."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index in one file, which is made where it is missing and its folder is there."""

    path: Path

    def seals(self, keys: Sequence[str], now: int, stale: int) -> tuple[dict[str, bytes], list[str]]:
        """Return the seals of those of these keys that somebody has read, and note that they are used now.

        That is noted only of those that were not used since `stale`, so that it is seldom written. Returns also of
        which it should have been noted, and could not.
        """

        def look(db: sqlite3.Connection) -> tuple[dict[str, bytes], list[str]]:
            found, old = dict[str, bytes](), list[str]()
            for first in range(0, len(keys), _AT_ONCE):
                some = keys[first : first + _AT_ONCE]
                for key, used, seal in db.execute(_LOOK.format(",".join("?" * len(some))), some):
                    found[key] = seal
                    if used < stale:
                        old.append(key)
            if not {*map(type, found.values())} <= {bytes}:
                raise TypeError("a seal is bytes")
            return found, old

        def touch(db: sqlite3.Connection) -> tuple[dict[str, bytes], list[str]]:
            found, old = look(db)
            db.executemany("UPDATE kept SET used = ? WHERE key = ?", [(now, key) for key in old])
            return found, []

        asked = self._asked(look, (dict[str, bytes](), list[str]()))
        # Whoever trims holds the index meanwhile: what is noted here is gone by now, or is seen there to be in use.
        return self._told(touch, asked) if asked[1] else asked

    def add(self, seals: Mapping[str, tuple[int, bytes]], now: int) -> bool:
        """Note files that are used now, in place of what was said of the same keys: the size and the seal of each.

        Returns whether that could be done.
        """
        rows = [(key, size, now, seal) for key, (size, seal) in seals.items()]
        return not rows or self._told(lambda db: bool(db.executemany(_PUT, rows)), False)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget these."""
        if keys:
            self._told(partial(_delete, keys=keys), None)

    def totals(self) -> list[tuple[str, int, int]]:
        """Return each kind there is, in order, with the number of its files and their bytes."""
        return self._asked(lambda db: db.execute(_TOTALS).fetchall(), [])

    def least_used(self, before: int, size_bytes: int, remove: Callable[[str], bool]) -> tuple[int, int]:
        """Remove some files, first those not used for longest, none that was used since `before`, until so many bytes
        are gone; return their number and bytes: (0, 0) where there are no more. `remove` says whether one is gone.
        """

        def trim(db: sqlite3.Connection) -> tuple[int, int]:
            gone, freed = list[str](), 0
            found = db.execute("SELECT key, size FROM kept WHERE used < ? ORDER BY used LIMIT ?", (before, _AT_ONCE))
            for key, size in found.fetchall():
                if freed >= size_bytes:
                    break
                if remove(key):
                    gone.append(key)
                    freed += size
            _delete(db, gone)
            return len(gone), freed

        return self._told(trim, (0, 0))

    def listed(self) -> dict[str, int]:
        """Return when each shard was listed, as `time.time()`."""
        return self._asked(lambda db: dict(db.execute("SELECT name, listed FROM shards").fetchall()), {})

    def relist(self, shards: Iterable[str], now: int, files: Callable[[str], Mapping[str, tuple[int, int]]]) -> None:
        """Bring the index in step with the files of shards: of each key that begins so, its size and when it came.

        They are listed while nobody else writes here, so that what others put or remove meanwhile is not mistaken.
        """

        def list_(db: sqlite3.Connection) -> None:
            for shard in shards:
                there = files(shard)
                known = dict(db.execute("SELECT key, size FROM kept WHERE key >= ? AND key < ?", (shard, f"{shard}g")))
                _delete(db, [key for key in known if key not in there])
                new = [(key, *file, None) for key, file in there.items() if known.get(key) != file[0]]
                db.executemany(_PUT, new)
                db.execute("INSERT OR REPLACE INTO shards VALUES (?, ?)", (shard, now))

        self._told(list_, None)

    def unlist(self) -> None:
        """Have all shards listed anew when somebody next does."""
        self._told(lambda db: db.execute("UPDATE shards SET listed = -1"), None)

    def check(self) -> None:
        """Discard the index where it contradicts itself."""

        def look(db: sqlite3.Connection) -> None:
            if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")

        self._asked(look, None)

    def discard(self) -> None:
        """Remove the index; it is made anew when it is next asked. What was not written down of last use is lost."""
        for path in (self.path.with_name(f"{self.path.name}-journal"), self.path):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _told(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do what writes, all of it or nothing."""

        def all_or_nothing(db: sqlite3.Connection) -> T:
            db.execute("BEGIN IMMEDIATE")
            done = work(db)
            db.execute("COMMIT")
            _held.discard(self.path)
            return done

        return self._asked(all_or_nothing, otherwise)

    def _asked(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        for _ in range(2):
            patience_s = _LESS_PATIENCE_S if self.path in _held else _PATIENCE_S
            try:
                with closing(sqlite3.connect(self.path, timeout=patience_s, isolation_level=None)) as db:
                    _prepare(db)
                    return work(db)
            except sqlite3.Error as error:
                # Python's own errors have no code: they tell of what cannot be in a sound index.
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
                if code == sqlite3.SQLITE_BUSY:
                    _held.add(self.path)
                if code in _BEYOND_US:
                    return otherwise
            except (TypeError, ValueError):
                pass  # values of another type than is ever written
            self.discard()
        return otherwise


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables where there are none. Raises sqlite3.Error where they are another program's or version's."""
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA page_size = 8192")  # of a file that is still to be made: a row has about 700 bytes
    if _version(db) == (0, 0):
        db.execute("BEGIN IMMEDIATE")
        if _version(db) == (0, 0):  # unless another process was faster
            for statement in _TABLES:
                db.execute(statement)
        db.execute("COMMIT")
    if _version(db) != (_APPLICATION, VERSION):
        raise sqlite3.DatabaseError("another program's, or another version's")


def _version(db: sqlite3.Connection) -> tuple[int, int]:
    (application,), (version,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    return application, version


def _delete(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    db.executemany("DELETE FROM kept WHERE key = ?", [(key,) for key in keys])
