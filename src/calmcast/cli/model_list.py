"""What `calmcast voices add` lists: the catalogue, and the neural voices that are here."""

from typing import TYPE_CHECKING, Any

import click

from calmcast.cli.output import print_json, print_table

if TYPE_CHECKING:
    from calmcast.speech.models.installed import InstalledModel
    from calmcast.speech.models.source import ModelSource, Way


def list_models(as_json: bool) -> None:
    """Print the catalogue, and what is here besides."""
    from calmcast.speech.models.catalogue import CATALOGUE
    from calmcast.speech.models.installed import installed, models_folder

    here = {model.name: model for model in installed()}
    fetched = {source.name: here[source.name] for source in CATALOGUE if _is_from(here.get(source.name), source)}
    entries = [_offer(source, fetched.get(source.name)) for source in CATALOGUE]
    entries += [own_entry(model) for model in here.values() if model.name not in fetched]
    if as_json:
        print_json({"folder": str(models_folder()), "voices": entries})
        return
    rows = [
        (entry["name"], entry["language"], megabytes(entry["bytes"]), entry["selling"], _about(entry))
        for entry in entries
    ]
    print_table(("name", "language", "size", "sell", "about, licence, and where it is from"), rows, right=(2,))
    click.echo("\nsell: whether tracks that it speaks may be sold, as far as is known.")
    click.echo("calmcast voices add NAME fetches one, and says more about its licence before it does.")


def installed_entries() -> list[dict[str, Any]]:
    """Return the neural voices that are here, as JSON has them."""
    from calmcast.speech.models.installed import installed

    return [own_entry(model) for model in installed()]


def own_entry(model: "InstalledModel") -> dict[str, Any]:
    """Return a voice that is here, as JSON has it."""
    return {
        "name": model.name,
        "language": model.language,
        "about": "your own",
        "kind": model.kind,
        "engine": model.engine,
        "bytes": None,
        "installed": True,
        "licence": model.licence,
        "selling": model.selling or "unclear",
        "terms": "",
        "terms_address": "",
        "from": model.origin,
        "files": [],
    }


def megabytes(size: int | None) -> str:
    """Return a size for a person, or "" where it is not known."""
    return f"{max(1, round(size / 1e6))} MB" if size is not None else ""


def _is_from(model: "InstalledModel | None", source: "ModelSource") -> bool:
    """Return whether a voice is the catalogue's: somebody's own may have its name, but has not its licence."""
    return model is not None and model.licence == source.terms.licence


def _offer(source: "ModelSource", here: "InstalledModel | None") -> dict[str, Any]:
    from calmcast.speech.install.trial import runs

    terms = source.terms
    way = next((way for way in source.ways if here and way.kind == here.kind), None)
    way = way or next(filter(runs, source.ways), source.ways[0])
    return {
        "name": source.name,
        "language": source.language,
        "about": source.about,
        "kind": way.kind,
        "engine": way.engine,
        "bytes": way.size,
        "installed": here is not None,
        "licence": terms.licence,
        "selling": terms.selling,
        "terms": terms.summary,
        "terms_address": terms.address,
        "from": here.origin if here else way.file.address,
        "files": _files(way),
        "ways": [{"engine": each.engine, "kind": each.kind, "files": _files(each)} for each in source.ways],
    }


def _files(way: "Way") -> list[dict[str, Any]]:
    return [{"address": file.address, "bytes": file.size, "sha256": file.sha256} for file in way.files]


def _about(entry: dict[str, Any]) -> str:
    """Return what stands in the last column: where a voice is from is told of those that are here."""
    here = (f"here, for {entry['engine']}",) if entry["installed"] else ()
    origin = (f"from {entry['from']}",) if entry["installed"] and entry["from"] else ()
    return "; ".join((*here, entry["about"], entry["licence"], *origin))
