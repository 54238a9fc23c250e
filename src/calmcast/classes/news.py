"""What a teacher is told of a class whose file and register differ: days that stay, lengths that are other tracks."""

from collections import defaultdict
from collections.abc import Iterator

from calmcast.classes.register import Register, moment
from calmcast.diagnostics import Problem, Severity, SourceRef
from calmcast.model.classes import ClassPlan
from calmcast.units import format_length
from calmcast.workspace.folder import normal

DAY_STAYS = "day-stays"
"""The code of what is true as long as the class says it; all else is told once, when it happens."""


def news(plan: ClassPlan, before: Register, after: Register) -> tuple[Problem, ...]:
    """Return notes on what a run has made of a class's register: as it was `before`, and `after`."""
    return (*_day(plan, after), *_lengths(plan, before, after))


def _day(plan: ClassPlan, register: Register) -> Iterator[Problem]:
    """Yield a note where the class's `date` is not the day that it has."""
    came = [moment(enrolment.came) for roll in register.sets for enrolment in roll.tracks if enrolment.came]
    if not came or plan.published is None or plan.published_source is None:
        return
    first = min(came)
    # Whoever writes a day means that of their clock.
    if plan.published not in (first.date(), first.astimezone().date()):
        day = first.date().isoformat()
        message = (
            f"`date` has no effect: since it was first made, this class is dated {day}, and what is out keeps its day"
        )
        hint = f"leave it out, or write date: {day}; what is meant for a day to come is best uploaded on that day"
        yield Problem(DAY_STAYS, message, plan.published_source, hint, Severity.NOTE)


def _lengths(plan: ClassPlan, before: Register, after: Register) -> Iterator[Problem]:
    """Yield a note for each script of which one length has gone while another came."""
    gone, come = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for roll in after.sets:
        known = before.roll(roll.client)
        were = {enrolment.file: enrolment for enrolment in known.tracks} if known else {}
        for enrolment in roll.tracks:
            was, asked = were.get(enrolment.file), enrolment.asked
            if was and was.came and enrolment.gone and not was.gone and asked.samples:
                gone[asked.script].add(asked.samples)
            if enrolment.came and not (was and was.came) and asked.samples:
                come[asked.script].add(asked.samples)
    for script, lost in gone.items():
        if new := come[script] - lost:
            message = f"`{script}`: {_told(new)} in place of {_told(lost)} is a new track"
            shown = "; podcast apps show a new episode, and the old one goes" if plan.url else ""
            hint = f"to keep the old one as well, write lengths: [{_told(new | lost)}]"
            yield Problem("new-length", f"{message}{shown}", _place(plan, script, new), hint, Severity.NOTE)


def _told(lengths: set[int]) -> str:
    return ", ".join(map(format_length, sorted(lengths)))


def _place(plan: ClassPlan, script: str, lengths: set[int]) -> SourceRef:
    """Return where the class asks for one of these lengths of a script, else for the script."""
    tracks = [track for track in plan.tracks if normal(track.script) == normal(script)]
    asked = [source for track in tracks for samples, source in track.lengths if samples in lengths]
    return next(iter((*asked, *(track.source for track in tracks), plan.source)))
