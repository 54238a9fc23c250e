"""A model speaks before it counts as a voice: opened and heard in a process of its own, which may crash."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from calmcast.errors import SpeechError
from calmcast.speech.booth import Booth, Patience, UnsaidError
from calmcast.speech.engine import resolve_settings
from calmcast.speech.models.installed import FOLDER_VARIABLE
from calmcast.speech.registry import find

_PATIENCE = Patience(start_s=180.0, phrase_s=120.0, tries=2)
"""A large model may take minutes to open on a slow disk."""
_WORDS = "calm and ease"


def check_engine() -> None:
    """Raise SpeechError where what speaks neural voices is not installed."""
    if any(find_spec(name) is None for name in ("sherpa_onnx", "espeakng_loader")):
        raise SpeechError("what neural voices need is not installed", "pip install 'calmcast[neural]'")


def try_out(models: Path, name: str) -> None:
    """Have the voice `name` of the folder `models` speak. Raises SpeechError where it does not."""
    engine = find("sherpa")
    settings = resolve_settings(engine, {"voice": name})
    with TemporaryDirectory(prefix="calmcast-", ignore_cleanup_errors=True) as scratch, _voices_of(models):
        booth = Booth(engine, settings, Path(scratch), _PATIENCE)
        try:
            booth.say(_WORDS, _WORDS)
        except UnsaidError as error:
            reason = error.message.partition(": ")[2] or error.message
            raise SpeechError(
                f"{name} was not added, because it does not speak here: {reason}",
                "choose another voice: calmcast voices add lists those that are known to speak",
            ) from None
        finally:
            booth.close()


@contextmanager
def _voices_of(models: Path) -> Iterator[None]:
    """Have this process, and those that it starts, find the voices of `models` and no others."""
    before = os.environ.get(FOLDER_VARIABLE)
    os.environ[FOLDER_VARIABLE] = str(models)
    try:
        yield
    finally:
        if before is None:
            del os.environ[FOLDER_VARIABLE]
        else:
            os.environ[FOLDER_VARIABLE] = before
