"""W3C's pronunciation lexicons: read, written, and what is refused."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.diagnostics import Severity, SourceRef
from calmcast.model.voice import Lexicon, Pronunciation
from calmcast.script.language.profiles import build_lexicon
from calmcast.script.language.reader import read
from calmcast.speech.pls import MOST_BYTES, read_pls, write_pls
from calmcast.speech.words.phonemes import to_ipa

HERE = SourceRef("words.pls", 1, 1)
SHIPPED = Path(__file__).parent.parent.parent / "voices" / "lexicon" / "en.yaml"
START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" '
    'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">\n'
)


Entry = tuple[str, str | None, tuple[tuple[str, str], ...], bool]


def entries(lexemes: str, start: str = START) -> tuple[list[Entry], list[str]]:
    """Return what a file with these lexemes gives, without places, and its problems as `line: code`."""
    lexicon, problems = read_pls(f"{start}{lexemes}</lexicon>".encode(), "my/words.pls")
    found = [(e.word, e.say, e.phonemes, e.case) for e in lexicon.entries] if lexicon else []
    return found, [f"{problem.source.line}: {problem.code}" for problem in problems]


def refused(data: bytes | str) -> tuple[str, int, str]:
    """Return the code, the line and the message of the one problem for which a file is refused."""
    lexicon, problems = read_pls(data.encode() if isinstance(data, str) else data, "words.pls")
    assert lexicon is None
    assert [problem.severity for problem in problems] == [Severity.ERROR]
    assert problems[0].hint
    return problems[0].code, problems[0].source.line, problems[0].message


def test_graphemes_phonemes_and_aliases() -> None:
    lexemes = """\
<metadata><x/></metadata><meta name="a" content="b"/>
<lexeme role="noun"><grapheme>psoas</grapheme><grapheme>Psoas  muscle</grapheme>
  <phoneme>ˈsoʊ.əs</phoneme><phoneme alphabet="X-SAMPA">"s@_U.@s</phoneme><example>the psoas</example></lexeme>
<lexeme><grapheme>SI</grapheme><alias>S I</alias></lexeme>
"""
    phonemes = (("ipa", "ˈsoʊ.əs"), ("x-sampa", '"s@_U.@s'))
    found = [("psoas", None, phonemes, False), ("Psoas muscle", None, phonemes, False), ("SI", "S I", (), False)]
    assert entries(lexemes) == (found, [])


def test_a_lexicon_is_called_as_its_file_and_knows_its_lines() -> None:
    data = f"{START}\n\n<lexeme><grapheme>a</grapheme><alias>b</alias></lexeme></lexicon>".encode()
    lexicon, _ = read_pls(data, "my/words.pls")
    assert lexicon is not None
    assert (lexicon.name, lexicon.language) == ("words", "en-US")
    assert str(lexicon.entries[0].source) == "my/words.pls:5:9"


def test_the_preferred_pronunciation_counts() -> None:
    lexemes = (
        '<lexeme><grapheme>a</grapheme><phoneme>e</phoneme><phoneme prefer="true">iː</phoneme></lexeme>'
        "<lexeme><grapheme>b</grapheme><phoneme>e</phoneme><phoneme>iː</phoneme><alias>c</alias></lexeme>"
        '<lexeme><grapheme>d</grapheme><phoneme>e</phoneme><alias>f</alias><alias prefer="true">g</alias></lexeme>'
    )
    said = [("a", None, (("ipa", "iː"),), False), ("b", "c", (("ipa", "e"),), False), ("d", "g", (), False)]
    assert entries(lexemes) == (said, [])


def test_the_root_says_the_alphabet() -> None:
    start = START.replace('"ipa"', '"x-sampa"')
    lexeme = "<lexeme><grapheme>a</grapheme><phoneme>A:</phoneme></lexeme>"
    assert entries(lexeme, start) == ([("a", None, (("x-sampa", "A:"),), False)], [])


@pytest.mark.parametrize(
    ("lexeme", "problem"),
    [
        ("<grapheme>b</grapheme>", "no-pronunciation"),
        ("<alias>b</alias>", "no-grapheme"),
        ("<grapheme> </grapheme><alias>b</alias>", "bad-text"),
        (f"<grapheme>b</grapheme><grapheme>{'c' * 501}</grapheme><alias>b</alias>", "bad-text"),
        ("<grapheme>b</grapheme><phoneme>s7</phoneme><alias>b</alias>", "unknown-sign"),
        ('<grapheme>b</grapheme><phoneme alphabet="x-klingon">b</phoneme><alias>b</alias>', "unknown-alphabet"),
        ("<grapheme>A</grapheme><alias>z</alias>", "word-twice"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told(lexeme: str, problem: str) -> None:
    first = "<lexeme><grapheme>a</grapheme><alias>eh</alias></lexeme>\n"
    found, problems = entries(f"{first}<lexeme>{lexeme}</lexeme>")
    assert found[0] == ("a", "eh", (), False)
    assert ("b", "b", (), False) in found[1:] or len(found) == 1
    assert problems[0] == f"4: {problem}"


ATTACK = """\
<?xml version="1.0"?>
<!DOCTYPE lexicon [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<lexicon/>"""


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (ATTACK, "document-type", 2),
        ('<?xml version="1.0"?>\n<!DOCTYPE lexicon SYSTEM "file:///etc/passwd">\n<lexicon/>', "document-type", 2),
        ("<lexicon>&other;</lexicon>", "not-xml", 1),
        ("<lexicon>\n<lexeme>\n</lexicon>", "not-xml", 3),
        ("", "not-xml", 1),
        ("language: en\n", "not-xml", 1),
        ('<?xml version="1.0" encoding="klingon"?><lexicon/>', "not-utf-8", 1),
        ("<lexicon version='1.0'/>", "not-pls", 1),
        ("\n<html/>", "not-pls", 2),
        (START.replace('"1.0" xmlns', '"2.0" xmlns') + "</lexicon>", "not-pls", 2),
        (START.replace('version="1.0" xmlns', "xmlns") + "</lexicon>", "not-pls", 2),
        (START.replace(' xml:lang="en-US"', "") + "</lexicon>", "bad-language", 2),
        (START.replace("en-US", "../en") + "</lexicon>", "bad-language", 2),
        (START + "</lexicon>", "no-words", 2),
        (" " * (MOST_BYTES + 1), "file-too-large", 1),
    ],
)
def test_what_is_refused(text: str, code: str, line: int) -> None:
    assert refused(text)[:2] == (code, line)


def test_a_megabyte_of_open_tags_is_refused_at_once() -> None:
    assert refused("<a>\n" * 200_000)[:2] == ("too-deep", 33)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    for whole in (data, START.encode() + data + b"</lexicon>"):
        lexicon, problems = read_pls(whole, "words.pls")
        assert lexicon or problems


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], max_codepoint=0x2FFF).filter(lambda c: c.isprintable()), min_size=1
).map(lambda text: " ".join(text.split()))


@st.composite
def lexicons(draw: st.DrawFn) -> Lexicon:
    def plain(text: str) -> str:
        return unicodedata.normalize("NFC", text)

    words = draw(st.lists(WORDS.map(plain), min_size=1, max_size=6, unique_by=str.casefold))
    signs = {"espeak": ["s'oU@s", "Vv l'Ed"], "ipa": ["ˈsoʊ.əs", "ç|"], "x-sampa": ['"s@_U', "{&<R>"]}
    every = {name: st.sampled_from(texts) for name, texts in signs.items()}
    made = []
    for word in words:
        phonemes = draw(st.fixed_dictionaries({}, optional=every))
        say = draw(WORDS.map(plain)) if not phonemes else draw(st.none() | WORDS.map(plain))
        made.append(Pronunciation(word, say, tuple(sorted(phonemes.items())), draw(st.booleans()), HERE))
    return Lexicon("words", draw(st.sampled_from(["en", "en-US", "de"])), tuple(made))


def with_ipa(lexicon: Lexicon) -> list[Entry]:
    """Return the entries without places, with the IPA that is made of X-SAMPA for other programs."""
    found: list[Entry] = []
    for entry in lexicon.entries:
        phonemes = dict(entry.phonemes)
        if "x-sampa" in phonemes:
            phonemes.setdefault("ipa", to_ipa(phonemes["x-sampa"]) or "")
        found.append((entry.word, entry.say, tuple(sorted(phonemes.items())), entry.case))
    return found


@given(lexicons())
def test_what_is_written_is_read_back(lexicon: Lexicon) -> None:
    data, _ = write_pls(lexicon)
    back, problems = read_pls(data, "words.pls")
    assert back is not None
    assert problems == ()
    assert (back.language, with_ipa(back)) == (lexicon.language, with_ipa(lexicon))
    assert write_pls(back)[0] == data


def test_the_shipped_lexicon_goes_out_and_comes_back() -> None:
    lexicon, _ = build_lexicon(read(SHIPPED.read_bytes(), "en.yaml")[0], "en", "en.yaml")
    assert lexicon is not None
    data, notes = write_pls(lexicon)
    back, problems = read_pls(data, "en.pls")
    assert back is not None
    assert problems == ()
    assert with_ipa(back) == with_ipa(lexicon)
    assert notes == ("other programs may not see that these count only with their capitals: SI joint, SI",)


def test_what_is_written() -> None:
    entry = Pronunciation("R & B", None, (("x-sampa", '"A:r\\'),), True, HERE)
    espeak = Pronunciation("om", None, (("espeak", "'oUm"),), False, HERE)
    data, notes = write_pls(Lexicon("en", "en-US", (entry, espeak)))
    assert data.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
        'xmlns:calmcast="urn:calmcast:lexicon"\n'
        '         alphabet="ipa" xml:lang="en-US">\n'
        '  <lexeme calmcast:case="yes">\n'
        "    <grapheme>R &amp; B</grapheme>\n"
        "    <phoneme>ˈɑːɹ</phoneme>\n"
        '    <phoneme alphabet="x-sampa">"A:r\\</phoneme>\n'
        "  </lexeme>\n"
        "  <lexeme>\n"
        "    <grapheme>om</grapheme>\n"
        '    <phoneme alphabet="x-espeak">\'oUm</phoneme>\n'
        "  </lexeme>\n"
        "</lexicon>\n"
    )
    assert notes[1] == "other programs may not know how to say these, which have espeak's signs alone: om"
