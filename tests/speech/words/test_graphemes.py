"""Where words of lexicons are found in a text."""

from time import perf_counter

from calmcast.diagnostics import SourceRef
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.speech.words.graphemes import finder

HERE = SourceRef("mine.yaml", 1, 1)


def lexicon(*words: str, language: str = "en") -> Lexicon:
    return Lexicon("mine", language, tuple(Pronunciation(word, "x", (), False, HERE) for word in words))


def found(text: str, *words: str) -> list[tuple[str, str, str]]:
    """Return the entry, the text and the ending of each match."""
    matches = finder((lexicon(*words),))(text)
    return [(match.entry.pronunciation.word, text[match.start : match.end], match.ending) for match in matches]


def test_places_and_endings() -> None:
    assert found("Asanas, asana's asana-like asanasa", "asana") == [
        ("asana", "Asanas", "s"),
        ("asana", "asana's", "'s"),
        ("asana", "asana", ""),
    ]


def test_the_plural_gives_way_to_a_word_of_its_own() -> None:
    assert found("winds wind", "wind", "winds") == [("winds", "winds", ""), ("wind", "wind", "")]


def test_words_that_begin_with_a_sign() -> None:
    assert found("it is '90s, the ’90s, & more", "'90s", "&") == [
        ("'90s", "'90s", ""),
        ("'90s", "’90s", ""),
        ("&", "&", ""),
    ]


def test_a_word_that_is_no_word_is_nowhere() -> None:
    assert found("a - b", "-", "") == []


def test_a_lexicon_without_a_language_has_that_of_the_others() -> None:
    lexicons = (lexicon("a", language="de"), lexicon("b", language=""))
    assert [match.entry.language for match in finder(lexicons)("a b")] == ["de", "de"]
    assert [match.entry.language for match in finder(lexicons[1:])("b")] == ["en"]


def test_thousands_of_words_cost_no_more_than_a_few() -> None:
    many = (lexicon(*(f"word{number:05}" for number in range(20_000))),)
    find, text = finder(many), "Let your shoulders soften, word00017, and rest. " * 50
    began = perf_counter()
    assert sum(1 for _ in find(text)) == 50
    # Trying every word everywhere takes a minute.
    assert perf_counter() - began < 2
