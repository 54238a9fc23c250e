"""The folder of espeak-ng's data, as its library can open it."""

import os
from pathlib import Path

_LONGEST = 150
"""espeak-ng keeps the path of its data in 160 bytes (`N_PATH_HOME`)."""


def openable(data: Path) -> Path:
    """Return a path of the data that is short and plain; where its own is neither, this process goes to its folder."""
    if len(os.fsencode(data)) <= _LONGEST and str(data).isascii():
        return data
    os.chdir(data.parent)
    return Path(data.name)
