"""Which engines there are: one table, and the entry-point group `calmcast.engines` for those of other packages.

An engine of another package is named in that package's `pyproject.toml`:

    [project.entry-points."calmcast.engines"]
    flute = "calmcast_flute:ENGINE"
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.speech.engine import Isolation, Setting, Speaker, SpeechEngine, Trouble, clean, words

GROUP = "calmcast.engines"

SHIPPED = {
    "piper": "calmcast.speech.engines.piper",
    "sherpa": "calmcast.speech.engines.sherpa",
    "pico": "calmcast.speech.engines.pico",
    "espeak": "calmcast.speech.engines.espeak",
    "system": "calmcast.speech.engines.system",
    "tone": "calmcast.speech.engines.tone",
    "flite": "calmcast.speech.engines.programs:FLITE",
    "festival": "calmcast.speech.engines.programs:FESTIVAL",
    "rhvoice": "calmcast.speech.engines.programs:RHVOICE",
    "say": "calmcast.speech.engines.programs:SAY",
    "espeak-ng": "calmcast.speech.engines.programs:ESPEAK_NG",
    "command": "calmcast.speech.engines.command",
}
"""Engine name -> the module that holds it as ENGINE, or `module:ATTRIBUTE`."""


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


def engines() -> tuple[SpeechEngine, ...]:
    """Return every engine, those that ship first; one that could not be loaded is a BrokenEngine."""
    shipped = tuple(find(name) for name in SHIPPED)
    points = _entry_points()
    return shipped + tuple(_load(point, points) for point in points)


def find(name: str) -> SpeechEngine:
    """Return the engine of this name, or raise SpeechError with a suggestion."""
    if name in SHIPPED:
        module, _, attribute = SHIPPED[name].partition(":")
        return cast("SpeechEngine", getattr(import_module(module), attribute or "ENGINE"))
    points = _entry_points()
    for point in points:
        if point.name == name:
            return _load(point, points)
    names = (*SHIPPED, *(point.name for point in points))
    close = get_close_matches(name, names, n=1)
    raise SpeechError(
        f"there is no speech engine `{name}`",
        f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(names)}",
    )


def _entry_points() -> tuple[EntryPoint, ...]:
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point))))


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.module


def _load(point: EntryPoint, points: tuple[EntryPoint, ...]) -> SpeechEngine:
    package = _package(point)
    fix = f"update or remove the package {package}"
    if point.name in SHIPPED or sum(other.name == point.name for other in points) > 1:
        return BrokenEngine(point.name, f"{package} names its engine `{point.name}`, a name that is taken", fix)
    try:
        engine = point.load()
    except Exception as error:  # noqa: BLE001 - another package's import may raise anything, and must not stop the rest
        reason = f"the engine `{point.name}` of {package} could not be loaded: {type(error).__name__}: {error}"
        return BrokenEngine(point.name, reason, fix)
    if not isinstance(engine, SpeechEngine) or engine.name != point.name:
        return BrokenEngine(point.name, f"what {package} calls `{point.name}` is not a speech engine of that name", fix)
    return engine
