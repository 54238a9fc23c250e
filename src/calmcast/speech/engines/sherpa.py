"""Neural voices through sherpa-onnx (the extra `neural`): the most natural ones, each a download of its own.

From version 2 on, sherpa-onnx takes phonemes rather than words for most voices, so espeak-ng's rules are applied here
(`phonemizer.py`), whatever data a voice's own folder holds. Also voices that come with a lexicon and espeak-ng's rules
are given phonemes: sherpa-onnx passes over words that a lexicon does not have, without telling.
"""

from collections.abc import Mapping
from importlib.util import find_spec

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase
from calmcast.packages import version
from calmcast.speech.engine import Setting, Speaker, Trouble, clean, speed, words
from calmcast.speech.engines.letters import fold
from calmcast.speech.engines.neural import WHICH, NeuralVoices
from calmcast.speech.models.catalogue import suggested
from calmcast.speech.models.installed import InstalledModel, find, matching
from calmcast.speech.models.source import wanted_in_words

INSTALL = "pip install 'calmcast[neural]'"
_OLDEST = 2
"""The oldest main version of sherpa-onnx that takes phonemes."""
_NATURAL = 165
"""Words a minute at speed 100: about what these models were trained on, readers of books."""


class Sherpa(NeuralVoices):
    """The engine."""

    name = "sherpa"
    title = "sherpa-onnx"
    alphabet: str | None = None
    made_of = ("sherpa-onnx", "espeakng-loader")

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {
            "voice": Setting("", "the name of a neural voice, or nothing for the first that is installed"),
            **WHICH,
            "speed": speed(_NATURAL),
            "threads": Setting("1", "how many cores a phrase may use", low=1, high=8),
        }

    def trouble(self) -> Trouble | None:
        if any(find_spec(name) is None for name in ("sherpa_onnx", "espeakng_loader")):
            return "what neural voices need is not installed", INSTALL
        if int(version("sherpa-onnx").partition(".")[0]) < _OLDEST:
            return "the sherpa-onnx that is installed is too old", "pip install --upgrade 'calmcast[neural]'"
        return None

    def missing(self, settings: Mapping[str, str]) -> Trouble | None:
        if self.model(settings) is not None:
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

    def model(self, settings: Mapping[str, str]) -> InstalledModel | None:
        if name := settings.get("voice", "").strip():
            named = find(name)
            return named if named and named.engine == self.name else None
        return matching(self.name, settings.get("language", ""), settings.get("gender", ""))

    def markup(self, phrase: Phrase) -> str:
        # espeak-ng spells out letters such as ṇ; those of Vietnamese, from U+1EA0, it knows.
        return fold(clean(words(phrase)), lambda c: not "\u1e00" <= c < "\u1ea0").strip()

    def open(self, settings: Mapping[str, str]) -> Speaker:
        model = self.model(settings)
        if model is None:
            raise SpeechError(*(self.missing(settings) or ("no neural voice is installed", None)))
        from calmcast.speech.engines.sherpa_speaker import open_model

        return open_model(model, int(settings["speaker"]), int(settings["speed"]) / 100, int(settings["threads"]))


ENGINE = Sherpa()


def _to_add(name: str) -> str:
    """Return the command that gets a voice in the form which is spoken here, where another engine would have it too."""
    return f"calmcast voices add {name}" + (" --as sherpa" if find_spec("piper") else "")
