"""Pictures of tracks and classes, each painted once."""

from collections.abc import Callable
from importlib.metadata import version

from calmcast.store.store import Store, content_key, kept

PAINTING = 2
"""Part of every key. Goes up when covers are painted in another way."""


def track_cover(store: Store, title: str, length: str, seed: str) -> bytes:
    """Return a track's picture, as `publish.pictures.cover.cover`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import cover

        return cover(title, length, seed)

    return _cover(store, paint, "track", title, length, seed)


def class_cover(store: Store, title: str, words: str, seed: str) -> bytes:
    """Return the picture of a whole class, as `publish.pictures.cover.class_cover`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import class_cover

        return class_cover(title, words, seed)

    return _cover(store, paint, "class", title, words, seed)


def _cover(store: Store, paint: Callable[[], bytes], *content: str) -> bytes:
    # Pillow brings the letters.
    return kept(store, content_key("cover", PAINTING, version("pillow"), *content), paint)
