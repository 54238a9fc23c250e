"""Which Python packages are installed, and in which versions, read off the names of their folders.

`importlib.metadata` is asked only where that does not tell: to import it takes as long as to plan a short track.
"""

import os
import re
import sys
from functools import cache

_DETAILS = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")


def version(package: str) -> str:
    """Return the version of an installed package. Raises PackageNotFoundError, an ImportError, where there is none."""
    if found := installed().get(_normal(package)):
        return found

    import importlib.metadata  # an egg, or a package in a zip file

    return importlib.metadata.version(package)


@cache
def installed() -> dict[str, str]:
    """Return the version of each package that has a folder of its details, by its normal name (PEP 503, with `_`)."""
    found = dict[str, str]()
    for folder in sys.path:
        for name in _names(folder or "."):
            if match := _DETAILS.fullmatch(name):
                found.setdefault(_normal(match["name"]), match["version"])
    return found


def _names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except OSError:
        return []


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "_", package).lower()
