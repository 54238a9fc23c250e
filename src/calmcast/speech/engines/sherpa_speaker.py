"""A neural voice of sherpa-onnx, opened."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calmcast.errors import SpeechError
from calmcast.speech.engine import CLAUSE
from calmcast.speech.engines.model_files import ModelFiles, damaged, find_files
from calmcast.speech.engines.neural import check_speaker
from calmcast.speech.engines.reading import Reading, reader
from calmcast.speech.engines.sherpa import INSTALL
from calmcast.speech.engines.wave import write_wave
from calmcast.speech.models.installed import InstalledModel

_GAIN = 0.5
"""Of what the model gives, full scale = 1: some voices go beyond it."""
_LOUDEST = 0.98


def open_model(model: InstalledModel, speaker: int, speed: float, threads: int) -> "SherpaSpeaker":
    """Return a neural voice ready to speak, `speed` 1 where it is natural. Raises SpeechError where it cannot."""
    files = find_files(model)
    check_speaker(f"the neural voice `{model.name}`", speaker, files.speakers)
    read = reader(model.name, files, speaker)
    return SherpaSpeaker(model.name, _opened(model.name, files, threads), read, speaker, speed)


class SherpaSpeaker:
    """One voice, opened once in a process."""

    def __init__(self, name: str, tts: Any, read: Callable[[str], Reading], speaker: int, speed: float) -> None:
        """`tts` is a `sherpa_onnx.OfflineTts`, `speed` is 1 where it is natural."""
        self._name = name
        self._tts = tts
        self._read = read
        self._speaker = speaker
        self._speed = speed

    def speak(self, text: str, path: Path) -> None:
        import sherpa_onnx

        written, phonemes = self._read(text.replace(CLAUSE, " "))
        asked = sherpa_onnx.GenerationConfig()
        asked.sid, asked.speed = self._speaker, self._speed
        # Left alone, it would shorten the voice's own pauses to a fifth.
        asked.silence_scale = 1.0
        asked.phoneme_codepoints = [[ord(letter) for letter in chunk] for chunk in phonemes]
        audio = self._tts.generate(written, asked) if written or phonemes else None
        if audio is None or not len(audio.samples):
            raise SpeechError(f"the neural voice `{self._name}` found nothing to say in it", "put it in other words")
        write_wave(path, _pcm(audio.samples), audio.sample_rate)


def _opened(name: str, files: ModelFiles, threads: int) -> Any:
    """Return the `sherpa_onnx.OfflineTts` of these files, on `threads` cores."""
    try:
        import sherpa_onnx
    except ImportError as error:
        raise SpeechError(f"sherpa-onnx cannot be loaded: {error}", INSTALL) from None
    kinds = {
        "vits": sherpa_onnx.OfflineTtsVitsModelConfig,
        "matcha": sherpa_onnx.OfflineTtsMatchaModelConfig,
        "kokoro": sherpa_onnx.OfflineTtsKokoroModelConfig,
        "kitten": sherpa_onnx.OfflineTtsKittenModelConfig,
    }
    rules = () if files.reads_phonemes else files.rules
    config = sherpa_onnx.OfflineTtsConfig(
        model=sherpa_onnx.OfflineTtsModelConfig(
            num_threads=threads, provider="cpu", **{files.kind: kinds[files.kind](**_paths(files))}
        ),
        rule_fsts=_joined(file for file in rules if file.suffix == ".fst"),
        rule_fars=_joined(file for file in rules if file.suffix == ".far"),
        max_num_sentences=1,
    )
    try:
        if config.validate():
            return sherpa_onnx.OfflineTts(config)
    except RuntimeError as error:
        raise damaged(name, f"sherpa-onnx cannot open it ({str(error).splitlines()[0][:120]})") from None
    raise damaged(name, "sherpa-onnx finds files missing")


def _paths(files: ModelFiles) -> dict[str, str]:
    """Return the files as the config of this kind takes them."""
    paths = {
        "acoustic_model" if files.kind == "matcha" else "model": str(files.model),
        "tokens": str(files.tokens),
        "lexicon": "" if files.reads_phonemes else _joined(files.lexicons),
    }
    if files.voices:
        paths["voices"] = str(files.voices)
    if files.vocoder:
        paths["vocoder"] = str(files.vocoder)
    return paths


def _joined(paths: Iterable[Path]) -> str:
    return ",".join(map(str, paths))


def _pcm(samples: Sequence[float]) -> bytes:
    """Return samples, full scale = 1, as 16-bit ones with room above them; what would clip all the same is lowered."""
    sound = np.asarray(samples, dtype=np.float32) * np.float32(_GAIN)
    peak = float(np.abs(sound).max())
    if not np.isfinite(peak):
        raise RuntimeError("the voice gave numbers that are no sound")
    if peak > _LOUDEST:
        sound *= _LOUDEST / peak
    return np.round(sound * 32_767).astype("<i2").tobytes()
