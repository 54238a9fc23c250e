"""`calmcast doctor`."""

import sys
from typing import TYPE_CHECKING

import click

from calmcast.cli.options import json_option, workspace
from calmcast.cli.output import print_json, print_table

if TYPE_CHECKING:
    pass


@click.command(epilog="\b\nExample:\n  calmcast doctor")
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look whether all is well here: versions, folders, engines, and every voice really spoken; say the fix."""
    from calmcast.track.health import checked

    findings = tuple(checked(workspace(ctx)))
    faults = sum(finding.result == "fault" for finding in findings)
    if as_json:
        print_json({"findings": findings})
    else:
        rows = [(f.result, f.what, f.text + (f"\nfix: {f.fix}" if f.fix else "")) for f in findings]
        print_table(("", "what", "how it is"), rows)
        click.echo("\nAll is well." if not faults else f"\n{faults} to mend.")
    if faults:
        sys.exit(1)
