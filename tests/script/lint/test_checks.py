"""What a whole script may lack, and how a warning is silenced; the script of each test stands in it."""

import ast
from pathlib import Path

import pytest

from calmcast.diagnostics import Problem, Severity
from calmcast.script import lint
from calmcast.script.lint.checks import OF_PARTS, OF_SCRIPTS, check
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library

WAY_OUT = "  - {title: Out, role: exit, steps: [Take your time.]}\n"


def problems_of(folder: Path, segments: str, head: str = "", **files: str) -> tuple[Problem, ...]:
    """Return what `check` says of a script with these segments; `files` are segments of their own."""
    (folder / "scripts" / "segments").mkdir(parents=True, exist_ok=True)
    (folder / "scripts" / "x.yaml").write_text(f"title: X\n{head}segments:\n{segments}", encoding="utf-8")
    for name, text in files.items():
        (folder / "scripts" / "segments" / f"{name}.yaml").write_text(text, encoding="utf-8")
    loaded = Library(Folder(folder)).script("x")
    assert loaded.script is not None
    assert not loaded.problems
    return check(loaded.script, ("calm",))


def found(problems: tuple[Problem, ...], *leave_out: str) -> list[tuple[str, int]]:
    return [(p.code, p.source.line) for p in problems if p.code not in leave_out]


def segment(*steps: str, **fields: str) -> str:
    """Return a segment with these steps, each a line of YAML."""
    carried = "".join(f"    {name}: {value}\n" for name, value in fields.items())
    return f"  - title: T\n{carried}    steps:\n" + "".join(f"      - {step}\n" for step in steps)


def test_every_check_is_run() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(lint.__path__[0]).glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    checks = {each.name for each in nodes if isinstance(each, ast.FunctionDef) and _finds(each)}
    used = {each.id for each in nodes if isinstance(each, ast.Name)}
    assert len(checks) > len(OF_PARTS) + len(OF_SCRIPTS)
    assert checks - used == set(), "put them into OF_PARTS or OF_SCRIPTS in script/lint/checks.py"


def _finds(function: ast.FunctionDef) -> bool:
    return function.returns is not None and ast.unparse(function.returns) in ("Iterator[Finding]", "Iterator[Problem]")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("hold 4s", "a silence is written - hold: 4s"),
        ("Hold 4.5 s.", "a silence is written - hold: 4.5 s"),
        ("(Pause 6 s)", "a silence is written - pause: 6 s"),
        ("<rest>", "a silence is written - rest: 2 min"),
        ("Silence 1 min", "a silence is written - pause: 1 min"),
        ("stop", "a silence is written - hold: 4s"),
        ("gong", "a bell is written - bell: soft"),
        ("Bell 3", "a bell is written - bell: soft"),
    ],
)
def test_a_step_that_lost_its_colon(tmp_path: Path, line: str, hint: str) -> None:
    problems = problems_of(tmp_path, segment(f'"{line}"', "rest: {about: 9s, most: 1 min}") + WAY_OUT)
    assert [(problem.code, problem.hint) for problem in problems] == [("spoken-step", hint)]


@pytest.mark.parametrize("line", ["Rest here.", "Pause with me.", "Hold on to nothing", "Say 3", "Breathe", "Two 2 2s"])
def test_a_line_is_no_step(tmp_path: Path, line: str) -> None:
    assert "spoken-step" not in [p.code for p in problems_of(tmp_path, segment(line) + WAY_OUT)]


def test_nothing_is_said_of_a_script_that_has_all(tmp_path: Path) -> None:
    notice = segment("Some people meet a feeling.", "I'll be quiet for a while.", "rest: 2 min", role="notice")
    assert problems_of(tmp_path, notice + WAY_OUT) == ()


def test_a_script_that_falls_silent_for_sleep_brings_nobody_back(tmp_path: Path) -> None:
    notice = segment("Some people meet a feeling.", role="notice")
    sleep = segment("Good night, and nothing after that.", "Sleep well.", "Good night.", "rest: 5 min", role="sleep")
    assert problems_of(tmp_path, notice + sleep) == ()
    awake = problems_of(tmp_path, notice + sleep.replace("    role: sleep\n", ""))
    assert [problem.code for problem in awake] == ["unannounced-silence", "missing-exit"]


def test_missing_roles_are_one_warning_each(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, segment("Hello.", "Now a long silence.", "rest: 1 min") * 3)
    assert [problem.code for problem in problems] == ["missing-exit", "missing-notice"]
    assert all("role:" in (problem.hint or "") for problem in problems)


@pytest.mark.parametrize(
    ("rests", "needed"),
    [
        (["rest: 20s"], True),
        (["rest: {about: 20s, most: 60s}"] * 3, False),
        (["rest: {about: 20s, most: 61s}"] * 3, True),
        (["pause: 20s"], False),
    ],
)
def test_long_rests_need_a_notice(tmp_path: Path, rests: list[str], needed: bool) -> None:
    problems = problems_of(tmp_path, segment("Hello.", *rests) + WAY_OUT)
    assert ("missing-notice" in [problem.code for problem in problems]) == needed


def test_bells_alone_need_no_way_out(tmp_path: Path) -> None:
    assert found(problems_of(tmp_path, segment("bell: soft", "rest: 30s"))) == []


def test_a_role_counts_wherever_it_is(tmp_path: Path) -> None:
    part = "title: A\nsteps:\n  - Hello.\n  - {say: You can get up now., role: exit}\n"
    script = segment("rest: {about: 20s, every: 1 min, check: a}", role="notice")
    assert found(problems_of(tmp_path, script, a=part)) == []


@pytest.mark.parametrize("trait", ["optional: yes", "from: 8 min", "repeat: 0 to 2"])
def test_what_is_kept_is_not_inside_what_is_dropped(tmp_path: Path, trait: str) -> None:
    part = f"    {trait}\n"
    inside = segment("{say: You can always stop., keep: yes}", "rest: {about: 9s, most: 1 min}")
    problems = problems_of(tmp_path, inside.replace("    steps", part + "    steps") + WAY_OUT)
    assert found(problems) == [("kept-inside-optional", 6)]
    assert f"`{trait.partition(':')[0]}`" in problems[0].message


def test_repeated_once_at_least_is_kept(tmp_path: Path) -> None:
    inside = segment("{say: You can always stop., keep: yes}", "rest: {about: 9s, most: 1 min}", repeat="1 to 3")
    assert found(problems_of(tmp_path, inside + WAY_OUT)) == []


def test_a_breath_without_words(tmp_path: Path) -> None:
    said = "say: {in: Breathe in., out: And out.}"
    steps = (
        "breathe: {in: 4s, out: 6s, rounds: 4}",
        f"breathe: {{in: 4s, out: 6s, rounds: 4, {said}, voice_rounds: 0, remind: no}}",
        f"breathe: {{in: 4s, out: 6s, rounds: 4, {said}}}",
        "rest: {about: 9s, most: 1 min}",
    )
    assert found(problems_of(tmp_path, segment(*steps) + WAY_OUT)) == [("silent-breath", 5), ("silent-breath", 6)]


@pytest.mark.parametrize(
    ("before", "silence", "announced"),
    [
        ("Hello.", "rest: {about: 60s, most: 2 min}", False),
        ("Hello.", "rest: {about: 59s, most: 2 min}", True),
        ("Hello.", "hold: 60s", False),
        ("Hello.", "pause: 90s", False),
        ("{say: Hello., role: announce}", "hold: 60s", True),
        ("I'll be quiet for a while.", "hold: 60s", True),
        ("Now two minutes, all yours.", "hold: 2 min", True),
        ("I'm going to be silent. Move whenever you want.", "hold: 60s", True),
        ("Rest here.", "hold: 60s", True),
        ("The rest is easy.", "hold: 60s", False),
    ],
)
def test_a_long_silence_is_announced(tmp_path: Path, before: str, silence: str, announced: bool) -> None:
    problems = problems_of(tmp_path, segment(before, "pause: 2s", silence) + WAY_OUT)
    assert (("unannounced-silence", 7) not in found(problems)) == announced


def test_an_announcement_is_for_one_silence(tmp_path: Path) -> None:
    steps = ("A silence comes.", "hold: 60s", "Hello.", "How are you?", "hold: 60s")
    assert ("unannounced-silence", 9) in found(problems_of(tmp_path, segment(*steps) + WAY_OUT))


def test_in_other_languages_the_role_announces(tmp_path: Path) -> None:
    words = "Gleich wird es still."
    for said, announced in ((words, False), (f"{{say: {words}, role: announce}}", True)):
        problems = problems_of(tmp_path, segment(said, "hold: 60s") + WAY_OUT, "language: de\n")
        assert ("unannounced-silence" not in [problem.code for problem in problems]) == announced


def test_the_rules_for_english_words_are_for_english(tmp_path: Path) -> None:
    steps = segment("You must relax.") + WAY_OUT
    assert "must" in [problem.code for problem in problems_of(tmp_path, steps, "language: en-GB\n")]
    assert "must" not in [problem.code for problem in problems_of(tmp_path, steps, "language: de\n")]


def test_untranslated_lines_are_listed(tmp_path: Path) -> None:
    steps = ("Hallo.", "{say: Hello., untranslated: yes}", "{steps: [One., Two.], untranslated: yes}")
    problems = problems_of(tmp_path, segment(*steps) + WAY_OUT, "language: de\n")
    assert found(problems, "no-rest") == [("untranslated", 7), ("untranslated", 8), ("untranslated", 8)]


def test_an_option_that_nothing_asks_for(tmp_path: Path) -> None:
    head = "options:\n" + "".join(
        f"  {name}: {{ask: A, choices: [low, high]}}\n" for name in ("head", "knees", "arms", "ribs")
    )
    steps = ("{say: Hello., when: {not: {head: low}}}", "Your {knees} knees.")
    problems = problems_of(tmp_path, segment(*steps).replace("title: T", 'title: "{arms}"') + WAY_OUT, head)
    assert found(problems, "no-rest") == [("unused-option", 6)]


def test_what_can_take_up_a_longer_length(tmp_path: Path) -> None:
    for step in ("rest: 9s", "breathe: {in: 4s, out: 4s, rounds: 2 or more}", "{steps: [Hello.], repeat: 1 or more}"):
        assert "no-rest" not in [problem.code for problem in problems_of(tmp_path, segment("Hi.", step) + WAY_OUT)]
    assert "no-rest" in [problem.code for problem in problems_of(tmp_path, segment("Hi.", "pause: 9s") + WAY_OUT)]


def test_voices_inside_anything(tmp_path: Path) -> None:
    part = "title: A\nsteps:\n  - {say: Hello., voice: bass}\n"
    steps = ("one of: [One., {steps: [{say: Two., voice: alto}]}]", "rest: {about: 20s, every: 1 min, check: a}")
    problems = problems_of(tmp_path, segment(*steps) + WAY_OUT, a=part)
    errors = [p.code for p in problems if p.severity is Severity.ERROR]
    assert errors == ["unknown-voice", "unknown-voice"]


@pytest.mark.parametrize(
    "silenced",
    [
        segment("{say: You must rest., allow: {must: a quotation}}", "rest: {about: 9s, most: 1 min}"),
        segment("{steps: [You must rest.], allow: {must: a song}}", "rest: {about: 9s, most: 1 min}"),
        segment("You must rest.", "rest: {about: 9s, most: 1 min}", allow="{must: a song}"),
        "  - {use: a, allow: {must: a song}}\n",
    ],
)
def test_a_warning_is_allowed_where_it_is_and_around_it(tmp_path: Path, silenced: str) -> None:
    part = "title: A\nsteps: [You must rest., {rest: {about: 9s, most: 1 min}}]\n"
    assert found(problems_of(tmp_path, silenced + WAY_OUT, a=part)) == []
    problems = problems_of(tmp_path, silenced + "  - a\n" + WAY_OUT, a=part)
    assert [problem.code for problem in problems] == ["must"]


def test_what_is_of_the_whole_script_is_allowed_anywhere_in_it(tmp_path: Path) -> None:
    reasons = "{missing-exit: the teacher does it, missing-notice: it is short, no-rest: a gong}"
    assert found(problems_of(tmp_path, segment("Hello.", "rest: 9s", allow=reasons))) == []


def test_an_error_cannot_be_allowed(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, segment("{steps: [{hold: 1s}], voice: x, allow: {unknown-voice: mine}}"))
    assert [problem.code for problem in problems if problem.code != "no-rest"] == ["unknown-voice", "unknown-code"]


def test_an_allow_for_what_does_not_exist(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, segment("{say: Hello., allow: {long-lines: a song}}", "hold: 9s") + WAY_OUT)
    (problem,) = (problem for problem in problems if problem.code == "unknown-code")
    assert "`long-line`" in (problem.hint or "")


@pytest.mark.parametrize(("letters", "codes"), [(30, []), (31, ["long-title"])])
def test_a_title_that_players_cut_is_told_and_can_be_allowed(tmp_path: Path, letters: int, codes: list[str]) -> None:
    part = f"  - title: {'t' * letters}\n    steps: [Hello., {{rest: {{about: 9s, most: 1 min}}}}]\n"
    assert [problem.code for problem in problems_of(tmp_path, part + WAY_OUT)] == codes
    assert problems_of(tmp_path, f"{part}    allow: {{long-title: it is a name}}\n{WAY_OUT}") == ()


def test_a_segment_used_twice_is_warned_of_once(tmp_path: Path) -> None:
    part = "title: A\nsteps: [Close your eyes., {rest: {about: 9s, most: 1 min}}]\n"
    assert found(problems_of(tmp_path, "  - a\n  - a\n" + WAY_OUT, a=part)) == [("eyes", 2)]
