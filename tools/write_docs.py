"""Write docs/script-format.md and docs/calmcast.schema.json from the grammar, the sounds and the engines."""

from pathlib import Path

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.audio.breath import BREATHS
from calmcast.script.format_page import markdown
from calmcast.script.language.reference import schema_text
from calmcast.speech.engines.registry import engines

DOCS = Path(__file__).parents[1] / "docs"


def script_format() -> str:
    """Return the text of docs/script-format.md."""
    bells = {name: bell.about for name, bell in BELLS.items()}
    beds = {name: bed.about for name, bed in BEDS.items()}
    settings = {
        engine.name: {
            name: setting.about + (f" ({setting.low} to {setting.high})" if setting.high is not None else "")
            for name, setting in engine.settings.items()
        }
        for engine in engines()
    }
    return markdown(bells, beds, BREATHS, settings)


if __name__ == "__main__":
    (DOCS / "script-format.md").write_text(script_format(), encoding="utf-8")
    (DOCS / "calmcast.schema.json").write_text(schema_text(), encoding="utf-8")
