"""A neural voice put in place, or taken away: whole or not at all, whatever happens meanwhile.

Everything is made ready in a hidden folder beside the voices, tried out there, and takes its name in one step. One
process at a time works there, so whatever hidden folders it finds are what killed ones left, and go.
"""

import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.jsonfile import read_object
from calmcast.speech.install.contents import DOWNLOADS, UNPACKED, Progress, contents, forget
from calmcast.speech.install.download import Effort
from calmcast.speech.install.lock import alone
from calmcast.speech.install.places import check_name
from calmcast.speech.install.trial import check_engine, try_out, way_here
from calmcast.speech.models.installed import NOTE, InstalledModel, find, models_folder, read_note
from calmcast.speech.models.kinds import kind_of, language_of
from calmcast.speech.models.source import ModelSource, Way

_KEPT_S = 7 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Added:
    """A voice that is here, and whether it is new."""

    model: InstalledModel
    new: bool


def add(
    source: ModelSource,
    way: Way | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
    effort: Effort | None = None,
) -> Added:
    """Fetch, unpack and try out a voice, and put it in place; one that is here already stays unless `force`.

    No `way`: as it is best here. Raises SpeechError where it can't be had, is no voice, or does not speak here; then
    what was here before is still.
    """
    check_name(source.name)
    here = find(source.name)
    if here is not None and not force:
        return Added(here, new=False)
    way = way or way_here(source)
    check_engine(way.kind)
    models = models_folder()
    with alone(models), _told(models), _staging(models) as staging:
        _sweep(models, staging)
        try:
            _make(source, way, models, staging, progress or (lambda what, done, total: None), effort)
        except BaseException:
            forget(way, models, unchecked=True)
            raise
        forget(way, models)
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


def _make(source: ModelSource, way: Way, models: Path, staging: Path, tell: Progress, effort: Effort | None) -> None:
    """Make a voice ready in `staging`, hear it there, and put it in place."""
    folder, digest = contents(way, models, staging, tell, effort)
    tell("voices tried out", 0, 1)
    kind = kind_of(folder, source.name if folder.name == UNPACKED else f"{source.name} ({folder.name})")
    if way.kind and kind != way.kind:
        raise SpeechError(
            f"{source.name} is a {kind} model, where a {way.kind} model was expected",
            "its source has changed: update calmcast",
        )
    check_engine(kind)
    _write_note(folder, source, way, kind, digest)
    ready = folder.rename(staging / source.name)
    _note_pace(ready, try_out(staging, source.name, kind))
    _put_in_place(ready, models / source.name)
    tell("voices tried out", 1, 1)


def _note_pace(folder: Path, pace: float) -> None:
    """Note how quick a voice is, once it has been heard."""
    path = folder / NOTE
    note = read_object(path)
    path.write_text(json.dumps({**note, "pace": round(pace, 3)}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_note(folder: Path, source: ModelSource, way: Way, kind: str, digest: str) -> None:
    note = {
        "name": source.name,
        "kind": kind,
        "language": source.language or language_of(folder),
        "licence": source.terms.licence,
        "digest": digest,
        "from": way.file.address,
        "with": [extra.address for extra in way.extras],
        "selling": source.terms.selling,
        "terms": source.terms.address,
        "gender": source.gender,
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
    for path in (models / DOWNLOADS).glob("*"):
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
