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
_PATIENCE_S = 2.0
"""So long another process is waited for."""
_AT_ONCE = 500
"""Keys in one statement; SQLite takes 999 everywhere."""

_TABLES = (
    "CREATE TABLE kept (key TEXT PRIMARY KEY, kind TEXT, size INTEGER, used INTEGER, seal BLOB)",
    "CREATE INDEX by_use ON kept (used, key, size)",
    "CREATE TABLE shards (name TEXT PRIMARY KEY, listed INTEGER)",
    "CREATE TABLE totals (kind TEXT PRIMARY KEY, number INTEGER, bytes INTEGER)",
    """CREATE TRIGGER came AFTER INSERT ON kept BEGIN
        INSERT INTO totals VALUES (new.kind, 1, new.size)
        ON CONFLICT (kind) DO UPDATE SET number = number + 1, bytes = bytes + new.size; END""",
    """CREATE TRIGGER went AFTER DELETE ON kept BEGIN
        UPDATE totals SET number = number - 1, bytes = bytes - old.size WHERE kind = old.kind; END""",
    """CREATE TRIGGER changed AFTER UPDATE OF size ON kept BEGIN
        UPDATE totals SET bytes = bytes + new.size - old.size WHERE kind = new.kind; END""",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)

_BEYOND_US = frozenset(
    {
        sqlite3.SQLITE_AUTH, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""Errors that say nothing of the index itself: it is held by others, or there is no room."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the index says of one file."""

    key: str
    size: int
    """Bytes of the file."""
    used: int
    """When it was last used, in seconds as `time.time()`."""
    seal: bytes | None
    """None: nobody has read it yet."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index in one file, which is made where it is missing and its folder is there."""

    path: Path

    def rows(self, keys: Sequence[str], now: int, stale: int) -> dict[str, Row]:
        """Return what is said of these keys, and note that they are used now: of those not used since `stale`."""

        def look(db: sqlite3.Connection) -> dict[str, Row]:
            found = dict[str, Row]()
            for first in range(0, len(keys), _AT_ONCE):
                some = keys[first : first + _AT_ONCE]
                rows = db.execute(_LOOK.format(",".join("?" * len(some))), some)
                found |= {row[0]: _sound(Row(*row)) for row in rows}
            return found

        def touch(db: sqlite3.Connection) -> dict[str, Row]:
            found = look(db)
            old = [row.key for row in found.values() if row.used < stale]
            db.executemany("UPDATE kept SET used = ? WHERE key = ?", [(now, key) for key in old])
            return found

        found = self._asked(look, dict[str, Row]())
        # Whoever trims holds the index meanwhile: what is noted here is either gone now, or seen to be in use there.
        return self._told(touch, found) if any(row.used < stale for row in found.values()) else found

    def add(self, rows: Iterable[Row]) -> None:
        """Note files, in place of what was said of the same keys."""
        values = [(row.key, _kind(row.key), row.size, row.used, row.seal) for row in rows]
        if values:
            self._told(lambda db: db.executemany(_PUT, values), None)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget these."""
        if keys:
            self._told(partial(_delete, keys=keys), None)

    def totals(self) -> dict[str, tuple[int, int]]:
        """Return the number of files of each kind, and their bytes."""

        def look(db: sqlite3.Connection) -> dict[str, tuple[int, int]]:
            return {kind: (number, size) for kind, number, size in db.execute("SELECT * FROM totals WHERE number > 0")}

        return self._asked(look, {})

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

    def relist(self, shard: str, now: int, files: Callable[[], Mapping[str, tuple[int, int]]]) -> None:
        """Bring the index in step with the files of a shard: of each key that begins so, its size and when it came.

        They are listed while nobody else writes here, so that what others put or remove meanwhile is not mistaken.
        """

        def list_(db: sqlite3.Connection) -> None:
            there = files()
            known = dict(db.execute("SELECT key, size FROM kept WHERE key >= ? AND key < ?", (shard, f"{shard}g")))
            _delete(db, [key for key in known if key not in there])
            new = [(key, _kind(key), *file, None) for key, file in there.items() if known.get(key) != file[0]]
            db.executemany(_PUT, new)
            db.execute("INSERT OR REPLACE INTO shards VALUES (?, ?)", (shard, now))

        self._told(list_, None)

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
            return done

        return self._asked(all_or_nothing, otherwise)

    def _asked(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        for _ in range(2):
            try:
                with closing(sqlite3.connect(self.path, timeout=_PATIENCE_S, isolation_level=None)) as db:
                    _prepare(db)
                    return work(db)
            except sqlite3.Error as error:
                # Python's own errors have no code: they tell of what cannot be in a sound index.
                if (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF) in _BEYOND_US:
                    return otherwise
            except (TypeError, ValueError):
                pass  # values of another type than is ever written
            self.discard()
        return otherwise


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables where there are none. Raises sqlite3.Error where they are another program's or version's."""
    db.execute("PRAGMA synchronous = OFF")
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


_LOOK = "SELECT key, size, used, seal FROM kept WHERE key IN ({})"
_PUT = """
INSERT INTO kept VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET size = excluded.size, used = excluded.used, seal = excluded.seal
"""


def _kind(key: str) -> str:
    return key.partition("-")[0]


def _sound(row: Row) -> Row:
    """Return a row, or raise TypeError where it has what is never written."""
    if isinstance(row.size, int) and isinstance(row.used, int) and isinstance(row.seal, bytes | None):
        return row
    raise TypeError(row)


def _delete(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    db.executemany("DELETE FROM kept WHERE key = ?", [(key,) for key in keys])
