"""What a class asks for -> sets of tracks that can be made: spoken, laid out and numbered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from calmcast.classes.load import LoadedClass, OrderedSet, TrackOrder, ordered, runnable_class
from calmcast.classes.register import Asked
from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import CalmcastError, ScriptError
from calmcast.model.classes import ClassPlan, Client
from calmcast.model.timeline import TrackInfo
from calmcast.publish.handout.strings import Overrides
from calmcast.publish.titles import without_length
from calmcast.script.lint.placed import placed
from calmcast.track.performance import Performance, Progress, by_estimate
from calmcast.track.render import NOBODY, Planned, planned
from calmcast.track.speak import speak
from calmcast.track.time_warnings import once
from calmcast.track.way_out import way_out, way_out_length
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace


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
    stage = _Stage(plan.strings, loaded.scripts, perform, {})
    return tuple(_track_set(plan, ordered_set, stage) for ordered_set in ordered(loaded))


def told(sets: Iterable[TrackSet], said: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return what listeners may miss in the tracks of all sets, without what was `said` before."""
    return once(((track.samples, track.told) for each in sets for track in each.tracks), said)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where what orders ask for is spoken, each script with the same choices once."""

    strings: Overrides

    scripts: Mapping[str, LoadedScript]
    perform: Callable[[LoadedScript, TrackOrder], Performance]
    done: "dict[tuple[object, ...], Performance | CalmcastError]"

    def performance(self, order: TrackOrder) -> Performance:
        """Return an order's script as it is spoken. Raises CalmcastError, each time alike."""
        return self._performed(self.scripts[order.script], order)

    def way_out(self, order: TrackOrder) -> Performance | None:
        """Return an order's way out as it is spoken; None where there is none: the class's problems tell of that.

        Raises CalmcastError, each time alike.
        """
        try:
            alone = way_out(self.scripts[order.script], dict(order.choices), self.strings)
        except ScriptError:
            return None
        return self._performed(alone, order)

    def _performed(self, loaded: LoadedScript, order: TrackOrder) -> Performance:
        key = (order.script, loaded.name, order.choices, order.voice, order.wishes)
        if key not in self.done:
            try:
                self.done[key] = self.perform(loaded, order)
            except CalmcastError as error:
                self.done[key] = error
        found = self.done[key]
        if isinstance(found, CalmcastError):
            raise found
        return found


def _track_set(plan: ClassPlan, wanted: OrderedSet, stage: _Stage) -> TrackSet:
    titles = [order.title or _usual_title(order, stage) for order in wanted.orders]
    exits = _WaysOut(plan, wanted.client, stage, len(titles), {}, {})
    tracks, failures = list[SetTrack](), list[Failure]()
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
        leads_to, choices = exits.asked(order), _choices(performance, order)
        tracks.append(SetTrack(asked, track, number, order.note, leads_to, choices=choices))
    ways_out = tuple(exits.made.values())
    return TrackSet(plan, wanted.client, tuple(tracks), ways_out, (*failures, *exits.failed.values()))


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


def _usual_title(order: TrackOrder, stage: _Stage) -> str:
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


@dataclass(frozen=True, slots=True)
class _WaysOut:
    """The tracks of a set that only bring one out, each of what is said in it once."""

    plan: ClassPlan
    client: Client | None
    stage: _Stage
    before: int
    """So many tracks come before them on a phone."""
    made: "dict[tuple[object, ...], SetTrack]"
    failed: dict[tuple[str, str], Failure]
    """Those that cannot be made, by script and reason."""

    def asked(self, order: TrackOrder) -> Asked | None:
        """Return the track that brings one out of an order's; None where there is none."""
        try:
            performance = self.stage.way_out(order)
            if performance is None:
                return None
            key = (order.script, performance.script.segments, performance.script.voice)
            if key not in self.made:
                self.made[key] = self._made(order, performance)
        except CalmcastError as error:
            failure = Failure(0, f"the way out of {order.script}", error, order.source)
            self.failed.setdefault((order.script, error.message), failure)
            return None
        return self.made[key].asked

    def _made(self, order: TrackOrder, performance: Performance) -> SetTrack:
        place = self.before + len(self.made) + 1
        told = _info(self.plan, self.client, performance, performance.script.title, place)
        track = planned(performance, way_out_length(performance), told, self.plan.quality)
        chosen = _as_written(_that_matter(performance))
        asked = Asked(order.script, 0, chosen, order.voice or "", performance.script.title)
        return SetTrack(_told_apart(asked, (other.asked for other in self.made.values())), track)


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
