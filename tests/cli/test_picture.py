"""A teacher's own name and picture: in a script, for all of a workspace, and in a class."""

import io
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3
from PIL import Image

from tests.conftest import Calmcast

REST = """\
title: Rest
allow: {missing-exit: only for tests, missing-notice: only for tests, no-way-out: only for tests}
segments:
  - title: Lie
    steps: [Lie down., {rest: 8s}]
"""
CLASS = "title: Tuesday\nurl: https://example.org/t/\ntracks: [rest]\n"


@pytest.fixture
def place(workspace: Path) -> Path:
    """A workspace with a script, and two pictures: a green one and a blue one."""
    (workspace / "pictures").mkdir()
    (workspace / "scripts" / "rest.yaml").write_text(REST, encoding="utf-8")
    Image.new("RGB", (900, 700), (20, 140, 20)).save(workspace / "pictures" / "me.jpg")
    Image.new("RGB", (900, 700), (20, 20, 140)).save(workspace / "pictures" / "floor.png")
    return workspace


def colour(data: bytes) -> str:
    """Return which of the two pictures a cover is, by its top."""
    red, green, blue = Image.open(io.BytesIO(data)).convert("RGB").resize((9, 9)).getpixel((4, 0))  # type: ignore[misc]
    return "me" if green > 100 > max(red, blue) else "floor" if blue > 100 > max(red, green) else "painted"


def told(calmcast: Calmcast) -> tuple[str, str, str]:
    """Return a track's title and artist, and which picture it shows."""
    run = calmcast("render", "rest", "--length", "20s", "--json")
    assert run.code == 0, run.err
    tag: Any = ID3(run.json["tracks"][0]["path"])  # type: ignore[no-untyped-call]  # of mutagen
    return str(tag["TIT2"]), str(tag["TPE1"]), colour(tag.getall("APIC")[0].data)


def test_a_scripts_own_win_over_those_of_the_workspace(place: Path, calmcast: Calmcast) -> None:
    assert told(calmcast) == ("Rest, 20 s", "calmcast", "painted")
    (place / "calmcast.yaml").write_text("name: Ada Moor\npicture: pictures/me.jpg\n", encoding="utf-8")
    assert told(calmcast) == ("Rest, 20 s", "Ada Moor", "me")
    (place / "scripts" / "rest.yaml").write_text(REST + "teacher: Bo Lind\npicture: pictures/floor.png\n", "utf-8")
    assert told(calmcast) == ("Rest, 20 s", "Bo Lind", "floor")
    (place / "scripts" / "mine.yaml").write_text("extends: rest\ntitle: Mine\npicture: pictures/me.jpg\n", "utf-8")
    shown = calmcast("diff", "mine").out
    assert "picture: pictures/floor.png -> pictures/me.jpg" in shown


def test_another_picture_is_another_tag_alone(place: Path, calmcast: Calmcast) -> None:
    (place / "calmcast.yaml").write_text("picture: pictures/me.jpg\n", encoding="utf-8")
    told(calmcast)
    Image.open(place / "pictures" / "floor.png").convert("RGB").save(place / "pictures" / "me.jpg")
    run = calmcast("render", "rest", "--length", "20s", "--json")
    assert run.json["tracks"][0]["retagged"] is True
    assert told(calmcast)[2] == "floor"


def test_a_class_shows_it_everywhere(place: Path, calmcast: Calmcast) -> None:
    (place / "scripts" / "classes").mkdir()
    (place / "scripts" / "classes" / "tuesday.yaml").write_text(CLASS, encoding="utf-8")
    (place / "scripts" / "rest.yaml").write_text(
        REST + "length: 20s\nteacher: Ada Moor\npicture: pictures/me.jpg\n", encoding="utf-8"
    )
    assert calmcast("playlist", "tuesday").code == 0
    folder = place / "output" / "tuesday"
    for name in ("cover.jpg", "cover-rest.jpg", "rest-20s.jpg"):
        assert colour((folder / name).read_bytes()) == "me"
    assert "With <bdi>Ada Moor</bdi>" in (folder / "index.html").read_text(encoding="utf-8")
    assert "<itunes:author>Ada Moor</itunes:author>" in (folder / "feed.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "column", "found", "hint"),
    [
        ("pictures/mee.jpg", 10, "there is no picture `pictures/mee.jpg`", "did you mean `pictures/me.jpg`?"),
        ("scripts/rest.yaml", 10, "rest.yaml cannot be read as a picture", "save it as a JPEG or PNG"),
        ("pictures", 10, "there is no picture `pictures`", ""),
        ("/home/me.jpg", 10, "a place on one computer alone", "pictures/me.jpg"),
        ("https://example.org/me.jpg", 10, "is an address", "pictures/me.jpg"),
    ],
)
@pytest.mark.parametrize("where", ["rest", "calmcast"])
def test_what_cannot_be_a_cover_is_told_with_its_place(
    place: Path, calmcast: Calmcast, written: str, column: int, found: str, hint: str, where: str
) -> None:
    line = f"picture: {written}\n"
    if where == "rest":
        (place / "scripts" / "rest.yaml").write_text(line + REST, encoding="utf-8")
    else:
        (place / "calmcast.yaml").write_text(line, encoding="utf-8")
    run = calmcast("check", "rest")
    assert run.code == 2
    assert f"{where}.yaml:1:{column}" in run.out + run.err
    assert found in run.out + run.err
    assert hint in run.out + run.err
    assert calmcast("render", "rest").code == 2
    assert not list((place / "output").glob("*.mp3"))
