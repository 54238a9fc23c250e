"""What somebody who reads a script aloud has to read, for tracks of some lengths or for all."""

from collections.abc import Mapping, Sequence

from calmcast.planning.choice import said_at
from calmcast.planning.layout import lay_out
from calmcast.takes.prompts import Prompt, prompts, same_text
from calmcast.takes.sheet import Sheet
from calmcast.track.performance import Performance, by_estimate, settled
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace


def script_sheet(
    workspace: Workspace, loaded: LoadedScript, choices: Mapping[str, str], lengths: Sequence[int], voice: str
) -> Sheet:
    """Return a sheet that asks for all that tracks of these lengths (in samples) say in a voice; none: of any length.

    Which lines a length gets is known by how long they would take, before they are read: a reader who is much slower
    or faster may leave a line or two to the voice that stands in. Raises ScriptError, and LengthError for a length
    that it cannot have.
    """
    script, _ = settled(loaded, choices)
    said = None
    if lengths:
        performance = by_estimate(workspace, loaded, choices, voice=voice)
        said = frozenset[str]().union(*(said_in(performance, samples) for samples in lengths))
    return asking(script.name, script.title, script.language, prompts(script, said))


def said_in(performance: Performance, samples: int) -> frozenset[str]:
    """Return the normal forms of the lines that a track this long says. Raises LengthError where it cannot be."""
    said = said_at(performance.timed, samples)
    if not said:
        lay_out(performance.timed, samples)  # tells why it cannot be, if that is why
    return frozenset(same_text(line.written) for line in said.values())


def asking(name: str, title: str, language: str, every: tuple[Prompt, ...]) -> Sheet:
    """Return a sheet that asks for every line."""
    return Sheet(name, title, language, every, tuple(prompt.number for prompt in every))
