"""What a run works with: the workspace's files, the recordings that are kept, and who speaks each voice."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.library import Library, LoadedScript
from calmcast.model.script import Line
from calmcast.model.voice import Lexicon, Utterance, Voice
from calmcast.script.checks import check
from calmcast.sound.bells import BELLS
from calmcast.speech.choose import PassedOver, choose
from calmcast.speech.engine import SpeechEngine
from calmcast.speech.lexicon import pronouncer
from calmcast.speech.phrases import utterance
from calmcast.speech.store import Store
from calmcast.workspace import Workspace


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
        problems = sorted((*loaded.problems, *found), key=lambda problem: problem.source)
        return replace(loaded, problems=tuple(problems))

    def cast(self, name: str) -> Casting:
        """Return who speaks a voice here. Raises ScriptError for a faulty profile, SpeechError where nobody can."""
        voice = self.library.voice(name)
        chosen = choose(voice)
        return Casting(voice, chosen.engine, chosen.settings, chosen.passed_over, self.library.lexicons(voice))
