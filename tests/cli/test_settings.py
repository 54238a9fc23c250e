"""Settings on the command line: what each command makes of them, and what it says of their faults."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from PIL import Image

from calmcast.script.edit.settings_text import settings_text
from calmcast.script.language.settings_grammar import WORKSPACE_SETTINGS
from calmcast.workspace.folder import shipped
from calmcast.workspace.settings import user_settings
from tests.conftest import TONE, Calmcast

REST = """\
title: Rest
allow: {missing-exit: only for tests, missing-notice: only for tests, no-way-out: only for tests}
segments:
  - title: Lie
    steps:
      - Lie down.
      - rest: 20s
"""
SETTLED = "name: Anna Berg\nvoice: low\nlanguage: en-GB\nlengths: [1 min, 90s]\nbed: brown\n"
FAULTY = "voice: lowe\nlenghts: 5\n"


@pytest.fixture
def place(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a script that says nothing of voice or length, and no settings yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "rest.yaml").write_text(REST, encoding="utf-8")
    (workspace / "voices" / "low.yaml").write_text(TONE, encoding="utf-8")
    return workspace


@pytest.fixture
def settled(place: Path) -> Path:
    (place / "calmcast.yaml").write_text(SETTLED, encoding="utf-8")
    return place


def test_render_makes_each_length_in_her_voice_and_name(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("render", "rest", "--json")
    assert run.code == 0, run.err
    tracks = run.json["tracks"]
    assert [(track["length_s"], track["voice"]) for track in tracks] == [(60, "low"), (90, "low")]
    tag = ID3(settled / "output" / "rest_1min.mp3")  # type: ignore[no-untyped-call]  # of mutagen
    assert (str(tag["TPE1"]), str(tag["TLAN"])) == ("Anna Berg", "eng")
    plans = calmcast("plan", "rest", "--json").json["plans"]
    assert [(plan["length_s"], plan["beds"][0]["name"]) for plan in plans] == [(60, "brown"), (90, "brown")]


def test_what_the_command_says_wins_over_all(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("render", "rest", "-l", "50s", "--voice", "plain", "--bed", "none", "--json", "-o", "x.mp3")
    assert [(track["length_s"], track["voice"]) for track in run.json["tracks"]] == [(50, "plain")]
    plan = calmcast("plan", "rest", "-l", "50s", "--bed", "none", "--json").json
    assert [bed["name"] for bed in plan["beds"]] in ([], [None])


def test_what_a_script_says_wins_over_the_settings(settled: Path, calmcast: Calmcast) -> None:
    said = "voice: plain\nlength: 45s\nbed: none\n"
    (settled / "scripts" / "rest.yaml").write_text(REST + said, encoding="utf-8")
    run = calmcast("render", "rest", "--json")
    assert [(track["length_s"], track["voice"]) for track in run.json["tracks"]] == [(45, "plain")]
    assert [bed["name"] for bed in calmcast("plan", "rest", "--json").json["beds"]] in ([], [None])


def test_several_lengths_need_a_folder(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("render", "rest", "-o", "x.mp3")
    assert (run.code, "name a folder" in run.err) == (2, True)
    assert not Path("x.mp3").exists()


def test_without_the_files_nothing_changes(place: Path, calmcast: Calmcast) -> None:
    assert calmcast("render", "rest", "--json").json["tracks"][0]["voice"] == "calm"
    name = next((place / "output").glob("*.mp3"))
    before = name.read_bytes()
    assert str(ID3(name)["TPE1"]) == "calmcast"  # type: ignore[no-untyped-call]  # of mutagen
    (place / "calmcast.yaml").write_text("# voice: low\n")
    user_settings().path.parent.mkdir(parents=True)
    user_settings().path.write_text("# nothing\n")
    assert calmcast("render", "rest").code == 0
    assert name.read_bytes() == before


def test_check_looks_at_each_length(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("check", "rest")
    assert (run.code, run.out) == (0, "1 script: 0 errors, 0 warnings\n")
    (settled / "calmcast.yaml").write_text(SETTLED.replace("90s", "2s"), encoding="utf-8")
    run = calmcast("check", "rest", "--json")
    assert [problem["code"] for problem in run.json["problems"]] == ["own-length"]
    assert "cannot last 2 s" in run.json["problems"][0]["message"]


def test_the_way_out_keeps_its_length(settled: Path, calmcast: Calmcast) -> None:
    way = "way-out: {title: Back, steps: [Come back now., {pause: {about: 3s, most: 2 min}}]}\n"
    (settled / "scripts" / "rest.yaml").write_text(REST + way, encoding="utf-8")
    assert [track["length_s"] for track in calmcast("exit", "rest", "--json").json["tracks"]] == [75]


def test_preview_is_of_the_first_length(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("preview", "rest", "--from", "50s", "--no-play", "--json")
    assert run.json == {"path": "output/rest_preview.wav", "start_s": 50, "length_s": 10}


def test_a_class_has_her_name_her_voice_and_each_length(settled: Path, calmcast: Calmcast) -> None:
    path = settled / "scripts" / "classes" / "tuesday.yaml"
    path.write_text("title: Tuesday\ntracks: [rest]\n", encoding="utf-8")
    assert calmcast("classes", "--json").json["classes"][-1]["tracks"] == "2"
    run = calmcast("playlist", "tuesday", "--json")
    assert run.code == 0, run.err
    tracks = run.json["sets"][0]["tracks"]
    assert [(track["title"], track["length_s"]) for track in tracks] == [("Rest", 60), ("Rest", 90)]
    assert str(ID3(tracks[0]["path"])["TPE1"]) == "Anna Berg"  # type: ignore[no-untyped-call]  # of mutagen
    assert "With <bdi>Anna Berg</bdi>" in (settled / "output" / "tuesday" / "index.html").read_text(encoding="utf-8")
    path.write_text(
        "title: Tuesday\nteacher: Ben\nvoice: plain\nbed: none\ntracks: [{script: rest, lengths: 50s}]\n",
        encoding="utf-8",
    )
    track = calmcast("playlist", "tuesday", "--json").json["sets"][0]["tracks"][0]
    assert (track["length_s"], str(ID3(track["path"])["TPE1"])) == (50, "Ben")  # type: ignore[no-untyped-call]  # of mutagen
    manifest = Path(track["path"]).with_suffix(".json").read_text(encoding="utf-8")
    assert '"voice": "plain"' in manifest
    assert "brown" not in manifest


def test_say_and_try_speak_in_her_voice_without_a_bed(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("say", "Rest now.")
    assert (run.code, run.out) == (0, "output/say.mp3\n  1.0 s, voice low: tone\n")  # no longer than its words
    assert "voice low, engine tone" in calmcast("lexicon", "try", "rest", "--quiet").out
    assert "voice plain" in calmcast("say", "Rest now.", "--voice", "plain").out
    assert calmcast("say", "Rest now.", "-o", "with.wav").code == 0
    (settled / "calmcast.yaml").write_text(SETTLED.replace("bed: brown\n", ""), encoding="utf-8")
    assert calmcast("say", "Rest now.", "-o", "without.wav").code == 0
    assert Path("with.wav").read_bytes() == Path("without.wav").read_bytes()


def test_a_composed_track_has_her_voice(settled: Path, calmcast: Calmcast) -> None:
    run = calmcast("compose", "resting", "-l", "5", "--bed", "none", "--save", "mine", "--json")
    assert run.json["tracks"][0]["voice"] == "low"
    assert "voice:" not in (settled / "scripts" / "mine.yaml").read_text(encoding="utf-8")


def test_new_leaves_to_the_settings_what_they_say(settled: Path, calmcast: Calmcast) -> None:
    assert calmcast("new", "mine").code == 0
    text = (settled / "scripts" / "mine.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^(\w+):", text, re.MULTILINE) == ["title", "about", "language", "segments"]
    assert "language: en-GB\n# voice: low " in text
    run = calmcast("new", "other", "--voice", "plain", "--length", "12")
    text = (settled / "scripts" / "other.yaml").read_text(encoding="utf-8")
    assert (run.code, "length: 12 min\nvoice: plain\n" in text) == (0, True)


def test_new_without_settings(place: Path, calmcast: Calmcast) -> None:
    assert calmcast("new", "mine").code == 0
    text = (place / "scripts" / "mine.yaml").read_text(encoding="utf-8")
    assert "language: en-US\nlength: 10 min\n# voice: calm " in text


def test_new_in_another_language_has_a_voice_that_speaks_it(place: Path, calmcast: Calmcast) -> None:
    (place / "voices" / "hell.yaml").write_text(TONE + "language: de-DE\n", encoding="utf-8")
    (place / "calmcast.yaml").write_text("language: de-DE\n")
    assert calmcast("new", "meins").code == 0
    assert "language: de-DE\nvoice: hell\n" in (place / "scripts" / "meins.yaml").read_text(encoding="utf-8")
    (place / "text.txt").write_text("Leg dich hin. Lass los.")
    assert calmcast("new", "text", "--text", "text.txt").code == 0
    assert "language: de-DE\nvoice: hell\n" in (place / "scripts" / "text.yaml").read_text(encoding="utf-8")
    (place / "calmcast.yaml").write_text("language: de-DE\nvoice: plain\n")
    assert calmcast("new", "meins", "--force").code == 0
    assert "# voice: plain " in (place / "scripts" / "meins.yaml").read_text(encoding="utf-8")


def test_init_writes_every_setting_in_a_comment(place: Path, calmcast: Calmcast) -> None:
    assert calmcast("init", "mine").code == 0
    path = place / "mine" / "calmcast.yaml"
    text = path.read_text(encoding="utf-8")
    assert all(not line or line.startswith("#") for line in text.splitlines())
    schema = place / "mine" / text.splitlines()[0].partition("$schema=")[2]
    assert schema.is_file()
    assert "6 scripts, 1 class: 0 errors" in calmcast("--workspace", "mine", "check").out
    keys = [field.name for field in WORKSPACE_SETTINGS.fields]
    settled = re.sub(rf"^# ({'|'.join(keys)}):", r"\1:", text, flags=re.MULTILINE)
    assert re.findall(r"^(\w+):", settled, re.MULTILINE) == keys
    path.write_text(settled, encoding="utf-8")
    (place / "mine" / "pictures").mkdir()
    Image.new("RGB", (900, 900)).save(place / "mine" / "pictures" / "me.jpg")
    assert calmcast("--workspace", "mine", "check", "seated-pause", "--strict").code == 0
    assert calmcast("init", "mine").code == 0
    assert path.read_text(encoding="utf-8") == settled


def test_no_line_of_a_new_file_is_too_long() -> None:
    assert all(len(line) <= 120 for line in settings_text("scripts/calmcast.schema.json").splitlines())


def test_a_fault_is_told_by_each_command_that_makes_use_of_it(place: Path, calmcast: Calmcast) -> None:
    (place / "calmcast.yaml").write_text(FAULTY, encoding="utf-8")
    (place / "scripts" / "classes" / "tuesday.yaml").write_text("title: T\ntracks: [rest]\n", encoding="utf-8")
    for command in (
        ["check"],
        ["check", "rest"],
        ["render", "rest"],
        ["plan", "rest"],
        ["plan", "rest", "--estimate"],
        ["options", "rest"],
        ["exit", "rest"],
        ["preview", "rest", "--no-play"],
        ["say", "Rest now."],
        ["lexicon", "try", "rest", "--quiet"],
        ["compose", "resting", "-l", "5"],
        ["playlist", "tuesday"],
        ["plan", "tuesday"],
        ["check", "tuesday"],
    ):
        run = calmcast(*command)
        assert run.code == 2, command
        place_and_line = "calmcast.yaml:1:8: error: there is no voice `lowe`\n    voice: lowe\n           ^^^^\n"
        assert run.err.count(place_and_line) == 1, (command, run.err)
        assert "hint: did you mean `low`?" in run.err
        assert run.err.count("calmcast.yaml:2:1: error: calmcast.yaml has no `lenghts`") == 1, command
    assert list((place / "output").rglob("*.mp3")) == []


def test_those_that_make_no_use_of_it_go_on(place: Path, calmcast: Calmcast) -> None:
    (place / "calmcast.yaml").write_text(FAULTY, encoding="utf-8")
    for command in (["scripts"], ["segments"], ["voices"], ["sounds"], ["store", "info"], ["lexicon"]):
        assert calmcast(*command).code == 0, command


def test_a_voice_that_no_script_uses_is_told_by_check_alone(place: Path, calmcast: Calmcast) -> None:
    (place / "calmcast.yaml").write_text("voice: lowe\n", encoding="utf-8")
    (place / "scripts" / "rest.yaml").write_text(REST + "voice: plain\n", encoding="utf-8")
    assert calmcast("check", "rest").code == 0
    run = calmcast("check", "--json")
    told = [(p["line"], p["column"], p["code"]) for p in run.json["problems"] if p["file"] == "calmcast.yaml"]
    assert (run.code, told) == (2, [(1, 8, "unknown-voice")])


@pytest.mark.parametrize(
    ("bed", "column", "told"),
    [
        ("rian", 6, "did you mean `rain`?"),
        ("{file: music/none.mp3}", 13, "there is no sound file `music/none.mp3`"),
        ("{file: music\\rain.mp3}", 13, "write music/rain.mp3"),
    ],
)
def test_a_bed_that_cannot_sound(place: Path, calmcast: Calmcast, bed: str, column: int, told: str) -> None:
    (place / "calmcast.yaml").write_text(f"bed: {bed}\n", encoding="utf-8")
    for command in (["check", "rest"], ["render", "rest"]):
        run = calmcast(*command)
        assert (run.code, run.err.count(f"calmcast.yaml:1:{column}: error")) == (2, 1)
        assert told in run.err


@pytest.fixture
def tones(place: Path) -> None:
    """Let every voice that ships be a tone here: what is looked at is something else."""
    for path in (shipped() / "voices").glob("*.yaml"):
        (place / "voices" / path.name).write_text(TONE, encoding="utf-8")


def faults(run_json: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(each["what"], each["text"]) for each in run_json["findings"] if each["result"] == "fault"]


@pytest.mark.usefixtures("tones")
def test_doctor_says_what_holds_and_where_it_comes_from(
    settled: Path, calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = calmcast("doctor")
    assert run.code == 0, run.out
    for row in (
        rf"calmcast\.yaml +{re.escape(str(settled / 'calmcast.yaml'))}",
        rf"settings\.yaml +there is none; it would be {re.escape(str(user_settings().path))}",
        r"setting name +Anna Berg \(calmcast\.yaml\)",
        r"setting lengths +1 min, 1 min 30 s \(calmcast\.yaml\)",
        r"setting store folder +\S+ \(environment\)",
    ):
        assert re.search(row, run.out), row
    monkeypatch.delenv("CALMCAST_STORE")
    own = user_settings().path
    own.parent.mkdir(parents=True)
    own.write_text(f"store: {{folder: {(tmp_path / 'kept').as_posix()}}}\n", encoding="utf-8")
    (settled / "calmcast.yaml").write_text("voice: low\n", encoding="utf-8")
    shown = calmcast("doctor", "--json").json
    assert {each["name"]: (each["value"], each["origin"]) for each in shown["settings"]} == {
        "name": ("calmcast", "built-in"),
        "contact": ("none", "built-in"),
        "picture": ("painted", "built-in"),
        "voice": ("low", "calmcast.yaml"),
        "language": ("en-US", "built-in"),
        "lengths": ("each script's own", "built-in"),
        "bed": ("none", "built-in"),
        "strings": ("none", "built-in"),
        "store folder": (str(tmp_path / "kept"), "settings.yaml"),
        "store size": ("4 GB", "built-in"),
    }
    assert shown["settings_files"] == [
        {"path": str(settled / "calmcast.yaml"), "there": True},
        {"path": str(own), "there": True},
    ]
    assert calmcast("store", "info", "--json").json["folder"] == str(tmp_path / "kept")


@pytest.mark.usefixtures("tones")
def test_doctor_goes_on_where_the_files_are_faulty(place: Path, calmcast: Calmcast) -> None:
    (place / "calmcast.yaml").write_text(FAULTY, encoding="utf-8")
    own = user_settings().path
    own.parent.mkdir(parents=True)
    own.write_text("store: {folder: kept}\n", encoding="utf-8")
    run = calmcast("doctor", "--json")
    assert run.code == 1
    assert faults(run.json) == [
        ("calmcast.yaml", "calmcast.yaml:2:1: calmcast.yaml has no `lenghts`"),
        ("calmcast.yaml", "calmcast.yaml:1:8: there is no voice `lowe`"),
        ("settings.yaml", f"{own.as_posix()}:1:17: `kept` is not the whole path of a folder on this computer"),
    ]


def test_faulty_settings_of_the_user_are_refused_where_a_store_is_needed(place: Path, calmcast: Calmcast) -> None:
    own = user_settings().path
    own.parent.mkdir(parents=True)
    own.write_text("store: {foldr: /x}\n", encoding="utf-8")
    for command in (["render", "rest"], ["store", "info"], ["say", "Rest."], ["check"]):
        run = calmcast(*command)
        assert run.code == 2
        assert f"{own.as_posix()}:1:9: error: `store` has no `foldr`" in run.err
        assert "did you mean `folder`?" in run.err
        assert "    store: {foldr: /x}\n            ^^^^^\n" in run.err
    for command in (["scripts"], ["classes"], ["lexicon"]):
        assert calmcast(*command).code == 0, command


def test_the_help_reads_no_settings_and_no_yaml(settled: Path) -> None:
    code = "import sys\nfrom calmcast.cli.main import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()[-1].split()
    assert "calmcast.cli.main" in modules
    assert not {"yaml", "platformdirs", "calmcast.workspace.settings"} & set(modules)
