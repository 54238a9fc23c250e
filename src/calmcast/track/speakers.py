"""Who speaks in a track: in whose place, and what is noted of it."""

import shlex
from collections.abc import Collection, Iterator, Mapping

from calmcast.diagnostics import Problem
from calmcast.errors import SpeechError
from calmcast.model.timeline import Spoken, Timeline
from calmcast.track.cast import Casting

Cast = Mapping[str, Casting]
"""Who speaks each voice profile, by its name."""


def cast_in_words(cast: Cast) -> str:
    """Return who speaks which voice: `voice calm: Piper joe`."""
    each = ", ".join(f"{name}: {casting.speaker}" for name, casting in cast.items())
    return f"{'voice' if len(cast) == 1 else 'voices'} {each}"


def better_voices(cast: Cast) -> Iterator[str]:
    """Yield which programs are not allowed, and how to get a natural voice, for each that a plainer one speaks here."""
    yield from unallowed_programs(cast)
    for name, casting in cast.items():
        if better := casting.narrator.better:
            yield f"{name} is spoken by {casting.narrator.speaker}; for a natural voice: {better.fix}"


def unallowed_programs(cast: Cast) -> Iterator[str]:
    """Yield which voices others speak because the user has not allowed their programs, and how to allow them."""
    for name, casting in cast.items():
        for passed in casting.narrator.passed_over:
            if passed.unallowed:
                yield f"{name} is spoken by {casting.narrator.speaker}: {passed.reason}; to allow it: {passed.fix}"


def stood_in(name: str, timeline: Timeline) -> tuple[Spoken, ...]:
    """Return the lines of a voice that another speaks in its place."""
    return tuple(line for line in timeline.lines if line.voice == name and line.recording.by)


def speaker_notes(cast: Cast, timeline: Timeline, doubtful: Collection[str]) -> Iterator[str]:
    """Yield what is said before a track is made: who stands in for whom, and which readings are in doubt.

    `doubtful`: the keys of recordings that nobody has listened to.
    """
    for name, casting in cast.items():
        if count := len(stood_in(name, timeline)):
            what = "1 line" if count == 1 else f"{count} lines"
            yield f"{casting.stand_in} speaks {what} in place of {name} ({len(timeline.lines)} lines in all)"
    for name in cast:
        if count := sum(line.voice == name and line.recording.key in doubtful for line in timeline.lines):
            what = "1 reading is" if count == 1 else f"{count} readings are"
            yield f"{what} in doubt: calmcast record review --voice {shlex.quote(name)}"


def refuse_stand_ins(cast: Cast, timeline: Timeline, script: str) -> None:
    """Raise SpeechError where another speaks in place of a voice in a track, or an engine it would rather not have.

    Any natural voice will do, and so will the first engine of a profile.
    """
    for name, casting in cast.items():
        lines = stood_in(name, timeline)
        if lines:
            message = f"{casting.stand_in} would speak this in place of {name}"
            problems = tuple(Problem("stood-in", message, line.source) for line in lines)
            hint = f"record them: calmcast record sheet {script} --voice {name}"
            hint = hint if casting.voice.recordings else "choose another voice"
            what = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
            raise SpeechError(f"the voice {name} does not speak {what} itself", hint, problems)
        if casting.takes or casting.narrator.natural:
            continue
        for passed in casting.narrator.passed_over[:1]:
            best = casting.narrator.better or passed
            message = f"the voice {name} would rather be spoken by {best.engine}: {best.reason}"
            raise SpeechError(message, best.fix)
