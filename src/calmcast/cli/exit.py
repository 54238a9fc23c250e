"""`calmcast exit`."""

import shlex
from typing import TYPE_CHECKING

import click

import calmcast
from calmcast.cli.failure import show_problems
from calmcast.cli.options import Named, check_output, length_option, manner_options, workspace
from calmcast.cli.output import nothing_left, progress
from calmcast.cli.render import Making, finish, make_tracks, making_options
from calmcast.publish.formats import ENDINGS

if TYPE_CHECKING:
    from calmcast import Manner

_EPILOG = """\b
Examples:
  calmcast exit psoas-release
  calmcast exit psoas-release --voice low --output coming-back-early.mp3
"""


@click.command(epilog=_EPILOG)
@click.argument("scripts", metavar="SCRIPT...", nargs=-1, required=True, type=Named("script"))
@length_option()
@manner_options
@making_options
@click.pass_context
def exit(  # noqa: A001  # the command's name
    ctx: click.Context, scripts: tuple[str, ...], lengths: tuple[int, ...], manner: "Manner", making: Making
) -> None:
    """Make a track that only brings one out, for whoever wants to end early: "Coming back early".

    It is the segment that SCRIPT names as its `way-out`, else its parts with the role `exit`; about 75 seconds long
    unless --length says otherwise.
    """
    from calmcast.track.check import load_script
    from calmcast.track.way_out import way_out, way_out_length
    from calmcast.workspace.own_strings import own_strings

    here = workspace(ctx)
    check_output(making.output, several=len(scripts) > 1 or len(lengths) > 1, kinds=ENDINGS)
    made = []
    with progress(quiet=making.as_json) as show:
        for script in scripts:
            loaded = load_script(here, script)
            alone = way_out(loaded, manner["options"], own_strings(here.library.settings))
            show_problems(() if making.as_json else loaded.problems, warnings=3)
            performance = calmcast.perform(here, alone, **(manner | {"progress": show}))
            made += make_tracks(here, performance, lengths or (way_out_length(performance),), making, show)
    finish(made, making, f"calmcast render {shlex.quote(scripts[-1])}")
    nothing_left()
