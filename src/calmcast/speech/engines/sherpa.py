"""Neural voices through sherpa-onnx (the extra `neural`): the most natural ones, each a download of its own.

From version 2 on, sherpa-onnx takes phonemes rather than words for most voices, so espeak-ng's rules are applied here
(`phonemizer.py`), whatever data a voice's own folder holds. Also voices that come with a lexicon and espeak-ng's rules
are given phonemes: sherpa-onnx passes over words that a lexicon does not have, without telling.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.speech.engine import CLAUSE, Isolation, Setting, Speaker, Trouble, clean, within, words
from calmcast.speech.engines.letters import fold
from calmcast.speech.engines.model_files import ModelFiles, damaged, find_files
from calmcast.speech.engines.reading import Reading, reader
from calmcast.speech.engines.wave import write_wave
from calmcast.speech.models.catalogue import suggested
from calmcast.speech.models.installed import InstalledModel, find, matching
from calmcast.speech.models.source import GENDERS, wanted_in_words
from calmcast.speech.words.pace import NEURAL, SpeakingRate

_INSTALL = "pip install 'calmcast[neural]'"
_OLDEST = 2
"""The oldest main version of sherpa-onnx that takes phonemes."""
_NATURAL = 165
"""Words a minute at speed 100: about what these models were trained on, readers of books."""
_GAIN = 0.5
"""Of what the model gives, full scale = 1: some voices go beyond it."""
_LOUDEST = 0.98
_HIGHEST_SPEAKER = 9_999


class Sherpa:
    """The engine."""

    name = "sherpa"
    title = "sherpa-onnx"
    alphabet: str | None = None
    isolation: Isolation = "shared"
    whole_sentences = True

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("", "the name of a neural voice, or nothing for the first that is installed"),
            "language": Setting("", "a language such as en or de-DE, where no voice is named"),
            "gender": Setting("", "woman or man, where no voice is named", choices=lambda: ("", *GENDERS)),
            "speaker": Setting("0", "which of the voice's speakers, the first is 0", low=0, high=_HIGHEST_SPEAKER),
            "speed": Setting("100", "how fast, 100 is natural, less is slower", 50, 200, from_pace=_speed),
            "threads": Setting("1", "how many cores a phrase may use", low=1, high=8),
        }

    def trouble(self) -> Trouble | None:
        if any(find_spec(name) is None for name in ("sherpa_onnx", "espeakng_loader")):
            return "what neural voices need is not installed", _INSTALL
        if int(_version("sherpa-onnx").partition(".")[0]) < _OLDEST:
            return "the sherpa-onnx that is installed is too old", "pip install --upgrade 'calmcast[neural]'"
        return None

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        if _model(settings) is not None:
            return None
        name = settings.get("voice", "").strip()
        other = find(name)
        if other is not None:
            engine = other.engine
            return f"`{name}` is spoken by the engine {engine}", f"write {{engine: {engine}, voice: {other.name}}}"
        if name:
            return f"the neural voice `{name}` is not installed", _to_add(name)
        reason = f"no neural voice{wanted_in_words(settings)} is installed"
        return reason, _to_add(suggested(settings, self.name))

    def settled(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        model = _model(settings)
        return {**settings, "voice": model.name} if model else settings

    def identity(self, settings: Mapping[str, str]) -> str:
        model = _model(settings)
        return model.digest if model else ""

    def pace(self, settings: Mapping[str, str]) -> SpeakingRate:
        model = _model(settings)
        return NEURAL.slower((model.pace if model else 1.0) * 100 / int(settings["speed"]))

    def version(self) -> str:
        return ", ".join(f"{name} {_version(name)}" for name in ("sherpa-onnx", "espeakng-loader"))

    def markup(self, phrase: Phrase) -> str:
        # espeak-ng spells out letters such as ṇ; those of Vietnamese, from U+1EA0, it knows.
        return fold(clean(words(phrase)), lambda c: not "\u1e00" <= c < "\u1ea0").strip()

    def open(self, settings: Mapping[str, str]) -> Speaker:
        model = _model(settings)
        if model is None:
            raise SpeechError(*(self.missing(settings) or ("no neural voice is installed", None)))
        files, speaker = find_files(model), int(settings["speaker"])
        if speaker >= files.speakers:
            have = f"{files.speakers} speakers" if files.speakers > 1 else "one speaker"
            raise SpeechError(
                f"the neural voice `{model.name}` has {have}, but no speaker {speaker}",
                f"set `speaker` to a number from 0 to {files.speakers - 1}"
                if files.speakers > 1
                else "set `speaker: 0`",
            )
        read = reader(model.name, files, speaker)
        tts = _opened(model.name, files, int(settings["threads"]))
        return SherpaSpeaker(model.name, tts, read, speaker, int(settings["speed"]) / 100)


ENGINE = Sherpa()


def _speed(words_a_minute: int) -> str:
    return within(50, 200, 100 * words_a_minute / _NATURAL)


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


def _version(package: str) -> str:
    return version(package)


def _to_add(name: str) -> str:
    """Return the command that gets a voice in the form which is spoken here, where another engine would have it too."""
    return f"calmcast voices add {name}" + (" --as sherpa" if find_spec("piper") else "")


def _model(settings: Mapping[str, str]) -> InstalledModel | None:
    """Return the model of these settings that is spoken here: the one they name, else the first of their language."""
    if name := settings.get("voice", "").strip():
        named = find(name)
        return named if named and named.engine == ENGINE.name else None
    return matching(ENGINE.name, settings.get("language", ""), settings.get("gender", ""))


def _opened(name: str, files: ModelFiles, threads: int) -> Any:
    """Return the `sherpa_onnx.OfflineTts` of these files, on `threads` cores."""
    try:
        import sherpa_onnx
    except ImportError as error:
        raise SpeechError(f"sherpa-onnx cannot be loaded: {error}", _INSTALL) from None
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
    import numpy as np

    sound = np.asarray(samples, dtype=np.float32) * np.float32(_GAIN)
    peak = float(np.abs(sound).max())
    if not np.isfinite(peak):
        raise RuntimeError("the voice gave numbers that are no sound")
    if peak > _LOUDEST:
        sound *= _LOUDEST / peak
    return np.round(sound * 32_767).astype("<i2").tobytes()
