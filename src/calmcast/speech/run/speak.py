"""Utterances -> recordings: from the store where they are there, else spoken, measured and kept."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from calmcast.errors import SpeechError
from calmcast.model.voice import UNSHAPED, Phrase, Recording, Tone
from calmcast.speech.engine import CLAUSE, ManyVoices, SpeechEngine, WholeSentences, resolve_settings, words
from calmcast.speech.run.booth import Booth, Patience, UnsaidError
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.run.pool import WorkError, booths_for, work_in
from calmcast.speech.run.recording import assemble, heard
from calmcast.speech.words.pace import LONGEST_PACED
from calmcast.speech.words.phrases import LONGEST_CHARACTERS
from calmcast.store.recordings import FORMAT, Store

Finish = Callable[[NDArray[np.int16], Tone], tuple[NDArray[np.int16], tuple[float, ...], float]]
"""Samples as spoken -> as kept, with their loudness windows and true peak as `model.voice.Recording` has them."""


class UnspokenError(SpeechError):
    """A line could not be spoken. `index` is the place of its job."""

    def __init__(self, index: int, message: str, hint: str | None) -> None:
        super().__init__(message, hint)
        self.index = index


@dataclass(frozen=True, slots=True)
class _Breath:
    """What an engine says in one go: a phrase, or for one that speaks whole sentences, the clauses of a sentence."""

    text: str
    """For the engine, CLAUSE between clauses."""
    words: str
    times: tuple[tuple[int, int], ...]
    """For each clause, the silence after it in samples, and how long both last at least."""

    @property
    def content(self) -> tuple[str | int, ...]:
        """What decides how it sounds."""
        if len(self.times) == 1:
            silence, lasts = self.times[0]
            return (self.text, silence, lasts) if lasts else (self.text, silence)
        return (self.text, *(number for times in self.times for number in times))


@dataclass(frozen=True, slots=True)
class _Order:
    """What is said for one recording."""

    index: int
    """The first job that needs it."""
    key: str
    engine: SpeechEngine
    settings: tuple[tuple[str, str], ...]
    breaths: tuple[_Breath, ...]
    tone: Tone


def speak(
    jobs: Sequence[SpeechJob],
    store: Store,
    finish: Finish,
    *,
    processes: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    patience: Patience | None = None,
) -> tuple[tuple[Recording, ...], int]:
    """Return the recording of each job, in order, and how many had to be spoken; equal jobs share one.

    `processes` speak side by side (None: one a core). `on_progress(done, total)` counts recordings that had to be
    spoken, from (0, total) on, in this thread. Raises UnspokenError for the first job that can't be spoken, within a
    time that `patience` bounds; what was spoken before is kept. Raises SpeechError where the store can't keep it.
    """
    orders = _orders(jobs)
    found = {order.key: store.get(order.key) for order in dict.fromkeys(orders)}
    missing = [order for order in dict.fromkeys(orders) if found[order.key] is None]
    done = 0

    def keep(recording: Recording) -> None:
        nonlocal done
        found[recording.key] = recording
        done += 1
        if on_progress:
            on_progress(done, len(missing))

    if missing:
        if on_progress:
            on_progress(0, len(missing))
        with TemporaryDirectory(prefix="calmcast-", ignore_cleanup_errors=True) as folder:
            for number, group in enumerate(_by_voice(missing)):
                folders = [Path(folder) / f"{number}-{i}" for i in range(booths_for(len(group), processes))]
                _speak_group(group, folders, store, finish, keep, patience or Patience())
    recordings = (found[order.key] for order in orders)
    return tuple(recording for recording in recordings if recording is not None), len(missing)


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


def _orders(jobs: Sequence[SpeechJob]) -> list[_Order]:
    """Return the order of each job; equal ones are the same object."""
    versions: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    first: dict[str, _Order] = {}
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


def _order(index: int, job: SpeechJob, version: str) -> _Order:
    settings = tuple(resolve_settings(job.engine, job.settings).items())
    breaths = tuple(_breath(job.engine, phrases) for phrases in _together(job))
    if not any(any(map(str.isalnum, breath.text)) for breath in breaths):
        raise UnspokenError(index, "there is nothing to say in this line", "write words, or use a pause")
    key = recording_key(job.engine.name, version, settings, [breath.content for breath in breaths], job.tone)
    return _Order(index, key, job.engine, settings, breaths, job.tone)


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


def _breath(engine: SpeechEngine, phrases: list[Phrase]) -> _Breath:
    text = CLAUSE.join(engine.markup(phrase).replace(CLAUSE, " ") for phrase in phrases)
    times = tuple((phrase.silence, phrase.lasts) for phrase in phrases)
    return _Breath(text, " ".join(map(words, phrases)), times)


def _by_voice(orders: list[_Order]) -> list[list[_Order]]:
    """Return the orders in groups of one engine and settings, in the order of their first."""

    def voice(order: _Order) -> tuple[str, tuple[tuple[str, str], ...]]:
        return order.engine.name, order.settings

    groups = [list(group) for _, group in groupby(sorted(orders, key=voice), key=voice)]
    return sorted(groups, key=lambda group: group[0].index)


def _speak_group(
    orders: list[_Order],
    folders: list[Path],
    store: Store,
    finish: Finish,
    keep: Callable[[Recording], None],
    patience: Patience,
) -> None:
    engine, settings = orders[0].engine, dict(orders[0].settings)
    booths = [Booth(engine, settings, folder, patience) for folder in folders]

    def record(booth: Booth, order: _Order) -> Recording:
        booth.open()
        phrases: list[tuple[NDArray[np.float32], int]] = []
        for breath in order.breaths:
            said = booth.say(breath.text, breath.words)
            for clause, (silence, lasts) in zip(said, breath.times, strict=True):
                if clause is not None:
                    phrases.append((clause, max(silence, min(lasts - len(clause), LONGEST_PACED))))
        samples, silences = assemble(phrases)
        samples, loudness, peak = finish(samples, order.tone)
        recording = Recording(order.key, len(samples), silences, loudness, peak, heard(samples))
        store.put(recording, samples.astype("<i2").tobytes())
        return recording

    try:
        work_in(booths, orders, record, lambda _, recording: keep(recording))
    except WorkError as failed:
        if isinstance(failed.error, UnsaidError):
            index = orders[failed.index].index
            raise UnspokenError(index, failed.error.message, failed.error.hint) from None
        raise failed.error from None
