"""The files of a neural voice's folder, checked before sherpa-onnx sees them: what it dislikes ends the process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

from calmcast.errors import SpeechError
from calmcast.speech.models.installed import InstalledModel
from calmcast.speech.models.kinds import VOCODERS
from calmcast.speech.models.onnx_metadata import read_metadata

_NEEDS = {
    "vits": ("sample_rate", "n_speakers", "language", "comment"),
    "matcha": ("sample_rate", "n_speakers", "use_eos_bos", "pad_id"),
    "kokoro": ("sample_rate", "n_speakers", "style_dim"),
    "kitten": ("sample_rate", "n_speakers", "style_dim", "model_type"),
}
"""The metadata without which sherpa-onnx 2.0 ends the process, by kind."""
_VOCODER_TYPES = ("hifigan", "vocos", "matcha-tts vocos")
"""The `model_type` of a vocoder; with any other, the process crashes."""
_FLOAT_BYTES = 4
_SPACES = re.compile(r"[ \t\r\f\v]+")
_BLANK = "<BLNK>"
_PIPER_SIGNS = "_^$"
"""Padding, beginning and end: without them, Piper's voices say nothing."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What there is to open. A file that this kind of model does not have is None, or left out."""

    kind: str
    """As `InstalledModel.kind`."""
    model: Path
    tokens: Path
    voices: Path | None
    vocoder: Path | None
    lexicons: tuple[Path, ...]
    rules: tuple[Path, ...]
    """How numbers and dates are read: .fst and .far."""
    metadata: Mapping[str, str]

    @property
    def reads_phonemes(self) -> bool:
        """Whether the voice was taught espeak-ng's phonemes, and not words by a lexicon of its own."""
        return self.metadata.get("has_espeak") == "1"

    @property
    def speakers(self) -> int:
        return max(1, int(self.metadata["n_speakers"]))


def find_files(model: InstalledModel) -> ModelFiles:
    """Return the files of an installed model. Raises SpeechError where one is missing, empty, cut short or no such."""
    if model.kind not in _NEEDS:
        raise damaged(model.name, f"calmcast knows no kind `{model.kind}`")
    found = sorted(file for file in model.folder.glob("*.onnx") if file.is_file())
    vocoders = [file for file in found if file.name.startswith(VOCODERS)]
    acoustic = [file for file in found if file not in vocoders]
    if not acoustic:
        raise damaged(model.name, "its .onnx file is missing")
    if model.kind == "matcha" and not vocoders:
        raise damaged(model.name, "its vocoder (vocos or hifigan) is missing")
    best = min(acoustic, key=_preference)
    files = ModelFiles(
        kind=model.kind,
        model=best,
        tokens=_required(model, "tokens.txt"),
        voices=_required(model, "voices.bin") if model.kind in {"kokoro", "kitten"} else None,
        vocoder=min(vocoders, key=_preference) if model.kind == "matcha" else None,
        lexicons=tuple(sorted(model.folder.glob("lexicon*.txt"))),
        rules=tuple(sorted((*model.folder.glob("*.fst"), *model.folder.glob("*.far")))),
        metadata=_metadata(model, best, _NEEDS[model.kind]),
    )
    if files.vocoder and _metadata(model, files.vocoder, ("model_type",))["model_type"] not in _VOCODER_TYPES:
        raise damaged(model.name, f"{files.vocoder.name} is no vocoder")
    _check_numbers(model, files)
    _check_tokens(model, files)
    return files


def damaged(name: str, why: str) -> SpeechError:
    """Return the error of a voice whose files are not as they should be."""
    return SpeechError(
        f"the neural voice `{name}` is damaged: {why}",
        f"calmcast voices remove {name}, then calmcast voices add {name}",
    )


def _preference(file: Path) -> tuple[bool, bool, str]:
    """Sort `model.onnx` before others, and those of few bits last."""
    return file.name != "model.onnx", "int8" in file.name, file.name


def _required(model: InstalledModel, name: str) -> Path:
    path = model.folder / name
    if not path.is_file() or not path.stat().st_size:
        raise damaged(model.name, f"{name} is missing or empty")
    return path


def _metadata(model: InstalledModel, path: Path, needs: tuple[str, ...]) -> dict[str, str]:
    try:
        metadata = read_metadata(path)
    except (ValueError, OSError) as error:
        raise damaged(model.name, f"{path.name} cannot be read ({error})") from None
    for name in needs:
        if name not in metadata:
            raise damaged(model.name, f"{path.name} was not made for sherpa-onnx (it has no `{name}`)")
    return metadata


def _check_numbers(model: InstalledModel, files: ModelFiles) -> None:
    """Check what is counted: every number one, and as many styles in voices.bin as the model expects."""
    try:
        speakers, rate_hz = (int(files.metadata[name]) for name in ("n_speakers", "sample_rate"))
        style = [int(size) for size in files.metadata["style_dim"].split(",")] if files.voices else []
    except ValueError:
        raise damaged(model.name, f"{files.model.name} was not made for sherpa-onnx (no number)") from None
    if rate_hz <= 0:
        raise damaged(model.name, f"{files.model.name} has no sample rate")
    if files.voices and files.voices.stat().st_size != _FLOAT_BYTES * speakers * prod(style):
        raise damaged(model.name, "voices.bin is cut short, or of another model")


def _check_tokens(model: InstalledModel, files: ModelFiles) -> None:
    """Check tokens.txt as `ReadPiperTokens` of sherpa-onnx does: a sign and its number in each line, none twice."""
    try:
        lines = files.tokens.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        raise damaged(model.name, "tokens.txt is no text") from None
    if not files.reads_phonemes:
        return
    signs: set[str] = set()
    for line in filter(None, (line.strip(" \t\r\f\v") for line in lines)):
        # A line with a number alone is the space's.
        *sign, number = _SPACES.split(line)
        said = "".join(sign) or " "
        # Elsewhere, a sign of several letters or one that comes twice does no harm.
        odd = model.kind == "vits" and (said in signs or (len(said) > 1 and said != _BLANK))
        if odd or len(sign) > 1 or not number.isdecimal():
            raise damaged(model.name, f"tokens.txt has a line that makes no sense: `{line[:20]}`")
        signs.add(said)
    if "piper" in files.metadata.get("comment", "") and not signs.issuperset(_PIPER_SIGNS):
        raise damaged(model.name, "tokens.txt is not whole")
