"""Which engine speaks a voice here."""

from collections.abc import Mapping
from dataclasses import dataclass

from calmcast.diagnostics import Problem
from calmcast.errors import SpeechError
from calmcast.model.voice import EngineChoice, Voice
from calmcast.speech.engine import ManyVoices, SpeechEngine, Trouble, check_settings
from calmcast.speech.engines.registry import find


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An engine that a voice prefers and that does not run here."""

    engine: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who speaks a voice here, and the better ones that do not run."""

    engine: SpeechEngine
    settings: Mapping[str, str]
    passed_over: tuple[PassedOver, ...]


def choose(voice: Voice) -> Chosen:
    """Return the first engine of `voice.prefer` that runs here.

    Raises SpeechError where none does, with the fix of the best, and where its settings are wrong.
    """
    passed_over: list[PassedOver] = []
    for choice in voice.prefer:
        engine = find(choice.engine)
        trouble = _trouble(engine, dict(choice.settings))
        if trouble is None:
            problems = _settings_problems(choice, engine)
            if problems:
                raise SpeechError(f"{problems[0].source}: {problems[0].message}", problems[0].hint)
            settings = tuned(voice, engine) | dict(choice.settings)
            settled = engine.settled(settings) if isinstance(engine, ManyVoices) else settings
            return Chosen(engine, settled, tuple(passed_over))
        passed_over.append(PassedOver(choice.engine, *trouble))
    reasons = "; ".join(f"{one.engine}: {one.reason}" for one in passed_over)
    raise SpeechError(
        f"the voice {voice.name} cannot speak here ({reasons or 'it names no engine'})",
        passed_over[0].fix if passed_over else "give it an engine under `prefer`",
    )


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


def _settings_problems(choice: EngineChoice, engine: SpeechEngine) -> tuple[Problem, ...]:
    if engine.trouble() is not None:
        return ()
    complaints = check_settings(engine, dict(choice.settings))
    return tuple(Problem("bad-setting", message, choice.source, hint) for message, hint in complaints)
