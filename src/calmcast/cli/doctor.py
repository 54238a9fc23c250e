"""`calmcast doctor`."""

import sys

import click

from calmcast.cli.options import json_option, library_of
from calmcast.cli.output import print_json, print_table


@click.command(epilog="\b\nExample:\n  calmcast doctor")
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look whether all is well here: versions, folders, engines, and every voice really spoken; say the fix."""
    from calmcast.store.places import open_store
    from calmcast.track.health import checked
    from calmcast.workspace.settings import in_force, store_folder, user_settings
    from calmcast.workspace.workspace import Workspace

    user = user_settings()  # where it cannot be used, that is a finding
    here = Workspace(library_of(ctx), open_store(str(store_folder(user.settings))), user.settings.store_bytes)
    findings = tuple(checked(here, user))
    faults = sum(finding.result == "fault" for finding in findings)
    if as_json:
        files = (here.library.settings_file, user)
        print_json(
            {
                "findings": findings,
                "settings": in_force(here.library.settings, user.settings),
                "settings_files": [{"path": str(file.path.absolute()), "there": file.there} for file in files],
            }
        )
    else:
        rows = [(f.result, f.what, f.text + (f"\nfix: {f.fix}" if f.fix else "")) for f in findings]
        print_table(("", "what", "how it is"), rows)
        click.echo("\nAll is well." if not faults else f"\n{faults} to mend.")
    if faults:
        sys.exit(1)
