import pytest

from calmcast.audio.beds.settings import BedSettings, root_hz
from calmcast.units import UnitError


@pytest.mark.parametrize(
    ("key", "hertz"),
    [
        ("E", 82.407),
        ("F", 87.307),
        ("A", 110.0),
        ("a", 110.0),
        ("Bb", 116.541),
        ("bb", 116.541),
        ("Cb", 123.471),
        ("B#", 130.813),
        (" D ", 146.832),
        ("d♯", 155.563),
        ("E♭", 155.563),
    ],
)
def test_the_root_of_a_key(key: str, hertz: float) -> None:
    assert root_hz(key) == pytest.approx(hertz, abs=0.001)


@pytest.mark.parametrize("key", ["", "H", "A3", "C##", "Am", "do", "440"])
def test_what_is_no_key_is_answered_with_a_sentence_and_a_hint(key: str) -> None:
    with pytest.raises(ValueError, match=f"`{key}` is not a key") as caught:
        BedSettings(key)
    assert isinstance(caught.value, UnitError)
    assert "D, F#, Bb" in caught.value.hint
