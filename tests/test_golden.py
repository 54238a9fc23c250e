"""Plans of whole scripts, kept as text: `pytest tests/test_golden.py --regold` writes them anew."""

import json
from pathlib import Path

import pytest

from tests.conftest import Calmcast

CASES = sorted((Path(__file__).parent / "golden").iterdir())
LENGTHS = "1,1:30,5"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plan(case: Path, workspace: Path, calmcast: Calmcast, pytestconfig: pytest.Config) -> None:
    script = case / "script.yaml"
    text = calmcast("plan", script, "-l", LENGTHS).out
    plans = calmcast("plan", script, "-l", LENGTHS, "--json").json["plans"]
    chapters = json.dumps({f"{plan['length_s']:g} s": plan["chapters"] for plan in plans}, indent=1) + "\n"
    for name, now in (("plan.txt", text), ("chapters.json", chapters)):
        if pytestconfig.getoption("--regold"):
            (case / name).write_text(now, encoding="utf-8")
        assert (case / name).read_text(encoding="utf-8") == now
