"""Folders for what lives no longer than the block that needs it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from calmcast.files import process_gone, process_mark
from calmcast.seen import aside

_NAME = re.compile(r"calmcast-([0-9a-f]{8}-[0-9]+)-\w+")


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a new folder among the system's temporary files, which is gone with all that is in it when the block ends.

    Those of processes that were killed in theirs go, too.
    """
    with aside(), suppress(OSError):  # what else lies there makes no run another
        for left in Path(gettempdir()).iterdir():
            if (named := _NAME.fullmatch(left.name)) and process_gone(named[1]):
                shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=f"calmcast-{process_mark()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
