"""`calmcast new NAME --text FILE`: a text that somebody brings becomes a script, and what is not spoken is told."""

import re
import time
from pathlib import Path

import pytest

from calmcast.workspace.brought import of_text
from calmcast.workspace.workspace import Workspace
from tests.conftest import Calmcast
from tests.script.edit.prose.documents import GOOGLE_DOCS, docx, paragraph, run, text_box

BROUGHT = """\
---
title: A wide rest
---

Narrator: Lie down, {name}.

Narrator: (softly) Feel the floor. [pause]

Narrator: Come back when you like.

---

Recording notes: soft music, please.
"""


def said(calmcast: Calmcast, script: str) -> list[str]:
    events = calmcast("plan", script, "--estimate", "--json").json["events"]
    return [event["text"] for event in events if event["kind"] == "line"]


def test_all_of_it_as_json(calmcast: Calmcast, workspace: Path) -> None:
    """With nothing asked, and nothing else printed."""
    (workspace / "brought.md").write_text(BROUGHT, encoding="utf-8")
    run = calmcast("new", "wide", "--text", "brought.md", "--json")
    assert run.code == 0, run.err
    made = run.json
    assert (made["path"], made["other_files"]) == ("scripts/wide.yaml", 0)
    assert {problem["severity"] for problem in made["problems"]} <= {"warning"}
    text = made["text"]
    assert text["left_out"][0] == {
        "first": 1,
        "last": 3,
        "text": "--- / title: A wide rest / ---",
        "why": "front matter",
    }
    assert [(each["first"], each["why"]) for each in text["unsure"]] == [
        (7, "perhaps a direction"),
        (7, "a pause without a length"),
    ]
    assert (text["blanks"], text["counted_by"]) == ([{"name": "name", "row": 5}], "line")


@pytest.mark.parametrize(
    ("given", "others"),
    [((), 0), (("--from", "psoas-release"), 0), (("--from", "psoas-release", "--copy"), 1), (("--class",), 0)],
)
def test_other_new_files_as_json(calmcast: Calmcast, workspace: Path, given: tuple[str, ...], others: int) -> None:
    made = calmcast("new", "evening", *given, "--json").json
    assert (workspace / made["path"]).is_file()
    assert (made["other_files"] >= others, made["text"]) == (True, None)
    assert not [problem for problem in made["problems"] if problem["severity"] == "error"]


def test_what_is_not_spoken_is_told_and_the_script_is_sound(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "brought.md").write_text(BROUGHT, encoding="utf-8")
    run = calmcast("new", "wide", "--text", "brought.md")
    assert run.code == 0, run.err
    lines = run.out.splitlines()
    assert lines[: lines.index(next(line for line in lines if line.endswith("wide.yaml")))] == [
        "not spoken, from brought.md:",
        "  lines 1-3: --- / title: A wide rest / --- (front matter)",
        "  lines 5-9: Narrator: / Narrator: / Narrator: (who speaks)",
        "  line 13: Recording notes: soft music, please. (a field)",
        "not sure; see the comments (#) in the script, and the lengths of its pauses:",
        "  line 7: (softly) (perhaps a direction)",
        "  line 7: [pause]: 6 s (a pause without a length)",
        "to fill in: write the words in scripts/wide.yaml, where the comment says so:",
        "  line 5: {name}",
    ]
    script = workspace / "scripts" / "wide.yaml"
    text = script.read_text(encoding="utf-8")
    assert "\ntitle: A wide rest\n" in text
    assert "# - Lie down, {name}.   # fill in what stands in {}\n" in text
    assert "# (softly)\n" in text
    assert calmcast("check", "wide").code == 0
    script.write_text(text.replace("# - Lie down, {name}.", "- Lie down, Mara."), encoding="utf-8")
    assert said(calmcast, "wide")[0] == "Lie down, Mara."


def test_placeholders_are_asked_for_once_each(workspace: Path) -> None:
    asked = list[str]()

    def ask(question: str, default: str) -> str:
        asked.append(question)
        return {"name": "Mara", "number": ""}.get(re.findall(r"\{(\w+)\}", question)[0], default)

    data = b"Lie down.\n\nHello, [name]. Bye, {name}. Take [insert number] breaths.\n\nRest.\n"
    here = Workspace.at(workspace)
    (_, text), findings = of_text(here.library, "x", Path("x.txt"), data, {"title": "X"}, None, ask)
    assert [re.findall(r"\{\w+\}", question) for question in asked] == [["{name}"], ["{number}"]]
    assert "- Hello, Mara.\n" in text
    assert "- Bye, Mara.\n" in text
    assert "# - Take {number} breaths." in text
    assert [blank.name for blank in findings.blanks] == ["number"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx(paragraph("The long exhale", style="Title"), paragraph("Lie down."), paragraph("Be."))),
        ("a.html", GOOGLE_DOCS.encode()),
        ("a.txt", "The long exhale\r\rLie down.\r\rIt’s fine.\r".encode("mac-roman")),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:03,000\nLie down.\n\n2\n00:00:03,500 --> 00:00:05,000\nBe.\n"),
    ],
)
def test_files_of_every_kind(calmcast: Calmcast, workspace: Path, name: str, data: bytes) -> None:
    (workspace / name).write_bytes(data)
    run = calmcast("new", "brought", "--text", name, "--title", "The long exhale")
    assert run.code == 0, run.err
    assert said(calmcast, "brought")[0].startswith("Lie down")


def test_what_a_word_document_has_is_counted_by_paragraphs(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "a.docx").write_bytes(docx(*map(paragraph, ("Duration: 5 min", "Lie down.", "(softly)", "Be."))))
    run = calmcast("new", "brought", "--text", "a.docx")
    assert "paragraph 1: Duration: 5 min (a field at the head)" in run.out
    assert "paragraph 3: (softly) (perhaps a direction)" in run.out


def test_what_is_not_read_of_a_word_document_is_told(calmcast: Calmcast, workspace: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    data = docx(
        paragraph("Lie down.", note),
        paragraph("Rest.", note, run("as I said", "vanish"), text_box(paragraph("Low light"))),
        paragraph("Be."),
    )
    (workspace / "a.docx").write_bytes(data)
    told = calmcast("new", "brought", "--text", "a.docx")
    assert told.out.splitlines()[:5] == [
        "note: 2 footnotes are left out: paragraphs 1 and 2",
        "not spoken, from a.docx:",
        "  paragraph 2: as I said (hidden text)",
        "not sure; see the comments (#) in the script, and the lengths of its pauses:",
        "  paragraph 2: Low light (in a text box)",
    ]
    assert said(calmcast, "brought") == ["Lie down.", "Rest.", "Be."]
    assert "# Low light\n" in (workspace / "scripts" / "brought.yaml").read_text(encoding="utf-8")
    text = calmcast("new", "brought", "--text", "a.docx", "--force", "--json").json["text"]
    assert text["notes"] == ["2 footnotes are left out: paragraphs 1 and 2"]
    assert [each["why"] for each in (*text["left_out"], *text["unsure"])] == ["hidden text", "in a text box"]


def test_another_language_is_noticed_and_spoken_as_such(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "a.txt").write_text(
        "Leg dich hin und lass den Boden dich tragen.\n\nRuh dich aus.\n", encoding="utf-8"
    )
    run = calmcast("new", "ruhe", "--text", "a.txt")
    assert "note: the text seems to be German" in run.out
    assert "\nlanguage: de\n" in (workspace / "scripts" / "ruhe.yaml").read_text(encoding="utf-8")
    calmcast("new", "ruhe", "--text", "a.txt", "--language", "en", "--force")
    assert "\nlanguage: en\n" in (workspace / "scripts" / "ruhe.yaml").read_text(encoding="utf-8")


def test_a_text_of_nothing_but_notes_is_refused_with_the_reason(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "a.txt").write_text("Duration: 10 min\nMusic: low\n", encoding="utf-8")
    run = calmcast("new", "x", "--text", "a.txt")
    assert run.code == 2
    assert "there are no words in a.txt" in run.err
    assert "taken for what is not spoken" in run.err


def test_time_grows_with_the_text_alone(workspace: Path) -> None:
    """100 kB take a second at most, and about four times as long as a quarter of it."""
    sentence = (
        "Let the floor hold a little more of you, as it has been doing all along, and breathe out. [pause 5s] "
        "(softly) Feel how your left hand has been resting there, without any effort, for quite a while now.\n\n"
    )
    here, taken = Workspace.at(workspace), list[float]()
    for size in (25_000, 100_000):
        data = (sentence * (size // len(sentence))).encode()
        times = list[float]()
        for _ in range(2):
            begun = time.process_time()
            of_text(here.library, "x", Path("x.txt"), data, {"title": "X"}, None, lambda _, default: default)
            times.append(time.process_time() - begun)
        taken.append(min(times))
    assert taken[1] < 1
    assert taken[1] < 8 * taken[0]


@pytest.mark.parametrize("text", ["Be.\n\n" * 90_000, pytest.param("Let it be. " * 40_000, marks=pytest.mark.long)])
def test_a_text_whose_script_would_be_too_large_is_refused(calmcast: Calmcast, workspace: Path, text: str) -> None:
    (workspace / "a.txt").write_text(text, encoding="utf-8")
    run = calmcast("new", "x", "--text", "a.txt")
    assert run.code == 2
    assert "too long for one track" in run.err


def test_of_much_that_is_left_out_the_first_is_told_and_how_to_see_all(calmcast: Calmcast, workspace: Path) -> None:
    rests = "".join(f"Rest number {number} is a long and easy one.\n\n(softly)\n\n" for number in range(30))
    (workspace / "a.txt").write_text(rests, encoding="utf-8")
    told = calmcast("new", "x", "--text", "a.txt").out.splitlines()
    assert told[25:27] == [
        "  line 99: (softly) (perhaps a direction)",
        "  and 5 more; all of them with: --force --json",
    ]
    made = calmcast("new", "x", "--text", "a.txt", "--force", "--json").json
    assert len(made["text"]["unsure"]) == 30
