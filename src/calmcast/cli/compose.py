"""`calmcast compose`."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

import calmcast
from calmcast.cli.options import Named, check_output, length_option, manner_options, workspace
from calmcast.cli.output import progress
from calmcast.cli.render import Making, finish, make_tracks, making_options
from calmcast.errors import PublishError
from calmcast.files import write_bytes
from calmcast.publish.formats import ENDINGS
from calmcast.publish.names import safe_name
from calmcast.script.edit.templates import composition
from calmcast.script.language.options import choose
from calmcast.script.language.options import chosen as chosen_of
from calmcast.script.language.overrides import AS_WRITTEN
from calmcast.workspace.drafts import file_name
from calmcast.workspace.folder import Folder

if TYPE_CHECKING:
    from calmcast import Manner
    from calmcast.model.sound import Bed
    from calmcast.workspace.library import LoadedScript
    from calmcast.workspace.workspace import Workspace

_EPILOG = """\b
Examples:
  calmcast compose arriving body-scan resting exit-floor --length 10
  calmcast compose setup-lying notice resting exit-floor --length 12 --title "Quiet rest" --save quiet-rest
"""


@click.command(epilog=_EPILOG)
@click.argument("segments", metavar="SEGMENT...", nargs=-1, required=True, type=Named("segment"))
@length_option(required=True)
@click.option("--title", default="Relaxation", show_default=True, help="The track's title.")
@click.option("--save", metavar="NAME", help="Also keep it as a script of this name, which makes the same track.")
@click.option("--force", is_flag=True, help="Replace a script of that name.")
@manner_options
@making_options
@click.pass_context
def compose(
    ctx: click.Context,
    segments: tuple[str, ...],
    lengths: tuple[int, ...],
    title: str,
    save: str | None,
    force: bool,
    manner: "Manner",
    making: Making,
) -> None:
    """Make a track from segments by name, without writing a script.

    SEGMENT is one of `calmcast segments`; they follow each other in the order given.
    """
    from calmcast.track.performance import runnable

    here = workspace(ctx)
    check_output(making.output, several=len(lengths) > 1, kinds=ENDINGS)
    title, voice = " ".join(title.split()), manner["voice"]
    name = file_name(save) if save else safe_name(title)
    text = composition(title, voice, lengths[0], segments)
    path = here.folder.root / "scripts" / f"{name}.yaml"
    if save and path.exists() and not force:
        raise PublishError(f"{path} is there already", "choose another name, or say --force to replace it")
    loaded = _loaded(here, name, text)
    if save:
        given = manner["wishes"] or AS_WRITTEN
        manner["wishes"] = wishes = replace(given, bed=_bed_inside(given.bed, here.folder))
        script = runnable(loaded)
        values = chosen_of(script.options, choose(script.options, manner["options"]))
        text = composition(title, voice, lengths[0], segments, script.segments, values, wishes)
        loaded = _loaded(here, name, text)
    with progress(quiet=making.as_json) as show:
        performance = calmcast.perform(here, loaded, **(manner | {"progress": show}))
        made = make_tracks(here, performance, lengths, making, show)
    if save:
        write_bytes(path, text.encode())
        click.echo(f"saved as {path}", err=True)
    finish(made, making, f"calmcast render {shlex.quote(name)}" if save else "--save NAME keeps it as a script")


def _loaded(here: "Workspace", name: str, text: str) -> "LoadedScript":
    from calmcast.track.check import checked

    return checked(here, here.library.written(name, text, "(composed)")).without_warnings()


def _bed_inside(bed: "Bed | None", folder: Folder) -> "Bed | None":
    """Return a bed whose file, where it has one, is named as scripts name it: from the workspace's folder on.

    Raises PublishError for a file that is elsewhere.
    """
    if bed is None or bed.made_of is None or not bed.made_of.file:
        return bed
    try:
        inside = Path(bed.made_of.file).resolve().relative_to(folder.root.resolve()).as_posix()
    except ValueError:
        message = f"a script cannot name {bed.made_of.file}, which is outside the workspace"
        raise PublishError(message, f"copy it into {folder.root.absolute()}, and give it from there") from None
    return replace(bed, made_of=replace(bed.made_of, file=inside))
