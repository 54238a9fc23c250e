"""The teacher's calmcast.yaml and the user's settings.yaml: what they settle, and what is wrong in them."""

import os
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from calmcast.diagnostics import Problem
from calmcast.errors import ScriptError
from calmcast.model.script import Script
from calmcast.model.settings import UNSETTLED, StoreSettings, UserSettings, WorkspaceSettings
from calmcast.model.sound import Bed, BedSound
from calmcast.script.language.settings_values import parse_folder
from calmcast.units import SAMPLE_RATE, UnitError
from calmcast.workspace.folder import Folder, shipped
from calmcast.workspace.library import Library, LoadedScript
from calmcast.workspace.own_strings import own_strings
from calmcast.workspace.settings import (
    InForce,
    SettingsFile,
    in_force,
    store_folder,
    usable,
    user_settings,
    workspace_settings,
)

ALL = """\
name: Anna Berg
contact: anna@example.org
picture: pictures/anna.jpg
voice: low
language: en-gb
lengths: [10 min, "7:30", 10 min]
bed: {sound: rain, level: -26 dB}
strings: {de: {come-back: "Sanft zurück", go-on: "Weiter, {time}"}, fr-ca: {play: "Écouter"}}
"""
MINUTE = 60 * SAMPLE_RATE


def teacher_s(folder: Path, text: str | bytes) -> SettingsFile[WorkspaceSettings]:
    (folder / "calmcast.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return workspace_settings(Folder(folder))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the user's own settings, in a folder of the test's; nothing is there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CALMCAST_STORE", raising=False)
    path = user_settings().path
    path.parent.mkdir(parents=True)
    return path


def places(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.source.line, problem.source.column) for problem in problems]


def test_what_a_teacher_settles(tmp_path: Path) -> None:
    file = teacher_s(tmp_path, ALL)
    assert file.problems == ()
    settings = file.settings
    assert (settings.name, settings.contact, settings.language) == ("Anna Berg", "anna@example.org", "en-GB")
    assert settings.lengths == (10 * MINUTE, 7 * MINUTE + MINUTE // 2)
    assert settings.bed == Bed(BedSound("rain"), -26.0)
    assert str(settings.voice_source) == "calmcast.yaml:4:8"
    assert str(settings.bed.source) == "calmcast.yaml:7:14"
    assert (settings.picture, str(settings.picture_source)) == ("pictures/anna.jpg", "calmcast.yaml:3:10")
    assert own_strings(settings) == {
        "de": {"come-back": "Sanft zurück", "go-on": "Weiter, {time}"},
        "fr-CA": {"play": "Écouter"},
    }


def test_her_own_words_are_looked_at_and_what_is_meant_is_said(tmp_path: Path) -> None:
    lines = ["strings:", "  de:", "    come-bak: Sanft", "    go-on: Ab {tim}", "    pause: Halt {now}", ""]
    problems = teacher_s(tmp_path, "\n".join(lines)).problems
    assert [(problem.message, problem.hint) for problem in problems] == [
        ("there is no string `come-bak`", "did you mean `come-back`?"),
        ("`go-on` has to say {time} somewhere", "calmcast says: Weiter ab {time}"),
        ("`go-on` knows no {tim}", "did you mean `time`?"),
        ("`pause` knows no {now}", "calmcast says: Anhalten"),
    ]


def test_one_length_is_no_list(tmp_path: Path) -> None:
    assert teacher_s(tmp_path, "lengths: 12").settings.lengths == (12 * MINUTE,)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n# voice: low\n", b"\xef\xbb\xbf", "---\n"])
def test_a_file_that_settles_nothing(tmp_path: Path, text: str | bytes) -> None:
    file = teacher_s(tmp_path, text)
    assert (file.settings, file.problems, file.there) == (UNSETTLED, (), True)


def test_no_file(tmp_path: Path, own: Path) -> None:
    for file in (workspace_settings(Folder(tmp_path)), user_settings()):
        assert (file.problems, file.source, file.there) == ((), None, False)
    assert workspace_settings(Folder(tmp_path)).settings == UNSETTLED
    assert user_settings().settings == UserSettings()


def test_the_other_ending(tmp_path: Path) -> None:
    (tmp_path / "calmcast.yml").write_text("voice: low\n")
    file = workspace_settings(Folder(tmp_path))
    assert (file.path.name, file.settings.voice) == ("calmcast.yml", "low")
    assert teacher_s(tmp_path, "voice: slow\n").settings.voice == "slow"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + ALL.encode(),
        ALL.encode("utf-16"),
        b"\xfe\xff" + ALL.encode("utf-16-be"),
        ALL.encode("utf-16-le"),
        ALL.replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "utf-16", "utf-16-be", "utf-16 without a mark", "windows"],
)
def test_however_an_editor_saves_it(tmp_path: Path, data: bytes) -> None:
    file = teacher_s(tmp_path, data)
    assert file.problems == ()
    assert file.settings == teacher_s(tmp_path, ALL).settings


TEACHER_FAULTS = [
    # what is written, and what is told: (code, line, column)
    ("hello", [("not-settings", 1, 1)]),
    ("- voice: low\n", [("not-settings", 1, 1)]),
    ("vioce: low\n", [("unknown-key", 1, 1)]),
    ("teacher: Anna\n", [("unknown-key", 1, 1)]),
    ("cover: me.jpg\n", [("unknown-key", 1, 1)]),
    ("picture: /home/me.jpg\n", [("bad-picture", 1, 10)]),
    ("picture: [me.jpg]\n", [("wrong-form", 1, 10)]),
    ("name:\n", [("empty", 1, 6)]),
    ("name: [Anna]\n", [("wrong-form", 1, 7)]),
    ("voice: voices/low.yaml\n", [("bad-name", 1, 8)]),
    ("voice: C:\\voices\\low\n", [("bad-name", 1, 8)]),
    ("language: English, please\n", [("bad-language", 1, 11)]),
    ("lengths: []\n", [("empty", 1, 10)]),
    ("lengths: 5, 10\n", [("wrong-form", 1, 10)]),
    ("lengths: [5, ten, -1]\n", [("bad-length", 1, 14), ("bad-length", 1, 19)]),
    ("lengths: {a: 5}\n", [("wrong-form", 1, 10)]),
    ("bed: {sound: rain, level: loud}\n", [("bad-level", 1, 27)]),
    ("strings: Sanft\n", [("wrong-form", 1, 10)]),
    ("strings: {come-back: Sanft}\n", [("bad-language", 1, 11)]),
    ("strings: {de: Sanft}\n", [("wrong-form", 1, 15)]),
    ("strings: {de: {come-back: [Sanft]}}\n", [("wrong-form", 1, 27)]),
    ("strings: {de: {come-bak: Sanft}}\n", [("unknown-string", 1, 16)]),
    ("strings: {de: {go-on: Weiter}}\n", [("lost-placeholder", 1, 23)]),
    ("strings: {de: {go-on: 'Ab {zeit}'}}\n", [("lost-placeholder", 1, 23), ("unknown-placeholder", 1, 23)]),
    ("bed: {file: music\\rain.mp3}\n", [("bad-file", 1, 13)]),
    ("bed: {file: C:\\music\\rain.mp3}\n", [("bad-file", 1, 13)]),
    ("bed: {file: /music/rain.mp3}\n", [("bad-file", 1, 13)]),
    ("voice: low\nvoice: calm\n", [("duplicate-key", 2, 1)]),
    ("voice: *low\n", [("alias", 1, 8)]),
    ("\tvoice: low\n", [("tab", 1, 1)]),
    ("voice:low\nname: A\n", [("no-space", 1, 6)]),
    ("voice: [low\nlanguage: x y\n", [("opening-sign", 1, 8), ("bad-language", 2, 11)]),
    (b"name: Ann\xe4\n", [("not-utf-8", 1, 10)]),
    (b"PK\x03\x04 a word processor's", [("not-plain-text", 1, 1)]),
    ("name: A\n---\nname: B\n", [("second-document", 2, 1)]),
]


@pytest.mark.parametrize(("text", "told"), TEACHER_FAULTS)
def test_each_fault_has_its_place(tmp_path: Path, text: str | bytes, told: list[tuple[str, int, int]]) -> None:
    file = teacher_s(tmp_path, text)
    assert places(file.problems) == told
    assert {problem.source.file for problem in file.problems} == {"calmcast.yaml"}


def test_all_faults_at_once_and_the_rest_still_read(tmp_path: Path) -> None:
    file = teacher_s(tmp_path, "nmae: A\nvoice: ../x\nlengths: soon\nlanguage: de\n")
    assert places(file.problems) == [("unknown-key", 1, 1), ("bad-name", 2, 8), ("bad-length", 3, 10)]
    assert file.settings == WorkspaceSettings(language="de", voice_source=file.settings.voice_source)
    assert file.problems[0].hint == "did you mean `name`?"
    with pytest.raises(ScriptError, match="cannot be used") as error:
        usable(file)
    assert error.value.problems == file.problems


def test_a_problem_shows_its_line_with_a_caret(tmp_path: Path) -> None:
    told = str(teacher_s(tmp_path, "# mine\nlenghts: 5\n").problems[0])
    assert told == (
        "calmcast.yaml:2:1: error: calmcast.yaml has no `lenghts`\n    lenghts: 5\n    ^^^^^^^\n"
        "  hint: did you mean `lengths`?"
    )


def test_a_folder_in_its_place(tmp_path: Path, own: Path) -> None:
    (tmp_path / "calmcast.yaml").mkdir()
    own.mkdir()
    for file in (workspace_settings(Folder(tmp_path)), user_settings()):
        assert places(file.problems) == [("unreadable", 1, 1)]
        assert "it is a folder" in file.problems[0].message
        assert file.there


@pytest.mark.skipif(sys.platform != "linux", reason="a file that is there, and that nobody can read")
def test_a_file_that_cannot_be_read(tmp_path: Path, own: Path) -> None:
    for path in (tmp_path / "calmcast.yaml", own):
        path.symlink_to("/proc/self/mem")
    for file in (workspace_settings(Folder(tmp_path)), user_settings()):
        assert places(file.problems) == [("unreadable", 1, 1)]
        assert file.there


@pytest.mark.usefixtures("modes_hold")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    teacher_s(tmp_path, ALL)
    (tmp_path / "calmcast.yaml").chmod(0)
    assert "permission denied" in workspace_settings(Folder(tmp_path)).problems[0].message


@pytest.mark.skipif(sys.platform == "win32", reason="there are none")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "calmcast.yaml")
    assert "no ordinary file" in workspace_settings(Folder(tmp_path)).problems[0].message


SCRIPT = "title: A\n{}segments: [{{title: S, steps: [Hello.]}}]\n"


def script(folder: Path, said: str, settled: str = ALL) -> Script:
    teacher_s(folder, settled)
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "scripts" / "a.yaml").write_text(SCRIPT.format(said), encoding="utf-8")
    loaded = Library.of(Folder(folder)).script("a")
    assert loaded.script is not None
    assert loaded.problems == ()
    return loaded.script


def test_a_script_that_says_nothing_has_what_is_settled(tmp_path: Path) -> None:
    got = script(tmp_path, "")
    assert (got.voice, got.language, got.lengths[0]) == ("low", "en-GB", 10 * MINUTE)
    assert got.bed == Bed(BedSound("rain"), -26.0)
    assert str(got.voice_source) == "calmcast.yaml:4:8"


def test_what_a_script_says_wins(tmp_path: Path) -> None:
    got = script(tmp_path, "voice: plain\nlanguage: de\nlength: 5 min\nbed: none\n")
    assert (got.voice, got.language, got.lengths, got.bed) == ("plain", "de", (5 * MINUTE,), Bed(None))
    assert got.voice_source.file == "scripts/a.yaml"


def test_what_is_built_in_comes_last(tmp_path: Path) -> None:
    got = script(tmp_path, "", "contact: anna@example.org\n")
    assert (got.teacher, got.picture) == ("", "")
    assert (got.voice, got.language, got.lengths, got.bed) == ("calm", "en-US", (), None)
    (tmp_path / "calmcast.yaml").unlink()
    library = Library.of(Folder(tmp_path))
    assert library.script("a").script == got
    assert "calmcast.yaml" not in dict(library.script("a").sources)


def test_a_version_has_what_its_base_has_else_what_is_settled(tmp_path: Path) -> None:
    script(tmp_path, "voice: plain\n")
    (tmp_path / "scripts" / "b.yaml").write_text("extends: a\nlength: 3 min\n")
    got = Library.of(Folder(tmp_path)).script("b").script
    assert got
    assert (got.voice, got.lengths, got.language) == ("plain", (3 * MINUTE,), "en-GB")


def read(folder: Path, settled: str, name: str) -> LoadedScript:
    teacher_s(folder, settled)
    return Library.of(Folder(folder)).script(name)


def test_the_english_scripts_that_ship_leave_the_voice_to_the_teacher(tmp_path: Path) -> None:
    voices = {
        name: loaded.script.voice
        for name in Folder(tmp_path).scripts()
        if (loaded := read(tmp_path, "voice: slow\nlanguage: fr\n", name)).script
    }
    assert voices.pop("psoas-loslassen") == "ruhig"
    assert set(voices.values()) == {"slow"}
    languages = {read(tmp_path, "language: fr\n", name).script.language for name in voices}  # type: ignore[union-attr]  # they ship
    assert languages == {"en-US"}
    assert "calm" in {path.stem for path in (shipped() / "voices").iterdir()}


def test_what_is_wrong_in_the_settings_is_wrong_with_every_script(tmp_path: Path) -> None:
    loaded = read(tmp_path, "vioce: low\n", "seated-pause")
    assert places(loaded.problems)[0] == ("unknown-key", 1, 1)
    assert "calmcast.yaml" in dict(loaded.sources)


def test_the_user_s_own(own: Path, tmp_path: Path) -> None:
    kept = (tmp_path / "kept").as_posix()
    own.write_text(f"store: {{folder: {kept}}}\n", encoding="utf-8")
    settings = usable(user_settings())
    assert (settings, store_folder(settings)) == (UserSettings(StoreSettings(Path(kept))), tmp_path / "kept")


def test_the_environment_wins_and_the_user_s_cache_comes_last(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_folder(UserSettings()).parts[-2:] == ("calmcast", "recordings")
    assert store_folder(UserSettings(StoreSettings(Path("~/kept")))) == Path.home() / "kept"
    monkeypatch.setenv("CALMCAST_STORE", "~/elsewhere")
    assert store_folder(UserSettings(StoreSettings(Path("~/kept")))) == Path.home() / "elsewhere"
    monkeypatch.setenv("CALMCAST_STORE", "")
    assert store_folder(UserSettings(StoreSettings(Path("~/kept")))) == Path.home() / "kept"


USER_FAULTS = [
    ("stroe: {folder: ~/x}\n", [("unknown-key", 1, 1)]),
    ("voice: low\n", [("unknown-key", 1, 1)]),
    ("store: ~/x\n", [("wrong-form", 1, 8)]),
    ("store:\n", [("wrong-form", 1, 7)]),
    ("store: {foldr: ~/x, sise: 3 GB}\n", [("unknown-key", 1, 9), ("unknown-key", 1, 21)]),
    ("store: {size: 3}\n", [("bad-size", 1, 15)]),
    ("store: {size: 3 MB}\n", [("bad-size", 1, 15)]),
    ("store: {size: -3 GB}\n", [("bad-size", 1, 15)]),
    ("store: {size: much}\n", [("bad-size", 1, 15)]),
    ("store: {folder: }\n", [("empty", 1, 17)]),
    ("store: {folder: [a]}\n", [("wrong-form", 1, 17)]),
    ("store: {folder: kept}\n", [("bad-folder", 1, 17)]),
    ("store:\n  folder: ../kept\n", [("bad-folder", 2, 11)]),
    ("store: {folder: ~anna/kept}\n", [("bad-folder", 1, 17)]),
    ("store: {folder: 'https://example.org/kept'}\n", [("bad-folder", 1, 17)]),
    ('store: {folder: "C:\\Users\\anna"}\n', [("backslash", 1, 20)]),
    ('store: {folder: "D:\\kept"}\n', [("backslash", 1, 20)]),
    ("[]", [("not-settings", 1, 1)]),
]


@pytest.mark.parametrize(("text", "told"), USER_FAULTS)
def test_each_fault_of_the_user_s_own(own: Path, text: str, told: list[tuple[str, int, int]]) -> None:
    own.write_text(text, encoding="utf-8")
    file = user_settings()
    assert places(file.problems) == told
    assert {problem.source.file for problem in file.problems} == {own.as_posix()}
    assert file.settings == UserSettings()


@pytest.mark.parametrize(
    ("path", "flavour"),
    [
        ("/data/kept", PurePosixPath),
        ("~", PurePosixPath),
        ("~/my recordings", PurePosixPath),
        (r"C:\Users\anna\kept", PureWindowsPath),
        ("D:/kept", PureWindowsPath),
        (r"\\nas\audio\kept", PureWindowsPath),
        (r"~\kept", PureWindowsPath),
    ],
)
def test_folders(path: str, flavour: type[PurePath]) -> None:
    assert parse_folder(f" {path} ", flavour) == path


@pytest.mark.parametrize(
    ("path", "flavour"),
    [
        (r"C:\Users\anna\kept", PurePosixPath),
        (r"\\nas\audio\kept", PurePosixPath),
        (r"~\kept", PurePosixPath),
        ("kept", PurePosixPath),
        ("/data/kept", PureWindowsPath),
        ("C:kept", PureWindowsPath),
        (r"\kept", PureWindowsPath),
        ("/data/\x07", PurePosixPath),
    ],
)
def test_what_is_no_whole_path_of_a_folder(path: str, flavour: type[PurePath]) -> None:
    with pytest.raises(UnitError, match="path") as error:
        parse_folder(path, flavour)
    assert "~/calmcast" in (error.value.hint or "")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", 4 * 10**9),
        ("store: {folder: ~/x}", 4 * 10**9),
        ("store: {size: 100mb}", 10**8),
        ("store: {size: 1.5 TB}", 1_500 * 10**9),
    ],
)
def test_how_much_is_kept(own: Path, text: str, size: int) -> None:
    own.write_text(text, encoding="utf-8")
    assert (user_settings().problems, user_settings().settings.store_bytes) == ((), size)


def test_what_holds_and_where_it_comes_from(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = {each.name: each for each in in_force(UNSETTLED, UserSettings())}
    assert {each.origin for each in built_in.values()} == {"built-in"}
    assert built_in["voice"] == InForce("voice", "calm", "built-in")
    assert (built_in["name"].value, built_in["bed"].value) == ("calmcast", "none")
    settled = {
        each.name: each for each in in_force(teacher_s(tmp_path, ALL).settings, UserSettings(StoreSettings(tmp_path)))
    }
    assert [*settled] == [
        "name",
        "contact",
        "picture",
        "voice",
        "language",
        "lengths",
        "bed",
        "strings",
        "store folder",
        "store size",
    ]
    assert {each.origin for name, each in settled.items() if not name.startswith("store")} == {"calmcast.yaml"}
    assert settled["lengths"].value == "10 min, 7 min 30 s"
    assert settled["bed"].value == "rain (-26 dB, dip 6 dB)"
    assert settled["store folder"] == InForce("store folder", str(tmp_path), "settings.yaml")
    monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / "x"))
    assert in_force(UNSETTLED, UserSettings(StoreSettings(tmp_path, 10**10)))[-2:] == (
        InForce("store folder", str(tmp_path / "x"), "environment"),
        InForce("store size", "10 GB", "settings.yaml"),
    )
    none = teacher_s(tmp_path, "bed: none\n").settings
    assert next(each for each in in_force(none, UserSettings()) if each.name == "bed").origin == "calmcast.yaml"
