"""The signs of the IPA and of X-SAMPA, and what is none."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calmcast.speech.words.phonemes import _SIGNS, TIE, plain_ipa, to_ipa, unknown_signs


@pytest.mark.parametrize(
    ("ipa", "x_sampa"),
    [
        ("ˈsoʊ.əs", '"soU.@s'),
        ("ˌsækɹoʊˈɪliæk", '%s{kr\\oU"Ili{k'),
        ("pɹɑːnəˈjɑːmə", 'pr\\A:n@"jA:m@'),
        ("ˈbʌtn̩", '"bVtn='),
        ("t͡ʃɪn", "t_SIn"),
        ("çʎɥɲŋθð", "CLHJNTD"),
        ("bɔ̃", "bO~"),
        ("ʈʰɖɳʂ", "t`_hd`n`s`"),
        ("ǀǃǁɓ", "|\\!\\|\\|\\b_<"),
        ("y ø œ", "y 2 9"),
    ],
)
def test_x_sampa_as_ipa(ipa: str, x_sampa: str) -> None:
    assert to_ipa(x_sampa) == unicodedata.normalize("NFC", ipa)


@pytest.mark.parametrize(
    ("written", "ipa"),
    [
        ("/ˈkæt/", "ˈkæt"),
        ("[ˈkæt]", "ˈkæt"),
        ("'kæt", "ˈkæt"),
        ("gɑ:", "ɡɑː"),
        ("ʧɪn", f"t{TIE}ʃɪn"),
        ("  a   b ", "a b"),
        ("/", "/"),
    ],
)
def test_other_ways_to_write_the_ipa(written: str, ipa: str) -> None:
    assert plain_ipa(written) == unicodedata.normalize("NFD", ipa)


@pytest.mark.parametrize(("x_sampa", "ipa"), [("P", "ʋ"), ("l_=", "l̩"), ("O_~", "ɔ̃"), ("t'", "tʲ"), ("t-S", "tʃ")])
def test_other_ways_to_write_x_sampa(x_sampa: str, ipa: str) -> None:
    assert to_ipa(x_sampa) == unicodedata.normalize("NFC", ipa)


def test_a_diphthong_has_no_tie() -> None:
    assert to_ipa('"da_I.@') == "ˈdaɪ.ə"


def test_a_hyphen_parts_signs_that_would_run_together() -> None:
    assert to_ipa("|-|") == "||"


def test_every_sign_comes_back() -> None:
    """The two tables are one: nothing is written with another's sign."""
    assert len(set(_SIGNS.values())) == len(_SIGNS)
    for ipa, x_sampa in _SIGNS.items():
        if ipa not in (TIE, " "):
            assert to_ipa(x_sampa) == unicodedata.normalize("NFC", ipa)


@example(["c\u0327", "\u0334"])
@given(st.lists(st.sampled_from([sign for sign in _SIGNS if sign not in (TIE, " ", "ʰ")]), max_size=12))
def test_any_ipa_is_known_whatever_order_unicode_puts_its_marks_in(signs: list[str]) -> None:
    assert unknown_signs("ipa", unicodedata.normalize("NFD", "".join(signs))) == ()


@given(st.text(max_size=30))
def test_no_text_breaks_them(text: str) -> None:
    unknown_signs("ipa", text)
    assert (to_ipa(text) is None) == bool(unknown_signs("x-sampa", text))


@pytest.mark.parametrize(
    ("alphabet", "phonemes", "unknown"),
    [
        ("ipa", "ˈsoʊ.əs", ()),
        ("ipa", "ˈs7oq9ʊ7", ("7", "9")),
        ("ipa", "so-us", ("-",)),
        ("x-sampa", '"s@_U.@s', ()),
        ("x-sampa", "ˈsoʊəs", ("ˈ", "ʊ", "ə")),
        ("x-sampa", "s#$", ("#", "$")),
        ("espeak", "s'oU@s", ()),
        ("espeak", "s'oʊ]@s", ("ʊ", "]")),
        ("klingon", "ʃ7", ()),
        ("ipa", "", ()),
    ],
)
def test_unknown_signs(alphabet: str, phonemes: str, unknown: tuple[str, ...]) -> None:
    assert unknown_signs(alphabet, phonemes) == unknown
