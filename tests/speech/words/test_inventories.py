"""Phonemes in the sounds that the voices have: nothing of them is dropped, and they say the word."""

import re

import pytest

from calmcast.diagnostics import Severity, SourceRef
from calmcast.model.voice import Lexicon, Phrase, Pronounced, Pronunciation
from calmcast.script.language.profiles import build_lexicon
from calmcast.script.language.reader import read
from calmcast.speech.engines.registry import find
from calmcast.speech.words.inventories import _PICO_MORE, _english, _inventory, voiced
from calmcast.speech.words.lexicon import check_lexicon, matches, pronouncer
from tests.speech.words.test_pronunciation import (
    ESPEAK_TRACE,
    PICO_SAMPLES,
    in_a_child,
    lexicon,
    needs_espeak,
    needs_pico,
)

HERE = SourceRef("mine.yaml", 1, 1)

WORDS = {
    "shoulder": "ˈʃoʊldɚ",
    "breathing": "ˈbɹiːðɪŋ",
    "hamstrings": "ˈhæmstɹɪŋz",
    "bolster": "ˈboʊlstər",
    "cushion": "/ˈkʊʃən/",
    "nurse": "nɜːs",
    "measure": "ˈmɛʒɚ",
    "choice": "tʃɔɪs",
    "mouth": "maʊθ",
    "thumb": "θʌm",
    "yellow": "ˈjeləʊ",
    "father": "ˈfɑːðɚ",
    "garden": "ˈɡɑːrdən",
    "hair": "hɛɹ",
    "quiet": "ˈkwaɪət",
    "window": "ˈwɪndoʊ",
    "voice": "vɔɪs",
    "school": "skuːl",
    "lazy": "ˈleɪzi",
    "north": "nɔːɹθ",
}
"""Words that the engines read well by themselves, and their IPA as dictionaries have it, British and American."""


def english(ipa: str, alphabet: str) -> str | None:
    return voiced((("ipa", ipa),), alphabet, "en-US")


@pytest.mark.parametrize(
    ("ipa", "pico", "espeak"),
    [
        ("ˈsoʊ.əs", '"s@_U.@s', "s'oU|@s"),
        ("ˌsækroʊˈɪliæk", '%s{kr\\@_U"Ili:{k', "s,akroU'Iliak"),
        ("ˈstɑːɹi", '"stA:r\\i:', "st'A:ri"),
        ("kɑːɹ", "kA:r\\", "kA@"),
        ("fɪəɹs", "fIr\\s", "fi@3s"),
        ("bɜːɹd", "b3:d", "b3:d"),
        ("ˈhɒt.ʃɒt", '"hQt.SQt', "h'0t|S0t"),
        ("ˈlɪtl̩", '"lIt@l', "l'It@L"),
        ("mʊˈd̪rɑː", 'mU"dr\\A:', "mUdr'A:"),
        ("ʋɪɲjaːsɐ", "vInjA:sV", "vInjA:sV"),
        ("ˈklaʊz jɔː", '"kla_Uz.jO:', "kl'aUz jO:"),
    ],
)
def test_ipa_in_english_sounds(ipa: str, pico: str, espeak: str) -> None:
    assert english(ipa, "x-sampa") == pico
    assert english(ipa, "espeak") == espeak


@pytest.mark.parametrize("ipa", ["bɔ̃", "tyː", "ǃa", "", "ˈs7"])
def test_what_english_cannot_say_is_left_to_the_respelling(ipa: str) -> None:
    for alphabet in ("x-sampa", "espeak", "tengwar"):
        assert english(ipa, alphabet) is None
    entry = Pronunciation("bon", "bong", (("ipa", ipa),), False, HERE)
    assert pronouncer((Lexicon("mine", "en", (entry,)),), "espeak")("bon") == ("bong",)


def test_ones_own_alphabet_comes_first_then_ipa() -> None:
    every = (("espeak", "'a"), ("ipa", "iː"), ("x-sampa", "u:"))
    assert voiced(every, "espeak", "en") == "'a"
    assert voiced(every, "x-sampa", "en") == "u:"
    assert voiced(every[1:], "espeak", "en") == "i:"
    assert voiced(every[2:], "espeak", "en") is None
    assert voiced(every[:1], "x-sampa", "en") is None


def test_standard_x_sampa_is_written_as_pico_takes_it() -> None:
    assert voiced((("x-sampa", "roUt"),), "x-sampa", "en") == "r\\@_Ut"
    assert voiced((("x-sampa", "bO~"),), "x-sampa", "en") is None
    assert voiced((("x-sampa", "roUt"),), "x-sampa", "pt") == "roUt"


def test_the_shipped_lexicon_is_taken_as_it_is_written() -> None:
    for entry in lexicon().entries:
        for alphabet, phonemes in entry.phonemes:
            assert voiced(entry.phonemes, alphabet, "en") == phonemes


def test_other_languages_of_pico() -> None:
    assert voiced((("ipa", "ˈyːbʊŋ"),), "x-sampa", "de-AT") == '"y:bUN'
    assert voiced((("ipa", "ˈraɪ̯çə"),), "x-sampa", "de") == '"Ra_IC@'
    assert voiced((("ipa", "ʁɛspiʁe bɔ̃"),), "x-sampa", "fr") == "REspiRe.bO~"
    assert voiced((("ipa", "reˈspiro"),), "x-sampa", "it") == 're"spiro'
    assert voiced((("ipa", "æ"),), "x-sampa", "de") is None
    assert voiced((("ipa", "ˈyːbʊŋ"),), "espeak", "de") is None


def test_a_word_of_a_line_is_in_the_language_of_the_lexicons() -> None:
    own = Lexicon("line", "", (Pronunciation("psoas", None, (("ipa", "ˈsoʊəs"),), False, HERE),))
    assert pronouncer((own,), "x-sampa")("psoas") == (Pronounced("psoas", '"s@_U@s'),)
    german = Lexicon("de", "de", (Pronunciation("a", "a", (), False, HERE),))
    assert pronouncer((german, own), "espeak")("psoas") == ("psoas",)


def test_a_possessive_has_its_ending() -> None:
    entry = Pronunciation("vagus", None, (("ipa", "ˈveɪɡəs"),), False, HERE)
    assert pronouncer((Lexicon("mine", "en", (entry,)),), "x-sampa")("vagus's") == (
        Pronounced("vagus's", '"ve_Ig@sIz'),
    )


def test_matches_are_the_entries_that_are_applied() -> None:
    wind, down = (Pronunciation(word, "x", (), False, HERE) for word in ("wind", "wind down"))
    lexicons = (Lexicon("en", "en", (wind, down)),)
    assert matches(lexicons, "Wind down, wind. Winding.") == (down, wind)
    assert matches(lexicons, "") == ()
    assert matches((), "wind") == ()


def test_unknown_signs_are_told_with_their_place() -> None:
    text = "words:\n  - {word: psoas, say: so-as, phonemes: {ipa: ˈs7o, x-sampa: sʊ}}\n"
    built, _ = build_lexicon(read(text.encode(), "mine.yaml")[0], "mine", "mine.yaml")
    assert built is not None
    assert check_lexicon(lexicon()) == ()
    problems = check_lexicon(built)
    assert [(str(p.source), p.source.width, p.code, p.severity) for p in problems] == [
        ("mine.yaml:2:62", 2, "unknown-sign", Severity.WARNING),
        ("mine.yaml:2:47", 4, "unknown-sign", Severity.WARNING),
    ]
    assert problems[1].message == "the phonemes of `psoas` have signs that ipa does not have: `7`"


@needs_espeak
@pytest.mark.real
def test_espeak_says_the_ipa_of_a_word_as_it_says_the_word() -> None:
    given = [f"[[{english(ipa, 'espeak')}]]" for ipa in WORDS.values()]
    assert dict(zip(WORDS, in_a_child(ESPEAK_TRACE, given), strict=True)) == dict(
        zip(WORDS, in_a_child(ESPEAK_TRACE, list(WORDS)), strict=True)
    )


@needs_espeak
@pytest.mark.real
def test_espeak_has_every_sound_of_english() -> None:
    """What espeak-ng does not know is not in what it says that it said."""
    signs = sorted({sign for sign in _english(2).sounds.values() if sign not in ("", "|", " ")})
    vowels = {sign for ipa, sign in _english(2).sounds.items() if ipa in _english(2).vowels or ipa.endswith("R")}
    texts = [f"[[k'{sign}p]]" if sign in vowels else f"[['A:{sign}O:]]" for sign in signs]
    heard = in_a_child(ESPEAK_TRACE, texts)
    for sign, said in zip(signs, heard, strict=True):
        assert re.sub(r"t#", "t", said) in (f"k'{sign}p", f"'A:{sign}O:"), sign


@needs_pico
@pytest.mark.real
def test_pico_says_the_ipa_of_a_word_as_it_says_the_word() -> None:
    """At the end of a sentence, the very same samples."""
    markup = find("pico").markup
    spelt = [english(ipa, "x-sampa") or "" for ipa in WORDS.values()]
    given = [
        markup(Phrase(("I can see the ", Pronounced(word, x), "."), 0)) for word, x in zip(WORDS, spelt, strict=True)
    ]
    plain = in_a_child(PICO_SAMPLES, [f"I can see the {word}." for word in WORDS])
    assert dict(zip(WORDS, in_a_child(PICO_SAMPLES, given), strict=True)) == dict(zip(WORDS, plain, strict=True))


@needs_pico
@pytest.mark.real
@pytest.mark.parametrize("language", ["en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT"])
def test_pico_leaves_no_sound_out(language: str) -> None:
    """A sign that a voice does not know changes nothing of what it says."""
    inventory = _inventory("x-sampa", language[:2])
    assert inventory is not None
    signs = _PICO_MORE.get(language[:2], "").split() or [s for s in inventory.sounds.values() if s not in ("", ".")]
    signs = [sign for sign in dict.fromkeys(signs) if not (sign == "@`" and language == "en-GB")]
    markup, vowel = find("pico").markup, "i:" if "i:" in signs else "i"

    def spoken(phonemes: str) -> str:
        return markup(Phrase((Pronounced("x", phonemes),), 0))

    program = PICO_SAMPLES.replace("en-US", language)
    without, *heard = in_a_child(program, [spoken(f'"k{vowel}t')] + [spoken(f'"k{vowel}.{s}t') for s in signs])
    silent = [sign for sign, sound in zip(signs, heard, strict=True) if sound == without]
    assert silent == []
