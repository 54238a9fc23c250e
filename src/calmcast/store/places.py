"""Which kind of store a place has: a row for each."""

from collections.abc import Callable

from calmcast.files import expanded
from calmcast.store.folder import FolderStore
from calmcast.store.store import Store

STORES: dict[str, Callable[[str], Store]] = {
    "": lambda place: FolderStore(expanded(place)),
}
"""By how a place begins before `://`; a path has no such beginning."""


def open_store(place: str) -> Store:
    """Return the store at a place: a folder's path. Raises ValueError for a place that nothing here can open."""
    beginning, separator, _ = place.partition("://")
    opened = STORES.get(beginning if separator else "")
    if opened is None:
        raise ValueError(f"nothing here can keep in a place that begins with {beginning}://")
    return opened(place)
