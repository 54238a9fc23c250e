"""What somebody who listens may miss in a track of a certain length, as warnings."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Script
from calmcast.model.timeline import OffTime, Timeline
from calmcast.planning.clock import off_time_in_words
from calmcast.planning.report import LONG_SILENCE, WITHOUT_CHECK, Report, Span, Unannounced, report
from calmcast.script.language.fields import warning
from calmcast.script.language.options import GUIDANCE
from calmcast.script.lint.placed import allowed_anywhere, is_english, placed
from calmcast.script.lint.safety import announces
from calmcast.units import SAMPLE_RATE, format_clock, format_length

_CLEARLY = 0.12
"""A share of silence is told of where it is so far from the usual ones, or farther."""
_NEARLY = 15 * SAMPLE_RATE
"""Nobody is told of a check that comes so little late, in samples."""
_DOUBT = 0.1
"""How far an estimate may be off: by estimate, only what is clear in spite of that is told of."""
_HURRIED = 0.6
"""Setting up is hurried where it has less than this part of the silence that it takes, ..."""
_LACKING = 5 * SAMPLE_RATE
"""... and lacks so much of it, in samples."""


def facts(script: Script, timeline: Timeline) -> Report:
    """Return the facts of a track of a settled script."""
    return report(timeline, announces if is_english(script) else lambda text: False)


def told(found: Report, script: Script, guidance: str, *, by_estimate: bool = False) -> tuple[Problem, ...]:
    """Return what a listener may miss in a track, one warning for a code and a place, unless allowed.

    `found` are its facts, `script` is settled, `guidance` what was chosen of how much is said. `by_estimate`: the
    lines were not spoken, so the warnings say so, and there is none of what is doubtful, or of bells between the lines.
    In a track without words nobody expects to be looked after.
    """
    doubt = _DOUBT if by_estimate else 0.0
    at = f"at {format_length(found.samples)}{' (by estimate)' if by_estimate else ''}, "
    allowed = allowed_anywhere(placed(script))
    problems = () if by_estimate else tuple(_bells(found))
    if found.words:
        problems = (
            *_checks(found, script.source, doubt),
            *_unannounced(found, doubt),
            *_silence(found, script.source, guidance, doubt),
            *_set_up(found, script, doubt),
            *problems,
        )
    return tuple(replace(each, message=at + each.message) for each in problems if each.code not in allowed)


def once(every: Iterable[tuple[int, Iterable[Problem]]], said: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    """Return the warnings of several tracks, each with its samples, those of a code and a place as one.

    What was `said` before is not said again.
    """
    known, first = {(problem.code, problem.source) for problem in said}, dict[tuple[str, SourceRef], Problem]()
    also = dict[tuple[str, SourceRef], dict[str, None]]()
    for samples, problems in every:
        for problem in problems:
            key = (problem.code, problem.source)
            if key not in known:
                first.setdefault(key, problem)
                also.setdefault(key, {})[format_length(samples)] = None
    return tuple(
        replace(problem, message=f"{problem.message} (also at {', '.join(others)})") if others else problem
        for key, problem in first.items()
        for others in [[*also[key]][1:]]
    )


def _checks(found: Report, source: SourceRef, doubt: float) -> Iterator[Problem]:
    unchecked = [gap for gap in found.unchecked if gap.samples > (1 + doubt) * WITHOUT_CHECK + _NEARLY]
    if unchecked:
        spans = ", nor ".join(map(_from_to, unchecked))
        hint = "put a comfort check there (role: check), or let a rest bring it: every: 3 min, check: si-joint-check"
        yield warning("no-check", f"nobody asks after comfort {spans}", source, hint)
    if found.late_checks:
        times = ", ".join(format_clock(check.start) for check in found.late_checks)
        message = f"a comfort check begins at {times}, where somebody may be asleep"
        hint = "a track that ends in sleep has its checks in its first two thirds: give the rests after them no check"
        yield warning("late-check", message, source, hint)


def _from_to(span: Span) -> str:
    return f"from {format_clock(span.start)} to {format_clock(span.end)}"


def _unannounced(found: Report, doubt: float) -> Iterator[Problem]:
    by_place = dict[SourceRef, list[Unannounced]]()
    for silence in found.unannounced:
        if silence.span.samples >= (1 + doubt) * LONG_SILENCE:
            by_place.setdefault(silence.source, []).append(silence)
    for source, (first, *others) in by_place.items():
        start, lasts = format_clock(first.span.start), format_clock(first.span.samples)
        more = f", nor {len(others)} more from here" if others else ""
        hint = "say so in the line before it (role: announce), or give it a bed: rain"
        message = f"a silence of {lasts} from {start} on is not announced{more}"
        yield warning("unannounced-silence", message, source, hint)


def _silence(found: Report, source: SourceRef, guidance: str, doubt: float) -> Iterator[Problem]:
    """Yield a warning where far more or less of a track is silent than is usual where somebody is set up to rest.

    Whoever chose how much is said, or lets a track end in silence, has decided that otherwise.
    """
    usual = found.usual_share
    if usual is None or found.set_up is None or guidance != GUIDANCE.usual or found.sleeps_from is not None:
        return
    clearly = _CLEARLY + doubt / 2
    little = found.silence_share <= usual[0] - clearly
    if not little and found.silence_share < usual[1] + clearly:
        return
    message = f"{found.silence_share:.0%} of it is silence; guided rests of that length have {share_in_words(usual)}"
    hint = "give its pauses and rests more room, let fewer words be there (optional, from), or make it longer"
    yield warning("silence-share", message, source, hint if little else "say a little more, or make it shorter")


def share_in_words(share: tuple[float, float]) -> str:
    """Return the least and greatest share: 48% to 62%."""
    return f"{share[0]:.0%} to {share[1]:.0%}"


def _set_up(found: Report, script: Script, doubt: float) -> Iterator[Problem]:
    time = found.set_up
    if time and time.silent < (1 - doubt) * min(_HURRIED * time.needed, time.needed - _LACKING):
        source = next((each.source for each in placed(script) if "setup" in each.roles), script.source)
        has, takes = round(time.silent / SAMPLE_RATE), round(time.needed / SAMPLE_RATE)
        message = f"setting up has {has} s of silence, and what it asks for takes about {takes} s"
        hint = "give the pauses in which somebody fetches, builds or lies down more time, or ask for less"
        yield warning("hurried-setup", message, source, hint)


def _bells(found: Report) -> Iterator[Problem]:
    by_place = dict[SourceRef, list[OffTime]]()
    for bell in found.off_time:
        by_place.setdefault(bell.source, []).append(bell)
    for source, (first, *others) in by_place.items():
        more = f", as are {len(others)} more of it" if others else ""
        hint = "give it another time, or leave a pause of some seconds around its time"
        yield warning("moved-bell", off_time_in_words(first) + more, source, hint)
