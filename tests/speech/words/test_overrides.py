"""How a word is said just once."""

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.model.steps import Line
from calmcast.model.traits import Traits
from calmcast.model.voice import Lexicon, Phrase, Pronounced, Pronunciation
from calmcast.speech.words.overrides import own_words
from calmcast.speech.words.phrases import utterance

SOURCE = SourceRef("settle.yaml", 3, 5)
LEXICON = Lexicon(
    "en",
    "en",
    (
        Pronunciation("psoas", "so-as", (("espeak", "s'oU@s"),), False, SOURCE),
        Pronunciation("SI", "S I", (), True, SOURCE),
        Pronunciation("SI joint", "S I joint", (), True, SOURCE),
    ),
)


def said(text: str, alphabet: str | None = None) -> tuple[Phrase, ...]:
    pieces, apply = own_words((text,), (LEXICON,), alphabet)
    return utterance(pieces, 4_410, 8_820, apply).phrases


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Find the {psoas|so-us} now.", "Find the so-us now."),
        ("The {SI joint|S I joint} rests.", "The S I joint rests."),
        ("It is {SI|as letters}.", "It is S I."),
        ("Room {204|as digits}.", "Room 2 0 4."),
        ("{Namaste | numma-stay}.", "numma-stay."),
        ("Count {5-10|five or ten} breaths.", "Count five or ten breaths."),
        ("The psoas.", "The so-as."),
    ],
)
def test_a_word_is_said_as_its_line_has_it(text: str, spoken: str) -> None:
    (phrase,) = said(text)
    assert phrase.spans == (spoken,)


def test_a_word_of_the_line_wins_over_the_lexicon_in_phonemes_too() -> None:
    (phrase,) = said("Your {psoas|so-us} rests.", "espeak")
    assert phrase.spans == ("Your so-us rests.",)
    (phrase,) = said("Your psoas rests.", "espeak")
    assert phrase.spans == ("Your ", Pronounced("psoas", "s'oU@s"), " rests.")


def test_phonemes_between_slashes_are_ipa() -> None:
    (phrase,) = said("Your {psoas|/ˈsoʊæs/} rests.", "espeak")
    assert phrase.spans == ("Your ", Pronounced("psoas", "s'oUas"), " rests.")


def test_an_engine_without_phonemes_says_what_the_lexicon_has() -> None:
    (phrase,) = said("Your {psoas|/ˈsoʊæs/} rests.")
    assert phrase.spans == ("Your so-as rests.",)
    (phrase,) = said("Your {vastus|/ˈvæstəs/} rests.")
    assert phrase.spans == ("Your vastus rests.",)


def test_only_the_place_that_is_marked_is_touched() -> None:
    (phrase,) = said("Your {read|red} and read it, {read|reed} it.")
    assert phrase.spans == ("Your red and read it, reed it.",)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Your {SI|banana} is.", "Your banana is."),
        ("Your {SI|banana} joint.", "Your banana joint."),
        ("Your {SI joint|banana} is.", "Your banana is."),
        ("Your {QL|AS LETTERS} is.", "Your Q L is."),
        ("The {psoas|so-us}'s rest.", "The so-us's rest."),
        ("{Psoas|so-us} now.", "so-us now."),
    ],
)
def test_a_mark_wins_over_any_lexicon(text: str, spoken: str) -> None:
    (phrase,) = said(text)
    assert phrase.spans == (spoken,)


def test_a_caption_shows_what_is_written() -> None:
    line = Line(("Find the {psoas|so-us},", 88_200, "now."), Traits(), SOURCE)
    assert line.text == "Find the psoas, now."
    assert line.written == "Find the psoas, [2 s] now."
    assert line.said == (("psoas", "so-us"),)
