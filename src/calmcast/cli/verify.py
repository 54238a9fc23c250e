"""`calmcast verify`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.failure import report as show_failure
from calmcast.cli.options import json_option
from calmcast.cli.output import Progress, print_json, print_table, progress
from calmcast.errors import CalmcastError
from calmcast.publish.formats import ENDINGS, manifest_path
from calmcast.publish.places import PLACES
from calmcast.publish.titles import without_length
from calmcast.text import counted
from calmcast.units import SAMPLE_RATE, format_length

if TYPE_CHECKING:
    from calmcast.verify.verify import Verified

OFF = 7
"""The exit code where a track is not what it should be."""

_EPILOG = """\b
Examples:
  calmcast verify output/psoas-release_10min.mp3
  calmcast verify output/psoas-release_10min.mp3 output/psoas-release_20min.mp3
  calmcast verify output/psoas-release_10min.mp3 --svg psoas-release.svg
  calmcast verify output/psoas-release_10min.mp3 --for phone

\b
Exit code: 0 all is well, 7 something is off, 5 or 6 a track or its manifest cannot be read (the others are looked at).
"""


@click.command(epilog=_EPILOG)
@click.argument("tracks", metavar="TRACK...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw what was heard into this file.")
@click.option("--for", "place", type=click.Choice([*PLACES]), help="Also look whether this place will take it.")
@json_option
@click.pass_context
def verify(ctx: click.Context, tracks: tuple[Path, ...], svg: Path | None, place: str | None, as_json: bool) -> None:
    """Hold finished tracks against what they should be.

    TRACK is a file that calmcast made, or a folder of them. It is decoded from beginning to end and held against the
    manifest (.json), the captions (.vtt, .lrc) and the tag that came with it: its length, its levels, every line and
    bell, what sounds between them, its chapters and its words.
    """
    from calmcast.files import write_bytes
    from calmcast.verify.picture import picture
    from calmcast.verify.shapes import verified_shape
    from calmcast.verify.verify import manifest_beside
    from calmcast.verify.verify import verify as look_at

    if svg and len(tracks) > 1:
        raise click.UsageError("--svg draws one track; name only one")
    looked_at, unread = list["Verified"](), list[CalmcastError]()
    with progress(quiet=as_json) as show:
        for track in _every(tracks):
            try:
                report = partial(_report, show, track.name, manifest_beside(track).samples)
                looked_at.append(look_at(track, report, PLACES[place] if place else None))
            except CalmcastError as error:
                unread.append(error)
    if svg and looked_at:
        write_bytes(svg, picture(looked_at[0]).encode())
    if as_json:
        print_json({"tracks": [verified_shape(each) for each in looked_at]})
    else:
        for each in looked_at:
            _show(each)
        if svg and looked_at:
            click.echo(svg)
    codes = [show_failure(error) for error in unread]
    if any(each.faults for each in looked_at):
        ctx.exit(OFF)
    if codes:
        ctx.exit(codes[0])


def _report(show: Progress, name: str, samples: int, done: int) -> None:
    show(name, min(done, samples) // SAMPLE_RATE, samples // SAMPLE_RATE)


def _every(tracks: tuple[Path, ...]) -> list[Path]:
    """Return the tracks that are named, and those in the folders that are."""
    found = list[Path]()
    for track in tracks:
        if not track.is_dir():
            found.append(track)
            continue
        inside = sorted(path for path in track.iterdir() if _is_track(path))
        if not inside:
            raise click.UsageError(f"there is no track in the folder {track}")
        found += inside
    return list(dict.fromkeys(found))


def _is_track(path: Path) -> bool:
    """Return whether a file in a folder is a track: an MP3, or another kind that has a manifest."""
    return path.suffix.lower() == ".mp3" or (path.suffix.lower() in ENDINGS and manifest_path(path).exists())


def _show(verified: "Verified") -> None:
    """Print what was looked at, and what was found."""
    title, samples = verified.manifest.title, verified.manifest.samples
    click.echo(
        f"{click.style(str(verified.track), bold=True)}: {without_length(title, samples)}, {format_length(samples)}"
    )
    rows = [
        (f.severity, f.name, _clock(f.at) if f.at is not None else "", f.expected, f.found) for f in verified.findings
    ]
    print_table(("", "looked at", "at", "expected", "found"), rows, right=(2,))
    faults = len(verified.faults)
    click.echo(f"\n{counted(faults, 'thing')} off.\n" if faults else "\nAll is well.\n")


def _clock(sample: int) -> str:
    """Return a place to the tenth of a second: `2:07.3`, `1:02:03.4`."""
    minutes, tenths = divmod((sample * 10 + SAMPLE_RATE // 2) // SAMPLE_RATE, 600)
    hours, minutes = divmod(minutes, 60)
    clock = f"{minutes:02}:{tenths / 10:04.1f}" if hours else f"{minutes}:{tenths / 10:04.1f}"
    return f"{hours}:{clock}" if hours else clock
