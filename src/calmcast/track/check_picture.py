"""What is wrong with a teacher's own picture."""

from calmcast.diagnostics import Problem, SourceRef
from calmcast.workspace.workspace import Workspace


def picture_faults(workspace: Workspace, picture: str, source: SourceRef | None) -> tuple[Problem, ...]:
    """Return why a picture cannot be a cover, at the place that names it; nothing where none is named."""
    fault = workspace.covers.fault(picture) if picture and source else None
    return (Problem("no-such-picture", fault[0], source, fault[1]),) if fault and source else ()
