import pytest

from calmcast.publish.languages import iso_639_2


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "eng"),
        ("en", "eng"),
        ("de-AT", "deu"),
        ("FR", "fra"),
        ("pt_BR", "por"),
        ("zh-Hant-TW", "zho"),
        ("gsw-CH", "gsw"),
        ("x-private", "und"),
        ("", "und"),
        ("qq", "und"),
    ],
)
def test_a_tag_becomes_three_letters(tag: str, code: str) -> None:
    assert iso_639_2(tag) == code
