"""Pictures of tracks and classes, each painted once."""

from typing import Literal

from calmcast.packages import version
from calmcast.store.store import Store, content_key, kept

PAINTING = 3
"""Part of every key. Goes up when covers are painted in another way."""


def track_cover(store: Store, title: str, length: str, seed: str) -> bytes:
    """Return a track's picture, as `publish.pictures.cover.cover`."""
    return _cover(store, "track", title, length, seed)


def class_cover(store: Store, title: str, words: str, seed: str) -> bytes:
    """Return the picture of a whole class, as `publish.pictures.cover.class_cover`."""
    return _cover(store, "class", title, words, seed)


def track_poster(store: Store, title: str, length: str, seed: str, width: int, height: int) -> bytes:
    """Return a track's picture at another size, as `publish.pictures.cover.poster`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import poster

        return poster(title, length, seed, width, height)

    content = "poster", title, length, seed, width, height
    return kept(store, content_key("cover", PAINTING, version("pillow"), *content), paint)


def _cover(store: Store, of: Literal["track", "class"], *content: str) -> bytes:
    def paint() -> bytes:
        from calmcast.publish.pictures.cover import class_cover, cover

        return (cover if of == "track" else class_cover)(*content)

    # Pillow brings the letters.
    return kept(store, content_key("cover", PAINTING, version("pillow"), of, *content), paint)
