"""Which engines there are: one table, and those that other packages bring."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from calmcast.errors import SpeechError
from calmcast.speech.engine import SpeechEngine
from calmcast.text import suggestion

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


def engines() -> tuple[SpeechEngine, ...]:
    """Return every engine, those that ship first; one that could not be loaded is a BrokenEngine."""
    return tuple(find(name) for name in SHIPPED) + tuple(load() for _, load in _others())


def find(name: str) -> SpeechEngine:
    """Return the engine of this name, or raise SpeechError with a suggestion."""
    if name in SHIPPED:
        module, _, attribute = SHIPPED[name].partition(":")
        return cast("SpeechEngine", getattr(import_module(module), attribute or "ENGINE"))
    others = _others()
    for other, load in others:
        if other == name:
            return load()
    names = (*SHIPPED, *(other for other, _ in others))
    hint = suggestion(name, names) or f"there are: {', '.join(names)}"
    raise SpeechError(f"there is no speech engine `{name}`", hint)


def _others() -> tuple[tuple[str, Callable[[], SpeechEngine]], ...]:
    from calmcast.speech.engines.others import others  # it reads what every installed package says of itself

    return others(SHIPPED)
