"""Chapters as players read them: the CHAP frames and the CTOC of the tag, held against the manifest."""

from typing import Any

from calmcast.model.manifest import Manifest
from calmcast.text import counted, one_line
from calmcast.units import SAMPLE_RATE, milliseconds
from calmcast.verify.findings import Fault, Finding, judged, told

_MOST = 255
"""CTOC counts its entries in one byte (ID3v2 Chapter Frame Addendum, section 3.2)."""


def chapters(manifest: Manifest, tag: Any) -> tuple[Finding, ...]:
    """Return what there is to say of the chapters and the table of contents in a tag, mutagen's ID3."""
    due, written = due_chapters(manifest), [_read(frame) for frame in tag.getall("CHAP")]
    there = sorted(written, key=lambda chapter: chapter[2])
    faults = list[Fault]()
    if len(due) != len(there):
        faults.append(Fault(f"{counted(len(there), 'chapter')} in the tag"))
    for nth, (wanted, (_, title, start, end)) in enumerate(zip(due, there, strict=False), start=1):
        if not is_cut_from(title, wanted[0]):
            faults.append(Fault(f"chapter {nth} is called “{title}” and not “{wanted[0]}”", _at(wanted[1])))
        elif (start, end) != wanted[1:]:
            place = f"{_time(start)} to {_time(end)}"
            due_place = f"{_time(wanted[1])} to {_time(wanted[2])}"
            faults.append(Fault(f"“{title}” is from {place} and not {due_place}", _at(start)))
    if written != there:
        faults.append(Fault("they do not stand in the order of time, in which players show them"))
    contents = _contents(tag, [name for name, *_ in there])
    return (*told("chapters", counted(len(due), "chapter"), faults, counted(len(there), "chapter")), contents)


def due_chapters(manifest: Manifest) -> list[tuple[str, int, int]]:
    """Return (title, start, end) in ms as the manifest has them: none empty, what follows the 255th in the 255th."""
    parts = [c for c in manifest.chapters if milliseconds(c.start) < milliseconds(c.end)][:_MOST]
    ends = [milliseconds(c.start) for c in parts[1:]] + [milliseconds(manifest.samples)]
    starts = [0, *ends]
    titles = [one_line(c.title) or str(nth) for nth, c in enumerate(parts, start=1)]
    return list(zip(titles, starts, ends, strict=False))


def _read(frame: Any) -> tuple[str, str, int, int]:
    """Return a CHAP frame's element, title, start and end."""
    title = frame.sub_frames.get("TIT2")
    return str(frame.element_id), str(title) if title else "", int(frame.start_time), int(frame.end_time)


def _contents(tag: Any, elements: list[str]) -> Finding:
    """Return what there is to say of the CTOC: without one, several players show no chapters."""
    tables = tag.getall("CTOC")
    listed = [str(child) for child in tables[0].child_element_ids] if tables else []
    ordered = bool(tables and int(tables[0].flags) & 0b01)
    if not tables:
        found = "none"
    elif listed != elements:
        found = "one that names other chapters"
    else:
        found = "all of them, in order" if ordered else "one without an order"
    return judged("table of contents", "all of them, in order", found, well=listed == elements and ordered)


def is_cut_from(title: str, wanted: str) -> bool:
    """Return whether a name in a tag is the manifest's, or as much of it as there was room for."""
    return title == wanted or (title.endswith("…") and len(title) > 1 and wanted.startswith(title[:-1].rstrip()))


def _at(ms: int) -> int:
    return ms * SAMPLE_RATE // 1000


def _time(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02}.{ms % 1000:03}"
