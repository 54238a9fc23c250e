"""How long everything in a script takes: as its voices would, before they are asked."""

from collections.abc import Callable, Mapping

from calmcast.errors import CalmcastError
from calmcast.model.script import Script
from calmcast.model.sound import Ringing, Strike
from calmcast.model.steps import Line
from calmcast.model.voice import Recording
from calmcast.planning.amounts import Saying, sayings, strikes
from calmcast.planning.choice import Speak, TimedScript
from calmcast.planning.layout import measured
from calmcast.planning.parts import parts_of
from calmcast.speech.words.pace import USUAL, guessed_samples
from calmcast.speech.words.phrases import utterance
from calmcast.track.cast import Casting, casting_of, unspoken
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.workspace import Workspace

_USUAL_GAPS = SAMPLE_RATE // 2, SAMPLE_RATE
"""The silences of a voice that nobody can speak here: within a sentence, and between two."""

_Guess = Callable[[Line], Recording]


def estimated(workspace: Workspace, script: Script, guidance: str = "medium") -> TimedScript:
    """Return a composed and settled script with the lengths that its voices would take, nothing spoken.

    Raises SoundError for a bell's file.
    """
    return measured(script, _guessed(script, lambda name: _guess(workspace, name)), _bells(workspace, script), guidance)


def timed(
    workspace: Workspace, script: Script, cast: Mapping[str, Casting], guidance: str, speak: Speak
) -> TimedScript:
    """Return a composed and settled script with the lengths that its voices would take, to be spoken by `speak`.

    Raises SoundError for a bell's file.
    """
    lines = _guessed(script, lambda name: cast[name].guesser())
    return measured(script, lines, _bells(workspace, script), guidance, speak)


def _bells(workspace: Workspace, script: Script) -> dict[Strike, Ringing]:
    return {strike: workspace.soundbox.outline(strike) for strike in strikes(parts_of(script).tree, script.bells)}


def _guessed(script: Script, guesser: Callable[[str], _Guess]) -> dict[Saying, Recording]:
    said = sayings(parts_of(script).tree)
    guess = {name: guesser(name) for name in dict.fromkeys(name for name, _ in said)}
    return {(name, pieces): guess[name](line) for (name, pieces), line in said.items()}


def _guess(workspace: Workspace, name: str) -> _Guess:
    """Return what guesses how long a voice takes; where nobody can speak it, at the usual pace."""
    try:
        return casting_of(workspace.unasked, name).guesser()
    except CalmcastError:
        return lambda line: unspoken(guessed_samples(utterance(line.pieces, *_USUAL_GAPS, lambda text: (text,)), USUAL))
