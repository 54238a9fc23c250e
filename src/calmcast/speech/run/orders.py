"""Utterances -> what an engine is asked to say, and the key under which it is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256

from calmcast.errors import SpeechError
from calmcast.model.voice import UNSHAPED, Phrase, Tone
from calmcast.speech.engine import CLAUSE, ManyVoices, SpeechEngine, WholeSentences, resolve_settings, words
from calmcast.speech.run.job import Breath, SpeechJob
from calmcast.speech.words.phrases import LONGEST_CHARACTERS
from calmcast.store.recordings import FORMAT


class UnspokenError(SpeechError):
    """A line could not be spoken. `index` is the place of its job."""

    def __init__(self, message: str, hint: str | None = None, index: int = 0) -> None:
        super().__init__(message, hint)
        self.index = index


@dataclass(frozen=True, slots=True)
class SpeechOrder:
    """What is said for one recording."""

    index: int
    """The first job that needs it."""
    key: str
    engine: SpeechEngine
    settings: tuple[tuple[str, str], ...]
    breaths: tuple[Breath, ...]
    tone: Tone


def recording_key(
    engine: str,
    version: str,
    settings: Sequence[tuple[str, str]],
    phrases: Sequence[tuple[str | int, ...]],
    tone: Tone = UNSHAPED,
) -> str:
    """Return the store's key for phrases (text for the engine, its times in samples) in one voice: 64 hex digits."""
    content: list[object] = [FORMAT, engine, version, [*map(list, settings)], [*map(list, phrases)]]
    content += [] if tone == UNSHAPED else [[*astuple(tone)]]
    return sha256(json.dumps(content).encode("ascii")).hexdigest()


def orders_of(jobs: Sequence[SpeechJob]) -> list[SpeechOrder]:
    """Return the order of each job; equal ones are the same object."""
    versions: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    first: dict[str, SpeechOrder] = {}
    orders = []
    for index, job in enumerate(jobs):
        voice = job.engine.name, tuple(sorted(job.settings.items()))
        if voice not in versions:
            versions[voice] = _version(job.engine, job.settings)
        order = _order(index, job, versions[voice])
        orders.append(first.setdefault(order.key, order))
    return orders


def _version(engine: SpeechEngine, settings: Mapping[str, str]) -> str:
    """Return what tells apart the same words and settings that sound otherwise: versions, and which voice it is."""
    version = engine.version()
    return f"{version} {engine.identity(settings)}" if isinstance(engine, ManyVoices) else version


def _order(index: int, job: SpeechJob, version: str) -> SpeechOrder:
    settings = tuple(resolve_settings(job.engine, job.settings).items())
    breaths = tuple(_breath(job.engine, phrases) for phrases in _together(job))
    if not any(any(map(str.isalnum, breath.text)) for breath in breaths):
        raise UnspokenError("there is nothing to say in this line", "write words, or use a pause", index)
    key = recording_key(job.engine.name, version, settings, [_content(breath) for breath in breaths], job.tone)
    return SpeechOrder(index, key, job.engine, settings, breaths, job.tone)


def _together(job: SpeechJob) -> list[list[Phrase]]:
    """Return the phrases that are said in one go: the clauses of a sentence where the engine takes them together."""
    groups: list[list[Phrase]] = []
    whole = isinstance(job.engine, WholeSentences)
    for phrase in job.utterance.phrases:
        joins = whole and groups and groups[-1][-1].runs_on
        if joins and sum(len(words(each)) for each in (*groups[-1], phrase)) <= LONGEST_CHARACTERS:
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
    return groups


def _breath(engine: SpeechEngine, phrases: list[Phrase]) -> Breath:
    text = CLAUSE.join(engine.markup(phrase).replace(CLAUSE, " ") for phrase in phrases)
    times = tuple((phrase.silence, phrase.lasts) for phrase in phrases)
    return Breath(text, " ".join(map(words, phrases)), times)


def _content(breath: Breath) -> tuple[str | int, ...]:
    """Return what decides how a breath sounds."""
    if len(breath.times) == 1:
        silence, lasts = breath.times[0]
        return (breath.text, silence, lasts) if lasts else (breath.text, silence)
    return (breath.text, *(number for times in breath.times for number in times))
