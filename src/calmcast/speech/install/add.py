"""A neural voice put in place, or taken away: whole or not at all, whatever happens meanwhile.

Everything is made ready in a hidden folder beside the voices, tried out there, and takes its name in one step. One
process at a time works there, so whatever hidden folders it finds are what killed ones left, and go.
"""

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.files import move
from calmcast.speech.install.contents import DOWNLOADS, UNPACKED, Progress, contents, forget
from calmcast.speech.install.download import Effort
from calmcast.speech.install.lock import alone
from calmcast.speech.install.places import check_name
from calmcast.speech.install.trial import check_engine, try_out, way_here
from calmcast.speech.models.installed import NOTE, InstalledModel, find, models_folder, read_note
from calmcast.speech.models.kinds import kind_of, language_of
from calmcast.speech.models.source import ModelSource, Way

_KEPT_S = 7 * 24 * 60 * 60
_REPLACED = ".replaced-"
"""Before the name of a voice that is about to be replaced."""


def add(
    source: ModelSource,
    way: Way | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
    effort: Effort | None = None,
) -> InstalledModel:
    """Fetch, unpack and try out a voice, and put it in place; one that is here already stays unless `force`.

    No `way`: as it is best here. Raises SpeechError where it can't be had, is no voice, or does not speak here; then
    what was here before is still.
    """
    check_name(source.name)
    here = find(source.name)
    if here is not None and not force:
        return here
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
    return model


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
    _write_note(ready, source, way, kind, digest, try_out(staging, source.name, kind))
    _put_in_place(ready, models / source.name)
    tell("voices tried out", 1, 1)


def _write_note(folder: Path, source: ModelSource, way: Way, kind: str, digest: str, pace: float | None = None) -> None:
    """Say beside a voice what it is and, once it has been heard, how quick."""
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
        **({} if pace is None else {"pace": round(pace, 3)}),
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
    """Give a voice its name; one that has it stays until then, and comes back where that fails."""
    if not place.exists():
        move(ready, place)
        return
    before = place.with_name(f"{_REPLACED}{place.name}")
    move(place, before)
    try:
        move(ready, place)
    except BaseException:
        move(before, place)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _put_aside(folder: Path) -> None:
    aside = folder.with_name(f".removing-{secrets.token_hex(8)}")
    move(folder, aside)
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(models: Path, mine: Path | None = None) -> None:
    """Remove what killed processes left behind, and what was downloaded so long ago that nobody waits for it.

    A voice that one of them was about to replace, and did not, gets its name again.
    """
    for before in models.glob(f"{_REPLACED}*"):
        place = models / before.name.removeprefix(_REPLACED)
        if place.exists():
            shutil.rmtree(before, ignore_errors=True)
        else:
            move(before, place)
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
