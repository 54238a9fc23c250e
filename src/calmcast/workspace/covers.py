"""Pictures of tracks and classes, each painted once: a teacher's own, or one that follows from a name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from calmcast.errors import CalmcastError, PublishError
from calmcast.files import file_digest
from calmcast.packages import version
from calmcast.script.lint.sounding import Fault
from calmcast.seen import looked_at
from calmcast.store.store import Store, content_key, kept
from calmcast.text import suggestion
from calmcast.workspace.folder import Folder

PAINTING = 4
"""Part of every key. Goes up when covers are painted in another way."""
THUMBNAIL_SIDE = 480
"""Pixels of a track's picture on a page, both ways: what a lock screen shows, too."""
_TAG_BYTES, _CLASS_BYTES, _PAGE_BYTES, _PLACE_BYTES = 190_000, 500_000, 60_000, 2_000_000
"""How large a teacher's own picture may become in a tag, for a class, on a page and for a place."""


@dataclass(frozen=True, slots=True)
class Covers:
    """The pictures of a workspace. `own` is a teacher's own picture, from the workspace's folder on; empty: none.

    Where a file of her own is gone or no picture, each raises PublishError or SoundError.
    """

    folder: Folder
    store: Store

    def track(self, title: str, length: str, seed: str, own: str) -> bytes:
        """Return the picture in a track's tag, 600 pixels square: PNG where it is painted, else JPEG."""
        if own:
            side = _painter().SIDE
            return self._photo(own, title, length, side, side, _TAG_BYTES)
        return self._kept(lambda: _painter().cover(title, length, seed), "track", title, length, seed)

    def of_class(self, title: str, words: str, seed: str, own: str) -> bytes:
        """Return the picture of a whole class, or of a track in its feed, as `publish.pictures.cover.class_cover`."""
        if own:
            side = _painter().CLASS_SIDE
            return self._photo(own, title, words, side, side, _CLASS_BYTES)
        return self._kept(lambda: _painter().class_cover(title, words, seed), "class", title, words, seed)

    def thumbnail(self, seed: str, own: str) -> bytes:
        """Return the picture that a track has on a page, as `publish.pictures.cover.thumbnail`."""
        if own:
            return self._photo(own, "", "", THUMBNAIL_SIDE, THUMBNAIL_SIDE, _PAGE_BYTES)
        return self._kept(lambda: _painter().thumbnail(seed, THUMBNAIL_SIDE), "thumbnail", seed, THUMBNAIL_SIDE)

    def icon(self, seed: str, side: int) -> bytes:
        """Return a class's picture as an app's icon, as `publish.pictures.cover.icon`."""
        return self._kept(lambda: _painter().icon(seed, side), "icon", seed, side)

    def poster(self, title: str, length: str, seed: str, own: str, width: int, height: int) -> bytes:
        """Return a track's picture at another size, as `publish.pictures.cover.poster`."""
        if own:
            return self._photo(own, title, length, width, height, _PLACE_BYTES)
        content = title, length, seed, width, height
        return self._kept(lambda: _painter().poster(*content), "poster", *content)

    def fault(self, own: str) -> Fault | None:
        """Return what is wrong with a picture of one's own, or None."""
        from calmcast.publish.pictures.photo import check_photo

        try:
            check_photo(self._there(own))
        except CalmcastError as error:
            return error.message, error.hint
        return None

    def _photo(self, own: str, title: str, words: str, width: int, height: int, most_bytes: int) -> bytes:
        path = self._there(own)

        def paint() -> bytes:
            from calmcast.publish.pictures.photo import photo_cover

            return photo_cover(path, title, words, width, height, most_bytes)

        try:
            digest = file_digest(path)
        except OSError as error:
            raise PublishError(f"{path} cannot be read: {error.strerror or error}", "run it again") from error
        return self._kept(paint, "photo", digest, title, words, width, height)

    def _there(self, own: str) -> Path:
        path = self.folder.sound_file(own)
        if not looked_at(path).is_file():
            hint = suggestion(own, self.folder.pictures()) or f"put it there: {path.absolute()}"
            raise PublishError(f"there is no picture `{own}`", hint)
        return path

    def _kept(self, paint: Callable[[], bytes], *content: str | int) -> bytes:
        return kept(
            self.store,
            content_key("cover", PAINTING, version("pillow"), version("font-source-sans-pro"), *content),
            paint,
        )


def _painter() -> ModuleType:
    """Return what paints. With it come Pillow and numpy, so it is asked for only where a picture is not kept."""
    from calmcast.publish.pictures import cover

    return cover
