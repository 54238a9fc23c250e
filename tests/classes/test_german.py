"""A class in German: no English word stands in what is handed out."""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from calmcast.publish.handout.strings import Text, table
from tests.conftest import TONE, Calmcast

RUHE = """\
title: Ruhe
language: de
voice: leise
about: Ein kurzer Halt.
bed: {sound: drone, key: A}
options: {kopf: {ask: Unter dem Kopf, choices: [Kissen, Decke]}}
segments:
  - title: Ankommen
    role: setup
    steps: ["Leg dich auf {kopf}.", {breathe: {in: 3s, out: 4s, rounds: 4, tone: swell}}]
  - {title: Hinweis, role: notice, steps: [Alles darf sein.]}
  - {title: Boden, bed: rain, steps: [{breathe: {in: 3s, out: 4s, rounds: 4, tone: tones}}, {rest: 5s}]}
  - {title: Probe, role: check, steps: [Ist es bequem?]}
  - {title: Ausklang, role: exit, steps: [{bell: soft}, Komm langsam heim.]}
"""
CLASS = """\
title: Dienstag
teacher: Ada
about: Am Abend.
contact: ada@example.org
url: https://example.org/d/
options: {kopf: Kissen}
tracks:
  - {script: ruhe, lengths: 2 min, note: Am besten im Bett.}
"""
CODE = re.compile(r"https?://\S+|\S+@\S+|[\w-]+\.(?:mp3|jpg|vtt|html|json)\b")
SHOWN = ("aria-label", "alt", "title", "placeholder")


class Shown(HTMLParser):
    """All that a page shows or tells in words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self._inside = list[str](), ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        said = dict(attrs)
        self.words += [value for name, value in attrs if name in SHOWN and value]
        if said.get("name") == "description":
            self.words.append(said["content"] or "")
        if texts := said.get("data-texts"):
            self.words.append(said_in(json.loads(texts)))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)


def words(text: str) -> set[str]:
    return {*re.findall(r"[^\W\d_]{2,}", CODE.sub(" ", re.sub(r"\{\w+\}", " ", text)))}


def said_in(texts: Mapping[str, Text]) -> str:
    """Return all that strings say."""
    return " ".join(text if isinstance(text, str) else " ".join(text.values()) for text in texts.values())


ENGLISH = words(said_in(table("en"))) - words(said_in(table("de")))


@pytest.fixture
def dienstag(workspace: Path) -> Path:
    (workspace / "scripts" / "classes").mkdir()
    (workspace / "scripts" / "ruhe.yaml").write_text(RUHE, encoding="utf-8")
    (workspace / "scripts" / "classes" / "dienstag.yaml").write_text(CLASS, encoding="utf-8")
    (workspace / "voices" / "leise.yaml").write_text(f"language: de\n{TONE}", encoding="utf-8")
    return workspace


def handed_out(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is read in a set's folder, by name."""
    for name in ("index.html", "card.html", "leaflet.html"):
        yield name, " ".join(Shown((folder / name).read_text(encoding="utf-8")).words)
    feed = (folder / "feed.xml").read_text(encoding="utf-8")
    yield "feed.xml", " ".join(re.findall("<(?:title|description)>(.*?)</", feed))
    yield "app.webmanifest", json.loads((folder / "app.webmanifest").read_text(encoding="utf-8"))["name"]


def test_no_english_word_is_handed_out(dienstag: Path, calmcast: Calmcast) -> None:
    assert {"to", "code", "rain", "drone", "captions", "pictures", "early"} <= ENGLISH
    done = calmcast("playlist", "dienstag", "--zip", "--one-file", "--json")
    assert done.code == 0, done.err
    for made in done.json["sets"]:
        read = dict(handed_out(Path(made["folder"])))
        assert "Regen" in read["card.html"]
        assert "Grundton in A" in read["card.html"]
        assert "sanfte Welle" in read["card.html"]
        assert {name: found for name, text in read.items() if (found := words(text) & ENGLISH)} == {}
        assert words(made["message"]) & ENGLISH == set()
    for one in done.json["one_file"]:
        assert words(" ".join(Shown(Path(one["path"]).read_text(encoding="utf-8")).words)) & ENGLISH == set()
    for path in done.json["zip"]:
        with zipfile.ZipFile(path) as packed:
            names = {name.partition("/")[2] for name in packed.namelist()}
        assert {name.partition("/")[0] for name in names if "/" in name} == {"Untertitel", "Bilder"}
        assert "Hier starten.html" in names
        assert {name for name in names if name.endswith(".mp3")} == {
            "01-ruhe-2min.mp3",
            "fruher-zuruckkommen-ruhe.mp3",
        }
