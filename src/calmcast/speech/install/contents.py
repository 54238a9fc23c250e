"""The files of a voice brought into a folder: fetched, unpacked or copied."""

import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.files import file_digest
from calmcast.speech.install.download import Effort, download
from calmcast.speech.install.places import file_name, is_address
from calmcast.speech.install.unpack import Limits, copy, top, unpack
from calmcast.speech.models.piper_notes import LARGEST, NOTES, check_notes, notes_of
from calmcast.speech.models.source import RemoteFile, Way

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0: not known)."""

DOWNLOADS = ".downloads"
"""The folder, beside the voices, for what is being fetched."""
UNPACKED = ".unpacked"
"""The folder in `staging` into which the files come."""
LARGEST_MODEL = 1_000_000_000
"""Of a single .onnx file, in bytes; Piper's largest has a tenth of that."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.onnx")


def contents(way: Way, models: Path, staging: Path, tell: Progress, effort: Effort | None) -> tuple[Path, str]:
    """Return a folder in `staging` with the files of a voice, and the SHA-256 of what they came from.

    Raises SpeechError where they can't be had, are too large, or are damaged.
    """
    unpacked = staging / UNPACKED
    if way.loose:
        unpacked.mkdir()
        _bring_pair(way, models, unpacked, tell, effort)
        return unpacked, _folder_digest(unpacked)
    if not is_address(way.file.address) and Path(way.file.address).is_dir():
        copy(Path(way.file.address), unpacked)
        folder = top(unpacked)
        _name_notes(folder)
        return folder, _folder_digest(unpacked)
    most = Limits().size
    archive, digest = _brought(way.file, models, most, tell, effort)
    extras = [(_brought(extra, models, most, tell, effort)[0], file_name(extra.address)) for extra in way.extras]
    tell("archives unpacked", 0, 1)
    folder = unpack(archive, unpacked)
    _name_notes(folder)
    for path, name in extras:
        shutil.copyfile(path, folder / name)
    tell("archives unpacked", 1, 1)
    return folder, digest


def forget(way: Way, models: Path, *, unchecked: bool = False) -> None:
    """Remove what was fetched for a voice; `unchecked`: only what no checksum vouches for, which no run uses again."""
    for file in way.files:
        if not (unchecked and file.sha256):
            _downloaded(file, models).unlink(missing_ok=True)


def _bring_pair(way: Way, models: Path, folder: Path, tell: Progress, effort: Effort | None) -> None:
    """Bring the two files of a voice of Piper: first the small one, which shows whether it is worth going on."""
    (notes,) = way.extras
    found, _ = _brought(notes, models, LARGEST, tell, effort)
    check_notes(found, file_name(notes.address))
    model, _ = _brought(way.file, models, LARGEST_MODEL, tell, effort)
    named = file_name(way.file.address)
    name = named if _PLAIN_NAME.fullmatch(named) else "model.onnx"
    shutil.copyfile(model, folder / name)
    shutil.copyfile(found, folder / f"{name}.json")


def _name_notes(folder: Path) -> None:
    """Give what Piper wrote about a model the name that is looked for: `X.onnx.json`, where it is `X.json`."""
    models = list(folder.glob("*.onnx"))
    if len(models) != 1 or (folder / "tokens.txt").exists():
        return
    if notes := notes_of(models[0]):
        notes.rename(models[0].with_suffix(NOTES))


def _brought(file: RemoteFile, models: Path, most: int, tell: Progress, effort: Effort | None) -> tuple[Path, str]:
    """Return where a file is on this machine, fetched if need be, and its SHA-256."""

    def count(done: int, total: int) -> None:
        tell(f"MB of {file_name(file.address)}", done // 10**6, (total or done) // 10**6)

    if not is_address(file.address):
        path = Path(file.address)
        if path.stat().st_size > most:
            raise SpeechError(f"{path.name} is larger than {most // 10**6} MB", "choose a smaller voice")
        return path, file.sha256 or file_digest(path)
    path = _downloaded(file, models)
    digest = download(file.address, path, size=file.size, sha256=file.sha256, most=most, progress=count, effort=effort)
    return path, digest


def _downloaded(file: RemoteFile, models: Path) -> Path:
    return models / DOWNLOADS / sha256(file.address.encode()).hexdigest()[:16]


def _folder_digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(folder).as_posix()}\0{file_digest(path)}\n" for path in files]
    return sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
