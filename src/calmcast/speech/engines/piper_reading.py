"""Text -> the numbers that a Piper voice reads: espeak-ng's phonemes, the marks between clauses, and silence around."""

import re
import unicodedata
from typing import Any

from calmcast.errors import SpeechError
from calmcast.speech.engine import CLAUSE
from calmcast.speech.engines.letters import fold, refuse_foreign
from calmcast.speech.words.phonemes import longest_first

_BEGIN, _END, _PAD = "^", "$", "_"
_FIRST_PADS = 3
"""Some phrases begin at full level with the first sample: two more of these bring a silence."""
_GIVEN = re.compile(r"\[\[(.*?)\]\]")
_STAND_INS = ("Zubzub", "Ubzub")
"""Words in place of phonemes that a lexicon gives, so that the words around them are said as beside a word: one that
begins with a consonant, and one with a vowel."""
_VOWELS = frozenset("aeiouyæøœɐɑɒɔəɚɛɜɝɪʊʌᵻ")
_MARKS = ".?!,;:"


class Reader:
    """What turns text into numbers, for one voice."""

    def __init__(self, name: str, voice: Any) -> None:
        """`voice` is a `piper.PiperVoice`."""
        self._name = name
        self._voice = voice
        self._english = voice.config.espeak_voice.startswith("en")
        self._numbers: dict[str, list[int]] = dict(voice.config.phoneme_id_map)
        clusters = ["".join(each) for each in voice.config.vowel_clusters or ()]
        self._sounds = re.compile(f"{longest_first(clusters).pattern}|." if clusters else ".", re.DOTALL)
        self._spoken_stand_ins = tuple(map(self._stand_in, _STAND_INS))

    def ids(self, text: str) -> tuple[tuple[int, ...], ...]:
        """Return the numbers of each clause of a sentence; together they are what the voice reads.

        `text` is as `Piper.markup` gives it, CLAUSE between its clauses. Raises SpeechError where it cannot be said.
        """
        said = [self.phonemes(clause).strip() for clause in self._readable(text).split(CLAUSE)]
        if said[-1] and said[-1][-1] not in _MARKS:
            said[-1] += "."  # without an end the last sound is cut off
        clauses = [self._known(f"{clause} " if i < len(said) - 1 else clause) for i, clause in enumerate(said)]
        if not any(clauses):
            raise SpeechError(f"the Piper voice `{self._name}` found nothing to say in it", "put it in other words")
        numbers, pad = self._numbers, self._numbers[_PAD]
        clauses[0] = [*numbers[_BEGIN], *(pad * _FIRST_PADS), *clauses[0]]
        clauses[-1] += numbers[_END]
        return tuple(map(tuple, clauses))

    def _known(self, phonemes: str) -> list[int]:
        """Return the numbers of what the voice knows, each with the silence after it that it was taught."""
        numbers, pad = self._numbers, self._numbers[_PAD]
        found = self._sounds.findall(phonemes)
        return [number for sound in found if sound in numbers for number in (*numbers[sound], *pad)]

    def _readable(self, text: str) -> str:
        """Return the text, or raise SpeechError where espeak-ng would read out what its letters are called."""
        if not self._english:
            return text
        refuse_foreign("an English voice", _GIVEN.sub("", text))
        parts = re.split(r"(\[\[.*?\]\])", text)
        return "".join(part if part.startswith("[[") else fold(part, lambda c: c <= "\u00ff") for part in parts)

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of a clause, those that stand in it in double brackets as they are."""
        given = [unicodedata.normalize("NFD", match[1].strip()) for match in _GIVEN.finditer(clause)]
        if not given:
            return self._spoken(clause)
        kinds = [phonemes.lstrip("ˈˌ")[:1] in _VOWELS for phonemes in given]
        words = iter(kinds)
        said = self._spoken(_GIVEN.sub(lambda _: _STAND_INS[next(words)], clause))
        for phonemes, kind in zip(given, kinds, strict=True):
            before, found, after = _parted(said, self._spoken_stand_ins[kind])
            if not found:
                return self._piecewise(clause)
            said = before + phonemes + after
        return said

    def _piecewise(self, clause: str) -> str:
        """Return the phonemes of a clause, what stands around given ones spoken by itself."""
        pieces = _GIVEN.split(clause)
        return " ".join(filter(None, (piece if i % 2 else self._spoken(piece) for i, piece in enumerate(pieces))))

    def _stand_in(self, word: str) -> re.Pattern[str]:
        """Return how a word is said, wherever its stress falls."""
        sounds = self._spoken(word).strip(" .").replace("ˈ", "").replace("ˌ", "")
        return re.compile("[ˈˌ]?" + "[ˈˌ]?".join(map(re.escape, sounds)))

    def _spoken(self, text: str) -> str:
        return " ".join("".join(sentence).strip() for sentence in self._voice.phonemize(text)) if text.strip() else ""


def _parted(text: str, pattern: re.Pattern[str]) -> tuple[str, str, str]:
    """Return what is before the first match of a pattern, the match, and what is after it; all before where none is."""
    match = pattern.search(text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")
