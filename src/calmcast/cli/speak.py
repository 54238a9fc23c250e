"""`calmcast speak`."""

import click

import calmcast
from calmcast.cli.asking import tell_unallowed
from calmcast.cli.failure import show_problems
from calmcast.cli.options import Named, choice_options, json_option, length_option, voice_option, workspace
from calmcast.cli.output import print_json, progress
from calmcast.text import counted
from calmcast.units import format_length

_EPILOG = """\b
Examples:
  calmcast speak psoas-release --all
  calmcast speak psoas-release --length 10 --length 20 --voice plain
"""


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="SCRIPT...", nargs=-1, required=True, type=Named("script"))
@length_option()
@click.option("--all", "everything", is_flag=True, help="Every line, whatever length needs it.")
@choice_options
@voice_option
@json_option
@click.pass_context
def speak(
    ctx: click.Context,
    scripts: tuple[str, ...],
    lengths: tuple[int, ...],
    everything: bool,
    options: dict[str, str],
    voice: str | None,
    as_json: bool,
) -> None:
    """Speak the lines of scripts ahead of time, so that tracks are made at once when they are wanted.

    A track speaks only the lines that its length needs. Without --all, those of the lengths that are named, else of a
    script's usual ones, are spoken. What was spoken is kept, also when this is interrupted.
    """
    from calmcast.track.check import load_script

    if everything and lengths:
        raise click.UsageError("--all speaks the lines of every length: leave --length out")
    here, told = workspace(ctx), list[dict[str, object]]()
    for name in scripts:
        loaded = load_script(here, name)
        show_problems(() if as_json else loaded.problems, warnings=3)
        with progress(quiet=as_json) as show:
            performance = calmcast.perform(here, loaded, options=options, voice=voice, progress=show)
            if everything:
                performance.speak_all()
            else:
                for length in lengths or performance.usual_lengths:
                    performance.laid_out(length)
        tell_unallowed(performance.cast)
        narration = performance.narration
        lines, spoken = (narration.lines, narration.spoken) if narration else (0, 0)
        told.append({"script": name, "lines": lines, "spoken": spoken})
        if not as_json:
            for_what = "in all" if everything else ", ".join(map(format_length, lengths or performance.usual_lengths))
            click.echo(f"{performance.title}: {counted(lines, 'line')} ({for_what}), {spoken} newly spoken")
    if as_json:
        print_json({"scripts": told})
