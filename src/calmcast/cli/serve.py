"""`calmcast serve`."""

import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import click

from calmcast.classes.owned_files import CLIENTS
from calmcast.cli.options import Named, folder, json_option
from calmcast.cli.output import print_json
from calmcast.web.pages import page_folder, pages
from calmcast.web.site import Site
from calmcast.workspace.folder import Folder, normal

_EPILOG = """\b
Examples:
  calmcast serve after-class
  calmcast serve after-class --lan
  calmcast serve after-class --client anna --open
"""


def _made(ctx: click.Context) -> "dict[str, Path]":
    """Return the classes whose page is made."""
    return pages(Folder.around(Path(ctx.find_root().params.get("workspace") or ".")).output)


@click.command(epilog=_EPILOG)
@click.argument("name", type=Named("class", _made))
@click.option("--client", "-c", metavar="CLIENT", help="Serve what was made for this client of the class.")
@click.option(
    "--port", "-p", type=click.IntRange(0, 65_535), help="The port; 0: any.  [default: 8765, or the next that is free]"
)
@click.option("--lan", is_flag=True, help="Let phones and others in this network in, and show a code to scan.")
@click.option("--open", "open_it", is_flag=True, help="Open the page in your browser.")
@json_option
@click.pass_context
def serve(
    ctx: click.Context, name: str, client: str | None, port: int | None, lan: bool, open_it: bool, as_json: bool
) -> None:
    """Show the page of a class as listeners will see it, until you press Ctrl-C.

    NAME is a class whose page calmcast playlist has made. Only this computer can open it, unless you say --lan: then
    anyone in your network can, by an address that is shown. What was made for single clients is left out; --client
    serves it by itself.

    Browsers keep tracks for offline only at addresses they hold to be safe: here on this computer, and on the web by
    https. On a phone over --lan, tracks play, and "keep for offline" is not there.
    """
    from calmcast.cli.failure import report
    from calmcast.web.app import make_app
    from calmcast.web.server import listening, running, until_ended

    here = folder(ctx)
    served = page_folder(here.output, name, client, is_class=normal(name) in here.classes())
    site = Site(served, frozenset() if client else frozenset({CLIENTS}), served.relative_to(here.output).parts)
    told = (lambda file: None) if as_json else _once()
    app = make_app(site, told, report, lan=lan)
    listener = listening(port, lan=lan)
    try:
        with running(app, listener) as ended:
            port = listener.getsockname()[1]
            _announce(site, port, lan=lan, as_json=as_json)
            if open_it:
                threading.Thread(target=_open, args=(_url(site, port),), daemon=True).start()
            until_ended(ended)
    except KeyboardInterrupt:  # the way to end it, so all is well
        if not as_json:
            click.echo("\nStopped. Nobody can open it any more.")


def _announce(site: Site, port: int, *, lan: bool, as_json: bool) -> None:
    from calmcast.publish.handout.qr import qr_terminal
    from calmcast.web.hosts import is_public, network_address

    address = network_address() if lan else None
    here, there = _url(site, port), _url(site, port, address) if address else None
    if as_json:
        print_json({"url": here, "network_url": there, "port": port, "folder": str(site.root)})
        return
    click.echo(f"{site.root} is open at {here}")
    if not lan:
        click.echo("Only this computer can open it. Ctrl-C ends it.")
        return
    click.echo("Anyone in this network can listen until you press Ctrl-C.")
    if not there:
        click.echo("There seems to be no network here: join one, and start again.", err=True)
        return
    click.echo(f"For them it is {there}")
    if address and is_public(address):
        click.echo("This address may be open to the whole internet, not to your network alone.", err=True)
    if sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf"):
        click.echo(qr_terminal(there, is_coloured=True), nl=False)


def _url(site: Site, port: int, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{port}{site.address}"


def _once() -> Callable[[str], None]:
    """Return what says that a track is listened to, the first time that it is."""
    heard, one_at_a_time = set[str](), threading.Lock()

    def tell(file: str) -> None:
        with one_at_a_time:
            if file.lower().endswith(".mp3") and file not in heard:
                heard.add(file)
                click.echo(f"  fetched: {file}")

    return tell


def _open(address: str) -> None:
    if not webbrowser.open(address):
        click.echo("There is no browser here to open it with: open the address yourself.", err=True)
