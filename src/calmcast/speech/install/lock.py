"""One process at a time: a lock that the system lets go of when its process ends, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from calmcast.errors import SpeechError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process out of the block for this folder, which is made.

    Raises SpeechError where another process is in it, or where the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("ab")
    except OSError as error:
        raise SpeechError(
            f"voices cannot be kept in {folder}: {error.strerror or error}",
            "name a folder that is yours to write in with CALMCAST_MODELS",
        ) from error
    with file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            raise SpeechError(
                "another calmcast is adding or removing a voice just now", "wait until it is done, then try again"
            ) from None
        except OSError:
            # Some network folders know no locks: there the teacher is trusted to do one thing at a time.
            pass
        yield
