"""What somebody who reads for a class has to read: the lines of all its tracks and ways out, each once."""

from calmcast.classes.load import load_class
from calmcast.classes.sets import track_sets
from calmcast.takes.prompts import Prompt, prompts
from calmcast.takes.sheet import Sheet
from calmcast.track.performance import Progress
from calmcast.track.reading import asking, said_in
from calmcast.workspace.workspace import Workspace


def class_sheet(workspace: Workspace, name: str, progress: Progress) -> Sheet:
    """Return a sheet that asks for all that a class's tracks say, for everybody and for each client.

    Raises ScriptError for a class with errors, and what its first track raises that cannot be.
    """
    sets = track_sets(workspace, load_class(workspace, name), progress, guess=True)
    for failure in (failure for each in sets for failure in each.failures):
        raise failure.error
    every, language = tuple[Prompt, ...](), ""
    for track in (track for each in sets for track in each.every):
        performance = track.track.performance
        language = language or performance.script.language
        every = prompts(performance.script, said_in(performance, track.samples), every)
    return asking(name, sets[0].plan.title, language, every)
