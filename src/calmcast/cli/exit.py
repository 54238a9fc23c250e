"""`calmcast exit`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

import calmcast
from calmcast.cli.failure import show_problems
from calmcast.cli.options import (
    Named,
    check_output,
    choice_options,
    choices,
    flat,
    json_option,
    length_option,
    sound_options,
    strict_option,
    voice_option,
    workspace,
)
from calmcast.cli.output import nothing_left, progress
from calmcast.cli.render import finish, make_tracks, output_option, quality_option

if TYPE_CHECKING:
    from calmcast.model.classes import Quality
    from calmcast.script.language.overrides import Overrides

_EPILOG = """\b
Examples:
  calmcast exit psoas-release
  calmcast exit psoas-release --voice low --output coming-back-early.mp3
"""


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="SCRIPT...", nargs=-1, required=True, type=Named("script"))
@length_option()
@choice_options
@sound_options
@voice_option
@strict_option
@output_option
@quality_option
@json_option
@click.pass_context
def exit(  # noqa: A001  # the command's name
    ctx: click.Context,
    scripts: tuple[str, ...],
    lengths: tuple[tuple[int, ...], ...],
    settings: tuple[tuple[str, str], ...],
    guidance: str | None,
    wishes: "Overrides",
    voice: str | None,
    strict: bool,
    output: Path | None,
    quality: "Quality",
    as_json: bool,
) -> None:
    """Make a track that only brings one out, for whoever wants to end early: "Coming back early".

    It is the segment that SCRIPT names as its `way-out`, else its parts with the role `exit`; about 75 seconds long
    unless --length says otherwise.
    """
    from calmcast.track.check import load_script
    from calmcast.track.way_out import way_out, way_out_length

    here, chosen, given = workspace(ctx), flat(lengths), choices(settings, guidance)
    check_output(output, several=len(scripts) > 1 or len(chosen) > 1)
    made = []
    with progress(quiet=as_json) as show:
        for script in scripts:
            loaded = load_script(here, script)
            alone = way_out(loaded, given)
            show_problems(() if as_json else loaded.problems, warnings=3)
            performance = calmcast.perform(here, alone, options=given, voice=voice, wishes=wishes, progress=show)
            wanted = chosen or (way_out_length(performance),)
            made += make_tracks(here, performance, wanted, output, quality, show, strict=strict, quiet=as_json)
    finish(made, as_json, f"calmcast render {shlex.quote(scripts[-1])}")
    nothing_left()
