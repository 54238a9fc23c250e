"""Every command as a teacher uses it, with tones for voices."""

import importlib
import json
import os
import pkgutil
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click
import pytest

import calmcast.cli as house
from calmcast.cli.main import _COMMANDS, cli
from tests.conftest import Calmcast
from tests.soundfiles import noise, write

SHORT = """\
title: Short
allow: {missing-exit: only for tests, missing-notice: only for tests}
segments:
  - title: One
    steps:
      - bell: soft
      - Hello, and welcome.
      - Let go a little.
      - pause: 6s
  - title: Two
    steps:
      - Rest now.
      - rest: 20s
"""


@pytest.fixture
def short(workspace: Path) -> Path:
    path = workspace / "scripts" / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def test_every_command_can_be_reached() -> None:
    context, reached = click.Context(cli), list[click.Command]()
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        assert command
        reached += [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(house.__path__, "calmcast.cli.")]
    made = {(m.__name__, n): each for m in modules for n, each in vars(m).items() if isinstance(each, click.Command)}
    assert len(made) > len(_COMMANDS)
    assert [where for where, each in made.items() if each is not cli and each not in reached] == []


@pytest.mark.parametrize("command", [*_COMMANDS, "store info", "store verify", "store clear"])
def test_every_help_has_an_example(calmcast: Calmcast, command: str) -> None:
    run = calmcast(*command.split(), "--help")
    assert run.code == 0
    assert f"calmcast {command}" in run.out.partition("Example")[2] or command == "store"


def test_render(calmcast: Calmcast, short: Path, workspace: Path) -> None:
    run = calmcast("render", "short", "--length", "1 min", "-l", "0:45", "--json")
    assert run.code == 0, run.err
    tracks = run.json["tracks"]
    assert [track["samples"] for track in tracks] == [60 * 44_100, 45 * 44_100]
    assert tracks[0].keys() == {
        "path", "length_s", "samples", "voice", "lines", "spoken", "from_store", "chapters",
        "retagged", "there_already", "options", "speakers", "warnings",
    }  # fmt: skip
    names = sorted(path.name for path in (workspace / "output").iterdir())
    assert names == sorted(f"short_{length}.{e}" for length in ("1min", "45s") for e in ("mp3", "vtt", "lrc", "json"))


def test_programs_are_told_what_people_are(calmcast: Calmcast, workspace: Path) -> None:
    (workspace / "scripts" / "bare.yaml").write_text(
        "title: Bare\nsegments:\n- {title: One, steps: [Rest now., rest: 20s]}\n", encoding="utf-8"
    )
    run = calmcast("render", "bare", "-l", "1 min", "--json")
    assert run.code == 0, run.err
    codes = [warning["code"] for warning in run.json["tracks"][0]["warnings"]]
    assert {"missing-exit", "missing-notice"} <= {*codes}
    assert len(codes) == len({*codes})


def test_the_same_again_speaks_nothing_and_gives_the_same_bytes(
    calmcast: Calmcast, short: Path, workspace: Path
) -> None:
    calmcast("render", "short", "-l", "1")
    before = {path.name: path.read_bytes() for path in (workspace / "output").iterdir()}
    again = calmcast("render", "short", "-l", "1", "--json").json["tracks"][0]
    assert (again["spoken"], again["from_store"]) == (0, 3)
    assert before == {path.name: path.read_bytes() for path in (workspace / "output").iterdir()}


def test_one_changed_line_speaks_one_line(calmcast: Calmcast, short: Path) -> None:
    calmcast("render", "short", "-l", "1")
    short.write_text(SHORT.replace("Rest now.", "Rest now, dear unheard listener."), encoding="utf-8")
    assert calmcast("render", "short", "-l", "1", "--json").json["tracks"][0]["spoken"] == 1


def test_output_names_a_file_or_a_folder(calmcast: Calmcast, short: Path, workspace: Path) -> None:
    assert calmcast("render", "short", "-l", "1", "-o", "a/b.mp3").code == 0
    assert (workspace / "a" / "b.mp3").exists()
    assert calmcast("render", "short", "-l", "1", "-l", "2", "-o", "c").code == 0
    assert len(list((workspace / "c").glob("*.mp3"))) == 2
    assert calmcast("render", "short", "-l", "1", "-l", "2", "-o", "b.mp3").code == 2


def test_a_length_that_cannot_be(calmcast: Calmcast, short: Path, workspace: Path) -> None:
    run = calmcast("render", "short", "-l", "1", "-l", "9s")
    assert run.code == 3
    assert "too short" in run.err
    assert "ask for 0:" in run.err
    assert not (workspace / "output").exists()


@pytest.mark.parametrize("length", ["0s", "-3s", "5 parsecs", "nan", "1e9h", "", "10:99", "25h"])
def test_a_length_that_is_none(calmcast: Calmcast, short: Path, length: str) -> None:
    run = calmcast("render", "short", f"--length={length}")
    assert run.code == 2
    assert "Invalid value for '--length'" in run.err


def test_plan_as_json(calmcast: Calmcast, short: Path) -> None:
    plan = calmcast("plan", "short", "-l", "1", "--json").json
    assert plan.keys() == {
        "title", "length_s", "samples", "feasible_s", "words", "silence_share", "longest_silence_s", "chapters",
        "events", "marks", "options", "beds", "bells_off_time",
    }  # fmt: skip
    assert plan["beds"] == plan["bells_off_time"] == []
    assert plan["samples"] == 60 * 44_100
    assert plan["feasible_s"][1] is None
    assert plan["words"] == 9
    assert [c["title"] for c in plan["chapters"]] == ["One", "Two"]
    assert [e["kind"] for e in plan["events"]] == [
        "bell", "pause", "line", "pause", "line", "pause", "line", "rest",
    ]  # fmt: skip
    assert plan["events"][2]["source"] == "scripts/short.yaml:7:9"
    assert plan["events"][-1]["end_s"] == 60
    for event in plan["events"]:
        assert event.keys() == {"kind", "segment", "start_s", "end_s", "text", "source"}


def test_plan_in_words(calmcast: Calmcast, short: Path) -> None:
    run = calmcast("plan", "short", "-l", "1")
    assert "Let go a little." in run.out
    assert "as long as you like" in run.out
    assert "\x1b" not in run.out


def test_plan_shows_the_bed_and_where_it_changes(calmcast: Calmcast, short: Path) -> None:
    short.write_text(SHORT.replace("segments:\n", "bed: rain\nsegments:\n"), encoding="utf-8")
    assert "\nbed: rain (-22 dB, dip 6 dB)\n" in calmcast("plan", "short", "-l", "1").out
    assert "\nbed: sea (-22 dB, dip 6 dB)\n" in calmcast("plan", "short", "-l", "1", "--bed", "sea").out
    assert "\nbed: " not in calmcast("plan", "short", "-l", "1", "--bed", "none").out
    text = short.read_text(encoding="utf-8").replace("  - title: Two\n", "  - title: Two\n    bed: none\n")
    short.write_text(text, encoding="utf-8")
    plan = calmcast("plan", "short", "-l", "1", "--json").json
    second = plan["chapters"][1]["start_s"]
    assert plan["beds"] == [
        {"start_s": 0, "name": "rain", "level_db": -22, "dip_db": 6}, {"start_s": second, "name": None},
    ]  # fmt: skip
    run = calmcast("plan", "short", "-l", "1")
    assert f"\nbed: rain (-22 dB, dip 6 dB); none from 0:{round(second):02} on\n" in run.out


def test_plan_estimate_speaks_nothing(calmcast: Calmcast, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALMCAST_STORE", "/dev/null/nowhere")
    run = calmcast("plan", "short", "-l", "1", "--estimate")
    assert run.code == 0
    assert "(estimated)" in run.out


def test_check(calmcast: Calmcast, short: Path) -> None:
    assert calmcast("check", "short", "--strict").code == 0
    short.write_text(SHORT + "      - puase: 6s\n      - voice: bass\n        say: Hello\n      - bell: zwirl\n")
    run = calmcast("check", "short")
    assert run.code == 2
    assert "scripts/short.yaml:14:9: error: calmcast's language has no `puase`" in run.err
    assert "there is no voice `bass`" in run.err
    assert "there is no bell called `zwirl`" in run.err
    found = calmcast("check", "short", "--json").json["problems"]
    assert [problem["line"] for problem in found] == [14, 15, 17]


def test_check_strict_minds_warnings(calmcast: Calmcast, short: Path) -> None:
    short.write_text(SHORT.replace("Rest now.", " ".join(["word"] * 19)))
    assert calmcast("check", "short").code == 0
    assert calmcast("check", "short", "--strict").code == 2


def test_a_script_with_problems_is_not_rendered(calmcast: Calmcast, short: Path) -> None:
    short.write_text(SHORT.replace("rest: 20s", "rest: soon"))
    run = calmcast("render", "short")
    assert run.code == 2
    assert "scripts/short.yaml:13:15" in run.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["render", "psoas"], "there is no script `psoas`"),
        (["render", "no/such.yaml"], "no/such.yaml cannot be read"),
        (["render", "scripts"], "there is no script `scripts`"),
        (["rendr", "x"], "Did you mean 'render'?"),
        (["render"], "Missing argument"),
        (["render", "short", "--voice", "clam"], "did you mean `calm`?"),
        (["compose", "sette", "-l", "5"], "did you mean `settle`?"),
        (["new", "../x"], "looks like a path"),
    ],
)
def test_what_is_not_there(calmcast: Calmcast, short: Path, arguments: list[str], said: str) -> None:
    run = calmcast(*arguments)
    assert run.code == 2
    assert said in run.err


def test_compose_and_save(calmcast: Calmcast, workspace: Path) -> None:
    parts = "arriving", "notice", "resting", "exit-floor"
    run = calmcast("compose", *parts, "-l", "7", "--title", "Quiet: a “test”", "--save", "quiet", "--json")
    assert run.code == 0, run.err
    assert run.json["tracks"][0]["samples"] == 420 * 44_100
    assert calmcast("check", "quiet", "--strict").code == 0
    assert calmcast("compose", "settle", "-l", "5", "--save", "quiet").code == 6


RINGING = """\
title: Ringing
bed: {sound: brown, level: -18 dB, dip: 3 dB}
options: {hum: {ask: Hum?, choices: ["no", "yes"]}}
steps:
  - bell: soft
  - {say: Hum if you like., when: {hum: "yes"}}
  - A line for this.
  - bell: bowl
"""


@pytest.mark.parametrize(
    "wishes",
    [
        ("--bed", "pink", "--stereo"),
        ("--bed", "none", "--mono", "--no-bells"),
        ("--bed", "music/own.wav", "--voice", "plain"),
        ("--set", "hum=yes", "--guidance", "less"),
        ("--title", "yes", "--no-bells", "--set", "hum=yes", "--bed", "pink"),
    ],
)
def test_what_was_composed_is_saved_as_it_sounds(calmcast: Calmcast, workspace: Path, wishes: tuple[str, ...]) -> None:
    (workspace / "scripts" / "segments" / "ringing.yaml").write_text(RINGING, encoding="utf-8")
    (workspace / "music").mkdir()
    write(workspace / "music" / "own.wav", noise(3.0))
    run = calmcast("compose", "ringing", "rest-short", "-l", "45s", "--save", "kept", *wishes, "-o", "composed.mp3")
    assert run.code == 0, run.err
    assert calmcast("render", "kept", "-o", "saved.mp3").code == 0
    assert Path("composed.mp3").read_bytes() == Path("saved.mp3").read_bytes()
    text = (workspace / "scripts" / "kept.yaml").read_text(encoding="utf-8")
    assert calmcast("compose", "ringing", "rest-short", "-l", "45s", *wishes, "-o", "alone.mp3").code == 0
    alone, composed = (json.loads(Path(f"{name}.json").read_text(encoding="utf-8")) for name in ("alone", "composed"))
    for entry in ("beds", "channels", "voices"):
        assert alone[entry] == composed[entry], text
    for entry in ("kind", "start", "voice", "text", "sound"):
        assert [e.get(entry) for e in alone["events"]] == [e.get(entry) for e in composed["events"]], text


def test_a_bed_from_elsewhere_cannot_be_saved(calmcast: Calmcast, workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "own.wav", noise(3.0))
    run = calmcast("compose", "rest-short", "-l", "45s", "--save", "kept", "--bed", path)
    assert run.code == 6
    assert "which is outside the workspace" in run.err
    assert f"copy it into {workspace}" in run.err
    assert not (workspace / "scripts" / "kept.yaml").exists()


def test_new_writes_a_script_that_renders(calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("new", "tuesday", "--title", 'Tuesday: "yes"', "--length", "8").code == 0
    assert calmcast("check", "tuesday", "--strict").code == 0
    assert calmcast("new", "tuesday").code == 6
    assert calmcast("render", "tuesday", "--json").json["tracks"][0]["length_s"] == 480
    first = (workspace / "scripts" / "tuesday.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = workspace / "scripts" / first.partition("$schema=")[2]
    assert json.loads(schema.read_text(encoding="utf-8"))["title"]


def test_init(calmcast: Calmcast, workspace: Path) -> None:
    assert calmcast("init", "mine").code == 0
    (workspace / "mine" / "README.md").write_text("my own")
    assert calmcast("init", "mine").code == 0
    assert (workspace / "mine" / "README.md").read_text() == "my own"
    assert (workspace / "mine" / "scripts" / "segments").is_dir()
    assert calmcast("--workspace", "mine", "scripts").code == 0


def test_lists(calmcast: Calmcast, short: Path) -> None:
    scripts = {entry["name"]: entry for entry in calmcast("scripts", "--json").json["scripts"]}
    assert scripts["short"]["from"] == "you"
    assert scripts["psoas-release"]["from"] == "calmcast"
    assert scripts["psoas-release"]["about"]
    assert {"setup", "settle", "breath", "si-joint-check", "gentle-exit"} <= {
        entry["name"] for entry in calmcast("segments", "--json").json["segments"]
    }
    voices = {entry["name"]: entry for entry in calmcast("voices", "--json").json["voices"]}
    assert voices["calm"]["engine"] == "tone"
    assert "psoas-release" in calmcast("scripts").out


def test_a_segment_of_ones_own_wins(calmcast: Calmcast, workspace: Path) -> None:
    own = workspace / "scripts" / "segments" / "settle.yaml"
    own.write_text("title: My settling\nsteps:\n  - Just lie there, my way.\n")
    texts = [event["text"] for event in calmcast("plan", "psoas-release", "--estimate", "--json").json["events"]]
    assert "Just lie there, my way." in texts


@pytest.mark.real
@pytest.mark.long
def test_doctor(calmcast: Calmcast, workspace: Path) -> None:
    run = calmcast("doctor")
    assert run.code == 0, run.out
    assert "All is well." in run.out
    (workspace / "voices" / "mine.yaml").write_text("prefer: [{engine: no-such}]")
    run = calmcast("doctor", "--json")
    assert run.code == 1
    assert [f["what"] for f in run.json["findings"] if f["result"] == "fault"] == ["voice mine"]


@pytest.mark.parametrize("name", ["x.txt", "scripts/short.yaml", "x.json"])
def test_output_is_a_track_and_nothing_else_is_overwritten(calmcast: Calmcast, short: Path, name: str) -> None:
    before = short.read_text()
    for command in (["render", "short", "-l", "1"], ["say", "Hello"], ["compose", "breath", "-l", "4"]):
        run = calmcast(*command, "-o", name)
        assert run.code == 2
        assert "a track is an .mp3" in run.err
    assert short.read_text() == before
    assert name.startswith("scripts") or not Path(name).exists()


def test_from_inside_the_scripts_folder(
    calmcast: Calmcast, short: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "scripts" / "segments")
    assert calmcast("render", "short", "-l", "1").code == 0
    assert (workspace / "output" / "short_1min.mp3").exists()
    assert calmcast("new", "another").code == 0
    assert (workspace / "scripts" / "another.yaml").exists()


def test_check_looks_at_everything(calmcast: Calmcast, short: Path, workspace: Path) -> None:
    (workspace / "scripts" / "segments" / "unused.yaml").write_text("title: U\nsteps: [{puase: 6s}]\n")
    (workspace / "voices" / "calm.yaml").write_text("prefer: x\n")
    (workspace / "voices" / "mine.yaml").write_text("prefer: [{engine: tone, rate: fast}]\nlexicon: no-such\n")
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "classes" / "week.yaml").write_text("title: W\ntracks: [shrot]\n")
    short.write_text(SHORT + "      - pause 6s\n      - (pause)\nlength: 1s\n")
    run = calmcast("check")
    assert run.code == 2
    assert "7 scripts, 2 classes: " in run.out
    for place in (
        "scripts/classes/week.yaml:2:10: error",
        "scripts/segments/unused.yaml:2:10: error",
        "voices/calm.yaml:1:9: error",
        "voices/mine.yaml:1:19: error",
        "there is no lexicon `no-such`",
        "this will be spoken: `pause 6s`",
        "this will be spoken: `(pause)`",
        "this script cannot last 1 s",
    ):
        assert place in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["render", "x" * 300],
        ["render", "short", "-l", "1", "-o", "x" * 300 + ".mp3"],
        ["say", "\udcff\udcfe"],
        ["say", "\x00"],
        ["say", "🙂"],
        ["say", ""],
        ["-w", "/no/such/folder", "scripts"],
        ["new", "x", "--voice", "nosuch"],
        ["new", "x", "--segment", "nosuch"],
        ["compose", "breath", "-l", "4", "--save", "a/b"],
    ],
)
def test_odd_arguments_end_in_a_plain_error(
    calmcast: Calmcast, short: Path, workspace: Path, arguments: list[str]
) -> None:
    run = calmcast(*arguments)
    assert 0 < run.code < 70
    assert "hint" in run.err
    assert not (workspace / "scripts" / "x.yaml").exists()


def test_closed_and_full_outputs(workspace: Path, short: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m calmcast"
    for redirected in (
        "scripts >&-",
        "plan short -l 1 --estimate >&-",
        "scripts 2>&-",
        "scripts | head -c 1",
        "--help | true",
    ):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{command} {redirected}"], capture_output=True, check=False
        )
        assert done.returncode == 0, redirected
        assert b"Traceback" not in done.stderr
    long = f"set -o pipefail; {command} plan short -l 12h --estimate | head -1"
    assert subprocess.run(["bash", "-c", long], capture_output=True, check=False).returncode == 0
    assert subprocess.run(["bash", "-c", f"{command} check short"], capture_output=True, check=False).returncode == 0
    for redirected in (
        "scripts >/dev/full",
        "check short >/dev/full",
        "scripts &>/dev/full",
        "check short &>/dev/full",
    ):
        full = subprocess.run(["bash", "-c", f"{command} {redirected}"], capture_output=True, check=False)
        assert full.returncode == 6, redirected
        assert b"Traceback" not in full.stderr
    refused = subprocess.run(["bash", "-c", f"{command} check nowhere 2>/dev/full"], capture_output=True, check=False)
    assert refused.returncode == 6


@pytest.mark.skipif(sys.platform == "win32", reason="such pipes are POSIX's")
def test_a_pipe_that_was_left_not_to_wait_is_waited_for(workspace: Path) -> None:
    taken, given = os.pipe()
    os.set_blocking(given, False)
    command = [sys.executable, "-m", "calmcast", "plan", "psoas-release", "-l", "12h", "--estimate"]
    usual = subprocess.run(command, capture_output=True, check=True)
    assert len(usual.stdout) > 1 << 16, "more than a pipe holds"
    with subprocess.Popen(command, stdout=given, stderr=subprocess.DEVNULL) as run, os.fdopen(taken, "rb") as reader:
        os.close(given)
        with suppress(subprocess.TimeoutExpired):  # it is over at once where it does not wait for a reader
            run.wait(2)
        assert reader.read() == usual.stdout
    assert run.returncode == 0


def test_two_lengths_say_once_what_was_spoken(calmcast: Calmcast, short: Path) -> None:
    short.write_text(SHORT.replace("Rest now.", "Rest now, at two lengths."), encoding="utf-8")
    tracks = calmcast("render", "short", "-l", "1,2", "--json").json["tracks"]
    spoken = [track["spoken"] for track in tracks]
    assert spoken[0] >= 1
    assert spoken[1] == 0


def test_a_bug_ends_in_a_note_and_a_log(
    calmcast: Calmcast, short: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("calmcast.track.performance.lay_out", lambda *_: 1 / 0)
    run = calmcast("render", "short", "-l", "1")
    assert run.code == 70
    log = next(tmp_path.rglob("calmcast-bug.log"))
    assert str(log) in run.err
    assert "ZeroDivisionError" in log.read_text()
