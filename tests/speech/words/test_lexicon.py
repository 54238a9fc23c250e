"""Pronunciations: which words they match, which of several wins, and that the rest of the text stays."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.diagnostics import SourceRef
from calmcast.model.voice import Lexicon, Pronounced, Pronunciation
from calmcast.speech.words.lexicon import Spans, pronouncer

HERE = SourceRef("voices/lexicon/en.yaml", 1, 1)


def entry(word: str, say: str | None = None, case: bool = False, **phonemes: str) -> Pronunciation:
    return Pronunciation(word, say, tuple((k.replace("_", "-"), v) for k, v in phonemes.items()), case, HERE)


def apply(text: str, *entries: Pronunciation, alphabet: str | None = None) -> Spans:
    return pronouncer((Lexicon("en", "en", entries),), alphabet)(text)


PSOAS = entry("psoas", "so-us", espeak="s'oU@s")
SI_JOINT = entry("SI joint", "S I joint", case=True)
CLOSE = entry("close your", "cloze your")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the psoas.", "the so-us."),
        ("Psoas, PSOAS; psoas", "so-us, so-us; so-us"),
        ("(psoas)", "(so-us)"),
        ("psoas-like", "so-us-like"),
        ("the psoas's end", "the so-us's end"),
        ("the psoas’s end", "the so-us’s end"),
        ("iliopsoas", "iliopsoas"),
        ("psoasis", "psoasis"),
        ("psoas'll", "psoas'll"),
        ("l'psoas", "l'psoas"),
    ],
)
def test_whole_words_match_in_any_case(text: str, said: str) -> None:
    assert apply(text, PSOAS) == (said,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("your SI joint, low down", "your S I joint, low down"),
        ("both SI joints", "both S I joints"),
        ("the SI-joint", "the S I joint"),
        ("the SI  joint", "the S I joint"),
        ("the si joint", "the si joint"),
    ],
)
def test_an_entry_with_case_matches_only_as_written(text: str, said: str) -> None:
    assert apply(text, SI_JOINT) == (said,)


def test_several_words_tell_two_sounds_apart() -> None:
    assert apply("Close your eyes and stay close by.", CLOSE) == ("cloze your eyes and stay close by.",)


def test_words_apart_by_punctuation_are_not_together() -> None:
    assert apply("stay close, your way", CLOSE) == ("stay close, your way",)


def test_a_short_word_has_no_plural() -> None:
    assert apply("hi, his", entry("hi", "hye")) == ("hye, his",)
    assert apply("asana, asanas", entry("asana", "ah-sunna")) == ("ah-sunna, ah-sunnas",)


def test_the_longest_word_wins_then_case_then_the_later_lexicon() -> None:
    shorter, longer = entry("wind", "w1"), entry("wind down", "w2")
    assert apply("wind, wind down", shorter, longer) == ("w1, w2",)
    assert apply("US, us", entry("us", "uss"), entry("US", "U S", case=True)) == ("U S, uss",)
    first, second = Lexicon("en", "en", (entry("asana", "one"),)), Lexicon("mine", "en", (entry("Asana", "two"),))
    assert pronouncer((first, second), None)("asana") == ("two",)


def test_phonemes_come_where_the_engine_takes_them() -> None:
    both = entry("psoas", "so-us", espeak="s'oU@s", x_sampa='"s@_U.@s')
    assert apply("Your psoas rests.", both, alphabet="espeak") == ("Your ", Pronounced("psoas", "s'oU@s"), " rests.")
    assert apply("Psoas", both, alphabet="x-sampa") == (Pronounced("Psoas", '"s@_U.@s'),)
    assert apply("psoas", both, alphabet="ipa") == (Pronounced("psoas", "sˈoʊəs"),)
    assert apply("psoas", both, alphabet="arpabet") == ("so-us",)
    assert apply("psoas", both) == ("so-us",)


def test_an_entry_without_a_form_for_the_engine_keeps_the_text_and_its_place() -> None:
    longer, shorter = entry("wind chime", espeak="w'IndtSaIm"), entry("wind", "wined")
    assert apply("a wind chime", longer, shorter) == ("a wind chime",)


@pytest.mark.parametrize(
    ("alphabet", "phonemes", "said"),
    [
        ("espeak", "s'oU@s", "s'oU@sI#z"),
        ("x-sampa", '"s@_U.@s', '"s@_U.@sIz'),
        ("espeak", "dZ'OInt", "dZ'OInts"),
        ("x-sampa", '"A:.s@.n@', '"A:.s@.n@z'),
        ("espeak", "m'VdZ", "m'VdZI#z"),
    ],
)
def test_an_s_sounds_as_the_sound_before_it_asks(alphabet: str, phonemes: str, said: str) -> None:
    word = Pronunciation("wordy", None, ((alphabet, phonemes),), False, HERE)
    assert apply("wordy's", word, alphabet=alphabet) == (Pronounced("wordy's", said),)


def test_signs_in_a_word_mean_themselves() -> None:
    assert apply("a.b axb", entry("a.b", "A B")) == ("A B axb",)
    assert apply("T’ai chi", entry("t'ai chi", "tie chee")) == ("tie chee",)


def test_letters_match_however_they_are_composed() -> None:
    assert apply("a\u0304sana", entry("āsana", "ah-sunna")) == ("ah-sunna",)


def test_nothing_gives_nothing() -> None:
    assert apply("", PSOAS) == ()
    assert apply("rest") == ("rest",)
    assert pronouncer((), "espeak")("rest") == ("rest",)


@given(st.text(alphabet="psoa SIjointcleyur'’-.,", max_size=60))
def test_the_rest_of_the_text_stays(text: str) -> None:
    """With phonemes for every word, the texts of the spans laid end to end are the text."""
    words = tuple(entry(word, espeak="x") for word in ("psoas", "SI joint", "close your", "so"))
    spans = apply(text, *words, alphabet="espeak")
    assert "".join(span if isinstance(span, str) else span.text for span in spans) == text
    assert all(span for span in spans)
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(spans))
