"""A teacher's own version of a script: `new --from`, `--copy`, `--language`, `--text`, and `diff`."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import TONE, Calmcast

BASE = """\
# The base, for every day.
title: Base
about: What it is.
length: 10 min
options: {knees: {ask: "Knees: which way?", choices: [as you like, "yes", "no"]}}
segments:
  - title: Welcome
    steps:
      - Hello there.              # said first
      - {say: Your knees are up., when: {knees: "yes"}}
  - one                           # from a file
  - {use: two, optional: 2}
  - title: Quiet
    steps:
      - I'll be quiet for a while, and you can move.
      - rest: {about: 60s, every: 3 min, check: ask}
  - end
"""
SEGMENTS = {
    "one": "# The first.\ntitle: First\nsteps:\n  - From one.\n  - pause: 6s\n  - use: inner\n",
    "inner": "title: Inner\nsteps:\n  - From within.\n",
    "two": "title: Second\nsteps: [From two., {one of: [This way., That way.]}]\n",
    "ask": "title: Ask\nrole: check\nsteps: [Are you well?]\n",
    "end": "title: The end\nkeep: yes\nrole: exit\nsteps: [Come back.]\n",
}


@pytest.fixture
def base(workspace: Path) -> Path:
    """A workspace with a script `base` and its segments."""
    (workspace / "scripts" / "base.yaml").write_text(BASE, encoding="utf-8")
    for name, text in SEGMENTS.items():
        (workspace / "scripts" / "segments" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return workspace


def errors(calmcast: Calmcast, name: str) -> list[tuple[str, str, int]]:
    found = calmcast("check", name, "--json").json["problems"]
    return [(p["code"], p["file"], p["line"]) for p in found if p["severity"] == "error"]


def warnings(calmcast: Calmcast, name: str) -> set[str]:
    return {problem["code"] for problem in calmcast("check", name, "--json").json["problems"]}


def texts(calmcast: Calmcast, name: str) -> list[str]:
    events = calmcast("plan", name, "-l", "10", "--estimate", "--json").json["events"]
    return [event["text"] for event in events if event["kind"] == "line"]


def test_a_version_follows_what_it_extends(calmcast: Calmcast, base: Path) -> None:
    run = calmcast("new", "tuesday", "--from", "base", "--title", "Tuesday: class", "--length", "12")
    assert run.code == 0, run.err
    text = (base / "scripts" / "tuesday.yaml").read_text(encoding="utf-8")
    said = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert said == ["extends: base", 'title: "Tuesday: class"', "length: 12 min"]
    assert texts(calmcast, "tuesday") == texts(calmcast, "base")
    (base / "scripts" / "segments" / "one.yaml").write_text("title: F\nsteps: [Anew.]\n")
    assert "Anew." in texts(calmcast, "tuesday")


def test_every_comment_of_a_version_works_when_its_sign_is_taken_away(calmcast: Calmcast, base: Path) -> None:
    calmcast("new", "tuesday", "--from", "base")
    path = base / "scripts" / "tuesday.yaml"
    head, _, left = path.read_text(encoding="utf-8").partition("# What follows")
    explanation, _, examples = left.partition("# replace:")
    for name in ("Welcome", "one", "two", "Quiet", "end"):
        assert re.search(rf"^#   {name} +\S", explanation, re.MULTILINE), name
    assert "knees: {default: as you like}   # Knees: which way?: as you like, yes, no" in examples
    fields = [line for line in explanation.splitlines() if re.match(r"# \w+: ", line)]
    shown = "\n".join([*fields, "# replace:" + examples])
    path.write_text(head + re.sub(r"^# ?", "", shown, flags=re.MULTILINE), encoding="utf-8")
    assert errors(calmcast, "tuesday") == []
    assert "Your own words." in texts(calmcast, "tuesday")
    kinds = {change["kind"] for change in calmcast("diff", "tuesday", "--json").json["changes"]}
    assert {"title", "replaced", "inserted", "dropped"} <= kinds


def test_a_copy_is_on_its_own(calmcast: Calmcast, base: Path) -> None:
    before = {path: path.read_bytes() for path in (base / "scripts").rglob("*.yaml")}
    run = calmcast("new", "mine", "--from", "base", "--copy", "--title", "My: own")
    assert run.code == 0, run.err
    assert before.items() <= {path: path.read_bytes() for path in (base / "scripts").rglob("*.yaml")}.items()
    copied = (base / "scripts" / "mine.yaml").read_text(encoding="utf-8")
    expected = BASE.replace("title: Base", 'title: "My: own"').replace("- one ", "- mine-one ")
    expected = expected.replace("{use: two", "{use: mine-two").replace("check: ask", "check: mine-ask")
    expected = expected.replace("- end", "- mine-end")
    assert copied.endswith("#\n" + expected)
    segments = base / "scripts" / "segments"
    assert {path.stem for path in segments.glob("mine-*")} == {f"mine-{name}" for name in SEGMENTS}
    assert (segments / "mine-one.yaml").read_text().endswith(SEGMENTS["one"].replace("inner", "mine-inner"))
    assert errors(calmcast, "mine") == []
    assert texts(calmcast, "mine") == texts(calmcast, "base")
    for name in SEGMENTS:
        (segments / f"{name}.yaml").unlink()
    assert errors(calmcast, "mine") == []


def test_a_copy_of_a_version_brings_what_it_extends(calmcast: Calmcast, base: Path) -> None:
    changes = "replace: {One: inner}\ninsert: [{after: Welcome, segment: two}]\ndrop: [Two]\n"
    (base / "scripts" / "v.yaml").write_text(f"extends: base\ntitle: V\n{changes}")
    assert calmcast("new", "w", "--from", "v", "--copy").code == 0
    copied = (base / "scripts" / "w.yaml").read_text(encoding="utf-8")
    changes = "replace: {w-one: w-inner}\ninsert: [{after: Welcome, segment: w-two}]\ndrop: [w-two]\n"
    assert copied.endswith(f"extends: w-base\ntitle: V\n{changes}")
    assert errors(calmcast, "w") == []
    assert texts(calmcast, "w") == texts(calmcast, "v")


def test_nothing_is_overwritten_and_nothing_half_written(calmcast: Calmcast, base: Path) -> None:
    taken = base / "scripts" / "segments" / "mine-two.yaml"
    taken.write_text("title: Taken\nsteps: [Mine.]\n")
    run = calmcast("new", "mine", "--from", "base", "--copy")
    assert run.code == 6
    assert "mine-two.yaml is there already" in run.err
    assert not (base / "scripts" / "mine.yaml").exists()
    assert not (base / "scripts" / "segments" / "mine-one.yaml").exists()
    assert taken.read_text() == "title: Taken\nsteps: [Mine.]\n"
    assert calmcast("new", "mine", "--from", "base", "--copy", "--force").code == 0
    assert "From two." in taken.read_text()


def test_a_copy_to_translate(calmcast: Calmcast, base: Path) -> None:
    run = calmcast("new", "suomi", "--from", "base", "--language", "FI")
    assert run.code == 0, run.err
    text = (base / "scripts" / "suomi.yaml").read_text(encoding="utf-8")
    assert "\nlanguage: fi\n" in text
    assert "There is no voice for fi here" in text
    assert "\n  - title: Welcome   # translate\n" in text
    assert (
        "      - say: Hello there.              # said first\n        id: welcome-1\n        untranslated: yes\n"
        in text
    )
    two = (base / "scripts" / "segments" / "suomi-two.yaml").read_text(encoding="utf-8")
    assert "[{say: From two., id: two-1, untranslated: yes}, {one of: [{say: This way., id: two-2," in two
    assert "10 lines to translate" in run.out
    assert errors(calmcast, "suomi") == []
    assert "untranslated" in warnings(calmcast, "suomi")
    assert texts(calmcast, "suomi") == texts(calmcast, "base")


def test_a_voice_of_the_language_is_used(calmcast: Calmcast, base: Path) -> None:
    (base / "voices" / "ruhig.yaml").write_text("language: de-DE\n" + TONE)
    (base / "voices" / "anders.yaml").write_text("language: de-AT\n" + TONE)
    calmcast("new", "d1", "--from", "base", "--language", "de-AT")
    text = (base / "scripts" / "d1.yaml").read_text(encoding="utf-8")
    assert "\nvoice: anders\n" in text
    assert "There is no voice" not in text
    calmcast("new", "d2", "--from", "base", "--language", "de", "--voice", "ruhig")
    assert "\nvoice: ruhig\n" in (base / "scripts" / "d2.yaml").read_text(encoding="utf-8")


TEXT = """\
Welcome to this hour. [pause 10 seconds] Find a place: any place will do...

Let your shoulders be “heavy,” and let the floor hold them for as long as it takes, which may be longer than you \
expect it to be today. Breathe. Is there something that would like to move? (pause)

Now rest. There's nothing to do. It's all done.
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_becomes_a_script(calmcast: Calmcast, workspace: Path, encoding: str) -> None:
    (workspace / "my text.txt").write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    run = calmcast("new", "hour", "--text", "my text.txt", "--title", "An hour", "--force")
    assert run.code == 0, run.err
    problems = calmcast("check", "hour", "--json").json["problems"]
    assert [p["code"] for p in problems if p["severity"] == "error"] == []
    assert not {"long-line", "spoken-step"} & {problem["code"] for problem in problems}
    said = texts(calmcast, "hour")
    assert said[:3] == [
        "Welcome to this hour.",
        "Find a place: any place will do.",
        "Let your shoulders be “heavy,”",
    ] or (said[2].startswith("Let your shoulders be “heavy,”"))
    assert said[-1] == "It's all done."
    assert "- pause: 10s" in (workspace / "scripts" / "hour.yaml").read_text(encoding="utf-8")


def test_a_long_text_is_abridged_to_fit(calmcast: Calmcast, workspace: Path) -> None:
    paragraphs = [
        " ".join(f"In part {p} there is sentence {s}, which is about nothing in particular." for s in range(8))
        for p in range(33)
    ]
    (workspace / "long.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    assert calmcast("new", "long", "--text", "long.txt").code == 0
    assert errors(calmcast, "long") == []
    counts = list[int]()
    plans = calmcast("plan", "long", "-l", "12,25,60", "--estimate", "--json").json["plans"]
    for length, plan in zip((12, 25, 60), plans, strict=True):
        events = plan["events"]
        assert events[-1]["end_s"] == length * 60
        lines = [event["text"] for event in events if event["text"].startswith("In part")]
        counts.append(len(lines))
        assert events[-1]["text"] == lines[-1]
        assert lines[0].startswith("In part 0 there is sentence 0")
        assert lines[-1].startswith("In part 32 there is sentence 7")
        parts = [int(part) for part in re.findall(r"part (\d+)", " ".join(lines))]
        assert max(second - first for first, second in pairwise(parts)) <= 5
    assert counts[0] < counts[1] < counts[2] == 33 * 8


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--from", "bse"], 2, "did you mean `base`?"),
        (["--copy"], 2, "--copy needs --from"),
        (["--language", "de"], 2, "--language needs --from"),
        (["--from", "base", "--language", "Deutsch!"], 2, "is not a language"),
        (["--from", "base", "--segment", "one"], 2, "--segment is for a script of your own"),
        (["--from", "base", "--text", "x.txt"], 2, "choose one"),
        (["--text", "nowhere.txt"], 2, "nowhere.txt cannot be read"),
        (["--text", "empty.txt"], 2, "there are no words"),
        (["--text", "word.docx"], 2, "is no plain text"),
        (["--from", "broken"], 2, "cannot be started from"),
        (["--from", "elsewhere/x.yaml"], 2, "a version starts from a script in scripts/"),
        (["--from", "base", "--voice", "clam"], 2, "did you mean `calm`?"),
    ],
)
def test_what_cannot_be(calmcast: Calmcast, base: Path, arguments: list[str], code: int, said: str) -> None:
    (base / "empty.txt").write_text("\n --- \n")
    (base / "word.docx").write_bytes(b"PK\x03\x04" + bytes(50))
    (base / "scripts" / "broken.yaml").write_text("title: B\nsegments: [none-such]\n")
    (base / "elsewhere").mkdir()
    (base / "elsewhere" / "x.yaml").write_text("title: X\nsegments: [breath]\n")
    before = sorted(base.rglob("*"))
    run = calmcast("new", "tried", *arguments)
    assert run.code == code
    assert said in run.err
    assert sorted(base.rglob("*")) == before


def test_diff_in_the_order_of_the_track(calmcast: Calmcast, base: Path) -> None:
    (base / "scripts" / "v.yaml").write_text(
        'extends: base\ntitle: V\nvoice: plain\nlength: 5 min\noptions: {knees: {default: "yes"}}\n'
        "replace: {one: {title: Mine, steps: [A, B, C]}}\ninsert: [{after: two, segment: inner}]\ndrop: [Welcome]\n"
    )
    run = calmcast("diff", "v")
    assert run.code == 0, run.err
    assert run.out.splitlines() == [
        "v extends base:",
        "  title: Base -> V",
        "  voice: calm -> plain",
        "  length: 10 min -> 5 min",
        "  Welcome is left out",
        "  First (one) is replaced by Mine: 3 lines instead of 2",
        "  after Second comes Inner (inner): 1 line",
        "  knees: yes unless chosen otherwise (was: as you like)",
    ]
    (base / "scripts" / "w.yaml").write_text("extends: v\n")
    assert calmcast("diff", "w").out.splitlines() == [
        "w extends v, which extends base:",
        "  nothing is changed: it is v as it stands",
    ]


def test_diff_of_what_extends_nothing(calmcast: Calmcast, base: Path) -> None:
    run = calmcast("diff", "base")
    assert (run.code, run.out) == (0, "base extends no other script: all of it is its own.\n")


def test_diff_shows_segments_that_take_the_place_of_shipped_ones(calmcast: Calmcast, workspace: Path) -> None:
    own = workspace / "scripts" / "segments" / "gentle-exit.yaml"
    shipped = Path(__file__).parents[2] / "scripts" / "segments" / "gentle-exit.yaml"
    own.write_text(shipped.read_text(encoding="utf-8").rstrip() + "\n  - Good, and new.\n", encoding="utf-8")
    run = calmcast("diff", "psoas-release")
    assert run.code == 0, run.err
    assert run.out.splitlines()[-2:] == [
        "Your own scripts/segments/gentle-exit.yaml takes the place of the segment `gentle-exit` that ships:",
        "  new:  Good, and new.",
    ]
    (segment,) = calmcast("diff", "psoas-release", "--json").json["segments"]
    assert (segment["name"], segment["removed"], segment["added"]) == ("gentle-exit", [], ["Good, and new."])


def test_diff_of_a_faulty_version(calmcast: Calmcast, base: Path) -> None:
    (base / "scripts" / "v.yaml").write_text("extends: base\nreplace: {onne: two}\n")
    run = calmcast("diff", "v")
    assert run.code == 2
    assert "scripts/v.yaml:2:11: error: `base` has no segment `onne`" in run.err


def test_versions_in_the_list(calmcast: Calmcast, base: Path) -> None:
    (base / "scripts" / "v.yaml").write_text("extends: base\n")
    (base / "scripts" / "lost.yaml").write_text("extends: none-such\n")
    listed = {entry["name"]: entry for entry in calmcast("scripts", "--json").json["scripts"]}
    assert (listed["v"]["title"], listed["v"]["extends"], listed["v"]["length"]) == ("Base", "base", "10 min")
    assert listed["base"]["extends"] == ""
    assert "cannot be read" in listed["lost"]["about"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        pytest.param(path.stem, arguments, marks=[pytest.mark.long] * (path.stem != "end-of-class-rest"))
        for path in sorted((Path(__file__).parents[2] / "scripts").glob("*.yaml"))
        for arguments in ([], ["--copy"], ["--language", "fr"])
    ],
)
def test_the_scripts_that_ship_can_be_started_from(
    calmcast: Calmcast, workspace: Path, name: str, arguments: list[str]
) -> None:
    run = calmcast("new", "mine", "--from", name, *arguments)
    assert run.code == 0, run.err
    assert errors(calmcast, "mine") == []
