"""What `check` says of segments that no script uses: the same as in a script, but nothing of wholes."""

from functools import cache
from pathlib import Path

import pytest

from calmcast.track.check import load_script
from calmcast.track.check_segments import segment_faults
from calmcast.workspace.library import LoadedScript
from calmcast.workspace.workspace import Workspace

ROOT = Path(__file__).parents[2]
SCRIPT = "title: S\n{}segments: [{{title: O, role: exit, steps: [Grüße., rest: 20s{}]}}]\n"


def told(folder: Path, text: str, script: str = SCRIPT.format("", "")) -> list[tuple[str, str, int]]:
    """Return code, file and line of what is said of a segment `part` beside a script."""
    (folder / "scripts" / "segments").mkdir(parents=True, exist_ok=True)
    (folder / "scripts" / "s.yaml").write_text(script, encoding="utf-8")
    (folder / "scripts" / "segments" / "part.yaml").write_text(text, encoding="utf-8")
    here = Workspace.at(folder)
    found = segment_faults(here, (*ships(), load_script(here, "s")))
    return [(problem.code, Path(problem.source.file).name, problem.source.line) for problem in dict.fromkeys(found)]


@cache
def ships() -> tuple[LoadedScript, ...]:
    """Return the scripts that ship, as any folder without files of their names has them."""
    here = Workspace.at(ROOT / "src")
    return tuple(load_script(here, name) for name in here.folder.scripts())


def part(*steps: str, head: str = "") -> str:
    return f"title: P\n{head}steps:\n" + "".join(f"  - {step}\n" for step in steps)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("You must relax.", "must"),
        ("Hold 4s", "spoken-step"),
        ("Count to 17.", "digits"),
        ("hold: 2 min", "unannounced-silence"),
        ("bell: zwirl", "no-such-bell"),
        ("use: nowhere", "unknown-segment"),
        (" ".join(["word"] * 19), "long-line"),
        ("{say: Hello., allow: {mist: a slip}}", "unknown-code"),
        ("Your {psoas|/s?/}.", "unknown-sign"),
    ],
)
def test_what_is_in_it_is_told(tmp_path: Path, step: str, code: str) -> None:
    assert told(tmp_path, part("Hello.", step)) == [(code, "part.yaml", 4)]


def test_what_a_script_uses_is_told_with_the_script(tmp_path: Path) -> None:
    assert told(tmp_path, part("You must relax."), SCRIPT.format("", ", use: part")) == []


def test_nothing_is_said_of_what_a_script_gives_it(tmp_path: Path) -> None:
    options = "options: {head: high}\n"
    assert told(tmp_path, part('{say: "Hello {head} and {name}.", when: {side: left}}', head=options)) == []


def test_allow_holds(tmp_path: Path) -> None:
    assert told(tmp_path, part("You must relax.", head="allow: {must: a quotation}\n")) == []


def test_its_own_faults_come_alone(tmp_path: Path) -> None:
    assert told(tmp_path, part("You must relax.", "puase: 6s")) == [("unknown-key", "part.yaml", 4)]


def test_its_language_is_that_of_the_folders_scripts(tmp_path: Path) -> None:
    words = part("Deine Füße ruhen.")
    assert told(tmp_path, words, SCRIPT.format("language: de\n", "")) == []
    assert told(tmp_path, words) != []
    (tmp_path / "calmcast.yaml").write_text("language: de\n", encoding="utf-8")
    assert told(tmp_path, words) == []


def test_each_that_ships_is_clean_by_itself() -> None:
    here = Workspace.at(ROOT)
    german = load_script(here, "psoas-loslassen")
    assert [str(problem) for problem in segment_faults(here, [german])] == []
