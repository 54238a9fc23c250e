"""A class that is handed out, and classes with what people may write."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

from calmcast.model.handout import Handout, HandoutTrack
from calmcast.model.timeline import TrackInfo
from tests.publish.plans import plan

PARTS = ("Welcome", "Setting up", "A word about feelings", "Settle", "SI joint check", "Breath", "Quiet", "Gentle exit")
NASTY = (
    "A & B < C > \"quotes\" 'single' ]]> <!-- --> &amp; %41",
    "<script>alert(1)</script>",
    "بسم الله — راحة هادئة",
    "😴 Nap 🧘‍♀️ 休息和呼吸的时间",
    "a very long name " * 18,
    "bell\x07\x00 control\x1b \u202eturned\ufffe \ud800 two\nlines",
    " ",
    "",
)
WAY_OUT = "coming-back-early-75s.mp3"


def a_track(number: int, minutes: float, title: str = "") -> HandoutTrack:
    info = TrackInfo(
        title=title or f"Psoas release: {minutes:g} min",
        artist="Ada Moor",
        album="Tuesday evening",
        about="A supported rest on the back, good before core work.",
        language="en-US",
        voice="calm",
        number=number,
    )
    return HandoutTrack(
        file=f"psoas-release-{minutes:g}min.mp3",
        info=info,
        timeline=plan(PARTS, minutes * 60, seed=number),
        size=1_000_000 + number,
        sha256=sha256(bytes(number)).hexdigest(),
        audio_sha256=sha256(b"sound" + bytes(number)).hexdigest(),
        id=f"urn:uuid:{UUID(int=number)}",
        came=datetime(2026, 3, 1, 12, number, tzinfo=UTC),
        script="psoas-release",
        number=number,
        note="For the days on which you stood a lot." if number == 1 else "",
        choices=(("Support under head and neck", "high bolster"), ("Knees", "bent")),
        way_out=WAY_OUT,
    )


def a_class() -> Handout:
    """Return three tracks and a way out, somewhere on the web."""
    way_out = replace(a_track(0, 1.25, "Coming back early"), file=WAY_OUT, way_out="", choices=())
    way_out = replace(way_out, came=datetime(2026, 3, 1, 12, 4, tzinfo=UTC))
    return Handout(
        name="tuesday",
        title="Tuesday evening",
        teacher="Ada Moor",
        about="Three rests for the week.",
        language="en-US",
        tracks=(a_track(1, 10), a_track(2, 5.5), a_track(3, 20)),
        published=date(2026, 3, 1),
        ways_out=(way_out,),
        url="https://example.org/rests/tuesday/",
    )


def a_nasty_class(text: str) -> Handout:
    """Return a class that says `text` wherever people may write."""
    handout = a_class()

    def said(track: HandoutTrack) -> HandoutTrack:
        chapters = tuple(replace(chapter, title=text) for chapter in track.timeline.chapters)
        return replace(
            track,
            info=replace(track.info, title=text, artist=text, album=text, about=text),
            timeline=replace(track.timeline, chapters=chapters),
            note=text,
            choices=((text, text),),
        )

    tracks, ways_out = tuple(map(said, handout.tracks)), tuple(map(said, handout.ways_out))
    handout = replace(handout, name=text, title=text, teacher=text, about=text, client=text)
    return replace(handout, tracks=tracks, ways_out=ways_out)
