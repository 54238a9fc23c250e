"""What a speech engine is: a small object that describes itself here and speaks in a process of its own."""

import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from calmcast.model.voice import Phrase, Pronounced
from calmcast.text import suggestion

Isolation = Literal["shared", "forked", "fresh"]
"""How phrases share a process. `shared`: one process speaks them all. `forked`: a process opens the engine once and
forks a child for each phrase, so that every phrase finds the engine as it was opened and sounds the same on every
run. `fresh`: each phrase has a process of its own."""

Trouble = tuple[str, str]
"""Why an engine cannot run here, as a plain sentence, and the exact fix."""


class Speaker(Protocol):
    """An engine, opened. Lives in a speech process."""

    def speak(self, text: str, path: Path) -> Sequence[float] | None:
        """Write `text`, as the engine's `markup` gave it, to a new WAV or AIFF file at `path`, whole when this returns.

        An engine that speaks whole sentences may return when each clause but the last is over, in seconds.
        Raises SpeechError where this voice can never say this text (it is not tried again), anything else where
        something went wrong.
        """


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a voice profile may set for an engine."""

    default: str
    about: str
    low: int | None = None
    """A whole number, no lower than this; None: any text."""
    high: int | None = None
    choices: Callable[[], tuple[str, ...]] | None = None
    """What may stand here, where that is a closed list."""
    has: Callable[[str], bool] | None = None
    """Whether a value is one of them, where that is sooner told than all of them."""
    from_pace: Callable[[int], str] | None = None
    """The value that gives so many words a minute, where this setting is how fast."""
    from_pitch: Callable[[int], str] | None = None
    """The value for a pitch in percent of the natural one, where this setting is how high."""


def within(setting_low: int, setting_high: int, value: float) -> str:
    """Return a number as a setting's value, no lower and no higher than it may be."""
    return str(min(max(round(value), setting_low), setting_high))


def rate(natural: int, low: int, high: int) -> Setting:
    """Return the setting for how fast, in words a minute, `natural` where nobody says."""
    return Setting(str(natural), "how fast, in words a minute", low, high, from_pace=partial(within, low, high))


def speed(natural: int, low: int = 50) -> Setting:
    """Return the setting for how fast, in percent; `natural`: the words a minute at 100."""

    def from_pace(words_a_minute: int) -> str:
        return within(low, 200, 100 * words_a_minute / natural)

    return Setting("100", "how fast, 100 is natural, less is slower", low, 200, from_pace=from_pace)


@runtime_checkable
class SpeechEngine(Protocol):
    """A way to make speech. An engine is one object; making it, and all but `open`, costs next to nothing."""

    @property
    def name(self) -> str:
        """What voice profiles call it."""

    @property
    def alphabet(self) -> str | None:
        """The alphabet of the phonemes that it takes (`espeak`, `x-sampa`), or None."""

    @property
    def isolation(self) -> Isolation: ...

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What may be set, by name."""

    def trouble(self) -> Trouble | None:
        """Return why this engine cannot run here and the fix, or None where it can."""

    def version(self) -> str:
        """Return the versions of all that decides how it sounds. Only asked where there is no trouble."""

    def markup(self, phrase: Phrase) -> str:
        """Return a phrase as text for this engine: phonemes marked, its own special signs harmless."""

    def open(self, settings: Mapping[str, str]) -> Speaker:
        """Return the engine ready to speak; called in a speech process, with a value for every setting.

        Raises SpeechError where the settings name something that is not there.
        """


@runtime_checkable
class ManyVoices(Protocol):
    """An engine whose voices are installed one by one: some settings can be served here and others not."""

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        """Return why these settings, as a profile has them, cannot be served here and the fix, or None."""

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """Return the settings with the voice that they come to here. Only asked where nothing is missing."""

    def identity(self, settings: Mapping[str, str]) -> str:
        """Return what tells one installed voice of the same name from another: part of the store's key."""


CLAUSE = "\n"
"""What stands between the clauses of a sentence in the text for an engine that speaks whole sentences."""


@runtime_checkable
class WholeSentences(Protocol):
    """An engine whose melody carries over commas: it is given whole sentences, and its silences are set afterwards."""

    @property
    def whole_sentences(self) -> bool:
        """True."""


@runtime_checkable
class Titled(Protocol):
    """An engine with a name for people beside the one that profiles use."""

    @property
    def title(self) -> str: ...


def spoken_by(engine: SpeechEngine, settings: Mapping[str, str]) -> str:
    """Return who speaks with these settings, for people: `Piper joe`, `Pico en-US`."""
    title = engine.title if isinstance(engine, Titled) else engine.name
    return f"{title} {settings.get('voice', '').removeprefix(f'{engine.name}-')}".strip()


@runtime_checkable
class Isolating(Protocol):
    """An engine with settings that decide how its phrases share a process."""

    def isolation_of(self, settings: Mapping[str, str]) -> Isolation: ...


def isolation(engine: SpeechEngine, settings: Mapping[str, str]) -> Isolation:
    """Return how the engine's phrases share a process on this system: without fork, `forked` becomes `fresh`."""
    wanted = engine.isolation_of(settings) if isinstance(engine, Isolating) else engine.isolation
    return "fresh" if wanted == "forked" and not hasattr(os, "fork") else wanted


def words(phrase: Phrase) -> str:
    """Return the plain words of a phrase, without phonemes."""
    return "".join(span.text if isinstance(span, Pronounced) else span for span in phrase.spans).strip()


_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")


def clean(text: str) -> str:
    """Return text in composed form (NFC), control characters made spaces, and what can't be seen or said left out."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in composed if c not in _INVISIBLE)


def check_settings(engine: SpeechEngine, settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what is wrong with these settings: a plain sentence and a hint each."""
    found: list[tuple[str, str]] = []
    for name, value in settings.items():
        setting = engine.settings.get(name)
        if setting is None:
            found.append((f"the engine {engine.name} has no setting `{name}`", _meant(name, tuple(engine.settings))))
        elif complaint := _complaint(setting, value):
            found.append((f"`{name}: {value}` does not suit the engine {engine.name}", complaint))
    return tuple(found)


def resolve_settings(engine: SpeechEngine, settings: Mapping[str, str]) -> dict[str, str]:
    """Return a value for every setting, numbers in one form, in order of name: what decides how the engine sounds."""
    resolved = {}
    for name, setting in sorted(engine.settings.items()):
        value = settings.get(name, setting.default).strip()
        resolved[name] = value if setting.low is None else str(int(value))
    return resolved


def _complaint(setting: Setting, value: str) -> str | None:
    if setting.low is not None or setting.high is not None:
        low = setting.low if setting.low is not None else 0
        high = setting.high if setting.high is not None else 10**6
        number = value.strip().removeprefix("-")
        if number.isascii() and number.isdigit() and len(number) < 8 and low <= int(value) <= high:
            return None
        return f"write a whole number from {low} to {high}; {setting.about}"
    if setting.has is not None and setting.has(value.strip()):
        return None
    if setting.choices is not None and value.strip() not in (choices := setting.choices()):
        return _meant(value.strip(), choices)
    return None


def _meant(word: str, choices: tuple[str, ...]) -> str:
    if not choices:
        return "it has none"
    shown = ", ".join((*choices[:12], *["..."] * (len(choices) > 12)))
    return suggestion(word, choices) or f"there are: {shown}"
