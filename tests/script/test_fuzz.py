"""Whatever a file holds, reading it ends in a script or in problems with places; never in an exception."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from calmcast.library import Library
from calmcast.script.builder import build_script, build_segment
from calmcast.script.reader import read
from calmcast.workspace import Workspace, shipped

SHIPPED = "\n".join(path.read_text(encoding="utf-8") for path in sorted((shipped() / "scripts").rglob("*.yaml")))
SIGNS = st.text(st.sampled_from("-:#[]{}'\"*&!%@`|>?, \n\t~<abc019sm\u2028\ufeff"), max_size=80)


def survives(data: bytes) -> None:
    node, problems = read(data, "x.yaml")
    found = (*problems, *build_script(node, "x", "x.yaml")[1], *build_segment(node, "x", "x.yaml")[1])
    assert all(p.source.line >= 1 and p.source.column >= 1 and str(p) for p in found)


@given(SIGNS)
def test_signs(text: str) -> None:
    survives(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
def test_bytes(data: bytes) -> None:
    survives(data)


@given(st.integers(0, len(SHIPPED)), st.integers(0, 40), SIGNS)
@settings(max_examples=150)
def test_a_shipped_script_with_something_typed_over_it(at: int, length: int, typed: str) -> None:
    survives((SHIPPED[max(0, at - 600) : at] + typed + SHIPPED[at + length : at + 600]).encode())


def test_shipped_scripts_have_no_problem(tmp_path: Path) -> None:
    library = Library(Workspace(tmp_path))
    scripts = library.workspace.scripts()
    assert "psoas-release" in scripts
    for name in scripts:
        loaded = library.script(name)
        assert loaded.script is not None
        assert loaded.problems == ()
