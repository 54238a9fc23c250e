"""The catalogue's form. Whether its addresses still answer is for the day on which one is used."""

import re
from urllib.parse import urlsplit

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.models.add import check_name
from calmcast.speech.models.catalogue import CATALOGUE, KINDS, ModelSource, RemoteFile, Terms, offered
from calmcast.speech.models.download import MOST_BYTES

EVERY = pytest.mark.parametrize("source", CATALOGUE, ids=lambda source: source.name)


@EVERY
def test_an_entry_is_complete(source: ModelSource) -> None:
    check_name(source.name)
    assert source.kind in KINDS
    assert re.fullmatch(r"[a-z]{2}-[A-Z]{2}|mul", source.language)
    assert source.about
    assert source.terms.licence
    assert source.terms.summary
    assert source.terms.address.startswith("https://")
    assert source.terms.selling in {"yes", "unclear", "no"}
    assert bool(source.extras) == (source.kind == "matcha")


@EVERY
def test_a_file_is_fetched_over_a_protected_connection_and_checked(source: ModelSource) -> None:
    for file in (source.archive, *source.extras):
        assert urlsplit(file.address).scheme == "https"
        assert file.size is None or 1_000_000 < file.size < MOST_BYTES
        assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)


def test_no_two_are_the_same() -> None:
    assert len({source.name for source in CATALOGUE}) == len(CATALOGUE)
    assert len({source.archive.address for source in CATALOGUE}) == len(CATALOGUE)
    assert len({source.archive.sha256 or source.name for source in CATALOGUE}) == len(CATALOGUE)


def test_many_languages_and_in_each_english_one_that_may_be_sold() -> None:
    languages = {source.language for source in CATALOGUE}
    assert {"en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT", "nl-BE", "mul"} <= languages
    free = {source.language for source in CATALOGUE if source.terms.selling == "yes"}
    assert {"en-US", "en-GB", "es-ES", "nl-BE", "mul"} <= free


@EVERY
def test_what_may_not_be_sold_says_so(source: ModelSource) -> None:
    trade_is_barred = "research only" in source.terms.licence or "-NC-" in source.terms.licence
    assert (source.terms.selling == "no") == trade_is_barred
    if trade_is_barred:
        assert "may not be sold" in source.terms.summary


def test_a_size_is_that_of_all_files() -> None:
    terms = Terms("CC0", "yes", "", "")
    assert ModelSource("x", "", "", "", RemoteFile("a", 5), terms, (RemoteFile("b", 7),)).size == 12
    assert ModelSource("x", "", "", "", RemoteFile("a", 5), terms, (RemoteFile("b"),)).size is None


def test_a_name_is_found_and_a_slip_is_noticed() -> None:
    assert offered("Piper-EN-us-amy-low").language == "en-US"
    with pytest.raises(SpeechError, match="no neural voice `piper-en-us-any-low`") as caught:
        offered("piper-en-us-any-low")
    assert caught.value.hint == "did you mean `piper-en-us-amy-low`?"
