"""Finished tracks -> everything that lies with them in their folder: playlists, page, feed, card, cover."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from calmcast.classes.register import Enrolment, Roll, moment
from calmcast.classes.sets import SetTrack, TrackSet, stem_of
from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.handout.strings import strings
from calmcast.publish.names import ICONS, ascii_name
from calmcast.publish.tagged import Digests, digests
from calmcast.publish.titles import spoken_length, without_length
from calmcast.seen import looked_at
from calmcast.workspace.covers import Covers

_ENDINGS = (".mp3", ".vtt", ".lrc", ".json", ".chapters.json")
"""Those of the files of a track."""
_PICTURE = ".jpg"
"""That of its picture, which its feed shows."""
_COVER, FEED = "cover.jpg", "feed.xml"
CARD, LEAFLET = "card.html", "leaflet.html"
"""Pages to print: for whoever guides a class, and for those who listen."""
_WITH_THEM = frozenset({
    *ICONS, "index.html", _COVER, "playlist.m3u8", "playlist.xspf", "app.webmanifest", "sw.js",
    CARD, "card.pdf", LEAFLET, "leaflet.pdf",
})  # fmt: skip


def files_of(tracks: TrackSet) -> frozenset[str]:
    """Return the names of all files that belong in a set's folder."""
    endings = (*_ENDINGS, _PICTURE) if tracks.plan.url else _ENDINGS
    of_tracks = {stem_of(track) + ending for track in tracks.every for ending in endings}
    covers = map(_cover_of, tracks.tracks)
    return frozenset({*of_tracks, *covers, *_WITH_THEM, *((FEED,) if tracks.plan.url else ())})


def _cover_of(track: SetTrack) -> str:
    """Return the name of the picture that a track has on the page, one for all lengths of its script."""
    return f"cover-{ascii_name(track.asked.script)}.jpg"


@dataclass(frozen=True, slots=True)
class Lying:
    """An MP3 that lies in a set's folder."""

    size: int
    """In bytes."""
    digests: Digests


def lying(
    tracks: TrackSet,
    folder: Path,
    failed: Container[Path],
    known: Mapping[Path, Digests] = MappingProxyType({}),
) -> dict[str, Lying]:
    """Return the MP3s of a set that lie in its folder, by name, without those that `failed`; `known` are not read."""
    # One that failed may lie there as an older one, of other words.
    paths = (folder / track.file for track in tracks.every)
    whole = (path for path in paths if path not in failed and looked_at(path).is_file())
    return {path.name: Lying(path.stat().st_size, known.get(path) or digests(path)) for path in whole}


def handout(tracks: TrackSet, there: Mapping[str, Lying], roll: Roll, published: date) -> Handout:
    """Return what is handed out of a set: the tracks that are there, as the register knows them."""
    plan, client = tracks.plan, tracks.client
    enrolments = {enrolment.file: enrolment for enrolment in roll.tracks}
    handed = {
        track.file: _handed(track, there[track.file], enrolments[stem_of(track)])
        for track in tracks.every
        if track.file in there
    }
    first = next(iter(handed.values()), None)
    place = quote("/".join(tracks.folder.parts))
    return Handout(
        name=plan.name,
        title=plan.title,
        teacher=plan.teacher,
        about=plan.about,
        language=first.info.language if first else "en-US",
        tracks=tuple(handed[track.file] for track in tracks.tracks if track.file in handed),
        published=published,
        ways_out=tuple(handed[track.file] for track in tracks.ways_out if track.file in handed),
        client=client.name if client else "",
        note=client.note if client else "",
        contact=plan.contact,
        picture=plan.picture,
        strings=plan.strings,
        url=f"{plan.url}{place}/" if plan.url and place else plan.url,
    )


def _handed(track: SetTrack, there: Lying, enrolment: Enrolment) -> HandoutTrack:
    return HandoutTrack(
        file=track.file,
        info=track.track.info,
        timeline=track.track.timeline,
        size=there.size,
        sha256=there.digests.file,
        audio_sha256=there.digests.audio,
        id=enrolment.id,
        came=moment(enrolment.came),
        script=track.asked.script,
        number=track.number,
        note=track.note,
        choices=track.choices,
        way_out=track.way_out,
        picture=track.track.performance.script.picture,
        cover=_cover_of(track) if track.number else "",
    )


def with_them(handed: Handout, covers: Covers) -> dict[str, bytes]:
    """Return the files that lie with a handout's tracks, by name; none where there are no tracks."""
    from calmcast.publish.handout.card import card
    from calmcast.publish.handout.feed import chapters_json, feed
    from calmcast.publish.handout.leaflet import leaflet
    from calmcast.publish.handout.page import APP_MANIFEST, PAGE, SERVICE_WORKER, app_manifest, service_worker

    if not handed.tracks:
        return {}
    texts, manifest = _texts(handed), app_manifest(handed, seed=handed.name, icons=ICONS).encode()
    printed = leaflet(handed).encode()
    shown = {PAGE: texts[PAGE].encode(), LEAFLET: printed, APP_MANIFEST: manifest, **_shown(handed, covers)}
    others = {
        **texts,
        SERVICE_WORKER: service_worker(handed, shown),
        CARD: card(handed),
        **({FEED: feed(handed)} if handed.url else {}),
        **{f"{track.stem}.chapters.json": chapters_json(track) for track in (*handed.tracks, *handed.ways_out)},
    }
    return {**shown, **{name: text.encode() for name, text in others.items()}, **_pictures(handed, covers)}


def _texts(handed: Handout) -> dict[str, str]:
    """Return the page of a handout and its playlists, by name."""
    from calmcast.publish.handout.lists import m3u8, xspf
    from calmcast.publish.handout.page import PAGE, page

    return {
        PAGE: page(handed, seed=handed.name, cover=_COVER, card=LEAFLET, feed=FEED if handed.url else "", icons=ICONS),
        "playlist.m3u8": m3u8(handed),
        "playlist.xspf": xspf(handed),
    }


def _shown(handed: Handout, covers: Covers) -> dict[str, bytes]:
    """Return the pictures that the page shows, by name, and those for home screens."""
    icons = {name: covers.icon(handed.name, side) for name, side in ICONS.items()}
    return {_COVER: _class_cover(handed, covers), **pictures_of(handed, covers), **icons}


def _class_cover(handed: Handout, covers: Covers) -> bytes:
    t = strings(handed.language, handed.strings)
    return covers.of_class(handed.title, t("tracks", n=len(handed.tracks)), handed.name, handed.picture)


def pictures_of(handed: Handout, covers: Covers) -> dict[str, bytes]:
    """Return the pictures that tracks have on the page, by name."""
    return {track.cover: covers.thumbnail(track.script, track.picture) for track in handed.tracks if track.cover}


def drawn(handed: Handout, covers: Covers) -> dict[str, str]:
    """Return the SHA-256 of each picture that a handout's feed shows, by name; none where it has no feed."""
    if not (handed.url and handed.tracks):
        return {}
    shown = {_COVER: _class_cover(handed, covers), **_pictures(handed, covers)}
    return {name: sha256(data).hexdigest() for name, data in shown.items()}


def _pictures(handed: Handout, covers: Covers) -> dict[str, bytes]:
    """Return the pictures of a handout's tracks, by name, where it has a feed that shows them."""
    return {
        f"{track.stem}{_PICTURE}": covers.of_class(
            without_length(track.info.title, track.timeline.samples),
            spoken_length(track.timeline.samples),
            track.script,
            track.picture,
        )
        for track in (*handed.tracks, *handed.ways_out)
        if handed.url
    }
