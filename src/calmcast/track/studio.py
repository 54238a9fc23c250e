"""What a run works with: the workspace's files, what is kept, and who speaks each voice."""

import os
from dataclasses import dataclass
from pathlib import Path

from calmcast.errors import ScriptError, SpeechError
from calmcast.model.voice import Voice
from calmcast.speech.engines.choose import check_voice, choose
from calmcast.store.recordings import Store
from calmcast.takes.ledger import Ledger, load_ledger
from calmcast.track.cast import Casting, Narrator
from calmcast.workspace.folder import Workspace
from calmcast.workspace.library import Library
from calmcast.workspace.soundbox import Soundbox


@dataclass(frozen=True, slots=True)
class Studio:
    """What a run works with."""

    library: Library
    store: Store

    @property
    def soundbox(self) -> Soundbox:
        """The bells and beds of the workspace."""
        return Soundbox(self.library.workspace, self.store.folder / "beds")

    @classmethod
    def of(cls, workspace: Workspace) -> "Studio":
        """Return a workspace's studio; recordings are kept in CALMCAST_STORE, or the user's cache folder."""
        from platformdirs import user_cache_path

        folder = os.environ.get("CALMCAST_STORE")
        store = Path(folder).expanduser() if folder else user_cache_path("calmcast", appauthor=False) / "recordings"
        return cls(Library(workspace), Store(store))

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
