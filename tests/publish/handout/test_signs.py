import pytest

from calmcast.audio.beds.catalogue import BEDS
from calmcast.model.sound import BREATHS, Bed, BedSound
from calmcast.publish.handout.signs import bed_in, bed_named, meanings
from calmcast.publish.handout.strings import strings
from calmcast.publish.pictures.legend import MEANINGS

EN, DE = strings("en"), strings("de")


@pytest.mark.parametrize("sound", BEDS)
def test_every_bed_has_a_name_in_every_language(sound: str) -> None:
    bed = Bed(BedSound(sound))
    assert sound in bed_named(EN)(bed)
    if sound != "wind":
        assert bed_named(DE)(bed) != bed_named(EN)(bed)


def test_every_sign_and_tone_is_named() -> None:
    assert meanings(EN).keys() == meanings(DE).keys() == MEANINGS.keys()
    assert BREATHS.keys() <= MEANINGS.keys()


def test_a_bed_is_told_with_its_key_and_level_and_a_file_by_its_name() -> None:
    assert bed_in(DE)(Bed(BedSound("drone", key="A"), level=-20.5)) == "Grundton in A, 20,5 dB unter der Stimme"
    assert bed_in(DE)(Bed(BedSound("rain"), level=0)) == "Regen, so laut wie die Stimme"
    assert bed_named(DE)(Bed(BedSound("", file="sounds/rain"))) == "rain"
    own = strings("de", {"de": {"bed-rain": "Landregen"}})
    assert bed_named(own)(Bed(BedSound("rain"))) == "Landregen"
