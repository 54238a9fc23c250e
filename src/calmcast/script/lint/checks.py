"""What a script that can be read may still have wrong: the checks as a whole, and those of its structure.

Each check takes a composed script, with every variant of it still there, and yields what it finds. The words of
English scripts are looked at in `care`, how a voice may say them in `spoken`. `allow` on a step, a segment or its use
silences a warning there and inside.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Option, Script, Segment
from calmcast.model.steps import Breathe, Quiet
from calmcast.script.language.fields import warning
from calmcast.script.language.lines import PLACEHOLDER
from calmcast.script.language.options import GUIDANCE, check_options
from calmcast.script.lint.care import check_length_of_lines, check_words_of_care
from calmcast.script.lint.codes import CODES
from calmcast.script.lint.placed import Finding, PlacedPart, is_english, lines, placed, wanted
from calmcast.script.lint.safety import check_announcements, check_roles
from calmcast.script.lint.sounding import check_beds, check_clock_bells, check_levels
from calmcast.text import shorten, suggestion

LONGEST_TITLE = 30
"""Characters of a chapter's title that players show."""


def check(script: Script, voices: Collection[str]) -> tuple[Problem, ...]:
    """Return what every check finds that nobody allowed. `voices` are the names that exist here."""
    parts, track = placed(script), placed(replace(script, way_out=None))
    found = [
        *_voices(script, parts, voices),
        *((None, problem) for problem in check_options(script)),
        *check_length_of_lines(parts),
        *_spoken_steps(parts),
        *_titles(parts),
        *_growth(script, track),
        *_kept_inside_optional(parts),
        *_silent_breaths(parts),
        *_untranslated(parts),
        *_unused_options(script, parts),
        *_allowed_codes(parts),
        *check_beds(parts),
        *check_levels(parts),
        *check_clock_bells(script),
        *check_announcements(parts, english=is_english(script)),
        *check_roles(script, track),
        *(check_words_of_care(parts) if is_english(script) else ()),
    ]
    return wanted(found, parts)


def _voices(script: Script, parts: Iterable[PlacedPart], known: Collection[str]) -> Iterator[Finding]:
    """Every voice that the script names has a profile."""
    if script.voice not in known:
        yield None, unknown("voice", script.voice, script.voice_source, known)
    for each in parts:
        traits = each.part.traits
        if traits.voice and traits.voice not in known:
            yield each, unknown("voice", traits.voice, traits.voice_source or each.source, known)


_LIKE_A_STEP = re.compile(
    r"[(<\[]?\s*(?P<step>pause|hold|rest|bell|silence|break|wait)\s*:?\s*(?P<time>\d.*?)?\s*[)>\]]?", re.IGNORECASE
)


def _spoken_steps(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """No line is a step that lost its colon, and would be spoken."""
    for each, line in lines(parts):
        match = _LIKE_A_STEP.fullmatch(line.text.strip())
        if match or "<" in line.text:
            step = match["step"].lower() if match else "pause"
            hint = "a bell is written - bell: soft" if step == "bell" else "a silence is written - pause: 6s"
            yield each, warning("spoken-step", f"this will be spoken: `{shorten(line.text)}`", line.source, hint)


def _titles(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Chapter titles fit the screens that show them."""
    hint = f"players show about {LONGEST_TITLE} characters of a chapter's title"
    for each in parts:
        if isinstance(each.part, Segment) and len(each.part.title) > LONGEST_TITLE:
            message = f"the title `{shorten(each.part.title)}` is long"
            yield each, warning("long-title", message, each.source, hint)


def _growth(script: Script, parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """There is something that can take up the chosen length."""
    for each in parts:
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


def _unused_options(script: Script, parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Every option changes something."""
    parts = tuple(parts)
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


def unknown(what: str, name: str, source: SourceRef, known: Collection[str]) -> Problem:
    """Return the problem of a name that stands for nothing; `known` are those that stand for something."""
    hint = suggestion(name, known) or f"there is: {', '.join(sorted(known))}"
    return Problem(f"unknown-{what}", f"there is no {what} `{name}`", source, hint)
