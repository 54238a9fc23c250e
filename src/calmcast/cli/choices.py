"""`calmcast options`."""

import click

from calmcast.cli.options import Named, json_option, workspace
from calmcast.cli.output import print_json, print_table


@click.command(epilog="\b\nExample:\n  calmcast options psoas-release")
@click.argument("script", type=Named("script"))
@json_option
@click.pass_context
def options(ctx: click.Context, script: str, as_json: bool) -> None:
    """List what a script leaves open: its options, their choices, and what is usual.

    SCRIPT is a name or the path of a file. Choose with --set NAME=VALUE, or let `calmcast render --ask` ask you.
    """
    from calmcast.track.check import load_script
    from calmcast.track.performance import runnable

    found = runnable(load_script(workspace(ctx), script)).options
    if as_json:
        entries = ({"name": o.name, "ask": o.ask, "choices": o.choices, "default": o.usual} for o in found)
        print_json({"options": [*entries]})
        return
    rows = [(o.name, o.usual, ", ".join(c for c in o.choices if c != o.usual), o.ask) for o in found]
    print_table(("option", "usually", "or", "what it is"), rows)
