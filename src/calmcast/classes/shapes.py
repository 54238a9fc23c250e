"""What `--json` says of a class: field by field a public contract. Times in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from calmcast.classes.making import kept_bytes
from calmcast.classes.run import Made, Outcome
from calmcast.classes.sending import Package, message_for
from calmcast.classes.sets import Failure, SetTrack, TrackSet
from calmcast.diagnostics import ProblemShape, problem_shape
from calmcast.planning.shapes import ChapterShape, chapter_shape
from calmcast.units import seconds


@dataclass(frozen=True, slots=True)
class FailureShape:
    """A track that cannot be made; its number is 0 for a way out."""

    number: int
    title: str
    error: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class PlannedTrackShape:
    """A track; its number is null for a way out."""

    number: int | None
    title: str
    script: str
    options: dict[str, str]
    length_s: float
    samples: int
    bytes: int
    file: str
    chapters: tuple[ChapterShape, ...]


@dataclass(frozen=True, slots=True)
class PlannedSetShape:
    """The tracks for everybody, or for a client."""

    client: str | None
    length_s: float
    bytes: int
    tracks: tuple[PlannedTrackShape, ...]
    failures: tuple[FailureShape, ...]


@dataclass(frozen=True, slots=True)
class MadeTrackShape:
    path: str
    number: int | None
    title: str
    length_s: float
    samples: int
    made: bool
    """False: its sound lay there already."""
    retagged: bool
    """True: what it is called is new, and its sound is not."""
    warnings: tuple[ProblemShape, ...]


@dataclass(frozen=True, slots=True)
class MadeSetShape:
    client: str | None
    folder: str
    message: str | None
    """To paste; null where there are no tracks."""
    length_s: float
    bytes: int
    tracks: tuple[MadeTrackShape, ...]
    failures: tuple[FailureShape, ...]


@dataclass(frozen=True, slots=True)
class OneFileShape:
    """A page with the sound inside."""

    path: str
    bytes: int
    mailed_bytes: int
    """What it takes in a mail."""
    fits_mail: bool
    advice: str | None
    """What would fit."""


@dataclass(frozen=True, slots=True)
class OutcomeShape:
    sets: tuple[MadeSetShape, ...]
    zip: tuple[str, ...]
    one_file: tuple[OneFileShape, ...]
    mp3: tuple[str, ...]
    """Folders that hold the MP3s alone."""
    strays: tuple[str, ...]
    removed: bool
    notes: tuple[ProblemShape, ...]
    """What the teacher should know of days and lengths."""


def planned_set_shape(each: TrackSet) -> PlannedSetShape:
    """Return a set as it is planned."""
    return PlannedSetShape(
        client=each.client.name if each.client else None,
        length_s=seconds(sum(track.samples for track in each.tracks)),
        bytes=sum(kept_bytes(track.track) for track in each.every),
        tracks=tuple(map(_planned, each.every)),
        failures=tuple(map(_failure, each.failures)),
    )


def outcome_shape(outcome: Outcome, sent: Sequence[Package], *, prune: bool) -> OutcomeShape:
    """Return what a run has brought about; `sent` is what it wrote to be sent."""
    return OutcomeShape(
        sets=tuple(_made_set(made, sent) for made in outcome.sets),
        zip=tuple(str(package.path) for package in sent if package.form in ("zip", "mp3-zip")),
        one_file=tuple(_one_file(package) for package in sent if package.form == "one-file"),
        mp3=tuple(str(package.path) for package in sent if package.form == "mp3"),
        strays=tuple(map(str, outcome.strays)),
        removed=prune,
        notes=tuple(map(problem_shape, outcome.notes)),
    )


def _one_file(package: Package) -> OneFileShape:
    fits, advice = not package.advice, package.advice or None
    return OneFileShape(str(package.path), package.size, package.mailed, fits_mail=fits, advice=advice)


def _planned(track: SetTrack) -> PlannedTrackShape:
    return PlannedTrackShape(
        number=track.number or None,
        title=track.title,
        script=track.track.performance.script.name,
        options=dict(track.track.performance.values),
        length_s=seconds(track.samples),
        samples=track.samples,
        bytes=kept_bytes(track.track),
        file=track.file,
        chapters=tuple(map(chapter_shape, track.track.timeline.chapters)),
    )


def _made_set(made: Made, sent: Sequence[Package]) -> MadeSetShape:
    tracks = sorted(
        (*made.made, *made.retagged, *made.current), key=lambda track: (track.number == 0, track.number, track.file)
    )
    return MadeSetShape(
        client=made.handout.client or None,
        folder=str(made.folder),
        message=message_for(made, sent) if made.handout.tracks else None,
        length_s=seconds(made.handout.samples),
        bytes=made.handout.size,
        tracks=tuple(_made(made, track) for track in tracks),
        failures=tuple(map(_failure, made.failures)),
    )


def _made(made: Made, track: SetTrack) -> MadeTrackShape:
    return MadeTrackShape(
        path=str(made.folder / track.file),
        number=track.number or None,
        title=track.title,
        length_s=seconds(track.samples),
        samples=track.samples,
        made=track in made.made,
        retagged=track in made.retagged,
        warnings=tuple(map(problem_shape, track.told)),
    )


def _failure(failure: Failure) -> FailureShape:
    return FailureShape(failure.number, failure.title, failure.error.message, failure.error.hint)
