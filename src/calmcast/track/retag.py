"""A track whose sound lies there already, whatever its tag says: it gets the tag that it would have, and that alone."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from calmcast.errors import CalmcastError, PublishError
from calmcast.files import write_bytes
from calmcast.publish.formats import MP3, manifest_path
from calmcast.publish.manifest import chosen_otherwise, read_manifest, same_sound
from calmcast.publish.tagged import Digests, digests, retag
from calmcast.track.performance import Progress
from calmcast.track.render import Due, Planned, Track, described, render, tag_of, write_beside
from calmcast.workspace.workspace import Workspace

NO_FILE = Digests("", "", "")


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies at a track's place."""

    due: Due
    digests: Digests = NO_FILE
    """Of the MP3 that lies there."""
    otherwise: tuple[str, ...] = ()
    """What was chosen otherwise for the track that lies there: `another bed`."""


def standing(workspace: Workspace, track: Planned, path: Path) -> Standing:
    """Return what lies at a track's place: its sound and tag as they would be made, its sound alone, or neither.

    What a manifest says counts only where the file beside it has that sound to the byte.
    """
    try:
        if track.delivery.format is not MP3:  # in others a tag stands among the sound
            return Standing("all")
        there = read_manifest(manifest_path(path))
        wanted = described(workspace, track, NO_FILE)
        if not same_sound(there, wanted):
            return Standing("all", otherwise=chosen_otherwise(there, wanted))
        found = digests(path)
        if there.audio_sha256 != found.audio:
            return Standing("all")
        tag = sha256(tag_of(workspace, track)).hexdigest()
    except (OSError, CalmcastError):  # no manifest, or a sound file is gone: making the track will say so
        return Standing("all")
    return Standing("nothing" if tag == found.tag else "tag", found)


def retagged(workspace: Workspace, track: Planned, path: Path, there: Standing) -> Track:
    """Give a track whose sound lies there its own tag, and what lies beside it. Raises as `render`."""
    try:
        found = retag(path, tag_of(workspace, track), there.digests.audio)
    except OSError as error:
        raise PublishError(f"{path} cannot be read: {error.strerror or error}", "run it again") from error
    write_beside(workspace, track, path, found)
    return Track(path, track.timeline, found, "tag")


def refreshed(workspace: Workspace, track: Planned, path: Path, there: Standing) -> Track:
    """Leave a track that lies there as it would be made, and bring up to date what lies beside it. Raises as `render`.

    That may have changed all the same: it also says where lines stand in files.
    """
    write_beside(workspace, track, path, there.digests, write_changed)
    return Track(path, track.timeline, there.digests, "nothing")


def write_changed(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all, unless that is what it holds already. Raises PublishError."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    except OSError:
        pass
    write_bytes(path, data)


def brought_up_to_date(workspace: Workspace, track: Planned, path: Path, progress: Progress) -> Track:
    """Make what of a track does not lie there already. Raises as `render`."""
    there = standing(workspace, track, path)
    match there.due:
        case "nothing":
            return refreshed(workspace, track, path, there)
        case "tag":
            return retagged(workspace, track, path, there)
        case "all":
            return replace(render(workspace, track, path, progress), replaced=there.otherwise)
