"""`calmcast voices add` and `remove`: neural voices fetched and taken away."""

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from calmcast.cli.options import json_option
from calmcast.cli.output import print_json, print_table, progress
from calmcast.errors import SpeechError
from calmcast.script.fields import parse_language
from calmcast.units import UnitError

if TYPE_CHECKING:
    from calmcast.speech.models.catalogue import ModelSource
    from calmcast.speech.models.installed import InstalledModel

_ADD = """\b
Examples:
  calmcast voices add
  calmcast voices add piper-en-us-ljspeech-medium
  calmcast voices add --from my-voice.tar.bz2 --name my-voice
"""


class _NeuralVoice(click.ParamType[str]):
    """The name of a neural voice; completes from the catalogue, or from those that are here."""

    name = "neural voice"

    def __init__(self, *, here: bool) -> None:
        self._here = here

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from calmcast.speech.models.catalogue import CATALOGUE
        from calmcast.speech.models.installed import installed

        names = (voice.name for voice in (installed() if self._here else CATALOGUE))
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


_NO_LANGUAGE = "Its language is not known, so no other voice uses it: --force --language en-US says it."

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command(epilog=_ADD)
@click.argument("name", required=False, type=_NeuralVoice(here=False))
@click.option("--from", "place", metavar="FILE|URL|FOLDER", help="Not from the catalogue, but from there.")
@click.option("--name", "called", metavar="NAME", help="With --from: what the voice will be called.")
@click.option("--language", metavar="TAG", default="", help="With --from: the voice's language, such as en-GB.")
@click.option("--force", is_flag=True, help="Fetch it again, in place of the one that is here.")
@yes_option
@json_option
def add(
    name: str | None, place: str | None, called: str | None, language: str, force: bool, yes: bool, as_json: bool
) -> None:
    """Fetch a neural voice: the most natural ones, made on this computer, each some 30 to 300 MB.

    Without NAME, list those that are well known. Look at their licences: some may not be used for tracks that are
    sold.
    """
    from calmcast.speech.models import add as models
    from calmcast.speech.models.catalogue import offered
    from calmcast.speech.models.installed import find
    from calmcast.speech.models.trial import check_engine

    if language:
        try:
            language = parse_language(language)
        except UnitError as error:
            raise click.UsageError(f"{error}; {error.hint}") from None
    if place is None:
        if called or language:
            raise click.UsageError("--name and --language belong to --from")
        if name is None:
            _list(as_json)
            return
        source = offered(name)
    else:
        source = models.source_at(place, _one_name(name, called), language)
    here = find(source.name)
    if here is not None and not force:
        _tell(here, new=False, as_json=as_json)
        return
    check_engine()
    if not _agreed(source, yes):
        click.echo("Nothing was added.", err=as_json)
        return
    with progress(quiet=as_json) as show:
        added = models.add(source, force=force, progress=show)
    _tell(added.model, new=True, as_json=as_json)


@click.command(epilog="\b\nExample:\n  calmcast voices remove piper-en-us-ljspeech-medium")
@click.argument("name", type=_NeuralVoice(here=True))
@yes_option
@json_option
def remove(name: str, yes: bool, as_json: bool) -> None:
    """Remove a neural voice. What it has spoken stays in the store."""
    from calmcast.speech.models import add as models
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


def _one_name(name: str | None, called: str | None) -> str:
    if name and called and name != called:
        raise click.UsageError(f"the voice is both `{name}` and `{called}`: choose one name")
    if not (name or called):
        raise click.UsageError("--from needs --name: what shall the voice be called?")
    return name or called or ""


def _list(as_json: bool) -> None:
    """Print the catalogue, and what is here besides."""
    from calmcast.speech.models.catalogue import CATALOGUE
    from calmcast.speech.models.installed import installed, models_folder

    here = {model.name: model for model in installed()}
    # Somebody's own model may have a name of the catalogue's: it has not the catalogue's licence.
    fetched = {s.name for s in CATALOGUE if s.name in here and here[s.name].digest == s.archive.sha256}
    entries = [_offer(source, source.name in fetched) for source in CATALOGUE]
    entries += [_own(model) for model in here.values() if model.name not in fetched]
    if as_json:
        print_json({"folder": str(models_folder()), "voices": entries})
        return
    rows = [
        (
            entry["name"],
            entry["language"],
            _megabytes(entry["bytes"]),
            entry["selling"],
            "; ".join([*(["here"] if entry["installed"] else []), entry["about"], entry["licence"]]),
        )
        for entry in entries
    ]
    print_table(("name", "language", "size", "sell", "about and licence"), rows, right=(2,))
    click.echo("\nsell: whether tracks that it speaks may be sold, as far as is known.")
    click.echo("calmcast voices add NAME fetches one, and says more about its licence before it does.")


def _offer(source: "ModelSource", installed: bool) -> dict[str, Any]:
    terms = source.terms
    return {
        "name": source.name,
        "language": source.language,
        "about": source.about,
        "kind": source.kind,
        "bytes": source.size,
        "installed": installed,
        "licence": terms.licence,
        "selling": terms.selling,
        "terms": terms.summary,
        "terms_address": terms.address,
        "files": [
            {"address": file.address, "bytes": file.size, "sha256": file.sha256}
            for file in (source.archive, *source.extras)
        ],
    }


def _own(model: "InstalledModel") -> dict[str, Any]:
    return {
        "name": model.name,
        "language": model.language,
        "about": "your own",
        "kind": model.kind,
        "bytes": None,
        "installed": True,
        "licence": model.licence,
        "selling": "unclear",
        "terms": "",
        "terms_address": "",
        "files": [],
    }


def _agreed(source: "ModelSource", yes: bool) -> bool:
    """Show what a voice is and its licence; return whether to go on. Raises SpeechError where nobody can be asked."""
    terms = source.terms
    about = f": {source.about}" if source.about else ""
    click.echo(f"{source.name}{about} ({_megabytes(source.size) or 'size not published'})", err=True)
    click.echo(f"  from {source.archive.address}", err=True)
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
                "language": model.language,
                "licence": model.licence,
                "digest": model.digest,
            }
        )
    elif new:
        click.echo(f"{model.name} is here, and speaks. A voice of yours speaks with it like this:")
        click.echo(f"  prefer:\n  - {{engine: sherpa, voice: {model.name}}}")
        if model.language in ("", "und"):
            click.echo(_NO_LANGUAGE, err=True)
    else:
        click.echo(f"{model.name} is here already: {model.folder}\n  --force fetches it again")


def _megabytes(size: int | None) -> str:
    return f"{max(1, round(size / 1e6))} MB" if size is not None else ""
