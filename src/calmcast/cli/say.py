"""`calmcast say`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import Named, output_path, studio
from calmcast.cli.output import Progress, progress
from calmcast.cli.plaintext import piped_text, plain_text
from calmcast.errors import ScriptError
from calmcast.script.edit.plaintext import paragraphs
from calmcast.units import format_span

if TYPE_CHECKING:
    from calmcast.studio import Studio

_EPILOG = """\b
Examples:
  calmcast say "Let your shoulders soften."
  calmcast say "Let your head be held, [1s] with ease." --voice plain -o held.mp3
  calmcast say --file welcome.txt -o welcome.wav
  fortune | calmcast say -
"""

_KINDS = (".mp3", ".wav")
_PIPED = "-"
_WAKING = "  - hold: 0.2s\n"
"""A player that wakes up swallows the first moment of a file."""


@click.command(epilog=_EPILOG)
@click.argument("text", required=False)
@click.option(
    "--file",
    "source",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Speak what is in this text file; an empty line ends a line that is spoken.",
)
@click.option("--voice", "-v", type=Named("voice"), default="calm", show_default=True, help="The voice profile.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="The .mp3 or .wav file.  [default: output/say.mp3]"
)
@click.pass_context
def say(ctx: click.Context, text: str | None, source: Path | None, voice: str, output: Path | None) -> None:
    """Speak TEXT into an MP3 or WAV file, as it would sound in a track. `[2s]` inside it is a silence.

    With - in place of TEXT, or nothing, what another program hands over is spoken.
    """
    from calmcast.speakers import better_voices, cast_in_words

    here = studio(ctx)
    path = output_path(output, here.library.workspace.output, "say.mp3", _KINDS)
    words = _text(text, source)
    with progress() as show:
        samples = speak_text(here, words, voice, path, show)
    cast = {voice: here.cast(voice)}
    for note in better_voices(cast):
        click.echo(note, err=True)
    click.echo(f"{path}\n  {format_span(samples)}, {cast_in_words(cast)}")


def speak_text(here: "Studio", text: str, voice: str, path: Path, show: Progress) -> int:
    """Speak a text into an MP3 or WAV file, by the ending of `path`, as it would sound in a track.

    Return how long it is, in samples. Raises ScriptError where there is nothing to speak in it.
    """
    from calmcast import performing, pipeline

    lines = paragraphs(text)
    if not lines:
        raise ScriptError("there are no words in the text", 'write what is to be spoken: calmcast say "Rest now."')
    steps = "".join(f"  - {json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    steps = f"{_WAKING}{steps}{_WAKING}"
    script = f"title: Say\nvoice: {json.dumps(voice)}\nsegments:\n- title: Say\n  steps:\n{steps}"
    loaded = here.checked(here.library.written("say", script, "(the text)")).without_warnings()
    performance = performing.speak(here, loaded, {}, None, show)
    samples = performance.feasible[0] if len(lines) == 1 else performance.usual_length
    track = pipeline.planned(performance, samples)
    if path.suffix.lower() == ".wav":
        pipeline.write_plain(here, track, path, show)
    else:
        pipeline.write_audio(here, track, path, show)
    return samples


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
