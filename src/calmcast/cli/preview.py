"""`calmcast preview`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

import calmcast
from calmcast.cli.asking import tell_unallowed
from calmcast.cli.failure import show_problems
from calmcast.cli.options import TIME, Named, Written, json_option, length_option, manner_options, workspace
from calmcast.cli.output import print_json, progress
from calmcast.files import atomic_file, expanded
from calmcast.publish.names import safe_name
from calmcast.units import SAMPLE_RATE, format_clock, format_span, parse_offset, seconds

if TYPE_CHECKING:
    from calmcast import Manner
    from calmcast.model.timeline import Chapter, Timeline

_USUAL = 20 * SAMPLE_RATE
_MOMENT = Written("time", parse_offset)

_EPILOG = """\b
Examples:
  calmcast preview psoas-release
  calmcast preview psoas-release --segment breath
  calmcast preview psoas-release --length 20 --from 3:20 --for 30s --bed rain
"""


@click.command(epilog=_EPILOG)
@click.argument("script", type=Named("script"))
@click.option("--segment", "-s", type=Named("segment"), help="From where this segment begins; the whole of it.")
@click.option("--from", "start", type=_MOMENT, metavar="TIME", help="From here on: 3:20, 90s.  [default: 0]")
@click.option("--for", "span", type=TIME, metavar="TIME", help="So much of it: 20s, 1:30.  [default: 20s]")
@length_option()
@manner_options
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A .wav file.  [default: in output/]"
)
@click.option("--no-play", is_flag=True, help="Make the file, and do not play it.")
@json_option
@click.pass_context
def preview(
    ctx: click.Context,
    script: str,
    segment: str | None,
    start: int | None,
    span: int | None,
    lengths: tuple[int, ...],
    manner: "Manner",
    output: Path | None,
    no_play: bool,
    as_json: bool,
) -> None:
    """Listen to a part of a track, as it sounds in the whole.

    SCRIPT is a name or the path of a file. The part is made as a WAV file and played, where there is something to play
    it with. With --segment, --from counts from where the segment begins.
    """
    from calmcast.audio.player import play
    from calmcast.publish.wav import write_wav
    from calmcast.track import render as pipeline
    from calmcast.track.check import load_script

    _must_be_wave(output)
    here = workspace(ctx)
    loaded = load_script(here, script)
    with progress(quiet=as_json) as show:
        performance = calmcast.perform(here, loaded, **(manner | {"progress": show}))
        show_problems(() if as_json else loaded.problems, warnings=3)
        tell_unallowed(performance.cast)
        mastered = performance.mastered((lengths or performance.usual_lengths)[0])
    first, last = _stretch(mastered.timeline, segment, start, span)
    path = expanded(output) if output else here.folder.output / f"{safe_name(performance.script.name)}_preview.wav"
    with progress(quiet=as_json) as show, atomic_file(path) as file:
        blocks = pipeline.desk(here, show).blocks(mastered, (first, last))
        write_wav(file, blocks, channels=mastered.timeline.channels)
    if as_json:
        print_json({"path": str(path), "start_s": seconds(first), "length_s": seconds(last - first)})
        return
    click.echo(f"{path}  {format_clock(first)} to {format_clock(last)} of {format_span(mastered.timeline.samples)}")
    if not no_play and not play(path):
        click.echo("there is nothing here to play it with; open the file to listen", err=True)


def _must_be_wave(output: Path | None) -> None:
    if output and output.suffix.lower() != ".wav":
        raise click.UsageError(f"--output {output}: a preview is a .wav file")


def _stretch(timeline: "Timeline", segment: str | None, start: int | None, span: int | None) -> tuple[int, int]:
    """Return the first and the last sample of what is wanted. Raises UsageError for what is not in the track."""
    begin, end = 0, timeline.samples
    if segment:
        chapter = _chapter(timeline, segment)
        begin, end = chapter.start, chapter.end
    first = begin + (start or 0)
    if first >= timeline.samples:
        where = f"at {format_clock(first)}"
        raise click.UsageError(f"the track ends at {format_clock(timeline.samples)}, so nothing is there {where}")
    wanted = span or (end - first if segment and first < end else _USUAL)
    return first, min(first + wanted, timeline.samples)


def _chapter(timeline: "Timeline", name: str) -> "Chapter":
    import difflib

    named = {
        key.casefold(): chapter for chapter in reversed(timeline.chapters) for key in (chapter.title, chapter.name)
    }
    found = named.get(name.casefold())
    if found is None:
        near = difflib.get_close_matches(name.casefold(), named, n=1)
        names = ", ".join(dict.fromkeys(chapter.name for chapter in timeline.chapters))
        hint = f"did you mean `{named[near[0]].name}`?" if near else f"there is: {names}"
        raise click.UsageError(f"there is no segment `{name}` in this track; {hint}")
    return found
