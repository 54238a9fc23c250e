"""Which engine speaks a model here; and that it does, before it counts as a voice.

It is opened and heard in a process of its own, which may crash.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Tone, Utterance
from calmcast.scratch import scratch
from calmcast.speech.engine import Trouble
from calmcast.speech.engines.registry import find
from calmcast.speech.models.installed import FOLDER_VARIABLE, engine_of
from calmcast.speech.models.source import ENGINES, ModelSource, Way
from calmcast.speech.run.job import Patience, SpeechJob
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.speech.words.pace import NEURAL
from calmcast.store.recordings import Recordings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PATIENCE = Patience(start_s=180.0, phrase_s=120.0, tries=2)
"""A large model may take minutes to open on a slow disk."""
_WORDS = "a plain and easy line of words by which a voice is measured"
_QUICKEST, _SLOWEST = 0.4, 2.5


def check_engine(kind: str = "") -> None:
    """Raise SpeechError where what speaks models of this kind is not installed; "": where none of the engines is."""
    if kind:
        trouble = _trouble(engine_of(kind))
    elif all(_trouble(name) for name in ENGINES):
        fix = "pip install 'calmcast[voice]' (for voices of Piper), or pip install 'calmcast[neural]' (for all others)"
        trouble = "what neural voices need is not installed", fix
    else:
        trouble = None
    if trouble:
        raise SpeechError(*trouble)


def runs(way: Way) -> bool:
    """Return whether what speaks a voice in this form is installed."""
    return any(_trouble(name) is None for name in ([way.engine] if way.engine else ENGINES))


def way_here(source: ModelSource, engine: str | None = None) -> Way:
    """Return the form in which a voice is to be had here: for `engine`, or else for the best one that is installed.

    Raises SpeechError where it can't be had for that engine, or where nothing that speaks it is installed.
    """
    ways = [way for way in source.ways if engine in (None, way.engine)]
    if not ways:
        engines = " and ".join(way.engine for way in source.ways)
        raise SpeechError(f"{source.name} cannot be had for {engine}, only for {engines}", "leave --as out")
    way = next(filter(runs, ways), ways[0])
    check_engine(way.kind)
    return way


def _trouble(engine: str) -> Trouble | None:
    return find(engine).trouble()


def try_out(models: Path, name: str, kind: str) -> float:
    """Have the voice `name` of the folder `models` speak. Raises SpeechError where it does not.

    Returns how much longer it takes than usual for a neural voice (`pace.NEURAL`), at its own speed.
    """
    job = SpeechJob(Utterance((Phrase((_WORDS,), 0),)), find(engine_of(kind)), {"voice": name})
    with scratch() as folder, _voices_of(models):
        try:
            (said,), _ = speak([job], Recordings.at(folder), _as_it_is, patience=_PATIENCE)
        except UnspokenError as error:
            reason = error.message.partition(": ")[2] or error.message
            raise SpeechError(
                f"{name} was not added, because it does not speak here: {reason}",
                "choose another voice: calmcast voices add lists those that are known to speak",
            ) from None
    return min(max(said.samples / NEURAL.samples(_WORDS), _QUICKEST), _SLOWEST)


def _as_it_is(samples: "NDArray[np.int16]", _tone: Tone) -> "tuple[NDArray[np.int16], tuple[float, ...], float]":
    return samples, (), 0.0


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
