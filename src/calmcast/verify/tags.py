"""A track's ID3 tag, held against its manifest: names, length, language, words, cover."""

from pathlib import Path
from typing import Any

from mutagen import MutagenError, id3, wave

from calmcast.model.manifest import Manifest
from calmcast.publish.formats import MP3, format_of
from calmcast.publish.languages import iso_639_2
from calmcast.text import one_line
from calmcast.units import milliseconds
from calmcast.verify.chapters import chapters, is_cut_from
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.other_tags import other_tags
from calmcast.verify.words import marks_due, words_off

_NAMES = {"TIT2": "title", "TPE1": "artist", "TALB": "album"}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def tags(manifest: Manifest, path: Path) -> tuple[Finding, ...]:
    """Return what there is to say of a track's ID3 tag and of the chapters in it."""
    form = format_of(path) or MP3
    if form.tagging != "id3":
        return other_tags(manifest, path)
    # As Any: mutagen says that it is typed, but these are not.
    read_id3: Any = id3.ID3
    read_wav: Any = wave.WAVE
    try:
        tag = read_wav(path).tags if form.name == "wav" else read_id3(path, translate=False)
        if tag is None:
            return (judged("tag", "an ID3v2 tag", "none", well=False),)
    except id3.ID3NoHeaderError:
        return (judged("tag", "an ID3v2 tag", "none", well=False),)
    except (MutagenError, OSError, ValueError) as error:
        return (judged("tag", "an ID3v2 tag", f"one that cannot be read ({type(error).__name__})", well=False),)
    return (
        *told("tag", "as in the manifest", [Fault(what) for what in _wrong_in(manifest, tag)], "as in the manifest"),
        *told("words in the tag", "those of the lines", words_off(manifest, _uslt(tag)), "the same"),
        *chapters(manifest, tag),
    )


def _wrong_in(manifest: Manifest, tag: Any) -> list[str]:
    """Return what is wrong with the frames that name a track."""
    wrong = list[str]()
    for frame, name in _NAMES.items():
        value = one_line(getattr(manifest, name))
        if not is_cut_from(_text(tag, frame), value):
            wrong.append(f"the {name} is “{_text(tag, frame)}” and not “{value}”")
    place = str(manifest.number) if manifest.number else ""
    if _text(tag, "TRCK") != place:
        wrong.append(f"the place in the album is {_text(tag, 'TRCK') or 'not there'} and not {place or 'any'}")
    length = str(milliseconds(manifest.samples))
    if _text(tag, "TLEN") != length:
        wrong.append(f"the length is {_text(tag, 'TLEN') or 'not there'} and not {length} ms")
    if _text(tag, "TLAN") != iso_639_2(manifest.language):
        wrong.append(f"the language is {_text(tag, 'TLAN') or 'not there'} and not {iso_639_2(manifest.language)}")
    for name, due in marks_due(manifest):
        if (there := _text(tag, f"TXXX:{name}")) and is_cut_from(there, due):
            continue
        wrong.append(f"{name} is {there or 'not there'} and not {due}")
    pictures: list[Any] = tag.getall("APIC")
    if not any(bytes(picture.data).startswith(_PICTURES) for picture in pictures):
        wrong.append("there is no cover picture")
    return wrong


def _text(tag: Any, frame: str) -> str:
    found: Any = tag.get(frame)
    return str(found.text[0]) if found and found.text else ""


def _uslt(tag: Any) -> str | None:
    texts: list[Any] = tag.getall("USLT")
    return str(texts[0].text) if texts else None
