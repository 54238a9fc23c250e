"""A file that goes on from where it stands, as ffmpeg's libraries write and read it."""

from collections.abc import Callable
from typing import BinaryIO, TypeVar

T = TypeVar("T")


class Begun:
    """A file as if it began where it stands now, for what is written, and for a reader that looks at it meanwhile."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._begin = file, file.tell()
        self.failure: OSError | None = None
        """Why it cannot be written or read any more: ffmpeg, which would print that, then hears of nothing wrong."""

    def _tried(self, act: Callable[[], T], otherwise: T) -> T:
        """Return what `act` does, as long as nothing has gone wrong."""
        if self.failure is None:
            try:
                return act()
            except OSError as error:
                self.failure = error
        return otherwise

    def write(self, data: bytes) -> int:
        return self._tried(lambda: self._file.write(data), len(data))

    def seek(self, offset: int, whence: int = 0) -> int:
        from_there = offset + (0 if whence else self._begin)
        return self._tried(lambda: self._file.seek(from_there, whence) - self._begin, max(0, offset))

    def tell(self) -> int:
        return self._tried(lambda: self._file.tell() - self._begin, 0)

    def read(self, at: int, size: int) -> bytes:
        """Return what stands at a place, and stay where the next bytes are to be written."""
        return self._tried(lambda: self._aside(self._begin + at, size), b"")

    def size(self) -> int:
        """Return how many bytes have been written."""
        return self._tried(lambda: self._end() - self._begin, 0)

    def _aside(self, at: int, size: int) -> bytes:
        there = self._file.tell()
        self._file.seek(at)
        data = self._file.read(size)
        self._file.seek(there)
        return data

    def _end(self) -> int:
        there = self._file.tell()
        end = self._file.seek(0, 2)
        self._file.seek(there)
        return end

    def replace_start(self, data: bytes) -> None:
        self._file.seek(self._begin)
        self._file.write(data)

    def reader(self) -> "Reader":
        return Reader(self)


class Reader:
    """Reads a file that somebody else goes on writing, from a place of its own."""

    def __init__(self, out: Begun) -> None:
        self._out, self._at = out, 0

    def read(self, size: int) -> bytes:
        data = self._out.read(self._at, size)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._out.size() if whence == 2 else 0)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        """Leave the file open: whoever writes it closes it."""
