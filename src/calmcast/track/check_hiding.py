"""Which files of a folder take the place of scripts, segments and voices that ship: that is worth knowing."""

from collections.abc import Iterable

from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.script.lint.placed import placed
from calmcast.workspace.folder import normal
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace


def hiding(workspace: Workspace, scripts: Iterable[LoadedScript] | None = None) -> tuple[Problem, ...]:
    """Return a note for each file of the folder that takes the place of one that ships.

    With `scripts`: of those that they are made of, or spoken by.
    """
    files = None if scripts is None else {file for loaded in scripts for file in _files(workspace, loaded)}
    shown = ((kind, name, workspace.folder.shown(path)) for kind, name, path in workspace.folder.hiding())
    return tuple(_note(kind, name, file) for kind, name, file in shown if files is None or file in files)


def _note(kind: str, name: str, file: str) -> Problem:
    message = f"this takes the place of the {kind} `{name}` that ships with calmcast"
    return Problem("hides", message, SourceRef(file, 1, 1), severity=Severity.NOTE)


def _files(workspace: Workspace, loaded: LoadedScript) -> Iterable[str]:
    """Yield the files that a script is made of, and those of its voices, as they are shown."""
    yield from (file for file, _ in loaded.sources)
    if loaded.script is None:
        return
    voices = workspace.folder.voices()
    own = (each.part.traits.voice for each in placed(loaded.script))
    for name in dict.fromkeys((loaded.script.voice, *filter(None, own))):
        if path := voices.get(normal(name)):
            yield workspace.folder.shown(path)
