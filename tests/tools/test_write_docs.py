from tools.write_docs import DOCS, script_format, strings_page

from calmcast.script.language.reference import schema_text


def test_the_documents_are_current() -> None:
    """`make docs` writes them anew."""
    assert (DOCS / "script-format.md").read_text(encoding="utf-8") == script_format()
    assert (DOCS / "strings.md").read_text(encoding="utf-8") == strings_page()
    assert (DOCS / "calmcast.schema.json").read_text(encoding="utf-8") == schema_text()
