"""`calmcast say`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import Named, output_path, studio
from calmcast.cli.output import Progress, progress
from calmcast.units import format_span

if TYPE_CHECKING:
    from calmcast.studio import Studio

_EPILOG = """\b
Examples:
  calmcast say "Let your shoulders soften."
  calmcast say "Let your head be held, [1s] with ease." --voice plain -o held.mp3
"""


@click.command(epilog=_EPILOG)
@click.argument("text")
@click.option("--voice", "-v", type=Named("voice"), default="calm", show_default=True, help="The voice profile.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The .mp3 file.  [default: output/say.mp3]")
@click.pass_context
def say(ctx: click.Context, text: str, voice: str, output: Path | None) -> None:
    """Speak TEXT into an MP3 file, as it would sound in a track. `[2s]` inside it is a silence."""
    here = studio(ctx)
    path = output_path(output, here.library.workspace.output, "say.mp3")
    with progress() as show:
        samples = speak_text(here, text, voice, path, show)
    click.echo(f"{path}\n  {format_span(samples)}, voice {voice}")


def speak_text(here: "Studio", text: str, voice: str, path: Path, show: Progress) -> int:
    """Speak a text into an MP3 file, as it would sound in a track; return how long it is, in samples."""
    import json

    from calmcast import performing, pipeline

    line = json.dumps(text, ensure_ascii=False)
    script = f"title: Say\nvoice: {json.dumps(voice)}\nsegments:\n- title: Say\n  steps:\n  - {line}\n"
    loaded = here.checked(here.library.written("say", script, "(the text)")).without_warnings()
    performance = performing.speak(here, loaded, {}, None, show)
    pipeline.write_audio(here, pipeline.planned(performance, performance.feasible[0]), path, show)
    return performance.feasible[0]
