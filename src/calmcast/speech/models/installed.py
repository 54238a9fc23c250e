"""The neural voices that are here: a folder each, with a note of what it is and where it came from."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from calmcast.files import expanded
from calmcast.jsonfile import read_object

NOTE = "calmcast-model.json"
"""The file, beside a model's own, that says what the model is. A folder without one holds no voice."""

FOLDER_VARIABLE = "CALMCAST_MODELS"
"""The environment variable that names the folder of all neural voices."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A neural voice on this machine."""

    name: str
    """What profiles call it: `piper-en-us-amy-low`."""
    folder: Path
    """Holds the model's files."""
    kind: str
    """One of `source.KINDS`."""
    language: str
    """`en-US`."""
    licence: str
    digest: str
    """The SHA-256 of the archive or of the files that it came from: 64 hex digits."""
    origin: str = ""
    """The address, the file or the folder that it came from; "": not noted."""
    selling: str = ""
    """`yes`, `unclear` or `no`: whether tracks that it speaks may be sold; "": not noted."""
    gender: str = ""
    """`woman` or `man`; "": not known."""
    pace: float = 1.0
    """How much longer it takes than `pace.NEURAL` at its own speed."""

    @property
    def engine(self) -> str:
        """The engine that speaks it."""
        return engine_of(self.kind)


def engine_of(kind: str) -> str:
    """Return the name of the engine that speaks models of this kind."""
    return "piper" if kind == "piper" else "sherpa"


def models_folder() -> Path:
    """Return the folder of all neural voices: CALMCAST_MODELS, or one among the user's data. It need not exist."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return expanded(folder) if folder else user_data_path("calmcast", appauthor=False) / "models"


def installed() -> tuple[InstalledModel, ...]:
    """Return the neural voices that are here, by name. A folder whose note is missing or damaged is none."""
    try:
        folders = [path for path in models_folder().iterdir() if not path.name.startswith(".")]
    except OSError:
        return ()
    models = [model for folder in folders if (model := read_note(folder)) is not None]
    return tuple(sorted(models, key=lambda model: model.name))


def find(name: str) -> InstalledModel | None:
    """Return the neural voice of this name, or None where it is not here."""
    return next((model for model in installed() if model.name == name.casefold()), None)


def matching(engine: str, language: str, gender: str) -> InstalledModel | None:
    """Return the first neural voice that an engine speaks, of a language (`de`) and a gender; "": of any."""
    wanted = language.strip().lower()
    # A model of many languages begins with English.
    fits = (wanted, "mul") if wanted[:2] in ("", "en") else (wanted,)
    for model in installed():
        if model.engine == engine and model.language.lower().startswith(fits) and gender in ("", model.gender):
            return model
    return None


def read_note(folder: Path) -> InstalledModel | None:
    """Return the neural voice in a folder, or None where its note is missing, damaged, or another folder's."""
    try:
        note = read_object(folder / NOTE)
        told = {name: note[name] for name in ("name", "kind", "language", "licence", "digest")}
        told |= {"origin": note.get("from", ""), **{name: note.get(name, "") for name in ("selling", "gender")}}
        model = InstalledModel(folder=folder, pace=float(note.get("pace", 1.0)), **told)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    is_note = model.name == folder.name and all(isinstance(text, str) for text in told.values())
    return model if is_note else None
