"""Who speaks a voice: an engine, and a person's own recordings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from calmcast.errors import ScriptError, SpeechError
from calmcast.model.steps import Line
from calmcast.model.voice import ROOM_TAIL, Lexicon, Recording, Utterance, Voice
from calmcast.speech.engine import SpeechEngine, WholeSentences, spoken_by
from calmcast.speech.engines.choose import PassedOver, UnvoicedError, check_voice, choose
from calmcast.speech.engines.registry import find
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.words.overrides import own_words
from calmcast.speech.words.pace import SpeakingRate, guessed_samples, pace_of
from calmcast.speech.words.phrases import utterance
from calmcast.takes.ledger import Take, load_ledger
from calmcast.takes.prompts import same_text
from calmcast.workspace.workspace import Workspace

_LINES, _GUESSES = 4_096, 32_768
"""A line is put into phrases to guess how long it takes, and to be spoken: so many are remembered in between, and of
so many how long they take."""


@dataclass(frozen=True, slots=True)
class Narrator:
    """An engine that speaks for a voice profile."""

    voice: Voice
    engine: SpeechEngine
    settings: Mapping[str, str]
    passed_over: tuple[PassedOver, ...]
    """The engines that the profile would rather have; before them, what others would have run that fell back on it."""
    lexicons: tuple[Lexicon, ...]

    @property
    def speaker(self) -> str:
        """Who speaks, for people: `Piper joe`."""
        return spoken_by(self.engine, self.settings)

    @property
    def natural(self) -> bool:
        """Whether it is a neural voice that speaks."""
        return isinstance(self.engine, WholeSentences)

    @property
    def better(self) -> PassedOver | None:
        """The natural voice nearest at hand, where a plainer one speaks in its place; None: a natural voice speaks."""
        natural = (p for p in reversed(self.passed_over) if isinstance(find(p.engine), WholeSentences))
        return None if self.natural else next(natural, None)

    def utterance(self, line: Line) -> Utterance:
        """Return a line as this voice will say it."""
        return _utterance(line.pieces, *self._manner)

    @property
    def _manner(self) -> tuple[tuple[Lexicon, ...], str | None, tuple[int, int], int | None]:
        """All that decides how a line is put into phrases."""
        pace = self.voice.pace.words if self.voice.pace and self.voice.pace.by == "silence" else None
        return self.lexicons, self.engine.alphabet, (self.voice.phrase_gap, self.voice.sentence_gap), pace

    def guesser(self) -> Callable[[Line], Recording]:
        """Return what makes of a line a recording of no sound, with about the length that it will have."""
        rate, tail = pace_of(self.engine, self.settings), ROOM_TAIL if self.voice.tone.room else 0
        return lambda line: _guessed(line.pieces, *self._manner, rate, tail)

    def job(self, line: Line) -> SpeechJob:
        """Return what there is to speak."""
        return SpeechJob(self.utterance(line), self.engine, self.settings, self.voice.tone)


@lru_cache(maxsize=_GUESSES)
def _guessed(
    pieces: tuple[str | int, ...],
    lexicons: tuple[Lexicon, ...],
    alphabet: str | None,
    gaps: tuple[int, int],
    pace: int | None,
    rate: SpeakingRate,
    tail: int,
) -> Recording:
    spoken = guessed_samples(_utterance(pieces, lexicons, alphabet, gaps, pace), rate)
    return unspoken(spoken + tail if spoken else 0)


@lru_cache(maxsize=_LINES)
def _utterance(
    pieces: tuple[str | int, ...],
    lexicons: tuple[Lexicon, ...],
    alphabet: str | None,
    gaps: tuple[int, int],
    pace: int | None,
) -> Utterance:
    marked, apply = own_words(pieces, lexicons, alphabet)
    return utterance(marked, *gaps, apply, pace)


@dataclass(frozen=True, slots=True)
class Casting:
    """A voice profile and who speaks it here: the person's own recordings, and a narrator for all else."""

    voice: Voice
    narrator: Narrator
    """Speaks for the profile itself, or for the one that it falls back on."""
    takes: Mapping[str, Take]
    """The recordings, by what is said in them (`takes.prompts.same_text`)."""

    def take(self, line: Line) -> Take | None:
        """Return the recording of a line, or None where the narrator speaks it."""
        return self.takes.get(same_text(line.written)) if self.takes else None

    @property
    def speaker(self) -> str:
        """Who speaks, for people: `Piper joe`, `64 recordings, else calm: Piper joe`."""
        if self.narrator.voice.name == self.voice.name:
            return self.narrator.speaker
        other = f"{self.narrator.voice.name}: {self.narrator.speaker}"
        return f"{len(self.takes)} recordings, else {other}" if self.voice.recordings else other

    def guesser(self) -> Callable[[Line], Recording]:
        """Return what makes of a line a recording of no sound, as long as its reading, or about as it will be."""
        guess = self.narrator.guesser()
        return lambda line: unspoken(take.end - take.start) if (take := self.take(line)) else guess(line)

    @property
    def stand_in(self) -> str:
        """Who speaks in place of the voice, `calm` or `mine (pico)`; nothing where the voice itself speaks."""
        if self.narrator.voice.name != self.voice.name:
            return self.narrator.voice.name
        return f"{self.voice.name} ({self.narrator.engine.name})" if self.voice.recordings else ""


def unspoken(samples: int) -> Recording:
    """Return a recording of no sound, for what is only guessed."""
    return Recording("", samples, (), (), 0.0)


def casting_of(workspace: Workspace, name: str) -> Casting:
    """Return who speaks a voice here. Raises ScriptError for a faulty profile, SpeechError where nobody can."""
    voice = workspace.library.voice(name)
    takes = load_ledger(workspace.folder.recordings / voice.recordings).newest() if voice.recordings else {}
    return Casting(voice, _narrator(workspace, voice, (name,)), takes)


def _narrator(workspace: Workspace, voice: Voice, asked: tuple[str, ...]) -> Narrator:
    """Return who speaks for a voice, or for its fallback; `asked` are the profiles on the way here."""
    if problems := check_voice(voice):
        raise ScriptError(f"the voice `{voice.name}` cannot be used", "mend what is shown above", problems)
    unallowed = list[PassedOver]()
    if voice.prefer:
        try:
            chosen = choose(voice, workspace.ask)
            lexicons = workspace.library.lexicons(voice)
            return Narrator(voice, chosen.engine, chosen.settings, chosen.passed_over, lexicons)
        except SpeechError as error:
            if voice.fallback is None:
                raise
            passed_over = error.passed_over if isinstance(error, UnvoicedError) else ()
            unallowed += (passed for passed in passed_over if passed.unallowed)
    if voice.fallback is None or voice.fallback in asked:
        circle = " -> ".join((*asked, voice.fallback or ""))
        raise ScriptError(f"these voices fall back on each other: {circle}", "give one of them a `prefer`")
    narrator = _narrator(workspace, workspace.library.voice(voice.fallback), (*asked, voice.fallback))
    return replace(narrator, passed_over=(*unallowed, *narrator.passed_over))
