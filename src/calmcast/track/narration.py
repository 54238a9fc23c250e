"""What is said in a script, spoken when a length needs it: from the store where it is there, else now."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from calmcast.audio.finisher import finish
from calmcast.diagnostics import Problem
from calmcast.errors import SpeechError
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak as record
from calmcast.track.cast import Casting
from calmcast.workspace.workspace import Workspace


class Narration:
    """The lines of a script as its cast speaks them, each asked for once."""

    def __init__(
        self, workspace: Workspace, cast: Mapping[str, Casting], progress: Callable[[str, int, int], None]
    ) -> None:
        self.spoken = 0
        """How many recordings had to be made; the rest was kept from before."""
        self._workspace = workspace
        self._cast = cast
        self._progress = progress
        self._found = dict[Saying, Recording]()
        self._failed = dict[Saying, SpeechError]()
        self._doubtful = set[str]()

    @property
    def lines(self) -> int:
        """How many different lines have been needed so far."""
        return len(self._found)

    @property
    def doubtful(self) -> frozenset[str]:
        """The keys of readings that somebody should listen to first."""
        return frozenset(self._doubtful)

    def recordings(self, lines: Mapping[Saying, Line]) -> Mapping[Saying, Recording]:
        """Return the recordings of these lines. Raises SpeechError with the line that cannot be spoken."""
        left = {saying: line for saying, line in lines.items() if saying not in self._found}
        if left:
            self._read(left)
            self._speak({saying: line for saying, line in left.items() if saying not in self._found})
        return {saying: self._found[saying] for saying in lines}

    def _speak(self, lines: Mapping[Saying, Line]) -> None:
        for saying in lines:
            if saying in self._failed:
                raise self._failed[saying]
        try:
            recordings, spoken = record(
                [self._cast[name].narrator.job(line) for (name, _), line in lines.items()],
                self._workspace.recordings,
                finish,
                on_progress=lambda done, total: self._progress("speaking", done, total),
            )
        except UnspokenError as error:
            (name, _), line = list(lines.items())[error.index]
            message = f"the voice {name} cannot speak this"
            problem = Problem("unspoken", message, line.source, error.message)
            self._failed[name, line.pieces] = SpeechError(f"{error.message}; nothing was made", error.hint, (problem,))
            raise self._failed[name, line.pieces] from error
        self.spoken += spoken
        for (name, pieces), recording in zip(lines, recordings, strict=True):
            self._found[name, pieces] = replace(recording, by=self._cast[name].stand_in)

    def _read(self, lines: Mapping[Saying, Line]) -> None:
        """Find the recording of every line that somebody has read."""
        if not any(casting.takes for casting in self._cast.values()):
            return

        from calmcast.takes.recordings import Reading
        from calmcast.takes.recordings import recordings as recordings_of

        readings = dict[Saying, Reading]()
        for (name, pieces), line in lines.items():
            take, voice = self._cast[name].take(line), self._cast[name].voice
            if take and voice.recordings:
                folder = self._workspace.folder.recordings / voice.recordings
                readings[name, pieces] = Reading(take, folder, voice.tone)
        made = recordings_of(
            tuple(readings.values()),
            self._workspace.recordings,
            lambda done, total: self._progress("your recordings", done, total),
        )
        self._found |= {saying: made[reading.key] for saying, reading in readings.items()}
        self._doubtful |= {reading.key for reading in readings.values() if not reading.take.good}
