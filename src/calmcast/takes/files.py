"""A voice's folder: one process at a time changes it, and what the system refuses there is said plainly."""

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from calmcast.errors import PublishError, SoundError
from calmcast.files import locked
from calmcast.inside import check_inside

_WAIT_S = 10.0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process changes the ledger."""
    lock = folder / ".calmcast.lock"
    check_inside(lock)
    with ExitStack() as held, plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            held.enter_context(locked(lock, _WAIT_S))
        except BlockingIOError:
            raise SoundError(f"another calmcast is busy in {folder}", "wait until it is done") from None
        yield


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Say as a SoundError what an operating system refuses."""
    try:
        yield
    except PublishError as error:
        raise SoundError(error.message, error.hint) from error
    except OSError as error:
        what = error.filename if error.errno in (errno.ENOENT, errno.EISDIR) else path
        raise SoundError(
            f"{what} cannot be read or written: {error.strerror or error}", "check the folder and the free space there"
        ) from error
