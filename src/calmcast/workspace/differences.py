"""What a script of one's own has otherwise than what it came from."""

from calmcast.script.edit.changes import Change, Rewording, changes, rewording
from calmcast.script.language.builder import build_segment
from calmcast.workspace.library import Library
from calmcast.workspace.lineage import Lineage


def changes_of(library: Library, lineage: Lineage) -> tuple[Change, ...]:
    """Return what a version changes of what it extends; nothing for a script that extends no other."""
    if not lineage.versions:
        return ()
    fetch = library.shelf(lineage.paths[0]).fetch
    scripts, _ = lineage.generations(fetch)
    now, was, *_ = (loaded.script for loaded in library.generations(lineage))
    return changes(lineage.versions[0], scripts[1], was, now, fetch) if was and now else ()


def rewordings(library: Library, lineage: Lineage) -> tuple[tuple[str, Rewording], ...]:
    """Return the segments of one's own that take the place of those that ship, of all that the script came from.

    Each with its file as shown.
    """
    used = {source for loaded in library.generations(lineage) for source, _ in loaded.sources}
    found = []
    for own, ship in library.folder.overriding(lineage.paths[0]).values():
        mine, theirs = library.load(own, build_segment)[0], library.load(ship, build_segment)[0]
        shown = library.folder.shown(own)
        if shown in used and mine and theirs:
            found.append((shown, rewording(mine, theirs)))
    return tuple(found)
