from pathlib import Path

import jsonschema
import pytest
import yaml

from calmcast.script.edit.templates import SCHEMA
from calmcast.script.language.builder import GAP
from calmcast.script.language.grammar import SCRIPT, SEGMENT, STEPS, TRAITS
from calmcast.script.language.kinds import Field, Kind
from calmcast.script.language.nodes import Scalar
from calmcast.script.language.reader import read
from calmcast.script.language.reference import schema, schema_text
from calmcast.script.language.silences import parse_gap
from calmcast.workspace.drafts import prepare
from calmcast.workspace.folder import Folder, shipped
from tests.script.test_problems import problems_of_script, problems_of_segment


@pytest.mark.parametrize("element", STEPS, ids=lambda element: element.name)
def test_every_example_of_a_step_is_valid(element: object) -> None:
    example = element.example  # type: ignore[attr-defined]  # pytest hands over an Element
    text = "title: A\nsteps:\n" + "\n".join(f"  {line}" for line in example.splitlines()) + "\n"
    assert problems_of_segment(text) == ()
    jsonschema.validate(yaml.safe_load(text), schema())


def test_the_examples_of_whole_files_are_valid() -> None:
    assert problems_of_script(SCRIPT.example) == ()
    assert problems_of_segment(SEGMENT.example) == ()


def test_the_gap_in_the_table_is_the_one_in_use() -> None:
    written = SCRIPT.field("gap").default or ""
    node, _ = read(f"x: {written}".encode(), "x")
    value = node.get("x")  # type: ignore[union-attr]  # a mapping
    assert value is not None
    assert parse_gap(value, Field("gap", Kind.GLUE, "", ""), []) == GAP


def test_the_schema_accepts_what_ships_and_refuses_slips() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for path in (shipped() / "scripts").rglob("*.yaml"):
        validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    for slip in ({"title": "A"}, {"title": "A", "steps": [{"puase": "6s"}]}, {"title": "A", "segments": [{"use": 3}]}):
        assert not validator.is_valid(slip)


def test_a_workspace_is_given_the_schema_of_today(tmp_path: Path) -> None:
    here = Folder(tmp_path)
    prepare(here)
    written, readme = tmp_path / "scripts" / SCHEMA, tmp_path / "README.md"
    written.write_text("{}", encoding="utf-8")
    readme.write_text("my own", encoding="utf-8")
    prepare(here)
    assert (written.read_text(encoding="utf-8"), readme.read_text(encoding="utf-8")) == (schema_text(), "my own")


def test_what_any_step_may_carry_is_written_once_and_holds_in_each() -> None:
    written = schema()
    validator = jsonschema.Draft202012Validator(written)
    whole = [written["$defs"][name] for name in ("segment", "reference")]
    steps = [step for step in written["$defs"]["step"]["oneOf"] if step["type"] == "object"]
    assert len(steps) == len(STEPS)
    names = {trait.name for trait in TRAITS}
    assert all(names <= each["properties"].keys() for each in whole)
    for each in (*whole, *steps):
        for name in names & each["properties"].keys():
            assert each["properties"][name] == {"$ref": f"#/$defs/trait-{name}"}
        assert each["additionalProperties"] is False
    for element in STEPS:
        first = yaml.safe_load(element.example.replace("- Let your shoulders soften.\n", ""))[0]
        for more, known in (({"keep": True}, True), ({"keep": "maybe"}, False), ({"kepe": True}, False)):
            assert validator.is_valid({"title": "A", "steps": [first | more]}) == known, (element.name, more)


def test_a_place_inside_a_text_of_several_lines() -> None:
    node = Scalar("a [1x] b [1x]", read(b"x: a [1x]\n   b [1x]", "x")[0].source, ("x: a [1x]", "   b [1x]"))  # type: ignore[union-attr]
    assert (node.place_of("[1x]").line, node.place_of("[1x]").column) == (1, 6)
    assert (node.place_of("[1x]", 1).line, node.place_of("[1x]", 1).column) == (2, 6)
