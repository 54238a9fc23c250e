"""The phoneme alphabets: the signs of the IPA and of X-SAMPA, and each written in the other.

The IPA as in its chart of 2020; X-SAMPA as in J. C. Wells, "Computer-coding the IPA: a proposed extension of SAMPA"
(1995). How an engine's voice comes by its sounds is another matter: see `inventories`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

_LETTERS = {
    # plosives, nasals, trills, taps
    "p": "p", "b": "b", "t": "t", "d": "d", "ʈ": "t`", "ɖ": "d`", "c": "c", "ɟ": "J\\", "k": "k", "ɡ": "g", "q": "q",
    "ɢ": "G\\", "ʡ": ">\\", "ʔ": "?", "m": "m", "ɱ": "F", "n": "n", "ɳ": "n`", "ɲ": "J", "ŋ": "N", "ɴ": "N\\",
    "ʙ": "B\\", "r": "r", "ʀ": "R\\", "ɾ": "4", "ɽ": "r`", "ɺ": "l\\",
    # fricatives
    "ɸ": "p\\", "β": "B", "f": "f", "v": "v", "θ": "T", "ð": "D", "s": "s", "z": "z", "ʃ": "S", "ʒ": "Z", "ʂ": "s`",
    "ʐ": "z`", "ɕ": "s\\", "ʑ": "z\\", "c\u0327": "C", "ʝ": "j\\", "x": "x", "ɣ": "G", "χ": "X", "ʁ": "R", "ħ": "X\\",
    "ʕ": "?\\", "ʜ": "H\\", "ʢ": "<\\", "h": "h", "ɦ": "h\\", "ɧ": "x\\", "ɬ": "K", "ɮ": "K\\",
    # approximants
    "ʋ": "v\\", "ɹ": "r\\", "ɻ": "r\\`", "j": "j", "ɰ": "M\\", "l": "l", "ɭ": "l`", "ʎ": "L", "ʟ": "L\\", "ɫ": "5",
    "w": "w", "ʍ": "W", "ɥ": "H",
    # implosives, clicks
    "ɓ": "b_<", "ɗ": "d_<", "ʄ": "J\\_<", "ɠ": "g_<", "ʛ": "G\\_<",
    "ʘ": "O\\", "ǀ": "|\\", "ǃ": "!\\", "ǂ": "=\\", "ǁ": "|\\|\\",
    # vowels
    "i": "i", "y": "y", "ɨ": "1", "ʉ": "}", "ɯ": "M", "u": "u", "ɪ": "I", "ʏ": "Y", "ᵻ": "I\\", "ᵿ": "U\\", "ʊ": "U",
    "e": "e", "ø": "2", "ɘ": "@\\", "ɵ": "8", "ɤ": "7", "o": "o", "ə": "@", "ɚ": "@`", "ɛ": "E", "œ": "9", "ɜ": "3",
    "ɝ": "3`", "ɞ": "3\\", "ʌ": "V", "ɔ": "O", "æ": "{", "ɐ": "6", "a": "a", "ɶ": "&", "ɑ": "A", "ɒ": "Q",
}  # fmt: skip
_PROSODY = {
    "ˈ": '"', "ˌ": "%", "ː": ":", "ˑ": ":\\", ".": ".", "‿": "-\\", "|": "|", "‖": "||", "↗": "<R>", "↘": "<F>",
    "ꜛ": "^", "ꜜ": "!", " ": " ",
}  # fmt: skip
_DIACRITICS = {
    "\u0325": "_0", "\u032c": "_v", "ʰ": "_h", "\u0339": "_O", "\u031c": "_c", "\u031f": "_+", "\u0320": "_-",
    "\u0308": '_"', "\u033d": "_x", "\u0329": "=", "\u032f": "_^", "˞": "`", "\u0324": "_t", "\u0330": "_k",
    "\u033c": "_N", "ʷ": "_w", "ʲ": "_j", "ˠ": "_G", "ˤ": "_?\\", "\u0334": "_e", "\u031d": "_r", "\u031e": "_o",
    "\u0318": "_A", "\u0319": "_q", "\u032a": "_d", "\u033a": "_a", "\u033b": "_m", "\u0303": "~", "ⁿ": "_n",
    "ˡ": "_l", "\u031a": "_}", "ʼ": "_>", "\u0306": "_X", "\u030b": "_T", "\u0301": "_H", "\u0304": "_M",
    "\u0300": "_L", "\u030f": "_B", "\u030c": "_R", "\u0302": "_F", "\u1dc4": "_H_T", "\u1dc5": "_B_L",
    "\u1dc8": "_R_F",
}  # fmt: skip
TIE = "\u0361"
"""Joins two letters of the IPA into one sound; in X-SAMPA an underscore, as in `t_S`."""

_SIGNS = {**_LETTERS, **_PROSODY, **_DIACRITICS, TIE: "_"}
_FROM_X_SAMPA = {sign: ipa for ipa, sign in _SIGNS.items()} | {
    "P": "ʋ", "_=": "\u0329", "_~": "\u0303", "_`": "˞", "_/": "\u030c", "_\\": "\u0302", "'": "ʲ", "-": "",
}  # fmt: skip
_VOWELS = frozenset("iyɨʉɯuɪʏᵻᵿʊeøɘɵɤoəɚɛœɜɝɞʌɔæɐaɶɑɒ")

_OTHER_FORMS = {
    "g": "ɡ", "'": "ˈ", "′": "ˈ", ":": "ː", "ε": "ɛ", "ǝ": "ə", "ɩ": "ɪ", "ɷ": "ʊ", "’": "ʼ", "!": "ǃ", "ʱ": "ʰ",
    "ʧ": f"t{TIE}ʃ", "ʤ": f"d{TIE}ʒ", "ʦ": f"t{TIE}s", "ʣ": f"d{TIE}z", "ʨ": f"t{TIE}ɕ", "ʥ": f"d{TIE}ʑ",
    "\u035c": TIE, "\u030a": "\u0325", "\u030d": "\u0329", "\u0311": "\u032f", "\u00a0": " ",
}  # fmt: skip
"""Other ways in which signs of the IPA are written, old ones and what keyboards have."""

_ESPEAK_SOUNDS = {
    "i:": "iː", "i": "i", "I": "ɪ", "I2": "ɪ", "I#": "ᵻ", "E": "ɛ", "E2": "ɛ", "a": "æ", "a#": "ɐ", "aa": "æ",
    "A:": "ɑː", "A@": "ɑːɹ", "A#": "ɑː", "0": "ɑː", "0#": "ɑː", "O:": "ɔː", "O": "ɔː", "O@": "ɔːɹ", "o@": "oːɹ",
    "U": "ʊ", "U@": "ʊɹ", "u:": "uː", "u": "u", "V": "ʌ", "@": "ə", "@2": "ə", "@5": "ə", "@L": "əl", "@m": "əm",
    "@n": "ən", "3": "ɚ", "3:": "ɜː", "eI": "eɪ", "aI": "aɪ", "OI": "ɔɪ", "aU": "aʊ", "oU": "oʊ",
    "e@": "ɛɹ", "i@": "iə", "i@3": "ɪɹ", "r": "ɹ", "r-": "ɹ", "t#": "ɾ", "g": "ɡ", "T": "θ", "D": "ð", "S": "ʃ",
    "Z": "ʒ", "N": "ŋ", "tS": "tʃ", "dZ": "dʒ", "x": "x", "?": "ʔ", "n-": "n\u0329", "'": "ˈ", "''": "ˈ", ",": "ˌ",
    "%": "", "=": "", ";": "", ":": "ː", "|": "", "||": " ", "_": " ", "_:": " ", " ": " ",
    **{letter: letter for letter in "pbtdkfvszhmnljw"},
}  # fmt: skip
"""espeak-ng's names of the sounds of American English, and how it writes them in IPA (`espeak-ng -v en-us --ipa`)."""

_ESPEAK = frozenset(map(chr, range(ord(" "), ord("~") + 1))) - frozenset("[\\]")
"""What a name of espeak-ng's phonemes is made of; square brackets would end them."""


def longest_first(signs: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of any of these signs, the longest where several fit."""
    return re.compile("|".join(map(re.escape, sorted((sign for sign in signs if sign), key=lambda s: (-len(s), s)))))


_KNOWN: Mapping[str, Collection[str]] = {
    "ipa": _SIGNS,
    "x-sampa": _FROM_X_SAMPA,
    "american": _ESPEAK_SOUNDS,
    "espeak": _ESPEAK,
}
_LONGEST = {alphabet: max(map(len, signs)) for alphabet, signs in _KNOWN.items()}


def plain_ipa(ipa: str) -> str:
    """Return IPA in one form: decomposed, without the slashes or brackets around it, one sign for one thing."""
    text = unicodedata.normalize("NFD", " ".join(ipa.split()))
    if text[:1] + text[-1:] in ("//", "[]") and len(text) > 1:
        text = text[1:-1].strip()
    # Unicode's order of marks puts the stroke through a letter before the cedilla that makes it another letter.
    text = text.replace("c\u0334\u0327", "c\u0327\u0334")
    return "".join(_OTHER_FORMS.get(character, character) for character in text)


def to_ipa(x_sampa: str) -> str | None:
    """Return X-SAMPA as IPA in composed form (NFC), or None where it has a sign that is not X-SAMPA.

    A diphthong is written without a tie, as dictionaries do: `a_I` is `aɪ`.
    """
    signs = _signs("x-sampa", " ".join(x_sampa.split()))
    if signs is None:
        return None
    ipa = [_FROM_X_SAMPA[sign] for sign in signs]
    kept = (sign for sign, after in pairwise((*ipa, "")) if sign != TIE or after not in _VOWELS)
    return unicodedata.normalize("NFC", "".join(kept))


def american_ipa(names: str) -> str | None:
    """Return espeak-ng's names of American English sounds in IPA, as voices taught by it read them.

    None where one is not known. A vowel before an `r` of its own (`e@r`) has the one `ɹ` that espeak-ng says.
    """
    found = _signs("american", names)
    return None if found is None else "".join(_ESPEAK_SOUNDS[name] for name in found).replace("ɹɹ", "ɹ")


def unknown_signs(alphabet: str, phonemes: str) -> tuple[str, ...]:
    """Return what is in `phonemes` and not in the alphabet (`ipa`, `x-sampa`, `espeak`), each once, in order.

    Of espeak-ng's own names, which differ from language to language, only what none of them has is found. An
    alphabet that is not known here has no unknown signs.
    """
    if alphabet not in ("ipa", "x-sampa", "espeak"):
        return ()
    text = plain_ipa(phonemes) if alphabet == "ipa" else " ".join(phonemes.split())
    return tuple(dict.fromkeys(_strange(alphabet, text)))


def _strange(alphabet: str, text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        sign = _sign_at(alphabet, text, position)
        if not sign:
            yield text[position]
        position += len(sign) or 1


def _signs(alphabet: str, text: str) -> list[str] | None:
    """Return the signs of a text, or None where something in it is none."""
    found, position = list[str](), 0
    while position < len(text):
        sign = _sign_at(alphabet, text, position)
        if not sign:
            return None
        found.append(sign)
        position += len(sign)
    return found


def _sign_at(alphabet: str, text: str, position: int) -> str:
    """Return the longest sign of an alphabet that stands there; nothing where none does."""
    signs = _KNOWN[alphabet]
    ahead = (text[position : position + length] for length in range(_LONGEST[alphabet], 0, -1))
    return next((sign for sign in ahead if sign in signs), "")
