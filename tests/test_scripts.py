"""The scripts that ship: each check passes, each length in its range is there, every choice fits every other."""

import itertools
import os
import re
from pathlib import Path

import pytest

from calmcast.diagnostics import Severity
from calmcast.model.script import Script, Segment, every_line
from calmcast.model.timeline import Spoken, Timeline
from calmcast.planning.layout import feasible_lengths, lay_out
from calmcast.script.language.options import GUIDANCE, choose, settle
from calmcast.track.check import inspected, load_script
from calmcast.track.estimate import estimated
from calmcast.track.time_warnings import facts
from calmcast.track.way_out import way_out
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.folder import shipped
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace
from tests.planning.scripts import is_within, places, without_variants

pytestmark = pytest.mark.anywhere

S = SAMPLE_RATE
RANGES = {
    "psoas-release": (3, 90),
    "psoas-loslassen": (3, 90),
    "seated-pause": (3, 10),
    "legs-up-rest": (5, 30),
    "end-of-class-rest": (4, 20),
    "evening-wind-down": (10, 60),
}
"""The lengths in minutes that each script is for."""
LONGEST_SILENCE_S = {"psoas-release": 200, "psoas-loslassen": 200}
"""In a release of more than 20 minutes the silences are deeper than in the other scripts."""
LONGEST_ELSEWHERE_S = 125


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.at(tmp_path_factory.mktemp("empty"))


def loaded(here: Workspace, name: str) -> tuple[LoadedScript, Script]:
    found = load_script(here, name)
    assert found.script is not None
    return found, found.script


def texts(timeline: Timeline) -> list[str]:
    return [clip.text for clip in timeline.lines]


def test_every_script_and_segment_is_known_here() -> None:
    assert {path.stem for path in (shipped() / "scripts").glob("*.yaml")} == set(RANGES)


@pytest.mark.parametrize("name", RANGES)
def test_nothing_is_found_wrong(here: Workspace, name: str) -> None:
    assert inspected(here, load_script(here, name)) == ()


def test_every_segment_says_what_it_is_for(here: Workspace) -> None:
    for name in here.folder.segments():
        segment, problems = here.library.segment(name)
        assert segment is not None
        assert segment.about
        assert not [problem for problem in problems if problem.severity is Severity.ERROR]


@pytest.mark.parametrize("every_s", [101, pytest.param(37, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", RANGES)
def test_every_length_of_its_range(here: Workspace, name: str, every_s: int) -> None:
    """By estimate. Checks come in time where one lies, long silences are announced, no line comes twice in a row."""
    _, script = loaded(here, name)
    measured = estimated(here, settle(script, choose(script.options, {})))
    least, most = RANGES[name]
    for seconds in range(60 * least, 60 * most + 1, every_s):
        timeline = lay_out(measured, seconds * S)
        found = facts(script, timeline)
        assert timeline.samples == seconds * S
        assert not found.unannounced, f"{name} at {seconds} s"
        assert not found.unchecked or name == "seated-pause", f"{name} at {seconds} s"
        assert found.longest_silence
        bound = LONGEST_SILENCE_S.get(name, LONGEST_ELSEWHERE_S) if seconds > 20 * 60 else LONGEST_ELSEWHERE_S
        assert found.longest_silence.samples <= bound * S, f"{name} at {seconds} s"
        said = texts(timeline)
        assert all(a != b for a, b in itertools.pairwise(said))


WAYS_OUT = {"en": "Coming back early", "de": "Früher zurückkommen"}
EYES = re.compile(r"\b(eyes|augen)\b")
SHAKING = re.compile(r"\b(shake|shaking|schüttle|schütteln)\b")


@pytest.mark.parametrize("name", RANGES)
def test_each_has_a_way_out_of_its_own_of_about_75_seconds(here: Workspace, name: str) -> None:
    """Eyes first, then movement, shaking, and something to do next; none of it depends on what is chosen."""
    found, script = loaded(here, name)
    assert isinstance(script.way_out, Segment)
    assert script.way_out.title == WAYS_OUT[script.language[:2]]
    alone = way_out(found).script
    assert alone is not None
    assert alone.title == f"{script.way_out.title}: {script.title}"
    measured = estimated(here, settle(alone, choose(alone.options, {})))
    least, most = feasible_lengths(measured)
    assert least <= 90 * S
    assert most is None or most >= 75 * S
    timeline = lay_out(measured, min(max(least, 75 * S), most or least))
    assert [mark.role for mark in timeline.marks] == ["exit"]
    said = [text.casefold() for text in texts(timeline)]
    (eyes, *_), (shaking, *_) = ([n for n, text in enumerate(said) if known.search(text)] for known in (EYES, SHAKING))
    assert eyes < len(said) / 3 < shaking < len(said) - 1
    for option in (option for option in script.options if option.name != GUIDANCE.name):
        for choice in option.choices:
            chosen = settle(alone, choose(alone.options, {option.name: choice}))
            assert [*every_line(chosen)] == [*every_line(settle(alone, choose(alone.options, {})))]


CONTRADICTIONS = [
    # what is chosen, and what is then not said
    ({"legs": "knees bent"}, r"stretch out your legs|legs (are|be|lie) (flat|long)|long and (flat|heavy)"),
    ({"legs": "long"}, r"bend your knees"),
    ({"ribs": "nothing"}, r"your padding|padding under|would like padding"),
    ({"knees": "no"}, r"(something|support|blanket|pillow)( soft)? under your knees|over something soft"),
    ({"arms": "no"}, r"under (your|each) arms?"),
    ({"head": "low bolster"}, r"high bolster|tall bolster|high is right|low or high"),
    ({"head": "high bolster"}, r"low bolster|flat bolster|low is right|low or high"),
    ({"eyes": "open"}, r"let your eyes close"),
    ({"eyes": "closed"}, r"let your eyes stay open"),
    ({"breath": "no"}, r"breathing in|counts in|a deeper breath|breathe"),
    ({"ending": "drift off"}, r"bring you back|a soft bell will ring"),
    ({"ending": "wake gently"}, r"you may sleep|good night"),
    ({"beine": "aufgestellt"}, r"beine liegen lang|lang und schwer"),
    ({"beine": "lang"}, r"(stell|stellst du) die füße (so )?auf, dass|oder du stellst die füße"),
    ({"rippen": "nichts"}, r"unter die rippen(?! (kommt|brauchst du|muss) (heute )?nichts)"),
    ({"knie": "nein"}, r"unter die knie"),
    ({"arme": "nein"}, r"armen etwas unter|arme gern auf etwas"),
    ({"kopf": "flach"}, r"hoch ist gut|manche bauen hoch"),
    ({"kopf": "hoch"}, r"flach ist gut|manche bauen hoch"),
    ({"augen": "offen"}, r"augen fallen zu"),
    ({"augen": "geschlossen"}, r"augen bleiben offen"),
]


CONTRADICTIONS_ON_THE_WAY_OUT = [
    # Whoever stays on the floor is told how to get up later: over one side.
    ({"exit": "staying"}, r"\bsit up\b|\bsitting\b|stand up|\bstanding\b|\bstomp|look around|bring your knees up"),
    ({"shaking": "hands only"}, r"stomp|legs shak|into your legs|whole body|\bfeet\b|your arms"),
    ({"shaking": "seated"}, r"stomp around|whole body|\bstanding\b"),
    ({"shaking": "whole body"}, r"staying seated"),
    ({"ende": "liegen bleiben"}, r"ins sitzen|setz dich|bleib sitzen|steh langsam|schau dich im raum|stampf"),
    (
        {"schuetteln": "nur hände"},
        r"stampf|zapple, wie|zapple noch ein wenig|bis in die füße|mit den füßen|und die füße aus",
    ),
    ({"schuetteln": "im sitzen"}, r"steh langsam|\baufstehen\b"),
]


def pairs(combinations: list[dict[str, str]]) -> set[frozenset[tuple[str, str]]]:
    """Return every two choices that stand beside each other somewhere."""
    return {frozenset(pair) for each in combinations for pair in itertools.combinations(each.items(), 2)}


@pytest.mark.parametrize("step", [103, pytest.param(23, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", RANGES)
def test_every_choice_with_every_other(here: Workspace, name: str, step: int) -> None:
    """By estimate, each combination at a length of the range: it fits to the sample and contradicts nothing.

    Of thousands of combinations every so-manieth, and yet every choice beside every other. CALMCAST_PLANS=100000 tries
    all.
    """
    _, script = loaded(here, name)
    options = [option for option in script.options if option.name != "guidance"]
    combinations = [
        dict(zip([option.name for option in options], values, strict=True))
        for values in itertools.product(*(option.choices for option in options))
    ]
    if len(combinations) > max(200, int(os.environ.get("CALMCAST_PLANS", "0"))):
        every = pairs(combinations)
        combinations = combinations[::step]
        assert pairs(combinations) == every
    lengths = itertools.cycle([10 * 60 * S, (RANGES[name][0] + 2) * 60 * S, RANGES[name][1] * 60 * S])
    for combination, samples in zip(combinations, lengths, strict=False):
        settled = settle(script, choose(script.options, combination))
        timeline = lay_out(estimated(here, settled), samples)
        assert timeline.samples == samples
        said = " ".join(texts(timeline)).lower()
        leaves = next((mark.start for mark in timeline.marks if mark.role == "exit"), timeline.samples)
        late = [clip.text for clip in timeline.lines if clip.start >= leaves and isinstance(clip, Spoken)]
        for part, rules in ((said, CONTRADICTIONS), (" ".join(late).lower(), CONTRADICTIONS_ON_THE_WAY_OUT)):
            for chosen, never in rules:
                if chosen.items() <= {option: value.lower() for option, value in combination.items()}.items():
                    found = re.search(never, part)
                    assert found is None, f"{combination}: {part[max(0, found.start() - 40) : found.end() + 40]}"
        assert "{" not in said


@pytest.mark.parametrize("name", ["psoas-release", "psoas-loslassen"])
def test_a_longer_track_says_all_that_a_shorter_one_says(here: Workspace, name: str) -> None:
    _, script = loaded(here, name)
    settled = settle(script, choose(script.options, {}))
    measured = estimated(here, settled)
    before: list[str] = []
    for minutes in (3, 5, 7, 10, 14, 20, 30, 47, 90):
        now = without_variants(places(lay_out(measured, minutes * 60 * S)), settled)
        assert is_within(before, now)
        before = now


def test_no_audio_and_no_track_ships() -> None:
    root = Path(__file__).parents[1]
    assert [path.name for path in (root / "output").iterdir() if path.name == "README.md"] == ["README.md"]
