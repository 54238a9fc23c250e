"""A neural voice put in place, or taken away: whole or not at all, whatever happens meanwhile.

Everything is made ready in a hidden folder beside the voices, tried out there, and takes its name in one step. One
process at a time works there, so whatever hidden folders it finds are what killed ones left, and go.
"""

import json
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.speech.models.catalogue import ModelSource, RemoteFile, Terms
from calmcast.speech.models.download import Effort, download, file_digest
from calmcast.speech.models.installed import NOTE, InstalledModel, find, models_folder, read_note
from calmcast.speech.models.kinds import kind_of, language_of
from calmcast.speech.models.lock import alone
from calmcast.speech.models.trial import check_engine, try_out
from calmcast.speech.models.unpack import Limits, copy, top, unfit, unpack

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0: not known)."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}[a-z0-9]")
_DOWNLOADS = ".downloads"
_UNPACKED = ".unpacked"
_KEPT_S = 7 * 24 * 60 * 60
_TERMS = Terms("not known", "unclear", "its terms are not known here: look whether you may sell tracks", "")


@dataclass(frozen=True, slots=True)
class Added:
    """A voice that is here, and whether it is new."""

    model: InstalledModel
    new: bool


def source_at(place: str, name: str, language: str = "") -> ModelSource:
    """Return the source of a voice that is a file, a folder or an http(s) address.

    Raises SpeechError where there is nothing at `place`, or where `name` is no name for a voice.
    """
    check_name(name)
    if _is_address(place):
        return ModelSource(name, "", language, "", RemoteFile(place), _TERMS)
    path = Path(place).expanduser()
    if not path.exists():
        raise SpeechError(f"there is nothing at {path}", "check the path; an address begins with https://")
    if not (path.is_file() or path.is_dir()):
        raise SpeechError(f"{path} is no file and no folder", "name the archive, or the folder with the model in it")
    size = path.stat().st_size if path.is_file() else None
    return ModelSource(name, "", language, "", RemoteFile(str(path.absolute()), size), _TERMS)


def check_name(name: str) -> None:
    """Raise SpeechError where `name` is no name for a voice."""
    if not _NAME.fullmatch(name) or unfit(name):
        raise SpeechError(f"`{name}` cannot be a voice's name", "write small letters, digits and hyphens: my-voice")


def add(
    source: ModelSource, *, force: bool = False, progress: Progress | None = None, effort: Effort | None = None
) -> Added:
    """Fetch, unpack and try out a voice, and put it in place; one that is here already stays unless `force`.

    Raises SpeechError where it can't be had, is no voice, or does not speak here; then what was here before is still.
    """
    check_name(source.name)
    here = find(source.name)
    if here is not None and not force:
        return Added(here, new=False)
    check_engine()
    models = models_folder()
    tell = progress or (lambda what, done, total: None)
    with alone(models), _told(models), _staging(models) as staging:
        _sweep(models, staging)
        folder, digest = _contents(source, models, staging, tell, effort)
        tell("voices tried out", 0, 1)
        kind = kind_of(folder, source.name if folder.name == _UNPACKED else f"{source.name} ({folder.name})")
        if source.kind and kind != source.kind:
            raise SpeechError(
                f"{source.name} is a {kind} model, where a {source.kind} model was expected",
                "its source has changed: update calmcast",
            )
        _write_note(folder, source, kind, digest)
        ready = folder.rename(staging / source.name)
        try_out(staging, source.name)
        _put_in_place(ready, models / source.name)
        tell("voices tried out", 1, 1)
        for file in (source.archive, *source.extras):
            _downloaded(file, models).unlink(missing_ok=True)
    model = read_note(models / source.name)
    if model is None:
        raise SpeechError(f"{source.name} is gone again", "run the same command again")
    return Added(model, new=True)


def remove(name: str) -> InstalledModel:
    """Take a voice away and return what it was. Raises SpeechError where it is not here or can't be removed."""
    model = find(name)
    if model is None:
        raise SpeechError(f"there is no neural voice `{name}` here", "calmcast voices add lists those that are")
    models = models_folder()
    with alone(models), _told(models):
        _put_aside(model.folder)
        _sweep(models)
    return model


def _contents(
    source: ModelSource, models: Path, staging: Path, tell: Progress, effort: Effort | None
) -> tuple[Path, str]:
    """Return a folder in `staging` with a source's files, and the SHA-256 of what they came from."""
    address, unpacked = source.archive.address, staging / _UNPACKED
    if _is_address(address):
        archive, digest = _fetch(source.archive, models, tell, effort)
    elif Path(address).is_dir():
        copy(Path(address), unpacked)
        return top(unpacked), _folder_digest(unpacked)
    else:
        archive, digest = Path(address), file_digest(Path(address))
    extras = [(_fetch(extra, models, tell, effort)[0], extra.address.rpartition("/")[2]) for extra in source.extras]
    tell("archives unpacked", 0, 1)
    folder = unpack(archive, unpacked)
    for path, name in extras:
        shutil.copyfile(path, folder / name)
    tell("archives unpacked", 1, 1)
    return folder, digest


def _is_address(place: str) -> bool:
    return place.partition("://")[0].lower() in {"http", "https", "file"}


def _downloaded(file: RemoteFile, models: Path) -> Path:
    return models / _DOWNLOADS / sha256(file.address.encode()).hexdigest()[:16]


def _fetch(file: RemoteFile, models: Path, tell: Progress, effort: Effort | None) -> tuple[Path, str]:
    """Return where a file is now, and its SHA-256."""

    def count(done: int, total: int) -> None:
        tell(f"MB of {file.address.rpartition('/')[2]}", done // 10**6, (total or done) // 10**6)

    path, most = _downloaded(file, models), Limits().size
    digest = download(file.address, path, size=file.size, sha256=file.sha256, most=most, progress=count, effort=effort)
    return path, digest


def _folder_digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(folder).as_posix()}\0{file_digest(path)}\n" for path in files]
    return sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _write_note(folder: Path, source: ModelSource, kind: str, digest: str) -> None:
    note = {
        "name": source.name,
        "kind": kind,
        "language": source.language or language_of(folder),
        "licence": source.terms.licence,
        "digest": digest,
        "from": source.archive.address,
        "with": [extra.address for extra in source.extras],
        "selling": source.terms.selling,
        "terms": source.terms.address,
    }
    (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@contextmanager
def _staging(models: Path) -> Iterator[Path]:
    folder = models / f".adding-{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(ready: Path, place: Path) -> None:
    if place.exists():
        _put_aside(place)
    _rename(ready, place)


def _put_aside(folder: Path) -> None:
    aside = folder.with_name(f".removing-{secrets.token_hex(8)}")
    _rename(folder, aside)
    shutil.rmtree(aside, ignore_errors=True)


def _rename(path: Path, place: Path) -> None:
    for wait_s in (0.05, 0.1, 0.2, 0.4, 0.8):
        try:
            path.rename(place)
        except PermissionError:
            # On Windows a virus scanner holds new files for a moment.
            if sys.platform != "win32":
                raise
            time.sleep(wait_s)
        else:
            return
    path.rename(place)


def _sweep(models: Path, mine: Path | None = None) -> None:
    """Remove what killed processes left behind, and what was downloaded so long ago that nobody waits for it."""
    for pattern in (".adding-*", ".removing-*"):
        for path in models.glob(pattern):
            if path != mine:
                shutil.rmtree(path, ignore_errors=True)
    for path in (models / _DOWNLOADS).glob("*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()


@contextmanager
def _told(models: Path) -> Iterator[None]:
    """Say in words what the system refused."""
    try:
        yield
    except OSError as error:
        raise SpeechError(
            f"voices cannot be kept in {models}: {error.strerror or error}",
            "close what has them open and free some space, or name another folder with CALMCAST_MODELS",
        ) from error
