"""Write docs/script-format.md and docs/calmcast.schema.json from the grammar."""

from pathlib import Path

from calmcast.script.reference import markdown, schema_text

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    (DOCS / "script-format.md").write_text(markdown(), encoding="utf-8")
    (DOCS / "calmcast.schema.json").write_text(schema_text(), encoding="utf-8")
