from pathlib import Path

import pytest

import calmcast
from calmcast.publish.handout.strings import filled, languages, placeholders, strings, table, used

ROOMS = Path(calmcast.__file__).parent
SOURCES = [
    path
    for room in (ROOMS / "publish" / "handout", ROOMS / "classes", ROOMS / "track")
    for path in room.rglob("*")
    if path.suffix in {".py", ".html", ".js"} and path.name != "strings.py"
]
ENGLISH = table("en")


def test_every_string_that_is_asked_for_is_there_and_none_is_idle() -> None:
    asked = {key for path in SOURCES for key in used(path.read_text(encoding="utf-8"))}
    assert asked
    assert asked == set(ENGLISH)


@pytest.mark.parametrize("language", languages())
def test_tables_say_the_same_things(language: str) -> None:
    texts = table(language)
    assert list(texts) == list(ENGLISH)
    for key, text in texts.items():
        assert placeholders(text) == placeholders(ENGLISH[key]), key
        assert isinstance(text, str) == isinstance(ENGLISH[key], str), key
        for form in [text] if isinstance(text, str) else [text["one"], text["other"]]:
            assert form.strip() == form, key
            assert form, key


def test_a_language_without_a_table_speaks_english() -> None:
    assert {"de", "en"} <= set(languages())
    assert strings("de_AT").language == strings(" DE ").language == "de"
    assert strings("pt-BR").language == strings("").language == "en"


def test_numbers_and_names_are_filled_in() -> None:
    assert [strings("en")("tracks", n=n) for n in (1, 2)] == ["1 track", "2 tracks"]
    assert [strings("de")("tracks", n=n) for n in (1, 2)] == ["1 Übung", "2 Übungen"]
    assert filled("{a} and {b}, {c.d} {}", {"a": "{b}", "b": 2}) == "{b} and 2, {c.d} {}"
    with pytest.raises(KeyError):
        strings("en")("no-such-string")


def test_a_teachers_own_words_are_laid_over() -> None:
    own = {
        "de": {"tracks": "{n} Ruhezeiten", "part": "Abschnitt {n}"},
        "de-at": {"part": "Stück {n}"},
        "fr": {"x": "y"},
    }
    assert strings("de", own)("tracks", n=1) == "1 Ruhezeiten"
    assert strings("de", own)("part", n=2) == "Abschnitt 2"
    assert strings("de-AT", own)("part", n=2) == "Stück 2"
    assert strings("en", own).texts == ENGLISH
    french = {"fr": {"pause": "Arrêter"}, "fr-CA": {"play": "Écouter"}}
    assert strings("fr-CA", french)("pause") == "Arrêter"
    assert strings("fr-CA", french)("play") == "Écouter"
    assert set(strings("fr", own).texts) == set(ENGLISH)
