"""Lines become phrases: where they break, how long they rest, and that no word is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.model.voice import Pronounced, Utterance
from calmcast.speech.words.phrases import LONGEST_CHARACTERS, LONGEST_WORDS, plain_text, utterance

PHRASE, SENTENCE, SECOND = 100, 700, 44_100


def as_it_is(text: str) -> tuple[str | Pronounced, ...]:
    return (text,)


def said(utterance: Utterance) -> list[str]:
    return ["".join(span if isinstance(span, str) else span.text for span in p.spans) for p in utterance.phrases]


def split(*pieces: str | int) -> Utterance:
    return utterance(pieces, PHRASE, SENTENCE, as_it_is)


def silences(*pieces: str | int) -> list[int]:
    return [phrase.silence for phrase in split(*pieces).phrases]


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("This is rest. It isn't therapy.", ["This is rest.", "It isn't therapy."]),
        ("Not in the mood? Walk in any way.", ["Not in the mood?", "Walk in any way."]),
        (
            "Over ten minutes or so, what feels good can change.",
            ["Over ten minutes or so,", "what feels good can change."],
        ),
        ("Lie on your back; let your legs be long.", ["Lie on your back;", "let your legs be long."]),
        ("One thing to know: most people feel nothing.", ["One thing to know:", "most people feel nothing."]),
        ("Rest for a while – there is no hurry.", ["Rest for a while,", "there is no hurry."]),
        ("Rest for a while—there is no hurry.", ["Rest for a while,", "there is no hurry."]),
        ("Rest for a while - there is no hurry.", ["Rest for a while,", "there is no hurry."]),
        ("Let it all go… and soften a little.", ["Let it all go,", "and soften a little."]),
        ("Let it all go... Then soften.", ["Let it all go.", "Then soften."]),
        ("Lie down (if you like to) and rest there.", ["Lie down, if you like to,", "and rest there."]),
        ("“Hello there,” she said. Good.", ["Hello there, she said.", "Good."]),
    ],
)
def test_a_line_breaks_where_a_speaker_breathes(line: str, phrases: list[str]) -> None:
    assert said(split(line)) == phrases


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("Now, if you like, shake your hands.", ["Now, if you like,", "shake your hands."]),
        ("Hands alone are plenty, too.", ["Hands alone are plenty, too."]),
        ("Yes, rest.", ["Yes, rest."]),
    ],
)
def test_a_phrase_too_short_to_stand_alone_stays_with_its_neighbour(line: str, phrases: list[str]) -> None:
    assert said(split(line)) == phrases


@pytest.mark.parametrize(
    "line",
    [
        "Use a support, e.g. a cushion.",
        "Dr. Smith and Mrs. Jones agree.",
        "We start at 10 a.m. today",
        "We start at 10 a.m. and finish at 11 p.m. tonight",
        "Rest for 3.5 minutes",
        "Come at 10:30 today",
        "About 1,000 breaths a day",
        "The books of B. K. S. Iyengar",
        "This is exercise No. 5 of seven",
    ],
)
def test_a_stop_inside_a_word_or_number_is_no_end(line: str) -> None:
    assert SENTENCE not in silences(line)
    assert len(split(line).phrases) <= 2


@pytest.mark.parametrize(
    "line", ["We end at 10 a.m. Then we rest.", "Cushions etc. Then rest.", "You and I. Then you."]
)
def test_an_abbreviation_can_end_a_sentence(line: str) -> None:
    assert silences(line) == [SENTENCE, 0]


def test_saying_no_ends_a_sentence() -> None:
    assert said(split("You can say no. Then rest.")) == ["You can say no.", "Then rest."]


def test_silences_follow_the_punctuation_and_the_last_phrase_has_none() -> None:
    assert silences("First this one, then that one. And another.") == [PHRASE, SENTENCE, 0]


def test_a_fixed_silence_takes_the_place_of_a_gap() -> None:
    assert silences("Let your head be held,", 44_100, "with your chin down.") == [44_100, 0]


def test_silences_side_by_side_add_up() -> None:
    assert silences("Rest.", 10, 20, "Rise.") == [30, 0]
    assert silences("Rest.", 10, "🙂", 20, "Rise.") == [30, 0]


def test_a_silence_at_the_edge_is_no_part_of_the_utterance() -> None:
    assert silences(5, "Rest.", 10) == [0]


def test_texts_side_by_side_are_one() -> None:
    assert said(split("Rest a", "while.")) == ["Rest a while."]


@pytest.mark.parametrize("line", ["", "  ", "…", "—", "🙂 🎉", "?!", "\u200b", "( )"])
def test_what_has_no_words_has_no_phrases(line: str) -> None:
    assert split(line) == Utterance(())


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("you’ve ‘chosen’ well", "you've chosen well"),
        ("rest\u00a0here\u200b, so\u00adftly", "rest here, softly"),
        ("\ufeffRest\r\nhere\tnow", "Rest here now"),
        ("rest 🧘🏽\u200d♀️ well ❤️", "rest well"),
        ("3–4 breaths, or 5-10", "3 to 4 breaths, or 5 to 10"),
        ("on 2026-11-22", "on 2026-11-22"),
        ("*soft* _hands_ & feet", "soft hands and feet"),
        ("wind-down", "wind-down"),
        ("two-by‑four", "two-by-four"),
        ("ﬁngers and ﬂoor", "fingers and floor"),
        ("at 37° or so", "at 37° or so"),
        ("cafe\u0301", "café"),
        ("rest.Then rise", "rest. Then rise"),
        ("Really?!! Yes!!!", "Really? Yes!"),
        ("- Rest here.", "Rest here."),
        ("<b>rest</b> [[x]] {y} a|b", "b rest /b x y a b"),
        ("for the dogs' sake", "for the dogs sake"),
    ],
)
def test_typography_becomes_plain(written: str, plain: str) -> None:
    assert plain_text(written) == plain


def test_a_long_phrase_breaks_between_words_into_even_parts() -> None:
    parts = said(split(" ".join(["soften"] * 70)))
    assert [len(part.split()) for part in parts] == [24, 24, 22]


def test_a_word_longer_than_a_phrase_is_cut() -> None:
    assert [len(part) for part in said(split("a" * 600))] == [250, 250, 100]


def test_the_lexicon_sees_each_phrase_whole() -> None:
    def hum(text: str) -> tuple[str | Pronounced, ...]:
        return (Pronounced(text, "m"),)

    phrases = utterance(("Let it all soften, then close your eyes.",), PHRASE, SENTENCE, hum).phrases
    assert [phrase.spans for phrase in phrases] == [
        (Pronounced("Let it all soften,", "m"),),
        (Pronounced("then close your eyes.", "m"),),
    ]


words = st.text("abcdefghijklmnopqrstuvwxyzABCDEGHé0123456789", min_size=1, max_size=12)
signs = st.sampled_from(
    [" ", ", ", ". ", "? ", "! ", "; ", ": ", "… ", "... ", " – ", "—", " - ", "\u00a0", " 🙂 ", " (", ") "]
)
texts = st.lists(st.tuples(words, signs), max_size=90).map(lambda parts: "".join(w + s for w, s in parts))
lines = st.lists(st.one_of(texts, st.integers(1, 10**7)), max_size=6).map(tuple)


@given(lines)
def test_no_word_is_lost_and_order_is_kept(pieces: tuple[str | int, ...]) -> None:
    written = " ".join(piece for piece in pieces if isinstance(piece, str))
    # Numbers on either side of a dash gain a word: 5 to 10.
    found = [word for word in re.findall(r"\w+", " ".join(said(split(*pieces)))) if word != "to"]
    assert found == [word for word in re.findall(r"\w+", written) if word != "to"]


@given(lines)
def test_phrases_are_short_and_silences_are_known(pieces: tuple[str | int, ...]) -> None:
    phrases = split(*pieces).phrases
    holds = sum(piece for piece in pieces if isinstance(piece, int))
    assert all(len(text) <= LONGEST_CHARACTERS and len(text.split()) <= LONGEST_WORDS for text in said(split(*pieces)))
    assert all(any(c.isalnum() for c in text) for text in said(split(*pieces)))
    assert all(0 < p.silence <= max(SENTENCE, holds) for p in phrases[:-1])
    assert all(p.silence == 0 for p in phrases[-1:])


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_split(text: str) -> None:
    for phrase in said(split(text)):
        assert phrase == phrase.strip()
        assert not set(phrase) & set("‘’“”\u00a0\u200b\ufeff\n\r\t\0<>[]{}")


@given(texts)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)


def test_a_pace_asks_for_time_by_the_word() -> None:
    pieces = ("Let your shoulders soften, and let the floor have you.", SECOND, "And rest. All is well.")
    first, second, third, fourth = utterance(pieces, PHRASE, SENTENCE, lambda text: (text,), pace=120).phrases
    assert (first.lasts, second.lasts) == (4 * SECOND // 2, 0)
    assert second.silence == SECOND
    assert third.lasts == 2 * SECOND // 2 + SENTENCE - PHRASE
    assert (fourth.lasts, fourth.silence) == (0, 0)
