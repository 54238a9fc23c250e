"""`calmcast plan` of a class: all its tracks, how long they last together, and how large they are."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.cli.failure import show_failures, show_problems
from calmcast.cli.output import echo, nothing_left, print_json, print_table, progress
from calmcast.cli.ribbon import print_ribbons
from calmcast.text import counted
from calmcast.units import format_clock, format_length

if TYPE_CHECKING:
    from calmcast.classes.sets import SetTrack, TrackSet
    from calmcast.workspace.workspace import Workspace


def show_class(here: "Workspace", name: str, svg: Path | None, *, estimate: bool, as_json: bool) -> None:
    """Print the plan of a class by name, or draw it into a file. Raises CalmcastError, and SystemExit with failures."""
    from calmcast.classes.enrol import enrolled
    from calmcast.classes.load import load_class
    from calmcast.classes.register import read_register, register_path
    from calmcast.classes.sets import track_sets
    from calmcast.classes.shapes import planned_set_shape

    loaded = load_class(here, name)
    register = read_register(register_path(here.folder, loaded))
    with progress(quiet=as_json) as show:
        sets = track_sets(here, loaded, show, guess=estimate)
    sets, _ = enrolled(loaded.name, sets, register, here.folder.output / loaded.name)
    failures = [failure for each in sets for failure in each.failures]
    if svg:
        _draw(sets, svg)
    if as_json:
        shapes = [planned_set_shape(each) for each in sets]
        print_json({"title": sets[0].plan.title, "estimate": estimate, "sets": shapes})
    else:
        show_problems(loaded.problems)
        if svg:
            echo(svg)
        for each in () if svg else sets:
            _show(each, estimate)
        show_failures((failure, each.client.name if each.client else "") for each in sets for failure in each.failures)
    if failures:
        sys.exit(failures[0].error.exit_code)
    nothing_left()


def _show(each: "TrackSet", estimate: bool) -> None:
    from calmcast.planning.summary import summarise

    whom = f", for {each.client.name}" if each.client else ""
    echo(f"{each.plan.title}{whom}{' (estimated)' if estimate else ''}\n")
    if not each.tracks:
        return
    print_ribbons([(str(track.number), track.track.timeline) for track in each.tracks])
    rows = []
    for track in each.every:
        totals = summarise(track.track.timeline)
        rows.append(
            (
                str(track.number or "-"),
                track.title,
                format_length(track.samples),
                f"{totals.silence_share:.0%}",
                str(totals.words),
                f"{_bytes(track) / 1e6:.1f}",
                track.file,
            )
        )
    print_table(("no", "title", "length", "silence", "words", "MB", "file"), rows, right=(0, 3, 4, 5))
    total = format_clock(sum(track.samples for track in each.tracks))
    size = sum(map(_bytes, each.every)) / 1e6
    echo(f"\n{counted(len(each.tracks), 'track')}: {total} in all, about {size:.1f} MB\n")


def _draw(sets: "tuple[TrackSet, ...]", path: Path) -> None:
    from calmcast.errors import ScriptError
    from calmcast.files import write_bytes
    from calmcast.publish.pictures.picture import Ribbon, svg

    ribbons = [
        Ribbon(
            track.track.timeline,
            f"{track.number} · {format_length(track.samples)}",
            (track.title, *((f"for {each.client.name}",) if each.client else ())),
        )
        for each in sets
        for track in each.tracks
    ]
    if not ribbons:
        raise ScriptError("there is no track to draw", "calmcast plan without --svg says why")
    plan = sets[0].plan
    total = sum(track.samples for track in sets[0].tracks)
    size = sum(map(_bytes, sets[0].every)) / 1e6
    subtitle = f"{counted(len(sets[0].tracks), 'track')}, {format_clock(total)} in all, about {size:.0f} MB"
    missing = sum(len(each.failures) for each in sets)
    subtitle += f"; {missing} more cannot be made" if missing else ""
    write_bytes(path, svg(plan.title, ribbons, subtitle=subtitle).encode())


def _bytes(track: "SetTrack") -> int:
    from calmcast.classes.making import kept_bytes

    return kept_bytes(track.track)
