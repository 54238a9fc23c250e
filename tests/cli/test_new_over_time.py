"""What `new` writes asks after comfort, announces its silences and gives time to get ready, at any length."""

from pathlib import Path

import pytest

from calmcast.errors import LengthError
from calmcast.model.timeline import Spoken
from calmcast.planning.layout import lay_out
from calmcast.track.check import load_script
from calmcast.track.performance import by_estimate
from calmcast.track.time_warnings import facts
from calmcast.track.time_warnings import told as of_time
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.workspace import Workspace
from tests.conftest import Calmcast

LONGEST = 60 * 60 * SAMPLE_RATE

SHORT_TEXT = "Welcome to this rest.\n\nLet the floor hold you. Breathe. Nothing is asked of you.\n\nThat was all.\n"
LONG_TEXT = "\n\n".join(
    f"## Part {part}\n\n"
    + "\n\n".join(" ".join(["Let the floor hold a little more of you, if you like."] * 6) for _ in range(4))
    for part in ("one", "two", "three", "four")
)

KINDS: dict[str, list[list[str]]] = {
    "usual": [[]],
    "one segment": [["--segment", "body-scan"]],
    "several segments": [[x for name in ("settle", "body-scan", "breath-counting") for x in ("--segment", name)]],
    "a short text": [["--text", "short.txt"]],
    "a long text": [["--text", "long.txt"]],
    "a text in another language": [["--text", "long.txt", "--language", "de"]],
    "a version": [[], ["--from", "first"]],
    "a copy": [[], ["--from", "first", "--copy"]],
    "a copy to translate": [[], ["--from", "first", "--language", "de"]],
}
"""What is written, one after another, the last of which is looked at."""


@pytest.mark.parametrize("every_s", [131, pytest.param(30, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_forgotten_at_any_length(calmcast: Calmcast, workspace: Path, kind: str, every_s: int) -> None:
    """By estimate, at lengths so many seconds apart, up to an hour."""
    (workspace / "short.txt").write_text(SHORT_TEXT, encoding="utf-8")
    (workspace / "long.txt").write_text(LONG_TEXT, encoding="utf-8")
    for name, arguments in zip(("first", "second"), KINDS[kind], strict=False):
        run = calmcast("new", name, *arguments)
        assert run.code == 0, run.err
    here = Workspace.at(workspace)
    performance = by_estimate(here, load_script(here, name), {})
    least, most = performance.feasible
    told, made = dict[str, str](), 0
    for samples in range(-(-least // SAMPLE_RATE) * SAMPLE_RATE, min(LONGEST, most or LONGEST), every_s * SAMPLE_RATE):
        try:
            timeline = lay_out(performance.timed, samples)
        except LengthError:
            continue
        made += 1
        found = facts(performance.script, timeline)
        missed = of_time(found, performance.script, "medium")  # as if it were spoken: what is doubtful counts, too
        told |= {problem.code: str(problem) for problem in missed}
    assert told == {}
    assert made >= 50 * 60 // every_s


def test_what_is_left_out_of_a_new_script_is_told(calmcast: Calmcast, workspace: Path) -> None:
    """The walk above would find it."""
    calmcast("new", "first")
    script = workspace / "scripts" / "first.yaml"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("use: comfort-check ", "use: small-things "), encoding="utf-8")
    assert "no-check" in [problem["code"] for problem in calmcast("check", "first", "--json").json["problems"]]


PAIRED = """\
Tense and release

Lie down on your mat.

Bring your mind to your feet. Point your toes. Squeeze them tightly. Stay. Now let go of your toes. Feel the ease.

Make two fists.

Hold them a while.

Open your hands.

Take a long breath in. And let it out.

Lift your left arm. Lower it. Lift your right arm. Lower it.

Come back when you like.
"""
TOGETHER = (
    ("Squeeze them tightly.", "Now let go of your toes."),
    ("Make two fists.", "Open your hands."),
    ("Take a long breath in.", "And let it out."),
    ("Lift your left arm.", "Lift your right arm."),
)


def test_what_belongs_together_is_together_at_every_length(calmcast: Calmcast, workspace: Path) -> None:
    """By estimate, at each second up to where everything is said."""
    (workspace / "paired.txt").write_text(PAIRED, encoding="utf-8")
    assert calmcast("new", "first", "--text", "paired.txt").code == 0
    here = Workspace.at(workspace)
    performance = by_estimate(here, load_script(here, "first"), {})
    heard = set[tuple[bool, ...]]()
    for samples in range(performance.feasible[0], 200 * SAMPLE_RATE, SAMPLE_RATE):
        try:
            texts = {clip.text for clip in lay_out(performance.timed, samples).events if isinstance(clip, Spoken)}
        except LengthError:
            continue
        said = [(first in texts, second in texts) for first, second in TOGETHER]
        assert all(first == second for first, second in said)
        heard.add(tuple(first for first, _ in said))
    assert (False, False, False, False) in heard
    assert (True, True, True, True) in heard
    assert "open-pair" not in {problem["code"] for problem in calmcast("check", "first", "--json").json["problems"]}
