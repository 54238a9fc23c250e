"""`calmcast sounds`: what can sound besides the voice, and how it sounds."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calmcast.cli.options import TIME, Named, Written, json_option, workspace
from calmcast.cli.output import print_json, print_table, progress
from calmcast.files import expanded
from calmcast.scratch import scratch
from calmcast.script.language.sound_values import parse_key, parse_pitch, parse_seed
from calmcast.units import SAMPLE_RATE, UnitError, format_length, seconds
from calmcast.workspace.tryout import Tryout, kind_of, kinds, tryout

if TYPE_CHECKING:
    from calmcast.workspace.workspace import Workspace

_BELONGS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "pitch": ("--pitch", "bells", ("bell",)),
    "length": ("--length", "bells", ("bell",)),
    "span": ("--for", "beds and sound files", ("bed", "bed in a key", "sound file")),
    "key": ("--key", "beds in a key and breath tones", ("bed in a key", "breath tone")),
    "seed": ("--seed", "beds", ("bed", "bed in a key")),
    "stereo": ("--stereo/--mono", "beds and sound files", ("bed", "bed in a key", "sound file")),
}
"""Each option of `sounds try`: how it is written, for what it is in words, and for which kinds of sound."""
_SPANS = (SAMPLE_RATE, 3_600 * SAMPLE_RATE)

_HOW = """
In a script
  among the steps:  - bell: {sound: bowl, pitch: A3, length: 20s}
                    - breathe: {in: 4s, out: 6s, rounds: 6 to 12, tone: swell}
  at the top:       bed: {sound: rain, level: -22 dB}
A sound file of yours takes the place of a bell or a bed: {file: music/drone.m4a}
To hear one: calmcast sounds try bowl"""

_TRY_EPILOG = """\b
Examples:
  calmcast sounds try bowl --pitch A3 --length 20s
  calmcast sounds try rain --for 1:00 --seed 3 --stereo
  calmcast sounds try drone --key F# --output drone.wav
  calmcast sounds try swell
  calmcast sounds try music/drone.m4a
"""


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  calmcast sounds\n  calmcast sounds try bowl\n  calmcast sounds try rain --for 1:00",
)
@json_option
@click.pass_context
def sounds(ctx: click.Context, as_json: bool) -> None:
    """List what can sound besides the voice: bells, beds, and tones to breathe with."""
    from calmcast.audio.beds.catalogue import BEDS
    from calmcast.audio.bells import BELLS
    from calmcast.model.sound import BREATHS

    if ctx.invoked_subcommand:
        return
    if as_json:
        bells = [
            {"name": name, "about": bell.about, "length_s": seconds(bell.samples), "pitch": list(bell.pitches),
             "lengths_s": [seconds(length) for length in bell.lengths]}
            for name, bell in BELLS.items()
        ]  # fmt: skip
        beds = [{"name": name, "about": bed.about, "key": bed.keyed} for name, bed in BEDS.items()]
        tones = [{"name": name, "about": about} for name, about in BREATHS.items()]
        print_json({"bells": bells, "beds": beds, "breath_tones": tones})
        return
    click.echo("Bells, struck once\n")
    print_table(
        ("name", "length", "pitch", "about"),
        [(name, format_length(b.samples), " to ".join(b.pitches), b.about) for name, b in BELLS.items()],
    )
    click.echo("\nBeds, under the voice\n")
    print_table(("name", "key", "about"), [(name, "yes" if bed.keyed else "", bed.about) for name, bed in BEDS.items()])
    click.echo("\nTones to breathe with\n")
    print_table(("name", "about"), list(BREATHS.items()))
    click.echo(_HOW)


@sounds.command("try", epilog=_TRY_EPILOG, short_help="Hear a sound, or a sound file as a bed.")
@click.argument("name", metavar="NAME|FILE", type=Named("sound", lambda ctx: kinds(), files=True))
@click.option("--pitch", type=Written("note", parse_pitch), help="A bell's: A3, F#3, '220 Hz'.  [default: its own]")
@click.option("--length", type=TIME, metavar="TIME", help="How long a bell rings.  [default: its own]")
@click.option("--for", "span", type=TIME, metavar="TIME", help="How much of a bed.  [default: 20s; of a file 10s]")
@click.option(
    "--key", type=Written("note", parse_key), help="Of a bed in a key, or a breath tone: D, F#, Bb.  [default: D]"
)
@click.option("--seed", type=Written("number", parse_seed), help="Another stretch of the same bed.  [default: 1]")
@click.option("--stereo/--mono", default=None, help="A bed in two channels, or in one.  [default: one]")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Keep it as this .wav file.")
@click.option("--quiet", is_flag=True, help="Keep it, play nothing.")
@click.pass_context
def try_(ctx: click.Context, /, name: str, output: Path | None, quiet: bool, **options: Any) -> None:
    """Hear a sound: a bell once, some of a bed, two breaths of a breath tone.

    Of a sound FILE, which goes round and round under a voice, it is the moment where it begins anew. It is played
    where something can play it, else kept in output/sounds/. A bed is louder here than under a voice.
    """
    from calmcast.audio.player import play

    if output and output.suffix.lower() != ".wav":
        raise click.UsageError(f"--output {output}: the sound is kept as a .wav file")
    here = workspace(ctx)
    try:
        found, kind = kind_of(name)
        given = _given(name, kind, options)
        with progress() as show:
            made = tryout(here.soundbox, found, kind, given, show)
    except UnitError as error:
        raise click.UsageError(f"{error}; {error.hint}") from None
    with scratch() as folder:
        path = expanded(output or _kept(here, name)) if output or quiet else folder / _kept(here, name).name
        _write(path, made)
        played = not quiet and play(path)
    if not (output or quiet or played):
        path = _kept(here, name)
        _write(path, made)
    click.echo(made.about if played and not output else f"{made.about}: {path}")
    if not played and not quiet:
        click.echo("Nothing here plays sound aloud: open the file above.", err=True)


def _given(name: str, kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given. Raises UsageError for one that this kind of sound does not have."""
    given = {option: value for option, value in options.items() if value is not None}
    for option in given:
        written, what, belongs = _BELONGS[option]
        if kind not in belongs:
            raise click.UsageError(f"{written} does not go with `{name}`: it is for {what}")
    span = given.get("span")
    if span is not None and not _SPANS[0] <= span <= _SPANS[1]:
        raise click.UsageError(f"--for goes from {format_length(_SPANS[0])} to {format_length(_SPANS[1])}")
    return given


def _kept(here: "Workspace", name: str) -> Path:
    from calmcast.publish.names import safe_name

    return here.folder.output / "sounds" / f"{safe_name(Path(name).stem)}.wav"


def _write(path: Path, made: Tryout) -> None:
    from calmcast.files import atomic_file
    from calmcast.publish.wav import write_wav

    with atomic_file(path) as file:
        write_wav(file, made.blocks(), channels=made.channels)
