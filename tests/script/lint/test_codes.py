"""Every warning that the code can give has its row in the table of codes, and every row a warning."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from calmcast.script.lint.codes import CODES
from calmcast.script.lint.gentle import RULES

SOURCES = Path(__file__).parents[3] / "src" / "calmcast"


def given() -> Iterator[str]:
    """Yield the code of each warning of a script that the sources give; a class has others, and no `allow`."""
    for path in SOURCES.rglob("*.py"):
        if path.parent.name == "classes":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "warning":
                assert isinstance(node.args[0], ast.Constant | ast.Attribute), f"{path.name}:{node.lineno}"
                if isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value)
    yield from (rule.code for rule in RULES)


def named() -> Iterator[str]:
    """Yield every text that stands in the sources, but for the table itself."""
    for path in SOURCES.rglob("*.py"):
        if path.name != "codes.py":
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_every_warning_has_a_row_and_every_row_a_warning() -> None:
    assert set(given()) - CODES.keys() == set(), "give them a row in CODES of script/lint/codes.py"
    assert CODES.keys() - set(named()) == set(), "nothing gives these warnings"


def test_every_warning_stands_in_a_test() -> None:
    tests = [path for path in Path(__file__).parents[2].rglob("*.py") if path != Path(__file__)]
    words = {word for path in tests for word in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))}
    assert CODES.keys() - words == set(), "test them beside their like: told, allowed, not told"


def test_a_code_is_one_word_and_says_what_it_stands_for() -> None:
    assert all(meaning and code == code.lower() and " " not in code for code, meaning in CODES.items())
