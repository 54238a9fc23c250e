"""What a script that can be read may still have wrong: each check takes a composed script and returns problems."""

import re
from collections.abc import Collection, Iterator

from calmcast.diagnostics import Problem, SourceRef
from calmcast.model.script import Bell, Group, Line, Pause, Rest, Script, Segment, Step
from calmcast.script.fields import shorten, suggestion, warning

MOST_WORDS = 18
"""A longer line is hard to follow with closed eyes."""
LONGEST_TITLE = 30
"""Characters of a chapter's title that players show."""


def every_step(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield the steps and all steps inside groups, in order."""
    for step in steps:
        yield step
        if isinstance(step, Group):
            yield from every_step(step.steps)


def check_bells(script: Script, known: Collection[str]) -> tuple[Problem, ...]:
    """Every bell's sound is one that calmcast can make."""
    return tuple(
        _unknown("bell", step.sound, step.source, known)
        for segment in _segments(script)
        for step in every_step(segment.steps)
        if isinstance(step, Bell) and step.sound not in known
    )


def check_voices(script: Script, known: Collection[str]) -> tuple[Problem, ...]:
    """Every voice that the script names has a profile."""
    named = [(script.voice, script.voice_source)]
    for segment in _segments(script):
        carriers: list[Segment | Step] = [segment, *every_step(segment.steps)]
        named += [(t.voice, t.voice_source or item.source) for item in carriers if (t := item.traits).voice]
    return tuple(_unknown("voice", name, source, known) for name, source in named if name not in known)


def check_lines(script: Script) -> tuple[Problem, ...]:
    """Lines are short enough to follow."""
    long = [
        (line, len(line.text.split()))
        for segment in _segments(script)
        for line in every_step(segment.steps)
        if isinstance(line, Line) and len(line.text.split()) > MOST_WORDS
    ]
    hint = f"lines of at most {MOST_WORDS} words, one idea each, are easier to follow lying down"
    return tuple(
        warning("long-line", f"`{shorten(line.text)}` has {words} words", line.source, hint) for line, words in long
    )


_LIKE_A_STEP = re.compile(
    r"[(<\[]?\s*(?P<step>pause|hold|rest|bell|silence|break|wait)\s*:?\s*(?P<time>\d.*?)?\s*[)>\]]?", re.IGNORECASE
)


def check_spoken_steps(script: Script) -> tuple[Problem, ...]:
    """No line is a step that lost its colon, and would be spoken."""
    lines = (step for segment in _segments(script) for step in every_step(segment.steps) if isinstance(step, Line))
    found = []
    for line in lines:
        match = _LIKE_A_STEP.fullmatch(line.text.strip())
        if match or "<" in line.text:
            step = match["step"].lower() if match else "pause"
            hint = "a bell is written - bell: soft" if step == "bell" else "a silence is written - pause: 6s"
            found.append(warning("spoken-step", f"this will be spoken: `{shorten(line.text)}`", line.source, hint))
    return tuple(found)


def check_silences(script: Script) -> tuple[Problem, ...]:
    """There is a silence that can take up the chosen length."""
    steps = [step for segment in _segments(script) for step in every_step(segment.steps)]
    if any(isinstance(step, Rest) or (isinstance(step, Pause) and step.glue.most is None) for step in steps):
        return ()
    hint = "add a rest where the listener may simply lie: - rest: 1 min"
    return (
        warning("no-rest", "without a `rest` this script fits only a narrow range of lengths", script.source, hint),
    )


def check_titles(script: Script) -> tuple[Problem, ...]:
    """Chapter titles fit the screens that show them."""
    hint = f"players show about {LONGEST_TITLE} characters of a chapter's title"
    return tuple(
        warning("long-title", f"the title `{shorten(segment.title)}` is long", segment.source, hint)
        for segment in _segments(script)
        if len(segment.title) > LONGEST_TITLE
    )


def check(script: Script, bells: Collection[str], voices: Collection[str]) -> tuple[Problem, ...]:
    """Return what every check finds. `bells` and `voices` are the names that exist here."""
    return (
        *check_bells(script, bells),
        *check_voices(script, voices),
        *check_lines(script),
        *check_spoken_steps(script),
        *check_silences(script),
        *check_titles(script),
    )


def _segments(script: Script) -> tuple[Segment, ...]:
    return tuple(segment for segment in script.segments if isinstance(segment, Segment))


def _unknown(what: str, name: str, source: SourceRef, known: Collection[str]) -> Problem:
    hint = suggestion(name, known) or f"there is: {', '.join(sorted(known))}"
    return Problem(f"unknown-{what}", f"there is no {what} `{name}`", source, hint)
