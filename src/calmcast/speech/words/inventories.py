"""Which sounds the engines' voices have, and phonemes written with those alone.

A voice leaves out a sound that it does not know, without a word. So phonemes go to an engine only where its voice has
every one of them, or, in English, one that an English ear takes for it. What each voice has was found by speaking
every sign of X-SAMPA in Pico's voices, and from the phoneme tables of espeak-ng's `en` and `en-us`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from calmcast.speech.words.phonemes import TIE, american_ipa, longest_first, plain_ipa, to_ipa

_UNHEARD = f"{TIE}ʰʲˑ\u032f\u031a\u032a\u0325\u032c\u0320\u031f\u031d\u031e"
"""Signs of the IPA that make no other sound of a sound: releases, the fine place of the tongue, length by half."""
_NEAREST_ENGLISH = {
    "r": "ɹ", "ɻ": "ɹ", "ɾ": "ɹ", "ɽ": "ɹ", "ʁ": "ɹ", "ʀ": "ɹ", "ɫ": "l", "ɭ": "l", "ʈ": "t", "ɖ": "d", "ɳ": "n",
    "ʂ": "ʃ", "ʐ": "ʒ", "ɕ": "ʃ", "ʑ": "ʒ", "ʋ": "v", "β": "v", "ɸ": "f", "ɦ": "h", "ɱ": "m", "ʍ": "w", "χ": "x",
    "ɣ": "ɡ", "c": "tʃ", "ɟ": "dʒ", "ɲ": "nj", "ʎ": "lj", "ɐ": "ʌ", "ɨ": "ɪ", "ᵻ": "ɪ", "ᵿ": "ʊ", "ʉ": "u", "ɵ": "ʊ",
    "ɘ": "ə",
}  # fmt: skip
"""What an English ear hears in a sound that English does not have: of Sanskrit's and Hindi's retroflexes, `t` and `d`.
What has no such neighbour (nasal vowels, `y`, `ø`, clicks) is not said at all."""

_ENGLISH_VOWELS = (
    ("iː", "i:", "i:"), ("i", "i:", "i"), ("ɪ", "I", "I"), ("e ɛ", "E", "E"), ("æ", "{", "a"), ("a", "{", "a"),
    ("aː", "A:", "A:"), ("ɑ", "A:", "A:"), ("ɒ", "Q", "0"), ("ɔ", "O:", "O:"), ("ʊ", "U", "U"), ("u", "u:", "u:"),
    ("ʌ", "V", "V"), ("ə", "@", "@"), ("ɚ", "@`", "3"), ("ɜ", "3:", "3:"), ("ɝ", "3:", "3:"),
    ("eɪ ei ɛɪ eː", "e_I", "eI"), ("aɪ ai ɑɪ ʌɪ", "a_I", "aI"), ("ɔɪ ɔi oɪ oi", "O_I", "OI"),
    ("aʊ au ɑʊ", "a_U", "aU"), ("oʊ ou əʊ o oː", "@_U", "oU"), ("eə ɛə ɛː", "E@", "e@"), ("ɪə", "I@", "i@"),
    ("ʊə", "U@", "U@"), ("l\u0329", "@l", "@L"), ("m\u0329", "@m", "@m"), ("n\u0329", "@n", "@n"),
    ("ɹ\u0329", "@`", "3"),
)  # fmt: skip
"""IPA, X-SAMPA as Pico's English voices have it, espeak-ng's name. A single `a` is the vowel of `cat`, `o` of `go`."""
_ENGLISH_AND_R = (
    ("ɑː ɑ aː", "A:r\\", "A@"), ("ɔː ɔ oː o oʊ", "O:r\\", "O@"), ("eə ɛə ɛː e ɛ", "Er\\", "e@"),
    ("ɪə ɪ i iː", "Ir\\", "i@3"), ("ʊə ʊ uː", "Ur\\", "U@"), ("ə", "@`", "3"), ("ɜː ɜ ɝ", "3:", "3:"),
)  # fmt: skip
"""Vowels with an `ɹ` after them that no vowel follows."""
_ENGLISH_CONSONANTS = (
    *((sound, sound, sound) for sound in "pbtdkfvszhmnljw"),
    ("ɡ", "g", "g"), ("θ", "T", "T"), ("ð", "D", "D"), ("ʃ", "S", "S"), ("ʒ", "Z", "Z"), ("ŋ", "N", "N"),
    ("ɹ", "r\\", "r"), ("tʃ", "t_S", "tS"), ("dʒ", "d_Z", "dZ"), ("x", "k", "x"), ("ʔ", "", "?"), ("ː", "", ""),
    ("jj", "j", "j"),
)  # fmt: skip
_PAUSES = ((".", ".", "|"), ("‿", "", ""), (" ", ".", " "), ("|", ".", " "), ("‖", ".", " "))

_PICO_MORE = {
    "de": "p b t d k g f v s z S Z h m n N l j R ? x C t_S d_Z t_s p_f i I e E a O o u U @ 6 9 2 y Y i: e: E: a: o: u: "
    "y: 2: a_I a_U O_Y",
    "es": "p b t d k g f T D s m n N l r 4 j x G B J L t_S j\\ i e a o u",
    "fr": "p b t d k g f v s z S Z m n N l j w R J H i e E a O o u y @ 2 9 A~ E~ O~ 9~",
    "it": "p b t d k g f v s z S m n N l r 4 J L t_S d_Z t_s d_z i e E a o u i: e: E: a: o: u: O:",
}
"""The X-SAMPA that Pico's other voices take."""
_NEAREST_MORE = {"de": {"r": "ʁ", "ʀ": "ʁ", "ɹ": "ʁ"}, "es": {"ɹ": "ɾ", "v": "b"}, "fr": {"r": "ʁ", "ʀ": "ʁ"}, "it": {}}

_STRESS = {"x-sampa": {"ˈ": '"', "ˌ": "%"}, "espeak": {"ˈ": "'", "ˌ": ","}}
_PICO_PROSODY = frozenset('"%. ')


@dataclass(frozen=True, slots=True)
class _Inventory:
    """The sounds of one language in one alphabet."""

    sounds: Mapping[str, str]
    """How each is written, by its IPA; with `R` for an `ɹ` that no vowel follows."""
    pattern: re.Pattern[str]
    """A sound in IPA; its group `r`, where it is one of those."""
    taken: re.Pattern[str]
    """A text in the alphabet that has these sounds alone."""
    nearest: Mapping[int, str | None]
    """The sounds that stand for others, as `str.translate` takes them; None: it is not heard."""
    vowels: frozenset[str]
    """Those before which espeak-ng has the stress."""


def voiced(phonemes: tuple[tuple[str, str], ...], alphabet: str, language: str) -> str | None:
    """Return a lexicon entry's phonemes for an engine that takes `alphabet`, or None where they cannot be had.

    `phonemes` are (alphabet, text), `language` is the entry's (`en`, `de-AT`). What is written in the engine's own
    alphabet is taken as it is, but for X-SAMPA with signs that Pico's voice lacks. IPA, and such X-SAMPA by way of it,
    is written anew in the sounds of the voice: for Pico in English, German, Spanish, French and Italian, for espeak-ng
    in English. What is written for another engine alone is no wish for this one. For `ipa`, which neural voices read,
    English comes from espeak-ng's names, since those voices learned their sounds from it.
    """
    written = dict(phonemes)
    if alphabet == "ipa":
        return _read_as_ipa(phonemes, language)
    own = written.get(alphabet)
    inventory = _inventory(alphabet, language.split("-", maxsplit=1)[0].lower())
    if own and (alphabet != "x-sampa" or inventory is None or inventory.taken.fullmatch(own)):
        return own
    ipa = written.get("ipa") or (to_ipa(own) if own else None)
    return _spelt(ipa, alphabet, inventory) if ipa and inventory else None


def _read_as_ipa(phonemes: tuple[tuple[str, str], ...], language: str) -> str | None:
    """Return a lexicon entry's phonemes in IPA as espeak-ng writes it, without what it never writes: ties, hyphens."""
    written = dict(phonemes)
    if language.split("-", maxsplit=1)[0].lower() == "en" and (names := voiced(phonemes, "espeak", language)):
        return american_ipa(names)
    ipa = written.get("ipa") or to_ipa(written.get("x-sampa", ""))
    return plain_ipa(ipa).replace(TIE, "").replace(".", "") if ipa else None


def _spelt(ipa: str, alphabet: str, inventory: _Inventory) -> str | None:
    """Return IPA in an engine's alphabet, or None where a sound of it has no place in the inventory."""
    text = plain_ipa(ipa).translate(inventory.nearest)
    found = list(inventory.pattern.finditer(text))
    if not found or sum(len(match[0]) for match in found) != len(text):
        return None
    return "".join(_placed(found, alphabet, inventory)) or None


def _placed(found: list[re.Match[str]], alphabet: str, inventory: _Inventory) -> Iterator[str]:
    """Yield the signs; espeak-ng has a stress before the vowel, where the IPA has it before the syllable."""
    stress, waiting = _STRESS[alphabet], ""
    for match in found:
        sign = match[0]
        if sign in stress:
            waiting = stress[sign]
            if alphabet != "espeak":
                yield waiting
            continue
        followed = match.lastgroup == "r"
        if alphabet == "espeak" and waiting and (followed or sign in inventory.vowels):
            yield waiting
            waiting = ""
        yield inventory.sounds[sign[:-1] + "R" if followed else sign]


@lru_cache(maxsize=16)
def _inventory(alphabet: str, language: str) -> _Inventory | None:
    if alphabet not in _STRESS:
        return None
    if language == "en":
        return _english(1 if alphabet == "x-sampa" else 2)
    if alphabet != "x-sampa" or language not in _PICO_MORE:
        return None
    signs = _PICO_MORE[language].split()
    sounds = {_key(to_ipa(sign) or sign): sign for sign in signs}
    sounds |= {mark: "." if written == "." else "" for mark, written, _ in _PAUSES} | {"ː": ""}
    return _made(sounds, {}, _NEAREST_MORE[language], frozenset())


def _english(column: int) -> _Inventory:
    """Return the sounds of English; `column` 1 is Pico's X-SAMPA, 2 espeak-ng's names."""
    vowels = {ipa: row[column] for row in _ENGLISH_VOWELS for ipa in row[0].split()}
    rows = (*_ENGLISH_CONSONANTS, *_PAUSES)
    with_r = {ipa: row[column] for row in _ENGLISH_AND_R for ipa in row[0].split()}
    return _made(vowels | {row[0]: row[column] for row in rows}, with_r, _NEAREST_ENGLISH, frozenset(vowels))


def _made(
    sounds: Mapping[str, str], with_r: Mapping[str, str], nearest: Mapping[str, str], vowels: frozenset[str]
) -> _Inventory:
    single = "".join(sorted({vowel[0] for vowel in vowels if vowel[0].isalpha() and "\u0329" not in vowel}))
    r_after = f"(?P<r>(?:{longest_first(with_r).pattern})ɹ)(?![{single}ɹː\u0329]|[.ˈˌ]+[{single}])|" if with_r else ""
    pattern = re.compile(rf"{r_after}{longest_first((*sounds, *_STRESS['espeak'])).pattern}")
    translated: dict[int, str | None] = {ord(sign): sound for sign, sound in nearest.items()}
    translated |= {ord(sign): None for sign in _UNHEARD if sign not in sounds}
    taken = re.compile(rf"(?:{longest_first((*sounds.values(), *_PICO_PROSODY)).pattern})+")
    with_r = {f"{ipa}R": sign for ipa, sign in with_r.items()}
    return _Inventory({**sounds, **with_r}, pattern, taken, translated, vowels)


def _key(ipa: str) -> str:
    """Return IPA as it is looked up: decomposed, without ties."""
    return unicodedata.normalize("NFD", ipa).replace(TIE, "")
