"""What a run works with: the workspace's files, the recordings that are kept, and who speaks each voice."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.diagnostics import Problem, Severity
from calmcast.errors import CalmcastError, ScriptError
from calmcast.library import Library, LoadedScript
from calmcast.model.script import Line, Script
from calmcast.model.voice import Lexicon, Recording, Utterance, Voice
from calmcast.planning.amounts import Saying, sayings
from calmcast.planning.estimate import estimated
from calmcast.planning.layout import Measured, feasible_lengths, measured
from calmcast.planning.parts import parts_of
from calmcast.script.builder import build_segment
from calmcast.script.checks import check
from calmcast.script.fields import warning
from calmcast.script.options import choose as choose_options
from calmcast.script.options import settle
from calmcast.script.placed import allowed_anywhere, placed
from calmcast.script.profiles import build_lexicon, build_voice
from calmcast.script.spoken import check_words
from calmcast.sound.bells import BELLS, bell_samples
from calmcast.speech.choose import PassedOver, check_voice, choose
from calmcast.speech.engine import SpeechEngine
from calmcast.speech.lexicon import pronouncer
from calmcast.speech.phrases import utterance
from calmcast.speech.store import Store
from calmcast.units import format_clock, format_length
from calmcast.workspace import Workspace

_DOUBT = 0.85
"""Estimated bounds are this far off at most; nothing is said of lengths that may do."""


def estimated_measure(script: Script, guidance: str = "medium") -> Measured:
    """Return a composed and settled script with lengths from a rate model."""
    lines = sayings(parts_of(script).tree)
    return measure(script, {saying: estimated(line) for saying, line in lines.items()}, guidance)


def measure(script: Script, recordings: Mapping[Saying, Recording], guidance: str) -> Measured:
    """Return a composed and settled script with the length of every sound."""
    return measured(script, recordings, {name: bell_samples(name) for name in BELLS}, guidance)


@dataclass(frozen=True, slots=True)
class Casting:
    """A voice profile and who speaks it here."""

    voice: Voice
    engine: SpeechEngine
    settings: Mapping[str, str]
    passed_over: tuple[PassedOver, ...]
    lexicons: tuple[Lexicon, ...]

    def utterance(self, line: Line) -> Utterance:
        """Return a line as this voice will say it."""
        apply = pronouncer(self.lexicons, self.engine.alphabet)
        return utterance(line.pieces, self.voice.phrase_gap, self.voice.sentence_gap, apply)


@dataclass(frozen=True, slots=True)
class Studio:
    """What a run works with."""

    library: Library
    store: Store

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
        found = check(loaded.script, BELLS, self.library.workspace.voices())
        found = (*found, *check_words(loaded.script, self._lexicon_words(loaded.script.voice)))
        if any(problem.severity is Severity.ERROR for problem in loaded.problems):
            # what could not be read may be what a warning misses
            found = tuple(problem for problem in found if problem.severity is Severity.ERROR)
        problems = sorted((*loaded.problems, *found), key=lambda problem: problem.source)
        return replace(loaded, problems=tuple(problems))

    def _lexicon_words(self, voice: str) -> tuple[str, ...]:
        """Return the words that the lexicons of a voice know; none where the voice or a lexicon is faulty."""
        try:
            lexicons = self.library.lexicons(self.library.voice(voice))
        except ScriptError:
            return ()
        return tuple(entry.word for lexicon in lexicons for entry in lexicon.entries)

    def inspected(self, loaded: LoadedScript) -> tuple[Problem, ...]:
        """Return what is wrong with a script that `load` gave, and whether it can last as long as it says."""
        script = loaded.script
        if script is None or script.length is None or any(p.severity is Severity.ERROR for p in loaded.problems):
            return loaded.problems
        if "own-length" in allowed_anywhere(placed(script)):
            return loaded.problems
        try:
            least, most = feasible_lengths(estimated_measure(settle(script, choose_options(script.options, {}))))
        except CalmcastError as error:
            return (*loaded.problems, warning("own-length", error.message, script.source, error.hint))
        if _DOUBT * least <= script.length and (most is None or script.length * _DOUBT <= most):
            return loaded.problems
        wanted, bound = format_length(script.length), format_clock(least if script.length < least else most or 0)
        message = f"this script cannot last {wanted}; by estimate the nearest it can is {bound}"
        hint = "change its length:, or its words and silences; `calmcast plan` shows the exact bounds"
        return (*loaded.problems, warning("own-length", message, script.source, hint))

    def inspect_rest(self) -> tuple[Problem, ...]:
        """Return what is wrong with the segments, voices and lexicons of the workspace, used or not."""
        workspace, library = self.library.workspace, self.library
        problems = list[Problem]()
        for path in workspace.segments().values():
            problems += library.load(path, build_segment)[1]
        for path in workspace.lexicons().values():
            problems += library.load(path, build_lexicon)[1]
        for path in workspace.voices().values():
            voice, found, _ = library.load(path, build_voice)
            problems += (*found, *(check_voice(voice) if voice else ()))
            problems += library.missing_lexicons(voice) if voice else ()
        return tuple(problems)

    def cast(self, name: str) -> Casting:
        """Return who speaks a voice here. Raises ScriptError for a faulty profile, SpeechError where nobody can."""
        voice = self.library.voice(name)
        if problems := check_voice(voice):
            raise ScriptError(f"the voice `{name}` cannot be used", "mend what is shown above", problems)
        chosen = choose(voice)
        return Casting(voice, chosen.engine, chosen.settings, chosen.passed_over, self.library.lexicons(voice))
