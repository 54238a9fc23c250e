"""A script spoken: every line that its choices leave, from the store where it is there, else now."""

from collections.abc import Mapping
from dataclasses import replace

from calmcast.audio.finish import finish
from calmcast.diagnostics import Problem
from calmcast.errors import ScriptError, SpeechError
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, long_cues, sayings
from calmcast.planning.parts import parts_of
from calmcast.script.language.options import GUIDANCE
from calmcast.script.language.overrides import AS_WRITTEN, Overrides
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak as record
from calmcast.track.cast import Casting, casting_of
from calmcast.track.estimate import timed
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
    """Return a script with every line that these choices leave spoken: from the store where it is there, else now.

    `voice` takes the place of the script's own. Raises ScriptError, and SpeechError with the line that failed.
    """
    script, values = settled(loaded, choices, wishes)
    script = replace(script, voice=voice) if voice else script
    lines = sayings(parts_of(script).tree)
    cast = {name: casting_of(workspace, name) for name in dict.fromkeys(voice for voice, _ in lines)}
    found, doubtful = _read(workspace, cast, lines, progress)
    left = {saying: line for saying, line in lines.items() if saying not in found}
    try:
        recordings, spoken = record(
            [cast[name].narrator.job(line) for (name, _), line in left.items()],
            workspace.recordings,
            finish,
            on_progress=lambda done, total: progress("speaking", done, total),
        )
    except UnspokenError as error:
        (name, _), line = list(left.items())[error.index]
        message = f"the voice {name} cannot speak this"
        problem = Problem("unspoken", message, line.source, error.message)
        raise SpeechError(f"{error.message}; nothing was made", error.hint, (problem,)) from error
    for (name, pieces), recording in zip(left, recordings, strict=True):
        found[name, pieces] = replace(recording, by=cast[name].stand_in)
    measured = timed(workspace, script, found, values[GUIDANCE.name])
    if problems := long_cues(measured.parts, measured.amounts):
        what = "a breath's words are longer than its count"
        raise ScriptError(what, "make the count longer, or the words fewer", problems)
    return Performance(loaded, script, values, measured, cast, spoken, doubtful)


def _read(
    workspace: Workspace, cast: Mapping[str, Casting], lines: Mapping[Saying, Line], progress: Progress
) -> tuple[dict[Saying, Recording], frozenset[str]]:
    """Return the recording of every line that somebody has read, and the keys of those that are in doubt."""
    if not any(casting.takes for casting in cast.values()):
        return {}, frozenset()

    from calmcast.takes.recordings import Reading
    from calmcast.takes.recordings import recordings as recordings_of

    readings = dict[Saying, Reading]()
    for (name, pieces), line in lines.items():
        take, voice = cast[name].take(line), cast[name].voice
        if take and voice.recordings:
            folder = workspace.folder.recordings / voice.recordings
            readings[name, pieces] = Reading(take, folder, voice.tone)
    made = recordings_of(
        tuple(readings.values()), workspace.recordings, lambda done, total: progress("your recordings", done, total)
    )
    doubtful = frozenset(reading.key for reading in readings.values() if not reading.take.good)
    return {saying: made[reading.key] for saying, reading in readings.items()}, doubtful
