"""Which lines of a script its own voice has not read yet, and which it read in other words."""

from collections.abc import Callable, Iterator, Mapping

from calmcast.diagnostics import Problem
from calmcast.model.script import Script
from calmcast.script.language.fields import warning
from calmcast.script.lint.placed import Finding, lines, placed, wanted
from calmcast.text import shorten


def check_recorded(
    script: Script, there: Mapping[str, str], stale: Mapping[str, str], same: Callable[[str], str], instead: str
) -> tuple[Problem, ...]:
    """Return each line that a settled script's own voice has no good recording of, once.

    `there` has the lines that are recorded, each with its doubt or nothing; `stale` the words of the recording that a
    line had before it was changed: both by the line's form as `same` gives it. `instead` speaks what is missing.
    """
    parts = placed(script)
    sheet = f"calmcast record sheet {script.name}"

    def missing() -> Iterator[Finding]:
        seen = {form for form, doubt in there.items() if not doubt}
        for where, line in lines(parts):
            form = same(line.written)
            if form in seen:
                continue
            seen.add(form)
            if form in there:
                message = f"the recording of this line is in doubt: {there[form]}"
                yield where, warning("doubtful-recording", message, line.source, "listen to it: calmcast record review")
            elif form in stale:
                message = f"this line was changed; its recording says `{shorten(stale[form])}`, and {instead} speaks it"
                yield where, warning("stale-recording", message, line.source, f"record it again: {sheet}")
            else:
                message = f"this line is not recorded, and {instead} speaks it"
                yield where, warning("not-recorded", message, line.source, f"record it: {sheet}")

    return wanted(missing(), parts)
