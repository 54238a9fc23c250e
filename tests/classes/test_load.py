"""A class and its scripts: what is wrong between them, and the tracks that come of it."""

from pathlib import Path

import pytest

from calmcast.classes.load import LoadedClass, inspected_class, load_class, ordered, runnable_class
from calmcast.errors import ScriptError
from calmcast.units import SAMPLE_RATE
from calmcast.workspace.folder import Folder
from calmcast.workspace.workspace import Workspace

REST = """\
title: Rest
length: 1 min
options:
  head: {ask: Support under the head, choices: [low, high]}
  exit: {ask: The way out, choices: [up, stay]}
segments:
  - title: Lie
    steps:
      - when: {head: high}
        say: A tall bolster holds your head.
      - Rest here.
      - rest: 30s
  - title: Out
    role: exit
    steps: [Come back now., {pause: 3s}]
"""
SIT = "title: Sit\nlength: 1 min\nsegments: [{title: Sit, steps: [Sit., {rest: 30s}]}]\nallow: {no-way-out: they sit}\n"


@pytest.fixture
def place(workspace: Path) -> Path:
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "rest.yaml").write_text(REST, encoding="utf-8")
    (workspace / "scripts" / "sit.yaml").write_text(SIT, encoding="utf-8")
    return workspace


def loaded(place: Path, text: str, name: str = "c") -> LoadedClass:
    (place / "scripts" / "classes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_class(Workspace.at(place), name)


def told(place: Path, text: str) -> list[tuple[str, int, int, str | None]]:
    return [(p.code, p.source.line, p.source.column, p.hint) for p in loaded(place, text).problems]


def test_what_wins(place: Path) -> None:
    found = ordered(
        loaded(
            place,
            "title: C\nvoice: calm\nbed: rain\noptions: {HEAD: high, exit: stay}\n"
            "tracks:\n"
            "  - rest\n"
            "  - {script: rest, lengths: [1 min, 2 min], options: {exit: up}, voice: plain, stereo: no, "
            "note: N, title: T}\n"
            "  - sit\n"
            "for:\n  Mara: {options: {head: low}, voice: calm}\n",
        )
    )
    everybody, mara = found
    assert (everybody.client, mara.client and mara.client.name) == (None, "Mara")
    assert [order.choices for order in everybody.orders] == [
        (("exit", "stay"), ("head", "high")),
        (("exit", "up"), ("head", "high")),
        (("exit", "up"), ("head", "high")),
        (),
    ]
    assert [order.length for order in everybody.orders] == [None, 60 * SAMPLE_RATE, 120 * SAMPLE_RATE, None]
    assert [order.voice for order in everybody.orders] == ["calm", "plain", "plain", "calm"]
    assert [order.wishes.stereo for order in everybody.orders] == [None, False, False, None]
    assert all(order.wishes.bed and order.wishes.bed.made_of for order in everybody.orders)
    assert [(order.title, order.note) for order in everybody.orders[:2]] == [("", ""), ("T", "N")]
    assert [dict(order.choices).get("head") for order in mara.orders] == ["low", "low", "low", None]
    assert {order.voice for order in mara.orders} == {"calm"}


def test_slips_between_a_class_and_its_scripts(place: Path) -> None:
    assert told(place, "title: C\ntracks: [rset]\n") == [("unknown-script", 2, 10, "did you mean `rest`?")]
    assert told(place, "title: C\ntracks: [{script: rest, options: {haed: high}}]\n") == [
        ("unknown-option", 2, 35, "did you mean `head`?")
    ]
    assert told(place, "title: C\ntracks: [{script: rest, options: {head: hihg}}]\n") == [
        ("unknown-choice", 2, 41, "did you mean `high`?")
    ]
    assert [code for code, *_ in told(place, "title: C\nvoice: clam\ntracks: [{script: sit, voice: plian}]\n")] == [
        "unknown-voice",
        "unknown-voice",
    ]
    assert told(place, "title: C\nbed: rian\ntracks: [sit]\n") == [("unknown-bed", 2, 6, "did you mean `rain`?")]
    assert [code for code, *_ in told(place, "title: C\nbed: {file: none.mp3}\ntracks: [sit]\n")] == ["unknown-bed"]


def test_an_option_of_the_class_is_one_that_some_script_has(place: Path) -> None:
    assert told(place, "title: C\noptions: {head: high}\ntracks: [sit, rest]\n") == []
    assert [code for code, *_ in told(place, "title: C\noptions: {head: high}\ntracks: [sit]\n")] == ["unknown-option"]
    client = "title: C\ntracks: [rest]\nfor: {Mara: {options: {haed: high}}}\n"
    assert told(place, client) == [("unknown-option", 3, 24, "did you mean `head`?")]
    assert told(place, "title: C\ntracks: [{script: sit, options: {guidance: less}}]\n") == []


def test_a_choice_goes_to_the_scripts_that_have_it(place: Path) -> None:
    other = REST.replace("choices: [low, high]", "choices: [low, none]").replace("head: high}", "head: none}")
    (place / "scripts" / "other.yaml").write_text(other, encoding="utf-8")
    text = "title: C\noptions: {head: high}\ntracks: [rest, other]\n"
    found = loaded(place, text)
    assert [(p.code, str(p.severity), p.source.line) for p in found.problems] == [("other-choices", "warning", 2)]
    assert "`other`" in found.problems[0].message
    assert [order.choices for order in ordered(found)[0].orders] == [(("head", "high"),), ()]
    assert [code for code, *_ in told(place, text.replace("high", "hgih"))] == ["unknown-choice"]


def test_alike_things_are_told(place: Path) -> None:
    text = "title: C\ntracks:\n  - sit\n  - {script: rest, lengths: [1 min, 60s]}\n  - {script: sit, title: Again}\n"
    assert [(code, line) for code, line, *_ in told(place, text)] == [("same-track", 4), ("same-track", 5)]
    problems = loaded(place, "title: C\ntracks: [rest, after-class]\n", "sit").problems
    assert {p.code for p in problems} == {"same-name", "unknown-script"}
    assert any("is a class" in (p.hint or "") for p in problems)


def test_two_clients_in_one_folder(place: Path) -> None:
    found = told(place, "title: C\ntracks: [sit]\nfor: {Mara: {}, mara!: {}, Иван: {}, Петр: {}}\n")
    assert [(code, line, column) for code, line, column, _ in found] == [("same-folder", 3, 17)]


def test_what_cannot_run_says_so_with_its_problems(place: Path) -> None:
    with pytest.raises(ScriptError) as refused:
        runnable_class(loaded(place, "title: C\ntracks: [rset, sti]\n"))
    assert refused.value.message == "c has 2 errors"
    assert len(refused.value.problems) == 2


def test_faults_of_its_scripts_and_lengths_are_told_too(place: Path) -> None:
    here = Workspace.at(place)
    loaded(place, "title: C\ntracks: [{script: rest, lengths: [1 min, 1s]}]\nfor: {Mara: {options: {head: high}}}\n")
    found = inspected_class(here, "c")
    told = {
        (p.code, p.source.line, p.source.column, str(p.severity)) for p in found if p.source.file.endswith("c.yaml")
    }
    assert told == {("no-such-length", 2, 42, "warning")}
    (place / "scripts" / "rest.yaml").write_text(REST.replace("rest: 30s", "rset: 30s"), encoding="utf-8")
    assert [str(p.source).rpartition("/")[2] for p in inspected_class(here, "c") if str(p.severity) == "error"] == [
        "rest.yaml:12:9"
    ]


def test_classes_by_name_and_by_path(place: Path) -> None:
    files = Folder(place)
    loaded(place, "title: C\ntracks: [sit]\n", "tuesday")
    assert "tuesday" in files.classes()
    assert "after-class" in files.classes()
    assert files.class_file("tuesday") == files.class_file("tuesday.yaml")
    assert files.is_class("tuesday")
    assert files.is_class(str(place / "scripts" / "classes" / "tuesday.yaml"))
    assert not files.is_class("sit")
    for name, hint in (("tusday", "did you mean `tuesday`?"), ("sit", "`sit` is a script: calmcast render sit")):
        with pytest.raises(ScriptError) as refused:
            files.class_file(name)
        assert refused.value.hint == hint
    with pytest.raises(ScriptError, match="no script `tuesday`"):
        files.script("tuesday")


def test_the_teachers_own_settings_hold_where_a_class_says_nothing(place: Path) -> None:
    (place / "calmcast.yaml").write_text("name: Ada\ncontact: ada@example.org\n", encoding="utf-8")
    plan = loaded(place, "title: C\ntracks: [sit]\n").plan
    other = loaded(place, "title: C\nteacher: Rosa\ncontact: 0151 12345\ntracks: [sit]\n").plan
    assert [(each.teacher, each.contact) for each in (plan, other) if each] == [
        ("Ada", "ada@example.org"),
        ("Rosa", "015112345"),
    ]
