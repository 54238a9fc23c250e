"""What a folder of files is: which kind of model, and in which language, told from the files alone."""

from contextlib import suppress
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.jsonfile import read_object
from calmcast.speech.models.onnx_metadata import read_metadata
from calmcast.speech.models.piper_notes import BOTH, NOTES, check_notes, language_code

UNKNOWN_LANGUAGE = "und"
"""Undetermined, in the words of BCP 47."""

VOCODERS = ("vocos", "hifigan")
"""How the names of Matcha's second models begin."""
_RELEASE = "take an archive of the release tts-models of k2-fsa/sherpa-onnx: calmcast voices add lists the best known"


def kind_of(folder: Path, called: str) -> str:
    """Return the kind (one of `source.KINDS`) of the model whose files are in `folder`.

    `called` are names that it goes by: its own, its archive's. Raises SpeechError with the reason where it is none
    that can speak here.
    """
    models = sorted(path.name for path in folder.glob("*.onnx"))
    vocoders = [name for name in models if name.startswith(VOCODERS)]
    acoustic = [name for name in models if name not in vocoders]
    if not models:
        raise SpeechError(f"{called} holds no model: there is no .onnx file in it", _RELEASE)
    if len(acoustic) != 1 or len(vocoders) > 1:
        raise SpeechError(f"{called} holds several models: {', '.join(models)}", "leave the one that is to speak")
    if not (folder / "tokens.txt").is_file():
        if vocoders or (folder / "voices.bin").is_file():
            raise SpeechError(f"{called} has no tokens.txt, which says what its model reads", _RELEASE)
        _check_piper(folder / acoustic[0])
        return "piper"
    if (folder / "voices.bin").is_file():
        return "kitten" if "kitten" in f"{called} {_says_it_is(folder / acoustic[0])}".casefold() else "kokoro"
    if vocoders:
        return "matcha"
    if "matcha" in called.casefold() or acoustic[0].startswith("model-steps-"):
        raise SpeechError(
            f"{called} lacks a vocoder, the second model that turns its work into sound",
            "put a vocoder, such as hifigan_v2.onnx of the release vocoder-models, into its folder; then --from FOLDER",
        )
    return "vits"


def _check_piper(model: Path) -> None:
    """Raise SpeechError where a model and what lies beside it are not the two files of a voice of Piper, whole."""
    notes = model.with_name(f"{model.stem}{NOTES}")
    if not notes.is_file():
        raise SpeechError(f"{notes.name} is missing, which says what {model.name} reads", BOTH)
    check_notes(notes)
    try:
        read_metadata(model)
    except (ValueError, OSError) as error:
        raise SpeechError(f"{model.name} cannot be used: {error}", BOTH) from None


def _says_it_is(model: Path) -> str:
    """Return what a model's own metadata call its kind, or "" where they do not."""
    try:
        return read_metadata(model).get("model_type", "")
    except (ValueError, OSError):
        return ""


def language_of(folder: Path) -> str:
    """Return the language that a piper voice's own notes name, or UNKNOWN_LANGUAGE."""
    for path in sorted(folder.glob(f"*{NOTES}")):
        with suppress(OSError, ValueError):
            if code := language_code(read_object(path)):
                return code
    return UNKNOWN_LANGUAGE
