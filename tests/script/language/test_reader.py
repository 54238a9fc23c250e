from calmcast.script.language.reader import read


def test_a_number_that_nobody_can_say_is_refused_with_its_place() -> None:
    node, problems = read(f"title: x\nlength: {'1' * 5000}\nmore: {'2' * 999}\n".encode(), "a.yaml")
    assert node is None
    assert [(each.code, each.source.line, each.source.column) for each in problems] == [("long-number", 2, 9)]
