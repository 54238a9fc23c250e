"""The catalogue and the neural voices that are here, as `--json` has them: a public contract."""

from typing import Any

from calmcast.speech.install.trial import runs
from calmcast.speech.models.catalogue import CATALOGUE
from calmcast.speech.models.installed import InstalledModel, installed
from calmcast.speech.models.source import ModelSource, Way


def offers() -> list[dict[str, Any]]:
    """Return each voice of the catalogue, then what is here besides."""
    here = {model.name: model for model in installed()}
    fetched = {source.name: here[source.name] for source in CATALOGUE if _is_from(here.get(source.name), source)}
    entries = [_offer(source, fetched.get(source.name)) for source in CATALOGUE]
    return entries + [own_entry(model) for model in here.values() if model.name not in fetched]


def installed_entries() -> list[dict[str, Any]]:
    """Return the neural voices that are here, each as an object."""
    return [own_entry(model) for model in installed()]


def own_entry(model: InstalledModel) -> dict[str, Any]:
    """Return a voice that is here as an object."""
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


def _is_from(model: InstalledModel | None, source: ModelSource) -> bool:
    """Return whether a voice is the catalogue's: somebody's own may have its name, but has not its licence."""
    return model is not None and model.licence == source.terms.licence


def _offer(source: ModelSource, here: InstalledModel | None) -> dict[str, Any]:
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


def _files(way: Way) -> list[dict[str, Any]]:
    return [{"address": file.address, "bytes": file.size, "sha256": file.sha256} for file in way.files]
