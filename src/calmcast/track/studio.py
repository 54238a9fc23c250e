"""What a run works with: the workspace's files, the recordings that are kept, and who speaks each voice."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from calmcast.audio.tone import ROOM_TAIL
from calmcast.diagnostics import Problem, Severity
from calmcast.errors import CalmcastError, ScriptError, SpeechError
from calmcast.model.script import Script, every_line
from calmcast.model.sound import BedSound
from calmcast.model.steps import Line
from calmcast.model.voice import Lexicon, Recording, Utterance, Voice
from calmcast.planning.amounts import Saying, sayings, strikes
from calmcast.planning.layout import Measured, feasible_lengths, measured
from calmcast.planning.parts import parts_of
from calmcast.script.language.builder import build_segment
from calmcast.script.language.fields import warning
from calmcast.script.language.options import choose as choose_options
from calmcast.script.language.options import settle
from calmcast.script.language.profiles import build_lexicon, build_voice
from calmcast.script.lint.checks import check
from calmcast.script.lint.placed import allowed_anywhere, placed
from calmcast.script.lint.sounding import Fault, check_sounds
from calmcast.script.lint.spoken import check_own_words, check_words
from calmcast.script.lint.unread import check_recorded
from calmcast.speech.engine import SpeechEngine, WholeSentences, spoken_by
from calmcast.speech.engines.choose import PassedOver, check_voice, choose
from calmcast.speech.engines.registry import find
from calmcast.speech.run.speak import SpeechJob
from calmcast.speech.words.lexicon import check_lexicon
from calmcast.speech.words.overrides import own_words
from calmcast.speech.words.pace import USUAL, guessed_samples, pace_of
from calmcast.speech.words.phonemes import unknown_signs
from calmcast.speech.words.phrases import utterance
from calmcast.store.recordings import Store
from calmcast.takes.ledger import Ledger, Take, load_ledger
from calmcast.takes.prompts import same_text
from calmcast.units import SAMPLE_RATE, format_clock, format_length
from calmcast.workspace.folder import Workspace
from calmcast.workspace.library import Library, LoadedScript
from calmcast.workspace.soundbox import Soundbox

_DOUBT = 0.85
"""Estimated bounds are this far off at most; nothing is said of lengths that may do."""


_USUAL_GAPS = SAMPLE_RATE // 2, SAMPLE_RATE
"""The silences of a voice that nobody can speak here: within a sentence, and between two."""


@dataclass(frozen=True, slots=True)
class Narrator:
    """An engine that speaks for a voice profile."""

    voice: Voice
    engine: SpeechEngine
    settings: Mapping[str, str]
    passed_over: tuple[PassedOver, ...]
    """The engines that the profile would rather have."""
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
        pieces, apply = own_words(line, self.lexicons, self.engine.alphabet)
        pace = self.voice.pace.words if self.voice.pace and self.voice.pace.by == "silence" else None
        return utterance(pieces, self.voice.phrase_gap, self.voice.sentence_gap, apply, pace)

    def guesser(self) -> Callable[[Line], Recording]:
        """Return what makes of a line a recording of no sound, with about the length that it will have."""
        pace, tail = pace_of(self.engine, self.settings), ROOM_TAIL if self.voice.tone.room else 0

        def guess(line: Line) -> Recording:
            spoken = guessed_samples(self.utterance(line), pace)
            return _unspoken(spoken + tail if spoken else 0)

        return guess

    def job(self, line: Line) -> SpeechJob:
        """Return what there is to speak."""
        return SpeechJob(self.utterance(line), self.engine, self.settings, self.voice.tone)


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
        return lambda line: _unspoken(take.end - take.start) if (take := self.take(line)) else guess(line)

    @property
    def stand_in(self) -> str:
        """Who speaks in place of the voice, `calm` or `mine (pico)`; nothing where the voice itself speaks."""
        if self.narrator.voice.name != self.voice.name:
            return self.narrator.voice.name
        return f"{self.voice.name} ({self.narrator.engine.name})" if self.voice.recordings else ""


def _unspoken(samples: int) -> Recording:
    """Return a recording of no sound, for what is only guessed."""
    return Recording("", samples, (), (), 0.0)


@dataclass(frozen=True, slots=True)
class Studio:
    """What a run works with."""

    library: Library
    store: Store

    @property
    def soundbox(self) -> Soundbox:
        """The bells and beds of the workspace."""
        return Soundbox(self.library.workspace, self.store.folder / "beds")

    def estimated(self, script: Script, guidance: str = "medium") -> Measured:
        """Return a composed and settled script with the lengths that its voices would take, nothing spoken.

        Raises SoundError for a bell's file.
        """
        parts = parts_of(script).tree
        said = sayings(parts)
        guess = {name: self._guess(name) for name in dict.fromkeys(name for name, _ in said)}
        lines = {(name, pieces): guess[name](line) for (name, pieces), line in said.items()}
        bells = {strike: self.soundbox.outline(strike) for strike in strikes(parts, script.bells)}
        return measured(script, lines, bells, guidance)

    def _guess(self, name: str) -> Callable[[Line], Recording]:
        """Return what guesses how long a voice takes; where nobody can speak it, at the usual pace."""
        try:
            return self.cast(name).guesser()
        except CalmcastError:
            return lambda line: _unspoken(
                guessed_samples(utterance(line.pieces, *_USUAL_GAPS, lambda text: (text,)), USUAL)
            )

    def measured(self, script: Script, recordings: Mapping[Saying, Recording], guidance: str) -> Measured:
        """Return a composed and settled script with the length of every sound. Raises SoundError for a bell's file."""
        bells = {s: self.soundbox.ringing(s) for s in strikes(parts_of(script).tree, script.bells)}
        return measured(script, recordings, bells, guidance)

    @classmethod
    def of(cls, workspace: Workspace) -> "Studio":
        """Return a workspace's studio; recordings are kept in CALMCAST_STORE, or the user's cache folder."""
        from platformdirs import user_cache_path

        folder = os.environ.get("CALMCAST_STORE")
        store = Path(folder).expanduser() if folder else user_cache_path("calmcast", appauthor=False) / "recordings"
        return cls(Library(workspace), Store(store))

    def load(self, name_or_path: str) -> LoadedScript:
        """Return a script with everything that is wrong with it. Raises ScriptError where there is no such file."""
        return self.checked(self.library.script(name_or_path))

    def checked(self, loaded: LoadedScript) -> LoadedScript:
        """Return a script with what the checks find added to its problems."""
        if loaded.script is None:
            return loaded
        found = check(loaded.script, self.library.workspace.voices())
        found = (*found, *check_sounds(loaded.script, self.soundbox.strike_fault, self.soundbox.bed_fault))
        voice = self._sound_voice(loaded.script.voice)
        found = (*found, *self._doubtful_words(loaded.script, voice))
        if voice:
            found = (*found, *self._unread(loaded.script, voice), *self._other_language(loaded.script, voice))
        found = (*found, *check_own_words(loaded.script, unknown_signs))
        if any(problem.severity is Severity.ERROR for problem in loaded.problems):
            # what could not be read may be what a warning misses
            found = tuple(problem for problem in found if problem.severity is Severity.ERROR)
        problems = sorted((*loaded.problems, *found), key=lambda problem: problem.source)
        return replace(loaded, problems=tuple(problems))

    def _sound_voice(self, name: str) -> Voice | None:
        """Return a voice profile, or None where it is faulty or not there: that is told elsewhere."""
        try:
            return self.library.voice(name)
        except ScriptError:
            return None

    def _doubtful_words(self, script: Script, voice: Voice | None) -> tuple[Problem, ...]:
        """Return what a voice may say wrongly; nothing where a lexicon is faulty: nobody knows what it has."""
        try:
            lexicons = self.library.lexicons(voice) if voice else ()
        except ScriptError:
            return ()
        return check_words(script, tuple(entry.word for lexicon in lexicons for entry in lexicon.entries))

    def voice_faults(self, script: Script) -> tuple[Problem, ...]:
        """Return what is wrong with the profiles and the lexicons of the voices of a script."""
        found = list[Problem]()
        own = (each.part.traits.voice for each in placed(script))
        for name in dict.fromkeys((script.voice, *filter(None, own))):
            try:
                lexicons = self.library.lexicons(self.library.voice(name))
            except ScriptError as error:
                found += error.problems
            else:
                found += (problem for lexicon in lexicons for problem in check_lexicon(lexicon))
        return tuple(dict.fromkeys(found))

    def _other_language(self, script: Script, voice: Voice) -> tuple[Problem, ...]:
        """Return a warning where the script's voice speaks another language."""
        wanted = script.language.split("-")[0].lower()
        if voice.language.split("-")[0].lower() == wanted or "other-language" in dict(script.allow):
            return ()
        every = (self._sound_voice(name) for name in self.library.workspace.voices())
        others = [other.name for other in every if other and other.language.split("-")[0].lower() == wanted]
        hint = f"choose voice: {others[0]}" if others else "copy a voice that ships, and give it engines that speak it"
        message = f"the script is in {script.language}, and its voice `{voice.name}` speaks {voice.language}"
        return (warning("other-language", message, script.voice_source, hint),)

    def _unread(self, script: Script, voice: Voice) -> tuple[Problem, ...]:
        """Return what a voice of the person's own has not read of a script, where nobody chooses options."""
        if voice.recordings is None:
            return ()
        try:
            usual = settle(script, choose_options(script.options, {}))
        except ScriptError:
            return ()
        ledger = self.ledger(voice.recordings)
        stale = {same_text(now): t.text for t, now in ledger.stale([line.written for line in every_line(usual)])}
        there = {form: "" if take.good else take.doubt or "" for form, take in ledger.newest().items()}
        return check_recorded(usual, there, stale, same_text, voice.fallback or "another voice")

    def inspected(
        self, loaded: LoadedScript, progress: Callable[[str, int, int], None] = lambda name, done, total: None
    ) -> tuple[Problem, ...]:
        """Return what is wrong with a script that `load` gave, with its voices, sound files and length.

        Sound files are read to their ends; `progress` is told which is being read, how much of it, and how much there
        is.
        """
        script = loaded.script
        if script is None:
            return loaded.problems
        problems = (*loaded.problems, *self.voice_faults(script))
        if any(p.severity is Severity.ERROR for p in loaded.problems):
            return problems

        def bed_fault(made_of: BedSound) -> Fault | None:
            return self.soundbox.bed_file_fault(made_of, partial(progress, made_of.name))

        unusable = check_sounds(script, lambda strike: None, bed_fault)
        return (*problems, *unusable, *self._own_length(script))

    def _own_length(self, script: Script) -> tuple[Problem, ...]:
        """Return a warning where a script cannot last as long as it says."""
        if script.length is None or "own-length" in allowed_anywhere(placed(script)):
            return ()
        fault = self.length_fault(script, {}, script.length)
        if fault is None:
            return ()
        hint = fault[1] or "change its length:, or its words and silences; `calmcast plan` shows the exact bounds"
        return (warning("own-length", f"this script {fault[0]}", script.source, hint),)

    def length_fault(self, script: Script, choices: Mapping[str, str], length: int) -> tuple[str, str | None] | None:
        """Return why a composed script cannot last so many samples, by estimate, and what to do; None: it may."""
        try:
            values = choose_options(script.options, choices)
            least, most = feasible_lengths(self.estimated(settle(script, values)))
        except CalmcastError as error:
            return f"cannot be made: {error.message}", error.hint
        if _DOUBT * least <= length and (most is None or length * _DOUBT <= most):
            return None
        bound = format_clock(least if length < least else most or 0)
        return f"cannot last {format_length(length)}; by estimate the nearest it can is {bound}", None

    def inspect_rest(self) -> tuple[Problem, ...]:
        """Return what is wrong with the segments, voices and lexicons of the workspace, used or not."""
        workspace, library = self.library.workspace, self.library
        problems = list[Problem]()
        for path in workspace.segments().values():
            problems += library.load(path, build_segment)[1]
        for path in workspace.lexicons().values():
            lexicon, found, _ = library.load(path, build_lexicon)
            problems += (*found, *(check_lexicon(lexicon) if lexicon else ()))
        for path in workspace.voices().values():
            voice, found, _ = library.load(path, build_voice)
            if voice:
                problems += (*found, *check_voice(voice), *library.missing_lexicons(voice), *self._lost_fallback(voice))
            else:
                problems += found
        return tuple(problems)

    def _lost_fallback(self, voice: Voice) -> tuple[Problem, ...]:
        """Return what is wrong with whom a voice falls back on: nobody of that name, or in a circle."""
        place, asked = voice.fallback_source or voice.source, [voice.name]
        while voice.fallback:
            asked.append(voice.fallback)
            if voice.fallback in asked[:-1]:
                message = f"these voices fall back on each other: {' -> '.join(asked)}"
                return (Problem("fallback-circle", message, place, "give one of them another fallback: calm"),)
            try:
                voice = self.library.voice(voice.fallback)
            except ScriptError as error:
                return (Problem("unknown-voice", error.message, place, error.hint),)
        return ()

    def cast(self, name: str) -> Casting:
        """Return who speaks a voice here. Raises ScriptError for a faulty profile, SpeechError where nobody can."""
        voice = self.library.voice(name)
        takes = self.ledger(voice.recordings).newest() if voice.recordings else {}
        return Casting(voice, self._narrator(voice, (name,)), takes)

    def ledger(self, folder: str) -> Ledger:
        """Return what is recorded in a folder under `recordings/`. Raises SoundError where its list is damaged."""
        return load_ledger(self.library.workspace.recordings / folder)

    def _narrator(self, voice: Voice, asked: tuple[str, ...]) -> Narrator:
        """Return who speaks for a voice, or for its fallback; `asked` are the profiles on the way here."""
        if problems := check_voice(voice):
            raise ScriptError(f"the voice `{voice.name}` cannot be used", "mend what is shown above", problems)
        if voice.prefer:
            try:
                chosen = choose(voice)
                lexicons = self.library.lexicons(voice)
                return Narrator(voice, chosen.engine, chosen.settings, chosen.passed_over, lexicons)
            except SpeechError:
                if voice.fallback is None:
                    raise
        if voice.fallback is None or voice.fallback in asked:
            circle = " -> ".join((*asked, voice.fallback or ""))
            raise ScriptError(f"these voices fall back on each other: {circle}", "give one of them a `prefer`")
        return self._narrator(self.library.voice(voice.fallback), (*asked, voice.fallback))
