"""How a word is said just once."""

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.model.script import Line, Traits
from calmcast.model.voice import Lexicon, Phrase, Pronounced, Pronunciation
from calmcast.speech.lexicon import pronouncer
from calmcast.speech.overrides import own_words
from calmcast.speech.phrases import utterance

SOURCE = SourceRef("settle.yaml", 3, 5)
LEXICON = Lexicon("en", "en", (Pronunciation("psoas", "so-as", (("espeak", "s'oU@s"),), False, SOURCE),))


def said(text: str, alphabet: str | None = None) -> tuple[Phrase, ...]:
    pieces, own = own_words(Line((text,), Traits(), SOURCE))
    return utterance(pieces, 4_410, 8_820, pronouncer((LEXICON, *own), alphabet)).phrases


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
    _, own = own_words(Line(("Your {psoas|/ˈsoʊæs/} rests.",), Traits(), SOURCE))
    assert own[0].entries[0].phonemes == (("ipa", "ˈsoʊæs"),)


def test_a_caption_shows_what_is_written() -> None:
    line = Line(("Find the {psoas|so-us},", 88_200, "now."), Traits(), SOURCE)
    assert line.text == "Find the psoas, now."
    assert line.written == "Find the psoas, [2 s] now."
    assert line.said == (("psoas", "so-us"),)
