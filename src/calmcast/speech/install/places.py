"""A voice that is not from the catalogue: at an address, in a file or in a folder, and what it is called."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from calmcast.errors import SpeechError
from calmcast.files import expanded, file_digest
from calmcast.speech.install.unpack import top, unfit
from calmcast.speech.models.bundled import JOE
from calmcast.speech.models.catalogue import known_terms
from calmcast.speech.models.piper_notes import BOTH, NOTES, notes_of
from calmcast.speech.models.source import ModelSource, RemoteFile, Terms, Way

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}[a-z0-9]")
_MODEL = ".onnx"
_PACKED = re.compile(r"\.(tar|tgz|tbz2?|txz|zip)(\.(bz2|gz|xz))?$", re.IGNORECASE)
_TERMS = Terms("not known", "unclear", "its terms are not known here: look whether you may sell tracks", "")


def source_at(place: str, name: str = "", language: str = "") -> ModelSource:
    """Return the source of a voice that is a file, a folder or an http(s) address.

    No `name`: what its file says, `piper-en-us-amy-low` of `en_US-amy-low.onnx`. A file that the catalogue knows has
    its terms. Raises SpeechError where there is nothing at `place`, where half of a voice of Piper is missing, or
    where `name` is no name for a voice.
    """
    if name:
        check_name(name)
    if is_address(place):
        way, called = _at_address(place)
    else:
        way, called = _on_disk(expanded(place))
    if not name and not _is_name(called):
        raise SpeechError(f"what is at {place} does not say how the voice is called", "--name my-voice says it")
    return ModelSource(name or called, "", language, known_terms(way.file) or _TERMS, (way,))


def check_name(name: str) -> None:
    """Raise SpeechError where `name` is no name for a voice, or the one of the voice that comes with calmcast."""
    if name == JOE:
        raise SpeechError(f"`{name}` is the voice that comes with calmcast", "choose another name: my-voice")
    if not _is_name(name):
        raise SpeechError(f"`{name}` cannot be a voice's name", "write small letters, digits and hyphens: my-voice")


def is_address(place: str) -> bool:
    """Return whether a place is on the web, and not on this machine."""
    return place.partition("://")[0].lower() in {"http", "https", "file"}


def file_name(place: str) -> str:
    """Return the name of the file at an address or a path: what stands last in it, without what it asks a server."""
    return PurePosixPath(unquote(urlsplit(place).path)).name if is_address(place) else Path(place).name


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not unfit(name)


def _at_address(place: str) -> tuple[Way, str]:
    path, mark, asked = place.partition("?")
    if path.lower().endswith(NOTES):
        path = path.removesuffix(path[-len(".json") :])
    if not path.lower().endswith(_MODEL):
        return Way("", RemoteFile(place)), _packed_name(file_name(place))
    model, notes = (RemoteFile(f"{each}{mark}{asked}") for each in (path, f"{path}.json"))
    return Way("piper", model, (notes,), loose=True), _piper_name(file_name(path))


def _on_disk(path: Path) -> tuple[Way, str]:
    if not path.exists():
        raise SpeechError(f"there is nothing at {path}", "check the path; an address begins with https://")
    if path.is_dir():
        models = [model for model in top(path).glob(f"*{_MODEL}") if notes_of(model)]
        called = _piper_name(models[0].name) if len(models) == 1 else _packed_name(path.absolute().name)
        return Way("", RemoteFile(str(path.absolute()))), called
    if not path.is_file():
        raise SpeechError(f"{path} is no file and no folder", "name the archive, or the folder with the model in it")
    if path.name.lower().endswith(NOTES):
        path = path.with_suffix("")
    if path.suffix.lower() != _MODEL:
        return Way("", _local(path)), _packed_name(path.name)
    notes = notes_of(path)
    if notes is None or not path.is_file():
        missing = path.name if notes else f"{path.name}.json"
        raise SpeechError(f"{missing} is not beside {notes.name if notes else path.name}", BOTH)
    return Way("piper", _local(path), (_local(notes),), loose=True), _piper_name(path.name)


def _local(path: Path) -> RemoteFile:
    try:
        return RemoteFile(str(path.absolute()), path.stat().st_size, file_digest(path))
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise SpeechError(f"{path} cannot be read: {reason}", "check whose file it is") from error


def _piper_name(file: str) -> str:
    """Return the name of a voice of Piper by its file's: `piper-en-us-amy-low` for `en_US-amy-low.onnx`."""
    return f"piper-{_small(file[: -len(_MODEL)]).removeprefix('piper-')}"


def _packed_name(file: str) -> str:
    """Return a voice's name by its archive's or folder's."""
    return _small(_PACKED.sub("", file)).removeprefix("vits-")


def _small(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.casefold()).strip("-.")
