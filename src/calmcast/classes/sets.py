"""What a class asks for -> sets of tracks that can be made: spoken, laid out and numbered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.classes.load import LoadedClass, OrderedSet, TrackOrder, ordered, runnable_class
from calmcast.classes.register import Asked
from calmcast.classes.stage import Stage
from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import CalmcastError
from calmcast.model.classes import ClassPlan, Client
from calmcast.model.timeline import TrackInfo
from calmcast.publish.titles import without_length
from calmcast.script.lint.placed import placed
from calmcast.track.performance import Performance, Progress, by_estimate
from calmcast.track.render import NOBODY, Planned, planned
from calmcast.track.speak import speak
from calmcast.track.time_warnings import once
from calmcast.track.way_out import way_out_length, way_out_title
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace

_MOST_NAMED = 3
"""A way out names so many tracks that it belongs to."""


@dataclass(frozen=True, slots=True)
class SetTrack:
    """A track of a set, ready to be made."""

    asked: Asked
    track: Planned
    number: int = 0
    """Its place, from 1 on; 0: a way out."""
    note: str = ""
    leads_to: Asked | None = None
    """The track that brings one out of it; None: there is none."""
    file: str = ""
    """Its MP3's name in the set's folder; empty: it has none yet."""
    way_out: str = ""
    """The file of the track that brings one out of it; empty: there is none, or it has no name yet."""
    choices: tuple[tuple[str, str], ...] = ()
    """What the class chose for it: what is asked, and the answer."""

    @property
    def title(self) -> str:
        """Its title, without its length."""
        return without_length(self.track.info.title, self.samples)

    @property
    def samples(self) -> int:
        return self.track.timeline.samples

    @property
    def told(self) -> tuple[Problem, ...]:
        """What somebody who listens to it may miss, as warnings."""
        return self.track.performance.told(self.track.timeline)


def stem_of(track: SetTrack) -> str:
    """Return the name of a track's files without their endings."""
    return track.file.removesuffix(".mp3")


@dataclass(frozen=True, slots=True)
class Failure:
    """A track that cannot be made, and why."""

    number: int
    """Its place, from 1 on; 0: a way out."""
    title: str
    error: CalmcastError
    source: SourceRef | None = None
    """Where it is asked for; None: nowhere, as a way out is not."""

    def __str__(self) -> str:
        return f"track {self.number}, {self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class TrackSet:
    """All tracks of a class for everybody, or for one client."""

    plan: ClassPlan
    client: Client | None
    tracks: tuple[SetTrack, ...]
    ways_out: tuple[SetTrack, ...]
    failures: tuple[Failure, ...]
    folder: Path = Path()
    """Where it lies, from the class's own folder on."""

    @property
    def every(self) -> tuple[SetTrack, ...]:
        return (*self.tracks, *self.ways_out)


def track_sets(
    workspace: Workspace, loaded: LoadedClass, progress: Progress, *, guess: bool = False
) -> tuple[TrackSet, ...]:
    """Return the sets that a class asks for, with the lines that they need spoken.

    `guess`: nothing is spoken, lengths are by estimate.

    What cannot be spoken or laid out is among a set's failures. Raises ScriptError for a class with errors.
    """

    def perform(script: LoadedScript, order: TrackOrder) -> Performance:
        chosen = dict(order.choices)
        if guess:
            return by_estimate(workspace, script, chosen, order.wishes)
        return speak(workspace, script, chosen, order.voice, progress, order.wishes)

    plan = runnable_class(loaded)
    stage = Stage(plan.strings, loaded.scripts, perform, {})
    return tuple(_track_set(plan, ordered_set, stage) for ordered_set in ordered(loaded))


def told(sets: Iterable[TrackSet], said: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return what listeners may miss in the tracks of all sets, without what was `said` before."""
    return once(((track.samples, track.told) for each in sets for track in each.tracks), said)


def _track_set(plan: ClassPlan, wanted: OrderedSet, stage: Stage) -> TrackSet:
    titles = [order.title or _usual_title(order, stage) for order in wanted.orders]
    exits = _WaysOut(plan, wanted.client, stage, len(titles), {}, {})
    tracks, failures, keys = list[SetTrack](), list[Failure](), list[_Key | None]()
    for number, (order, title) in enumerate(zip(wanted.orders, titles, strict=True), start=1):
        try:
            performance = stage.performance(order)
            samples = order.length or performance.usual_lengths[0]
            told = _info(plan, wanted.client, performance, title, number)
            track = planned(performance, samples, told, plan.quality)
        except CalmcastError as error:
            failures.append(Failure(number, title, error, order.source))
            continue
        asked = _told_apart(_asked(order, samples, title), (made.asked for made in tracks))
        keys.append(exits.wanted(order, without_length(title, samples)))
        tracks.append(SetTrack(asked, track, number, order.note, choices=_choices(performance, order)))
    made = exits.made()
    leading = (made[key].asked if key in made else None for key in keys)
    led = (replace(track, leads_to=way) for track, way in zip(tracks, leading, strict=True))
    return TrackSet(plan, wanted.client, tuple(led), tuple(made.values()), (*failures, *exits.failed.values()))


def _asked(order: TrackOrder, samples: int, title: str) -> Asked:
    """Return what tells a track from the others of its set."""
    bed, stereo = order.wishes.bed, order.wishes.stereo
    of_bed = ("no bed" if bed.made_of is None else bed.made_of.name) if bed else ""
    channels = "" if stereo is None else "stereo" if stereo else "mono"
    manner = " ".join(filter(None, (order.voice, of_bed, channels)))
    return Asked(order.script, samples, _as_written(order.choices), manner, title)


def _as_written(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name.casefold(), value.casefold()) for name, value in choices))


def _told_apart(asked: Asked, others: Iterable[Asked]) -> Asked:
    """Return what is asked for, numbered where the same is asked for before."""
    return replace(asked, nth=1 + sum(replace(other, nth=1) == asked for other in others))


def _usual_title(order: TrackOrder, stage: Stage) -> str:
    try:
        return stage.performance(order).script.title
    except CalmcastError:
        script = stage.scripts[order.script].script
        return script.title if script else order.script


def _info(
    plan: ClassPlan,
    client: Client | None,
    performance: Performance,
    title: str,
    number: int,
) -> TrackInfo:
    script = performance.script
    album = f"{plan.title} ({client.name})" if client else plan.title
    artist = plan.teacher or script.teacher or NOBODY
    return TrackInfo(title, artist, album, script.about, script.language, script.voice, number)


_Key = tuple[object, ...]
"""What is said in a way out, and by whom."""


@dataclass(frozen=True, slots=True)
class _Out:
    """A way out that is wanted."""

    order: TrackOrder
    """The first that asks for it."""
    performance: Performance
    titles: dict[str, None]
    """Of the tracks that it brings one out of, each once, in order."""


@dataclass(frozen=True, slots=True)
class _WaysOut:
    """The tracks of a set that only bring one out, each of what is said in it once."""

    plan: ClassPlan
    client: Client | None
    stage: Stage
    before: int
    """So many tracks come before them on a phone."""
    outs: dict[_Key, _Out]
    failed: dict[tuple[str, str], Failure]
    """Those that cannot be made, by script and reason."""

    def wanted(self, order: TrackOrder, title: str) -> _Key | None:
        """Ask for what brings one out of an order's track of this title; return its key, None where there is none."""
        try:
            performance = self.stage.way_out(order)
        except CalmcastError as error:
            self._fails(order, error)
            return None
        if performance is None:
            return None
        key = (order.script, performance.script.segments, performance.script.voice)
        self.outs.setdefault(key, _Out(order, performance, {})).titles[title] = None
        return key

    def made(self) -> dict[_Key | None, SetTrack]:
        """Return all that are wanted and can be made."""
        made = dict[_Key | None, SetTrack]()
        for key, out in self.outs.items():
            try:
                made[key] = self._made(out, tuple(each.asked for each in made.values()))
            except CalmcastError as error:
                self._fails(out.order, error)
        return made

    def _fails(self, order: TrackOrder, error: CalmcastError) -> None:
        failure = Failure(0, f"the way out of {order.script}", error, order.source)
        self.failed.setdefault((order.script, error.message), failure)

    def _made(self, out: _Out, others: tuple[Asked, ...]) -> SetTrack:
        order, performance = out.order, out.performance
        title = self._title(out)
        told = _info(self.plan, self.client, performance, title, self.before + len(others) + 1)
        track = planned(performance, way_out_length(performance), told, self.plan.quality)
        asked = Asked(order.script, 0, _as_written(_that_matter(performance)), order.voice or "", title)
        return SetTrack(_told_apart(asked, others), track)

    def _title(self, out: _Out) -> str:
        """Return what a way out is called: after the tracks that it belongs to, or their script where they are many."""
        script = self.stage.scripts[out.order.script].script
        if script is None or len(out.titles) > _MOST_NAMED:
            return out.performance.script.title
        return way_out_title(script, " · ".join(out.titles), self.plan.strings)


def _that_matter(performance: Performance) -> Iterator[tuple[str, str]]:
    """Yield the choices on which anything in a script depends."""
    script = performance.loaded.script
    asks = frozenset[str]().union(*(part.asks for part in placed(script))) if script else frozenset()
    return ((option, value) for option, value in performance.values.items() if option in asks)


def _choices(performance: Performance, order: TrackOrder) -> tuple[tuple[str, str], ...]:
    """Return what a class chooses for a track: what its script asks, and the answer, in the script's order."""
    script, chosen = performance.loaded.script, dict(order.choices)
    options = script.options if script else ()
    return tuple(
        (option.ask or option.name, performance.values[option.name]) for option in options if option.name in chosen
    )
