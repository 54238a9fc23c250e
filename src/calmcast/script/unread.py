"""Which lines of a script its own voice has not read yet, and which it read in other words."""

from collections.abc import Callable, Collection, Iterator, Mapping

from calmcast.diagnostics import Problem
from calmcast.model.script import Script
from calmcast.script.fields import warning
from calmcast.script.lines import PLACEHOLDER
from calmcast.script.placed import Finding, Placed, lines, placed, wanted
from calmcast.script.wording import shorten


def check_recorded(
    script: Script, there: Collection[str], stale: Mapping[str, str], same: Callable[[str], str], instead: str
) -> tuple[Problem, ...]:
    """Return each line that the script's own voice has no recording of, once.

    `there` are the lines that are recorded, `stale` the words of the recording that a line had before it was changed,
    both by the line's form as `same` gives it; `instead` is who speaks what is missing.
    """
    parts = placed(script)
    return wanted(_missing(parts, there, stale, same, instead), parts)


def _missing(
    parts: tuple[Placed, ...],
    there: Collection[str],
    stale: Mapping[str, str],
    same: Callable[[str], str],
    instead: str,
) -> Iterator[Finding]:
    seen = set(there)
    for where, line in lines(parts):
        form = same(line.written)
        # What an option fills in has another form for each choice: `record sheet` asks for those that were chosen.
        if form in seen or PLACEHOLDER.search(line.text):
            continue
        seen.add(form)
        if form in stale:
            message = f"this line was changed; its recording says `{shorten(stale[form])}`, and {instead} speaks it"
            yield where, warning("stale-recording", message, line.source, "record it again: calmcast record sheet")
        else:
            message = f"this line is not recorded, and {instead} speaks it"
            yield where, warning("not-recorded", message, line.source, "record it: calmcast record sheet")
