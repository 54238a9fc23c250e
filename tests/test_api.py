"""The public functions: every example of docs/api.md runs, and importing the package imports nothing else."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import calmcast
from calmcast.errors import LengthError, ScriptError

EXAMPLES = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8"), re.S)


@pytest.mark.real
def test_every_example_runs(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(example, names)
    made = sorted(path.name for path in (tmp_path / "output").iterdir() if path.suffix in {".mp3", ".wav"})
    tracks = ("4min", "5min30s", "guidance-less_3min")
    assert made == ["line.wav", *(f"seated-pause_{track}.mp3" for track in tracks)]
    assert "too short" in capsys.readouterr().out


def test_every_public_function_has_an_example_and_says_what_it_raises() -> None:
    for name in calmcast.__all__:
        function = getattr(calmcast, name)
        assert any(f"calmcast.{name}(" in example for example in EXAMPLES), name
        assert inspect.getdoc(function)
        assert name == "open_workspace" or "Raises" in (inspect.getdoc(function) or "")


def test_a_plan_and_a_track_last_as_long_as_asked(tmp_path: Path) -> None:
    workspace = calmcast.open_workspace(tmp_path)
    for length, samples in (("3 min", 180 * 44_100), (170 * 44_100, 170 * 44_100), ("4", 240 * 44_100)):
        assert calmcast.plan(workspace, "seated-pause", length, estimate=True).samples == samples
    performance = calmcast.perform(workspace, "seated-pause", estimate=True)
    assert calmcast.plan(workspace, performance).samples == performance.usual_length
    with pytest.raises(LengthError):
        calmcast.plan(workspace, performance, "1 s")


def test_what_is_wrong_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "mine.yaml").write_text("title: A\nsegments:\n  - title: B\n    steps: [{puase: 6s}]\n")
    workspace = calmcast.open_workspace(tmp_path)
    (problem,) = calmcast.check(workspace, "mine")
    assert (problem.source.line, problem.source.column) == (4, 14)
    with pytest.raises(ScriptError, match="mine has 1 error"):
        calmcast.render(workspace, "mine", "10 min")
    with pytest.raises(ScriptError, match="no script"):
        calmcast.check(workspace, "yours")


def test_importing_it_imports_nothing_else() -> None:
    program = (
        "import sys, calmcast\n"
        "print(*(name for name in sys.modules if name.startswith(('calmcast.', 'numpy', 'yaml'))))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize(
    ("said", "comes"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3"), ({"OMP_NUM_THREADS": "3"}, "None")]
)
def test_matrix_products_have_one_thread_unless_somebody_says_how_many(said: dict[str, str], comes: str) -> None:
    program = "import os, calmcast; print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")} | said
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == comes
