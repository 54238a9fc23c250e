"""The lines that somebody is to read, as another voice says them."""

from collections.abc import Callable, Sequence

from calmcast.diagnostics import SourceRef
from calmcast.model.steps import Line
from calmcast.model.traits import Traits
from calmcast.model.voice import Recording
from calmcast.script.language.lines import build_line
from calmcast.script.language.nodes import Scalar
from calmcast.takes.prompts import Prompt
from calmcast.track.cast import Narrator
from calmcast.workspace.workspace import Workspace


def references(
    workspace: Workspace, narrator: Narrator, reading: Sequence[Prompt], on_progress: Callable[[int, int], None]
) -> tuple[Recording, ...]:
    """Return each line as another voice says it, to know by how long it takes and how it sounds.

    Raises SpeechError where it cannot be spoken.
    """
    from calmcast.audio.finish import finish
    from calmcast.speech.run.speak import speak

    jobs = [narrator.job(_line(prompt)) for prompt in reading]
    return speak(jobs, workspace.recordings, finish, on_progress=on_progress)[0]


def _line(prompt: Prompt) -> Line:
    """Return a prompt as the line that it was made from."""
    place = SourceRef("(the reading sheet)", prompt.number, 1)
    built = build_line(Scalar(prompt.text, place), Traits(), [])
    return built if isinstance(built, Line) else Line((prompt.text,), Traits(), place)
