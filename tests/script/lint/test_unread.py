"""Which lines of a script its own voice has no good recording of."""

from calmcast.script.lint.unread import check_recorded
from tests.planning.scripts import script_of

LINES = ("Read well.", "Read in doubt.", "Read in other words.", "Not read.", "Not read.")
SHEET = "calmcast record sheet x"


def told(allow: str = "") -> list[tuple[str, str, str | None]]:
    script = script_of(f"title: A\nsegments:\n  - title: T\n    steps: [{', '.join(LINES)}]\n{allow}")
    there = {"read well.": "", "read in doubt.": "it is far shorter than its words"}
    stale = {"read in other words.": "Read otherwise."}
    found = check_recorded(script, there, stale, str.casefold, "calm")
    return [(problem.code, problem.message, problem.hint) for problem in found]


def test_each_line_without_a_good_recording_is_told_once() -> None:
    (doubt, doubted, _), (stale, changed, again), (missing, unread, record) = told()
    assert (doubt, stale, missing) == ("doubtful-recording", "stale-recording", "not-recorded")
    assert doubted.endswith("in doubt: it is far shorter than its words")
    assert changed == "this line was changed; its recording says `Read otherwise.`, and calm speaks it"
    assert unread == "this line is not recorded, and calm speaks it"
    assert (again, record) == (f"record it again: {SHEET}", f"record it: {SHEET}")


def test_each_can_be_allowed() -> None:
    allow = "    allow: {doubtful-recording: it is well, stale-recording: as well, not-recorded: not mine}\n"
    assert told(allow) == []
