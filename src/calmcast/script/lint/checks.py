"""What a script that can be read may still have wrong: the checks as a whole, and those of its structure.

Each check takes a composed script, with every variant of it still there, and yields what it finds. The words of
English scripts are looked at in `care`, how a voice may say them in `spoken`. A new check is a row of `OF_PARTS` or
`OF_SCRIPTS`, at the end of this module. `allow` on a step, a segment or its use silences a warning there and inside.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from calmcast.diagnostics import Problem
from calmcast.model.script import Option, Script, Segment
from calmcast.model.steps import Breathe, Quiet
from calmcast.script.language.fields import unknown, warning
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.script.language.options import GUIDANCE, check_options
from calmcast.script.lint.care import check_length_of_lines, check_words_of_care
from calmcast.script.lint.codes import CODES
from calmcast.script.lint.lost_steps import check_lost_steps
from calmcast.script.lint.open_pairs import check_pairs
from calmcast.script.lint.placed import Finding, PlacedPart, lines, placed, placed_in_track, wanted
from calmcast.script.lint.safety import check_announcements, check_roles
from calmcast.script.lint.sounding import check_beds, check_clock_bells, check_levels
from calmcast.text import shorten, suggestion

LONGEST_TITLE = 30
"""Characters of a chapter's title that players show."""


def check(script: Script, voices: Collection[str]) -> tuple[Problem, ...]:
    """Return what every check finds that nobody allowed. `voices` are the names that exist here."""
    parts = placed(script)
    found = [
        *_voices(script, parts, voices),
        *((None, problem) for problem in check_options(script)),
        *_of_parts(parts),
        *(finding for each in OF_SCRIPTS for finding in each(script)),
    ]
    return wanted(found, parts)


def check_parts(script: Script) -> tuple[Problem, ...]:
    """Return what the checks of its parts find that nobody allowed: what holds of a segment that stands alone."""
    parts = placed(script)
    return wanted(_of_parts(parts), parts)


def _of_parts(parts: tuple[PlacedPart, ...]) -> Iterator[Finding]:
    return (finding for each in OF_PARTS for finding in each(parts))


def _voices(script: Script, parts: Iterable[PlacedPart], known: Collection[str]) -> Iterator[Finding]:
    """Every voice that the script names has a profile."""
    if script.voice not in known:
        yield None, unknown("voice", script.voice, script.voice_source, known)
    for each in parts:
        traits = each.part.traits
        if traits.voice and traits.voice not in known:
            yield each, unknown("voice", traits.voice, traits.voice_source or each.source, known)


def _titles(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Chapter titles fit the screens that show them."""
    hint = f"players show about {LONGEST_TITLE} characters of a chapter's title"
    for each in parts:
        if isinstance(each.part, Segment) and len(each.part.title) > LONGEST_TITLE:
            message = f"the title `{shorten(each.part.title)}` is long"
            yield each, warning("long-title", message, each.source, hint)


def _growth(script: Script) -> Iterator[Finding]:
    """There is something that can take up the chosen length."""
    for each in placed_in_track(script):
        part, repeat = each.part, each.part.traits.repeat
        unbounded = isinstance(part, Quiet) and (part.fills or part.endless)
        unbounded = unbounded or (isinstance(part, Breathe) and part.rounds.most is None)
        if unbounded or (repeat and repeat.most is None):
            return
    message = "without a `rest` this script fits only a narrow range of lengths"
    hint = "add a rest where the listener may simply lie: - rest: 1 min"
    yield None, warning("no-rest", message, script.source, hint)


def _kept_inside_optional(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """What is kept is not inside something that comes and goes."""
    for each in parts:
        if each.part.traits.keep and each.loose:
            message = f"this is kept, but a part around it has `{each.loose}`, and is dropped with all that is in it"
            hint = "move what must always be heard out of that part, or leave out keep: yes"
            yield each, warning("kept-inside-optional", message, each.source, hint)


def _silent_breaths(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """A breathing exercise says when, in words or with a tone."""
    for each in parts:
        part = each.part
        if isinstance(part, Breathe) and part.tone is None:
            cues = any(phase.cue for phase in part.phases)
            if not cues or not (part.voice_rounds or part.remind):
                spoken = (
                    "add say: {in: Breathe in., out: And out.}"
                    if not cues
                    else "voice_rounds: 3 speaks the first three"
                )
                hint = f"{spoken}; or let it sound: tone: swell"
                message = "nothing is said in this breathing, so nobody hears when to breathe"
                yield each, warning("silent-breath", message, each.source, hint)


def _untranslated(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """No words are left in the language that they were copied from."""
    for each, line in lines(parts):
        if each.untranslated:
            message = f"this is not translated yet: `{shorten(line.text)}`"
            yield each, warning("untranslated", message, line.source, "translate it, and leave out untranslated: yes")


def _unused_options(script: Script) -> Iterator[Finding]:
    """Every option changes something."""
    parts = placed(script)
    texts = [line.text for _, line in lines(parts)] + [script.title]
    texts += [each.part.title for each in parts if isinstance(each.part, Segment)]
    used = {name.strip() for text in texts for name in PLACEHOLDER.findall(text)}
    used = used.union(*(each.asks for each in parts))
    for option in script.options:
        if option.name not in used and option.name != GUIDANCE.name:
            yield None, _unused(option)


def _unused(option: Option) -> Problem:
    hint = f"use it: when: {{{option.name}: {option.usual}}}, or {{{option.name}}} in a line; or take it out"
    return warning("unused-option", f"nothing asks for the option `{option.name}`", option.source, hint)


def _allowed_codes(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Every `allow` names a warning."""
    for each in parts:
        for code, _ in each.part.traits.allow:
            if code not in CODES:
                hint = suggestion(code, CODES) or "`calmcast check --json` shows the code of each warning"
                yield (
                    each,
                    warning("unknown-code", f"there is no warning `{shorten(code)}` to allow", each.source, hint),
                )


OF_PARTS: tuple[Callable[[tuple[PlacedPart, ...]], Iterator[Finding]], ...] = (
    check_length_of_lines,
    check_lost_steps,
    _titles,
    _kept_inside_optional,
    _silent_breaths,
    _untranslated,
    _allowed_codes,
    check_beds,
    check_levels,
    check_announcements,
    check_words_of_care,
)
"""The checks of what a script is made of: they hold of a segment by itself, too."""
OF_SCRIPTS: tuple[Callable[[Script], Iterator[Finding]], ...] = (
    _growth,
    _unused_options,
    check_clock_bells,
    check_roles,
    check_pairs,
)
"""The checks of a script as a whole."""
