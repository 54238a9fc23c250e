"""Pictures of tracks and classes, each painted once."""

from collections.abc import Callable
from typing import Literal

from calmcast.packages import version
from calmcast.store.store import Store, content_key, kept

PAINTING = 3
"""Part of every key. Goes up when covers are painted in another way."""
THUMBNAIL_SIDE = 480
"""Pixels of a track's picture on a page, both ways: what a lock screen shows, too."""


def track_cover(store: Store, title: str, length: str, seed: str) -> bytes:
    """Return a track's picture, as `publish.pictures.cover.cover`."""
    return _cover(store, "track", title, length, seed)


def class_cover(store: Store, title: str, words: str, seed: str) -> bytes:
    """Return the picture of a whole class, as `publish.pictures.cover.class_cover`."""
    return _cover(store, "class", title, words, seed)


def thumbnail(store: Store, seed: str) -> bytes:
    """Return the picture that a track has on a page, as `publish.pictures.cover.thumbnail`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import thumbnail

        return thumbnail(seed, THUMBNAIL_SIDE)

    return _kept(store, paint, "thumbnail", seed, THUMBNAIL_SIDE)


def icon(store: Store, seed: str, side: int) -> bytes:
    """Return a class's picture as an app's icon, as `publish.pictures.cover.icon`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import icon

        return icon(seed, side)

    return _kept(store, paint, "icon", seed, side)


def track_poster(store: Store, title: str, length: str, seed: str, width: int, height: int) -> bytes:
    """Return a track's picture at another size, as `publish.pictures.cover.poster`."""

    def paint() -> bytes:
        from calmcast.publish.pictures.cover import poster

        return poster(title, length, seed, width, height)

    return _kept(store, paint, "poster", title, length, seed, width, height)


def _cover(store: Store, of: Literal["track", "class"], *content: str) -> bytes:
    def paint() -> bytes:
        from calmcast.publish.pictures.cover import class_cover, cover

        return (cover if of == "track" else class_cover)(*content)

    return _kept(store, paint, of, *content)


def _kept(store: Store, paint: Callable[[], bytes], *content: str | int) -> bytes:
    # Pillow brings the letters.
    return kept(store, content_key("cover", PAINTING, version("pillow"), *content), paint)
