"""A class to hand out, with real short tracks: a tone for each line."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.model.steps import PhaseName
from calmcast.model.timeline import Breath, Timeline, TrackInfo
from calmcast.publish.handout.page import app_manifest, page, service_worker
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.names import ICONS
from calmcast.publish.pictures.cover import class_cover, icon, thumbnail
from calmcast.units import SAMPLE_RATE
from tests.islands import whole
from tests.publish.conftest import SOURCE, lay_out

NASTY = "</script><script>alert(1)</script><!-- \"quotes\" 'single' & {{ braces }} 😀"
ARABIC = "بسم الله — راحة هادئة"
LONG = "A very long name of a rest that goes on and on " * 7
SPOKEN = (
    ("You are welcome here.", "Let the floor carry you.", "There is nothing to do."),
    ("Notice where your back touches the floor.", "Perhaps one breath is a little longer.", "And let it go."),
    ("Now you could move your fingers.", "Roll to either side, and pause.", "Take your time to sit up."),
)
CHAPTERS = (("Arriving", 0.0), ("A quiet rest", 8.0), ("Coming back", 16.0))


def mp3(timeline: Timeline, hertz: float = 220.0) -> bytes:
    """Return the track: a soft tone for each line, silence else."""
    import numpy as np

    sound = np.zeros(timeline.samples)
    for clip in timeline.lines:
        sound[clip.start : clip.end] = 0.2 * np.sin(2 * np.pi * hertz / SAMPLE_RATE * np.arange(clip.samples))
    file = io.BytesIO()
    write_mp3(file, whole(np.rint(sound * 32767)), samples=timeline.samples, kbps=64)
    return file.getvalue()


def track(file: str, title: str, timeline: Timeline, data: bytes = b"", language: str = "en-US") -> HandoutTrack:
    info = TrackInfo(title, "Anna", "Tuesday rest", "", language, "calm")
    digests = sha256(data).hexdigest(), sha256(b"sound" + data).hexdigest()
    came = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return HandoutTrack(
        file, info, timeline, len(data), *digests, f"urn:uuid:{uuid5(NAMESPACE_OID, file)}", came, "rest"
    )


def first_timeline() -> Timeline:
    """Return 24 s in three chapters of 8 s, with a line each 2.5 s, and a breath that ends at 15 s."""
    lines = [
        (8 * chapter + 0.5 + 2.5 * place, 8 * chapter + 2.0 + 2.5 * place, text)
        for chapter, texts in enumerate(SPOKEN)
        for place, text in enumerate(texts)
    ]
    phases: tuple[tuple[PhaseName, int, int], ...] = (("in", 9, 2), ("hold", 11, 1), ("out", 12, 3), ("in", 16, 2))
    breaths = tuple(Breath(at * SAMPLE_RATE, long * SAMPLE_RATE, phase, SOURCE) for phase, at, long in phases)
    return replace(lay_out(lines, CHAPTERS, 24), breaths=breaths)


def way_timeline() -> Timeline:
    return lay_out([(0.2, 1.5, "Come back, as slowly as you like."), (3, 4, "Shake your hands.")], [("", 0)], 6)


def short(text: str, chapters: Sequence[tuple[str, float]] = (("Rest", 0.0),)) -> Timeline:
    return lay_out([(0.5, 1.5, text)], chapters, 4)


def sounds() -> dict[str, bytes]:
    """Return the tracks of `handout_of`, by file name."""
    return {
        "rest-24s.mp3": mp3(first_timeline()),
        "nasty-4s.mp3": mp3(short(NASTY), 330.0),
        "long-4s.mp3": mp3(short(ARABIC), 330.0),
        "way-out-6s.mp3": mp3(way_timeline(), 440.0),
    }


def handout_of(data: dict[str, bytes], nasty: bool = True) -> Handout:
    """Return a class of a track with a way out, and where asked for two with names that would break a careless page."""
    name_of, long_of = "nasty-4s.mp3", "long-4s.mp3"
    first = replace(
        track("rest-24s.mp3", "A rest on the floor: 24 s", first_timeline(), data.get("rest-24s.mp3", b"")),
        number=1,
        note="Keep a blanket near.\nA folded towel does for the head.",
        choices=(("Support under head and neck", "high bolster"), ("Something under the knees", "yes")),
        way_out="way-out-6s.mp3",
        cover="cover-rest.jpg",
    )
    way = track("way-out-6s.mp3", "Coming back early", way_timeline(), data.get("way-out-6s.mp3", b""))
    others = (
        replace(
            track(name_of, NASTY, short(NASTY, ((NASTY, 0.0), ("B", 2.0))), data.get(name_of, b"")),
            number=2,
            note=NASTY,
            choices=((NASTY, NASTY),),
        ),
        replace(
            track(long_of, ARABIC, short(ARABIC, ((ARABIC, 0.0), (LONG, 2.0))), data.get(long_of, b""), "ar"),
            number=3,
            note=LONG,
        ),
    )
    return Handout(
        name="tuesday",
        title="Tuesday evening rest",
        teacher="Anna Müller",
        about="Three quiet rests for after class.\nTake the one that you have time for.",
        language="en-US",
        tracks=(first, *others) if nasty else (first,),
        published=date(2026, 3, 1),
        ways_out=(way,),
        client="Jo & Sam",
        note="Dear both,\ntake a cushion for the knees.",
        contact="anna@example.org",
    )


def write_folder(folder: Path, handout: Handout, data: dict[str, bytes]) -> Path:
    """Write the class as it is handed out, and return its page."""
    picture = class_cover(handout.title, "24 s", handout.name)
    text = page(handout, seed=handout.name, cover="cover.jpg", card="card.html", feed="feed.xml", icons=ICONS)
    beside = {
        "index.html": text.encode(),
        "cover.jpg": picture,
        "app.webmanifest": app_manifest(handout, seed=handout.name, icons=ICONS).encode(),
        **{name: icon(handout.name, side) for name, side in ICONS.items()},
        **{made.cover: thumbnail(made.script, 480) for made in handout.tracks if made.cover},
        "card.html": b'<!doctype html><title>Card</title><link rel="icon" href="cover.jpg">',
    }
    folder.mkdir(parents=True, exist_ok=True)
    used = {made.file for made in (*handout.tracks, *handout.ways_out)}
    for name, content in (beside | {name: data[name] for name in used}).items():
        (folder / name).write_bytes(content)
    (folder / "sw.js").write_text(service_worker(handout, beside), encoding="utf-8")
    return folder / "index.html"
