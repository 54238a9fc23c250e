"""`calmcast render`."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import calmcast
from calmcast.cli.failure import counted, show_briefly, show_problems
from calmcast.cli.options import (
    Named,
    check_output,
    choice_options,
    choices,
    flat,
    json_option,
    length_option,
    output_path,
    sound_options,
    strict_option,
    voice_option,
    workspace,
)
from calmcast.cli.output import Progress, echo, echo_again, nothing_left, print_json, progress, there_already
from calmcast.diagnostics import problem_shape
from calmcast.track.time_warnings import once
from calmcast.units import format_length, seconds

if TYPE_CHECKING:
    from calmcast.model.classes import Quality
    from calmcast.model.script import Option
    from calmcast.script.language.overrides import Overrides
    from calmcast.track.performance import Performance
    from calmcast.track.render import Track
    from calmcast.workspace.workspace import Workspace

_EPILOG = """\b
Examples:
  calmcast render psoas-release
  calmcast render psoas-release --length 10 --length 12:30
  calmcast render psoas-release --set head="high bolster" --set "exit=staying"
  calmcast render scripts/my-class.yaml --voice plain --output class.mp3
"""

output_option = click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="A file (.mp3), or a folder for several.  [default: output/]",
)
quality_option = click.option(
    "--quality", type=click.Choice(["standard", "small"]), default="standard", show_default=True,
    help="standard: 96 kbit/s; small: 64 kbit/s.",
)  # fmt: skip


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="SCRIPT...", nargs=-1, required=True, type=Named("script"))
@length_option()
@choice_options
@sound_options
@click.option("--ask", is_flag=True, help="Ask for each option of the script, on a terminal.")
@voice_option
@strict_option
@output_option
@quality_option
@json_option
@click.pass_context
def render(
    ctx: click.Context,
    scripts: tuple[str, ...],
    lengths: tuple[tuple[int, ...], ...],
    settings: tuple[tuple[str, str], ...],
    guidance: str | None,
    wishes: "Overrides",
    ask: bool,
    voice: str | None,
    strict: bool,
    output: Path | None,
    quality: "Quality",
    as_json: bool,
) -> None:
    """Make tracks from scripts, each exactly as long as asked.

    SCRIPT is a name or the path of a file. Beside each MP3 lie its captions (.vtt, .lrc) and a list of what is in
    it (.json). Each line is spoken once, whatever the number of lengths.
    """
    from calmcast.track.check import load_script
    from calmcast.track.performance import runnable

    here = workspace(ctx)
    chosen = flat(lengths)
    check_output(output, several=len(scripts) > 1 or len(chosen) > 1)
    made = list[dict[str, Any]]()
    given, loaded = choices(settings, guidance), [load_script(here, script) for script in scripts]
    check_output(output, several=not chosen and any(len(each.script.lengths) > 1 for each in loaded if each.script))
    asked = [given | (asked_choices(runnable(each).options, given) if ask else {}) for each in loaded]
    with progress(quiet=as_json) as show:
        performances = [
            calmcast.perform(here, each, options=chosen, voice=voice, wishes=wishes, progress=show)
            for each, chosen in zip(loaded, asked, strict=True)
        ]
        for performance in performances:
            show_problems(() if as_json else performance.loaded.problems, warnings=3)
            made += make_tracks(here, performance, chosen, output, quality, show, strict=strict, quiet=as_json)
    length = format_length(made[-1]["samples"]).replace(" ", "")
    set_ = "".join(f" --set {shlex.quote(f'{name}={value}')}" for name, value in made[-1]["options"].items())
    finish(made, as_json, f"calmcast plan {shlex.quote(scripts[-1])} --length {length}{set_}")
    if not ask:
        nothing_left()


def asked_choices(options: "tuple[Option, ...]", given: dict[str, str]) -> dict[str, str]:
    """Ask on the terminal for every option that is not given; return what was answered."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError('--ask needs a terminal; elsewhere choose with --set, such as --set head="high bolster"')
    answers = dict[str, str]()
    for option in options:
        if option.name.casefold() in given:
            continue
        numbers = [f"  {number}. {choice}" for number, choice in enumerate(option.choices, start=1)]
        click.echo("\n".join([option.ask or option.name, *numbers]), err=True)
        usual = option.choices.index(option.usual) + 1
        number = click.prompt("Number", type=click.IntRange(1, len(option.choices)), default=usual, err=True)
        answers[option.name] = option.choices[number - 1]
    return answers


def make_tracks(
    here: "Workspace",
    performance: "Performance",
    lengths: tuple[int, ...],
    output: Path | None,
    quality: "Quality",
    show: Progress,
    *,
    strict: bool = False,
    quiet: bool = False,
) -> list[dict[str, Any]]:
    """Render a performance at each length (none: its usual ones); return what `--json` says of each track.

    `quiet`: what its listener may miss is not printed.
    """
    from calmcast.planning.layout import lay_out
    from calmcast.track.render import track_name
    from calmcast.track.speakers import better_voices, refuse_stand_ins, speaker_notes

    lengths = lengths or performance.usual_lengths
    # A length that cannot be, and a voice that does not speak, are found before any track is made.
    plans = [(samples, lay_out(performance.timed, samples)) for samples in lengths]
    doubtful = performance.narration.doubtful if performance.narration else frozenset()
    for samples, timeline in plans:
        if strict:
            refuse_stand_ins(performance.cast, timeline, performance.script.name)
        place = f"{format_length(samples)}: " if len(lengths) > 1 else ""
        for note in speaker_notes(performance.cast, timeline, doubtful):
            echo(place + note, err=True)
    for note in better_voices(performance.cast):
        echo(note, err=True)
    told = [(samples, performance.told(timeline)) for samples, timeline in plans]
    show_briefly(() if quiet else once(told, performance.loaded.problems))
    made = list[dict[str, Any]]()
    for samples, problems in told:
        path = output_path(output, here.folder.output, track_name(performance, samples))
        track = calmcast.render(here, performance, samples, path, quality=quality, progress=show)
        warnings = [problem_shape(problem) for problem in problems]
        made.append(described(performance, track, first=not made) | {"warnings": warnings})
    return made


def described(performance: "Performance", track: "Track", *, first: bool) -> dict[str, Any]:
    """Return a finished track as `--json` prints it; the `first` one counts what was spoken for all of them."""
    lines, narration = len(track.timeline.lines), performance.narration
    spoken = narration.spoken if narration and first else 0
    return {
        "path": str(track.path),
        "length_s": seconds(track.timeline.samples),
        "samples": track.timeline.samples,
        "voice": performance.script.voice,
        "speakers": {name: casting.speaker for name, casting in performance.cast.items()},
        "options": dict(performance.variant),
        "lines": lines,
        "spoken": spoken,
        "from_store": (narration.lines if narration else 0) - spoken,
        "chapters": len(track.timeline.chapters),
    }


def finish(made: list[dict[str, Any]], as_json: bool, next_command: str) -> None:
    """Print what was made, and what may come next."""
    kept = [track | {"spoken": 0, "from_store": track["from_store"] + track["spoken"]} for track in made]
    if as_json:
        print_json({"tracks": made}, again={"tracks": kept})
        return
    echo_again(f"nothing has changed: {there_already(len(made))}", err=True)
    for now, later in zip(made, kept, strict=True):
        click.echo(_described(now))
        echo_again(_described(later))
    echo(f"next: play it; then: {next_command}")


def _described(track: dict[str, Any]) -> str:
    length = format_length(track["samples"])
    lines = f"{counted(track['lines'], 'line')} ({track['spoken']} newly spoken in all)"
    spoken = ", ".join(f"{voice}: {who}" for voice, who in track["speakers"].items())
    return f"{track['path']}\n  {length}, {counted(track['chapters'], 'chapter')}, {lines}, voice {spoken}"
