"""The catalogue's form. Whether its addresses still answer is for the day on which one is used."""

import re
from urllib.parse import urlsplit

import pytest

from calmcast.errors import SpeechError
from calmcast.speech.install.download import MOST_BYTES
from calmcast.speech.install.places import check_name
from calmcast.speech.models.catalogue import CATALOGUE, offered, suggested
from calmcast.speech.models.source import KINDS, ModelSource, RemoteFile, Way

EVERY = pytest.mark.parametrize("source", CATALOGUE, ids=lambda source: source.name)


@EVERY
def test_an_entry_is_complete(source: ModelSource) -> None:
    check_name(source.name)
    assert re.fullmatch(r"[a-z]{2}-[A-Z]{2}|mul", source.language)
    assert source.about
    assert source.terms.licence
    assert source.terms.summary
    assert source.terms.address.startswith("https://")
    assert source.terms.selling in {"yes", "unclear", "no"}
    assert source.ways
    for way in source.ways:
        assert way.kind in KINDS
        assert bool(way.extras) == (way.kind in {"matcha", "piper"})


@EVERY
def test_a_file_is_fetched_over_a_protected_connection_and_checked(source: ModelSource) -> None:
    for file in (file for way in source.ways for file in way.files):
        assert urlsplit(file.address).scheme == "https"
        assert file.size is None or 1_000_000 < file.size < MOST_BYTES
        assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)


def test_no_two_are_the_same() -> None:
    assert len({source.name for source in CATALOGUE}) == len(CATALOGUE)
    files = [way.file for source in CATALOGUE for way in source.ways]
    assert len({file.address for file in files}) == len(files)
    assert len({file.sha256 or file.address for file in files}) == len(files)


@EVERY
def test_a_voice_of_piper_is_there_for_both_engines(source: ModelSource) -> None:
    if not source.name.startswith("piper-"):
        assert [way.engine for way in source.ways] == ["sherpa"]
        return
    plain, packed = source.ways
    assert (plain.kind, plain.engine, plain.loose) == ("piper", "piper", True)
    assert (packed.kind, packed.engine, packed.loose) == ("vits", "sherpa", False)
    (notes,) = plain.extras
    assert notes.address == f"{plain.file.address}.json"
    assert plain.file.address.startswith("https://huggingface.co/rhasspy/piper-voices/resolve/main/")
    folder, _, file = plain.file.address.partition("/main/")[2].rpartition("/")
    family, language, speaker, quality = folder.split("/")
    assert file == f"{language}-{speaker}-{quality}.onnx"
    assert language.startswith(f"{family}_")
    assert packed.file.address.endswith(f"/vits-piper-{file.removesuffix('.onnx')}.tar.bz2")
    assert source.terms.address.endswith(f"/{folder}/MODEL_CARD")


def test_the_voice_that_is_bundled_stays_to_be_had() -> None:
    joe = offered("piper-en-us-joe-medium")
    plain = joe.ways[0].file
    assert plain.sha256 == "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
    assert plain.size == 63_201_294
    assert (joe.terms.licence, joe.terms.selling) == ("CC0", "unclear")
    assert "trained on from a voice" in joe.terms.summary


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
    assert Way("", RemoteFile("a", 5), (RemoteFile("b", 7),)).size == 12
    assert Way("", RemoteFile("a", 5), (RemoteFile("b"),)).size == 5
    assert Way("", RemoteFile("a"), (RemoteFile("b", 7),)).size is None


def test_one_to_begin_with() -> None:
    assert suggested({}, "sherpa") == suggested({"language": "en-GB"}, "piper") == "piper-en-us-ljspeech-medium"
    assert suggested({"language": "de"}, "sherpa") == "piper-de-de-kerstin-low"
    assert suggested({"language": "tlh"}, "sherpa") == ""
    assert suggested({"language": "mul"}, "sherpa") == "kokoro-multi"
    assert suggested({"language": "mul"}, "piper") == ""


def test_a_name_is_found_and_a_slip_is_noticed() -> None:
    assert offered("Piper-EN-us-amy-low").language == "en-US"
    with pytest.raises(SpeechError, match="no neural voice `piper-en-us-any-low`") as caught:
        offered("piper-en-us-any-low")
    assert caught.value.hint == "did you mean `piper-en-us-amy-low`?"
