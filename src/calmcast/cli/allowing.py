"""`calmcast voices allow` and `forbid`: which programs the voices of a workspace may run."""

import click

from calmcast.cli.options import Named, library_of
from calmcast.cli.output import print_table
from calmcast.invisible import visible


@click.command(epilog="\b\nExamples:\n  calmcast voices allow calm\n  calmcast voices allow --list")
@click.argument("names", metavar="[NAME]...", nargs=-1, type=Named("voice"))
@click.option("--list", "listed", is_flag=True, help="List what is allowed.")
@click.pass_context
def allow(ctx: click.Context, names: tuple[str, ...], listed: bool) -> None:
    """Let voices run the programs that their profiles name, and say what that is.

    No program of a workspace runs before you have allowed it: it may be somebody else's. Allowed is what a profile runs
    now, in this folder: where the program, what it is told, or a file that it is given changes, you are asked again.
    """
    from calmcast.speech.engines import allowed
    from calmcast.speech.engines.choose import errands

    if listed == bool(names):
        raise click.UsageError("name the voices that may run their programs, or say --list")
    if listed:
        every = ((each.voice, each.errand) for each in allowed.every_allowed())
        rows = [(visible(voice), errand.line, visible(errand.folder)) for voice, errand in every]
        print_table(("voice", "runs", "in"), rows)
        return
    library = library_of(ctx)
    for name in names:
        wanted = [errand for _, errand in errands(library.voice(name))]
        if not wanted:
            click.echo(f"{name} runs no program: there is nothing to allow")
        for errand in wanted:
            allowed.allow(name, errand)
            click.echo(f"{name} may run from now on:")
            for line in allowed.told(errand):
                click.echo(line)


@click.command(epilog="\b\nExample:\n  calmcast voices forbid calm")
@click.argument("names", metavar="NAME...", nargs=-1, required=True, type=Named("voice"))
@click.pass_context
def forbid(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Take back what was allowed for voices of this name, in any folder."""
    from calmcast.errors import CalmcastError
    from calmcast.speech.engines import allowed
    from calmcast.speech.engines.choose import errands

    library = library_of(ctx)
    for name in names:
        try:
            wanted = [errand for _, errand in errands(library.voice(name))]
        except CalmcastError:  # it may be gone, or faulty by now
            wanted = []
        gone = allowed.forbid(name, wanted)
        for each in gone:
            click.echo(f"{visible(each.voice)} may no longer run: {each.errand.line}")
        if not gone:
            click.echo(f"nothing was allowed for {name}")
