"""`calmcast plan`."""

from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import click

import calmcast
from calmcast.cli.class_plan import show_class
from calmcast.cli.failure import show_problems
from calmcast.cli.options import Named, json_option, length_option, manner_options, workspace
from calmcast.cli.output import echo, nothing_left, print_json, print_table, progress
from calmcast.cli.ribbon import print_ribbons
from calmcast.errors import LengthError
from calmcast.files import expanded
from calmcast.model.timeline import Event, Silence, Spoken, Struck
from calmcast.script.language.overrides import AS_WRITTEN
from calmcast.text import counted
from calmcast.units import format_at_least, format_at_most, format_clock, format_length, format_span

if TYPE_CHECKING:
    from calmcast import Manner
    from calmcast.model.timeline import Timeline
    from calmcast.planning.shapes import PlanShape
    from calmcast.track.performance import Performance

_EPILOG = """\b
Examples:
  calmcast plan psoas-release --length 10
  calmcast plan psoas-release --length 12:30 --estimate
  calmcast plan psoas-release --length 5,10,20,30 --svg psoas-release.svg
  calmcast plan psoas-release --set "legs=knees bent" --guidance less
  calmcast plan after-class --svg after-class.svg    # a class: all its tracks
"""


@click.command(epilog=_EPILOG)
@click.argument("script", type=Named("script"))
@length_option()
@manner_options
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw the plan into this file.")
@click.option("--estimate", is_flag=True, help="Guess how long lines last instead of speaking them first.")
@json_option
@click.pass_context
def plan(
    ctx: click.Context,
    script: str,
    lengths: tuple[int, ...],
    manner: "Manner",
    svg: Path | None,
    *,
    estimate: bool,
    as_json: bool,
) -> None:
    """Show what happens when, without making a track.

    SCRIPT is a name or the path of a file, a class's too: then it is all of its tracks. The lines that it needs are
    spoken first (once: they are kept), so that times are exact.
    """
    from calmcast.track.check import load_script

    here = workspace(ctx)
    if here.folder.is_class(script):
        _must_say_nothing(script, lengths, manner)
        show_class(here, script, svg, estimate=estimate, as_json=as_json)
        return
    loaded = load_script(here, script)
    with progress(quiet=as_json) as show:
        performance = calmcast.perform(here, loaded, **(manner | {"estimate": estimate, "progress": show}))
        if not as_json:
            show_problems(loaded.problems, warnings=3)
        plans = [_planned(performance, length, with_levels=as_json) for length in lengths or performance.usual_lengths]
        described = _described(performance, plans) if as_json else []
    if svg:
        _draw(performance, plans, expanded(svg))
    if as_json:
        print_json(described[0] if len(described) == 1 else {"plans": described})
    elif svg:
        echo(svg)
    else:
        print_ribbons([(format_length(timeline.samples), timeline) for timeline in plans])
        for timeline in plans:
            _show(performance, timeline, estimate)
    nothing_left()


def _must_say_nothing(name: str, lengths: tuple[int, ...], manner: "Manner") -> None:
    """Raise UsageError where it is said how a class is to be."""
    if lengths or manner["options"] or manner["voice"] or manner["wishes"] != AS_WRITTEN:
        raise click.UsageError(f"{name} is a class, and says itself how its tracks are: open its file to change it")


def _described(performance: "Performance", plans: "list[Timeline]") -> "list[PlanShape]":
    from calmcast.planning.shapes import plan_shape

    told = performance.title, performance.values, performance.feasible
    return [plan_shape(*told, timeline) for timeline in plans]


def _draw(performance: "Performance", plans: "list[Timeline]", path: Path) -> None:
    from calmcast.files import write_bytes
    from calmcast.planning.summary import summarise
    from calmcast.publish.pictures.picture import Ribbon, svg

    ribbons = []
    for timeline in plans:
        totals = summarise(timeline)
        notes = f"{totals.words} words", f"{totals.silence_share:.0%} silence"
        ribbons.append(Ribbon(timeline, format_length(timeline.samples), notes))
    write_bytes(path, svg(performance.title, ribbons, subtitle=performance.script.about).encode())


def _planned(performance: "Performance", samples: int, *, with_levels: bool) -> "Timeline":
    try:
        return performance.timeline(samples) if with_levels else performance.laid_out(samples)
    except LengthError as error:
        if not performance.estimated:
            raise
        hint = f"{error.hint}; without --estimate the lines are spoken, and the bounds exact"
        raise LengthError(f"by estimate, {error.message}", hint, error.feasible) from error


def _show(performance: "Performance", timeline: "Timeline", estimate: bool) -> None:
    from calmcast.planning.clock import off_time_in_words
    from calmcast.planning.summary import beds_of, summarise
    from calmcast.script.edit.sound_words import bed_in_words
    from calmcast.track.speakers import better_voices, cast_in_words

    rows, silent, segment = [], 0, -1
    for event in timeline.events:
        silent += event.samples if isinstance(event, Silence) else 0
        title = timeline.chapters[event.segment].title if event.segment != segment else ""
        segment = event.segment
        rows.append((format_clock(event.start), title, format_clock(silent), _happens(event)))
    echo(f"{performance.title}, {format_length(timeline.samples)}{' (estimated)' if estimate else ''}\n")
    print_table(("time", "segment", "silent", "what happens"), rows, right=(0, 2))
    totals = summarise(timeline)
    least, most = performance.feasible
    silence = f"{totals.silence_share:.0%} silence (of 1 s and more)"
    longest = f"longest silence {format_clock(totals.longest_silence)}"
    echo(f"\n{totals.words} words in {counted(totals.lines, 'line')}; {silence}; {longest}")
    if beds := beds_of(timeline):
        named = (f"{bed_in_words(bed) or 'none'} from {format_clock(start)} on" for start, bed in beds)
        echo(f"bed: {'; '.join(named).replace(' from 0:00 on', '', 1)}")
    for bell in timeline.off_time:
        echo(off_time_in_words(bell))
    if performance.cast:
        echo(cast_in_words(performance.cast))
        for note in better_voices(performance.cast):
            echo(note, err=True)
    longest = "as long as you like" if most is None else format_at_most(most)
    echo(f"this script can last from {format_at_least(least)} to {longest}")


def _happens(event: Event) -> str:
    match event:
        case Spoken():
            return event.text
        case Struck():
            return f"({event.strike.name} bell)"
        case Silence():
            return f"{event.kind} {format_span(event.samples)}"
        case _:
            assert_never(event)
