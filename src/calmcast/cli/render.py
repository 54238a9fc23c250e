"""`calmcast render`."""

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

import click

import calmcast
from calmcast.cli.failure import show_briefly, show_problems
from calmcast.cli.options import (
    Named,
    check_output,
    json_option,
    length_option,
    manner_options,
    output_path,
    workspace,
)
from calmcast.cli.output import Progress, echo, echo_again, nothing_left, print_json, progress, there_already
from calmcast.diagnostics import problem_shape
from calmcast.model.timeline import Quality
from calmcast.publish.formats import ENDINGS, FORMATS, MP3, Format, format_of
from calmcast.publish.places import PLACES, Delivery, Place
from calmcast.publish.places import delivery as chosen
from calmcast.seen import looked_at
from calmcast.text import counted
from calmcast.track.time_warnings import once
from calmcast.units import format_length, seconds

if TYPE_CHECKING:
    from calmcast import Manner
    from calmcast.model.script import Option
    from calmcast.script.language.overrides import Overrides
    from calmcast.track.performance import Performance
    from calmcast.track.render import Track
    from calmcast.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def _rows(table: "Mapping[str, Place | Format]") -> str:
    """Return the rows of a table for a help text."""
    return "\n".join(f"  {name:<14}{row.about}" for name, row in table.items())


_EPILOG = f"""\b
Examples:
  calmcast render psoas-release
  calmcast render psoas-release --length 10 --length 12:30
  calmcast render psoas-release --set head="high bolster" --set "exit=staying"
  calmcast render scripts/my-class.yaml --voice plain --output class.mp3
  calmcast render psoas-release --length 10 --for youtube
  calmcast render psoas-release --length 10 --format m4a --quality high

\b
Places:
{_rows(PLACES)}

\b
Formats:
{_rows(FORMATS)}
"""


@dataclass(frozen=True, slots=True)
class Making:
    """Where tracks land, what they become, who may speak them, and how they are told."""

    output: Path | None
    delivery: Delivery
    strict: bool
    as_json: bool


def making_options(command: F) -> F:
    """Add --strict-voice, --output, --format, --for, --quality and --json to a command, which gets one `making`."""

    @wraps(command)
    def with_making(
        *args: Any, output: Any, form: Any, place: Any, quality: Any, strict: bool, as_json: bool, **others: Any
    ) -> Any:
        delivery = chosen(form or _ending(output), place, quality)
        _check_ending(output, delivery)
        return command(*args, making=Making(output, delivery, strict, as_json), **others)

    strict = click.option(
        "--strict-voice", "strict", is_flag=True,
        help="Refuse a track that is not spoken throughout by the voice's own recordings, or the engine it likes best.",
    )  # fmt: skip
    output = click.option(
        "--output", "-o", type=click.Path(path_type=Path),
        help="A file, whose ending says the format, or a folder for several.  [default: output/]",
    )  # fmt: skip
    form = click.option(
        "--format", "form", type=click.Choice([*FORMATS]),
        help="What kind of file.  [default: as --output ends, else what --for takes, else mp3]",
    )  # fmt: skip
    place = click.option(
        "--for", "place", type=click.Choice([*PLACES]),
        help="Where it will be heard: as loud, and as that place wants it.  [default: phone]",
    )  # fmt: skip
    quality = click.option(
        "--quality", type=click.Choice([*get_args(Quality)]), default="standard", show_default=True,
        help="small: two thirds of the size; high: finer. An MP3 has 64, 96 or 128 kbit/s.",
    )  # fmt: skip
    return cast(F, strict(output(form(place(quality(json_option(with_making)))))))


def _ending(output: Path | None) -> str | None:
    """Return the format that --output ends in, or None."""
    ending = format_of(output) if output and not looked_at(output).is_dir() else None
    return ending.name if ending else None


def _check_ending(output: Path | None, delivery: Delivery) -> None:
    told = _ending(output)
    if told and told != delivery.format.name:
        raise click.UsageError(f"--output {output} ends in .{told}, and --format is {delivery.format.name}")


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="SCRIPT...", nargs=-1, required=True, type=Named("script"))
@length_option()
@click.option("--ask", is_flag=True, help="Ask for each option of the script, on a terminal.")
@manner_options
@making_options
@click.pass_context
def render(
    ctx: click.Context,
    scripts: tuple[str, ...],
    lengths: tuple[int, ...],
    ask: bool,
    manner: "Manner",
    making: Making,
) -> None:
    """Make tracks from scripts, each exactly as long as asked.

    SCRIPT is a name or the path of a file. Beside each track lie its captions (.vtt, .lrc) and a list of what is in
    it (.json). Each line is spoken once, whatever the number of lengths.
    """
    from calmcast.track.check import load_script
    from calmcast.track.performance import runnable

    here, scripts = workspace(ctx), tuple(dict.fromkeys(scripts))
    check_output(making.output, several=len(scripts) > 1 or len(lengths) > 1, kinds=ENDINGS)
    _check_channels(making.delivery, manner["wishes"])
    made, given = list[dict[str, Any]](), manner["options"]
    loaded = [load_script(here, script) for script in scripts]
    several = not lengths and any(len(each.script.lengths) > 1 for each in loaded if each.script)
    check_output(making.output, several=several, kinds=ENDINGS)
    asked = [{**given, **(asked_choices(runnable(each).options, given) if ask else {})} for each in loaded]
    with progress(quiet=making.as_json) as show:
        performances = [
            calmcast.perform(here, each, **(manner | {"options": options, "progress": show}))
            for each, options in zip(loaded, asked, strict=True)
        ]
        for performance in performances:
            show_problems(() if making.as_json else performance.loaded.problems, warnings=3)
            made += make_tracks(here, performance, lengths, making, show)
    length = format_length(made[-1]["samples"]).replace(" ", "")
    set_ = "".join(f" --set {shlex.quote(f'{name}={value}')}" for name, value in made[-1]["options"].items())
    finish(made, making, f"calmcast plan {shlex.quote(scripts[-1])} --length {length}{set_}")
    if not ask:
        nothing_left()


def _check_channels(delivery: Delivery, wishes: "Overrides | None") -> None:
    """Raise UsageError where one or two channels are asked for, and the place takes the other."""
    wanted = wishes.stereo if wishes else None
    if wanted is not None and delivery.channels(2 if wanted else 1) != (2 if wanted else 1):
        option, takes = ("--stereo", "one channel") if wanted else ("--mono", "two channels")
        raise click.UsageError(f"{delivery.place.name} takes {takes}: leave {option} out")


def asked_choices(options: "tuple[Option, ...]", given: Mapping[str, str]) -> dict[str, str]:
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
    here: "Workspace", performance: "Performance", lengths: tuple[int, ...], making: Making, show: Progress
) -> list[dict[str, Any]]:
    """Render a performance at each length (none: its usual ones); return what `--json` says of each track."""
    from calmcast.track.deliver import advice
    from calmcast.track.render import planned, track_name, usual_info
    from calmcast.track.retag import brought_up_to_date
    from calmcast.track.speakers import better_voices, refuse_stand_ins, speaker_notes

    lengths, wanted, info = lengths or performance.usual_lengths, making.delivery, usual_info(performance)
    # A length that cannot be, and a voice that does not speak, are found before any track is made.
    tracks = [planned(performance, samples, info, delivery=wanted) for samples in lengths]
    doubtful = performance.narration.doubtful if performance.narration else frozenset()
    for track in tracks:
        if making.strict:
            refuse_stand_ins(performance.cast, track.timeline, performance.script.name)
        where = f"{format_length(track.timeline.samples)}: " if len(lengths) > 1 else ""
        for note in (*speaker_notes(performance.cast, track.timeline, doubtful), *advice(wanted, track.timeline)):
            echo(where + note, err=True)
    for note in better_voices(performance.cast):
        echo(note, err=True)
    told = [(track.timeline.samples, performance.told(track.timeline)) for track in tracks]
    of_script = performance.loaded.problems
    show_briefly(() if making.as_json else once(told, of_script))
    made = list[dict[str, Any]]()
    for track, (samples, problems) in zip(tracks, told, strict=True):
        path = output_path(making.output, here.folder.output, track_name(performance, samples, wanted), ENDINGS)
        finished = brought_up_to_date(here, track, path, show)
        if finished.replaced:
            what = ", ".join(finished.replaced)
            click.echo(f"note: this replaces {path}, which had {what}; to keep both, name one with -o", err=True)
        warnings = [problem_shape(problem) for problem in (*of_script, *once([(samples, problems)], of_script))]
        made.append(described(performance, finished, first=not made) | {"warnings": warnings})
    here.settle()
    return made


def described(performance: "Performance", track: "Track", *, first: bool) -> dict[str, Any]:
    """Return a finished track as `--json` prints it; the `first` one counts what was spoken for all of them."""
    lines, narration = len(track.timeline.lines), performance.narration
    spoken = narration.spoken if narration and first else 0
    return {
        "path": str(track.path),
        "length_s": seconds(track.timeline.samples),
        "samples": track.timeline.samples,
        "retagged": track.due == "tag",
        "there_already": track.due == "nothing",
        "voice": performance.script.voice,
        "speakers": {name: casting.speaker for name, casting in performance.cast.items()},
        "options": dict(performance.variant),
        "lines": lines,
        "spoken": spoken,
        "from_store": (narration.lines if narration else 0) - spoken,
        "chapters": len(track.timeline.chapters),
    }


def finish(made: list[dict[str, Any]], making: Making, next_command: str) -> None:
    """Print what was made, and what may come next."""
    again = {"retagged": False, "there_already": making.delivery.format is MP3, "spoken": 0}
    kept = [track | again | {"from_store": track["from_store"] + track["spoken"]} for track in made]
    if making.as_json:
        print_json({"tracks": made}, again={"tracks": kept})
        return
    echo_again(f"nothing has changed: {there_already(len(made))}", err=True)
    for now, later in zip(made, kept, strict=True):
        click.echo(_described(now))
        echo_again(_described(later))
    echo(f"next: play it; then: {next_command}")


def _described(track: dict[str, Any]) -> str:
    length = format_length(track["samples"])
    newly = f" ({track['spoken']} newly spoken in all)" if track["spoken"] else ""
    lines = counted(track["lines"], "line") + newly
    spoken = ", ".join(f"{voice}: {who}" for voice, who in track["speakers"].items())
    how = " (retagged: its sound is the same)" if track["retagged"] else " (there already)" * track["there_already"]
    return f"{track['path']}{how}\n  {length}, {counted(track['chapters'], 'chapter')}, {lines}, voice {spoken}"
