"""A set of a class as something to send: a ZIP, one page with the sound inside, or the MP3s alone."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.classes.handing import FEED, pictures_of
from calmcast.classes.owned_files import Form, is_numbered, owned, packages, remove
from calmcast.classes.run import Made, Outcome
from calmcast.errors import PublishError
from calmcast.files import atomic_file, file_digest
from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.archive import write_archive
from calmcast.publish.handout.message import message
from calmcast.publish.handout.onefile import MAIL_BYTES, mailed, one_file_bytes, write_one_file
from calmcast.publish.handout.strings import strings
from calmcast.publish.names import readable_name
from calmcast.seen import looked_at
from calmcast.units import format_bytes
from calmcast.workspace.covers import Covers


@dataclass(frozen=True, slots=True)
class Package:
    """A set as something to send."""

    form: Form
    client: str
    """For whom; empty: for everybody."""
    path: Path
    size: int
    """In bytes; of a folder, of its files together."""
    advice: str = ""
    """What would fit into a mail, where this does not."""

    @property
    def mailed(self) -> int:
        """How many bytes it takes in a mail."""
        return mailed(self.size)


def packages_of(outcome: Outcome, folder: Path, covers: Covers, wanted: Collection[Form]) -> tuple[Package, ...]:
    """Write each set of a class in the forms that are `wanted`, and in those that lie there already.

    `folder` is the class's own. Raises PublishError where one cannot be written.
    """
    return tuple(
        _package(made, form, path, covers)
        for made in outcome.sets
        if made.handout.tracks
        for form, path in packages(folder, made.folder).items()
        if form in wanted or looked_at(path).exists()
    )


def message_for(made: Made, sent: Iterable[Package]) -> str:
    """Return the message that goes with a set, and with what of it was written to be sent."""
    forms = {package.form for package in sent if package.client == made.handout.client}
    return message(made.handout, "one-file" if "one-file" in forms or "zip" not in forms else "zip")


def _package(made: Made, form: Form, path: Path, covers: Covers) -> Package:
    handed, advice = made.handout, ""
    match form:
        case "zip":
            files = packed(handed, covers)
            first = next(iter(files))
            write_archive(made.folder, files, path, path.stem, handed.published, instead=files, first=first)
        case "one-file":
            write_one_file(made.folder, handed, pictures_of(handed, covers), path)
            advice = mail_advice(made, path.stat().st_size)
        case "mp3":
            _write_mp3s(made, path)
        case "mp3-zip":
            numbered = {track.numbered: track.file for track in _every(handed)}
            write_archive(made.folder, numbered, path, path.stem, handed.published, instead=numbered)
    size = handed.size if form == "mp3" else path.stat().st_size
    return Package(form, handed.client, path, size, advice)


def _every(handed: Handout) -> tuple[HandoutTrack, ...]:
    return (*handed.tracks, *handed.ways_out)


def packed(handed: Handout, covers: Covers) -> dict[str, str | bytes]:
    """Return what is in the ZIP: by its name there the name that it has in the folder, or its content; the page first.

    Tracks have their numbers before their names: in a folder on a phone, order is all there is. What nobody opens lies
    in two folders, called so in the class's language.
    """
    from calmcast.publish.handout.lists import m3u8
    from calmcast.publish.handout.page import page

    t = strings(handed.language, handed.strings)
    pictures = pictures_of(handed, covers)
    captions_folder = readable_name(t("folder-captions"), "captions")
    pictures_folder = readable_name(t("folder-pictures"), "pictures")
    tracks = (
        replace(track, file=track.numbered, cover=f"{pictures_folder}/{track.cover}" if track.cover else "")
        for track in handed.tracks
    )
    numbered = replace(handed, tracks=tuple(tracks))
    return {
        f"{readable_name(t('open-me'), 'Open me')}.html": page(
            numbered, seed=handed.name, feed=FEED if handed.url else "", app=""
        ).encode(),
        **{track.numbered: track.file for track in _every(handed)},
        "playlist.m3u8": m3u8(numbered).encode(),
        **{
            f"{captions_folder}/{track.numbered.removesuffix('.mp3')}{ending}": f"{track.stem}{ending}"
            for track in _every(handed)
            for ending in (".vtt", ".lrc")
        },
        **{f"{pictures_folder}/{name}": data for name, data in pictures.items()},
    }


def _write_mp3s(made: Made, folder: Path) -> None:
    """Copy the MP3s of a set to a folder of their own, numbered, and remove those that were of an earlier order."""
    ours = owned(made.folder).files
    wanted = {track.numbered: track for track in _every(made.handout)}
    for name, track in wanted.items():
        path = folder / name
        if not (looked_at(path).is_file() and path.stat().st_size == track.size and file_digest(path) == track.sha256):
            _copy(made.folder / track.file, path)
    remove([path for path in sorted(folder.iterdir()) if path.name not in wanted and is_numbered(path.name, ours)])


def _copy(source: Path, path: Path) -> None:
    try:
        with source.open("rb") as sound, atomic_file(path) as file:
            shutil.copyfileobj(sound, file, 1 << 20)
    except FileNotFoundError as error:
        raise PublishError(f"there is no file {source} any more", "run it again") from error


def mail_advice(made: Made, size: int) -> str:
    """Return what would fit into a mail where a page of so many bytes does not; empty: it does."""
    if mailed(size) <= MAIL_BYTES:
        return ""
    sizes = {track.file: track.size for track in _every(made.handout)}
    small = dict(_small(made, sizes))
    if small != sizes and mailed(one_file_bytes(sum(small.values()))) <= MAIL_BYTES:
        about = format_bytes(one_file_bytes(sum(small.values())))
        return f"what fits: all of it with `quality: small` in the class, about {about}"
    fitting = _fitting(made.handout, small)
    if not fitting:
        return "not one of its tracks fits: put the class on the web (--base-url), or hand over a stick with its --zip"
    what = "its first track" if fitting == 1 else f"its first {fitting} tracks"
    smaller = " with `quality: small` in the class" if small != sizes else ""
    return f"what fits: {what}{smaller}; make a class of its own for each mail"


def _small(made: Made, sizes: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield about how large each MP3 is at the smaller quality."""
    for each in (*made.made, *made.retagged, *made.current):
        if each.file in sizes:
            small = replace(each.track, delivery=replace(each.track.delivery, quality="small"))
            yield each.file, sizes[each.file] * small.kbps // each.track.kbps


def _fitting(handed: Handout, sizes: Mapping[str, int]) -> int:
    """Return how many of the first tracks fit into a mail, with their ways out."""
    for count in range(len(handed.tracks), 0, -1):
        files = {file for track in handed.tracks[:count] for file in (track.file, track.way_out) if file}
        if mailed(one_file_bytes(sum(sizes.get(file, 0) for file in files))) <= MAIL_BYTES:
            return count
    return 0
