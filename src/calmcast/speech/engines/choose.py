"""Which engine speaks a voice here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from calmcast.diagnostics import Problem
from calmcast.errors import SpeechError
from calmcast.model.voice import EngineChoice, Voice
from calmcast.speech.engine import ManyVoices, SpeechEngine, Trouble, check_settings
from calmcast.speech.engines.allowed import Asking, Errand, is_allowed, unallowed
from calmcast.speech.engines.registry import find

Ask = Callable[[str, Errand], None]
"""Asks the user whether a voice of this name may run a program, and remembers it where it may."""


def ask_nobody(voice: str, errand: Errand) -> None:
    """Ask nobody: what is not allowed is not run."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An engine that a voice prefers and that does not run here."""

    engine: str
    reason: str
    fix: str
    unallowed: bool = False
    """Whether it would run, but for the user, who has not allowed it."""


class UnvoicedError(SpeechError):
    """None of a voice's engines runs here."""

    def __init__(self, message: str, hint: str | None = None, passed_over: tuple[PassedOver, ...] = ()) -> None:
        super().__init__(message, hint)
        self.passed_over = passed_over


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who speaks a voice here, and the better ones that do not run."""

    engine: SpeechEngine
    settings: Mapping[str, str]
    passed_over: tuple[PassedOver, ...]


def choose(voice: Voice, ask: Ask = ask_nobody) -> Chosen:
    """Return the first engine of `voice.prefer` that runs here; one that runs a program, where the user allows it.

    Raises UnvoicedError where none does, with the fix of what is to be allowed, else of the best, and SpeechError where
    its settings are wrong.
    """
    passed_over: list[PassedOver] = []
    for choice in voice.prefer:
        engine = find(choice.engine)
        trouble = _trouble(engine, dict(choice.settings))
        refusal = None if trouble else _unallowed(voice, choice, engine, ask)
        if trouble is None and refusal is None:
            problems = _settings_problems(choice, engine)
            if problems:
                raise SpeechError(f"{problems[0].source}: {problems[0].message}", problems[0].hint)
            settings = tuned(voice, engine) | dict(choice.settings)
            settled = engine.settled(settings) if isinstance(engine, ManyVoices) else settings
            return Chosen(engine, settled, tuple(passed_over))
        passed_over += [PassedOver(choice.engine, *trouble)] if trouble else []
        passed_over += [PassedOver(choice.engine, *refusal, unallowed=True)] if refusal else []
    reasons = "; ".join(f"{one.engine}: {one.reason}" for one in passed_over)
    message = f"the voice {voice.name} cannot speak here ({reasons or 'it names no engine'})"
    nearest = sorted(passed_over, key=lambda one: not one.unallowed)
    raise UnvoicedError(message, nearest[0].fix if nearest else "give it an engine under `prefer`", tuple(passed_over))


def check_voice(voice: Voice) -> tuple[Problem, ...]:
    """Return what is wrong with a voice's engines and settings, in order. One that does not run here is no problem."""
    found: list[Problem] = []
    for choice in voice.prefer:
        try:
            engine = find(choice.engine)
        except SpeechError as error:
            found.append(Problem("unknown-engine", error.message, choice.source, error.hint))
        else:
            found.extend(_settings_problems(choice, engine))
    return tuple(found)


def tuned(voice: Voice, engine: SpeechEngine) -> dict[str, str]:
    """Return the engine's settings for the voice's own pace and pitch, as far as it has any for them."""
    found = dict[str, str]()
    for name, setting in engine.settings.items():
        if voice.pace and voice.pace.by == "syllables" and setting.from_pace:
            found[name] = setting.from_pace(voice.pace.words)
        if voice.pitch is not None and setting.from_pitch:
            found[name] = setting.from_pitch(voice.pitch)
    return found


def _trouble(engine: SpeechEngine, settings: Mapping[str, str]) -> Trouble | None:
    """Return why an engine cannot speak with these settings here, or None where it can."""
    trouble = engine.trouble()
    return engine.missing(settings) if trouble is None and isinstance(engine, ManyVoices) else trouble


def errands(voice: Voice) -> Iterator[tuple[EngineChoice, Errand]]:
    """Yield each program that a voice's engines would run, allowed or not. Raises SpeechError where one cannot be."""
    for choice in voice.prefer:
        engine = find(choice.engine)
        if isinstance(engine, Asking):
            yield choice, engine.errand(dict(choice.settings))


def _unallowed(voice: Voice, choice: EngineChoice, engine: SpeechEngine, ask: Ask) -> Trouble | None:
    """Return why the user does not let an engine run what a voice names; None where it may, or nothing is run."""
    if not isinstance(engine, Asking):
        return None
    errand = engine.errand(dict(choice.settings))
    if not is_allowed(errand):
        ask(voice.name, errand)
    return unallowed(voice.name, errand)


def _settings_problems(choice: EngineChoice, engine: SpeechEngine) -> tuple[Problem, ...]:
    if engine.trouble() is not None:
        return ()
    complaints = check_settings(engine, dict(choice.settings))
    return tuple(Problem("bad-setting", message, choice.source, hint) for message, hint in complaints)
