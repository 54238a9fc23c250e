"""The reading sheet, as it was written: which lines were asked for, under which numbers."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from calmcast.errors import ScriptError
from calmcast.jsonfile import read_object
from calmcast.publish.codec import shaped
from calmcast.takes.prompts import Prompt

NAME = "sheet.json"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be read of one script."""

    script: str
    title: str
    language: str
    prompts: tuple[Prompt, ...]
    """Every line of the script, in order."""
    asked: tuple[int, ...]
    """The numbers of those that the sheet asks for: what was not recorded yet."""

    @property
    def reading(self) -> tuple[Prompt, ...]:
        """The lines that somebody who follows the sheet reads, in order."""
        asked = frozenset(self.asked)
        return tuple(prompt for prompt in self.prompts if prompt.number in asked)


def sheet_json(sheet: Sheet) -> str:
    """Return a sheet as its file has it."""
    return json.dumps(asdict(sheet), ensure_ascii=False, indent=1) + "\n"


def read_sheet(folder: Path, voice: str) -> Sheet:
    """Return the last sheet that was written for a voice. Raises ScriptError where there is none that can be read."""
    try:
        sheet: Sheet = shaped(Sheet, read_object(folder / NAME))
        return sheet
    except FileNotFoundError:
        reason = f"there is no reading sheet for the voice `{voice}`"
    except (OSError, ValueError):
        reason = f"{folder / NAME} cannot be read"
    raise ScriptError(reason, f"write one: calmcast record sheet SCRIPT --voice {voice}")
