"""A script performed: ready for any length, whose lines are spoken when a length needs them, or guessed at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from calmcast.diagnostics import Problem
from calmcast.errors import CalmcastError
from calmcast.model.script import Script
from calmcast.model.timeline import Mastered, Timeline
from calmcast.planning.amounts import sayings
from calmcast.planning.choice import TimedScript, at_rung, natural_length
from calmcast.planning.layout import feasible_lengths, lay_out
from calmcast.script.language.options import GUIDANCE, choose, chosen, settle
from calmcast.script.language.overrides import AS_WRITTEN, Overrides, overridden
from calmcast.track.cast import Casting
from calmcast.track.estimate import estimated
from calmcast.track.narration import Narration
from calmcast.track.time_warnings import facts, once, told
from calmcast.units import FRAME, SAMPLE_RATE
from calmcast.workspace.library import LoadedScript, sound
from calmcast.workspace.soundbox import Soundbox
from calmcast.workspace.workspace import Workspace

if TYPE_CHECKING:
    from calmcast.publish.places import Delivery

AS_USUAL: Mapping[str, str] = MappingProxyType({})
"""No choices: every option has its default."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A script with those who speak it: ready for any length, which speaks the lines that it needs."""

    loaded: LoadedScript
    script: Script
    """Settled: as the choices leave it."""
    values: Mapping[str, str]
    """What is chosen, by option."""
    timed: TimedScript
    soundbox: Soundbox
    cast: Mapping[str, Casting]
    """By the name of the voice."""
    narration: Narration | None = None
    """What has been spoken of it; None: nothing will be, and lengths come from a model."""

    @property
    def estimated(self) -> bool:
        """Whether nothing is spoken, and lengths come from a model."""
        return self.narration is None

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
        return feasible_lengths(self.timed)

    @property
    def natural_length(self) -> int:
        """How long it is where nothing is stretched or shrunk, to the full second, in samples."""
        least, most = self.feasible
        natural = -(-natural_length(self.timed) // SAMPLE_RATE) * SAMPLE_RATE
        return min(max(natural, least), most or natural)

    @property
    def usual_lengths(self) -> tuple[int, ...]:
        """Those where nobody names any, in samples: its own, else the workspace's, else its natural one."""
        return self.script.lengths or (self.natural_length,)

    @property
    def usual_length(self) -> int:
        """The first of them."""
        return self.usual_lengths[0]

    def mastered(self, samples: int, delivery: "Delivery | None" = None) -> Mastered:
        """Return the track that lasts exactly `samples`, laid out and with its levels. Raises LengthError.

        `delivery`: what is made of it; None: an MP3 for a phone.
        """
        from calmcast.audio.mastering import master, usual_gains
        from calmcast.publish.lame import makeup_db
        from calmcast.publish.places import USUAL
        from calmcast.track.deliver import levelled

        own = {each.voice.name: each.voice.level for each in self.cast.values()}
        own |= {each.stand_in: each.narrator.voice.level for each in self.cast.values() if each.stand_in}
        delivery = delivery or USUAL
        laid = self.laid_out(samples)
        laid = replace(laid, channels=delivery.channels(laid.channels))
        kbps = delivery.kbps(samples, laid.channels)
        makeup = makeup_db(kbps) if delivery.format.encoder == "libmp3lame" else 0.0
        bells = {strike: self.soundbox.ringing(strike) for strike in dict.fromkeys(bell.strike for bell in laid.bells)}
        always = at_rung(self.timed, 0).amounts.recordings
        usual = usual_gains(((each.by or voice, each) for (voice, _), each in always.items()), own, makeup)
        return levelled(master(laid, own, bells, makeup, usual), delivery)

    def speak_all(self) -> None:
        """Have every line spoken that these choices leave, whatever length needs it. Raises SpeechError."""
        self.timed.speak(sayings(self.timed.parts.tree))

    def laid_out(self, samples: int) -> Timeline:
        """Return what happens when in the track that lasts exactly `samples`, at no level yet. Raises LengthError."""
        return lay_out(self.timed, samples) if self.estimated else lay_out(self.timed, samples, FRAME)

    def told(self, timeline: Timeline) -> tuple[Problem, ...]:
        """Return what somebody who listens to this track of it may miss, as warnings."""
        guidance = self.values[GUIDANCE.name]
        return told(facts(self.script, timeline), self.script, guidance, by_estimate=self.estimated)

    def timeline(self, samples: int) -> Timeline:
        """Return what happens when in the track that lasts exactly `samples`. Raises LengthError."""
        return self.laid_out(samples) if self.estimated else self.mastered(samples).timeline


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


def by_estimate(
    workspace: Workspace,
    loaded: LoadedScript,
    choices: Mapping[str, str],
    wishes: Overrides = AS_WRITTEN,
    voice: str | None = None,
) -> Performance:
    """Return a script with lengths from a rate model, nothing spoken; `voice` takes the place of its own.

    Raises ScriptError.
    """
    script, values = settled(loaded, choices, wishes)
    script = replace(script, voice=voice) if voice else script
    measured = estimated(workspace, script, values[GUIDANCE.name])
    return Performance(loaded, script, values, measured, workspace.soundbox, {})


def told_by_estimate(workspace: Workspace, loaded: LoadedScript) -> tuple[Problem, ...]:
    """Return what somebody may miss in the tracks that a script makes where nothing is chosen; nothing is spoken.

    Nothing of one that cannot be: that is told elsewhere.
    """
    try:
        performance = by_estimate(workspace, loaded, {})
        lengths = performance.usual_lengths
    except CalmcastError:
        return ()
    return once((length, _told_at(performance, length)) for length in lengths)


def _told_at(performance: Performance, samples: int) -> tuple[Problem, ...]:
    try:
        return performance.told(lay_out(performance.timed, samples))
    except CalmcastError:
        return ()
