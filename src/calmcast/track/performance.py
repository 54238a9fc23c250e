"""A script performed: every line that its choices leave spoken, or guessed at, ready for any length."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from calmcast.diagnostics import Problem
from calmcast.errors import CalmcastError, ScriptError, SpeechError
from calmcast.model.script import Script
from calmcast.model.steps import Line
from calmcast.model.timeline import Timeline
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, long_cues, sayings
from calmcast.planning.layout import Measured, feasible_lengths, lay_out, natural_length
from calmcast.planning.parts import parts_of
from calmcast.script.language.options import GUIDANCE, choose, chosen, settle
from calmcast.script.language.overrides import AS_WRITTEN, Overrides, overridden
from calmcast.takes.recordings import Reading
from calmcast.takes.recordings import recordings as recordings_of
from calmcast.track.cast import Casting
from calmcast.track.estimate import estimated, timed
from calmcast.track.mastering import Mastered, master
from calmcast.track.studio import Studio
from calmcast.track.time_warnings import facts, told
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.library import LoadedScript, sound

AS_USUAL: Mapping[str, str] = MappingProxyType({})
"""No choices: every option has its default."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A script whose lines have been spoken, or estimated: ready for any length."""

    loaded: LoadedScript
    script: Script
    """Settled: as the choices leave it."""
    values: Mapping[str, str]
    """What is chosen, by option."""
    measured: Measured
    cast: Mapping[str, Casting]
    """By the name of the voice."""
    spoken: int
    """How many recordings had to be made; the rest was kept from before."""
    doubtful: frozenset[str] = frozenset()
    """The keys of readings that somebody should listen to first."""
    estimated: bool = False
    """Whether nothing was spoken, and lengths come from a rate model."""

    @property
    def variant(self) -> tuple[tuple[str, str], ...]:
        """What was chosen other than usual, by option."""
        return chosen(self.loaded.script.options, self.values) if self.loaded.script else ()

    @property
    def title(self) -> str:
        """The track's title, with its variant where one was chosen."""
        names = ", ".join(f"{name}: {value}" for name, value in self.variant)
        return f"{self.script.title} ({names})" if names else self.script.title

    @property
    def feasible(self) -> tuple[int, int | None]:
        """The shortest and the longest length in samples; None: as long as one likes."""
        return feasible_lengths(self.measured)

    @property
    def usual_length(self) -> int:
        """The script's own length, else its natural one to the full second, in samples."""
        least, most = self.feasible
        natural = -(-natural_length(self.measured) // SAMPLE_RATE) * SAMPLE_RATE
        return self.script.length or min(max(natural, least), most or natural)

    def mastered(self, samples: int) -> Mastered:
        """Return the track that lasts exactly `samples`, laid out and with its levels. Raises LengthError."""
        return master(lay_out(self.measured, samples), self.cast, self.measured.amounts.bells)

    def told(self, timeline: Timeline) -> tuple[Problem, ...]:
        """Return what somebody who listens to this track of it may miss, as warnings."""
        guidance = self.values[GUIDANCE.name]
        return told(facts(self.script, timeline), self.script, guidance, by_estimate=self.estimated)

    def timeline(self, samples: int) -> Timeline:
        """Return what happens when in the track that lasts exactly `samples`. Raises LengthError."""
        return self.mastered(samples).timeline


def runnable(loaded: LoadedScript) -> Script:
    """Return the script, or raise ScriptError with its problems where one of them is an error."""
    return sound(loaded.name, loaded.script, loaded.problems)


def settled(
    loaded: LoadedScript, choices: Mapping[str, str], wishes: Overrides = AS_WRITTEN
) -> tuple[Script, dict[str, str]]:
    """Return a script as these choices and wishes leave it, and the value of every option. Raises ScriptError."""
    script = runnable(loaded)
    values = choose(script.options, choices)
    return overridden(settle(script, values), wishes), values


def estimate(
    studio: Studio, loaded: LoadedScript, choices: Mapping[str, str], wishes: Overrides = AS_WRITTEN
) -> Performance:
    """Return a script with lengths from a rate model, nothing spoken. Raises ScriptError."""
    script, values = settled(loaded, choices, wishes)
    return Performance(loaded, script, values, estimated(studio, script, values[GUIDANCE.name]), {}, 0, estimated=True)


def told_by_estimate(studio: Studio, loaded: LoadedScript) -> tuple[Problem, ...]:
    """Return what somebody may miss in the track that a script makes where nothing is chosen; nothing is spoken.

    Empty where there can be no such track: that is told elsewhere.
    """
    try:
        performance = estimate(studio, loaded, {})
        return performance.told(lay_out(performance.measured, performance.usual_length))
    except CalmcastError:
        return ()


def speak(
    studio: Studio,
    loaded: LoadedScript,
    choices: Mapping[str, str],
    voice: str | None,
    progress: Progress,
    wishes: Overrides = AS_WRITTEN,
) -> Performance:
    """Return a script with every line that these choices leave spoken: from the store where it is there, else now.

    `voice` takes the place of the script's own. Raises ScriptError, and SpeechError with the line that failed.
    """
    from calmcast.audio.finish import finish
    from calmcast.speech.run.speak import UnspokenError
    from calmcast.speech.run.speak import speak as record

    script, values = settled(loaded, choices, wishes)
    script = replace(script, voice=voice) if voice else script
    lines = sayings(parts_of(script).tree)
    cast = {name: studio.cast(name) for name in dict.fromkeys(voice for voice, _ in lines)}
    found, doubtful = _read(studio, cast, lines, progress)
    left = {saying: line for saying, line in lines.items() if saying not in found}
    try:
        recordings, spoken = record(
            [cast[name].narrator.job(line) for (name, _), line in left.items()],
            studio.store,
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
    measured = timed(studio, script, found, values[GUIDANCE.name])
    if problems := long_cues(measured.parts, measured.amounts):
        what = "a breath's words are longer than its count"
        raise ScriptError(what, "make the count longer, or the words fewer", problems)
    return Performance(loaded, script, values, measured, cast, spoken, doubtful)


def _read(
    studio: Studio, cast: Mapping[str, Casting], lines: Mapping[Saying, Line], progress: Progress
) -> tuple[dict[Saying, Recording], frozenset[str]]:
    """Return the recording of every line that somebody has read, and the keys of those that are in doubt."""
    readings = dict[Saying, Reading]()
    for (name, pieces), line in lines.items():
        take, voice = cast[name].take(line), cast[name].voice
        if take and voice.recordings:
            folder = studio.library.workspace.recordings / voice.recordings
            readings[name, pieces] = Reading(take, folder, voice.tone)
    made = recordings_of(
        tuple(readings.values()), studio.store, lambda done, total: progress("your recordings", done, total)
    )
    doubtful = frozenset(reading.key for reading in readings.values() if not reading.take.good)
    return {saying: made[reading.key] for saying, reading in readings.items()}, doubtful
