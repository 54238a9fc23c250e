"""`calmcast say`."""

import sys
from pathlib import Path

import click

import calmcast
from calmcast.cli.options import Named, output_path, workspace
from calmcast.cli.output import progress
from calmcast.cli.plaintext import piped_text, plain_text
from calmcast.units import format_span

_EPILOG = """\b
Examples:
  calmcast say "Let your shoulders soften."
  calmcast say "Let your head be held, [1s] with ease." --voice plain -o held.mp3
  calmcast say --file welcome.txt -o welcome.wav
  fortune | calmcast say -
"""

_KINDS = (".mp3", ".wav")
_PIPED = "-"


@click.command(epilog=_EPILOG)
@click.argument("text", required=False)
@click.option(
    "--file",
    "source",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Speak what is in this text file; an empty line ends a line that is spoken.",
)
@click.option("--voice", "-v", type=Named("voice"), help="The voice profile.  [default: calm, or as in calmcast.yaml]")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="The .mp3 or .wav file.  [default: output/say.mp3]"
)
@click.pass_context
def say(ctx: click.Context, text: str | None, source: Path | None, voice: str | None, output: Path | None) -> None:
    """Speak TEXT into an MP3 or WAV file, as it would sound in a track. `[2s]` inside it is a silence.

    With - in place of TEXT, or nothing, what another program hands over is spoken.
    """
    from calmcast.track.cast import casting_of
    from calmcast.track.speakers import better_voices, cast_in_words

    here = workspace(ctx)
    path = output_path(output, here.folder.output, "say.mp3", _KINDS)
    words = _text(text, source)
    with progress() as show:
        samples = calmcast.say(here, words, path, voice=voice, progress=show)
    name = voice or here.library.usual_voice
    cast = {name: casting_of(here, name)}
    for note in better_voices(cast):
        click.echo(note, err=True)
    click.echo(f"{path}\n  {format_span(samples)}, {cast_in_words(cast)}")


def _text(text: str | None, source: Path | None) -> str:
    """Return what is to be spoken. Raises UsageError where it comes from nowhere, or from two places."""
    if text is not None and source is not None:
        raise click.UsageError("the text is given twice: as TEXT and as --file")
    if source is not None and str(source) != _PIPED:
        return plain_text(source)
    if text is not None and text != _PIPED:
        return text
    if text is None and source is None and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError('say what? Write it in quotes (calmcast say "Rest now."), or name a file: --file FILE')
    return piped_text()
