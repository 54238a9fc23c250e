"""Finished tracks -> everything that lies with them in their folder: playlists, page, feed, card, cover."""

from collections.abc import Container
from datetime import date
from pathlib import Path
from urllib.parse import quote

from calmcast.classes.sets import SetTrack, TrackSet
from calmcast.model.handout import Handout, HandoutTrack
from calmcast.publish.tagged import digests
from calmcast.seen import looked_at
from calmcast.store.store import Store
from calmcast.text import counted

_ENDINGS = (".mp3", ".vtt", ".lrc", ".json", ".chapters.json")
"""Those of the files of a track."""
_COVER, _FEED = "cover.jpg", "feed.xml"
_SENT = ("index.html", _COVER, "playlist.m3u8", "playlist.xspf")
_WITH_THEM = (*_SENT, "app.webmanifest", "sw.js", "card.html", "card.pdf")


def files_of(tracks: TrackSet) -> frozenset[str]:
    """Return the names of all files that belong in a set's folder."""
    of_tracks = {track.file.removesuffix(".mp3") + ending for track in tracks.every for ending in _ENDINGS}
    return frozenset({*of_tracks, *_WITH_THEM, *((_FEED,) if tracks.plan.url else ())})


def handout(tracks: TrackSet, folder: Path, published: date, failed: Container[Path]) -> Handout:
    """Return what is handed out of a set: the tracks that lie in its folder, without those that `failed`."""
    plan, client = tracks.plan, tracks.client
    # One that failed may lie there as an older one, of other words.
    whole = (each for each in tracks.every if (folder / each.file) not in failed)
    there = {track.file: _handed(track, folder) for track in whole if looked_at(folder / track.file).is_file()}
    first = next(iter(there.values()), None)
    place = quote("/".join(tracks.folder.parts))
    return Handout(
        name=plan.name,
        title=plan.title,
        teacher=plan.teacher,
        about="\n".join(filter(None, (plan.about, client.note if client else ""))),
        language=first.info.language if first else "en-US",
        tracks=tuple(there[track.file] for track in tracks.tracks if track.file in there),
        published=published,
        ways_out=tuple(there[track.file] for track in tracks.ways_out if track.file in there),
        client=client.name if client else "",
        url=f"{plan.url}{place}/" if plan.url and place else plan.url,
    )


def _handed(track: SetTrack, folder: Path) -> HandoutTrack:
    path = folder / track.file
    found = digests(path)
    return HandoutTrack(
        file=track.file,
        info=track.track.info,
        timeline=track.track.timeline,
        size=path.stat().st_size,
        sha256=found.file,
        audio_sha256=found.audio,
        number=track.number,
        note=track.note,
        choices=track.choices,
        way_out=track.way_out,
    )


def packable(handed: Handout) -> tuple[str, ...]:
    """Return the names of the files that are sent: what one plays, reads or prints, and the page first."""
    tracks = (*handed.tracks, *handed.ways_out)
    return (*_SENT, *(track.stem + ending for track in tracks for ending in (".mp3", ".vtt", ".lrc")))


def with_them(handed: Handout, store: Store) -> dict[str, bytes]:
    """Return the files that lie with a handout's tracks, by name; none where there are no tracks.

    `store`: where its picture is kept.
    """
    from calmcast.publish.handout.card import card
    from calmcast.publish.handout.feed import chapters_json, feed
    from calmcast.publish.handout.lists import m3u8, xspf
    from calmcast.publish.handout.page import APP_MANIFEST, PAGE, SERVICE_WORKER, app_manifest, page, service_worker
    from calmcast.workspace.covers import class_cover

    if not handed.tracks:
        return {}
    seed, words = handed.name, counted(len(handed.tracks), "track")
    texts = {
        PAGE: page(handed, seed=seed, cover=_COVER, feed=_FEED if handed.url else ""),
        APP_MANIFEST: app_manifest(handed, seed=seed, cover=_COVER),
    }
    shown = {
        **{name: text.encode() for name, text in texts.items()},
        _COVER: class_cover(store, handed.title, words, seed),
    }
    others = {
        SERVICE_WORKER: service_worker(handed, shown),
        "playlist.m3u8": m3u8(handed),
        "playlist.xspf": xspf(handed),
        "card.html": card(handed),
        **({_FEED: feed(handed)} if handed.url else {}),
        **{f"{track.stem}.chapters.json": chapters_json(track) for track in (*handed.tracks, *handed.ways_out)},
    }
    return {**shown, **{name: text.encode() for name, text in others.items()}}
