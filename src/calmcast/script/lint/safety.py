"""What a listener who lies still relies on: a way out, a word about feelings, silences that are announced."""

import re
from collections.abc import Iterable, Iterator

from calmcast.model.script import Script
from calmcast.model.steps import Line, Quiet
from calmcast.model.traits import Glue
from calmcast.script.language.fields import warning
from calmcast.script.lint.placed import Finding, PlacedPart, lines, placed_in_track
from calmcast.units import SAMPLE_RATE, format_length

LONG_SILENCE = 60 * SAMPLE_RATE
"""A silence this long, in samples, is announced, or has a bed."""
LONG_RESTS = 180 * SAMPLE_RATE
"""Where rests can come to more than this, in samples, feelings may come up, and are spoken of beforehand."""
_LINES_BEFORE = 2
"""An announcement is heard this many lines before its silence, or nearer."""

_ANNOUNCES = re.compile(
    r"\b(?:quiet|silen(?:ce|t)|stillness|minutes?|seconds|a while|(?:some|more|your own) time"
    r"|rest (?:here|there|now|for)"
    r"|(?:come|be) back|until (?:the|you hear|i)|stop talking|say (?:nothing|no more|less)|no words|leave you"
    r"|without (?:words|my voice|me)|next (?:few|minute))\b",
    re.IGNORECASE,
)


def announces(text: str) -> bool:
    """Return whether an English line tells of a silence to come."""
    return _ANNOUNCES.search(text) is not None


def check_announcements(parts: Iterable[PlacedPart]) -> Iterator[Finding]:
    """Yield the silences of a minute or more by nature that no line just before them tells of, and no bed sounds in.

    In the part that falls silent for sleep nothing has to tell of them but what it says anyway.
    """
    before = list[bool]()
    for each in parts:
        if isinstance(each.part, Line):
            announced = "announce" in each.roles or (each.english and announces(each.part.text))
            before = [*before, announced][-_LINES_BEFORE:]
        elif (length := _silence(each.part)) >= LONG_SILENCE:
            if not any(before) and each.bed is None and "sleep" not in each.roles:
                message = f"nothing tells that {format_length(length)} of silence begin here"
                hint = "say so in the line before it: `- {say: I'll be quiet for a while., role: announce}`"
                hint += ", or let something sound: bed: rain"
                yield each, warning("unannounced-silence", message, each.source, hint)
            before = []


def _silence(part: object) -> int:
    return part.natural if isinstance(part, Quiet) else 0


def check_roles(script: Script) -> Iterator[Finding]:
    """Yield a warning each where a script that speaks has no way out, and where it has long rests and no notice.

    One that falls silent for sleep brings nobody back.
    """
    parts = placed_in_track(script)
    roles = frozenset[str]().union(*(each.roles for each in parts))
    if not any(lines(parts)):
        return
    if not roles & {"exit", "sleep"}:
        message = "nothing in this script is its way out, so nobody is brought back gently"
        hint = "add role: exit to the segment that brings people back: - {use: gentle-exit, role: exit}"
        hint += "; or role: sleep to the one in which it falls silent for sleep"
        yield None, warning("missing-exit", message, script.source, hint)
    if "notice" not in roles and _rests_can_be_long(parts):
        message = "where rests can grow beyond 3 minutes, some people meet a feeling, and no line prepares for it"
        hint = "add role: notice to the lines that say so: - {use: setup, role: notice}"
        yield None, warning("missing-notice", message, script.source, hint)


def _rests_can_be_long(parts: Iterable[PlacedPart]) -> bool:
    """Return whether rests can come to more than three minutes; one without bound can."""
    rests = [each.part for each in parts if isinstance(each.part, Quiet) and each.part.fills]
    mosts = [rest.time.most or 0 for rest in rests if isinstance(rest.time, Glue)]
    return any(rest.endless for rest in rests) or sum(mosts) > LONG_RESTS
