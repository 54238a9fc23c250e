"""The tags of files that are no MP3: iTunes' atoms and Vorbis comments, held against the manifest."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import mutagen
from mutagen import MutagenError

from calmcast.model.manifest import Manifest
from calmcast.publish.formats import format_of
from calmcast.publish.more_tags import ATOMS, COMMENTS, FREEFORM
from calmcast.text import counted, one_line
from calmcast.units import SAMPLE_RATE
from calmcast.verify.chapters import due_chapters, is_cut_from
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.listen import ALONE
from calmcast.verify.words import marks_due, words_off

_NAMES = ("title", "artist", "album")
_ROUNDED_MS = 1


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a tag tells."""

    texts: Mapping[str, str]
    """By what it is: title, artist, album, SYNTHETIC_VOICE, VOICE."""
    words: str | None
    cover: bool
    chapters: Sequence[tuple[str, int]]
    """Title, and start in ms."""


def other_tags(manifest: Manifest, path: Path) -> tuple[Finding, ...]:
    """Return what there is to say of the tag and the chapters of a track that is no MP3."""
    form = format_of(path)
    # Of FLAC and WAV alike, mutagen looks itself what a file is.
    read: Any = mutagen.File
    try:
        file = read(path)
        if file is None or form is None:
            return (judged("tag", "one that can be read", "none", well=False),)
        tag = (_atoms if form.tagging == "atoms" else _comments)(file, _chapters(path))
    except (MutagenError, av.FFmpegError, OSError, ValueError, LookupError, struct.error) as error:
        return (judged("tag", "one that can be read", f"none ({type(error).__name__})", well=False),)
    wrong = [Fault(what) for what in _wrong_in(manifest, tag)]
    return (
        *told("tag", "as in the manifest", wrong, "as in the manifest"),
        *told("words in the tag", "those of the lines", words_off(manifest, tag.words), "the same"),
        *_chapters_off(manifest, tag),
    )


def _atoms(file: Any, chapters: Sequence[tuple[str, int]]) -> _Tag:
    texts = {name: str(file[ATOMS[name]][0]) for name in _NAMES if ATOMS[name] in file}
    texts |= {
        key.removeprefix(FREEFORM): bytes(value[0]).decode("utf-8", "replace")
        for key, value in file.items()
        if key.startswith(FREEFORM)
    }
    words = str(file["\xa9lyr"][0]) if "\xa9lyr" in file else None
    return _Tag(texts, words, bool(file.get("covr")), chapters)


def _comments(file: Any, chapters: Sequence[tuple[str, int]]) -> _Tag:
    texts = {name: file[COMMENTS[name]][0] for name in _NAMES if COMMENTS[name] in file}
    texts |= {name: file[name][0] for name in ("SYNTHETIC_VOICE", "VOICE") if name in file}
    cover = bool(getattr(file, "pictures", None)) or "METADATA_BLOCK_PICTURE" in file
    return _Tag(texts, file["LYRICS"][0] if "LYRICS" in file else None, cover, chapters)


def _chapters(path: Path) -> list[tuple[str, int]]:
    with av.open(str(path.absolute()), options=ALONE, metadata_errors="replace") as file:
        found: Any = file.chapters()
    return [(str(c["metadata"].get("title", "")), round(c["start"] * c["time_base"] * 1000)) for c in found]


def _wrong_in(manifest: Manifest, tag: _Tag) -> list[str]:
    """Return what is wrong with the names in a tag."""
    due = [(name, one_line(getattr(manifest, name))) for name in _NAMES] + marks_due(manifest)
    wrong = [
        f"{name} is “{tag.texts.get(name, '')}” and not “{value}”"
        for name, value in due
        if not is_cut_from(tag.texts.get(name, ""), value)
    ]
    return wrong if tag.cover else [*wrong, "there is no cover picture"]


def _chapters_off(manifest: Manifest, tag: _Tag) -> tuple[Finding, ...]:
    due = due_chapters(manifest)
    faults = [
        Fault(
            f"“{title}” begins at {start / 1000:.3f} s and not “{wanted}” at {at / 1000:.3f} s",
            at * SAMPLE_RATE // 1000,
        )
        for (wanted, at, _), (title, start) in zip(due, tag.chapters, strict=False)
        if not is_cut_from(title, wanted) or abs(start - at) > _ROUNDED_MS
    ]
    if len(due) != len(tag.chapters):
        faults.append(Fault(f"{counted(len(tag.chapters), 'chapter')} in the file"))
    return told("chapters", counted(len(due), "chapter"), faults, counted(len(tag.chapters), "chapter"))


def _samples(ms: int) -> int:
    return ms * SAMPLE_RATE // 1000
