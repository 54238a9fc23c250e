"""`calmcast verify` as a teacher uses it, with tones for voices."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Calmcast, MadeOnce

SCRIPT = """\
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
      - Come back.
"""
FIELDS = ("name", "severity", "expected", "found", "at_s")


@pytest.fixture
def track(calmcast: Calmcast, workspace: Path, made_once: MadeOnce) -> Path:
    """A track and all that lies beside it, for a test to change; it is made once."""

    def make(folder: Path) -> None:
        run = calmcast("render", "short", "-l", "1", "-o", folder)
        assert run.code == 0, run.err

    (workspace / "scripts" / "short.yaml").write_text(SCRIPT, encoding="utf-8")
    shutil.copytree(made_once("short", make), workspace / "output")
    return Path("output") / "short_1min.mp3"


def test_all_is_well(calmcast: Calmcast, track: Path) -> None:
    run = calmcast("verify", track)
    assert (run.code, run.err) == (0, "")
    rows = run.out.splitlines()
    assert rows[0] == f"{track}: Short, 1 min"
    assert rows[1].split() == ["looked", "at", "at", "expected", "found"]
    assert "ok  length                      2646000 samples" in run.out
    assert run.out.endswith("\nAll is well.\n\n")
    assert "\x1b" not in run.out


def test_something_is_off(calmcast: Calmcast, track: Path) -> None:
    captions = track.with_suffix(".vtt")
    captions.write_text(captions.read_text(encoding="utf-8").replace("Rest now.", "Run now."), encoding="utf-8")
    run = calmcast("verify", track)
    assert run.code == 7
    (row,) = [row for row in run.out.splitlines() if row.startswith("off")]
    assert row.split("  ")[0:2] == ["off", "captions (.vtt)"]
    assert row.endswith("“Run now.” is shown for “Rest now.”")
    assert run.out.endswith("\n1 thing off.\n\n")


def test_as_json(calmcast: Calmcast, track: Path) -> None:
    good = calmcast("verify", track, "--json")
    assert good.code == 0
    (looked_at,) = good.json["tracks"]
    assert looked_at.keys() == {"path", "ok", "samples", "findings"}
    assert (looked_at["path"], looked_at["ok"], looked_at["samples"]) == (str(track), True, 2_646_000)
    assert all(tuple(finding) == FIELDS for finding in looked_at["findings"])
    assert {finding["severity"] for finding in looked_at["findings"]} == {"ok"}
    track.with_suffix(".lrc").unlink()
    bad = calmcast("verify", track, "--json")
    assert bad.code == 7
    off = [finding for finding in bad.json["tracks"][0]["findings"] if finding["severity"] == "off"]
    assert [finding["found"] for finding in off] == ["there is no short_1min.lrc"]


def test_several_tracks(calmcast: Calmcast, track: Path) -> None:
    calmcast("render", "short", "-l", "2")
    other = Path("output") / "short_2min.mp3"
    assert calmcast("verify", track, other).code == 0
    other.with_suffix(".lrc").unlink()
    run = calmcast("verify", track, other, "--json")
    assert run.code == 7
    assert [each["ok"] for each in run.json["tracks"]] == [True, False]


def test_a_picture(calmcast: Calmcast, track: Path) -> None:
    track.with_suffix(".vtt").unlink()
    run = calmcast("verify", track, "--svg", "seen/heard.svg")
    assert run.code == 7
    assert run.out.splitlines()[-1] == "seen/heard.svg"
    picture = ElementTree.fromstring(Path("seen/heard.svg").read_text(encoding="utf-8"))
    words = " ".join(picture.itertext())
    assert "short_1min.mp3: 1 thing off; not marked here: captions (.vtt)" in words
    assert "Short" in words
    data = track.read_bytes()
    track.write_bytes(data[: len(data) // 2])
    assert calmcast("verify", track, "--svg", "seen/heard.svg").code == 7
    cut = ElementTree.fromstring(Path("seen/heard.svg").read_text(encoding="utf-8"))
    assert "“Come back.” is not there" in " ".join(cut.itertext())


def test_a_picture_is_of_one_track(calmcast: Calmcast, track: Path) -> None:
    run = calmcast("verify", track, track, "--svg", "x.svg")
    assert run.code == 2
    assert "--svg draws one track" in run.err
    assert not Path("x.svg").exists()


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("nowhere.mp3", 5, "there is no track nowhere.mp3"),
        ("output/short_1min.json", 5, "name the track itself: output/short_1min.mp3"),
        ("scripts/short.yaml", 6, "there is no manifest scripts/short.json"),
        ("output/short_1min.vtt", 5, "output/short_1min.vtt is no track"),
        ("scripts", 2, "there is no track in the folder scripts"),
    ],
)
def test_what_cannot_be_read(calmcast: Calmcast, track: Path, name: str, code: int, said: str) -> None:
    """The others are looked at all the same."""
    run = calmcast("verify", name, track)
    assert run.code == code
    assert said in run.err
    assert ("All is well." in run.out) == (code != 2)


def test_a_folder_of_tracks(calmcast: Calmcast, track: Path) -> None:
    assert calmcast("verify", track.parent).out == calmcast("verify", track).out


@pytest.mark.parametrize(("off", "said"), [(1.5, "softer than it should be"), (-1.5, "louder than it should be")])
def test_a_line_is_held_against_its_own_loudness(calmcast: Calmcast, track: Path, off: float, said: str) -> None:
    content = json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))
    line = next(event for event in content["events"] if event["kind"] == "line")
    line["lufs"] += off
    track.with_suffix(".json").write_text(json.dumps(content), encoding="utf-8")
    run = calmcast("verify", track)
    assert run.code == 7
    assert said in " ".join(run.out.split())


def test_a_damaged_manifest(calmcast: Calmcast, track: Path) -> None:
    manifest = track.with_suffix(".json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    del content["events"][2]["start"]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    run = calmcast("verify", track)
    assert run.code == 6
    assert "`events[2].start` is missing or wrong" in run.err
    assert "hint: render the track again" in run.err


def test_the_manifest_of_another_calmcast(calmcast: Calmcast, track: Path) -> None:
    manifest = track.with_suffix(".json")
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"format": 4', '"format": 3'), encoding="utf-8")
    run = calmcast("verify", track)
    assert run.code == 6
    assert f"the manifest {manifest} was made by an older calmcast" in run.err
    assert "hint: make the track again" in run.err
    manifest.write_text(text.replace('"format": 4', '"format": 5'), encoding="utf-8")
    run = calmcast("verify", track)
    assert run.code == 6
    assert "the manifest was made by a newer calmcast" in run.err


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("voice", ["calm", "slow", "plain"])
def test_a_real_track_is_well(
    calmcast: Calmcast, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch, voice: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALMCAST_STORE", str(store))
    (tmp_path / "scripts").mkdir()
    segments = "[settle, breath, rest-short, gentle-exit]"  # little to speak, for voices that take their time
    (tmp_path / "scripts" / "little.yaml").write_text(f"title: A little\nsegments: {segments}\n", encoding="utf-8")
    for options in ([], ["--bed", "stream", "--stereo"]):
        assert calmcast("render", "little", "-l", "4", "--voice", voice, "-o", "x.mp3", *options).code == 0
        assert calmcast("verify", "x.mp3").code == 0
