"""How a comparison of two scripts tells of bells, beds, tones and channels."""

from pathlib import Path

import pytest

from calmcast.model.script import Segment
from calmcast.script.edit.changes import changes, rewording
from calmcast.script.language.builder import build_segment
from calmcast.script.language.reader import read
from calmcast.workspace.folder import Folder
from calmcast.workspace.library import Library

BASE = """\
title: Base
bed: rain
bells: {start: bowl, end: {sound: soft, level: -3 dB}}
segments: [{title: T, steps: [Hello.]}]
"""


def told(folder: Path, version: str) -> list[tuple[str, str]]:
    """Return the kind and the words of each change of a version."""
    (folder / "scripts").mkdir(exist_ok=True)
    (folder / "scripts" / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "scripts" / "v.yaml").write_text(f"extends: base\n{version}", encoding="utf-8")
    library = Library(Folder(folder))
    lineage = library.lineage("v")
    fetch = library.shelf(None).fetch
    now, was = (loaded.script for loaded in library.generations(lineage))
    assert now is not None
    assert was is not None
    found = changes(lineage.versions[0], lineage.generations(fetch)[0][1], was, now, fetch)
    return [(change.kind, change.text) for change in found]


@pytest.mark.parametrize(
    ("version", "kind", "text"),
    [
        ("bed: none", "bed", "bed: rain (-22 dB, dip 6 dB) -> (none)"),
        ("bed: {sound: rain, seed: 2}", "bed", "bed: rain (-22 dB, dip 6 dB) -> rain (-22 dB, dip 6 dB, seed 2)"),
        (
            "bed: {sound: drone, level: -20.5 dB, dip: 0 dB, key: F#}",
            "bed",
            "bed: rain (-22 dB, dip 6 dB) -> drone (-20.5 dB, dip 0 dB, key F#)",
        ),
        ("bed: {file: a/b.mp3}", "bed", "bed: rain (-22 dB, dip 6 dB) -> a/b.mp3 (-22 dB, dip 6 dB)"),
        ("bells: none", "bells", "bells: start: bowl; end: soft (-3 dB) -> (none)"),
        (
            "bells: {between: {sound: wood, pitch: A3, length: 1s, wait: no}, every: {time: 5 min, file: a.wav},"
            " at: [{time: 3:00, sound: soft}, {time: -1:00, sound: soft, level: 2 dB}, {time: 37.5 %, sound: soft}]}",
            "bells",
            "bells: start: bowl; end: soft (-3 dB) -> between: wood (A3, 1 s, rings on); every 5 min: a.wav; "
            "at 3 min: soft; 1 min before the end: soft (+2 dB); at 37.5 %: soft",
        ),
        ("stereo: yes", "stereo", "stereo: no -> yes"),
    ],
)
def test_what_a_version_changes(tmp_path: Path, version: str, kind: str, text: str) -> None:
    assert told(tmp_path, f"{version}\n") == [(kind, text)]


def test_what_is_written_again_is_no_change(tmp_path: Path) -> None:
    assert told(tmp_path, "\n".join(BASE.splitlines()[1:3]) + "\nstereo: no\n") == []


def segment(text: str) -> Segment:
    node, problems = read(text.encode(), "x.yaml")
    built, more = build_segment(node, "x", "x.yaml")
    assert (problems, more) == ((), ())
    assert built
    return built


def test_what_a_segment_of_ones_own_has_otherwise() -> None:
    ship = "title: A\nsteps:\n  - bell: soft\n  - breathe: {in: 4s, out: 6s, rounds: 4}\n  - Hello.\n"
    own = (
        "title: A\nbed: sea\nsteps:\n  - bell: {sound: soft, pitch: A4}\n"
        "  - breathe: {in: 4s, out: 6s, rounds: 4, tone: tones}\n  - Hello.\n"
    )
    found = rewording(segment(own), segment(ship))
    assert found.removed == ("bell: soft", "breathe: 4 rounds")
    assert found.added == (
        "bed: sea (-22 dB, dip 6 dB)", "bell: soft (A4)", "breathe: 4 rounds, tones (-14 dB, key D)",
    )  # fmt: skip
    assert rewording(segment(f"{ship}bed: none\n"), segment(ship)).added == ("bed: none",)
