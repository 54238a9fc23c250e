"""A class made as a teacher makes it: all at once, again, changed, stopped on the way, and with faults."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3

from calmcast.classes.enrol import enrolled
from calmcast.classes.handing import handout, lying
from calmcast.classes.load import load_class
from calmcast.classes.register import read_register
from calmcast.classes.sets import track_sets
from calmcast.errors import ScriptError
from calmcast.units import SAMPLE_RATE
from calmcast.web.pages import page_folder
from calmcast.workspace.workspace import Workspace
from tests.conftest import Calmcast, MadeOnce, needs

LIE = "title: Lie\nsteps: [Lie down., {pause: 2s}, Let the floor hold you.]\n"
OUT = "title: Out\nrole: exit\nsteps: [Come back now., {pause: 3s}, Stand up.]\n"
REST = """\
title: Rest
length: 30s
options: {head: {ask: Under the head, choices: [low, high]}}
segments:
  - lie
  - title: Quiet
    steps:
      - when: {head: high}
        say: A tall bolster holds your head.
      - rest: 10s
  - out
"""
SIT = "title: Sit\nlength: 30s\nsegments:\n  - title: Sit\n    steps: [Sit., {rest: 10s}]\n  - out\n"
CLASS = """\
title: Tuesday
teacher: Ada
tracks:
  - script: rest
    lengths: [30s, 1 min]
    note: Take your time.
  - sit
for:
  Mara: {options: {head: high}, note: Mind your wrist.}
"""
REGISTER = Path("scripts/classes/tuesday.register.json")


@pytest.fixture
def tuesday(workspace: Path) -> Path:
    """The folder of a workspace that has a class."""
    texts = {"segments/lie": LIE, "segments/out": OUT, "rest": REST, "sit": SIT, "classes/tuesday": CLASS}
    (workspace / "scripts" / "classes").mkdir()
    for name, text in texts.items():
        (workspace / "scripts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return workspace


@pytest.fixture
def made(tuesday: Path, calmcast: Calmcast, made_once: MadeOnce) -> Path:
    """The same folder, with all of the class made, as it was in another."""

    def make(folder: Path) -> None:
        assert calmcast("playlist", "tuesday").code == 0
        for name in ("output", REGISTER.name):
            shutil.move((tuesday / REGISTER).with_name(name) if name == REGISTER.name else tuesday / name, folder)

    there = made_once("tuesday", make)
    shutil.copytree(there / "output", tuesday / "output")
    shutil.copy(there / REGISTER.name, tuesday / REGISTER)
    return tuesday


def mara(folder: Path, name: str = "tuesday") -> Path:
    """Return the folder of the class's one client."""
    (found,) = (path for path in (folder / "output" / name / "clients").iterdir() if path.is_dir())
    return found


def seen(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return when each file below a folder was last written, and its bytes, by its path from there."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {p.relative_to(folder).as_posix(): (p.stat().st_mtime_ns, p.read_bytes()) for p in paths}


def written(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]], ending: str) -> set[str]:
    return {name for name in after if name.endswith(ending) and before.get(name) != after[name]}


def test_all_of_a_class(tuesday: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday")
    assert done.code == 0, done.err
    files = seen(tuesday / "output" / "tuesday")
    tracks = ["rest-30s", "rest-1min", "sit-30s", "coming-back-early-rest", "coming-back-early-sit"]
    assert [name for name in files if name.endswith(".mp3") and "/" not in name] == [f"{t}.mp3" for t in sorted(tracks)]
    for stem in tracks:
        assert {f"{stem}{end}" for end in (".mp3", ".vtt", ".lrc", ".json", ".chapters.json")} <= files.keys()
    assert {
        "index.html",
        "sw.js",
        "cover.jpg",
        "card.html",
        "leaflet.html",
        "playlist.m3u8",
        "playlist.xspf",
    } <= files.keys()
    assert "feed.xml" not in files
    assert all(name.isascii() for name in files)
    read: Any = ID3
    tag = read(tuesday / "output/tuesday/rest-1min.mp3")
    assert [str(tag[frame]) for frame in ("TIT2", "TPE1", "TALB", "TRCK")] == ["Rest, 1 min", "Ada", "Tuesday", "2"]
    ways = [read(tuesday / f"output/tuesday/coming-back-early-{name}.mp3") for name in ("rest", "sit")]
    assert [str(way["TRCK"]) for way in ways] == ["4", "5"]  # after all others: where none is, phones begin
    manifest = json.loads(files["rest-1min.json"][1])
    assert (manifest["samples"], manifest["number"]) == (60 * SAMPLE_RATE, 2)
    assert calmcast("verify", *(tuesday / "output" / "tuesday").glob("*.mp3")).code == 0


def test_a_client_gets_a_set_of_their_own(made: Path, calmcast: Calmcast) -> None:
    mine = json.loads((mara(made) / "rest-30s.json").read_text(encoding="utf-8"))
    everybodys = json.loads((made / "output/tuesday/rest-30s.json").read_text(encoding="utf-8"))
    assert mine["script"]["options"]["head"] == "high"
    assert everybodys["script"]["options"]["head"] == "low"
    assert mine["album"] == "Tuesday (Mara)"
    page = (mara(made) / "index.html").read_text(encoding="utf-8")
    assert "Mind your wrist." in page
    assert "Under the head" in page
    assert "Under the head" not in (made / "output/tuesday/index.html").read_text(encoding="utf-8")
    assert "Mara" not in (made / "output/tuesday/index.html").read_text(encoding="utf-8")


def test_nothing_is_made_twice(made: Path, calmcast: Calmcast) -> None:
    before = seen(made / "output")
    done = calmcast("playlist", "tuesday", "--json")
    assert seen(made / "output") == before
    assert not any(track["made"] for each in done.json["sets"] for track in each["tracks"])


def test_a_changed_line_makes_the_tracks_that_have_it_and_no_others(made: Path, calmcast: Calmcast) -> None:
    before = seen(made / "output" / "tuesday")
    lie = made / "scripts" / "segments" / "lie.yaml"
    lie.write_text(LIE.replace("Lie down.", "Lie down slowly."), encoding="utf-8")
    done = calmcast("playlist", "tuesday")
    assert done.code == 0
    after = seen(made / "output" / "tuesday")
    rests = {"rest-30s.mp3", "rest-1min.mp3"}
    assert written(before, after, ".mp3") == rests | {f"clients/{mara(made).name}/{name}" for name in rests}
    assert b"Lie down slowly." in after["index.html"][1]


def test_a_line_that_moves_in_its_file_makes_no_track_anew(made: Path, calmcast: Calmcast) -> None:
    before = seen(made / "output" / "tuesday")
    (made / "scripts" / "segments" / "lie.yaml").write_text("# a remark\n" + LIE, encoding="utf-8")
    assert "0 made" in calmcast("playlist", "tuesday").out
    after = seen(made / "output" / "tuesday")
    assert written(before, after, ".mp3") == set()
    assert b"lie.yaml:3" in after["rest-30s.json"][1]


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest gone", "manifest broken"])
def test_a_damaged_track_is_made_again(made: Path, calmcast: Calmcast, damage: str) -> None:
    before = seen(made / "output" / "tuesday")
    track = made / "output/tuesday/sit-30s.mp3"
    match damage:
        case "cut":
            track.write_bytes(track.read_bytes()[:-500])
        case "gone":
            track.unlink()
        case "manifest gone":
            track.with_suffix(".json").unlink()
        case _:
            track.with_suffix(".json").write_text("[1]", encoding="utf-8")
    assert "1 made" in calmcast("playlist", "tuesday").out
    after = seen(made / "output" / "tuesday")
    assert {name: data for name, (_, data) in after.items()} == {name: data for name, (_, data) in before.items()}


def test_a_track_that_fails_does_not_hold_up_the_others(tuesday: Path, calmcast: Calmcast) -> None:
    plan = CLASS.replace("[30s, 1 min]", "[30s, 1s, 1 min]").partition("for:")[0]
    (tuesday / "scripts/classes/tuesday.yaml").write_text(plan, encoding="utf-8")
    done = calmcast("playlist", "tuesday")
    assert done.code == 3
    assert "tuesday.yaml:5:20: error: track 2, Rest, cannot be made" in done.err
    made = {path.name for path in (tuesday / "output" / "tuesday").glob("*.mp3")}
    assert {"rest-30s.mp3", "rest-1min.mp3", "sit-30s.mp3"} <= made
    assert "rest-1min.mp3" in (tuesday / "output/tuesday/playlist.m3u8").read_text(encoding="utf-8")
    (tuesday / "scripts" / "sit.yaml").write_text("title: Sit\nsegments: [lei]\n", encoding="utf-8")
    done = calmcast("playlist", "tuesday")
    assert "did you mean `lie`?" in done.err
    assert "track 4, Sit" in done.err
    assert "no longer belong" not in done.err
    assert "sit-30s.mp3" in made


def test_what_no_longer_belongs_is_listed_and_removed_only_on_request(made: Path, calmcast: Calmcast) -> None:
    own = made / "output" / "tuesday" / "my notes.txt"
    own.write_text("mine", encoding="utf-8")
    shorter = CLASS.replace("[30s, 1 min]", "1 min").partition("for:")[0]
    (made / "scripts/classes/tuesday.yaml").write_text(shorter, encoding="utf-8")
    done = calmcast("playlist", "tuesday", "--json")
    strays = set(done.json["strays"])
    assert str(made / "output/tuesday/rest-30s.mp3") in {str(made / path) for path in strays}
    assert str(mara(made) / "index.html") in {str(made / path) for path in strays}
    assert (mara(made) / "index.html").exists()
    assert "--prune" in calmcast("playlist", "tuesday").err
    done = calmcast("playlist", "tuesday", "--prune")
    assert done.code == 0
    assert not (made / "output/tuesday/clients").exists()
    assert not (made / "output/tuesday/rest-30s.vtt").exists()
    assert own.read_text(encoding="utf-8") == "mine"
    assert calmcast("playlist", "tuesday", "--json").json["strays"] == []


def test_a_list_that_names_other_folders_removes_nothing_there(made: Path, calmcast: Calmcast) -> None:
    victim = made / "output" / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    listed = made / "output/tuesday/playlist.json"
    content = json.loads(listed.read_text(encoding="utf-8"))
    content["files"] += ["../victim.txt", str(victim), "sub/../../victim.txt"]
    listed.write_text(json.dumps(content), encoding="utf-8")
    assert calmcast("playlist", "tuesday", "--prune").code == 0
    assert victim.exists()


@pytest.mark.long
def test_killed_on_the_way_and_run_again(tuesday: Path, calmcast: Calmcast) -> None:
    lengths = ", ".join(f"{seconds}s" for seconds in range(60, 108, 3))
    plan = f"title: Long\nbed: rain\ntracks:\n  - {{script: rest, lengths: [{lengths}]}}\n"
    (tuesday / "scripts/classes/long.yaml").write_text(plan, encoding="utf-8")
    folder = tuesday / "output" / "long"
    command = [sys.executable, "-m", "calmcast", "playlist", "long"]
    there = 0
    for signal_, more in ((signal.SIGKILL, 1), (signal.SIGINT, 1), (signal.SIGKILL, 1)):
        process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        limit = time.monotonic() + 60
        while len(list(folder.glob("*.json"))) < there + more + 1 and process.poll() is None:
            assert time.monotonic() < limit
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(signal_)
        _, said = process.communicate(timeout=60)
        assert b"Traceback" not in said
        assert not list(folder.glob("*.part"))
        finished = {
            path.name: path.stat().st_mtime_ns for path in folder.glob("*.mp3") if path.with_suffix(".json").exists()
        }
        there = len(finished)
    assert 3 <= there < 17
    done = calmcast("playlist", "long", "--json")
    assert done.code == 0
    assert len(list(folder.glob("*.mp3"))) == 17
    kept = {Path(t["path"]).name for each in done.json["sets"] for t in each["tracks"] if not t["made"]}
    assert kept == finished.keys()
    assert all((folder / name).stat().st_mtime_ns == when for name, when in finished.items())
    assert done.json["strays"] == []


def test_one_job_and_many_make_the_same_bytes(
    tuesday: Path, calmcast: Calmcast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tuesday / "scripts/classes/tuesday.yaml").write_text(CLASS.partition("for:")[0], encoding="utf-8")
    made = []
    for jobs in ("1", "4"):
        monkeypatch.setenv("CALMCAST_STORE", str(tmp_path / jobs))  # with nothing in it of the run before
        assert calmcast("playlist", "tuesday", "--jobs", jobs).code == 0
        made.append({name: data for name, (_, data) in seen(tuesday / "output").items()})
        shutil.rmtree(tuesday / "output")
    assert made[0] == made[1]


def test_days_stay(made: Path, calmcast: Calmcast) -> None:
    register = (made / REGISTER).read_text(encoding="utf-8")
    (made / REGISTER).write_text(re.sub('"came": "....-..-..', '"came": "2020-02-29', register), encoding="utf-8")
    calmcast("playlist", "tuesday", "--base-url", "https://example.org/t")
    assert "Sat, 29 Feb 2020" in (made / "output/tuesday/feed.xml").read_text(encoding="utf-8")
    dated = CLASS + "date: 2021-03-04\nurl: https://example.org/other/\n"
    (made / "scripts/classes/tuesday.yaml").write_text(dated, encoding="utf-8")
    calmcast("playlist", "tuesday")
    feed = (made / "output/tuesday/feed.xml").read_text(encoding="utf-8")
    assert feed.count("<pubDate>Sat, 29 Feb 2020") == 6
    assert 'url="https://example.org/other/rest-30s.mp3?v=' in feed
    assert f"https://example.org/other/clients/{mara(made).name}/" in (mara(made) / "feed.xml").read_text(
        encoding="utf-8"
    )


def test_packed_to_be_sent(made: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday", "--zip", "--json")
    assert [Path(path).name for path in done.json["zip"]] == ["tuesday.zip", "tuesday-mara.zip"]
    with zipfile.ZipFile(done.json["zip"][0]) as packed:
        names = packed.namelist()
        assert packed.testzip() is None
        assert names[0] == "tuesday/Open me.html"
        page, listed = (packed.read(f"tuesday/{name}").decode() for name in ("Open me.html", "playlist.m3u8"))
        assert packed.read("tuesday/02-rest-1min.mp3") == (made / "output/tuesday/rest-1min.mp3").read_bytes()
    there = {name.removeprefix("tuesday/") for name in names if name.endswith(".mp3")}
    tracks = ["01-rest-30s.mp3", "02-rest-1min.mp3", "03-sit-30s.mp3"]
    assert there == {*tracks, "coming-back-early-rest.mp3", "coming-back-early-sit.mp3"}
    assert {*re.findall('src="./([^"?]*mp3)"', page)} == there
    assert [row for row in listed.splitlines() if not row.startswith("#")] == tracks
    assert {*re.findall('src="./([^"?]*jpg)"', page)} == {"pictures/cover-rest.jpg", "pictures/cover-sit.jpg"}
    folders = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert folders == {"captions", "pictures"}
    stems = [*(track.removesuffix(".mp3") for track in tracks), "coming-back-early-rest", "coming-back-early-sit"]
    inside = {name.rpartition("/")[2] for name in names if "/captions/" in name}
    assert inside == {f"{stem}{ending}" for stem in stems for ending in (".vtt", ".lrc")}
    assert not any(b"Mara" in data or mara(made).name.encode() in data for data in unzipped(done.json["zip"][0]))
    assert any(b"Mara" in data for data in unzipped(done.json["zip"][1]))


def unzipped(path: str) -> list[bytes]:
    with zipfile.ZipFile(path) as packed:
        return [packed.read(name) for name in packed.namelist()]


@needs("unzip")
def test_what_is_packed_is_unpacked_by_others(made: Path, calmcast: Calmcast, tmp_path: Path) -> None:
    calmcast("playlist", "tuesday", "--zip")
    done = subprocess.run(["unzip", "-q", made / "output/tuesday.zip", "-d", tmp_path], check=False)
    assert done.returncode == 0
    page = (tmp_path / "tuesday" / "Open me.html").read_text(encoding="utf-8")
    for name in re.findall('(?:src|href)="./([^"?]*)"', page):
        assert (tmp_path / "tuesday" / name).is_file()


def test_the_mp3s_alone_in_their_order(made: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday", "--mp3-only", "--zip", "--json")
    folder = made / "output/tuesday-mp3"
    tracks = ["01-rest-30s.mp3", "02-rest-1min.mp3", "03-sit-30s.mp3"]
    ways = ["coming-back-early-rest.mp3", "coming-back-early-sit.mp3"]
    assert [Path(path).name for path in done.json["mp3"]] == ["tuesday-mp3", "tuesday-mara-mp3"]
    assert sorted(path.name for path in folder.iterdir()) == [*tracks, *ways]
    assert (folder / tracks[1]).read_bytes() == (made / "output/tuesday/rest-1min.mp3").read_bytes()
    assert [Path(path).name for path in done.json["zip"]] == ["tuesday-mp3.zip", "tuesday-mara-mp3.zip"]
    with zipfile.ZipFile(done.json["zip"][0]) as packed:
        assert packed.namelist() == [f"tuesday-mp3/{name}" for name in [*tracks, *ways]]
    assert not (made / "output/tuesday.zip").exists()
    (folder / "01-my-own.mp3").write_bytes(b"mine")
    turned = CLASS.replace("  - script: rest", "  - sit\n  - script: rest").replace("  - sit\nfor", "for")
    (made / "scripts/classes/tuesday.yaml").write_text(turned, encoding="utf-8")
    assert calmcast("playlist", "tuesday").code == 0
    now = ["01-my-own.mp3", "01-sit-30s.mp3", "02-rest-30s.mp3", "03-rest-1min.mp3", *ways]
    assert sorted(path.name for path in folder.iterdir()) == now
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert calmcast("playlist", "tuesday", "--mp3-only").code == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    (made / "scripts/classes/tuesday.yaml").write_text(turned.partition("for:")[0], encoding="utf-8")
    assert calmcast("playlist", "tuesday", "--prune").code == 0
    assert not (made / "output/tuesday-mara-mp3").exists()
    assert sorted(path.name for path in folder.iterdir()) == now


def test_one_file_for_each(made: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday", "--one-file")
    public, own = made / "output/Tuesday.html", made / "output/Tuesday, Mara.html"
    assert "in a mail, which has room for 20 MB" in done.out
    assert f"{Path('output/Tuesday, Mara.html')}" in done.out
    assert "for Mara alone" in done.out
    assert "Mara" not in public.read_text(encoding="utf-8")
    assert "Mind your wrist." in own.read_text(encoding="utf-8")
    told = calmcast("playlist", "tuesday", "--json").json["one_file"]
    assert [(each["path"], each["fits_mail"], each["advice"]) for each in told] == [
        (str(path.relative_to(made)), True, None) for path in (public, own)
    ]
    assert [each["bytes"] for each in told] == [path.stat().st_size for path in (public, own)]
    assert all(each["bytes"] * 1.36 < each["mailed_bytes"] < each["bytes"] * 1.38 for each in told)
    (made / "scripts/classes/tuesday.yaml").write_text(CLASS.partition("for:")[0], encoding="utf-8")
    assert "Tuesday, Mara.html" in calmcast("playlist", "tuesday").err
    calmcast("playlist", "tuesday", "--prune")
    assert (public.exists(), own.exists()) == (True, False)


def test_what_does_not_fit_into_a_mail_is_told_with_what_would(
    made: Path, calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def advice(share: float) -> str:
        monkeypatch.setattr("calmcast.classes.sending.MAIL_BYTES", int(whole * share))
        told = calmcast("playlist", "tuesday", "--one-file", "--json").json["one_file"][0]
        assert told["fits_mail"] is (told["advice"] is None)
        return told["advice"] or ""

    whole = calmcast("playlist", "tuesday", "--one-file", "--json").json["one_file"][0]["mailed_bytes"]
    assert advice(1.0) == ""
    assert "what fits: all of it with `quality: small` in the class, about" in advice(0.9)
    assert "what fits: its first 2 tracks with `quality: small` in the class" in advice(0.6)
    assert "what fits: its first track" in advice(0.4)
    assert "--base-url" in advice(0.1)
    assert "in a mail, which is too much" in calmcast("playlist", "tuesday", "--one-file").out


def test_a_message_to_paste_for_each(made: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday")
    assert "to paste into a message:\n\nHello,\n“Tuesday” is for you: 3 tracks, 2 min in all, to rest with." in done.out
    assert "to paste into a message for Mara:\n\nHello Mara," in done.out
    assert "--one-file makes it" in done.out
    told = calmcast("playlist", "tuesday", "--base-url", "https://example.org/t", "--json").json["sets"]
    assert f"\nhttps://example.org/t/clients/{mara(made).name}/\n" in told[1]["message"]
    assert all(len(each["message"]) < 500 for each in told)
    assert mara(made).name not in told[0]["message"]
    assert "unpack it" in calmcast("playlist", "tuesday", "--zip").out


def test_a_teachers_own_words_stand_everywhere(made: Path, calmcast: Calmcast) -> None:
    own = "strings: {en: {come-back: Up again, card-kind: My card, leaflet-when: 'When I like:', open-me: 'Here!'}}\n"
    (made / "calmcast.yaml").write_text(own, encoding="utf-8")
    done = calmcast("playlist", "tuesday", "--zip")
    folder = made / "output/tuesday"
    found = {"index.html": "Up again", "card.html": "My card", "leaflet.html": "When I like:"}
    for name, words in found.items():
        assert words in (folder / name).read_text(encoding="utf-8")
    assert "“Up again” brings you out gently." in done.out
    with zipfile.ZipFile(made / "output/tuesday.zip") as packed:
        assert packed.namelist()[0] == "tuesday/Here.html"
    read: Any = ID3
    assert str(read(folder / "coming-back-early-rest.mp3")["TIT2"]) == "Up again: Rest, 8 s"
    (made / "calmcast.yaml").write_text("strings: {en: {come-bakc: Up again}}\n", encoding="utf-8")
    done = calmcast("playlist", "tuesday")
    assert (done.code, "calmcast.yaml:1:16" in done.err, "did you mean `come-back`?" in done.err) == (2, True, True)


def test_each_clients_own_folder_is_told_and_cannot_be_guessed(made: Path, calmcast: Calmcast) -> None:
    done = calmcast("playlist", "tuesday")
    assert f"for Mara alone: {mara(made).relative_to(made)}{os.sep}" in done.out
    assert "nobody else's" in done.out
    assert f"leave clients{os.sep} out when you upload the class" in done.out
    shown = (made / "output/tuesday/clients/index.html").read_text(encoding="utf-8")
    assert mara(made).name not in shown
    done = calmcast("playlist", "tuesday", "--base-url", "https://example.org/t")
    assert f"for Mara alone: https://example.org/t/clients/{mara(made).name}/\n" in done.out
    assert re.fullmatch("[a-z2-7]{26}", mara(made).name)
    public = (path for path in (made / "output/tuesday").iterdir() if path.is_file())
    assert not any(b"Mara" in data or mara(made).name.encode() in data for data in map(Path.read_bytes, public))
    (made / "scripts/classes/tuesday.yaml").write_text(CLASS.partition("for:")[0], encoding="utf-8")
    assert "alone" not in calmcast("playlist", "tuesday").out


def test_a_client_is_served_by_name(made: Path, calmcast: Calmcast) -> None:
    assert page_folder(made / "output", "tuesday", "Mara", is_class=True) == mara(made)
    with pytest.raises(ScriptError) as refused:
        page_folder(made / "output", "tuesday", "Maria", is_class=True)
    assert refused.value.hint == "did you mean `mara`?"


def test_what_an_older_calmcast_made_is_told_as_stray_and_its_client_is_not(made: Path, calmcast: Calmcast) -> None:
    older = made / "output/tuesday/clients/mara"
    for folder in (older, older.parents[1]):
        folder.mkdir(exist_ok=True)
        (folder / "01-rest-30s.mp3").write_bytes(b"older")
        files = [*json.loads((older.parents[1] / "playlist.json").read_text(encoding="utf-8"))["files"]]
        listed = {"format": 1, "published": "2026-01-01", "files": [*files, "01-rest-30s.mp3"]}
        (folder / "playlist.json").write_text(json.dumps(listed), encoding="utf-8")
    calmcast("playlist", "tuesday", "--zip")
    done = calmcast("playlist", "tuesday", "--prune", "--json")
    gone = {
        Path(path).relative_to(made / "output/tuesday" if Path(path).is_absolute() else "output/tuesday").as_posix()
        for path in done.json["strays"]
    }
    assert gone == {"01-rest-30s.mp3", "clients/mara/01-rest-30s.mp3", "clients/mara/playlist.json"}
    assert not older.exists()
    assert (made / "output/tuesday-mara.zip").exists()
    assert len(list(mara(made).glob("*.mp3"))) == 5


def test_a_file_of_ones_own_keeps_its_name(tuesday: Path, calmcast: Calmcast) -> None:
    own = tuesday / "output/tuesday/rest-30s.mp3"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")
    assert calmcast("playlist", "tuesday").code == 0
    assert own.read_bytes() == b"mine"
    assert own.with_name("rest-30s-2.mp3").exists()


def test_no_pdf_is_told_before_anything_is_made(
    tuesday: Path, calmcast: Calmcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as if it were not installed
    done = calmcast("playlist", "tuesday", "--pdf")
    assert (done.code, "pip install" in done.err) == (6, True)
    assert not (tuesday / "output").exists()
    assert "to make" not in done.err


def test_what_was_packed_stays_current_and_goes_with_its_client(made: Path, calmcast: Calmcast) -> None:
    calmcast("playlist", "tuesday", "--zip")
    shorter = CLASS.partition("for:")[0] + "about: Something new.\nurl: https://example.org/t/\n"
    (made / "scripts/classes/tuesday.yaml").write_text(shorter, encoding="utf-8")
    assert "tuesday-mara.zip" in calmcast("playlist", "tuesday").err
    with zipfile.ZipFile(made / "output" / "tuesday.zip") as packed:
        page = packed.read("tuesday/Open me.html").decode()
    assert "Something new." in page
    assert 'href="https://example.org/t/feed.xml"' in page
    calmcast("playlist", "tuesday", "--prune")
    assert not (made / "output" / "tuesday-mara.zip").exists()
    assert (made / "output" / "tuesday.zip").exists()


def test_a_note_is_said_once_in_the_feed(made: Path, calmcast: Calmcast) -> None:
    calmcast("playlist", "tuesday", "--base-url", "https://example.org/t")
    feed = (made / "output/tuesday/feed.xml").read_text(encoding="utf-8")
    assert feed.count("Take your time.") == 2  # two tracks have it


def test_an_older_track_is_not_handed_out_for_one_that_fails(made: Path, calmcast: Calmcast) -> None:
    here, folder = Workspace.at(made), made / "output" / "tuesday"
    everybody = track_sets(here, load_class(here, "tuesday"), lambda what, done, total: None)[0]
    failed = folder / "sit-30s.mp3"
    assert failed.is_file()
    register = read_register(made / REGISTER)
    (everybody,), _ = enrolled("tuesday", [everybody], register, folder)
    handed = handout(everybody, lying(everybody, folder, {failed}), register.sets[0], date(2026, 3, 1))
    assert [track.file for track in handed.tracks] == ["rest-30s.mp3", "rest-1min.mp3"]


def test_a_failure_is_told_once_for_all_whom_it_concerns(tuesday: Path, calmcast: Calmcast) -> None:
    plan = CLASS.replace("[30s, 1 min]", "1s").partition("for:")[0] + "for: {Mara: {}}\n"
    (tuesday / "scripts/classes/tuesday.yaml").write_text(plan, encoding="utf-8")
    for command in ("playlist", "plan"):
        done = calmcast(command, "tuesday")
        assert done.code == 3
        assert done.err.count("track 1, Rest") == 1
        assert "for everybody, Mara" in done.err


NASTY = (
    '"',
    "&",
    "<script>alert(1)</script>",
    "😀 calm",
    "שלום לכולם",
    "x" * 300,
    "../../up",
    "a: b",
    "]]>",
    "%2e%2e/",
)


@pytest.mark.long
def test_any_title_anywhere(tuesday: Path, calmcast: Calmcast) -> None:
    """Of tracks in one class, of clients in another."""
    quoted = [json.dumps(title, ensure_ascii=False) for title in NASTY]
    title = json.dumps(" ".join(NASTY), ensure_ascii=False)
    head = f"title: {title}\nteacher: {quoted[2]}\nabout: {quoted[2]}\nurl: https://example.org/\n"
    tracks = "".join(f"  - {{script: sit, title: {title}, note: {title}}}\n" for title in quoted)
    people = "".join(f"  {name}: {{note: {name}}}\n" for name in quoted if len(name) < 80)
    for text in (f"tracks:\n{tracks}", f"tracks: [{{script: sit, title: {quoted[2]}}}]\nfor:\n{people}"):
        (tuesday / "scripts/classes/tuesday.yaml").write_text(head + text, encoding="utf-8")
        done = calmcast("playlist", "tuesday", "--zip")
        assert done.code == 0, done.err
        everything = list((tuesday / "output").rglob("*"))
        assert all(path.name.isascii() and len(path.name) < 100 for path in everything)
        for page in (tuesday / "output").rglob("*.html"):
            assert "<script>alert" not in page.read_text(encoding="utf-8")
    assert (tuesday / "output" / "tuesday-script-alert-1-script.zip").exists()
    assert len(list((tuesday / "output/tuesday/clients").glob("*/index.html"))) == len(people.splitlines())
    assert not (tuesday / "up").exists()
    assert sorted(path.name for path in tuesday.iterdir()) == ["output", "scripts", "voices"]


@pytest.mark.usefixtures("modes_hold")
def test_a_folder_that_cannot_be_written(tuesday: Path, calmcast: Calmcast) -> None:
    (tuesday / "output").mkdir()
    (tuesday / "output").chmod(0o500)
    done = calmcast("playlist", "tuesday")
    (tuesday / "output").chmod(0o700)
    assert done.code == 6
    assert "may not be written" in done.err


def test_a_file_in_the_folders_place(tuesday: Path, calmcast: Calmcast) -> None:
    (tuesday / "output").mkdir()
    (tuesday / "output" / "tuesday").write_text("x", encoding="utf-8")
    done = calmcast("playlist", "tuesday")
    assert done.code == 6
    assert "folder" in done.err
