"""A track whose title alone has changed: its tag is written anew, its sound stays to the byte."""

import json
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3

from calmcast.publish.tagged import digests
from tests.conftest import Calmcast

SCRIPT = "title: One\nlength: 20s\nsegments:\n  - title: Lie\n    steps: [Lie down., {rest: 10s}, Rest.]\n"
READ: Any = ID3


@pytest.fixture
def script(workspace: Path) -> Path:
    path = workspace / "scripts" / "one.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def rendered(calmcast: Calmcast) -> tuple[Path, bool]:
    """Return the track, and whether its tag alone was made."""
    done = calmcast("render", "one", "--json")
    assert done.code == 0, done.err
    (track,) = done.json["tracks"]
    return Path(track["path"]), track["retagged"]


def marked(track: Path) -> str:
    """Change a byte of a track's last frame as if it had been made so; return the digest of its sound."""
    data = bytearray(track.read_bytes())
    data[-1] ^= 1
    track.write_bytes(data)
    manifest = json.loads(track.with_suffix(".json").read_text(encoding="utf-8"))
    manifest["audio_sha256"] = digests(track).audio
    track.with_suffix(".json").write_text(json.dumps(manifest), encoding="utf-8")
    return digests(track).audio


def test_another_title_is_another_tag_for_the_same_sound(script: Path, calmcast: Calmcast) -> None:
    track, retagged = rendered(calmcast)
    assert not retagged
    audio = marked(track)
    script.write_text(SCRIPT.replace("One", "Two").replace("title: Lie", "title: Floor"), encoding="utf-8")
    assert rendered(calmcast) == (track, True)
    assert digests(track).audio == audio
    tag = READ(track)
    assert (str(tag["TIT2"]), str(tag.getall("CHAP")[0].sub_frames["TIT2"])) == ("Two, 20 s", "Floor")
    assert "Two" in track.with_suffix(".vtt").read_text(encoding="utf-8")
    assert calmcast("verify", track).code == 0
    script.write_text(SCRIPT, encoding="utf-8")
    assert "retagged" in calmcast("render", "one").out


def test_what_lies_there_is_left_whichever_command_asks_for_it(script: Path, calmcast: Calmcast) -> None:
    track, _ = rendered(calmcast)
    words, listed = track.with_suffix(".vtt"), track.with_suffix(".json")
    before = {path: path.stat() for path in (track, listed)}
    words.unlink()
    run = calmcast("render", "one", "-l", "30s", "-l", "20s", "--json")
    assert [made["there_already"] for made in run.json["tracks"]] == [False, True]
    assert words.exists()
    script.write_text(f"# Line by line.\n{SCRIPT}", encoding="utf-8")
    assert f"{track} (there already)\n" in calmcast("render", "one").out
    assert (track.stat().st_ino, track.stat().st_mtime_ns) == (before[track].st_ino, before[track].st_mtime_ns)
    assert listed.stat().st_ino != before[listed].st_ino, "it says where the lines stand"


def test_who_chooses_otherwise_is_told_what_is_replaced(script: Path, calmcast: Calmcast) -> None:
    rendered(calmcast)
    replaced = calmcast("render", "one", "--bed", "rain", "--stereo", "--quality", "high")
    assert "which had another bed, another number of channels, another bit rate; to keep both" in replaced.err
    assert (
        "which had another bed; to keep"
        in calmcast("render", "one", "--bed", "sea", "--stereo", "--quality", "high").err
    )
    assert "replaces" not in calmcast("render", "one", "--bed", "sea", "-l", "30s").err, "that is another file"
    script.write_text(SCRIPT.replace("Rest.", "Rest now."), encoding="utf-8")
    assert "replaces" not in calmcast("render", "one").err, "a script is worked on"


@pytest.mark.parametrize("change", ["line", "sound", "manifest", "gone"])
def test_another_sound_is_made(script: Path, calmcast: Calmcast, change: str) -> None:
    track, _ = rendered(calmcast)
    audio = digests(track).audio
    changed = SCRIPT.replace("One", "Two")
    match change:
        case "line":
            changed = changed.replace("Rest.", "Rest now.")
        case "sound":
            track.write_bytes(track.read_bytes()[:-300])
        case "manifest":
            track.with_suffix(".json").write_text("{}", encoding="utf-8")
        case _:
            track.unlink()
    script.write_text(changed, encoding="utf-8")
    assert rendered(calmcast) == (track, False)
    assert (digests(track).audio == audio) == (change != "line")
    assert calmcast("verify", track).code == 0
