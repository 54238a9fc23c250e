"""One process at a time adds or removes voices."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.files import locked


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process out of the block for this folder, which is made.

    Raises SpeechError where another process is in it, or where the folder can't be written.
    """
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(folder / ".lock"))
        except BlockingIOError:
            raise SpeechError(
                "another calmcast is adding or removing a voice just now", "wait until it is done, then try again"
            ) from None
        except OSError as error:
            raise SpeechError(
                f"voices cannot be kept in {folder}: {error.strerror or error}",
                "name a folder that is yours to write in with CALMCAST_MODELS",
            ) from error
        yield
