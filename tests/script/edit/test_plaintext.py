from calmcast.script.edit.plaintext import paragraphs


def test_paragraphs() -> None:
    assert paragraphs("  One\ntwo. \n\t\n\n three\u2028 four\n") == ("One two.", "three four")
    assert paragraphs(" \n\n\t") == ()
