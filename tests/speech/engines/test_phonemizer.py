"""Phonemes for neural voices, by the real espeak-ng, and in Kokoro's letters."""

from importlib.util import find_spec

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.engines.kokoro import LANGUAGES, kokoro_letters
from calmcast.speech.engines.phonemizer import LONGEST, Phonemizer

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(find_spec("espeakng_loader") is None, reason="espeakng-loader is not installed"),
]


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("Let go, and rest.", "lˈɛt ɡˈoʊ, ænd ɹˈɛst."),
        ("Now: breathe…", "nˈaʊ: bɹˈiːð."),
        ("Is it well?", "ɪz ɪt wˈɛl?"),
        ("Rest!", "ɹˈɛst!"),
        ("and rest", "ænd ɹˈɛst."),
        ("and rest,", "ænd ɹˈɛst,"),
        ("Mr. Smith", "mˈɪstɚ smˈɪθ."),
        ("1,000 or 3.5", "wˈʌn θˈaʊzənd ɔːɹ θɹˈiː pɔɪnt fˈaɪv."),
    ],
)
def test_clauses_keep_their_marks(text: str, phonemes: str) -> None:
    assert Phonemizer("en-us").chunks(text) == (phonemes,)


@pytest.mark.parametrize("text", ["", " ", "?!", "…", ", ,"])
def test_what_has_no_words_has_no_phonemes(text: str) -> None:
    assert Phonemizer("en-us").chunks(text) == ()


def test_long_texts_come_in_chunks_cut_between_words() -> None:
    chunks = Phonemizer("en-us").chunks("one two, " * 60)
    assert len(chunks) > 1
    assert all(len(chunk) <= LONGEST for chunk in chunks)
    assert " ".join(chunks).split() == ["wˈʌn", "tˈuː,"] * 60


def test_letters_with_accents_are_taken_apart_and_other_languages_not_named() -> None:
    assert Phonemizer("fr").chunks("un weekend, un pain") == ("œ\u0303 wiːkˈɛnd, œ\u0303 pˈɛ\u0303.",)


def test_languages_are_found_by_name_and_by_tag() -> None:
    assert Phonemizer("en-gb").chunks("go") == Phonemizer("en-gb-x-rp").chunks("go") == ("ɡˈəʊ.",)
    for language in LANGUAGES.values():
        assert Phonemizer(language).chunks("a")
    with pytest.raises(SpeechError, match="espeak-ng has no language `xx-nobody`"):
        Phonemizer("xx-nobody")


@pytest.mark.parametrize(
    ("language", "text", "letters"),
    [
        ("en-us", "Each joint may choose how to go high, boy.", "ˈiʧ ʤˈYnt mˈA ʧˈuz hˌW tə ɡˌO hˈI, bˈY."),
        ("en-us", "First bird, little button.", "fˈɜɹst bˈɜɹd, lˈɪTᵊl bˈʌtᵊn."),
        ("en-gb", "Go near there.", "ɡˌQ nˌɪə ðˈɛː."),
        ("fr-fr", "garçon", "ɡaʁsˈɔ̃."),
        ("it", "ciao", "ʧˈao."),
    ],
)
def test_kokoro_has_letters_of_its_own(language: str, text: str, letters: str) -> None:
    (tied,) = Phonemizer(language, ties=True).chunks(text)
    assert kokoro_letters(tied, language) == letters
