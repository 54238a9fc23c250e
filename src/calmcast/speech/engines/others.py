"""Engines of other packages: the entry-point group `calmcast.engines`.

An engine of another package is named in that package's `pyproject.toml`:

    [project.entry-points."calmcast.engines"]
    flute = "calmcast_flute:ENGINE"
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.speech.engine import Isolation, Setting, Speaker, SpeechEngine, Trouble, clean, words

GROUP = "calmcast.engines"


@dataclass(frozen=True, slots=True)
class BrokenEngine:
    """An engine of another package that could not be loaded: it runs nowhere, and says why."""

    name: str
    reason: str
    fix: str
    alphabet: str | None = None
    isolation: Isolation = "fresh"

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {}

    def trouble(self) -> Trouble | None:
        return self.reason, self.fix

    def version(self) -> str:
        return "none"

    def markup(self, phrase: Phrase) -> str:
        return clean(words(phrase))

    def open(self, settings: Mapping[str, str]) -> Speaker:
        raise SpeechError(self.reason, self.fix)


def others(taken: Collection[str]) -> tuple[tuple[str, Callable[[], SpeechEngine]], ...]:
    """Return the name of each engine of other packages, and what loads it: as a BrokenEngine where that cannot be.

    The `taken` names are none for it.
    """
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point)))
    names = [*taken, *(point.name for point in points)]
    return tuple((point.name, partial(_load, point, names)) for point in points)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module


def _load(point: EntryPoint, names: list[str]) -> SpeechEngine:
    package = _package(point)
    fix = f"update or remove the package {package}"
    if names.count(point.name) > 1:
        return BrokenEngine(point.name, f"{package} names its engine `{point.name}`, a name that is taken", fix)
    try:
        engine = point.load()
    except Exception as error:  # noqa: BLE001 - another package's import may raise anything, and must not stop the rest
        reason = f"the engine `{point.name}` of {package} could not be loaded: {type(error).__name__}: {error}"
        return BrokenEngine(point.name, reason, fix)
    if not isinstance(engine, SpeechEngine) or engine.name != point.name:
        return BrokenEngine(point.name, f"what {package} calls `{point.name}` is not a speech engine of that name", fix)
    return engine
