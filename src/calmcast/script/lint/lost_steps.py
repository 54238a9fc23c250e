"""Lines that were to be a step, and lost the colon: they would be spoken."""

import re
from collections.abc import Iterable, Iterator

from calmcast.script.language.fields import warning
from calmcast.script.language.strays import STEP_ELEMENTS
from calmcast.script.language.wording import MEANT
from calmcast.script.lint.placed import Finding, PlacedPart, lines
from calmcast.text import shorten

_LIKE_A_STEP = re.compile(r"[(<\[]?\s*(?P<step>[^\W\d][^\d:)>\]]{0,30}?)\s*:?\s*(?P<time>\d[^)>\]]*)?[)>\]]?")


def lost_step(text: str) -> str | None:
    """Return how a line is written as the silence or the bell that it names, `hold: 4s`; None: it is a line.

    Words that people write for a step count as its name.
    """
    match = _LIKE_A_STEP.fullmatch(text.strip())
    name = match["step"].casefold() if match else ""
    element = STEP_ELEMENTS.get(MEANT.get(name, name))
    if match is None or element is None or not (element.silence or element.name == "bell"):
        return None
    if element.silence and match["time"]:
        return f"{element.name}: {shorten(match['time'].strip(' .'), 30)}"
    return element.example.partition("\n")[0].removeprefix("- ")


def check_lost_steps(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """No line is a step that lost its colon, and would be spoken."""
    for each, line in lines(parts):
        if (step := lost_step(line.text)) or "<" in line.text:
            what = "a bell" if step and step.startswith("bell:") else "a silence"
            hint = f"{what} is written - {step or 'pause: 6s'}"
            yield each, warning("spoken-step", f"this will be spoken: `{shorten(line.text)}`", line.source, hint)
