"""espeak-ng's phonemes in the letters that Kokoro's voices from version 1.0 on were taught.

The tables are those of misaki, Kokoro's own front end (github.com/hexgrad/misaki, `espeak.py`): `EspeakFallback` for
English, `EspeakG2P` for other languages. They need phonemes with ties.
"""

import re

from calmcast.speech.engines.phonemizer import TIE

LANGUAGES = {"a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "h": "hi", "i": "it", "p": "pt-br"}
"""espeak-ng's language by the first letter of a speaker's name. Japanese (`j`) and Mandarin (`z`) it does not read."""

_ENGLISH = {
    "ʔˌn\u0329": "tᵊn", "ʔn\u0329": "tᵊn", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
    "ə^l": "ᵊl", "e^ə": "ɛː", "ʔn": "tᵊn", "ʲo": "jo", "ʲə": "jə",
    "ʔ": "t", "e": "A", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "\u0303": "",
}  # fmt: skip
_AMERICAN = {"o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": ""}
_BRITISH = {"i^ə": "ɪə", "iə": "ɪə", "ə^ʊ": "Q"}
_OTHER = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ",
    "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
}  # fmt: skip
_SYLLABIC = re.compile("(\\S)\u0329")


def kokoro_letters(phonemes: str, language: str) -> str:
    """Return tied phonemes of espeak-ng in Kokoro's letters; `language` is one of LANGUAGES' values."""
    if not language.startswith("en"):
        return _replaced(phonemes, _OTHER).replace(TIE, "").replace("-", "")
    said = _SYLLABIC.sub(r"ᵊ\1", _replaced(phonemes, _ENGLISH))
    said = _replaced(said, _BRITISH if language == "en-gb" else _AMERICAN)
    return said.replace("o", "ɔ").replace("ɾ", "T").replace(TIE, "")


def _replaced(text: str, table: dict[str, str]) -> str:
    """Return `text` with every key given way to its value, one key after the other."""
    for old, new in table.items():
        text = text.replace(old, new)
    return text
