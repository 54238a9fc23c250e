"""A script with those who speak it, ready for any length."""

from collections.abc import Mapping
from dataclasses import replace

from calmcast.errors import ScriptError
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, long_cues, sayings
from calmcast.planning.parts import parts_of
from calmcast.script.language.options import GUIDANCE
from calmcast.script.language.overrides import AS_WRITTEN, Overrides
from calmcast.track.cast import casting_of
from calmcast.track.estimate import timed
from calmcast.track.narration import Narration
from calmcast.track.performance import Performance, Progress, settled
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace


def speak(
    workspace: Workspace,
    loaded: LoadedScript,
    choices: Mapping[str, str],
    voice: str | None,
    progress: Progress,
    wishes: Overrides = AS_WRITTEN,
) -> Performance:
    """Return a script whose lines are spoken when a length needs them: from the store where they are there, else then.

    `voice` takes the place of the script's own. Raises ScriptError, and SpeechError where nobody can speak a voice; the
    performance raises SpeechError with the line that failed.
    """
    script, values = settled(loaded, choices, wishes)
    script = replace(script, voice=voice) if voice else script
    parts = parts_of(script)
    names = dict.fromkeys(name for name, _ in sayings(parts.tree))
    cast = {name: casting_of(workspace, name) for name in names}
    narration = Narration(workspace, cast, progress)

    def recordings(lines: Mapping[Saying, Line]) -> Mapping[Saying, Recording]:
        spoken = narration.recordings(lines)
        if problems := long_cues(parts, spoken):
            what = "a breath's words are longer than its count"
            raise ScriptError(what, "make the count longer, or the words fewer", problems)
        return spoken

    ready = timed(workspace, script, cast, values[GUIDANCE.name], recordings)
    return Performance(loaded, script, values, ready, workspace.soundbox, cast, narration)
