"""A lexicon as the text of a file: it reads back as it was."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from calmcast.diagnostics import SourceRef
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.script.edit.lexicon_text import lexicon_text
from calmcast.script.language.profiles import build_lexicon
from calmcast.script.language.reader import read

HERE = SourceRef("mine.yaml", 1, 1)
TEXTS = st.one_of(
    st.sampled_from(
        ["no", "yes", "null", "~", "1:30", "a: b", "a #b", "[x", "{y}", "'", '"', "- a", "&a", "\\", "a, b"]
    ),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
).map(lambda text: unicodedata.normalize("NFC", " ".join(text.split())))


def built(text: str) -> Lexicon:
    node, problems = read(text.encode(), "mine.yaml")
    lexicon, more = build_lexicon(node, "mine", "mine.yaml")
    assert (*problems, *more) == ()
    assert lexicon is not None
    return lexicon


def plain(lexicon: Lexicon) -> list[tuple[object, ...]]:
    return [(entry.word, entry.say, entry.phonemes, entry.case) for entry in lexicon.entries]


def test_it_is_written_as_the_one_that_ships() -> None:
    entries = (
        Pronunciation("SI joint", "S I joint", (("espeak", "'Es'aI"), ("x-sampa", '"a_I')), True, HERE),
        Pronunciation("no", "know", (), False, HERE),
    )
    text = lexicon_text(Lexicon("mine", "en", entries), "Words of\nmine.")
    assert text.startswith("# Words of mine.\n#\n")
    assert text.endswith(
        "language: en\n"
        "words:\n"
        "  - {word: SI joint, case: yes, say: S I joint, "
        'phonemes: {espeak: "\'Es\'aI", x-sampa: "\\"a_I"}}\n'
        '  - {word: "no", say: know}\n'
    )


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans(), TEXTS | st.none()), min_size=1, max_size=5))
def test_it_reads_back(words: list[tuple[str, str, bool, str | None]]) -> None:
    entries = tuple(
        Pronunciation(word, say, (("ipa", ipa),) if ipa else (), case, HERE) for word, say, case, ipa in words
    )
    lexicon = Lexicon("mine", "en-US", entries)
    back = built(lexicon_text(lexicon, "Mine."))
    assert (back.language, plain(back)) == ("en-US", plain(lexicon))
