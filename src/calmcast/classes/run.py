"""A class brought up to date: what is missing or changed is made, and all else left as it lies there."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from calmcast.classes.dates import dated, first_day, first_moment, with_feed
from calmcast.classes.enrol import client_name, enrolled
from calmcast.classes.handing import Lying, drawn, files_of, handout, lying, with_them
from calmcast.classes.load import LoadedClass
from calmcast.classes.making import Work, make
from calmcast.classes.news import DAY_STAYS, news
from calmcast.classes.owned_files import CLIENTS, LIST, list_text, owned, packages, remove, strays
from calmcast.classes.register import Register, alone, both, read_register, register_path, write_register
from calmcast.classes.sets import Failure, SetTrack, TrackSet, stem_of
from calmcast.diagnostics import Problem
from calmcast.model.handout import Handout
from calmcast.publish.tagged import Digests
from calmcast.seen import as_made, looked_at
from calmcast.track.performance import Progress
from calmcast.track.retag import refreshed, standing, write_changed
from calmcast.workspace.workspace import Workspace

_INDEX = "index.html"
_NOTHING = (
    '<!doctype html>\n<html lang="en">\n<meta name="robots" content="noindex">\n<title>Nothing is listed here</title>\n'
)
"""What a host shows in place of a list of all that is in a folder."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run has brought about in one set's folder."""

    handout: Handout
    folder: Path
    made: tuple[SetTrack, ...]
    retagged: tuple[SetTrack, ...]
    """Those whose sound lay there already."""
    current: tuple[SetTrack, ...]
    """Those that lay there already, as they are."""
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has brought about."""

    sets: tuple[Made, ...]
    strays: tuple[Path, ...]
    """Files of earlier runs that no longer belong."""
    anew: Path | None = None
    """The register that was not there although the class had been made before: what must last begins anew."""
    notes: tuple[Problem, ...] = ()
    """What the teacher should know of days and lengths."""

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(failure for made in self.sets for failure in made.failures)


@dataclass(frozen=True, slots=True)
class _Place:
    """A set and where it is made."""

    tracks: TrackSet
    folder: Path


def bring_up_to_date(
    workspace: Workspace,
    loaded: LoadedClass,
    sets: Sequence[TrackSet],
    *,
    now: datetime,
    jobs: int,
    prune: bool,
    progress: Progress,
    announce: Callable[[int, int], None],
) -> Outcome:
    """Make what is missing or changed of a class in its folder, then what lies with the tracks.

    `now`: since when what comes new can be had. `prune`: remove files of earlier runs that no longer belong. `announce`
    is told how many tracks are to be made or retagged, of how many. A track that fails does not hold up others. However
    a run ends, the next one goes on from there. Raises PublishError where the folder or the register cannot be read or
    written.
    """
    folder = workspace.folder.output / loaded.name
    register = register_path(workspace.folder, loaded)
    lost = not looked_at(register).exists() and bool(owned(folder).files)
    places, names = _enrolled(loaded.name, sets, register, folder)
    works = {
        place.folder: [
            Work(track, place.folder, standing(workspace, track.track, place.folder / track.file))
            for track in place.tracks.every
        ]
        for place in places
    }
    due = [work for mine in works.values() for work in mine if work.standing.due != "nothing"]
    announce(len(due), sum(map(len, works.values())))
    for place in places:  # first, so that a run that is killed leaves nothing that no list has
        _write_list(place, {*files_of(place.tracks), *owned(place.folder).files})
    for path, text in _unlisted(places, folder).items():
        write_changed(path, text.encode())
    finished = make(workspace, due, jobs, progress)
    failed, known = finished.failures, _known(works.values(), finished.digests)
    there = {place.folder: lying(place.tracks, place.folder, failed, known) for place in places}
    pictures = {place.folder: _drawn(workspace, place, names, there[place.folder]) for place in places}
    handouts, notes = _dated(places, names, register, there, pictures, failed, now)
    made = [
        _handed(workspace, handed, place, works[place.folder], failed)
        for handed, place in zip(handouts, places, strict=True)
    ]
    left = _left(places, folder, made)
    if prune:
        remove(left)
        for place in places:
            _write_list(place, {name for name in owned(place.folder).files if place.folder / name not in left})
    return Outcome(tuple(made), left, register if lost else None, notes)


def _known(works: Iterable[Iterable[Work]], made: Mapping[Path, Digests]) -> dict[Path, Digests]:
    """Return the digests of tracks that need not be read: they lay there, or are as this run has made them."""
    current = {work.path: work.standing.digests for mine in works for work in mine if work.standing.due == "nothing"}
    return current | {path: each for path, each in made.items() if as_made(path)}


def _enrolled(name: str, sets: Sequence[TrackSet], path: Path, folder: Path) -> tuple[list[_Place], Register]:
    """Return the sets with the names and folders that the register has for them, or has got now, and that register."""
    with alone(path):
        before = read_register(path)
        named, register = enrolled(name, sets, before, folder)
        if register != before:
            write_register(path, register)
    return [_Place(each, folder / each.folder) for each in named], register


def _drawn(workspace: Workspace, place: _Place, names: Register, lie: Mapping[str, Lying]) -> dict[str, str]:
    """Return the SHA-256 of each picture in a set's feed; before the register is locked, for drawing takes its time."""
    roll = names.roll(client_name(place.tracks))
    return drawn(handout(place.tracks, lie, roll, date.min), workspace.covers) if roll else {}


def _dated(
    places: Sequence[_Place],
    names: Register,
    path: Path,
    there: Mapping[Path, Mapping[str, Lying]],
    pictures: Mapping[Path, Mapping[str, str]],
    failed: Collection[Path],
    now: datetime,
) -> tuple[list[Handout], tuple[Problem, ...]]:
    """Return what is handed out of each set, and what to say of it, and write into the register what came new."""
    handed = list[Handout]()
    with alone(path):
        before = read_register(path)  # by now another run may have written it
        rolls = {roll.client: roll for roll in both(before, names).sets}
        for place in places:
            tracks, lie = place.tracks, there[place.folder]
            client, published = client_name(tracks), tracks.plan.published
            come = [stem_of(track) for track in tracks.every if track.file in lie]
            known = not tracks.failures and not any(path.parent == place.folder for path in failed)
            wanted = {*map(stem_of, tracks.every)}
            roll = dated(rolls[client], come, wanted, first_moment(before, published, now), all_known=known)
            each = handout(tracks, lie, roll, first_day(roll, now))
            each, rolls[client] = with_feed(replace(each, drawn=pictures[place.folder]), roll, now)
            handed.append(each)
        after = replace(before, sets=tuple(rolls.values()))
        if after != before:
            write_register(path, after)
    return handed, news(places[0].tracks.plan, before, after)


def _handed(
    workspace: Workspace, handed: Handout, place: _Place, works: Sequence[Work], failed: Mapping[Path, Failure]
) -> Made:
    """Write what goes with the tracks of a set; return what was brought about."""
    for work in works:
        if work.standing.due == "nothing":
            refreshed(workspace, work.track.track, work.path, work.standing)
    for name, data in with_them(handed, workspace.covers).items():
        write_changed(place.folder / name, data)
    tracks = [work for work in works if work.path not in failed]
    made, retagged, current = (
        tuple(work.track for work in tracks if work.standing.due == due) for due in ("all", "tag", "nothing")
    )
    failures = (*place.tracks.failures, *(failed[work.path] for work in works if work.path in failed))
    return Made(handed, place.folder, made, retagged, current, failures)


def _left(places: Sequence[_Place], folder: Path, made: Sequence[Made]) -> tuple[Path, ...]:
    """Return the files of earlier runs that no longer belong."""
    belong = {place.folder / name for place in places for name in (*files_of(place.tracks), LIST)}
    belong |= {path for place in places for path in packages(folder, place.folder).values()}
    belong |= {*_unlisted(places, folder)}
    # A file may be of a track, or of its way out, about which this time too little was found out.
    doubtful = {each.folder for each in made if each.failures}
    return tuple(path for path in strays(folder, belong) if path.parent not in doubtful)


def _unlisted(places: Sequence[_Place], folder: Path) -> dict[Path, str]:
    """Return the files, by path, that keep a host from listing the folders of clients; none where there are none."""
    if not any(place.tracks.client for place in places):
        return {}
    return {folder / CLIENTS / LIST: list_text([_INDEX], ""), folder / CLIENTS / _INDEX: _NOTHING}


def afterwards(outcome: Outcome, *, pruned: bool) -> Outcome:
    """Return what a run brings about that follows one with this outcome at once; `pruned`: its strays are gone."""
    sets = (
        replace(each, made=(), retagged=(), current=(*each.made, *each.retagged, *each.current))
        for each in outcome.sets
    )
    notes = tuple(note for note in outcome.notes if note.code == DAY_STAYS)
    return Outcome(tuple(sets), () if pruned else outcome.strays, notes=notes)


def _write_list(place: _Place, files: Collection[str]) -> None:
    write_changed(place.folder / LIST, list_text(files, client_name(place.tracks)).encode())
