"""A class brought up to date: what is missing or changed is made, and all else left as it lies there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from calmcast.classes.handing import files_of, handout, with_them
from calmcast.classes.making import Work, make, refresh, write_changed
from calmcast.classes.owned_files import LIST, belongings, list_text, remove, strays
from calmcast.classes.sets import WAY_OUT_FILE, Failure, SetTrack, TrackSet
from calmcast.model.handout import Handout
from calmcast.track.performance import Progress
from calmcast.track.retag import standing
from calmcast.workspace.workspace import Workspace


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

    @property
    def failures(self) -> tuple[Failure, ...]:
        return tuple(failure for made in self.sets for failure in made.failures)


def bring_up_to_date(
    workspace: Workspace,
    sets: Sequence[TrackSet],
    folder: Path,
    *,
    today: date,
    jobs: int,
    prune: bool,
    progress: Progress,
    announce: Callable[[int, int], None],
) -> Outcome:
    """Make what is missing or changed of a class in its folder, then what lies with the tracks.

    `today`: the day on which it is published, where neither the class nor an earlier run says. `prune`: remove files of
    earlier runs that no longer belong. `announce` is told how many tracks are to be made, of how many. A track that
    fails does not hold up others. However a run ends, the next one goes on from there. Raises PublishError where the
    folder cannot be written.
    """
    works = {
        place: [Work(track, place, standing(workspace, track.track, place / track.file)) for track in each.every]
        for place, each in _places(sets, folder)
    }
    due = {work.path: work for mine in works.values() for work in mine if work.standing.due != "nothing"}
    announce(sum(work.standing.due == "all" for work in due.values()), sum(map(len, works.values())))
    published = {
        place: each.plan.published or belongings(place).published or today for place, each in _places(sets, folder)
    }
    for place, each in _places(sets, folder):  # first, so that a run that is killed leaves nothing that no list has
        _write_list(place, published[place], {*files_of(each), *belongings(place).files})
    failed = make(workspace, tuple(due.values()), jobs, progress)
    made = []
    for place, each in _places(sets, folder):
        handed = handout(each, place, published[place], failed)
        made.append(_handed(workspace, handed, place, works[place], failed, each.failures))
    belong = {place / name for place, each in _places(sets, folder) for name in (*files_of(each), LIST)}
    left = tuple(path for path in strays(folder, belong) if not _may_belong(path, made))
    if prune:
        remove(left)
        for place, day in published.items():
            _write_list(place, day, {name for name in belongings(place).files if place / name not in left})
    return Outcome(tuple(made), left)


def _handed(
    workspace: Workspace,
    handed: Handout,
    place: Path,
    works: Sequence[Work],
    failed: Mapping[Path, Failure],
    before: tuple[Failure, ...],
) -> Made:
    """Write what goes with the tracks of a set; return what was brought about. `before`: what had failed already."""
    for work in works:
        if work.standing.due == "nothing":
            refresh(workspace, work)
    for name, data in with_them(handed, workspace.store).items():
        write_changed(place / name, data)
    tracks = [work for work in works if work.path not in failed]
    made, retagged, current = (
        tuple(work.track for work in tracks if work.standing.due == due) for due in ("all", "tag", "nothing")
    )
    failures = (*before, *(failed[work.path] for work in works if work.path in failed))
    return Made(handed, place, made, retagged, current, failures)


def afterwards(outcome: Outcome, *, pruned: bool) -> Outcome:
    """Return what a run brings about that follows one with this outcome at once; `pruned`: its strays are gone."""
    sets = (
        replace(each, made=(), retagged=(), current=(*each.made, *each.retagged, *each.current))
        for each in outcome.sets
    )
    return Outcome(tuple(sets), () if pruned else outcome.strays)


def _places(sets: Sequence[TrackSet], folder: Path) -> list[tuple[Path, TrackSet]]:
    return [(folder / each.folder, each) for each in sets]


def _may_belong(path: Path, made: Sequence[Made]) -> bool:
    """Return whether a file may be of a track, or of its way out, about which this time too little was found out."""
    failures = [failure for each in made if each.folder == path.parent for failure in each.failures]
    starts = [f"{failure.number:02}-" for failure in failures] + [WAY_OUT_FILE] * bool(failures)
    return path.name.startswith(tuple(starts))


def _write_list(folder: Path, published: date, files: Collection[str]) -> None:
    write_changed(folder / LIST, list_text(published, files).encode())
