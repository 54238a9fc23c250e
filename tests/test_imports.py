"""What is imported, and where: a command loads what it needs, and imports stand at the top of modules."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import calmcast

LATE = 0.08
"""At most this share of all imports stands inside functions."""
HEAVY = (
    *("PIL", "av", "ctypes", "email", "importlib.metadata", "jinja2", "lameenc", "mutagen", "numpy", "pydub"),
    *("rich.console", "segno", "starlette", "uvicorn"),
)
SHORT = """\
title: Short
segments:
  - title: One
    steps: [bell: soft, "Hello, and welcome.", rest: 20s]
"""
RUN = """
import json, os, sys
from calmcast.cli.entry import run
printed = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
code = run()
sys.stdout.flush()
os.write(printed, json.dumps([code, sorted(sys.modules)]).encode())
"""


def loaded(*arguments: str) -> set[str]:
    """Return the modules that are there when a command is done."""
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, check=True)
    code, modules = json.loads(done.stdout)
    assert not code, done.stderr.decode()
    return set(modules)


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("plan", "short", "--length", "60s"),
        ("plan", "short", "--length", "60s", "--estimate"),
        ("check", "short"),
        ("scripts",),
    ],
    ids=" ".join,
)
def test_a_warm_command_loads_nothing_heavy(workspace: Path, command: tuple[str, ...]) -> None:
    (workspace / "scripts" / "short.yaml").write_text(SHORT, encoding="utf-8")
    if "plan" in command:
        loaded(*command)  # from now on its lines are kept
    assert loaded(*command).isdisjoint(HEAVY)


def test_what_was_looked_at_before_loads_no_rules(workspace: Path) -> None:
    (workspace / "scripts" / "short.yaml").write_text(SHORT.replace("Hello", "Good day"), encoding="utf-8")
    rules = {"calmcast.script.lint.checks", "calmcast.script.lint.spoken"}
    assert rules <= loaded("plan", "short", "--length", "60s", "--estimate")
    assert rules.isdisjoint(loaded("plan", "short", "--length", "80s", "--estimate"))


def test_a_command_that_makes_something_loads_what_it_needs_for_it(workspace: Path) -> None:
    (workspace / "scripts" / "short.yaml").write_text(SHORT, encoding="utf-8")
    assert {"lameenc", "mutagen", "numpy"} <= loaded("render", "short", "--length", "60s")


def test_help_loads_no_more_than_the_list_of_commands() -> None:
    way_in = {"calmcast.invisible", *(f"calmcast.cli{name}" for name in ("", ".entry", ".main"))}
    assert {name for name in loaded("--help") if name.startswith("calmcast.")} <= way_in


def test_few_imports_stand_inside_functions() -> None:
    every, late = 0, 0
    for path in Path(calmcast.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        every += len(imports_in(tree))
        late += len({node for function in functions for node in imports_in(function)})
    assert every > 2_000
    assert late / every <= LATE


def imports_in(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
