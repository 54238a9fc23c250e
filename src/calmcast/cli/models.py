"""`calmcast voices add` and `remove`: neural voices fetched and taken away."""

import shlex
import sys
from typing import TYPE_CHECKING

import click

from calmcast.cli.model_list import list_models, megabytes
from calmcast.cli.options import Named, Written, json_option, yes_option
from calmcast.cli.output import print_json, progress
from calmcast.errors import SpeechError
from calmcast.script.language.fields import parse_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calmcast.speech.models.installed import InstalledModel
    from calmcast.speech.models.source import ModelSource, Way

_ADD = """\b
Examples:
  calmcast voices add
  calmcast voices add piper-en-us-ljspeech-medium
  calmcast voices add --from en_US-amy-low.onnx
  calmcast voices add --from my-voice.tar.bz2 --name my-voice
"""


def _offered(ctx: click.Context) -> "Iterator[str]":
    from calmcast.speech.models.catalogue import CATALOGUE

    return (source.name for source in CATALOGUE)


def _here(ctx: click.Context) -> "Iterator[str]":
    from calmcast.speech.models.installed import installed

    return (model.name for model in installed())


_NO_LANGUAGE = "Its language is not known, so no other voice uses it: --force --language en-US says it."


@click.command(epilog=_ADD)
@click.argument("name", required=False, type=Named("neural voice", _offered))
@click.option("--from", "place", metavar="FILE|URL|FOLDER", help="Not from the catalogue, but from there.")
@click.option(
    "--name", "called", metavar="NAME", help="With --from: what the voice will be called.  [default: as its file]"
)
@click.option(
    "--language", metavar="TAG", type=Written("language", parse_language),
    help="With --from: the voice's language, such as en-GB.",
)  # fmt: skip
@click.option(
    "--as", "engine", type=click.Choice(["piper", "sherpa"]), help="For this engine.  [default: for the best one here]"
)
@click.option("--force", is_flag=True, help="Fetch it again, in place of the one that is here.")
@yes_option
@json_option
def add(
    name: str | None,
    place: str | None,
    called: str | None,
    language: str | None,
    engine: str | None,
    force: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Fetch a neural voice: the most natural ones, made on this computer, each some 30 to 300 MB.

    Without NAME, list those that are well known. Look at their licences: some may not be used for tracks that are
    sold. --from takes any voice of Piper as it comes: its .onnx with the .onnx.json beside it, or both in a folder, in
    an archive or on the web.
    """
    from calmcast.speech.install import add as models
    from calmcast.speech.install.trial import way_here
    from calmcast.speech.models.installed import find

    source = _source(name, place, called, language, engine)
    if source is None:
        list_models(as_json)
        return
    here = find(source.name)
    if here is not None and not force:
        _tell(here, new=False, as_json=as_json)
        return
    way = way_here(source, engine)
    if not _agreed(source, way, yes):
        click.echo("Nothing was added.", err=as_json)
        return
    with progress(quiet=as_json) as show:
        added = models.add(source, way, force=force, progress=show)
    _tell(added, new=True, as_json=as_json)


def _source(
    name: str | None, place: str | None, called: str | None, language: str | None, engine: str | None
) -> "ModelSource | None":
    """Return which voice is meant; None: all of the catalogue. Raises UsageError for options that contradict."""
    from calmcast.speech.install.places import source_at
    from calmcast.speech.models.catalogue import offered

    if place is None:
        if called or language:
            raise click.UsageError("--name and --language belong to --from")
        if name is None and engine:
            raise click.UsageError("--as belongs to a NAME of the catalogue")
        return offered(name) if name else None
    if engine:
        raise click.UsageError("--as belongs to a NAME of the catalogue; what is at --from tells who speaks it")
    if name and called and name != called:
        raise click.UsageError(f"the voice is both `{name}` and `{called}`: choose one name")
    return source_at(place, name or called or "", language or "")


@click.command(epilog="\b\nExample:\n  calmcast voices remove piper-en-us-ljspeech-medium")
@click.argument("name", type=Named("neural voice", _here))
@yes_option
@json_option
def remove(name: str, yes: bool, as_json: bool) -> None:
    """Remove a neural voice. What it has spoken stays in the store."""
    from calmcast.speech.install import add as models
    from calmcast.speech.models.installed import find

    model = find(name)
    if model and not yes and not sys.stdin.isatty():
        raise SpeechError(
            f"{model.name} was not removed, because there is nobody to agree",
            f"calmcast voices remove {model.name} --yes",
        )
    if model and not yes and not click.confirm(f"Remove {model.folder}?", err=True):
        click.echo("Nothing was removed.", err=as_json)
        return
    removed = models.remove(name)
    if as_json:
        print_json({"name": removed.name, "removed": True})
    else:
        click.echo(f"{removed.name} removed")


def _agreed(source: "ModelSource", way: "Way", yes: bool) -> bool:
    """Show what a voice is and its licence; return whether to go on. Raises SpeechError where nobody can be asked."""
    terms = source.terms
    about = f": {source.about}" if source.about else ""
    click.echo(f"{source.name}{about} ({megabytes(way.size) or 'size not published'})", err=True)
    click.echo(f"  from {way.file.address}", err=True)
    if any(file.address.startswith("http://") and not file.sha256 for file in (way.file, *way.extras)):
        click.echo(
            "  unprotected (http) and without a checksum: whoever is on the way could send something else", err=True
        )
    click.echo(f"  licence: {terms.licence}; {terms.summary}", err=True)
    if terms.address:
        click.echo(f"  see {terms.address}", err=True)
    if yes:
        return True
    if not sys.stdin.isatty():
        raise SpeechError(
            f"{source.name} was not added, because there is nobody to agree to its size and licence",
            f"where they suit you: {shlex.join(['calmcast', *sys.argv[1:], '--yes'])}",
        )
    return click.confirm("Add this voice?", err=True)


def _tell(model: "InstalledModel", *, new: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "name": model.name,
                "added": new,
                "folder": str(model.folder),
                "kind": model.kind,
                "engine": model.engine,
                "language": model.language,
                "licence": model.licence,
                "selling": model.selling or "unclear",
                "from": model.origin,
                "digest": model.digest,
            }
        )
    elif new:
        click.echo(f"{model.name} is here, and speaks. A voice of yours speaks with it like this:")
        click.echo(f"  prefer:\n  - {{engine: {model.engine}, voice: {model.name}}}")
        if model.language in ("", "und"):
            click.echo(_NO_LANGUAGE, err=True)
    else:
        click.echo(f"{model.name} is here already, for the engine {model.engine}: {model.folder}")
        click.echo("  --force fetches it again")
