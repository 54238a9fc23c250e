"""What `--json` says of a class: key by key a public contract. Times in seconds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calmcast.classes.making import kept_bytes
from calmcast.classes.run import Made, Outcome
from calmcast.classes.sets import Failure, SetTrack, TrackSet
from calmcast.diagnostics import problem_shape
from calmcast.planning.shapes import chapter_shape
from calmcast.units import seconds

Shape = dict[str, Any]


def planned_set_shape(each: TrackSet) -> Shape:
    """Return a set as it is planned; `client` is null where it is for everybody."""
    return {
        "client": each.client.name if each.client else None,
        "length_s": seconds(sum(track.samples for track in each.tracks)),
        "bytes": sum(kept_bytes(track.track) for track in each.every),
        "tracks": [_planned(track) for track in each.every],
        "failures": [_failure(failure) for failure in each.failures],
    }


def outcome_shape(outcome: Outcome, packed: Sequence[Path], *, prune: bool) -> Shape:
    """Return what a run has brought about; `packed` are the archives that it wrote."""
    return {
        "sets": [_made_set(made) for made in outcome.sets],
        "zip": [str(path) for path in packed],
        "strays": [str(path) for path in outcome.strays],
        "removed": prune,
    }


def _planned(track: SetTrack) -> Shape:
    performance = track.track.performance
    return {
        "number": track.number or None,
        "title": track.title,
        "script": performance.script.name,
        "options": dict(performance.values),
        "length_s": seconds(track.samples),
        "samples": track.samples,
        "bytes": kept_bytes(track.track),
        "file": track.file,
        "chapters": [chapter_shape(chapter) for chapter in track.track.timeline.chapters],
    }


def _made_set(made: Made) -> Shape:
    tracks = sorted((*made.made, *made.current), key=lambda track: (track.number == 0, track.number, track.file))
    return {
        "client": made.handout.client or None,
        "folder": str(made.folder),
        "length_s": seconds(made.handout.samples),
        "bytes": made.handout.size,
        "tracks": [_made(made, track) for track in tracks],
        "failures": [_failure(failure) for failure in made.failures],
    }


def _made(made: Made, track: SetTrack) -> Shape:
    """Return a track that lies there; `made` is false where it lay there already."""
    return {
        "path": str(made.folder / track.file),
        "number": track.number or None,
        "title": track.title,
        "length_s": seconds(track.samples),
        "samples": track.samples,
        "made": track in made.made,
        "warnings": [problem_shape(problem) for problem in track.told],
    }


def _failure(failure: Failure) -> Shape:
    """Return a track that cannot be made; its number is 0 for a way out."""
    error = failure.error
    return {"number": failure.number, "title": failure.title, "error": error.message, "hint": error.hint}
